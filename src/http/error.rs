//! Problem details (RFC 9457) from one table of codes.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

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
    INVALID_LANGUAGE = "invalid-language" 400 "Langue inconnue" "Unknown language";
    INVALID_CHOICE = "invalid-choice" 400 "Valeur inconnue" "Unknown value";
    INVALID_EDITION_LIST = "invalid-edition-list" 400 "Liste d'éditions invalide" "Invalid list of editions";
    MALFORMED_JSON = "malformed-json" 400 "JSON invalide" "Malformed JSON";
    INCOMPLETE_BODY = "incomplete-body" 400 "Corps incomplet" "Incomplete body";
    INVALID_QUESTION = "invalid-question" 400 "Question invalide" "Invalid question";
    INVALID_BASIS = "invalid-basis" 400 "Motif de rattachement invalide" "Invalid basis";
    INVALID_POSTAL_CODE = "invalid-postal-code" 400 "Code postal invalide" "Invalid postal code";
    NOT_LOOPBACK = "not-loopback" 403 "Réservé à la machine elle-même" "Reserved to the machine itself";
    NOT_FOUND = "not-found" 404 "Page inexistante" "No such page";
    UNKNOWN_LEVEL = "unknown-level" 404 "Niveau inconnu" "Unknown level";
    UNKNOWN_TERRITORY = "unknown-territory" 404 "Territoire inconnu" "Unknown territory";
    UNKNOWN_EDITION = "unknown-edition" 404 "Édition inconnue" "Unknown edition";
    UNKNOWN_REVISION = "unknown-revision" 404 "Révision inconnue" "Unknown revision";
    NO_EDITION = "no-edition" 404 "Aucune édition à cette date" "No edition on that date";
    UNKNOWN_INSTALLATION = "unknown-installation" 404 "Installation inconnue" "Unknown installation";
    METHOD_NOT_ALLOWED = "method-not-allowed" 405 "Méthode refusée" "Method not allowed";
    REQUEST_TIMEOUT = "request-timeout" 408 "Requête trop lente" "Request too slow";
    NO_ADDRESSES = "no-addresses" 409 "Atlas sans adresses" "Atlas without addresses";
    NO_ATLAS_FILE = "no-atlas-file" 409 "Aucun fichier à relire" "No file to read again";
    REVISION_CHANGED = "revision-changed" 409 "Révision changée entre-temps" "Revision changed meanwhile";
    REVISION_STATE = "revision-state" 409 "Impossible dans cet état" "Not possible in this state";
    BODY_TOO_LARGE = "body-too-large" 413 "Corps trop gros" "Body too large";
    TOO_MANY_QUESTIONS = "too-many-questions" 413 "Trop de questions" "Too many questions";
    URL_TOO_LONG = "url-too-long" 414 "Adresse trop longue" "URL too long";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type" 415 "Type de contenu refusé" "Unsupported media type";
    ATLAS_REFUSED = "atlas-refused" 422 "Atlas refusé" "Atlas refused";
    UNUSABLE_TABLE = "unusable-table" 422 "Tableau inutilisable" "Unusable table";
    NO_WEIGHTS = "no-weights" 422 "Poids inconnus" "Unknown weights";
    REVISION_REFUSED = "revision-refused" 422 "Révision refusée" "Revision refused";
    BATCH_REFUSED = "batch-refused" 422 "Fichier refusé" "File refused";
    REVISION_ALTERED = "revision-altered" 500 "Révision altérée" "Revision altered";
    INTERNAL = "internal" 500 "Erreur interne" "Internal error";
    NO_STORE = "no-store" 501 "Aucune révision gardée" "No store of revisions";
    BUSY = "busy" 503 "Serveur occupé" "Server busy";
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

/// A problem as it is sent.
#[derive(Serialize)]
pub(super) struct ProblemBody<'a> {
    /// Where the code is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code's title.
    pub title: &'static str,
    /// The code's status.
    pub status: u16,
    /// The code's word.
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

    /// The problem as a response.
    #[must_use]
    pub fn into_response(self, language: Language) -> Response {
        let bytes = serde_json::to_vec(&self.body(language)).unwrap_or_default();
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A part of a sentence as a sentence of its own.
pub(super) fn sentence(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}
