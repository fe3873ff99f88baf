//! OGC API - Features at `/ogc`: Part 1 (Core, `GeoJSON`, `OpenAPI` 3.0), Part 2 (coordinate systems) and the queryables of Part 3.
//!
//! One collection a level. A feature is a territory or a unit *of an edition*: without a word about time those of the edition in
//! force today, with `datetime` those of every edition that held then, with the property `edition` those of that one. Its
//! identifier is its code where its edition is in force, else `code@edition`, so that it means the same whatever it was found by.
//!
//! - `query`: what a request for features asks for;
//! - `items`: the features that answer it, written by [`export`](crate::export)'s one writer;
//! - `about`: landing page, collections, queryables;
//! - `description`: the description that programs read to know which properties they may ask for;
//! - `wire`: the JSON of all that.

mod about;
mod description;
mod items;
mod query;
pub mod wire;

pub use about::{collection, collections, conformance, landing, queryables};
pub use description::description;
pub use items::{Answer, answer_item, answer_items};
pub use query::{ItemParameters, ItemsParameters, ItemsQuery, JsonFormat, PropertyParameters, When};

use axum::http::HeaderValue;

use super::Problem;
use super::base::{Base, encoded};
use super::systems::{self, CRS84};
use crate::atlas::Atlas;
use crate::catalogue::CatalogueEdition;
use crate::domain::Level;
use crate::export::{Field, Kind, Layer};

/// Where all of it stands.
pub const PATH: &str = "/ogc";
/// Features of a page where nothing is said.
pub const USUAL_LIMIT: usize = 1000;
/// Most features of a page.
pub const MOST_LIMIT: usize = 10_000;
/// The property with the edition.
pub const EDITION: &str = "edition";

/// The level of a collection.
///
/// # Errors
/// A word that names none.
pub fn level(word: &str) -> Result<Level, Problem> {
    // Collections have one name each, in lower case.
    let known = Level::ALL.into_iter().find(|level| level.as_str() == word);
    known.map_or_else(
        || Err(Problem::from(crate::domain::UnknownLevel { word: word.to_owned() }).about("collection")),
        Ok,
    )
}

/// The properties of a collection's features that may be asked for.
pub fn fields(atlas: &Atlas, level: Level) -> Vec<Field> {
    let mut fields = Layer::fields_of(atlas, level);
    fields.push(Field { name: EDITION, short: EDITION, kind: Kind::Text });
    fields
}

/// The URL of a collection.
fn url(base: &Base, level: Level) -> String {
    base.url(&format!("{PATH}/collections/{level}"))
}

/// What tells the contents of an answer from any other: its editions, the one in force, who it is for, the program.
fn tag(editions: &[CatalogueEdition], in_force: &str, base: &Base) -> HeaderValue {
    let editions: Vec<String> = editions.iter().map(CatalogueEdition::tag).collect();
    let (editions, in_force) = (editions.join("+"), encoded(in_force));
    let tag = format!("\"{editions}-{in_force}-{}-{}\"", base.as_str(), env!("CARGO_PKG_VERSION"));
    HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The URI of a system, longitude and latitude for none.
pub fn crs_uri(code: Option<u32>) -> String {
    code.map_or_else(|| CRS84.to_owned(), systems::uri)
}
