//! `/v1/problems`: what the codes of problems mean.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::extract::{NoParameters, StrictPath, StrictQuery};
use crate::http::problem::{CODES, Code, NOT_FOUND, Problem, ProblemWord, problems};
use crate::http::reply;

/// A code of problem details.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemCode {
    /// Where it is explained: the `type` of its problems.
    #[serde(rename = "type")]
    kind: String,
    /// Its word.
    #[schema(value_type = ProblemWord)]
    code: &'static str,
    /// Its HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What it means.
    title: ProblemTitle,
}

/// What a code means, in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemTitle {
    /// In French.
    fr: &'static str,
    /// In English.
    en: &'static str,
}

/// Which code.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CodePath {
    /// The word of a code.
    #[param(value_type = ProblemWord)]
    code: String,
}

problems!(Problems:);
problems!(OneProblems: &[NOT_FOUND]);

/// Every code of problem details
#[utoipa::path(get, path = "/v1/problems", tag = "service",
    responses((status = 200, description = "The codes, in order of status", body = Vec<ProblemCode>), Problems))]
pub async fn list_problems(StrictQuery(NoParameters {}): StrictQuery<NoParameters>) -> Result<Response, Problem> {
    reply::json(&CODES.iter().map(|code| entry(code)).collect::<Vec<_>>())
}

/// What a code means: where the `type` of a problem leads
#[utoipa::path(get, path = "/v1/problems/{code}", tag = "service", params(CodePath),
    responses((status = 200, description = "The code", body = ProblemCode), OneProblems))]
pub async fn show_problem(
    StrictPath(CodePath { code: word }): StrictPath<CodePath>,
    StrictQuery(NoParameters {}): StrictQuery<NoParameters>,
) -> Result<Response, Problem> {
    let code = CODES.iter().find(|code| code.word == word).ok_or_else(|| {
        Problem::new(
            NOT_FOUND,
            format!("Le code de problème « {word} » est inconnu : la liste est à /v1/problems."),
            format!("unknown problem code \"{word}\": the list is at /v1/problems"),
        )
    })?;
    reply::json(&entry(code))
}

fn entry(code: &'static Code) -> ProblemCode {
    ProblemCode {
        kind: format!("/v1/problems/{}", code.word),
        code: code.word,
        status: code.status,
        title: ProblemTitle { fr: code.french, en: code.english },
    }
}
