//! Weights that a file gives to units, of one date or of several.

use std::collections::{BTreeMap, HashMap};

use super::dated::DatedWeights;
use crate::domain::{Date, Words, year_in};
use crate::series::SeriesError;
use crate::series::table::{Sheet, decode};

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
}

/// How a file holds its years.
enum Shape {
    /// Unit, weight.
    Plain,
    /// Unit, and a column of weights for each year.
    Wide(Vec<(i16, usize)>),
    /// Unit, year, weight: a row a unit and year.
    Long { year: usize, weight: usize },
}

impl Shape {
    fn of(headers: &[String]) -> Self {
        let is_year = |header: &String| {
            let folded = header.trim().to_lowercase();
            matches!(
                folded.as_str(),
                "year" | "annee" | "année" | "an" | "period" | "periode" | "période" | "time_period"
            )
        };
        if let Some(year) = headers.iter().position(is_year) {
            let weight = (1..headers.len()).find(|&at| at != year).unwrap_or(1);
            return Self::Long { year, weight };
        }
        let years: Vec<(i16, usize)> =
            headers.iter().enumerate().skip(1).filter_map(|(at, header)| Some((year_in(header)?, at))).collect();
        if years.is_empty() { Self::Plain } else { Self::Wide(years) }
    }
}

/// Reads a file of weights by unit: `unit,weight`; with a column of weights for each year (`unit,2016,2021`); or with a
/// column of years (`unit,year,weight`). The first column holds the units.
///
/// Units without a row weigh nothing; they are named, as are rows about unknown units.
///
/// # Errors
/// [`SeriesError::BadWeight`] for a weight that is no number, negative or infinite; [`SeriesError::BadWeightYear`] for a year
/// that is none; [`SeriesError::MissingColumn`]; [`SeriesError::Csv`].
pub fn read_unit_weights<S: AsRef<str>>(bytes: &[u8], units: &[S]) -> Result<FileWeights, SeriesError> {
    let (text, _) = decode(bytes);
    let sheet = Sheet::open(&text)?;
    if sheet.headers().len() < 2 {
        return Err(SeriesError::MissingColumn {
            wanted: Words::new("le poids : unité,poids", "the weight: unit,weight"),
        });
    }
    let shape = Shape::of(sheet.headers());
    let place: HashMap<&str, usize> = units.iter().enumerate().map(|(at, id)| (id.as_ref(), at)).collect();
    let mut of_year: BTreeMap<Option<i16>, Vec<f64>> = BTreeMap::new();
    let mut seen = vec![false; units.len()];
    let mut unknown: Vec<String> = Vec::new();
    sheet.each_record(|line, record| {
        let field = |at: usize| record.get(at).unwrap_or("").trim();
        let unit = field(0);
        let mut take = |year: Option<i16>, found: &str| {
            let weight =
                found.replace(',', ".").parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight >= 0.0);
            let Some(weight) = weight else {
                return Err(SeriesError::BadWeight { unit: unit.to_owned(), found: found.to_owned(), line });
            };
            let weights = of_year.entry(year).or_insert_with(|| vec![0.0; units.len()]);
            if let Some(&at) = place.get(unit) {
                weights[at] = weight;
                seen[at] = true;
            }
            Ok(())
        };
        match &shape {
            Shape::Plain => take(None, field(1))?,
            Shape::Wide(years) => years.iter().try_for_each(|&(year, at)| take(Some(year), field(at)))?,
            Shape::Long { year, weight } => {
                let found = field(*year);
                let year =
                    year_in(found).ok_or_else(|| SeriesError::BadWeightYear { found: found.to_owned(), line })?;
                take(Some(year), field(*weight))?;
            }
        }
        if !place.contains_key(unit) && unknown.last().is_none_or(|last| last != unit) {
            unknown.push(unit.to_owned());
        }
        Ok(())
    })?;
    let absent =
        units.iter().zip(&seen).filter(|(_, seen)| !**seen).map(|(unit, _)| unit.as_ref().to_owned()).collect();
    let weights = of_year.values().next_back().cloned().unwrap_or_else(|| vec![0.0; units.len()]);
    let dated = of_year
        .into_iter()
        .filter_map(|(year, weights)| Some(DatedWeights { date: Date::new(year?, 7, 1)?, weights }))
        .collect();
    Ok(FileWeights { weights, dated, absent, unknown })
}

#[cfg(test)]
mod tests {
    use super::read_unit_weights;
    use crate::series::SeriesError;

    #[test]
    fn weights_of_several_years_are_read_as_columns_or_as_rows() {
        let units = ["24010001", "24010002"];
        let wide = read_unit_weights(b"ad;pop_2016;pop_2021\n24010001;10;12\n24010002;5;4\n", &units).unwrap();
        let long = b"unit,year,weight\n24010001,2021,12\n24010001,2016,10\n24010002,2016,5\n24010002,2021,4\n";
        assert_eq!(wide, read_unit_weights(long, &units).unwrap());
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
