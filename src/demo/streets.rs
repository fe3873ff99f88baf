//! Names for the demo's streets: plausible ones, made up.

use super::random::Random;

const NATURE: [&str; 56] = [
    "des Érables", "des Pins", "des Bouleaux", "des Chênes", "des Ormes", "des Frênes", "des Saules", "des Peupliers",
    "des Cèdres", "des Épinettes", "des Mélèzes", "des Sapins", "des Tilleuls", "des Noyers", "des Merisiers", "des Sorbiers",
    "des Lilas", "des Rosiers", "des Marguerites", "des Violettes", "des Trilles", "des Iris", "des Jonquilles", "des Muguets",
    "des Mésanges", "des Hirondelles", "des Bernaches", "des Hérons", "des Geais-Bleus", "des Chardonnerets", "des Alouettes",
    "des Colibris", "du Ruisseau", "de la Rivière", "du Lac", "de la Montagne", "de la Colline", "du Coteau", "du Vallon",
    "de la Prairie", "des Prés", "des Champs", "du Verger", "du Boisé", "de la Clairière", "de la Falaise", "du Rivage",
    "de la Pointe", "de la Baie", "de l'Anse", "des Cascades", "du Rocher", "de la Source", "de l'Étang", "des Galets",
    "de la Grève",
];
const PLACES: [&str; 28] = [
    "de l'Église", "du Moulin", "de la Gare", "du Collège", "de l'École", "du Couvent", "du Marché", "du Pont", "du Quai",
    "du Manoir", "du Domaine", "de la Fabrique", "du Presbytère", "de l'Hôtel-de-Ville", "du Parc", "de la Station",
    "du Barrage", "de la Forge", "des Artisans", "des Pionniers", "des Fondateurs", "des Laboureurs", "des Bâtisseurs",
    "de la Concorde", "de la Paix", "du Souvenir", "de l'Horizon", "du Soleil",
];
const SAINTS: [&str; 40] = [
    "Saint-Joseph", "Saint-Jean-Baptiste", "Saint-Pierre", "Saint-Paul", "Saint-Louis", "Saint-François", "Saint-Antoine",
    "Saint-Charles", "Saint-Georges", "Saint-Henri", "Saint-Laurent", "Saint-Michel", "Saint-Philippe", "Saint-Thomas",
    "Saint-Jacques", "Saint-André", "Saint-Denis", "Saint-Hubert", "Saint-Viateur", "Saint-Zotique", "Saint-Edmond",
    "Saint-Alphonse", "Saint-Cyrille", "Saint-Eugène", "Saint-Félix", "Saint-Gabriel", "Saint-Germain", "Saint-Hilaire",
    "Saint-Isidore", "Saint-Jérôme", "Sainte-Anne", "Sainte-Catherine", "Sainte-Cécile", "Sainte-Claire", "Sainte-Élisabeth",
    "Sainte-Hélène", "Sainte-Marguerite", "Sainte-Marie", "Sainte-Rose", "Sainte-Thérèse",
];
const GIVEN: [&str; 56] = [
    "Adélard", "Agathe", "Albert", "Alice", "Alphonse", "Anatole", "Armand", "Arthur", "Auguste", "Aurore", "Berthe", "Blanche",
    "Camille", "Clément", "Clovis", "Conrad", "Delphine", "Donat", "Edmond", "Éléonore", "Élise", "Émile", "Ernest", "Eugénie",
    "Fernand", "Flore", "Gaston", "Georgette", "Gilbert", "Hector", "Hermine", "Honoré", "Irénée", "Jeanne", "Jules", "Laurette",
    "Léopold", "Léa", "Lucien", "Marcel", "Mathilde", "Maurice", "Napoléon", "Noémie", "Octave", "Oscar", "Ovila", "Philomène",
    "Raoul", "Rosalie", "Rosaire", "Théodore", "Ulric", "Valmore", "Victoire", "Zénon",
];
const FAMILY: [&str; 96] = [
    "Allard", "Arcand", "Aubin", "Audet", "Barrette", "Beaudoin", "Beaulieu", "Bédard", "Bélanger", "Bergeron", "Bernier",
    "Bertrand", "Blais", "Boisvert", "Bolduc", "Bouchard", "Boudreau", "Bourque", "Breton", "Brunet", "Caron", "Champagne",
    "Charbonneau", "Charron", "Cloutier", "Comeau", "Côté", "Couture", "Daigle", "Demers", "Deschênes", "Desjardins", "Dion",
    "Doucet", "Dubé", "Dubois", "Dufour", "Dumont", "Dupuis", "Fillion", "Fontaine", "Fortin", "Fournier", "Gagné", "Gagnon",
    "Gauthier", "Gervais", "Giguère", "Gingras", "Girard", "Gosselin", "Goulet", "Grenier", "Guay", "Hamel", "Harvey", "Hébert",
    "Houle", "Jobin", "Labbé", "Lachance", "Lacroix", "Laflamme", "Lajoie", "Lambert", "Landry", "Langlois", "Lapointe",
    "Lavoie", "Lebel", "Leblanc", "Leclerc", "Lemieux", "Lessard", "Lévesque", "Martel", "Mercier", "Michaud", "Morin", "Nadeau",
    "Ouellet", "Paquette", "Paradis", "Parent", "Pelletier", "Perron", "Plante", "Poirier", "Proulx", "Rioux", "Roy", "Savard",
    "Simard", "Thériault", "Tremblay", "Vachon",
];

/// A street's type and name.
pub(super) struct StreetName {
    pub kind: &'static str,
    pub name: String,
}

fn pick<'a>(list: &[&'a str], random: &mut Random) -> &'a str {
    list[(random.next_bits() % list.len() as u64) as usize]
}

/// A name; `through` for a street of several neighbourhoods, `rural` where rangs and chemins are usual.
pub(super) fn name(through: bool, rural: bool, random: &mut Random) -> StreetName {
    let chance = random.unit();
    let kind = match (through, rural) {
        (true, true) => pick(&["chemin", "route", "rang", "rue", "montée", "chemin"], random),
        (true, false) => pick(&["boulevard", "avenue", "rue", "chemin", "rue", "avenue"], random),
        (false, true) => pick(&["rue", "rue", "rue", "chemin", "rang", "rang", "avenue", "montée", "côte"], random),
        (false, false) => pick(
            &["rue", "rue", "rue", "rue", "rue", "rue", "avenue", "avenue", "place", "croissant", "terrasse", "impasse"],
            random,
        ),
    };
    let name = if chance < 0.10 {
        pick(&NATURE, random).to_owned()
    } else if chance < 0.14 {
        pick(&PLACES, random).to_owned()
    } else if chance < 0.19 {
        pick(&SAINTS, random).to_owned()
    } else if chance < 0.30 && matches!(kind, "rue" | "avenue" | "rang") {
        let number = 2 + random.next_bits() % if kind == "rang" { 9 } else { 120 };
        format!("{number}e")
    } else if chance < 0.45 {
        pick(&FAMILY, random).to_owned()
    } else {
        format!("{}-{}", pick(&GIVEN, random), pick(&FAMILY, random))
    };
    StreetName { kind, name }
}
