//! A bridged table as SDMX-CSV, and standardised rates as CSV.

use std::io::Write;

use crate::domain::Date;
use crate::series::{Bridge, Measure, Period, StandardisedRate, Table, Timeline, Value};

/// Writes a bridged table as SDMX-CSV 2.0: a row an observation, with its structure, action, dimensions, measure and attributes.
///
/// An observation withheld has an empty value and the status that says so (`Q`); estimates bear their 95 % interval as attributes.
///
/// # Errors
/// Those of the writer.
pub fn write_bridge_sdmx(
    table: &Table,
    (timeline, target): (&Timeline, usize),
    bridge: &Bridge,
    out: &mut dyn Write,
) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "STRUCTURE",
        "STRUCTURE_ID",
        "ACTION",
        "REF_AREA",
        "GEO_LEVEL",
        "TIME_PERIOD",
        "INDICATOR",
        "MEASURE",
        "SEX",
        "AGE",
        "OBS_VALUE",
        "OBS_STATUS",
        "DECIMALS",
        "DENOMINATOR",
        "CONF_LOW_95",
        "CONF_HIGH_95",
        "METHOD",
    ])?;
    let filled = |text: &str, empty: &str| if text.is_empty() { empty.to_owned() } else { text.to_owned() };
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for cell in &bridge.cells {
        let key = &table.series[cell.series as usize];
        let territory =
            &timeline.editions[target].edition.hierarchy.territories(cell.level)[usize::from(cell.territory)];
        let measure = match key.measure {
            Measure::Count => "COUNT",
            Measure::Rate => "RATE",
            Measure::Median => "MEDIAN",
        };
        let value = cell.value.map(|value| table.text(Value::Number(value, cell.decimals)));
        csv.write_record([
            "dataflow",
            "RATTACHE:SERIES(1.0)",
            "I",
            territory.code.as_str(),
            &cell.level.as_str().to_uppercase(),
            &time_period(&table.periods[usize::from(cell.period)]),
            &filled(&key.indicator, "_Z"),
            measure,
            &filled(&key.sex, "_T"),
            &filled(&key.age, "_T"),
            &value.unwrap_or_default(),
            &format!("{:?}", cell.status),
            &cell.decimals.to_string(),
            &number(cell.denominator),
            &number(cell.interval.map(|interval| interval.low)),
            &number(cell.interval.map(|interval| interval.high)),
            cell.method.as_str(),
        ])?;
    }
    csv.flush()?;
    Ok(())
}

/// The period as SDMX writes times: a year, a quarter, a month or a day; several years as a span from their first day.
fn time_period(period: &Period) -> String {
    let label = period.label.trim();
    let bytes = label.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let plain = bytes.len() == 4 && digits(bytes);
    let part = bytes.len() == 7 && digits(&bytes[..4]) && bytes[4] == b'-';
    let quarter = part && bytes[5] == b'Q' && digits(&bytes[6..]);
    let month = part && digits(&bytes[5..]);
    if plain || quarter || month || label.parse::<Date>().is_ok() {
        return label.to_owned();
    }
    let years: Vec<i32> = label
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .collect();
    match years[..] {
        [first, last] if last == first + 1 => format!("{first}-04-01/P1Y"),
        [first, last] if last > first => format!("{first}-01-01/P{}Y", last - first + 1),
        [only, ..] => only.to_string(),
        [] => period.date.to_string(),
    }
}

/// Writes standardised rates as CSV.
///
/// # Errors
/// Those of the writer.
pub fn write_standardised_csv(
    (timeline, target): (&Timeline, usize),
    rates: &[StandardisedRate],
    standard: &str,
    out: &mut dyn Write,
) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "indicator",
        "sex",
        "level",
        "period",
        "code",
        "name",
        "standardised_rate",
        "low_95",
        "high_95",
        "cases",
        "population",
        "standard",
        "interval_method",
        "OBS_STATUS",
    ])?;
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for rate in rates {
        let territories = timeline.editions[target].edition.hierarchy.territories(rate.level);
        let territory = &territories[usize::from(rate.territory)];
        csv.write_record([
            &rate.indicator,
            &rate.sex,
            rate.level.as_str(),
            &rate.period,
            territory.code.as_str(),
            &territory.name,
            &number(rate.rate),
            &number(rate.interval_95.map(|interval| interval.low)),
            &number(rate.interval_95.map(|interval| interval.high)),
            &number(rate.cases),
            &number(rate.people),
            standard,
            "Fay-Feuer",
            &format!("{:?}", rate.status),
        ])?;
    }
    csv.flush()?;
    Ok(())
}
