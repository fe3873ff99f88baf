//! Problems as FHIR tells them.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::response::Response;
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use super::wire::{CodeableConcept, Coding, Issue, OperationOutcome};
use super::{JSON, PATH, PROBLEMS};
use crate::http::problem::{self, Code};
use crate::http::{Language, Problem};

/// Whether a path is one of FHIR, whatever there is at it.
pub fn is_fhir(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Something to say of a request.
pub fn issue(severity: &'static str, code: &'static str, problem: &Problem, language: Language) -> Issue {
    let words = language.pick(problem.code.french, problem.code.english);
    Issue {
        severity,
        code,
        details: CodeableConcept {
            coding: vec![Coding { system: PROBLEMS, code: problem.code.word, display: Some(words) }],
            text: Some(words.to_owned()),
        },
        diagnostics: language.pick(&problem.french, &problem.english).clone(),
        expression: problem.parameter.map(str::to_owned).into_iter().collect(),
    }
}

/// Writes a problem as an `OperationOutcome` into a response that has its status already.
pub fn write_outcome(problem: &Problem, response: &mut Response, language: Language) {
    problem.write(response, language);
    let code = match problem.code.status {
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        405 => "not-supported",
        408 => "timeout",
        409 => "conflict",
        413 | 414 => "too-long",
        429 | 503 => "transient",
        500.. => "exception",
        _ => "invalid",
    };
    let issue = vec![issue("error", code, problem, language)];
    let outcome = OperationOutcome { resource_type: "OperationOutcome", issue };
    *response.body_mut() = Body::from(serde_json::to_vec(&outcome).unwrap_or_default());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
}

/// The responses of an operation that meets these problems, as [`problem::responses`], told as `OperationOutcome`.
pub fn responses(groups: &[&[&'static Code]]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let mut all = problem::responses(groups);
    for response in all.values_mut() {
        if let RefOr::T(response) = response {
            response.content.clear();
            let outcome = ContentBuilder::new().schema(Some(Ref::from_schema_name("FhirOperationOutcome"))).build();
            response.content.insert(JSON.to_owned(), outcome.into());
        }
    }
    all
}

/// Names the problems of an operation of FHIR: a type for the `responses` of its description.
macro_rules! outcomes {
    ($name:ident: $($group:expr),* $(,)?) => {
        #[doc = "The problems that its operations meet."]
        pub struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::http::fhir::responses(&[$($group),*])
            }
        }
    };
}
pub(crate) use outcomes;
