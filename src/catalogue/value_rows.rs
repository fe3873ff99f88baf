//! Checked and bridged values as they are answered: JSON types and rows of CSV, a row a cell.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Serialize, Serializer};

use super::{Comparison, Joined, WeightYears};
use crate::domain::{Level, Severity};
use crate::series::{
    BreakTest, Bridge, BridgedCell, Check, Coding, Conservation, DriftUsed, Heterogeneity, Interval, Jump, ObsStatus,
    Reason, SeriesBreak, SeriesFinding, SeriesFindingKind, SeriesKey, Table, TableCounts, Timeline, Value, Verdict,
};

/// A value as JSON: a number, or the text that stands for it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SeriesValue)]
#[serde(untagged)]
enum Given<'a> {
    Number(f64),
    Text(&'a str),
}

fn given(table: &Table, value: Value) -> Given<'_> {
    match value {
        Value::Number(number, _) => Given::Number(number),
        Value::Suppressed(text) => Given::Text(table.texts.get(text as usize).map_or("", String::as_str)),
    }
}

#[derive(Serialize, utoipa::ToSchema)]
struct CheckedRow<'a> {
    line: u32,
    indicator: &'a str,
    age: &'a str,
    sex: &'a str,
    level: Level,
    period: &'a str,
    code: &'a str,
    value: Given<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<f64>,
    verdict: Verdict,
    reason: Reason,
    #[serde(rename = "break", skip_serializing_if = "Option::is_none")]
    break_at: Option<u32>,
    #[serde(rename = "OBS_STATUS")]
    status: ObsStatus,
    #[serde(rename = "OBS_PRE_BREAK", skip_serializing_if = "Option::is_none")]
    pre_break: Option<f64>,
}

#[derive(Debug)]
struct CheckedCells<'a>(&'a Table, &'a Check);

impl Serialize for CheckedCells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let table = self.0;
        serializer.collect_seq(table.cells.iter().zip(&self.1.verdicts).map(|(cell, said)| {
            let key = &table.series[cell.series as usize];
            CheckedRow {
                line: cell.line,
                indicator: &key.indicator,
                age: &key.age,
                sex: &key.sex,
                level: cell.level,
                period: &table.periods[usize::from(cell.period)].label,
                code: table.codes[cell.code as usize].as_str(),
                value: given(table, cell.value),
                denominator: cell.denominator,
                verdict: said.verdict,
                reason: said.reason,
                break_at: said.break_at,
                status: said.status,
                pre_break: said.pre_break,
            }
        }))
    }
}

/// A checked table. `break` of a cell is a place in `breaks`; `series` elsewhere is a place in `series`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckAnswer<'a> {
    file: &'a str,
    target: &'a str,
    joined: &'a Joined,
    units_without_people: usize,
    table: TableCounts,
    verdicts: BTreeMap<&'static str, usize>,
    periods: &'a [Coding],
    series: &'a [SeriesKey],
    breaks: &'a [SeriesBreak],
    jumps: &'a [Jump],
    tests: &'a [BreakTest],
    differences_tested: usize,
    sums_checked: usize,
    findings: Vec<&'a SeriesFinding>,
    findings_beyond: BTreeMap<SeriesFindingKind, u64>,
    #[schema(value_type = Vec<CheckedRow>)]
    cells: CheckedCells<'a>,
}

impl<'a> CheckAnswer<'a> {
    /// The answer for a table checked in a setting.
    #[must_use]
    pub fn new(table: &'a Table, check: &'a Check, joined: &'a Joined, units_without_people: usize) -> Self {
        Self {
            file: &table.file,
            target: &check.target,
            joined,
            units_without_people,
            table: table.counts,
            verdicts: check.counts().into_iter().map(|(verdict, count)| (verdict.as_str(), count)).collect(),
            periods: &check.codings,
            series: &table.series,
            breaks: &check.breaks,
            jumps: &check.jumps,
            tests: &check.tests,
            differences_tested: check.differences_tested,
            sums_checked: check.sums_checked,
            findings: table.findings.iter().chain(&check.findings).collect(),
            findings_beyond: beyond(table, &check.findings_beyond),
            cells: CheckedCells(table, check),
        }
    }
}

/// How many findings of each kind are not listed, of the table and of what was made of it.
fn beyond(table: &Table, more: &BTreeMap<SeriesFindingKind, u64>) -> BTreeMap<SeriesFindingKind, u64> {
    let mut all = table.findings_beyond.clone();
    for (kind, count) in more {
        *all.entry(*kind).or_default() += count;
    }
    all
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// The snake-case word of a value in JSON.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Writes a checked table as CSV: every cell, then every value that was set aside, with its reason in `reason`.
///
/// # Errors
/// Those of the writer.
pub fn write_check_csv(table: &Table, check: &Check, out: &mut dyn Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "line",
        "indicator",
        "age",
        "sex",
        "level",
        "period",
        "code",
        "value",
        "denominator",
        "verdict",
        "reason",
        "edition",
        "break_date",
        "cause",
        "people_out",
        "share_out",
        "people_in",
        "share_in",
        "OBS_STATUS",
        "OBS_PRE_BREAK",
    ])?;
    for (cell, said) in table.cells.iter().zip(&check.verdicts) {
        let key = &table.series[cell.series as usize];
        let found = said.break_at.and_then(|at| check.breaks.get(at as usize));
        let of = |read: &dyn Fn(&SeriesBreak) -> String| found.map_or_else(String::new, read);
        let edition = check.codings.get(usize::from(cell.period)).and_then(|coding| coding.edition.as_deref());
        csv.write_record([
            &cell.line.to_string(),
            &key.indicator,
            &key.age,
            &key.sex,
            cell.level.as_str(),
            &table.periods[usize::from(cell.period)].label,
            table.codes[cell.code as usize].as_str(),
            &table.text(cell.value),
            &number(cell.denominator),
            said.verdict.as_str(),
            &word(&said.reason),
            edition.unwrap_or_default(),
            &of(&|found| found.date.to_string()),
            &of(&|found| found.cause.as_str().to_owned()),
            &of(&|found| found.people_out.to_string()),
            &of(&|found| found.share_out.to_string()),
            &of(&|found| found.people_in.to_string()),
            &of(&|found| found.share_in.to_string()),
            &format!("{:?}", said.status),
            &number(said.pre_break),
        ])?;
    }
    let aside = table.findings.iter().filter(|finding| finding.severity == Severity::Error);
    for finding in aside {
        let mut row = vec![String::new(); 20];
        row[0] = finding.place.line.map_or_else(String::new, |line| line.to_string());
        "set_aside".clone_into(&mut row[9]);
        row[10] = word(&finding.kind);
        csv.write_record(&row)?;
    }
    csv.flush()?;
    Ok(())
}

#[derive(Serialize, utoipa::ToSchema)]
struct BridgedRow<'a> {
    indicator: &'a str,
    age: &'a str,
    sex: &'a str,
    level: Level,
    period: &'a str,
    code: &'a str,
    name: &'a str,
    value: Option<Given<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_95: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_interval_95: Option<Interval>,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_for: Option<&'a str>,
    #[serde(rename = "OBS_STATUS")]
    status: ObsStatus,
}

#[derive(Debug)]
struct BridgedCells<'a>(&'a Table, &'a Timeline<'a>, usize, &'a Bridge);

impl BridgedCells<'_> {
    fn row(&self, cell: &BridgedCell) -> BridgedRow<'_> {
        let Self(table, timeline, target, bridge) = self;
        let key = &table.series[cell.series as usize];
        let territories = timeline.editions[*target].edition.hierarchy.territories(cell.level);
        let territory = &territories[usize::from(cell.territory)];
        let refusal = cell.refusal.and_then(|at| bridge.refusals.get(at as usize));
        let text = refusal.map(|refusal| refusal.text.as_str()).filter(|text| !text.is_empty());
        BridgedRow {
            indicator: &key.indicator,
            age: &key.age,
            sex: &key.sex,
            level: cell.level,
            period: &table.periods[usize::from(cell.period)].label,
            code: territory.code.as_str(),
            name: &territory.name,
            value: cell.value.map(Given::Number).or_else(|| text.map(Given::Text)),
            denominator: cell.denominator,
            rate: cell.rate,
            interval_95: cell.interval,
            rate_interval_95: cell.rate_interval,
            method: cell.method.as_str(),
            refused: refusal.map(|refusal| refusal.reason),
            refused_for: refusal.map(|refusal| refusal.source.as_str()),
            status: cell.status,
        }
    }
}

impl Serialize for BridgedCells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.3.cells.iter().map(|cell| self.row(cell)))
    }
}

/// What became of the totals of counts: how many, and how many hold to the last unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
struct Totals {
    checked: usize,
    conserved: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SeriesSpread)]
struct Spread {
    series: u32,
    level: Level,
    #[serde(flatten)]
    found: Heterogeneity,
}

/// A bridged table. `series` outside of `cells` is a place in `series`, `period` in `conservation` one in `periods`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BridgeAnswer<'a> {
    file: &'a str,
    target: &'a str,
    joined: &'a Joined,
    units_without_people: usize,
    table: TableCounts,
    methods: BTreeMap<&'static str, usize>,
    totals: Totals,
    periods: &'a [Coding],
    series: &'a [SeriesKey],
    weights: &'a WeightYears,
    conservation: &'a [Conservation],
    heterogeneity: Vec<Spread>,
    drifts: &'a [DriftUsed],
    findings: Vec<&'a SeriesFinding>,
    findings_beyond: BTreeMap<SeriesFindingKind, u64>,
    #[schema(value_type = Vec<BridgedRow>)]
    cells: BridgedCells<'a>,
}

impl<'a> BridgeAnswer<'a> {
    /// The answer for a table bridged in a setting on the edition at `target` in the timeline.
    #[must_use]
    pub fn new(
        table: &'a Table,
        (timeline, target): (&'a Timeline<'a>, usize),
        bridge: &'a Bridge,
        setting: &'a Comparison,
    ) -> Self {
        let mut methods: BTreeMap<&'static str, usize> = BTreeMap::new();
        for cell in &bridge.cells {
            *methods.entry(cell.method.as_str()).or_default() += 1;
        }
        let totals = Totals {
            checked: bridge.conservation.len(),
            conserved: bridge.conservation.iter().filter(|kept| kept.holds()).count(),
        };
        let spreads = bridge.heterogeneity.iter();
        Self {
            file: &table.file,
            target: &bridge.target,
            joined: &setting.joined,
            units_without_people: setting.units_without_people,
            table: table.counts,
            methods,
            totals,
            periods: &bridge.codings,
            series: &table.series,
            weights: &setting.weights,
            conservation: &bridge.conservation,
            drifts: &bridge.drifts,
            heterogeneity: spreads.map(|&(series, level, found)| Spread { series, level, found }).collect(),
            findings: table.findings.iter().chain(&bridge.findings).collect(),
            findings_beyond: beyond(table, &bridge.findings_beyond),
            cells: BridgedCells(table, timeline, target, bridge),
        }
    }
}

/// A bridged value as text: with its decimals, or what stands for a value withheld.
#[must_use]
pub fn bridged_text(cell: &BridgedCell, bridge: &Bridge) -> String {
    cell.value.map_or_else(
        || {
            let refusal = cell.refusal.and_then(|at| bridge.refusals.get(at as usize));
            refusal.map_or_else(String::new, |refusal| refusal.text.clone())
        },
        |value| format!("{value:.*}", usize::from(cell.decimals)),
    )
}

/// Writes a bridged table as CSV: every cell of the wanted edition, estimates with their interval and method.
///
/// # Errors
/// Those of the writer.
pub fn write_bridge_csv(
    table: &Table,
    (timeline, target): (&Timeline, usize),
    bridge: &Bridge,
    out: &mut dyn Write,
) -> Result<(), csv::Error> {
    let cells = BridgedCells(table, timeline, target, bridge);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "indicator",
        "age",
        "sex",
        "level",
        "period",
        "code",
        "name",
        "value",
        "low_95",
        "high_95",
        "denominator",
        "rate",
        "rate_low_95",
        "rate_high_95",
        "method",
        "refused",
        "refused_for",
        "OBS_STATUS",
    ])?;
    for cell in &bridge.cells {
        let row = cells.row(cell);
        let end = |interval: Option<Interval>, end: fn(Interval) -> f64| number(interval.map(end));
        csv.write_record([
            row.indicator,
            row.age,
            row.sex,
            row.level.as_str(),
            row.period,
            row.code,
            row.name,
            &bridged_text(cell, bridge),
            &end(row.interval_95, |it| it.low),
            &end(row.interval_95, |it| it.high),
            &number(row.denominator),
            &number(row.rate),
            &end(row.rate_interval_95, |it| it.low),
            &end(row.rate_interval_95, |it| it.high),
            row.method,
            &row.refused.map_or_else(String::new, |reason| word(&reason)),
            row.refused_for.unwrap_or_default(),
            &format!("{:?}", row.status),
        ])?;
    }
    csv.flush()?;
    Ok(())
}
