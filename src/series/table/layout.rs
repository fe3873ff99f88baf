//! Which column of a table holds what.

use std::collections::HashMap;
use std::path::Path;

use super::cells::{Measure, Period, SeriesFindingKind as Kind};
use super::read::Reader;
use super::words::{Role, fold, rate_per, role};
use crate::domain::{Date, Level, Severity, Words, both};
use crate::series::SeriesError;
use crate::tables::columns::{Columns, quoted};
use crate::tables::{ColumnMap, ColumnsUsed};

/// Where each thing stands in a row.
pub(super) struct Layout {
    pub(super) period: Option<usize>,
    pub(super) level: Option<usize>,
    pub(super) code: usize,
    /// Column, and the year for a wide table.
    pub(super) values: Vec<(usize, Option<String>)>,
    pub(super) denominator: Option<usize>,
    pub(super) age: Option<usize>,
    pub(super) sex: Option<usize>,
    pub(super) indicator: Option<usize>,
    pub(super) measure: Option<usize>,
    pub(super) header_measure: Option<Measure>,
    pub(super) header_level: Option<Level>,
    /// What the header of the rates says they are said of.
    pub(super) rate_per: Option<f64>,
    /// SDMX observation status.
    pub(super) status: Option<usize>,
}

/// Finds where each thing stands from the headers.
///
/// A column that the caller names for something holds that and nothing else, whatever its name; no other column holds it then.
pub(super) fn layout(reader: &mut Reader, asked: &ColumnMap) -> Result<Layout, SeriesError> {
    let named = named_roles(reader, asked)?;
    let folded: Vec<String> = reader.columns.iter().map(|header| fold(header)).collect();
    let columns = reader.columns;
    let mut at: HashMap<u8, usize> = HashMap::new();
    let mut years = Vec::new();
    let mut ignored = Vec::new();
    for (column, name) in folded.iter().enumerate() {
        let given = named.iter().find(|(_, place)| *place == column).map(|(role, _)| *role);
        let usual = || role(&columns[column]).filter(|usual| named.iter().all(|(role, _)| role != usual));
        if let Some(role) = given.or_else(usual) {
            if let Some(&first) = at.get(&(role as u8)) {
                // The names of several levels stand beside codes: the first is as good as any.
                if role == Role::Name {
                    continue;
                }
                return Err(SeriesError::RepeatedColumn {
                    role: role.words(),
                    first: columns[first].clone(),
                    second: columns[column].clone(),
                });
            }
            at.insert(role as u8, column);
        } else if period(&columns[column]).is_some() && name.len() >= 4 && name.as_bytes()[0].is_ascii_digit() {
            years.push((column, Some(columns[column].clone())));
        } else {
            ignored.push(column);
        }
    }
    let of = |role: Role| at.get(&(role as u8)).copied();
    let missing = |wanted: Words| SeriesError::MissingColumn { wanted, found: quoted(columns) };
    let code = of(Role::Code)
        .or(of(Role::Name))
        .ok_or_else(|| missing(both!("le code du territoire : code", "the territory's code (code)")))?;
    let header_level = folded[code].split('_').find_map(|word| match word {
        "dauid" | "adidu" => Some(Level::Da),
        word => word.parse().ok(),
    });
    let plain = of(Role::Value).or(of(Role::Rate)).or(of(Role::Median));
    let (value, population) = match (plain, of(Role::Population)) {
        // Beside a column that may be the value, people are taken for it only where that is said.
        (None, Some(population)) if !ignored.is_empty() && of(Role::Period).is_some() => {
            return Err(SeriesError::UncertainValue {
                population: columns[population].clone(),
                others: ignored.iter().map(|&at| format!("\"{}\"", columns[at])).collect::<Vec<_>>().join(", "),
            });
        }
        (None, population) => (population, None),
        both => both,
    };
    let rate_column = of(Role::Rate).filter(|_| plain == of(Role::Rate));
    let wide = of(Role::Period).is_none() && !years.is_empty();
    let values = match (wide, value) {
        (true, _) => years,
        (false, Some(value)) => {
            ignored.extend(years.iter().map(|(column, _)| *column));
            vec![(value, None)]
        }
        (false, None) => {
            return Err(missing(both!("la valeur : valeur, value", "the value (value, valeur)")));
        }
    };
    if !wide && of(Role::Period).is_none() {
        return Err(missing(both!(
            "la période : année, period, ou une colonne par année",
            "the period (period, année), or a column a year"
        )));
    }
    let mut used = vec![value.filter(|_| wide)];
    used.extend([Role::Rate, Role::Median].map(|role| of(role).filter(|_| !wide && plain != of(role))));
    ignored.extend(used.into_iter().flatten());
    for column in ignored {
        let message = both!("la colonne « {} » n’est pas lue", "column \"{}\" is not read", columns[column]);
        reader.find(Severity::Note, Kind::IgnoredColumn, 1, column, message);
    }
    let header_measure = if wide || plain == of(Role::Value) {
        None
    } else if plain == of(Role::Rate) {
        Some(Measure::Rate)
    } else {
        Some(Measure::Median)
    };
    Ok(Layout {
        period: of(Role::Period),
        level: of(Role::Level),
        code,
        values,
        denominator: of(Role::Denominator).or(population).filter(|_| !wide),
        age: of(Role::Age),
        sex: of(Role::Sex),
        indicator: of(Role::Indicator),
        measure: of(Role::Measure),
        header_measure: header_measure.filter(|_| plain.is_some()),
        header_level,
        rate_per: rate_column.and_then(|at| rate_per(&columns[at])),
        status: of(Role::Status),
    })
}

impl Layout {
    /// Which columns of a table they are, and for what.
    pub(super) fn used(&self, names: &[String]) -> ColumnsUsed {
        let roles = [
            (Some(self.code), Role::Code),
            (self.level, Role::Level),
            (self.period, Role::Period),
            (self.denominator, Role::Denominator),
            (self.age, Role::Age),
            (self.sex, Role::Sex),
            (self.indicator, Role::Indicator),
            (self.measure, Role::Measure),
        ];
        let values = self.values.iter().map(|(column, _)| (Some(*column), Role::Value));
        ColumnsUsed::new(names, roles.into_iter().chain(values).map(|(column, role)| (column, role.words())))
    }
}

/// The words by which a caller names columns, in the order of `ROLES`.
pub const COLUMN_WORDS: &[&str] =
    &["period", "level", "code", "value", "denominator", "age", "sex", "indicator", "measure", "status"];
const ROLES: [Role; 10] = [
    Role::Period,
    Role::Level,
    Role::Code,
    Role::Value,
    Role::Denominator,
    Role::Age,
    Role::Sex,
    Role::Indicator,
    Role::Measure,
    Role::Status,
];

/// The columns that the caller names, with what they hold.
fn named_roles(reader: &Reader, asked: &ColumnMap) -> Result<Vec<(Role, usize)>, SeriesError> {
    let columns = Columns::new(Path::new(reader.file), reader.columns.to_vec());
    let named = COLUMN_WORDS.iter().zip(ROLES).filter_map(|(word, role)| Some((role, asked.get(word)?)));
    named.map(|(role, name)| Ok((role, columns.named(name)?))).collect()
}

/// Reads a period: a day, a month, a quarter, a fiscal year, several years, or the first year in the text.
///
/// Its date is the day that stands for it: a day itself; the 15th of a month; the middle of a quarter; 1 October of the first year of
/// `2018-2019`, which goes from April to March; the middle of several years; 1 July of a year.
pub(super) fn period(text: &str) -> Option<Period> {
    let label = text.trim();
    let date = label.parse::<Date>().ok().or_else(|| middle_of(label))?;
    Some(Period { date, label: label.to_owned() })
}

fn middle_of(label: &str) -> Option<Date> {
    let lower = label.to_lowercase();
    let numbers: Vec<&str> = lower.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let years = |part: &&&str| part.len() == 4 && part.parse::<i16>().is_ok_and(|year| (1800..2200).contains(&year));
    let year: i16 = numbers.iter().find(years)?.parse().ok()?;
    let other = || numbers.iter().find(|part| part.len() <= 2).and_then(|part| part.parse::<i8>().ok());
    let letters: String = lower.chars().filter(|sign| sign.is_alphabetic()).collect();
    let after = numbers.iter().skip_while(|part| !years(part)).nth(1);
    match letters.as_str() {
        "q" | "t" | "trim" | "trimestre" | "quarter" => {
            let quarter = other().filter(|quarter| (1..=4).contains(quarter))?;
            return Date::new(year, quarter * 3 - 1, 15);
        }
        "m" if numbers.len() == 2 => return Date::new(year, other().filter(|month| (1..=12).contains(month))?, 15),
        "" | "a" => {
            let last = match after {
                Some(part) if years(&part) => part.parse().ok(),
                // 2018-19 is a fiscal year; 2018-03 is a month.
                Some(part)
                    if part.len() == 2 && part.parse::<i16>().ok()? == (year + 1) % 100 && (year + 1) % 100 > 12 =>
                {
                    Some(year + 1)
                }
                Some(part)
                    if part.len() == 2
                        && numbers.len() == 2
                        && part.parse::<i8>().is_ok_and(|it| (1..=12).contains(&it)) =>
                {
                    return Date::new(year, part.parse().ok()?, 15);
                }
                _ => None,
            };
            if let Some(last) = last.filter(|last| *last > year) {
                return match last - year {
                    1 => Date::new(year, 10, 1),
                    years if years % 2 == 0 => Date::new(year + years / 2, 7, 1),
                    years => Date::new(year + years / 2 + 1, 1, 1),
                };
            }
        }
        _ => {}
    }
    Date::new(year, 7, 1)
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn periods_of_all_lengths_have_the_day_that_stands_for_them() {
        for (text, day) in [
            ("2018", "2018-07-01"),
            ("2018-04-30", "2018-04-30"),
            ("2018-2019", "2018-10-01"),
            ("2018/2019", "2018-10-01"),
            ("2018-19", "2018-10-01"),
            ("2018-2020", "2019-07-01"),
            ("2016-2019", "2018-01-01"),
            ("2018-Q2", "2018-05-15"),
            ("2018 T4", "2018-11-15"),
            ("T1 2018", "2018-02-15"),
            ("2018-03", "2018-03-15"),
            ("2018-M03", "2018-03-15"),
            ("Année 2018", "2018-07-01"),
        ] {
            assert_eq!(period(text).unwrap().date.to_string(), day, "{text}");
        }
        assert!(period("hier").is_none());
    }
}
