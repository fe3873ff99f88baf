//! What people read of a match, in French and in English.

use super::matching::{Fault, MatchType};
use super::parse::Remark;
use super::vocabulary::Province;
use crate::domain::Term;

impl Fault {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Article => Term::new("article", "article"),
            Self::Spelling => Term::new("une faute dans le nom", "one slip in the name"),
            Self::SpellingFar => Term::new("plusieurs fautes dans le nom", "several slips in the name"),
            Self::SpellingDoubtful => Term::new("nom douteux", "doubtful name"),
            Self::Phonetic => Term::new("nom au son", "name by sound"),
            Self::PartialName => Term::new("nom partiel", "part of the name"),
            Self::StreetTypeMissing => Term::new("type de voie absent", "street type missing"),
            Self::StreetTypeDiffers => Term::new("autre type de voie", "another street type"),
            Self::StreetTypeAdded => Term::new("type de voie ajouté", "street type added"),
            Self::DirectionMissing => Term::new("direction absente", "direction missing"),
            Self::DirectionDiffers => Term::new("autre direction", "another direction"),
            Self::DirectionAdded => Term::new("direction ajoutée", "direction added"),
            Self::MunicipalityMissing => Term::new("municipalité absente", "municipality missing"),
            Self::MunicipalityFormer => Term::new("ancienne municipalité ou secteur", "former municipality or part"),
            Self::MunicipalityPart => Term::new("autre secteur de la municipalité", "another part of the municipality"),
            Self::MunicipalitySpelling => Term::new("une faute dans la municipalité", "a slip in the municipality"),
            Self::MunicipalityDiffers => Term::new("autre municipalité", "another municipality"),
            Self::MunicipalityOutvoted => Term::new(
                "autre municipalité, mais le bon code postal",
                "another municipality, but the postal code agrees",
            ),
            Self::MunicipalityUnknown => Term::new("municipalité inconnue", "municipality unknown"),
            Self::MunicipalityNotCovered => Term::new(
                "municipalité dont le registre n'a aucune adresse",
                "municipality without any address in the registry",
            ),
            Self::MunicipalityElsewhere => Term::new("lieu hors du Québec", "place outside Québec"),
            Self::MunicipalityShort => {
                Term::new("début du nom de la municipalité", "first words of the municipality's name")
            }
            Self::MunicipalityDoubtful => Term::new(
                "plusieurs municipalités ont un nom qui commence ainsi",
                "several municipalities' names begin so",
            ),
            Self::MunicipalityFirst => {
                Term::new("municipalité lue avant la rue", "municipality read before the street")
            }
            Self::LittleVouches => Term::new(
                "rue et numéro seulement, et le registre peut être incomplet",
                "street and number alone, and the registry may be incomplete",
            ),
            Self::PostalCodeMissing => Term::new("code postal absent", "postal code missing"),
            Self::PostalCodeNear => Term::new("code postal voisin", "postal code of the same area"),
            Self::PostalCodeDiffers => Term::new("code postal d'ailleurs", "postal code from elsewhere"),
            Self::PostalCodeElsewhere => {
                Term::new("code postal d'un autre lieu du registre", "postal code of another place in the registry")
            }
            Self::SuffixDiffers => Term::new("autre suffixe", "another suffix"),
            Self::NumberReading => Term::new("numéro lu autrement", "number read another way"),
            Self::NumberDoubtful => Term::new(
                "deux numéros, dont l'un n'est pas dans le registre",
                "two numbers, one of them not in the registry",
            ),
            Self::SeveralAddresses => Term::new("plusieurs adresses", "several addresses"),
            Self::RangeEnd => Term::new("fin d'intervalle seulement", "end of the range only"),
            Self::Corner => Term::new("intersection, sans numéro civique", "a corner, no civic number"),
            Self::CivicMissing => Term::new("sans numéro civique", "no civic number"),
            Self::CivicUnknown => Term::new("numéro civique inconnu", "civic number unknown"),
            Self::NeighboursFar => Term::new("numéros voisins éloignés", "neighbouring numbers far apart"),
            Self::CivicOutOfRange => Term::new("numéro hors de la rue", "number beyond the street"),
            Self::StreetUnknown => Term::new("rue inconnue", "street unknown"),
            Self::ExtraWords => Term::new("mots en trop", "words left aside"),
            Self::ExactNameElsewhere => {
                Term::new("ce nom exact existe sans ce numéro", "that exact name exists without the number")
            }
            Self::PostalCodeUnknown => Term::new("code postal inconnu", "postal code unknown"),
            Self::Ambiguous => Term::new("plusieurs lieux aussi bons", "several places as good"),
        }
    }
}

impl MatchType {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Civic => Term::new("numéro civique", "civic number"),
            Self::Interpolated => Term::new("entre deux numéros voisins", "between two neighbouring numbers"),
            Self::Street => Term::new("rue seulement", "street only"),
            Self::PostalCode => Term::new("code postal seulement", "postal code only"),
            Self::Municipality => Term::new("municipalité seulement", "municipality only"),
        }
    }
}

impl Province {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Quebec => Term::same("Québec"),
            Self::Ontario => Term::new("Ontario", "Ontario"),
            Self::NewBrunswick => Term::new("Nouveau-Brunswick", "New Brunswick"),
            Self::NovaScotia => Term::new("Nouvelle-Écosse", "Nova Scotia"),
            Self::PrinceEdwardIsland => Term::new("Île-du-Prince-Édouard", "Prince Edward Island"),
            Self::NewfoundlandAndLabrador => Term::new("Terre-Neuve-et-Labrador", "Newfoundland and Labrador"),
            Self::Manitoba => Term::new("Manitoba", "Manitoba"),
            Self::Saskatchewan => Term::new("Saskatchewan", "Saskatchewan"),
            Self::Alberta => Term::new("Alberta", "Alberta"),
            Self::BritishColumbia => Term::new("Colombie-Britannique", "British Columbia"),
            Self::Yukon => Term::new("Yukon", "Yukon"),
            Self::NorthernTerritories => {
                Term::new("Territoires du Nord-Ouest ou Nunavut", "Northwest Territories or Nunavut")
            }
        }
    }
}

impl Remark {
    /// What it says; `None` for one that the outcome says already.
    #[must_use]
    pub const fn words(self) -> Option<Term> {
        Some(match self {
            Self::ControlCharacters => Term::new("caractères de contrôle ignorés", "control characters ignored"),
            Self::PoBox => Term::new("case postale : pas un lieu", "post office box: no place"),
            Self::RuralRoute => Term::new("route rurale : pas un lieu", "rural route: no place"),
            Self::GeneralDelivery => Term::new("poste restante", "general delivery"),
            Self::Intersection => Term::new("intersection", "intersection"),
            Self::Range => Term::new("plusieurs numéros civiques", "several civic numbers"),
            Self::MunicipalityNotCovered => Term::new(
                "le registre n'a aucune adresse de cette municipalité",
                "the registry has no address of that municipality",
            ),
            Self::SeveralAddresses => Term::new("plusieurs adresses dans le texte", "several addresses in the text"),
            Self::Empty | Self::TooLong | Self::OtherProvince(_) | Self::OtherCountry => return None,
        })
    }
}
