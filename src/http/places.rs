//! The place of a question, and `/v1/addresses`: completing an address as it is typed.

use std::borrow::Cow;

use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;

use super::error::{MISSING_PARAMETER, NO_ADDRESSES, OUT_OF_RANGE, Problem};
use super::parameters::{conflicting_places, missing, number, read};
use super::{State, reply};
use crate::address::Completion;
use crate::domain::LonLat;
use crate::resolve::{Basis, Place, QueryError};

/// Completions given where no number is asked for.
const USUAL_COMPLETIONS: usize = 10;
/// Most completions given.
pub(super) const MOST_COMPLETIONS: usize = 50;

/// The fields that name a place, of which a question has one (latitude and longitude counting as one).
#[derive(Default)]
pub(super) struct PlaceFields<'a> {
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub address: Option<Cow<'a, str>>,
    pub postal_code: Option<Cow<'a, str>>,
    pub installation: Option<Cow<'a, str>>,
}

impl PlaceFields<'_> {
    /// The one place that is named.
    ///
    /// # Errors
    /// None, several, half a position or a position that makes no sense.
    pub fn into_place(self) -> Result<Place, Problem> {
        let position = self.lat.is_some() || self.lon.is_some();
        let named = usize::from(position)
            + usize::from(self.address.is_some())
            + usize::from(self.postal_code.is_some())
            + usize::from(self.installation.is_some());
        if named > 1 {
            return Err(conflicting_places());
        }
        if let Some(text) = self.address {
            return Ok(Place::Address(text.into_owned()));
        }
        if let Some(text) = self.postal_code {
            return Ok(Place::PostalCode(text.into_owned()));
        }
        if let Some(code) = self.installation {
            return Ok(Place::Installation(code.into_owned()));
        }
        let lat = self.lat.ok_or_else(|| missing("lat"))?;
        let lon = self.lon.ok_or_else(|| missing("lon"))?;
        Ok(Place::Position(LonLat::new(lon, lat)?))
    }
}

/// The basis that a word means.
pub(super) fn basis(word: Option<&str>) -> Result<Option<Basis>, Problem> {
    word.map(str::parse).transpose().map_err(|error: crate::resolve::UnknownBasis| {
        Problem::new(
            super::error::INVALID_BASIS,
            "basis n'est pas compris : residence, usual_place ou service_point.",
            error.to_string(),
        )
        .about("basis")
    })
}

#[derive(Serialize)]
struct Completions {
    completions: Vec<Completion>,
}

/// `GET /v1/addresses?q=[&limit=]`: streets, municipalities and postal codes that begin so, those with most people first.
pub fn complete_addresses(state: &State, parts: &Parts) -> Result<Response, Problem> {
    let [text, limit] = read(parts.uri.query(), ["q", "limit"])?;
    let text = text.ok_or_else(|| {
        Problem::new(
            MISSING_PARAMETER,
            "Le paramètre « q » manque : ce qui est tapé, par exemple q=rue Prin.",
            "parameter \"q\" is missing: what is being typed, such as q=rue Prin",
        )
        .about("q")
    })?;
    let limit = match limit {
        None => USUAL_COMPLETIONS,
        Some(value) => {
            let asked = number("limit", &value)?;
            if !(1.0..=MOST_COMPLETIONS as f64).contains(&asked) || asked.fract() != 0.0 {
                return Err(Problem::new(
                    OUT_OF_RANGE,
                    format!("limit doit être un nombre entier de 1 à {MOST_COMPLETIONS}."),
                    format!("limit must be a whole number from 1 to {MOST_COMPLETIONS}"),
                )
                .about("limit"));
            }
            asked as usize
        }
    };
    let served = state.served();
    let (gazetteer, crowd) = served.addresses().ok_or_else(no_addresses)?;
    reply::json(&Completions { completions: gazetteer.complete(crowd, &text, limit) })
}

/// The problem of an atlas without addresses.
pub(super) fn no_addresses() -> Problem {
    Problem::new(
        NO_ADDRESSES,
        "Cet atlas ne contient pas d'adresses : construisez-le avec --addresses, ou demandez par position.",
        QueryError::NoAddresses.to_string(),
    )
}
