//! `/v1/places/read`: what is typed into one box, told apart.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::extract::{NoParameters, StrictJson, StrictQuery};
use crate::http::problem::{BODY, JSON, Problem, problems};
use crate::http::reply;
use crate::resolve::Place;

/// Largest body, bytes.
const MOST_BYTES: usize = 16 << 10;

/// What was typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedPlace {
    /// A position, a postal code or an address, as people type them.
    q: String,
}

/// What was meant: fields of a question to `/v1/resolve`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ReadPlace {
    /// Latitude, degrees, of a position.
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    /// Longitude, degrees, of a position.
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    /// A postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

problems!(Problems: BODY, JSON);

/// Tells apart a position in any of the forms that people write, a postal code and an address
#[utoipa::path(post, path = "/v1/places/read", tag = "places",
    request_body(content = TypedPlace, description = "What was typed", example = json!({ "q": "45,5088 -73,5542" })),
    responses((status = 200, description = "What was meant", body = ReadPlace), Problems))]
pub async fn read_place(
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    StrictJson(typed): StrictJson<TypedPlace, MOST_BYTES>,
) -> Result<Response, Problem> {
    reply::json(&match Place::of_text(&typed.q) {
        Place::Position(position) => {
            ReadPlace { lat: Some(position.lat()), lon: Some(position.lon()), ..ReadPlace::default() }
        }
        Place::PostalCode(text) => ReadPlace { postal_code: Some(text), ..ReadPlace::default() },
        Place::Address(text) | Place::Installation(text) => ReadPlace { address: Some(text), ..ReadPlace::default() },
    })
}
