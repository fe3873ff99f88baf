//! `/v1/tables`: what a file is, before its rows are attached: its columns, what each is taken for, its first rows; and any
//! table, a workbook too, as plain CSV. Nothing of it is kept or logged.

use std::path::Path;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::header::VARY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::batch::refused;
use super::series::Format;
use crate::batch::{Job, Options};
use crate::domain::{EditionChoice, Words};
use crate::http::extract::{AnyBytes, StrictQuery};
use crate::http::problem::{
    BATCH_REFUSED, BODY, EDITION, HEAVY, INVALID_CHOICE, OUT_OF_RANGE, Problem, UNUSABLE_TABLE, problems,
};
use crate::http::{Served, State, reply};
use crate::tables::{ReadOptions, Row, Table, TableError};

/// Largest file, bytes.
const MOST_BYTES: usize = 32 << 20;
/// Rows that are shown.
const SHOWN_ROWS: usize = 20;
/// Rows by which columns are told.
const TRIED_ROWS: usize = 200;

/// How a table is read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TableParameters {
    /// `utf-8`, `windows-1252`, `utf-16le` or `utf-16be`, where it is not found by itself.
    encoding: Option<String>,
    /// Sheet of a workbook; the one with a table where it is left out.
    sheet: Option<String>,
    /// JSON, which describes the table, or CSV, which is all of it; else the Accept header, else JSON.
    format: Option<Format>,
}

/// What a file is.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableDescription {
    /// Names of its columns.
    columns: Vec<String>,
    /// Those that a place is read from, with what each is taken for.
    used: Vec<UsedColumn>,
    /// Why no place can be read from it, where none can.
    unusable: Option<Words>,
    /// How many rows it has.
    rows: usize,
    /// Its first rows.
    first_rows: Vec<Vec<String>>,
    /// What was found in reading it: its encoding, titles above its header, rows that are not as the others.
    notes: Vec<Words>,
}

/// A column that a place is read from.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedColumn {
    /// Its name.
    column: String,
    /// What it is taken for.
    #[serde(flatten)]
    words: Words,
}

problems!(Problems: BODY, HEAVY, EDITION, &[UNUSABLE_TABLE, BATCH_REFUSED, INVALID_CHOICE, OUT_OF_RANGE]);

/// What a table is: CSV of any dialect and encoding, a workbook, a dBase file; or all of it as plain CSV
///
/// Send the file as it is, up to 32 MB. Of a larger one, send the beginning.
#[utoipa::path(post, path = "/v1/tables", tag = "places", params(TableParameters),
    request_body(content = String, content_type = "application/octet-stream", description = "The file",
        example = json!("adresse;ville\n1200 boul. Saint-Laurent;Montréal\n")),
    responses(
        (status = 200, description = "What it is, or all of it",
            content((TableDescription = "application/json"), (String = "text/csv"))),
        Problems))]
pub async fn describe_table(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictQuery(asked): StrictQuery<TableParameters>,
    AnyBytes(bytes): AnyBytes<MOST_BYTES>,
) -> Result<Response, Problem> {
    let format = Format::of(asked.format, &headers);
    let served = state.served();
    let work = move || {
        let options = ReadOptions {
            encoding: asked.encoding.as_deref(),
            sheet: asked.sheet.as_deref(),
            ..ReadOptions::default()
        };
        let table = Table::of_bytes(bytes.into(), Path::new("body"), &options).map_err(|error| unusable(&error))?;
        match format {
            Format::Csv => Ok(reply::bytes(as_csv(&table, usize::MAX)?, "text/csv; charset=utf-8")),
            Format::Json => reply::json(&describe(&served, &table)?),
        }
    };
    let mut response = state.run_heavy(work).await?;
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

fn unusable(error: &TableError) -> Problem {
    Problem::told(UNUSABLE_TABLE, error, error.to_string())
}

fn describe(served: &Served, table: &Table) -> Result<TableDescription, Problem> {
    let columns = table.column_names().to_vec();
    let (mut rows, mut first_rows) = (0, Vec::new());
    table.for_each_row(|row| {
        rows += 1;
        if first_rows.len() < SHOWN_ROWS {
            first_rows.push(fields(row, columns.len()));
        }
    });
    let editions = served.timetable()?.for_rows(&EditionChoice::Latest)?;
    let head = as_csv(table, TRIED_ROWS)?;
    let (used, unusable) = match Job::open(&editions, head.as_slice(), &Options::default()) {
        Ok(job) => (job.columns().used, None),
        Err(error) => {
            let problem = refused(&error);
            (Vec::new(), Some(Words::new(problem.french, problem.english)))
        }
    };
    Ok(TableDescription {
        columns,
        used: used.into_iter().map(|(column, words)| UsedColumn { column, words }).collect(),
        unusable,
        rows,
        first_rows,
        notes: (table.findings().iter())
            .map(|finding| Words::new(finding.message_fr.clone(), finding.message.clone()))
            .collect(),
    })
}

fn fields(row: &Row, width: usize) -> Vec<String> {
    (0..width).map(|column| row.field(column).to_owned()).collect()
}

/// The header and the first rows, as CSV in UTF-8.
fn as_csv(table: &Table, most: usize) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let width = table.column_names().len();
    writer.write_record(table.column_names()).map_err(|_| Problem::internal())?;
    let mut count = 0;
    table.each_row(|row| {
        count += 1;
        if count > most {
            return Ok(());
        }
        writer.write_record(fields(row, width)).map_err(|_| Problem::internal())
    })?;
    writer.into_inner().map_err(|_| Problem::internal())
}
