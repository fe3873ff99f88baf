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
mod error;
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
pub use error::AddressError;
pub use gazetteer::{
    AddressEntry, AddressRecord, Extent, Gazetteer, GazetteerBuilder, GazetteerView, LocalityAlias, NO_UNIT, Spot,
    StreetEntry, UnitCount, builtin_aliases,
};
pub use matching::{
    AUTO_ACCEPT, AddressMatch, AddressResult, Fault, MatchType, Outcome, PostalBasis, PostalResult, Precision,
};
pub use parse::{AddressFields, LONGEST_TEXT, ParsedAddress, Reading, Remark, parse, parse_fields};
pub use postal_code::{Fsa, PostalCode};
pub use repair::repaired;
pub use vocabulary::{Direction, Province, StreetType};
