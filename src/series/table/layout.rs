//! Which column of a table holds what.

use std::collections::HashMap;
use std::path::Path;

use super::cells::{Measure, Period, SeriesFindingKind as Kind};
use super::read::Reader;
use super::words::{Role, fold, role};
use crate::domain::{Date, Level, Severity, Words, both};
use crate::series::SeriesError;
use crate::tables::{ColumnMap, ColumnsUsed};
use crate::tables::columns::{Columns, quoted};

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
        let usual = || role(name).filter(|usual| named.iter().all(|(role, _)| role != usual));
        if let Some(role) = given.or_else(usual) {
            if let Some(&first) = at.get(&(role as u8)) {
                return Err(SeriesError::RepeatedColumn {
                    role: role_name(role),
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
    let code =
        of(Role::Code).ok_or_else(|| missing(both!("le code du territoire : code", "the territory's code (code)")))?;
    let header_level = folded[code].split('_').find_map(|word| match word {
        "dauid" | "adidu" => Some(Level::Da),
        word => word.parse().ok(),
    });
    let plain = of(Role::Value).or(of(Role::Rate)).or(of(Role::Median));
    let (value, population) = match (plain, of(Role::Population)) {
        (None, population) => (population, None),
        both => both,
    };
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
        ColumnsUsed::new(names, roles.into_iter().chain(values).map(|(column, role)| (column, role_name(role))))
    }
}

/// The words by which a caller names columns, in the order of `ROLES`.
pub const COLUMN_WORDS: &[&str] =
    &["period", "level", "code", "value", "denominator", "age", "sex", "indicator", "measure"];
const ROLES: [Role; 9] = [
    Role::Period,
    Role::Level,
    Role::Code,
    Role::Value,
    Role::Denominator,
    Role::Age,
    Role::Sex,
    Role::Indicator,
    Role::Measure,
];

/// The columns that the caller names, with what they hold.
fn named_roles(reader: &Reader, asked: &ColumnMap) -> Result<Vec<(Role, usize)>, SeriesError> {
    let columns = Columns::new(Path::new(reader.file), reader.columns.to_vec());
    let named = COLUMN_WORDS.iter().zip(ROLES).filter_map(|(word, role)| Some((role, asked.get(word)?)));
    named.map(|(role, name)| Ok((role, columns.named(name)?))).collect()
}

fn role_name(role: Role) -> Words {
    let (french, english) = match role {
        Role::Period => ("période", "period"),
        Role::Level => ("niveau", "level"),
        Role::Code => ("code", "code"),
        Role::Value | Role::Rate | Role::Median => ("valeur", "value"),
        Role::Population => ("population", "population"),
        Role::Denominator => ("dénominateur", "denominator"),
        Role::Age => ("groupe d'âge", "age group"),
        Role::Sex => ("sexe", "sex"),
        Role::Indicator => ("indicateur", "indicator"),
        Role::Measure => ("mesure", "measure"),
        Role::Name => ("nom", "name"),
    };
    Words::new(french, english)
}

/// Reads a period: a day, or the first year in the text.
pub(super) fn period(text: &str) -> Option<Period> {
    let label = text.trim();
    let date = label.parse::<Date>().ok().or_else(|| {
        let digits: String = label.chars().skip_while(|sign| !sign.is_ascii_digit()).take(4).collect();
        let year: i16 = digits.parse().ok().filter(|_| digits.len() == 4)?;
        (1800..2200).contains(&year).then(|| Date::new(year, 7, 1))?
    })?;
    Some(Period { date, label: label.to_owned() })
}
