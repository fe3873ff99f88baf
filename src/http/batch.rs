//! `POST /v1/batch`: a file of rows in, the same rows with their territories out, both as they come.
//!
//! Nothing is kept but a few chunks: a client that reads slowly makes the reading of its own body slow. An answer that could
//! not be given whole ends without its last chunk, so that no client takes it for whole. Bodies are never logged.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use hyper::body::{Body as _, Frame};
use tokio::sync::{mpsc, oneshot};

use super::error::{BATCH_REFUSED, BUSY, Problem, UNSUPPORTED_MEDIA_TYPE, sentence};
use super::parameters::{edition_choice, number, read};
use super::{State, error::CONFLICTING_PARAMETERS};
use crate::batch::{BatchError, Checkpoint, Column, Encoding, Format, Job, NamedColumns, Options, Sink};
use crate::domain::{Date, EditionChoice, French as _};

/// Pieces of a body that may wait at each end.
const WAITING: usize = 4;

/// `POST /v1/batch?columns=&lat_column=&lon_column=&address_column=&postal_code_column=&as_of=|&edition=|&as_of_column=
/// &uncertainty_m=&encoding=`, with a body of `text/csv` or `application/x-ndjson`.
pub async fn attach_rows(state: &Arc<State>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let (options, choice) = parse_options(parts, state.today())?;
    let wait = tokio::time::timeout(Duration::from_secs(20), Arc::clone(&state.batches).acquire_owned());
    let Ok(Ok(permit)) = wait.await else {
        return Err(Problem::new(
            BUSY,
            "Trop de fichiers sont en cours : réessayez plus tard.",
            "too many files are under way: try again later",
        ));
    };
    let content_type = match options.format {
        Format::Delimited => "text/csv",
        Format::Ndjson => "application/x-ndjson",
    };
    let (give_in, take_in) = mpsc::channel(WAITING);
    let (give_out, take_out) = mpsc::channel(WAITING);
    let (opened, is_open) = oneshot::channel();
    tokio::spawn(forward(body, give_in, state.options.body_timeout));
    let served = state.served();
    // Carrying out a revision takes longer than this thread may.
    let editions = state
        .run_heavy(move || {
            let timetable = served.timetable()?;
            Ok(match choice {
                Some(choice) => timetable.for_rows(&choice)?,
                None => timetable.for_days()?,
            })
        })
        .await?;
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let reader = Incoming { pieces: take_in, now: Bytes::new(), ended: false };
        let job = match Job::open(&editions, reader, &options) {
            Ok(job) => job,
            Err(error) => {
                opened.send(Err(refused(&error))).ok();
                return;
            }
        };
        opened.send(Ok(())).ok();
        // What goes wrong from here on has no status any more: the answer then stays without its end.
        if job.run(1, &mut Pieces(give_out.clone())).is_ok() {
            give_out.blocking_send(None).ok();
        }
    });
    is_open.await.unwrap_or_else(|_| Err(Problem::internal()))?;
    let mut response = Response::new(Body::new(Outgoing { pieces: take_out, ended: false }));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// How rows are read, and the edition that answers them; none where each row names its day.
fn parse_options(parts: &Parts, today: Date) -> Result<(Options, Option<EditionChoice>), Problem> {
    let [columns, lat, lon, address, postal_code, as_of, edition, as_of_column, uncertainty, encoding] = read(
        parts.uri.query(),
        [
            "columns",
            "lat_column",
            "lon_column",
            "address_column",
            "postal_code_column",
            "as_of",
            "edition",
            "as_of_column",
            "uncertainty_m",
            "encoding",
        ],
    )?;
    if as_of_column.is_some() && (as_of.is_some() || edition.is_some()) {
        return Err(Problem::new(
            CONFLICTING_PARAMETERS,
            "« as_of_column » donne déjà l'édition de chaque ligne : retirez « as_of » ou « edition ».",
            "\"as_of_column\" names the edition row by row: remove \"as_of\" or \"edition\"",
        )
        .about("as_of_column"));
    }
    let encoding = encoding.map(|label| {
        Encoding::find(&label).ok_or_else(|| {
            Problem::new(
                BATCH_REFUSED,
                format!("L'encodage « {label} » est inconnu : utf-8, windows-1252, utf-16le ou utf-16be."),
                format!("unknown encoding \"{label}\": expected utf-8, windows-1252, utf-16le or utf-16be"),
            )
            .about("encoding")
        })
    });
    let owned = |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned);
    let columns = columns.map(|list| Column::parse_list(&list).map_err(|error| refused(&error))).transpose()?;
    let choice = edition_choice(as_of.as_deref(), edition.as_deref(), today)?;
    let choice = if as_of_column.is_some() { None } else { Some(choice) };
    let options = Options {
        format: format_of(&parts.headers)?,
        columns: columns.unwrap_or_else(|| Column::ALL.to_vec()),
        named: NamedColumns {
            lat: owned(lat),
            lon: owned(lon),
            address: owned(address),
            postal_code: owned(postal_code),
            as_of: owned(as_of_column),
            ..NamedColumns::default()
        },
        uncertainty_m: uncertainty.map(|value| number("uncertainty_m", &value)).transpose()?,
        encoding: encoding.transpose()?,
        ..Options::default()
    };
    Ok((options, choice))
}

fn format_of(headers: &HeaderMap) -> Result<Format, Problem> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/csv" | "text/plain" | "text/tab-separated-values" | "application/csv" => Ok(Format::Delimited),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Format::Ndjson),
        _ => Err(Problem::new(
            UNSUPPORTED_MEDIA_TYPE,
            "Le corps doit être annoncé comme « text/csv » ou « application/x-ndjson ».",
            "the body must be declared as \"text/csv\" or \"application/x-ndjson\"",
        )),
    }
}

/// A file that is refused before its first row. What the error holds are names of columns, for who sent them.
fn refused(error: &BatchError) -> Problem {
    let french = match error {
        BatchError::Empty => "Le corps est vide : un en-tête et des lignes sont attendus.".to_owned(),
        BatchError::NotATable => "Le corps n'est pas un tableau : du CSV ou du NDJSON est attendu.".to_owned(),
        BatchError::NoUsableColumn { found } => format!(
            "Aucune colonne utilisable parmi {found} : latitude et longitude, ou une adresse, sont attendues ; nommez-les avec lat_column, lon_column, address_column."
        ),
        BatchError::NoAddressRegistry { .. } => {
            "Le fichier n'a que des adresses, et cet atlas n'a pas de registre d'adresses.".to_owned()
        }
        other => sentence(&other.french()),
    };
    match error {
        BatchError::Uncertainty { value } => crate::resolve::QueryError::Uncertainty { value: *value }.into(),
        BatchError::Read(_) => Problem::new(
            BATCH_REFUSED,
            "Le corps de la requête n'est pas arrivé à temps ou en entier.",
            "the body of the request did not arrive in time or whole",
        ),
        error => Problem::new(BATCH_REFUSED, french, error.to_string()),
    }
}

/// Hands a body on, piece by piece; each may take so long to come. The empty piece says that it came whole.
async fn forward(mut body: Body, pieces: mpsc::Sender<Bytes>, patience: Duration) {
    loop {
        let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let Ok(next) = tokio::time::timeout(patience, next).await else { return };
        let piece = match next {
            None => Bytes::new(),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if !data.is_empty() => data,
                _ => continue,
            },
            Some(Err(_)) => return,
        };
        let is_end = piece.is_empty();
        if pieces.send(piece).await.is_err() || is_end {
            return;
        }
    }
}

/// A body as a reader, for a thread that may wait.
struct Incoming {
    pieces: mpsc::Receiver<Bytes>,
    now: Bytes,
    ended: bool,
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.now.is_empty() && !self.ended {
            self.now = self.pieces.blocking_recv().ok_or(io::ErrorKind::UnexpectedEof)?;
            self.ended = self.now.is_empty();
        }
        let count = buffer.len().min(self.now.len());
        buffer[..count].copy_from_slice(&self.now.split_to(count));
        Ok(count)
    }
}

/// Where the rows go: `None` says that they are all there.
struct Pieces(mpsc::Sender<Option<Bytes>>);

impl Sink for Pieces {
    fn write(&mut self, bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let piece = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Some(piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// The answer's body.
struct Outgoing {
    pieces: mpsc::Receiver<Option<Bytes>>,
    ended: bool,
}

impl hyper::body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        self.pieces.poll_recv(context).map(|piece| match piece {
            Some(Some(bytes)) => Some(Ok(Frame::data(bytes))),
            Some(None) => {
                self.ended = true;
                None
            }
            None => {
                self.ended = true;
                Some(Err(io::ErrorKind::UnexpectedEof.into()))
            }
        })
    }
}
