//! What people read of a match, in French and in English.

use super::matching::{Fault, MatchType};
use super::parse::Remark;
use super::vocabulary::Province;

/// A few words in French, then in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub &'static str, pub &'static str);

impl Fault {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Self::Article => Words("article", "article"),
            Self::Spelling => Words("une faute dans le nom", "one slip in the name"),
            Self::SpellingFar => Words("plusieurs fautes dans le nom", "several slips in the name"),
            Self::SpellingDoubtful => Words("nom douteux", "doubtful name"),
            Self::Phonetic => Words("nom au son", "name by sound"),
            Self::PartialName => Words("nom partiel", "part of the name"),
            Self::StreetTypeMissing => Words("type de voie absent", "street type missing"),
            Self::StreetTypeDiffers => Words("autre type de voie", "another street type"),
            Self::StreetTypeAdded => Words("type de voie ajouté", "street type added"),
            Self::DirectionMissing => Words("direction absente", "direction missing"),
            Self::DirectionDiffers => Words("autre direction", "another direction"),
            Self::DirectionAdded => Words("direction ajoutée", "direction added"),
            Self::MunicipalityMissing => Words("municipalité absente", "municipality missing"),
            Self::MunicipalityFormer => Words("ancienne municipalité ou secteur", "former municipality or part"),
            Self::MunicipalityPart => Words("autre secteur de la municipalité", "another part of the municipality"),
            Self::MunicipalitySpelling => Words("une faute dans la municipalité", "a slip in the municipality"),
            Self::MunicipalityDiffers => Words("autre municipalité", "another municipality"),
            Self::MunicipalityOutvoted => {
                Words("autre municipalité, mais le bon code postal", "another municipality, but the postal code agrees")
            }
            Self::MunicipalityUnknown => Words("municipalité inconnue", "municipality unknown"),
            Self::MunicipalityNotCovered => {
                Words("municipalité dont le registre n'a aucune adresse", "municipality without any address in the registry")
            }
            Self::MunicipalityElsewhere => Words("lieu hors du Québec", "place outside Québec"),
            Self::MunicipalityShort => Words("début du nom de la municipalité", "first words of the municipality's name"),
            Self::MunicipalityDoubtful => {
                Words("plusieurs municipalités ont un nom qui commence ainsi", "several municipalities' names begin so")
            }
            Self::MunicipalityFirst => Words("municipalité lue avant la rue", "municipality read before the street"),
            Self::LittleVouches => Words(
                "rue et numéro seulement, et le registre peut être incomplet",
                "street and number alone, and the registry may be incomplete",
            ),
            Self::PostalCodeMissing => Words("code postal absent", "postal code missing"),
            Self::PostalCodeNear => Words("code postal voisin", "postal code of the same area"),
            Self::PostalCodeDiffers => Words("code postal d'ailleurs", "postal code from elsewhere"),
            Self::PostalCodeElsewhere => {
                Words("code postal d'un autre lieu du registre", "postal code of another place in the registry")
            }
            Self::SuffixDiffers => Words("autre suffixe", "another suffix"),
            Self::NumberReading => Words("numéro lu autrement", "number read another way"),
            Self::NumberDoubtful => {
                Words("deux numéros, dont l'un n'est pas dans le registre", "two numbers, one of them not in the registry")
            }
            Self::SeveralAddresses => Words("plusieurs adresses", "several addresses"),
            Self::RangeEnd => Words("fin d'intervalle seulement", "end of the range only"),
            Self::Corner => Words("intersection, sans numéro civique", "a corner, no civic number"),
            Self::CivicMissing => Words("sans numéro civique", "no civic number"),
            Self::CivicUnknown => Words("numéro civique inconnu", "civic number unknown"),
            Self::NeighboursFar => Words("numéros voisins éloignés", "neighbouring numbers far apart"),
            Self::CivicOutOfRange => Words("numéro hors de la rue", "number beyond the street"),
            Self::StreetUnknown => Words("rue inconnue", "street unknown"),
            Self::ExtraWords => Words("mots en trop", "words left aside"),
            Self::ExactNameElsewhere => {
                Words("ce nom exact existe sans ce numéro", "that exact name exists without the number")
            }
            Self::PostalCodeUnknown => Words("code postal inconnu", "postal code unknown"),
            Self::Ambiguous => Words("plusieurs lieux aussi bons", "several places as good"),
        }
    }
}

impl MatchType {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Self::Civic => Words("numéro civique", "civic number"),
            Self::Interpolated => Words("entre deux numéros voisins", "between two neighbouring numbers"),
            Self::Street => Words("rue seulement", "street only"),
            Self::PostalCode => Words("code postal seulement", "postal code only"),
            Self::Municipality => Words("municipalité seulement", "municipality only"),
        }
    }
}

impl Province {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Self::Quebec => Words("Québec", "Québec"),
            Self::Ontario => Words("Ontario", "Ontario"),
            Self::NewBrunswick => Words("Nouveau-Brunswick", "New Brunswick"),
            Self::NovaScotia => Words("Nouvelle-Écosse", "Nova Scotia"),
            Self::PrinceEdwardIsland => Words("Île-du-Prince-Édouard", "Prince Edward Island"),
            Self::NewfoundlandAndLabrador => Words("Terre-Neuve-et-Labrador", "Newfoundland and Labrador"),
            Self::Manitoba => Words("Manitoba", "Manitoba"),
            Self::Saskatchewan => Words("Saskatchewan", "Saskatchewan"),
            Self::Alberta => Words("Alberta", "Alberta"),
            Self::BritishColumbia => Words("Colombie-Britannique", "British Columbia"),
            Self::Yukon => Words("Yukon", "Yukon"),
            Self::NorthernTerritories => {
                Words("Territoires du Nord-Ouest ou Nunavut", "Northwest Territories or Nunavut")
            }
        }
    }
}

impl Remark {
    /// What it says; `None` for one that the outcome says already.
    #[must_use]
    pub const fn words(self) -> Option<Words> {
        Some(match self {
            Self::ControlCharacters => Words("caractères de contrôle ignorés", "control characters ignored"),
            Self::PoBox => Words("case postale : pas un lieu", "post office box: no place"),
            Self::RuralRoute => Words("route rurale : pas un lieu", "rural route: no place"),
            Self::GeneralDelivery => Words("poste restante", "general delivery"),
            Self::Intersection => Words("intersection", "intersection"),
            Self::Range => Words("plusieurs numéros civiques", "several civic numbers"),
            Self::MunicipalityNotCovered => Words(
                "le registre n'a aucune adresse de cette municipalité",
                "the registry has no address of that municipality",
            ),
            Self::SeveralAddresses => Words("plusieurs adresses dans le texte", "several addresses in the text"),
            Self::Empty | Self::TooLong | Self::OtherProvince(_) | Self::OtherCountry => return None,
        })
    }
}
