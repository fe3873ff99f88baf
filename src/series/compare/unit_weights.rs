//! Weights that a file gives to units, of one date or of several.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::dated::DatedWeights;
use crate::domain::{Date, Words, both, year_in};
use crate::series::SeriesError;
use crate::tables::codes::find_id;
use crate::tables::columns::quoted;
use crate::tables::numbers::decimal;
use crate::tables::{ColumnMap, ColumnsUsed, ReadOptions, Table, TableError};

/// Weights that a file gives to units.
#[derive(Debug, Clone, PartialEq)]
pub struct FileWeights {
    /// The weight of each unit, in the order of units; of the last year where there are several.
    pub weights: Vec<f64>,
    /// Weights by year, in order of year, where the file says of which year they are.
    pub dated: Vec<DatedWeights>,
    /// Units without a row; they weigh nothing.
    pub absent: Vec<String>,
    /// Units of the file that there are not.
    pub unknown: Vec<String>,
    /// Which columns were used, for what, and which were not.
    pub columns: ColumnsUsed,
}

/// How a file holds its years.
enum Shape {
    /// Unit, weight: the column of the weight.
    Plain(usize),
    /// Unit, and a column of weights for each year.
    Wide(Vec<(i16, usize)>),
    /// Unit, year, weight: a row a unit and year.
    Long { year: usize, weight: usize },
}

impl Shape {
    /// Which columns of a table it takes.
    fn used(&self, names: &[String], unit: usize) -> ColumnsUsed {
        let weight = |at: usize| (Some(at), both!("poids", "weight"));
        let mut used = vec![(Some(unit), both!("aire", "unit"))];
        match self {
            Self::Plain(at) => used.push(weight(*at)),
            Self::Wide(years) => used.extend(years.iter().map(|&(_, at)| weight(at))),
            Self::Long { year, weight: at } => {
                used.extend([(Some(*year), both!("année", "year")), weight(*at)]);
            }
        }
        ColumnsUsed::new(names, used)
    }

    fn of(headers: &[String], unit: usize) -> Self {
        let is_year = |header: &String| {
            let folded = header.trim().to_lowercase();
            matches!(
                folded.as_str(),
                "year" | "annee" | "année" | "an" | "period" | "periode" | "période" | "time_period"
            )
        };
        if let Some(year) = headers.iter().position(is_year) {
            let weight = (0..headers.len()).find(|&at| at != year && at != unit).unwrap_or(1);
            return Self::Long { year, weight };
        }
        let years: Vec<(i16, usize)> = (headers.iter().enumerate())
            .filter(|&(at, _)| at != unit)
            .filter_map(|(at, header)| Some((year_in(header)?, at)))
            .collect();
        if years.is_empty() { Self::Plain(usize::from(unit == 0)) } else { Self::Wide(years) }
    }
}

/// The words by which a caller names the columns of a file of weights.
pub const WEIGHT_WORDS: &[&str] = &["unit", "weight", "year"];

/// Reads a file of weights by unit: `unit,weight`; with a column of weights for each year (`unit,2016,2021`); or with a
/// column of years (`unit,year,weight`). Columns by name; else the units are in the finest known column that names some of them,
/// or in the first.
///
/// Units without a row weigh nothing; they are named, as are rows about unknown units.
///
/// # Errors
/// [`SeriesError::BadWeight`] for a weight that is no number, negative or infinite; [`SeriesError::BadWeightYear`] for a year
/// that is none; [`SeriesError::MissingColumn`]; [`SeriesError::Table`], also where no row is about a unit there is.
pub fn read_unit_weights<S: AsRef<str>>(
    bytes: &[u8],
    file: &str,
    units: &[S],
    asked: &ColumnMap,
) -> Result<FileWeights, SeriesError> {
    let names = asked.names();
    let options = ReadOptions { names: &names, ..ReadOptions::default() };
    let table = Table::of_bytes(bytes.to_vec(), Path::new(file), &options)?;
    if table.column_names().len() < 2 {
        return Err(SeriesError::MissingColumn {
            wanted: Words::new("le poids : unité,poids", "the weight: unit,weight"),
            found: quoted(table.column_names()),
        });
    }
    let place: HashMap<&str, usize> = units.iter().enumerate().map(|(at, id)| (id.as_ref(), at)).collect();
    let named = |word: &str| asked.get(word).map(|name| table.column(name)).transpose();
    let unit_column = match named("unit")? {
        Some(column) => column,
        None => table.matching_column(|id| place.contains_key(id)).unwrap_or(0),
    };
    let (year_column, weight_column) = (named("year")?, named("weight")?);
    let shape = match (year_column, weight_column) {
        (Some(year), Some(weight)) => Shape::Long { year, weight },
        (None, Some(weight)) => match Shape::of(table.column_names(), unit_column) {
            Shape::Long { year, .. } => Shape::Long { year, weight },
            _ => Shape::Plain(weight),
        },
        (_, None) => Shape::of(table.column_names(), unit_column),
    };
    let mut of_year: BTreeMap<Option<i16>, Vec<f64>> = BTreeMap::new();
    let mut seen = vec![false; units.len()];
    let mut unknown: Vec<String> = Vec::new();
    table.each_row(|row| {
        let line = row.line();
        let field = |at: usize| row.field(at);
        let unit = field(unit_column);
        let known = find_id(unit, |id| place.get(id).copied()).map(|(at, _)| at);
        let mut take = |year: Option<i16>, found: &str| {
            let weight = decimal(found).filter(|weight| *weight >= 0.0);
            let Some(weight) = weight else {
                return Err(SeriesError::BadWeight { unit: unit.to_owned(), found: found.to_owned(), line });
            };
            let weights = of_year.entry(year).or_insert_with(|| vec![0.0; units.len()]);
            if let Some(at) = known {
                weights[at] = weight;
                seen[at] = true;
            }
            Ok(())
        };
        match &shape {
            Shape::Plain(weight) => take(None, field(*weight))?,
            Shape::Wide(years) => years.iter().try_for_each(|&(year, at)| take(Some(year), field(at)))?,
            Shape::Long { year, weight } => {
                let found = field(*year);
                let year =
                    year_in(found).ok_or_else(|| SeriesError::BadWeightYear { found: found.to_owned(), line })?;
                take(Some(year), field(*weight))?;
            }
        }
        if known.is_none() && unknown.last().is_none_or(|last| last != unit) {
            unknown.push(unit.to_owned());
        }
        Ok::<(), SeriesError>(())
    })?;
    if let (false, Some(theirs), Some(ours)) = (seen.contains(&true), unknown.first(), units.first()) {
        return Err(TableError::NoMatch {
            path: file.to_owned(),
            what: both!("une aire", "a unit"),
            column: table.column_names().get(unit_column).cloned().unwrap_or_default(),
            theirs: theirs.clone(),
            ours: ours.as_ref().to_owned(),
        }
        .into());
    }
    let absent =
        units.iter().zip(&seen).filter(|(_, seen)| !**seen).map(|(unit, _)| unit.as_ref().to_owned()).collect();
    let weights = of_year.values().next_back().cloned().unwrap_or_else(|| vec![0.0; units.len()]);
    let dated = of_year
        .into_iter()
        .filter_map(|(year, weights)| Some(DatedWeights { date: Date::new(year?, 7, 1)?, weights }))
        .collect();
    let columns = shape.used(table.column_names(), unit_column);
    Ok(FileWeights { weights, dated, absent, unknown, columns })
}

#[cfg(test)]
mod tests {
    use super::FileWeights;
    use crate::series::SeriesError;

    fn read_unit_weights(bytes: &[u8], units: &[&str]) -> Result<FileWeights, SeriesError> {
        super::read_unit_weights(bytes, "w.csv", units, &crate::tables::ColumnMap::default())
    }

    #[test]
    fn weights_of_several_years_are_read_as_columns_or_as_rows() {
        let units = ["24010001", "24010002"];
        let wide = read_unit_weights(b"ad;pop_2016;pop_2021\n24010001;10;12\n24010002;5;4\n", &units).unwrap();
        let long = b"unit,year,weight\n24010001,2021,12\n24010001,2016,10\n24010002,2016,5\n24010002,2021,4\n";
        let of_rows = read_unit_weights(long, &units).unwrap();
        assert_eq!((&wide.weights, &wide.dated), (&of_rows.weights, &of_rows.dated));
        assert_eq!(wide.columns.words().to_string(), "ad (unit), pop_2016 (weight), pop_2021 (weight)");
        assert_eq!(of_rows.columns.words().to_string(), "unit (unit), year (year), weight (weight)");
        let years: Vec<_> = wide.dated.iter().map(|dated| (dated.date.year(), dated.weights.clone())).collect();
        assert_eq!(years, [(2016, vec![10.0, 5.0]), (2021, vec![12.0, 4.0])]);
        assert_eq!(wide.weights, [12.0, 4.0]);
        let plain = read_unit_weights(b"unit,weight\n24010002,3\n99,1\n", &units).unwrap();
        assert_eq!((plain.weights.as_slice(), plain.dated.len()), ([0.0, 3.0].as_slice(), 0));
        assert_eq!(
            (plain.absent.as_slice(), plain.unknown.as_slice()),
            (["24010001".to_owned()].as_slice(), ["99".to_owned()].as_slice())
        );
        let bad = read_unit_weights(b"unit,year,weight\n24010001,hier,12\n", &units).unwrap_err();
        assert!(matches!(bad, SeriesError::BadWeightYear { line: 2, .. }), "{bad}");
    }
}
