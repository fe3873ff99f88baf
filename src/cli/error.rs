//! What can stop a command; how it is told stands in [`super::report`].

use std::path::PathBuf;

use crate::atlas::AtlasError;
use crate::domain::{CodeError, EditionError, Level, LonLatError, Told, Words};
use crate::geometry::CoverageError;
use crate::import::ImportError;
use crate::resolve::QueryError;
use crate::revision::RevisionError;
use crate::store::StoreError;

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The arguments make no sense.
    #[error("{0}")]
    Usage(clap::Error),
    /// The configuration file can not be read.
    #[error("configuration \"{}\" can not be read: check its name and its rights", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The configuration file is no TOML.
    #[error("configuration \"{}\" is no TOML", path.display())]
    ConfigText {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: Box<toml::de::Error>,
    },
    /// A key of the configuration file that is no setting.
    #[error(
        "configuration \"{}\": \"{key}\" {}; `rattache config list` lists the settings", path.display(),
        if *personal { "is only ever typed, as it is personal information or names one question" } else { "is no setting" }
    )]
    UnknownSetting {
        /// The file.
        path: PathBuf,
        /// The key, with its table.
        key: String,
        /// Whether there is a flag of that name, which is only ever typed.
        personal: bool,
    },
    /// A setting with a value that its flag can not take.
    #[error("\"{value}\" can not be the value of {name} (set in {place}): {cause}")]
    Setting {
        /// The flag.
        name: String,
        /// The value.
        value: String,
        /// The variable or file that sets it.
        place: Words,
        /// What is wrong with it.
        cause: Words,
    },
    /// The manual pages can not be written.
    #[error("the manual pages can not be written in \"{}\": check the folder and its rights", path.display())]
    Manual {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Standard output is gone.
    #[error("the answer can not be written to standard output")]
    Output(#[source] std::io::Error),
    /// A coordinate that is no number.
    #[error("--{name} \"{value}\" is not a number: expected decimal degrees with a point, such as {example}")]
    Coordinate {
        /// `lat` or `lon`.
        name: &'static str,
        /// The text as given.
        value: String,
        /// A value that would do.
        example: &'static str,
    },
    /// A file can not be answered.
    #[error(transparent)]
    Batch(#[from] crate::batch::BatchError),
    /// A position that makes no sense.
    #[error(transparent)]
    Position(#[from] LonLatError),
    /// A question that can not be answered.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// No such edition.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// A code that is none.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A code that no territory has.
    #[error(
        "no {level} has the code \"{code}\" in edition \"{edition}\": list them with `rattache territories --level {level}`"
    )]
    UnknownTerritory {
        /// The level.
        level: Level,
        /// The code as given.
        code: String,
        /// The edition.
        edition: String,
    },
    /// A level that has no list of territories.
    #[error("dissemination areas are units, not territories: use `rattache atlas export --level da --format csv`")]
    UnitsAreNoTerritories,
    /// The atlas can not be used.
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    /// A file can not be read as what it should be.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The units' limits are no coverage.
    #[error("the limits in \"{file}\" can not be used")]
    Coverage {
        /// The file.
        file: String,
        /// The cause.
        source: CoverageError,
    },
    /// Errors in the data that the user did not accept.
    #[error(
        "{count} errors in the data, told above: mend the files, or build in spite of those in the limits with --accept-errors"
    )]
    Findings {
        /// How many.
        count: usize,
    },
    /// Something is missing from the recipe.
    #[error("{what} is missing: give {flag}, or \"{key}\" in the recipe")]
    Missing {
        /// What is missing.
        what: Words,
        /// The flag that gives it.
        flag: Words,
        /// The recipe's key.
        key: &'static str,
    },
    /// The map of an address registry's columns is not understood.
    #[error("--address-columns can not be used")]
    AddressColumns(#[from] crate::import::AddressColumnsError),
    /// The units can not be indexed for placing addresses.
    #[error("the limits can not be indexed")]
    Index(#[from] crate::lookup::IndexError),
    /// A value of the recipe makes no sense.
    #[error("{key} \"{value}\" is not usable: expected {expected}")]
    BadValue {
        /// The flag or key.
        key: &'static str,
        /// The value.
        value: String,
        /// What would do.
        expected: Words,
    },
    /// The recipe can not be read.
    #[error("recipe \"{}\" can not be read: check its name", path.display())]
    Recipe {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The recipe is no recipe.
    #[error("recipe \"{}\" is not understood", path.display())]
    RecipeText {
        /// The file.
        path: PathBuf,
        /// The cause, with line and column.
        source: Box<toml::de::Error>,
    },
    /// An export can not be written.
    #[error("\"{}\" can not be written: check the folder, its rights and the free space", path.display())]
    Export {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Editions or series that can not be compared.
    #[error(transparent)]
    Compare(#[from] crate::catalogue::CompareError),
    /// No edition answers, or a revision gives none.
    #[error(transparent)]
    Catalogue(#[from] crate::catalogue::CatalogueError),
    /// Standard input holds no address.
    #[error("no address can be read from standard input: one line is expected, in UTF-8")]
    NoAddressRead,
    /// A file that can not be read.
    #[error("\"{}\" can not be read: check its name", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A revision that can not be written.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// An export that is not written.
    #[error(transparent)]
    Exported(#[from] crate::export::ExportError),
    /// The store of revisions can not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is known of units beside the atlas.
    #[error("what is known of units beside the atlas can not be read")]
    Tables(#[source] Told),
    /// A value of a table of facts.
    #[error("\"{}\", line {line}: \"{value}\" is not {expected}", path.display())]
    FactRow {
        /// The file.
        path: PathBuf,
        /// Its line.
        line: u64,
        /// The value.
        value: String,
        /// What would do.
        expected: Words,
    },
    /// Keys can not be read or written.
    #[error(transparent)]
    Access(#[from] crate::access::AccessError),
    /// The certificate of the service can not be used.
    #[error(transparent)]
    Tls(#[from] crate::http::TlsError),
    /// The service would be open to strangers.
    #[error(
        "{address} can be reached from other machines, and no keys are given: give --keys FILE (`rattache keys add`), or --allow-anonymous-lookup where everybody may look up"
    )]
    OpenToStrangers {
        /// The address.
        address: std::net::SocketAddr,
    },
    /// Writing without a key on an address that others reach.
    #[error(
        "--local-planner lets everybody write: it is for addresses of the machine itself, such as 127.0.0.1:8066, not for {address}"
    )]
    LocalPlanner {
        /// The address.
        address: std::net::SocketAddr,
    },
    /// The server can not start or stops.
    #[error("the server can not listen on {address}: is the port in use or forbidden?")]
    Serve {
        /// The address.
        address: std::net::SocketAddr,
        /// The cause.
        source: std::io::Error,
    },
}

impl From<crate::tables::TableError> for CliError {
    fn from(error: crate::tables::TableError) -> Self {
        Self::Import(error.into())
    }
}
