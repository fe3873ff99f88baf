//! `POST /v1/batch`: a file of rows in, the same rows with their territories out, both as they come.
//!
//! A client may send all of its file before it reads anything of the answer, as many do: what it has not read yet waits in a
//! [`Spool`], in a file that no name leads to once it is much. An answer that could not be given whole ends without its last
//! chunk, so that no client takes it for whole. Bodies are never logged.

use std::io::{self, BufWriter, Read, Write};
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use hyper::body::{Body as _, Frame};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};
use utoipa::IntoParams;

use crate::batch::{ArrowJob, BatchError, Checkpoint, Column, Encoding, Format, Job, NamedColumns, Options, Sink};
use crate::domain::{Date, EditionChoice, French as _};
use crate::files::Spool;
use crate::http::extract::{StrictQuery, check_encoding, media_type};
use crate::http::fields::edition_choice;
use crate::http::problem::{
    BATCH_REFUSED, BUSY, CONFLICTING_PARAMETERS, EDITION, FOREIGN_ORIGIN, INVALID_CHOICE, INVALID_NUMBER, OUT_OF_RANGE,
    Problem, TOO_LONG, UNKNOWN_CRS, UNSUPPORTED_MEDIA_TYPE, problems, sentence,
};
use crate::http::rate::Counted;
use crate::http::{State, systems};
use crate::tables::gzip::Gunzip;

/// Pieces of a body that may wait to be read.
const WAITING: usize = 4;
/// Bytes of an answer that may wait for a client that is still sending.
const MOST_SPOOLED: u64 = 4 << 30;

/// Bytes of a stream of Arrow that are sent together.
const PIECE: usize = 1 << 18;

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
    /// Column with the civic number, where the address stands in several.
    civic_column: Option<String>,
    /// Column with the suffix of the civic number.
    suffix_column: Option<String>,
    /// Column with the unit in the building.
    unit_column: Option<String>,
    /// Column with the street.
    street_column: Option<String>,
    /// Column with the city.
    city_column: Option<String>,
    /// Column with the province.
    province_column: Option<String>,
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
    /// Row that names the columns, from 1, rows that hold nothing not counted; found by itself where it is left out.
    #[param(minimum = 1)]
    header_row: Option<u64>,
    /// Give a row that is `ambiguous` the codes of its best candidate; they are left empty otherwise.
    fill_ambiguous: Option<bool>,
    /// Take positions as they are; the address of the same row is not held against them then.
    trust_coordinates: Option<bool>,
    /// Answer with the rows that are not resolved alone, with the candidates to choose from, for a person to settle; `columns`
    /// says nothing then.
    review: Option<bool>,
}

problems!(Problems: EDITION, &[INVALID_CHOICE, INVALID_NUMBER, OUT_OF_RANGE, BATCH_REFUSED, UNKNOWN_CRS, UNSUPPORTED_MEDIA_TYPE,
    FOREIGN_ORIGIN, BUSY, TOO_LONG]);

/// A file of rows in, the same rows with their territories out, both streamed, of any size
///
/// The body may be packed with gzip. The answer is of the type of the body. An answer that could not be given whole ends without its last chunk, so that no
/// client takes it for whole.
#[utoipa::path(post, path = "/v1/batch", tag = "places", params(BatchParameters),
    request_body(description = "The rows", content(
        (String = "text/csv", example = json!("lat,lon\n45.5088,-73.5542\n")),
        (String = "application/x-ndjson", example = json!("{\"lat\":45.5088,\"lon\":-73.5542}\n")),
        (String = "application/vnd.apache.arrow.stream", example = json!("(an Arrow IPC stream: schema, then record batches)")),
    )),
    responses(
        (status = 200, description = "The rows with their territories",
            content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<u8> = "application/vnd.apache.arrow.stream"))),
        Problems))]
pub async fn attach_rows(
    Shared(state): Shared<Arc<State>>,
    StrictQuery(asked): StrictQuery<BatchParameters>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let (options, choice) = parse_options(asked, &state, &parts.headers)?;
    check_packing(&parts.headers)?;
    let who = parts.extensions.get::<Counted>().cloned().unwrap_or(Counted::Address(Ipv4Addr::LOCALHOST.into()));
    let permit = state.batches.take(who)?;
    let pace = Pace { patience: state.options.body_timeout, least: state.options.least_pace };
    let ended = Arc::clone(state.queues.ended());
    let body_kind = kind_of(&parts.headers)?;
    let content_type = match body_kind {
        BodyKind::Rows(Format::Delimited) => "text/csv",
        BodyKind::Rows(Format::Ndjson) => "application/x-ndjson",
        BodyKind::Arrow => ARROW,
    };
    let (give_in, take_in) = mpsc::channel(WAITING);
    let review = options.review;
    let answer = Arc::new(Waiting::default());
    let given = Arc::clone(&answer);
    let (opened, is_open) = oneshot::channel();
    tokio::spawn(forward(body, give_in, pace));
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
        let mut pieces = Pieces { answer: &given, review, ended };
        // What goes wrong once a file is open has no status any more: the answer then stays without its end.
        let refuse = |error: &BatchError| Err(refused(error));
        let done = match body_kind {
            BodyKind::Rows(_) => match Job::open(&editions, reader, &options) {
                Ok(job) => {
                    opened.send(Ok(())).ok();
                    job.run(1, &mut pieces)
                }
                Err(error) => return drop(opened.send(refuse(&error))),
            },
            // Coordinate systems are for the command line only.
            BodyKind::Arrow => match ArrowJob::open(&editions, reader, &options, &|_| None) {
                Ok(job) => {
                    opened.send(Ok(())).ok();
                    job.run(1, &mut BufWriter::with_capacity(PIECE, &mut pieces), &mut |_| ())
                }
                Err(error) => return drop(opened.send(refuse(&error))),
            },
        };
        if let Ok(tally) = &done {
            handle.metrics.rows(tally);
        }
        given.end(if done.is_ok() { End::Whole } else { End::BrokenOff });
    });
    is_open.await.unwrap_or_else(|_| Err(Problem::internal()))?;
    let mut response = Response::new(Body::new(Outgoing(answer)));
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
        format: match kind_of(headers)? {
            BodyKind::Rows(format) => format,
            BodyKind::Arrow => Format::default(),
        },
        columns: columns.unwrap_or_else(Column::usual),
        named: NamedColumns {
            lat: asked.lat_column,
            lon: asked.lon_column,
            x: asked.x_column,
            y: asked.y_column,
            address: asked.address_column,
            civic: asked.civic_column,
            suffix: asked.suffix_column,
            unit: asked.unit_column,
            street: asked.street_column,
            city: asked.city_column,
            province: asked.province_column,
            postal_code: asked.postal_code_column,
            as_of: asked.as_of_column,
        },
        uncertainty_m: asked.uncertainty_m,
        encoding: encoding.transpose()?,
        projector,
        header_row: asked.header_row,
        fill_ambiguous: asked.fill_ambiguous.unwrap_or_default(),
        trust_points: asked.trust_coordinates.unwrap_or_default(),
        review: asked.review.unwrap_or_default(),
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

/// What a body is.
#[derive(Debug, Clone, Copy)]
enum BodyKind {
    Rows(Format),
    /// Record batches of Arrow.
    Arrow,
}

/// The media type of a stream of Arrow.
const ARROW: &str = "application/vnd.apache.arrow.stream";

fn kind_of(headers: &HeaderMap) -> Result<BodyKind, Problem> {
    match media_type(headers).as_str() {
        "text/csv" | "text/plain" | "text/tab-separated-values" | "application/csv" => {
            Ok(BodyKind::Rows(Format::Delimited))
        }
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(BodyKind::Rows(Format::Ndjson)),
        ARROW => Ok(BodyKind::Arrow),
        _ => Err(Problem::new(
            UNSUPPORTED_MEDIA_TYPE,
            "Le corps doit être annoncé comme « text/csv », « application/x-ndjson » ou « application/vnd.apache.arrow.stream ».",
            "the body must be declared as \"text/csv\", \"application/x-ndjson\" or \"application/vnd.apache.arrow.stream\"",
        )),
    }
}

/// A file that is refused before its first row. What the error holds are names of columns, for who sent them.
pub(super) fn refused(error: &BatchError) -> Problem {
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

/// How slowly a stream may go: whoever is waited for longer than this patience and the time that its bytes take at the least
/// pace holds a place that others want.
#[derive(Debug, Clone, Copy)]
struct Pace {
    patience: Duration,
    least: u64,
}

impl Pace {
    /// How long may still be waited for a stream that was waited for so long and has moved so many bytes.
    fn left(self, waited: Duration, bytes: u64) -> Duration {
        let allowed = self.patience + Duration::from_secs(bytes / self.least.max(1));
        self.patience.min(allowed.saturating_sub(waited))
    }
}

/// Hands a body on, piece by piece, at no less than a pace. The empty piece says that it came whole.
async fn forward(mut body: Body, pieces: mpsc::Sender<Bytes>, pace: Pace) {
    let (mut waited, mut bytes) = (Duration::ZERO, 0);
    loop {
        let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let started = Instant::now();
        let Ok(next) = tokio::time::timeout(pace.left(waited, bytes), next).await else { return };
        waited += started.elapsed();
        let piece = match next {
            None => Bytes::new(),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if !data.is_empty() => data,
                _ => continue,
            },
            Some(Err(_)) => return,
        };
        bytes += piece.len() as u64;
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

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum End {
    /// Not yet.
    #[default]
    Open,
    /// All of it is there.
    Whole,
    /// It goes no further, and is not whole.
    BrokenOff,
}

/// Bytes of an answer, between the thread that makes them and the client that reads them.
#[derive(Debug, Default)]
struct Waiting {
    inner: Mutex<Inner>,
    /// Told when the client has read some, or reads no more.
    read: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    spool: Spool,
    end: End,
    /// The client is gone.
    gone: bool,
    waker: Option<Waker>,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.lock();
        while !inner.gone && inner.spool.waiting() > MOST_SPOOLED {
            inner = self.read.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        if inner.gone {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        inner.spool.write(bytes)?;
        if let Some(waker) = inner.waker.take() {
            waker.wake();
        }
        Ok(())
    }

    fn end(&self, end: End) {
        let mut inner = self.lock();
        inner.end = end;
        if let Some(waker) = inner.waker.take() {
            waker.wake();
        }
    }
}

/// Where the rows go: all of them, or those to review.
struct Pieces<'a> {
    answer: &'a Waiting,
    review: bool,
    /// Set once the server has waited long enough.
    ended: Arc<AtomicBool>,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // An interrupted write would be tried again, without end.
        self.take(bytes).map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pieces<'_> {
    fn take(&self, bytes: &[u8]) -> io::Result<()> {
        if self.ended.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if bytes.is_empty() { Ok(()) } else { self.answer.write(bytes) }
    }
}

impl Sink for Pieces<'_> {
    fn write(&mut self, bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
        self.take(if self.review { &[] } else { bytes })
    }

    fn review(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.take(bytes)
    }
}

/// The answer's body.
struct Outgoing(Arc<Waiting>);

impl hyper::body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let mut inner = self.0.lock();
        match inner.spool.take() {
            Ok(Some(bytes)) => {
                self.0.read.notify_all();
                Poll::Ready(Some(Ok(Frame::data(bytes.into()))))
            }
            Err(error) => Poll::Ready(Some(Err(error))),
            Ok(None) => match inner.end {
                End::Whole => Poll::Ready(None),
                End::BrokenOff => Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into()))),
                End::Open => {
                    inner.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            },
        }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.0.lock().gone = true;
        self.0.read.notify_all();
    }
}
