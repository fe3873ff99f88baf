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
use axum::extract::{Request, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use hyper::body::{Body as _, Frame};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};
use utoipa::IntoParams;

use crate::batch::{BatchError, Checkpoint, Column, Encoding, Format, Job, NamedColumns, Options, Sink};
use crate::domain::{Date, EditionChoice, French as _};
use crate::http::extract::{StrictQuery, check_encoding, media_type};
use crate::http::fields::edition_choice;
use crate::http::problem::{
    BATCH_REFUSED, BUSY, CONFLICTING_PARAMETERS, EDITION, INVALID_NUMBER, OUT_OF_RANGE, Problem, UNKNOWN_CRS,
    UNSUPPORTED_MEDIA_TYPE, problems, sentence,
};
use crate::http::{State, systems};
use crate::tables::gzip::Gunzip;

/// Pieces of a body that may wait at each end.
const WAITING: usize = 4;

/// How a file is read and answered.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BatchParameters {
    /// Added columns, such as `status,clsc_code`; all of them where it is left out.
    columns: Option<String>,
    /// Column with the latitude; found by its usual names otherwise, as are the others.
    lat_column: Option<String>,
    /// Column with the longitude.
    lon_column: Option<String>,
    /// Coordinate system of x and y, such as `EPSG:32198`, where positions are projected.
    #[param(example = "EPSG:32198")]
    crs: Option<String>,
    /// Column with the easting, with `crs`.
    x_column: Option<String>,
    /// Column with the northing, with `crs`.
    y_column: Option<String>,
    /// Column with the address.
    address_column: Option<String>,
    /// Column with the postal code.
    postal_code_column: Option<String>,
    /// Day on which an edition holds; not with `edition`.
    #[param(value_type = Option<Date>)]
    as_of: Option<String>,
    /// Identifier of an edition, or `latest` for the newest; not with `as_of`. Neither: the one in force today in Québec.
    edition: Option<String>,
    /// Column with the day whose edition answers, row by row.
    as_of_column: Option<String>,
    /// Error of the positions, metres.
    #[param(minimum = 0, maximum = 100_000)]
    uncertainty_m: Option<f64>,
    /// `utf-8`, `windows-1252`, `utf-16le` or `utf-16be`, where it is not found by itself.
    encoding: Option<String>,
}

problems!(Problems: EDITION, &[INVALID_NUMBER, OUT_OF_RANGE, BATCH_REFUSED, UNKNOWN_CRS, UNSUPPORTED_MEDIA_TYPE, BUSY]);

/// A file of rows in, the same rows with their territories out, both streamed, of any size
///
/// The body may be packed with gzip. The answer is of the type of the body. An answer that could not be given whole ends without its last chunk, so that no
/// client takes it for whole.
#[utoipa::path(post, path = "/v1/batch", tag = "places", params(BatchParameters),
    request_body(description = "The rows", content(
        (String = "text/csv", example = json!("lat,lon\n45.5088,-73.5542\n")),
        (String = "application/x-ndjson", example = json!("{\"lat\":45.5088,\"lon\":-73.5542}\n")),
    )),
    responses(
        (status = 200, description = "The rows with their territories",
            content((String = "text/csv"), (String = "application/x-ndjson"))),
        Problems))]
pub async fn attach_rows(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(asked): StrictQuery<BatchParameters>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let (options, choice) = parse_options(asked, &state, &parts.headers)?;
    check_packing(&parts.headers)?;
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
    let handle = Arc::clone(&state);
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let reader = unpacked(Incoming { pieces: take_in, now: Bytes::new(), ended: false });
        let job = match Job::open(&editions, reader, &options) {
            Ok(job) => job,
            Err(error) => {
                opened.send(Err(refused(&error))).ok();
                return;
            }
        };
        opened.send(Ok(())).ok();
        // What goes wrong from here on has no status any more: the answer then stays without its end.
        if let Ok(tally) = job.run(1, &mut Pieces(give_out.clone())) {
            handle.metrics.rows(&tally);
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
fn parse_options(
    asked: BatchParameters,
    state: &State,
    headers: &HeaderMap,
) -> Result<(Options, Option<EditionChoice>), Problem> {
    if asked.as_of_column.is_some() && (asked.as_of.is_some() || asked.edition.is_some()) {
        return Err(Problem::new(
            CONFLICTING_PARAMETERS,
            "« as_of_column » donne déjà l'édition de chaque ligne : retirez « as_of » ou « edition ».",
            "\"as_of_column\" names the edition row by row: remove \"as_of\" or \"edition\"",
        )
        .about("as_of_column"));
    }
    let encoding = asked.encoding.map(|label| {
        Encoding::of_label(&label).ok_or_else(|| {
            Problem::new(
                BATCH_REFUSED,
                format!("L'encodage « {label} » est inconnu : utf-8, windows-1252, utf-16le ou utf-16be."),
                format!("unknown encoding \"{label}\": expected utf-8, windows-1252, utf-16le or utf-16be"),
            )
            .about("encoding")
        })
    });
    let projector = asked.crs.as_deref().map(|text| {
        let system = systems::code("crs", text)?.map(|code| state.system(code));
        // Longitude and latitude need none.
        system.map(|system| system.ok_or_else(|| systems::unknown("crs", text))).transpose()
    });
    let projector = projector.transpose()?.flatten().map(|system| system.projector);
    let columns = asked.columns.map(|list| Column::parse_list(&list).map_err(|error| refused(&error))).transpose()?;
    let choice = edition_choice(asked.as_of.as_deref(), asked.edition.as_deref(), state.today())?;
    let choice = if asked.as_of_column.is_some() { None } else { Some(choice) };
    let options = Options {
        format: format_of(headers)?,
        columns: columns.unwrap_or_else(Column::usual),
        named: NamedColumns {
            lat: asked.lat_column,
            lon: asked.lon_column,
            x: asked.x_column,
            y: asked.y_column,
            address: asked.address_column,
            postal_code: asked.postal_code_column,
            as_of: asked.as_of_column,
            ..NamedColumns::default()
        },
        uncertainty_m: asked.uncertainty_m,
        encoding: encoding.transpose()?,
        projector,
        ..Options::default()
    };
    Ok((options, choice))
}

/// Refuses a body that is packed with anything but gzip.
fn check_packing(headers: &HeaderMap) -> Result<(), Problem> {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    let is_gzip = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"gzip");
    if encodings.all(is_gzip) { Ok(()) } else { check_encoding(headers) }
}

/// A body as it was before it was packed: gzip is told by its first bytes, as in files.
fn unpacked(mut body: Incoming) -> Box<dyn Read + Send> {
    let mut first = Vec::with_capacity(2);
    // What fails here fails again where the body is read.
    body.by_ref().take(2).read_to_end(&mut first).ok();
    let packed = first.starts_with(&[0x1F, 0x8B]);
    let whole = io::Cursor::new(first).chain(body);
    if packed { Box::new(Gunzip::new(whole)) } else { Box::new(whole) }
}

fn format_of(headers: &HeaderMap) -> Result<Format, Problem> {
    match media_type(headers).as_str() {
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
        BatchError::NotATable { .. } => "Le corps n'est pas un tableau : du CSV ou du NDJSON est attendu.".to_owned(),
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
