//! Names of places in a sentence.

use crate::domain::Language;

/// Names whose *h* is mute, so that *de* loses its vowel before them.
const MUTE_H: [&str; 6] = ["hochelaga", "hébertville", "hérouxville", "henryville", "herbertville", "héva"];
/// First words that take an article though the name does not hold it: `du Haut-Richelieu`, `de la Vallée-de-l'Or`.
const MASCULINE: [&str; 7] = ["haut", "bas", "centre", "plateau", "granit", "fjord", "domaine"];
const FEMININE: [&str; 5] = ["haute", "basse", "vallée", "petite", "nouvelle"];
/// Regions and other names that people only say with their article.
const WITH_ARTICLE: [(&str, &str); 13] = [
    ("abitibi-témiscamingue", "de l’"),
    ("capitale-nationale", "de la "),
    ("côte-nord", "de la "),
    ("estrie", "de l’"),
    ("gaspésie", "de la "),
    ("laurentides", "des "),
    ("mauricie", "de la "),
    ("montérégie", "de la "),
    ("nord-du-québec", "du "),
    ("nunavik", "du "),
    ("outaouais", "de l’"),
    ("saguenay–lac-saint-jean", "du "),
    ("terres-cries-de-la-baie-james", "des "),
];
const PLURAL: [&str; 4] = ["îles", "hautes", "basses", "hauts"];

/// A name after *de*, with its elision and contraction (*d'Ahuntsic*, *des Basques*, *du Haut-Saint-François*); after *of* in
/// English.
///
/// An article that begins the name is contracted, as the Commission de toponymie has it for places where people live
/// (*Les Escoumins*, *des Escoumins*). *La* and *L'* keep their capital (*de La Malbaie*).
#[must_use]
pub fn of_place(name: &str, language: Language) -> String {
    if language == Language::English {
        return format!("of {name}");
    }
    let lower = name.to_lowercase().replace('’', "'");
    let rest = |letters: usize| name.chars().skip(letters).collect::<String>();
    let begins = |list: &[&str]| {
        list.iter().any(|word| {
            lower.strip_prefix(word).is_some_and(|after| after.is_empty() || after.starts_with(['-', ' ', '–']))
        })
    };
    if let Some((_, with)) = WITH_ARTICLE.iter().find(|(known, _)| begins(&[known])) {
        return format!("{with}{name}");
    }
    // The name has its preposition already.
    for start in ["des ", "du ", "d'", "de "] {
        if lower.starts_with(start) {
            let first: String = name.chars().take(1).flat_map(char::to_lowercase).collect();
            return format!("{first}{}", rest(1));
        }
    }
    if lower.starts_with("les ") {
        return format!("des {}", rest(4));
    }
    if lower.starts_with("le ") {
        return format!("du {}", rest(3));
    }
    if begins(&PLURAL) {
        return format!("des {name}");
    }
    if begins(&MASCULINE) {
        return format!("du {name}");
    }
    if begins(&FEMININE) {
        return format!("de la {name}");
    }
    let vowel =
        lower.starts_with(['a', 'à', 'â', 'e', 'é', 'è', 'ê', 'ë', 'i', 'î', 'ï', 'o', 'ô', 'ö', 'u', 'ù', 'û', 'œ']);
    if vowel || MUTE_H.iter().any(|word| lower.starts_with(word)) {
        format!("d’{name}")
    } else {
        format!("de {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn de_is_elided_and_contracted_before_a_name() {
        let cases = [
            ("Les Basques", "des Basques"),
            ("Le Rocher-Percé", "du Rocher-Percé"),
            ("La Matapédia", "de La Matapédia"),
            ("L'Islet", "de L'Islet"),
            ("Ahuntsic", "d’Ahuntsic"),
            ("Évain", "d’Évain"),
            ("Hochelaga-Maisonneuve", "d’Hochelaga-Maisonneuve"),
            ("Hull", "de Hull"),
            ("Haut-Saint-Maurice", "du Haut-Saint-Maurice"),
            ("Basse Côte-Nord", "de la Basse Côte-Nord"),
            ("Des Chenaux", "des Chenaux"),
            ("D'Autray", "d'Autray"),
            ("De l'Érable", "de l'Érable"),
            ("Îles-de-la-Madeleine", "des Îles-de-la-Madeleine"),
            ("Métro", "de Métro"),
            ("Leclercville", "de Leclercville"),
            ("Yamaska", "de Yamaska"),
            ("Estrie", "de l’Estrie"),
            ("Gaspésie–Îles-de-la-Madeleine", "de la Gaspésie–Îles-de-la-Madeleine"),
            ("Saguenay", "de Saguenay"),
            ("Saguenay–Lac-Saint-Jean", "du Saguenay–Lac-Saint-Jean"),
            ("Côte-Saint-Luc", "de Côte-Saint-Luc"),
        ];
        for (name, expected) in cases {
            assert_eq!(of_place(name, Language::French), expected);
        }
        assert_eq!(of_place("Les Basques", Language::English), "of Les Basques");
    }
}
