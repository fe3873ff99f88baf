//! From an address, as people write it, to a place: offline, with a score that means something and doubt shown.
//!
//! 1. [`parse`] reads a text without knowing any street;
//! 2. [`GazetteerBuilder`] compiles a registry into arrays, [`GazetteerView`] reads them where they lie;
//! 3. [`GazetteerView::find_address`] matches the one against the other and names every fault;
//! 4. [`GazetteerView::find_postal_code`] says where the addresses of a postal code are;
//! 5. [`GazetteerView::complete`] completes what is being typed, ranked by the people of [`GazetteerView::crowd`].
//!
//! An address is personal information: nothing here logs, stores or sends one, and no error holds one. No match, several
//! matches, another province or garbage are results, not errors.

mod civic;
mod complete;
mod corner;
mod crowd;
mod gazetteer;
mod known;
mod matching;
mod numerals;
mod parse;
mod phonetic;
mod postal_code;
mod readings;
mod repair;
mod several;
mod spelling;
mod street_key;
mod text;
mod vocabulary;
mod words;

pub use civic::{Civic, Suffix};
pub use complete::{Completion, CompletionKind};
pub use crowd::Crowd;
pub use gazetteer::{
    AddressEntry, AddressRecord, Extent, Gazetteer, GazetteerBuilder, GazetteerView, LocalityAlias, NO_UNIT, Spot, UnitCount,
    builtin_aliases,
};
pub use matching::{
    AUTO_ACCEPT, AddressMatch, AddressResult, Fault, MatchType, Outcome, PostalBasis, PostalResult, Precision,
};
pub use parse::{AddressFields, LONGEST_TEXT, ParsedAddress, Reading, Remark, parse, parse_fields};
pub use postal_code::{Fsa, PostalCode};
pub use repair::repaired;
pub use vocabulary::{Direction, Province, StreetType};
pub use words::Words;

/// Why a registry can not be compiled or read. Never holds an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A position far from Québec.
    #[error(
        "a position is far from Québec (expected 90° W to 47° W, 40° N to 82.9° N): is the coordinate system right?"
    )]
    OffGrid,
    /// More than the format holds.
    #[error("the registry is too large: expected fewer than 16,777,216 street names and 4 GB of names")]
    TooMany,
    /// A stored array that can not be read.
    #[error("the section \"{name}\" of the address registry is missing, cut or out of place: build the atlas again")]
    Section {
        /// Its name.
        name: &'static str,
    },
    /// Stored arrays that contradict each other.
    #[error("the sections of the address registry do not belong together: build the atlas again")]
    Inconsistent,
}

impl crate::domain::French for AddressError {
    fn french(&self) -> String {
        match self {
            Self::OffGrid => "une position est loin du Québec (de 90° O à 47° O, de 40° N à 82,9° N) : le système de \
                              coordonnées est-il le bon ?"
                .to_owned(),
            Self::TooMany => {
                "le registre est trop gros : moins de 16 777 216 noms de rue et 4 Go de noms sont attendus".to_owned()
            }
            Self::Section { name } => format!(
                "la section « {name} » du registre d'adresses manque, est tronquée ou déplacée : refaites l'atlas"
            ),
            Self::Inconsistent => {
                "les sections du registre d'adresses ne vont pas ensemble : refaites l'atlas".to_owned()
            }
        }
    }
}
