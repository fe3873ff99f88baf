//! FHIR R4 at `/fhir`, read only: territories as `Location`, établissements as `Organization`, of the edition in force.
//!
//! The question that matters is `contains`: which territories hold this position. Sent by `POST …/_search`, it stands in no URL. R4 has
//! no such parameter for `Location`; it is that of R5. What goes wrong is an `OperationOutcome`.
//!
//! - `wire`: the resources, and the bundle they come in;
//! - `directory`: the resources made of an edition;
//! - `search`: what a search asks for, and what it finds;
//! - `capability`: what the interface can do;
//! - `outcome`: problems as FHIR tells them.

mod capability;
mod directory;
mod outcome;
mod search;
pub mod wire;

pub use capability::capability;
pub use directory::Directory;
pub(crate) use outcome::outcomes;
pub use outcome::{is_fhir, responses, write_outcome};
pub use search::{LocationSearch, OrganizationSearch, Page, search_locations, search_organizations};

/// Where all of it stands.
pub const PATH: &str = "/fhir";
/// The type of every answer.
pub const JSON: &str = "application/fhir+json";
/// What identifiers of territories are unique in, before the word of their level.
pub const TERRITORIES: &str = "urn:rattache:territoire:";
/// What identifiers of établissements are unique in.
pub const ORGANIZATIONS: &str = "urn:rattache:etablissement";
/// What the words of levels are unique in.
pub const LEVELS: &str = "urn:rattache:niveau";
/// What the words of problems are unique in.
pub const PROBLEMS: &str = "urn:rattache:probleme";
