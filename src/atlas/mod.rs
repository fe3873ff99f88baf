//! The compiled atlas: one file, opened without decoding, from which every question is answered.
//!
//! [`compile`] lays out what import or the demo made; [`Atlas::open`] maps a file, checks it and hands out views;
//! [`verify`] proves the laws on it. The file is written under another name and renamed, so that a reader never sees a half.

mod bytes;
mod compile;
pub mod format;
mod french;
mod inside;
mod open;
mod verify;
mod write;

use std::path::PathBuf;

pub use bytes::Bytes;
pub use compile::{AtlasSource, compile};
pub use open::{Atlas, EditionView, Manifest, SourceFile};
pub use verify::{Check, VerifyOptions, verify};
pub use write::write;

/// Why an atlas can not be made, written or opened.
#[derive(Debug, thiserror::Error)]
pub enum AtlasError {
    /// The file can not be opened or read.
    #[error("atlas \"{}\" can not be opened: check its name, or build it with `rattache atlas build`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file can not be written.
    #[error("atlas \"{}\" can not be written: check the folder, its rights and the free space", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The named file is no good.
    #[error("atlas \"{}\" is refused", path.display())]
    In {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: Box<AtlasError>,
    },
    /// A file of no length.
    #[error("the file is empty: build it again with `rattache atlas build`")]
    Empty,
    /// Another kind of file.
    #[error("the file does not start as an atlas does: expected a file made by `rattache atlas build`")]
    NotAnAtlas,
    /// An atlas of another version.
    #[error("the atlas is of version {found}, this program reads version {expected}: build it again with this program")]
    OtherVersion {
        /// The file's version.
        found: u32,
        /// The program's.
        expected: u32,
    },
    /// A part is missing, or something was added.
    #[error(
        "the file has {found} bytes, its header says {expected}: it was cut off or added to, copy or build it again"
    )]
    Truncated {
        /// Bytes that the header states.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// Bytes differ from what was written.
    #[error("the checksum does not match: the file was altered after it was written, copy or build it again")]
    Altered,
    /// A section is not there.
    #[error("section \"{tag}\" is missing: build the atlas again")]
    MissingSection {
        /// The section's tag.
        tag: String,
    },
    /// A section does not fit the others.
    #[error("section \"{tag}\" has a length that does not fit: build the atlas again")]
    BadSection {
        /// The section's tag.
        tag: String,
    },
    /// The names and tables can not be read.
    #[error("the names and tables can not be read: build the atlas again")]
    BadManifest(#[source] serde_json::Error),
    /// An edition and the units do not fit together.
    #[error("edition \"{edition}\" attaches {found} units, the atlas has {expected}")]
    AttachmentLength {
        /// The edition.
        edition: String,
        /// Units attached.
        found: usize,
        /// Units there are.
        expected: usize,
    },
    /// An edition's table does not fit its hierarchy.
    #[error("edition \"{edition}\" is not consistent")]
    BadEdition {
        /// The edition.
        edition: String,
        /// The cause.
        source: crate::domain::AttachmentError,
    },
    /// Two editions of one name.
    #[error("edition \"{id}\" is given twice: give each edition its own identifier")]
    DuplicateEdition {
        /// The identifier.
        id: String,
    },
    /// Two editions that start on one day.
    #[error("editions \"{first}\" and \"{second}\" both hold from {valid_from}: a day can have only one")]
    SameDay {
        /// One edition.
        first: String,
        /// The other.
        second: String,
        /// The day.
        valid_from: crate::domain::Date,
    },
    /// The people of one year twice.
    #[error("the people of {year} are given twice: keep one file of each year")]
    PeopleTwice {
        /// The year.
        year: i16,
    },
    /// No edition at all.
    #[error("an atlas needs at least one edition")]
    NoEdition,
    /// The address registry can not be read.
    #[error("the address registry can not be used")]
    Addresses(#[from] crate::address::AddressError),
    /// The address registry names units that there are not.
    #[error("the address registry names units that the atlas does not hold: build the atlas again")]
    AddressUnits,
    /// Units without any area.
    #[error("no unit has an area: there is nothing to locate points in")]
    NoArea,
    /// The coverage can not be indexed.
    #[error("the limits can not be indexed")]
    Index(#[from] crate::lookup::IndexError),
}
