//! `/v1/editions/{a}/changes/{b}`, `/v1/editions/{a}/crosswalk/{b}`, `/v1/series/check` and `/v1/series/bridge`.
//!
//! The answers are those of the command line: the same types, and the same bytes in CSV. Nothing of a table is kept or logged.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use super::error::{INVALID_CHOICE, OUT_OF_RANGE, Problem, UNSUPPORTED_MEDIA_TYPE};
use super::parameters::{missing_value, number, read};
use super::router::segment;
use super::{Served, State, admin, reply};
use crate::catalogue::{
    BridgeAnswer, ChangesAnswer, CheckAnswer, Comparison, CrosswalkAnswer, EditionList, Timetable, parse_editions,
    write_bridge_csv, write_changes_csv, write_check_csv, write_crosswalk_csv,
};
use crate::domain::{EditionError, Level};
use crate::series::{
    Basis, BridgeOptions, CheckOptions, Crosswalk, Measure, SeriesFinding, Table, TableOptions, bridge, check,
};

/// Largest table of values, bytes.
pub const MOST_TABLE_BYTES: usize = 32 << 20;
/// What a table that was posted is called in findings.
const BODY: &str = "body";

/// JSON or CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

impl Format {
    /// The `format` parameter, else CSV where `Accept` names it before JSON, else JSON.
    fn of(parameter: Option<&str>, headers: &HeaderMap) -> Result<Self, Problem> {
        match parameter {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some(other) => Err(unknown_choice("format", other, "json, csv")),
            None => {
                let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
                let kinds =
                    accepted.flat_map(|value| value.split(',')).map(|kind| kind.split(';').next().unwrap_or(""));
                let first = kinds.map(str::trim).find(|kind| matches!(*kind, "text/csv" | "application/json" | "*/*"));
                Ok(if first == Some("text/csv") { Self::Csv } else { Self::Json })
            }
        }
    }

    fn reply(self, bytes: Vec<u8>) -> Response {
        let kind = if self == Self::Csv { "text/csv; charset=utf-8" } else { "application/json" };
        let mut response = reply::bytes(bytes, kind);
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        response
    }
}

fn unknown_choice(name: &'static str, value: &str, expected: &str) -> Problem {
    Problem::new(
        INVALID_CHOICE,
        format!("{name} « {value} » est inconnu : {expected}."),
        format!("unknown {name} \"{value}\": expected one of {expected}"),
    )
    .about(name)
}

fn wanted_level(word: Option<&str>) -> Result<Level, Problem> {
    Ok(word.map(str::parse::<Level>).transpose()?.unwrap_or(Level::Clsc))
}

fn wanted_basis(word: Option<&str>) -> Result<Basis, Problem> {
    let Some(word) = word else { return Ok(Basis::Population) };
    Basis::find(word).ok_or_else(|| unknown_choice("weights", word, "population, addresses, dwellings, area"))
}

/// `GET /v1/editions/{a}/changes/{b}[?level=][&format=]`.
pub async fn show_changes(state: &Arc<State>, parts: &Parts) -> Result<Response, Problem> {
    let [level, format] = read(parts.uri.query(), ["level", "format"])?;
    let level = wanted_level(level.as_deref())?;
    let format = Format::of(format.as_deref(), &parts.headers)?;
    let mut names = [segment(parts, 2)?.into_owned(), segment(parts, 4)?.into_owned()];
    let served = state.served();
    let work = move || {
        let setting = Comparison::new(&named(&served, &mut names)?, &names, Basis::Population)?;
        let timeline = setting.timeline();
        let (from, to) = (setting.place(&timeline, 0), setting.place(&timeline, 1));
        let changes = timeline.changes(level, from, to)?;
        match format {
            Format::Json => {
                reply::to_bytes(&ChangesAnswer::new(&changes, &setting.joined, setting.units_without_people))
            }
            Format::Csv => csv_bytes(|out| write_changes_csv(&changes, out)),
        }
    };
    Ok(format.reply(state.run_heavy(work).await?))
}

/// `GET /v1/editions/{a}/crosswalk/{b}[?level=][&weights=][&format=]`.
pub async fn show_crosswalk(state: &Arc<State>, parts: &Parts) -> Result<Response, Problem> {
    let [level, weights, format] = read(parts.uri.query(), ["level", "weights", "format"])?;
    let level = wanted_level(level.as_deref())?;
    let basis = wanted_basis(weights.as_deref())?;
    let format = Format::of(format.as_deref(), &parts.headers)?;
    let mut names = [segment(parts, 2)?.into_owned(), segment(parts, 4)?.into_owned()];
    let served = state.served();
    let work = move || {
        let setting = Comparison::new(&named(&served, &mut names)?, &names, basis)?;
        let timeline = setting.timeline();
        let (from, to) = (setting.place(&timeline, 0), setting.place(&timeline, 1));
        let crosswalk = Crosswalk::new(&timeline, level, from, to, basis)?;
        match format {
            Format::Json => {
                reply::to_bytes(&CrosswalkAnswer::new(&crosswalk, &setting.joined, setting.units_without_people, None))
            }
            Format::Csv => csv_bytes(|out| write_crosswalk_csv(&crosswalk, out)),
        }
    };
    Ok(format.reply(state.run_heavy(work).await?))
}

/// The editions at this moment, each name brought to the identifier of its edition.
fn named<'a>(served: &Served, names: impl IntoIterator<Item = &'a mut String>) -> Result<Timetable, Problem> {
    let timetable = served.timetable()?;
    for name in names {
        *name = timetable.id_of(name)?;
    }
    Ok(timetable)
}

fn csv_bytes(write: impl FnOnce(&mut dyn std::io::Write) -> Result<(), csv::Error>) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    write(&mut out).map_err(|_| Problem::internal())?;
    Ok(out)
}

/// What a posted table is asked about.
struct Asked {
    options: TableOptions,
    list: EditionList,
    target: Option<String>,
    format: Format,
}

impl Asked {
    fn read(values: [Option<&str>; 5], headers: &HeaderMap) -> Result<Self, Problem> {
        let [to, editions, level, measure, format] = values;
        let measure = measure
            .map(|word| match word {
                "count" => Ok(Measure::Count),
                "rate" => Ok(Measure::Rate),
                "median" => Ok(Measure::Median),
                other => Err(unknown_choice("measure", other, "count, rate, median")),
            })
            .transpose()?;
        let level = level.map(str::parse::<Level>).transpose()?;
        let list = editions.map(parse_editions).transpose()?.unwrap_or_default().with_target(to);
        Ok(Self {
            options: TableOptions { level, measure },
            list,
            target: to.map(str::to_owned),
            format: Format::of(format, headers)?,
        })
    }
}

/// A posted table in its setting. Rows of level `da` in it are counts by unit.
struct Posted {
    table: Table,
    setting: Comparison,
    asked: Asked,
}

impl Posted {
    fn new(served: &Served, bytes: &[u8], mut asked: Asked, basis: Basis) -> Result<Self, Problem> {
        let EditionList { names, coded_in } = &mut asked.list;
        let all = names.iter_mut().chain(coded_in.values_mut()).chain(&mut asked.target);
        let timetable = named(served, all)?;
        let setting = Comparison::new(&timetable, &asked.list.names, basis)?;
        if setting.timeline().editions.is_empty() {
            return Err(EditionError::None.into());
        }
        let table = Table::read(bytes, BODY, &asked.options)?;
        Ok(Self { table, setting, asked })
    }

    fn by_unit(&self) -> Option<&Table> {
        self.table.cells.iter().any(|cell| cell.level == Level::Da).then_some(&self.table)
    }
}

/// `POST /v1/series/check[?to=][&editions=][&level=][&measure=][&format=]` with a table (CSV).
pub async fn check_series(state: &Arc<State>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let [to, editions, level, measure, format] =
        read(parts.uri.query(), ["to", "editions", "level", "measure", "format"])?;
    let values = [to.as_deref(), editions.as_deref(), level.as_deref(), measure.as_deref(), format.as_deref()];
    let asked = Asked::read(values, &parts.headers)?;
    let format = asked.format;
    let bytes = read_table_body(state, parts, body).await?;
    let (served, today) = (state.served(), state.today());
    let work = move || {
        let posted = Posted::new(&served, &bytes, asked, Basis::Population)?;
        let (table, setting) = (&posted.table, &posted.setting);
        let timeline = setting.timeline();
        let target = setting.target(&timeline, posted.asked.target.as_deref(), today)?;
        let options = CheckOptions {
            coded_in: posted.asked.list.coded_in.clone(),
            by_unit: posted.by_unit(),
            units: setting.units(&timeline, target),
            ..CheckOptions::default()
        };
        let checked = check(table, &timeline, target, &options)?;
        let bytes = match format {
            Format::Json => {
                reply::to_bytes(&CheckAnswer::new(table, &checked, &setting.joined, setting.units_without_people))?
            }
            Format::Csv => csv_bytes(|out| write_check_csv(table, &checked, out))?,
        };
        Ok(counted(format.reply(bytes), table, &checked.findings))
    };
    state.run_heavy(work).await
}

/// `POST /v1/series/bridge?to=[&editions=][&level=][&measure=][&weights=][&rate_per=][&format=]` with a table (CSV).
pub async fn bridge_series(state: &Arc<State>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let [to, editions, level, measure, weights, rate_per, format] =
        read(parts.uri.query(), ["to", "editions", "level", "measure", "weights", "rate_per", "format"])?;
    if to.is_none() {
        return Err(missing_value("to", "to=2022-04-01"));
    }
    let basis = wanted_basis(weights.as_deref())?;
    let rate_per = rate_per.map(|text| positive("rate_per", &text)).transpose()?;
    let values = [to.as_deref(), editions.as_deref(), level.as_deref(), measure.as_deref(), format.as_deref()];
    let asked = Asked::read(values, &parts.headers)?;
    let format = asked.format;
    let bytes = read_table_body(state, parts, body).await?;
    let (served, today) = (state.served(), state.today());
    let work = move || {
        let posted = Posted::new(&served, &bytes, asked, basis)?;
        let (table, setting) = (&posted.table, &posted.setting);
        let timeline = setting.timeline();
        let target = setting.target(&timeline, posted.asked.target.as_deref(), today)?;
        let options = BridgeOptions {
            coded_in: posted.asked.list.coded_in.clone(),
            by_unit: posted.by_unit(),
            units: setting.units(&timeline, target),
            basis,
            rate_per,
            ..BridgeOptions::default()
        };
        let bridged = bridge(table, &timeline, target, &options)?;
        let place = (&timeline, target);
        let bytes = match format {
            Format::Json => reply::to_bytes(&BridgeAnswer::new(table, place, &bridged, setting))?,
            Format::Csv => csv_bytes(|out| write_bridge_csv(table, place, &bridged, out))?,
        };
        Ok(counted(format.reply(bytes), table, &bridged.findings))
    };
    state.run_heavy(work).await
}

fn positive(name: &'static str, text: &str) -> Result<f64, Problem> {
    let value = number(name, text)?;
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(Problem::new(
        OUT_OF_RANGE,
        format!("{name} « {text} » doit être au-dessus de 0, par exemple 100000."),
        format!("{name} \"{text}\" must be above 0, such as 100000"),
    )
    .about(name))
}

/// What became of the values, in headers, so that CSV drops nothing in silence either.
fn counted(mut response: Response, table: &Table, findings: &[SeriesFinding]) -> Response {
    let counts = [
        ("rattache-values", table.counts.values),
        ("rattache-kept", table.counts.kept),
        ("rattache-set-aside", table.counts.set_aside),
        ("rattache-findings", (table.findings.len() + findings.len()) as u64),
    ];
    for (name, count) in counts {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(count));
    }
    response
}

async fn read_table_body(state: &State, parts: &Parts, body: Body) -> Result<axum::body::Bytes, Problem> {
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/csv");
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(
        kind.as_str(),
        "text/csv" | "application/csv" | "text/plain" | "text/tab-separated-values" | "application/octet-stream"
    ) {
        return Err(Problem::new(
            UNSUPPORTED_MEDIA_TYPE,
            "Le corps doit être un tableau CSV : « Content-Type: text/csv ».",
            "the body must be a table in CSV: \"Content-Type: text/csv\"",
        ));
    }
    admin::read_body(state, parts, body, MOST_TABLE_BYTES).await
}
