//! `/v1/editions/{a}/changes/{b}`, `/v1/editions/{a}/crosswalk/{b}`, `/v1/series/check` and `/v1/series/bridge`.
//!
//! The answers are those of the command line: the same types, and the same bytes in CSV. Nothing of a table is kept or logged.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::header::{ACCEPT, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::catalogue::{
    BridgeAnswer, ChangesAnswer, CheckAnswer, Comparison, CrosswalkAnswer, EditionList, Timetable, parse_editions,
    write_bridge_csv, write_changes_csv, write_check_csv, write_crosswalk_csv,
};
use crate::domain::{EditionError, Level};
use crate::http::extract::{CsvBytes, StrictPath, StrictQuery};
use crate::http::problem::{
    BODY, EDITION, HEAVY, INVALID_CHOICE, INVALID_EDITION_LIST, INVALID_NUMBER, MISSING_PARAMETER, NO_WEIGHTS,
    OUT_OF_RANGE, Problem, TABLE_TOO_LARGE, UNKNOWN_LEVEL, UNUSABLE_TABLE, problems,
};
use crate::http::{Served, State, reply};
use crate::series::{
    Basis, BridgeOptions, CheckOptions, Crosswalk, KnownCodes, Measure, SeriesFinding, Table, TableOptions, bridge,
    check,
};
use crate::tables::ColumnMap;

/// Largest table of values, bytes.
pub const MOST_TABLE_BYTES: usize = 32 << 20;
/// Most periods, and most columns of values, of one table.
const MOST_PERIODS: usize = 1000;
/// What a table that was posted is called in findings.
const NAME_OF_BODY: &str = "body";

/// JSON or CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON.
    Json,
    /// CSV, a row a value.
    Csv,
}

/// What the values of a table are.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatedMeasure)]
pub enum StatedMeasure {
    /// They add up.
    Count,
    /// They need a denominator.
    Rate,
    /// They do not follow from parts.
    Median,
}

/// What weighs.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// People.
    Population,
    /// Addresses of the registry.
    Addresses,
    /// Dwellings, which no atlas holds.
    Dwellings,
    /// Square metres.
    Area,
}

impl Weights {
    const fn basis(this: Option<Self>) -> Basis {
        match this {
            None | Some(Self::Population) => Basis::Population,
            Some(Self::Addresses) => Basis::Addresses,
            Some(Self::Dwellings) => Basis::Dwellings,
            Some(Self::Area) => Basis::Area,
        }
    }
}

/// Which two editions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct Pair {
    /// The older edition.
    #[param(min_length = 1)]
    a: String,
    /// The newer edition.
    #[param(min_length = 1)]
    b: String,
}

/// What is wanted of two editions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesParameters {
    /// Level of the territories; `clsc` where it is left out.
    #[param(value_type = Option<Level>)]
    level: Option<String>,
    /// JSON or CSV; else the Accept header, else JSON.
    format: Option<Format>,
}

/// What is wanted of two editions, and what weighs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CrosswalkParameters {
    /// Level of the territories; `clsc` where it is left out.
    #[param(value_type = Option<Level>)]
    level: Option<String>,
    /// What weighs; `population` where it is left out.
    weights: Option<Weights>,
    /// JSON or CSV; else the Accept header, else JSON.
    format: Option<Format>,
}

/// How a table is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CheckParameters {
    /// Edition the values are wanted on; the one in force today where it is left out.
    to: Option<String>,
    /// `E1,E2` or `PERIOD=E1,YEAR..YEAR=E2`; every edition where it is left out.
    editions: Option<String>,
    /// Level of the codes, where the table does not say.
    #[param(value_type = Option<Level>)]
    level: Option<String>,
    /// What the values are, where the table does not say.
    measure: Option<StatedMeasure>,
    /// Column with the period of each value.
    period_column: Option<String>,
    /// Column with the level of each code.
    level_column: Option<String>,
    /// Column with the code, or the name, of each territory.
    code_column: Option<String>,
    /// Column with the values.
    value_column: Option<String>,
    /// Column with the denominator of each value.
    denominator_column: Option<String>,
    /// Column with the age group.
    age_column: Option<String>,
    /// Column with the sex.
    sex_column: Option<String>,
    /// Column with the indicator.
    indicator_column: Option<String>,
    /// Column that says what each value is.
    measure_column: Option<String>,
    /// Column with the SDMX observation status.
    status_column: Option<String>,
    /// JSON or CSV; else the Accept header, else JSON.
    format: Option<Format>,
}

/// How a table is bridged.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BridgeParameters {
    /// Edition to put the values on.
    to: String,
    /// `E1,E2` or `PERIOD=E1,YEAR..YEAR=E2`; every edition where it is left out.
    editions: Option<String>,
    /// Level of the codes, where the table does not say.
    #[param(value_type = Option<Level>)]
    level: Option<String>,
    /// What the values are, where the table does not say.
    measure: Option<StatedMeasure>,
    /// What weighs; `population` where it is left out.
    weights: Option<Weights>,
    /// People (or other denominator) that rates are said of.
    #[param(exclusive_minimum = 0)]
    rate_per: Option<f64>,
    /// Column with the period of each value.
    period_column: Option<String>,
    /// Column with the level of each code.
    level_column: Option<String>,
    /// Column with the code, or the name, of each territory.
    code_column: Option<String>,
    /// Column with the values.
    value_column: Option<String>,
    /// Column with the denominator of each value.
    denominator_column: Option<String>,
    /// Column with the age group.
    age_column: Option<String>,
    /// Column with the sex.
    sex_column: Option<String>,
    /// Column with the indicator.
    indicator_column: Option<String>,
    /// Column that says what each value is.
    measure_column: Option<String>,
    /// Column with the SDMX observation status.
    status_column: Option<String>,
    /// JSON or CSV; else the Accept header, else JSON.
    format: Option<Format>,
}

problems!(PairProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL, INVALID_CHOICE, NO_WEIGHTS]);
problems!(TableProblems: EDITION, BODY, HEAVY, &[
    UNKNOWN_LEVEL, INVALID_CHOICE, INVALID_NUMBER, OUT_OF_RANGE, MISSING_PARAMETER, INVALID_EDITION_LIST, UNUSABLE_TABLE,
    NO_WEIGHTS, TABLE_TOO_LARGE,
]);

impl Format {
    /// The one asked for, else CSV where `Accept` names it before JSON, else JSON.
    pub(super) fn of(asked: Option<Self>, headers: &HeaderMap) -> Self {
        asked.unwrap_or_else(|| {
            let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
            let kinds = accepted.flat_map(|value| value.split(',')).map(|kind| kind.split(';').next().unwrap_or(""));
            let first = kinds.map(str::trim).find(|kind| matches!(*kind, "text/csv" | "application/json" | "*/*"));
            if first == Some("text/csv") { Self::Csv } else { Self::Json }
        })
    }

    fn reply(self, bytes: Vec<u8>) -> Response {
        let kind = if self == Self::Csv { "text/csv; charset=utf-8" } else { "application/json" };
        let mut response = reply::bytes(bytes, kind);
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        response
    }
}

fn wanted_level(word: Option<&str>) -> Result<Level, Problem> {
    Ok(word.map(str::parse::<Level>).transpose()?.unwrap_or(Level::Clsc))
}

/// What became of every territory between two editions
#[utoipa::path(get, path = "/v1/editions/{a}/changes/{b}", tag = "series", params(Pair, ChangesParameters),
    responses(
        (status = 200, description = "The changes",
            content((ChangesAnswer = "application/json"), (String = "text/csv"))),
        PairProblems))]
pub async fn show_changes(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(Pair { a, b }): StrictPath<Pair>,
    StrictQuery(asked): StrictQuery<ChangesParameters>,
) -> Result<Response, Problem> {
    let level = wanted_level(asked.level.as_deref())?;
    let format = Format::of(asked.format, &headers);
    let mut names = [a, b];
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

/// Weighted pairs between two editions; weights of a source add up to exactly 1
#[utoipa::path(get, path = "/v1/editions/{a}/crosswalk/{b}", tag = "series", params(Pair, CrosswalkParameters),
    responses(
        (status = 200, description = "The pairs",
            content((CrosswalkAnswer = "application/json"), (String = "text/csv"))),
        PairProblems))]
pub async fn show_crosswalk(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(Pair { a, b }): StrictPath<Pair>,
    StrictQuery(asked): StrictQuery<CrosswalkParameters>,
) -> Result<Response, Problem> {
    let level = wanted_level(asked.level.as_deref())?;
    let basis = Weights::basis(asked.weights);
    let format = Format::of(asked.format, &headers);
    let mut names = [a, b];
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
    fn new(asked: CheckParameters, headers: &HeaderMap) -> Result<Self, Problem> {
        let measure = asked.measure.map(|measure| match measure {
            StatedMeasure::Count => Measure::Count,
            StatedMeasure::Rate => Measure::Rate,
            StatedMeasure::Median => Measure::Median,
        });
        let level = asked.level.as_deref().map(str::parse::<Level>).transpose()?;
        let named = [
            ("period", &asked.period_column),
            ("level", &asked.level_column),
            ("code", &asked.code_column),
            ("value", &asked.value_column),
            ("denominator", &asked.denominator_column),
            ("age", &asked.age_column),
            ("sex", &asked.sex_column),
            ("indicator", &asked.indicator_column),
            ("measure", &asked.measure_column),
            ("status", &asked.status_column),
        ];
        let columns = (named.into_iter())
            .filter_map(|(word, column)| Some((word, column.as_deref()?)))
            .fold(ColumnMap::default(), |map, (word, column)| map.with(word, column));
        let list = asked.editions.as_deref().map(parse_editions).transpose()?.unwrap_or_default();
        Ok(Self {
            options: TableOptions { level, measure, columns, ..TableOptions::default() },
            list: list.with_target(asked.to.as_deref()),
            target: asked.to,
            format: Format::of(asked.format, headers),
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
        asked.options.known = KnownCodes::of(setting.timeline().editions.iter().map(|held| &held.edition.hierarchy));
        let table = Table::read(bytes, NAME_OF_BODY, &asked.options)?;
        check_size(&table)?;
        Ok(Self { table, setting, asked })
    }

    fn by_unit(&self) -> Option<&Table> {
        self.table.cells.iter().any(|cell| cell.level == Level::Da).then_some(&self.table)
    }
}

/// A verdict for every value of a table: does it still compare?
///
/// The table is long (period, level, code, value, and if wanted denominator, age, sex, indicator) or wide (a column a year).
#[utoipa::path(post, path = "/v1/series/check", tag = "series", params(CheckParameters),
    request_body(content = String, content_type = "text/csv", description = "The table",
        example = json!("annee,code,valeur\n2016,06122,120\n2024,06122,131\n")),
    responses(
        (status = 200, description = "The verdicts; in headers, what became of the values",
            content((CheckAnswer = "application/json"), (String = "text/csv"))),
        TableProblems))]
pub async fn check_series(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictQuery(asked): StrictQuery<CheckParameters>,
    CsvBytes(bytes): CsvBytes<MOST_TABLE_BYTES>,
) -> Result<Response, Problem> {
    let asked = Asked::new(asked, &headers)?;
    let format = asked.format;
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

/// The whole table on one edition, with an interval where it can only be estimated
#[utoipa::path(post, path = "/v1/series/bridge", tag = "series", params(BridgeParameters),
    request_body(content = String, content_type = "text/csv", description = "The table, as for check",
        example = json!("annee,code,valeur\n2016,06122,120\n2024,06122,131\n")),
    responses(
        (status = 200, description = "The values; in headers, what became of them",
            content((BridgeAnswer = "application/json"), (String = "text/csv"))),
        TableProblems))]
pub async fn bridge_series(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictQuery(asked): StrictQuery<BridgeParameters>,
    CsvBytes(bytes): CsvBytes<MOST_TABLE_BYTES>,
) -> Result<Response, Problem> {
    let basis = Weights::basis(asked.weights);
    let rate_per = asked.rate_per.map(|value| positive("rate_per", value)).transpose()?;
    let BridgeParameters {
        to,
        editions,
        level,
        measure,
        format,
        period_column,
        level_column,
        code_column,
        value_column,
        denominator_column,
        age_column,
        sex_column,
        indicator_column,
        measure_column,
        status_column,
        ..
    } = asked;
    let to = Some(to);
    let asked = CheckParameters {
        to,
        editions,
        level,
        measure,
        period_column,
        level_column,
        code_column,
        value_column,
        denominator_column,
        age_column,
        sex_column,
        indicator_column,
        measure_column,
        status_column,
        format,
    };
    let asked = Asked::new(asked, &headers)?;
    let format = asked.format;
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

/// Refuses a table whose answer would be out of all proportion: what is said of each period names others.
fn check_size(table: &Table) -> Result<(), Problem> {
    let (periods, columns) = (table.periods.len(), table.columns.len());
    if periods <= MOST_PERIODS && columns <= MOST_PERIODS {
        return Ok(());
    }
    Err(Problem::new(
        TABLE_TOO_LARGE,
        format!(
            "Le tableau compte {periods} périodes et {columns} colonnes de valeurs : {MOST_PERIODS} au plus de chacune par requête. La \
             commande « rattache series » n'a pas cette limite."
        ),
        format!(
            "the table has {periods} periods and {columns} columns of values: at most {MOST_PERIODS} of each a request; the \
             command `rattache series` has no such limit"
        ),
    ))
}

fn positive(name: &'static str, value: f64) -> Result<f64, Problem> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(Problem::new(
        OUT_OF_RANGE,
        format!("{name} « {value} » doit être au-dessus de 0, par exemple 100000."),
        format!("{name} \"{value}\" must be above 0, such as 100000"),
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
