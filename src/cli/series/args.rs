//! Arguments of `series` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::args::ListFormat;
use crate::domain::Level;
use crate::series::Measure;

/// The commands on series.
#[derive(Debug, Subcommand)]
pub enum SeriesCommand {
    /// What became of every territory between two editions.
    Changes(ChangesArgs),
    /// Weighted pairs of territories of two editions.
    Crosswalk(CrosswalkArgs),
    /// A verdict for every value of a table: does it still compare?
    Check(CheckArgs),
    /// The whole table on one edition, with an interval where it can only be estimated.
    Bridge(BridgeArgs),
    /// The finest territories that compare through all editions.
    Common(CommonArgs),
    /// The headers by which the columns of a table are known.
    Columns(ColumnsArgs),
    /// Small counts that the same table on old and on new limits gives away together.
    Guard(GuardArgs),
}

/// Where editions come from.
#[derive(Debug, Clone, Args)]
pub struct Atlases {
    /// Atlas file; the embedded demo where none is given.
    #[arg(long, value_name = "FILE")]
    pub atlas: Option<PathBuf>,
    /// Atlas of the newer editions, where they are over the units of another census.
    #[arg(long, value_name = "FILE")]
    pub to_atlas: Option<PathBuf>,
    /// Statistics Canada's correspondence of dissemination areas (such as `2021_92-156-X_DA_AD.csv`); the limits of both
    /// atlases are laid over one another where it is left out.
    #[arg(long, value_name = "FILE", requires = "to_atlas")]
    pub correspondence: Option<PathBuf>,
    /// Its columns, where they have other names than the usual ones: `newer=AD2021,older=AD2016,block=ILOT,relation=LIEN`.
    #[arg(long, value_name = "NAME=COLUMN,...", requires = "correspondence")]
    pub correspondence_columns: Option<String>,
    /// Revision to take as one more edition, by the id it bears; may be given several times. Where an edition is asked for, the
    /// name of a revision's file (.toml or .csv) does as well.
    #[arg(long = "revision", value_name = "FILE")]
    pub revisions: Vec<PathBuf>,
    /// File in which revisions are kept (see `serve --store`): the identifier of one there (rev-1), or the day of a published
    /// one, does wherever an edition is asked for.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
}

/// Two editions and a level.
#[derive(Debug, Clone, Args)]
pub struct Pair {
    /// Older edition, by identifier.
    #[arg(long, value_name = "EDITION")]
    pub from: String,
    /// Newer edition, by identifier.
    #[arg(long, value_name = "EDITION")]
    pub to: String,
    /// Level: clsc, rls, rts, rss or ruisss.
    #[arg(long, default_value = "clsc")]
    pub level: Level,
    /// Where editions come from.
    #[command(flatten)]
    pub atlases: Atlases,
}

/// What a table's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MeasureWord {
    /// Counts: they add up.
    Count,
    /// Rates or means: they need their denominator.
    Rate,
    /// Medians or other quantiles: they can not be bridged.
    Median,
}

impl From<MeasureWord> for Measure {
    fn from(word: MeasureWord) -> Self {
        match word {
            MeasureWord::Count => Measure::Count,
            MeasureWord::Rate => Measure::Rate,
            MeasureWord::Median => Measure::Median,
        }
    }
}

/// Names of the columns of a table of values.
#[derive(Debug, Clone, Args)]
pub struct TableColumns {
    /// Several columns at once:
    /// `code=TERRITOIRE,period=AN,value=CAS,level=...,denominator=...,age=...,sex=...,indicator=...,measure=...,status=...`.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub columns: Option<String>,
    /// Column with the period of each value.
    #[arg(long, value_name = "COLUMN")]
    pub period_column: Option<String>,
    /// Column with the level of each code.
    #[arg(long, value_name = "COLUMN")]
    pub level_column: Option<String>,
    /// Column with the code, or the name, of each territory.
    #[arg(long, value_name = "COLUMN")]
    pub code_column: Option<String>,
    /// Column with the values.
    #[arg(long, value_name = "COLUMN")]
    pub value_column: Option<String>,
    /// Column with the denominator of each value.
    #[arg(long, value_name = "COLUMN")]
    pub denominator_column: Option<String>,
    /// Column with the age group.
    #[arg(long, value_name = "COLUMN")]
    pub age_column: Option<String>,
    /// Column with the sex.
    #[arg(long, value_name = "COLUMN")]
    pub sex_column: Option<String>,
    /// Column with the indicator.
    #[arg(long, value_name = "COLUMN")]
    pub indicator_column: Option<String>,
    /// Column that says what each value is.
    #[arg(long, value_name = "COLUMN")]
    pub measure_column: Option<String>,
    /// Column with the SDMX observation status.
    #[arg(long, value_name = "COLUMN")]
    pub status_column: Option<String>,
}

impl TableColumns {
    /// Each column named by a flag of its own, by its word of `COLUMN_WORDS`.
    #[must_use]
    pub fn single(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("period", &self.period_column),
            ("level", &self.level_column),
            ("code", &self.code_column),
            ("value", &self.value_column),
            ("denominator", &self.denominator_column),
            ("age", &self.age_column),
            ("sex", &self.sex_column),
            ("indicator", &self.indicator_column),
            ("measure", &self.measure_column),
            ("status", &self.status_column),
        ];
        all.into_iter().filter_map(|(word, column)| Some((word, column.as_deref()?))).collect()
    }
}

/// A table of values and the editions it is coded in.
#[derive(Debug, Clone, Args)]
pub struct TableArgs {
    /// Table of values (CSV), long or wide: period, level, code, value, and if wanted denominator, age group, sex, indicator.
    #[arg(value_name = "FILE.csv")]
    pub table: PathBuf,
    /// Editions the table may be coded in, E1,E2; or said by period, 2015..2021=E1,2022=E2. All of the atlas where left out;
    /// a period that is not said is found out from its codes.
    #[arg(long, value_name = "LIST")]
    pub editions: Option<String>,
    /// Level of every row, where the table has no column for it.
    #[arg(long)]
    pub level: Option<Level>,
    /// What the values are, where the table does not say.
    #[arg(long, value_enum)]
    pub measure: Option<MeasureWord>,
    /// Its columns, where they have other names than the usual ones (see `series columns`).
    #[command(flatten)]
    pub columns: TableColumns,
    /// Encoding of the table, where it is not found by itself.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Sheet of a workbook; the first one that is shown where it is left out.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The same counts by dissemination area (CSV): what adds up to the table's values is then exact.
    #[arg(long, value_name = "DA_FILE.csv")]
    pub by_unit: Option<PathBuf>,
    /// Write a page for people with charts (HTML).
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Where to write the answer, Parquet where the name ends in .parquet; standard output where it is left out.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Where editions come from.
    #[command(flatten)]
    pub atlases: Atlases,
}

impl TableArgs {
    /// Whether the answer is to be Parquet.
    pub fn wants_parquet(&self) -> bool {
        self.output.as_deref().is_some_and(super::is_parquet)
    }
}

/// Arguments of `series changes`.
#[derive(Debug, Args)]
pub struct ChangesArgs {
    /// Which editions, at which level.
    #[command(flatten)]
    pub pair: Pair,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// How a table of numbers is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

/// How a bridged table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BridgeFormat {
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
    /// SDMX-CSV 2.0, for statistical systems.
    SdmxCsv,
}

/// Arguments of `series columns`.
#[derive(Debug, Args)]
pub struct ColumnsArgs {
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `series crosswalk`.
#[derive(Debug, Args)]
pub struct CrosswalkArgs {
    /// Which editions, at which level.
    #[command(flatten)]
    pub pair: Pair,
    /// What weighs: population, addresses, dwellings, area, or a file of weights by unit (unit,weight; of several years the last).
    #[arg(long, default_value = "population", value_name = "WORD|FILE")]
    pub weights: String,
    /// Columns of a file of weights, where they have other names than the usual ones: `unit=AD,weight=POIDS`.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub weights_columns: Option<String>,
    /// Middle edition: the crosswalk composed through it is held against the direct one.
    #[arg(long, value_name = "EDITION", conflicts_with = "to_atlas")]
    pub through: Option<String>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    pub format: TableFormat,
    /// Where to write the answer, Parquet where the name ends in .parquet; standard output where it is left out.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `series check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The table.
    #[command(flatten)]
    pub table: TableArgs,
    /// Edition the values are wanted on; the one in force today where it is left out.
    #[arg(long, value_name = "EDITION")]
    pub to: Option<String>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `series bridge`.
#[derive(Debug, Args)]
pub struct BridgeArgs {
    /// The table.
    #[command(flatten)]
    pub table: TableArgs,
    /// Edition to put the values on.
    #[arg(long, value_name = "EDITION")]
    pub to: String,
    /// What values are shared by: population, addresses, dwellings, area, or a file of weights by unit: `unit,weight`, a column of
    /// weights a year (`unit,2016,2021`), or `unit,year,weight`. Weights of several years are interpolated to that of each value.
    #[arg(long, default_value = "population", value_name = "WORD|FILE")]
    pub weights: String,
    /// Answer with rates by age standardised directly on a population: `quebec` (the people of the table's last period, all territories
    /// together) or a file `age,population`. Intervals are those of Fay and Feuer.
    #[arg(long, value_name = "quebec|FILE")]
    pub standardise: Option<String>,
    /// Columns of a file of weights, where they have other names than the usual ones: `unit=AD,weight=POIDS`.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub weights_columns: Option<String>,
    /// Intervals that hold what chance does to counts as well: what another year of the same risk could have given.
    #[arg(long)]
    pub chance: bool,
    /// People (or other denominator) that rates are said of, such as 100000. Of a table of rates, told from them where it is left
    /// out; of counts with a denominator, 1. Refused where there are neither.
    #[arg(long, value_name = "NUMBER")]
    pub rate_per: Option<f64>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = BridgeFormat::Csv)]
    pub format: BridgeFormat,
}

/// Arguments of `series common`.
#[derive(Debug, Args)]
pub struct CommonArgs {
    /// Editions, E1,E2,...; all of the atlas where left out.
    #[arg(long, value_name = "LIST")]
    pub editions: Option<String>,
    /// Level: clsc, rls, rts, rss or ruisss.
    #[arg(long, default_value = "clsc")]
    pub level: Level,
    /// Where editions come from.
    #[command(flatten)]
    pub atlases: Atlases,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `series guard`.
#[derive(Debug, Args)]
pub struct GuardArgs {
    /// The table on the older limits (CSV).
    #[arg(value_name = "OLD.csv")]
    pub old: PathBuf,
    /// The same table on the newer limits (CSV).
    #[arg(value_name = "NEW.csv")]
    pub new: PathBuf,
    /// Which editions; the level is that of rows without one.
    #[command(flatten)]
    pub pair: Pair,
    /// Columns of both tables, as for `series check`.
    #[command(flatten)]
    pub columns: TableColumns,
    /// Counts above 0 and below this must not be deducible.
    #[arg(long, default_value_t = 5.0, value_name = "NUMBER")]
    pub threshold: f64,
    /// Whether a count of 0 is a leak too.
    #[arg(long)]
    pub zero_leaks: bool,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}
