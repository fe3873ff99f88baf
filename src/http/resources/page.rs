//! `/`: the page for people, its style and its script.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, RefOr, schema};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::access::Role;
use crate::domain::Language;
use crate::http::extract::{AnyBytes, NoParameters, StrictQuery};
use crate::http::guard::require;
use crate::http::problem::{self, BODY, EDITION, HEAVY, PLACE, Problem, ROLE, problems};
use crate::http::{State, fields, page};

/// Largest form, bytes.
const MOST_FORM_BYTES: usize = 16 << 10;

/// A position that a link holds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LinkedQuestion {
    /// Latitude, degrees.
    lat: Option<String>,
    /// Longitude, degrees.
    lon: Option<String>,
    /// Day, or nothing.
    as_of: Option<String>,
    /// Metres, or nothing.
    uncertainty_m: Option<String>,
}

/// The fields of the form, any of which may be empty.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PageForm {
    /// An address or a postal code.
    place: Option<String>,
    /// Latitude, degrees.
    lat: Option<String>,
    /// Longitude, degrees.
    lon: Option<String>,
    /// Day.
    as_of: Option<String>,
    /// Metres.
    uncertainty_m: Option<String>,
}

problems!(Problems:);

/// What is wrong with a question is said on the page, what is wrong with the request as a problem.
pub struct PageProblems;

impl IntoResponses for PageProblems {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let mut all = problem::responses(&[PLACE, EDITION, BODY, HEAVY, ROLE]);
        for response in all.values_mut() {
            if let RefOr::T(response) = response {
                let html = ObjectBuilder::new().schema_type(schema::Type::String);
                response
                    .content
                    .insert("text/html".to_owned(), ContentBuilder::new().schema(Some(html)).build().into());
            }
        }
        all
    }
}

/// The page, with the answer for a position that a link holds
///
/// A bad question is answered on the page, with the status that the interface gives it. The page takes no key, an answer does
/// where lookups take one.
#[utoipa::path(get, path = "/", tag = "page", params(LinkedQuestion),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), PageProblems))]
pub async fn show_page(
    Shared(state): Shared<Arc<State>>,
    parts: Parts,
    StrictQuery(asked): StrictQuery<LinkedQuestion>,
) -> Result<Response, Problem> {
    let LinkedQuestion { lat, lon, as_of, uncertainty_m } = asked;
    let values = [None, lat, lon, as_of, uncertainty_m];
    if values.iter().any(Option::is_some) {
        // The page itself is for everybody, as it is where a key is given; an answer is not.
        require(&state, parts.extensions.get().cloned(), &parts.headers, Role::Lookup).await?;
    }
    answer(&state, &parts.uri, values).await
}

/// The page with the answer to its form: what is asked is in no URL
#[utoipa::path(post, path = "/", tag = "page",
    request_body(content = PageForm, content_type = "application/x-www-form-urlencoded", description = "The form",
        example = json!({ "place": "1200, boul. Saint-Laurent, Montréal" })),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"), PageProblems))]
pub async fn answer_form(
    Shared(state): Shared<Arc<State>>,
    uri: Uri,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
    AnyBytes(bytes): AnyBytes<MOST_FORM_BYTES>,
) -> Result<Response, Problem> {
    let text = std::str::from_utf8(&bytes).map_err(|_| fields::not_utf8())?;
    let PageForm { place, lat, lon, as_of, uncertainty_m } = fields::read_query(text)?;
    answer(&state, &uri, [place, lat, lon, as_of, uncertainty_m]).await
}

async fn answer(state: &Arc<State>, uri: &Uri, values: [Option<String>; 5]) -> Result<Response, Problem> {
    let (handle, language) = (Arc::clone(state), Language::asked(uri));
    state.run_lookup(move || page::answer_page(&handle, language, values)).await
}

/// The page's style
#[utoipa::path(get, path = "/style.css", tag = "page",
    responses((status = 200, description = "The style", body = String, content_type = "text/css"), Problems))]
pub async fn show_style(StrictQuery(NoParameters {}): StrictQuery<NoParameters>) -> Response {
    page::style()
}

/// The page's script
#[utoipa::path(get, path = "/page.js", tag = "page",
    responses((status = 200, description = "The script", body = String, content_type = "text/javascript"), Problems))]
pub async fn show_script(StrictQuery(NoParameters {}): StrictQuery<NoParameters>) -> Response {
    page::script()
}
