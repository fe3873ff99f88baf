//! A table of values by period, territory and series, with all that was found wrong with it.

use serde::Serialize;

use super::read::{TableOptions, read_table};
use crate::domain::{Date, Level, Place, Severity, Term, TerritoryCode};
use crate::series::SeriesError;
use crate::tables::ColumnsUsed;

/// What the values of a series are, and so what may be done with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A number of people, cases, beds: it adds up. With a denominator, its rate is worked out as well.
    Count,
    /// A rate or a mean: it needs its denominator to be bridged.
    Rate,
    /// A median or another quantile: it can not be bridged from values by territory.
    Median,
}

/// What tells a series from another beside its territory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
pub struct SeriesKey {
    /// Indicator; empty where the table has only one.
    pub indicator: String,
    /// Age group; empty where the table has none.
    pub age: String,
    /// Sex; empty where the table has none.
    pub sex: String,
    /// What the values are.
    pub measure: Measure,
}

/// A period of the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
pub struct Period {
    /// Day the period is compared with editions on: the stated day, or 1 July of the (first) year.
    pub date: Date,
    /// As the table writes it.
    pub label: String,
}

/// A value as the table gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number, and how many decimals it was written with.
    Number(f64, u8),
    /// A text kept and carried through, as a place in [`Table::texts`].
    Suppressed(u32),
}

/// A cell of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level of its territory.
    pub level: Level,
    /// Place in [`Table::periods`].
    pub period: u16,
    /// Place in [`Table::codes`].
    pub code: u32,
    /// The value.
    pub value: Value,
    /// The denominator, where there is one.
    pub denominator: Option<f64>,
    /// Line of the file, from 1.
    pub line: u32,
    /// Column of the value, as a place in [`Table::columns`].
    pub column: u16,
}

/// What sort of thing was found in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeriesFindingKind {
    /// A total among its parts.
    TotalRow,
    /// A code of another level than the row's or the table's.
    OtherLevel,
    /// A code that is none of any level.
    BadCode,
    /// A code robbed of its leading zero.
    LostZero,
    /// A code that a program had written otherwise.
    RepairedCode,
    /// Territories given by their names.
    NameRead,
    /// The same cell twice.
    DuplicateCell,
    /// A count, or a denominator, below zero.
    NegativeCount,
    /// A text instead of a number, of those that stand for a value withheld or missing.
    Suppressed,
    /// A text instead of a number that means nothing known.
    BadValue,
    /// A number that can be read in two ways.
    AmbiguousNumber,
    /// A period that no edition covers.
    NoEdition,
    /// A period that can not be read.
    BadPeriod,
    /// A code that the edition of its period does not hold.
    UnknownCode,
    /// A code of the edition that the period does not give.
    MissingCode,
    /// A column that is not read.
    IgnoredColumn,
    /// Values whose kind was inferred.
    InferredMeasure,
    /// An unexpected encoding.
    Encoding,
    /// Units that do not add up to the published value.
    UnitsDoNotAddUp,
    /// Parts that do not add up to the published value of the level above.
    LevelsDoNotAddUp,
}

impl SeriesFindingKind {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::TotalRow => Term::new("total parmi ses parties, mis de côté", "total among its parts, set aside"),
            Self::OtherLevel => Term::new("code d’un autre niveau", "code of another level"),
            Self::BadCode => Term::new("code d’aucun niveau", "code of no level"),
            Self::LostZero => Term::new("zéro initial perdu, remis", "leading zero lost, put back"),
            Self::RepairedCode => Term::new("code écrit autrement, réparé", "code written otherwise, repaired"),
            Self::NameRead => Term::new("territoires donnés par leur nom", "territories given by name"),
            Self::DuplicateCell => Term::new("même cellule donnée deux fois", "the same cell twice"),
            Self::NegativeCount => Term::new("effectif négatif", "negative count"),
            Self::Suppressed => Term::new("valeur masquée ou manquante, conservée", "value withheld or missing, kept"),
            Self::BadValue => Term::new("texte au lieu d’un nombre, conservé", "text instead of a number, kept"),
            Self::AmbiguousNumber => {
                Term::new("nombre qui peut se lire de deux façons", "number that reads in two ways")
            }
            Self::NoEdition => Term::new("période sans édition en vigueur", "period with no edition in force"),
            Self::BadPeriod => Term::new("période illisible", "period that can not be read"),
            Self::UnknownCode => {
                Term::new("code absent de l’édition de la période", "code that the period's edition does not hold")
            }
            Self::MissingCode => Term::new("code de l’édition sans valeur", "code of the edition without a value"),
            Self::IgnoredColumn => Term::new("colonne non lue", "column not read"),
            Self::InferredMeasure => Term::new("nature des valeurs déduite", "kind of values inferred"),
            Self::Encoding => Term::new("encodage inattendu", "unexpected encoding"),
            Self::UnitsDoNotAddUp => {
                Term::new("les unités ne donnent pas la valeur publiée", "units do not add up to the published value")
            }
            Self::LevelsDoNotAddUp => Term::new(
                "les parties ne donnent pas la valeur du niveau supérieur",
                "parts do not add up to the value of the level above",
            ),
        }
    }
}

/// One thing found in a table, with its place.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SeriesFinding {
    /// How bad it is. `Error`: the value was set aside.
    pub severity: Severity,
    /// What it is.
    pub kind: SeriesFindingKind,
    /// Where it is.
    pub place: Place,
    /// The sentence for people, in French and English.
    #[serde(flatten)]
    pub message: crate::domain::Words,
}

/// What became of everything in the file; nothing is dropped without standing here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TableCounts {
    /// Rows under the headers.
    pub rows: u64,
    /// Values in them.
    pub values: u64,
    /// Values kept.
    pub kept: u64,
    /// Kept values that are texts (withheld or missing).
    pub suppressed: u64,
    /// Values of totals beside their parts: not kept among these, held against their sum by the check.
    pub totals: u64,
    /// Values set aside, each with an `Error` finding.
    pub set_aside: u64,
}

/// A total that stood beside its parts: set aside, and held against their sum by [`check`](crate::series::check()).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Total {
    /// Place in [`Table::series`].
    pub series: u32,
    /// Place in [`Table::periods`].
    pub period: u16,
    /// The number.
    pub value: f64,
    /// Line of the file, from 1.
    pub line: u32,
    /// Column of the value, as a place in [`Table::columns`].
    pub column: u16,
}

/// A table of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// File name, without its folder.
    pub file: String,
    /// Headers.
    pub columns: Vec<String>,
    /// Which columns were used, for what, and which were not.
    pub columns_used: ColumnsUsed,
    /// Periods in order of date.
    pub periods: Vec<Period>,
    /// Codes, in order.
    pub codes: Vec<TerritoryCode>,
    /// Series, in order.
    pub series: Vec<SeriesKey>,
    /// Texts that stand for values.
    pub texts: Vec<String>,
    /// Cells in order of series, level, period, code; no two of the same place.
    pub cells: Vec<Cell>,
    /// What the table says its rates are said of, such as 100,000.
    pub rate_per: Option<f64>,
    /// Totals over all territories.
    pub totals: Vec<Total>,
    /// What was found.
    pub findings: Vec<SeriesFinding>,
    /// How many findings of each kind are not listed.
    pub findings_beyond: std::collections::BTreeMap<SeriesFindingKind, u64>,
    /// What became of everything.
    pub counts: TableCounts,
}

impl SeriesKey {
    /// The key as a label for people: its parts that are not empty.
    #[must_use]
    pub fn label(&self) -> String {
        let parts: Vec<&str> = [&self.indicator, &self.age, &self.sex]
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() { "valeur".to_owned() } else { parts.join(" · ") }
    }
}

impl Value {
    /// The number, if it is one.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        match self {
            Value::Number(value, _) => Some(value),
            Value::Suppressed(_) => None,
        }
    }
}

impl Table {
    /// Reads a table from the bytes of a CSV file: long (a row a value) or wide (a column a year).
    ///
    /// Separators, encodings, French and English headers, decimal commas and thousands spaces are recognised. Findings
    /// name line and column.
    ///
    /// # Errors
    /// [`SeriesError::MissingColumn`] without a period, a code or a value; [`SeriesError::RepeatedColumn`];
    /// [`SeriesError::Table`].
    pub fn read(bytes: &[u8], file: &str, options: &TableOptions) -> Result<Self, SeriesError> {
        read_table(bytes, file, options)
    }

    /// Cells of each series and level, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|a, b| (a.series, a.level) == (b.series, b.level))
    }

    /// The place of a cell in the file.
    #[must_use]
    pub fn place(&self, cell: &Cell) -> Place {
        Place {
            file: Some(self.file.clone()),
            line: Some(u64::from(cell.line)),
            column: self.columns.get(usize::from(cell.column)).cloned(),
            ..Place::default()
        }
    }

    /// The value as the table writes it.
    #[must_use]
    pub fn text(&self, value: Value) -> String {
        match value {
            Value::Number(number, decimals) => format!("{number:.*}", usize::from(decimals)),
            Value::Suppressed(text) => self.texts.get(text as usize).cloned().unwrap_or_default(),
        }
    }
}
