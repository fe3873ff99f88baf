//! What the layers below refuse, said to people in both languages.

use std::error::Error;

use super::error::{
    ATLAS_REFUSED, INVALID_BASIS, INVALID_DATE, INVALID_NUMBER, INVALID_POSTAL_CODE, NO_ATLAS_FILE, NO_EDITION,
    OUT_OF_RANGE, Problem, SWAPPED_COORDINATES, UNKNOWN_EDITION, UNKNOWN_INSTALLATION, UNKNOWN_LEVEL,
    UNKNOWN_TERRITORY,
};
use super::state::ReloadError;
use crate::atlas::AtlasError;
use crate::domain::{CodeError, DateError, EditionError, Level, LonLatError, TerritoryCode, UnknownLevel};
use crate::resolve::{MOST_UNCERTAINTY_M, QueryError};

impl From<LonLatError> for Problem {
    fn from(error: LonLatError) -> Self {
        let english = error.to_string();
        let parameter = |name: &str| if name == "latitude" { "lat" } else { "lon" };
        match error {
            LonLatError::NotFinite { name, value, example } => Self::new(
                INVALID_NUMBER,
                format!(
                    "La {name} « {value} » n'est pas un nombre fini : des degrés décimaux sont attendus, par exemple {example}."
                ),
                english,
            )
            .about(parameter(name)),
            LonLatError::Swapped { lat, lon } => Self::new(
                SWAPPED_COORDINATES,
                format!(
                    "La latitude « {lat} » et la longitude « {lon} » semblent inversées : essayez lat={lon} lon={lat}."
                ),
                english,
            ),
            LonLatError::OutOfRange { name, value, low, high } => Self::new(
                OUT_OF_RANGE,
                format!("La {name} « {value} » est hors limites : de {low} à {high} degrés."),
                english,
            )
            .about(parameter(name)),
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let english = error.to_string();
        match error {
            QueryError::Edition(error) => error.into(),
            QueryError::Uncertainty { value } => Self::new(
                OUT_OF_RANGE,
                format!("uncertainty_m « {value} » est inutilisable : de 0 à {MOST_UNCERTAINTY_M} mètres."),
                english,
            )
            .about("uncertainty_m"),
            QueryError::NoAddresses => super::places::no_addresses(),
            QueryError::PostalCode => Self::new(
                INVALID_POSTAL_CODE,
                "Le code postal n'est pas de la forme A1A 1A1, par exemple H2X 2S5.",
                english,
            )
            .about("postal_code"),
            QueryError::UnknownInstallation { code } => Self::new(
                UNKNOWN_INSTALLATION,
                format!("Aucune installation n'a le code « {code} » dans cet atlas."),
                english,
            )
            .about("installation"),
            QueryError::Basis { basis } => Self::new(
                INVALID_BASIS,
                format!(
                    "Le motif « {basis} » ne va pas avec ce lieu : service_point va avec une installation, et elle seule."
                ),
                english,
            )
            .about("basis"),
        }
    }
}

impl From<EditionError> for Problem {
    fn from(error: EditionError) -> Self {
        let english = error.to_string();
        match error {
            EditionError::Unknown { id, known } => Self::new(
                UNKNOWN_EDITION,
                format!("L'édition « {id} » est inconnue : cet atlas contient {known}."),
                english,
            )
            .about("edition"),
            EditionError::TooEarly { date, first, valid_from } => Self::new(
                NO_EDITION,
                format!("Aucune édition n'est en vigueur le {date} : la première, « {first} », l'est depuis le {valid_from}."),
                english,
            )
            .about("as_of"),
            EditionError::None => Self::new(NO_EDITION, "Cet atlas ne contient aucune édition.", english),
        }
    }
}

impl From<DateError> for Problem {
    fn from(error: DateError) -> Self {
        let english = error.to_string();
        let french = format!(
            "« {} » n'est pas une date : la forme AAAA-MM-JJ est attendue, par exemple 2017-07-01.",
            error.text
        );
        Self::new(INVALID_DATE, french, english).about("as_of")
    }
}

impl From<UnknownLevel> for Problem {
    fn from(error: UnknownLevel) -> Self {
        let english = error.to_string();
        let french = format!("Le niveau « {} » est inconnu : da, clsc, rls, rts, rss ou ruisss.", error.word);
        Self::new(UNKNOWN_LEVEL, french, english).about("level")
    }
}

impl Problem {
    /// A code that an edition does not hold, and why it may have been written wrong.
    pub(super) fn unknown_territory(level: Level, code: &str, edition: &str) -> Self {
        let (french, english) = match TerritoryCode::parse(level, code) {
            Err(error @ CodeError::LostZero { .. }) => (
                format!(
                    "Le code {} « {code} » a un chiffre de moins que prévu : un zéro initial a sans doute été perdu, \
                     écrivez « 0{code} ».",
                    level.acronym()
                ),
                error.to_string(),
            ),
            Err(error @ (CodeError::Malformed { expected, .. } | CodeError::Empty { expected, .. })) => (
                format!("« {code} » n'est pas un code {} : {expected} chiffres sont attendus.", level.acronym()),
                error.to_string(),
            ),
            Ok(_) => (
                format!("Aucun territoire de niveau {level} n'a le code « {code} » dans l'édition « {edition} »."),
                format!("no territory of level {level} has the code \"{code}\" in edition \"{edition}\""),
            ),
        };
        Self::new(UNKNOWN_TERRITORY, french, english).about("code")
    }
}

impl From<&ReloadError> for Problem {
    fn from(error: &ReloadError) -> Self {
        match error {
            ReloadError::NoFile => Self::new(
                NO_ATLAS_FILE,
                "L'atlas servi ne vient d'aucun fichier : donnez-en un, {\"path\": \"quebec.atlas\"}.",
                error.to_string(),
            ),
            ReloadError::Panicked => Self::new(
                ATLAS_REFUSED,
                "L'atlas ne peut pas être lu jusqu'au bout ; l'ancien reste en service.",
                error.to_string(),
            ),
            ReloadError::Outfit(_) => Self::new(
                ATLAS_REFUSED,
                "Les tables sur les aires ne vont pas avec le nouvel atlas ; l'ancien reste en service.",
                chain(error),
            ),
            ReloadError::Refused(cause) => {
                let french = format!("{} L'ancien atlas reste en service.", refused_french(cause));
                Self::new(ATLAS_REFUSED, french, chain(error))
            }
        }
    }
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn refused_french(error: &AtlasError) -> String {
    match error {
        AtlasError::In { path, source } => {
            format!("L'atlas « {} » est refusé : {}", path.display(), refused_french(source))
        }
        AtlasError::Open { path, source } => {
            format!("L'atlas « {} » ne peut pas être ouvert ({source}).", path.display())
        }
        AtlasError::Empty => "le fichier est vide.".to_owned(),
        AtlasError::NotAnAtlas => "le fichier ne commence pas comme un atlas.".to_owned(),
        AtlasError::OtherVersion { found, expected } => {
            format!("il est de la version {found}, ce programme lit la version {expected}.")
        }
        AtlasError::Truncated { expected, found } => {
            format!(
                "le fichier compte {found} octets, son en-tête en annonce {expected} : il a été tronqué ou allongé."
            )
        }
        AtlasError::Altered => "la somme de contrôle ne correspond pas : le fichier a été altéré.".to_owned(),
        AtlasError::NoEdition => "il ne contient aucune édition.".to_owned(),
        other => format!("il est mal formé ({}).", chain(other)),
    }
}
