//! Problem details (RFC 9457) from one table of codes.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::openapi::{Content, ContentBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema, schema};
use utoipa::{PartialSchema, ToSchema};

use super::Language;
use crate::domain::French;

/// What went wrong, as a row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its word, the last part of the problem's `type`.
    pub word: &'static str,
    /// Its HTTP status.
    pub status: u16,
    /// Its title in French.
    pub french: &'static str,
    /// Its title in English.
    pub english: &'static str,
}

macro_rules! codes {
    ($($name:ident = $word:literal $status:literal $french:literal $english:literal;)*) => {
        $(
            #[doc = concat!($english, ".")]
            pub const $name: &Code = &Code { word: $word, status: $status, french: $french, english: $english };
        )*
        /// Every code, in order of status.
        pub const CODES: &[&Code] = &[$($name),*];
    };
}

codes! {
    MISSING_PARAMETER = "missing-parameter" 400 "Paramètre manquant" "Missing parameter";
    UNKNOWN_PARAMETER = "unknown-parameter" 400 "Paramètre inconnu" "Unknown parameter";
    REPEATED_PARAMETER = "repeated-parameter" 400 "Paramètre répété" "Repeated parameter";
    CONFLICTING_PARAMETERS = "conflicting-parameters" 400 "Paramètres incompatibles" "Conflicting parameters";
    MALFORMED_URL = "malformed-url" 400 "Adresse mal encodée" "Malformed URL encoding";
    INVALID_NUMBER = "invalid-number" 400 "Nombre invalide" "Invalid number";
    INVALID_DATE = "invalid-date" 400 "Date invalide" "Invalid date";
    OUT_OF_RANGE = "out-of-range" 400 "Valeur hors limites" "Value out of range";
    SWAPPED_COORDINATES = "swapped-coordinates" 400 "Latitude et longitude inversées" "Latitude and longitude swapped";
    INVALID_BBOX = "invalid-bbox" 400 "Rectangle invalide" "Invalid bounding box";
    UNKNOWN_CRS = "unknown-crs" 400 "Système de coordonnées inconnu" "Unknown coordinate system";
    INVALID_HOST = "invalid-host" 400 "Hôte manquant ou répété" "Missing or repeated host";
    INVALID_LANGUAGE = "invalid-language" 400 "Langue inconnue" "Unknown language";
    INVALID_CHOICE = "invalid-choice" 400 "Valeur inconnue" "Unknown value";
    INVALID_EDITION_LIST = "invalid-edition-list" 400 "Liste d'éditions invalide" "Invalid list of editions";
    MALFORMED_JSON = "malformed-json" 400 "JSON invalide" "Malformed JSON";
    INCOMPLETE_BODY = "incomplete-body" 400 "Corps incomplet" "Incomplete body";
    INVALID_QUESTION = "invalid-question" 400 "Question invalide" "Invalid question";
    INVALID_BASIS = "invalid-basis" 400 "Motif de rattachement invalide" "Invalid basis";
    INVALID_POSTAL_CODE = "invalid-postal-code" 400 "Code postal invalide" "Invalid postal code";
    KEY_NEEDED = "key-needed" 401 "Clé nécessaire" "Key needed";
    KEY_REFUSED = "key-refused" 401 "Clé refusée" "Key refused";
    ROLE_TOO_LOW = "role-too-low" 403 "Rôle insuffisant" "Role too low";
    OWN_REQUEST = "own-request" 403 "Décision sur sa propre demande" "Decision on one's own request";
    FOREIGN_ORIGIN = "foreign-origin" 403 "Page d'une autre origine" "Page of another origin";
    NOT_FOUND = "not-found" 404 "Page inexistante" "No such page";
    UNKNOWN_LEVEL = "unknown-level" 404 "Niveau inconnu" "Unknown level";
    UNKNOWN_TERRITORY = "unknown-territory" 404 "Territoire inconnu" "Unknown territory";
    UNKNOWN_EDITION = "unknown-edition" 404 "Édition inconnue" "Unknown edition";
    UNKNOWN_REVISION = "unknown-revision" 404 "Révision inconnue" "Unknown revision";
    NO_STORE = "no-store" 404 "Aucune révision gardée" "No store of revisions";
    NO_EDITION = "no-edition" 404 "Aucune édition à cette date" "No edition on that date";
    UNKNOWN_INSTALLATION = "unknown-installation" 404 "Installation inconnue" "Unknown installation";
    METHOD_NOT_ALLOWED = "method-not-allowed" 405 "Méthode refusée" "Method not allowed";
    REQUEST_TIMEOUT = "request-timeout" 408 "Requête trop lente" "Request too slow";
    NO_ADDRESSES = "no-addresses" 409 "Atlas sans adresses" "Atlas without addresses";
    NO_ATLAS_FILE = "no-atlas-file" 409 "Aucun fichier à relire" "No file to read again";
    QUOTA = "quota" 409 "Quota atteint" "Quota reached";
    REVISION_CHANGED = "revision-changed" 409 "Révision changée entre-temps" "Revision changed meanwhile";
    REVISION_STATE = "revision-state" 409 "Impossible dans cet état" "Not possible in this state";
    UNACCEPTED_WARNINGS = "unaccepted-warnings" 409 "Avertissements non acceptés" "Warnings not accepted";
    BODY_TOO_LARGE = "body-too-large" 413 "Corps trop gros" "Body too large";
    TABLE_TOO_LARGE = "table-too-large" 413 "Tableau trop grand" "Table too large";
    TOO_MANY_QUESTIONS = "too-many-questions" 413 "Trop de questions" "Too many questions";
    URL_TOO_LONG = "url-too-long" 414 "Adresse trop longue" "URL too long";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type" 415 "Type de contenu refusé" "Unsupported media type";
    UNKNOWN_HOST = "unknown-host" 421 "Nom inconnu du service" "Name unknown to the service";
    ATLAS_REFUSED = "atlas-refused" 422 "Atlas refusé" "Atlas refused";
    UNUSABLE_TABLE = "unusable-table" 422 "Tableau inutilisable" "Unusable table";
    NO_WEIGHTS = "no-weights" 422 "Poids inconnus" "Unknown weights";
    REVISION_REFUSED = "revision-refused" 422 "Révision refusée" "Revision refused";
    BATCH_REFUSED = "batch-refused" 422 "Fichier refusé" "File refused";
    TOO_MANY_REQUESTS = "too-many-requests" 429 "Trop de requêtes" "Too many requests";
    REVISION_ALTERED = "revision-altered" 500 "Révision altérée" "Revision altered";
    INTERNAL = "internal" 500 "Erreur interne" "Internal error";
    BUSY = "busy" 503 "Serveur occupé" "Server busy";
    TOO_LONG = "too-long" 503 "Trop long" "Takes too long";
    STOPPING = "stopping" 503 "Arrêt en cours" "Shutting down";
}

/// One thing that went wrong, for who asked.
///
/// It may hold a value of the question, so it goes to the caller and nowhere else: it has no `Display` and is no `Error`.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row of the table.
    pub code: &'static Code,
    /// What happened and what to do, in French.
    pub french: String,
    /// What happened and what to do, in English.
    pub english: String,
    /// The parameter or field concerned.
    pub parameter: Option<&'static str>,
}

/// What went wrong, as problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    /// The code's title.
    pub title: &'static str,
    /// The code's status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The code's word.
    #[schema(value_type = ProblemWord)]
    pub code: &'static str,
    /// What happened and what to do.
    pub detail: &'a str,
    /// The parameter or field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<&'static str>,
}

impl Problem {
    /// A problem with its details.
    #[must_use]
    pub fn new(code: &'static Code, french: impl Into<String>, english: impl Into<String>) -> Self {
        Self { code, french: french.into(), english: english.into(), parameter: None }
    }

    /// A problem that an error tells in French by itself, as a sentence.
    #[must_use]
    pub fn told(code: &'static Code, error: &impl French, english: impl Into<String>) -> Self {
        Self::new(code, sentence(&error.french()), english)
    }

    /// The same, about a parameter or field.
    #[must_use]
    pub fn about(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// What is said when the inside has failed: nothing of it.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            INTERNAL,
            "Le serveur n'a pas pu répondre ; ce n'est pas la question qui est en cause.",
            "The server could not answer; the question is not to blame.",
        )
    }

    pub(super) fn body(&self, language: Language) -> ProblemBody<'_> {
        ProblemBody {
            kind: format!("/v1/problems/{}", self.code.word),
            title: language.pick(self.code.french, self.code.english),
            status: self.code.status,
            code: self.code.word,
            detail: language.pick(&self.french, &self.english),
            parameter: self.parameter,
        }
    }

    /// Writes the problem into a response, whose other headers stay.
    pub(super) fn write(&self, response: &mut Response, language: Language) {
        *response.body_mut() = Body::from(serde_json::to_vec(&self.body(language)).unwrap_or_default());
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.code.status == 401 {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"rattache\""));
        }
        if matches!(self.code.status, 429 | 503) {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
    }

    /// The problem as a response.
    pub(super) fn to_response(&self, language: Language) -> Response {
        let mut response = Response::new(Body::empty());
        self.write(&mut response, language);
        response
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A response that holds the problem aside: the layer around all routes knows the language and writes it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

/// The word of a code, as the description lists them.
pub struct ProblemWord;

impl PartialSchema for ProblemWord {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(schema::Type::String)
            .description(Some("The code of a problem"))
            .enum_values(Some(CODES.iter().map(|code| code.word)))
            .into()
    }
}

impl ToSchema for ProblemWord {}

/// What any request may meet.
pub const ANY: &[&Code] = &[
    MALFORMED_URL,
    UNKNOWN_PARAMETER,
    REPEATED_PARAMETER,
    INVALID_LANGUAGE,
    INVALID_HOST,
    URL_TOO_LONG,
    UNKNOWN_HOST,
    INTERNAL,
];
/// What a request may meet wherever a role is needed.
pub const ROLE: &[&Code] = &[KEY_NEEDED, KEY_REFUSED, ROLE_TOO_LOW, TOO_MANY_REQUESTS, BUSY];
/// What work away from the threads of connections may meet.
pub const HEAVY: &[&Code] = &[BUSY, TOO_LONG];
/// What choosing an edition, of the atlas or of the store, may meet.
pub const EDITION: &[&Code] = &[
    CONFLICTING_PARAMETERS,
    INVALID_DATE,
    UNKNOWN_EDITION,
    NO_EDITION,
    UNKNOWN_REVISION,
    REVISION_REFUSED,
    REVISION_ALTERED,
];
/// What naming a place may meet.
pub const PLACE: &[&Code] = &[
    MISSING_PARAMETER,
    CONFLICTING_PARAMETERS,
    INVALID_NUMBER,
    OUT_OF_RANGE,
    SWAPPED_COORDINATES,
    INVALID_BASIS,
    INVALID_POSTAL_CODE,
    UNKNOWN_INSTALLATION,
    NO_ADDRESSES,
];
/// What reading a body may meet.
pub const BODY: &[&Code] =
    &[INCOMPLETE_BODY, FOREIGN_ORIGIN, REQUEST_TIMEOUT, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, BUSY];
/// What reading a body as JSON may meet.
pub const JSON: &[&Code] = &[MALFORMED_JSON, INVALID_QUESTION, MISSING_PARAMETER, INVALID_NUMBER, INVALID_CHOICE];

/// The responses of an operation that meets these problems, beside those that any request meets.
///
/// Each names its codes in its description and, for programs, in `x-problem-codes`.
pub fn responses(groups: &[&[&'static Code]]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let mut by_status: BTreeMap<u16, Vec<&'static Code>> = BTreeMap::new();
    for code in std::iter::once(&ANY).chain(groups).copied().flatten() {
        let known = by_status.entry(code.status).or_default();
        if !known.contains(code) {
            known.push(code);
        }
    }
    let response = |codes: &[&'static Code]| {
        let words: Vec<&str> = codes.iter().map(|code| code.word).collect();
        let titles: Vec<String> = codes.iter().map(|code| format!("{} (`{}`)", code.english, code.word)).collect();
        ResponseBuilder::new()
            .description(titles.join("; "))
            .content("application/problem+json", problem_content())
            .extensions(Some([("x-problem-codes".to_owned(), json!(words))].into_iter().collect()))
            .build()
    };
    by_status.iter().map(|(status, codes)| (status.to_string(), response(codes).into())).collect()
}

fn problem_content() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}

/// Names the problems of an operation: a type for the `responses` of its description.
macro_rules! problems {
    ($name:ident: $($group:expr),* $(,)?) => {
        #[doc = "The problems that its operations meet."]
        pub struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::http::problem::responses(&[$($group),*])
            }
        }
    };
}
pub(super) use problems;

/// A part of a sentence as a sentence of its own.
pub(super) fn sentence(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}
