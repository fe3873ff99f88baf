//! Arguments of `revision`, as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::keep_args::{
    AppendArgs, CommentArgs, CreateArgs, DecideArgs, DuplicateArgs, JudgeArgs, ListArgs, PublishArgs, ShowArgs, Step,
    SubmitArgs,
};
use crate::cli::args::{AnswerFormat, ListFormat, Source};

/// The commands on revisions.
#[derive(Debug, Subcommand)]
pub enum RevisionCommand {
    /// Write a revision to start from, with an example of every operation.
    New(NewArgs),
    /// Make a revision again on another edition, and tell what no longer holds.
    Rebase(RebaseArgs),
    /// Tell what a revision does at every level, and write the file for those who decide.
    Simulate(SimulateArgs),
    /// Compare two editions or revisions.
    Diff(DiffArgs),
    /// Write a revision as an assignment table or as a list of operations.
    Export(ExportRevisionArgs),
    /// Make a revision in a store, a draft at first.
    Create(CreateArgs),
    /// List the revisions of a store.
    List(ListArgs),
    /// Show a revision of a store as it stands.
    Show(ShowArgs),
    /// Add operations to a draft of a store, as one step.
    Append(AppendArgs),
    /// Take back the last step of a draft.
    Undo(Step),
    /// Take again the last step taken back.
    Redo(Step),
    /// Say something about a revision.
    Comment(CommentArgs),
    /// Copy a revision, as a draft.
    Duplicate(DuplicateArgs),
    /// Hand a draft in.
    Submit(SubmitArgs),
    /// Take a revision into analysis, send it back to be corrected, accept it, refuse it or withdraw it.
    Decide(DecideArgs),
    /// Fill a section that no figure tells: legal, administrative, organisational, human, cost, public health.
    Judge(JudgeArgs),
    /// Make an accepted revision an edition in force from a day on.
    Publish(PublishArgs),
    /// Tell everything that happened to a revision kept in a store; the chain of digests is checked.
    History(HistoryArgs),
    /// List and rank every legal move of one border unit.
    Moves(MovesArgs),
    /// Search for maps near today's that bring more CLSC into the range of people.
    Propose(ProposeArgs),
}

/// A revision to answer with, instead of an edition of the atlas.
#[derive(Debug, Clone, Default, Args)]
pub struct Draft {
    /// Revision (TOML of operations, or assignment CSV) to answer with; its base is the edition it names.
    ///
    /// With --store, the identifier of a revision kept there (rev-1).
    #[arg(long, value_name = "FILE")]
    pub revision: Option<PathBuf>,
    /// File in which revisions are kept (see `serve --store`): those published answer like editions of the atlas.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
}

/// Tables of what is known of units beside the atlas.
#[derive(Debug, Clone, Default, Args)]
pub struct UnitTables {
    /// Municipality of each unit, and its MRC, census tract and population-weighted point where the table has them (CSV: unit,
    /// code, name, mrc, `mrc_name`, ...). Statistics Canada's Geographic Attribute File does as it is.
    ///
    /// Without it, that of --municipal-limits, else that of most addresses of the unit in the atlas, if it has any; MRC are
    /// the census divisions.
    #[arg(long, value_name = "FILE.csv")]
    pub municipalities: Option<PathBuf>,
    /// Outlines of municipalities (shapefile or GeoJSON): each unit lies in the one that holds the largest share of it.
    #[arg(long, value_name = "FILE")]
    pub municipal_limits: Option<PathBuf>,
    /// Population-weighted point of each unit (CSV: unit, lon, lat): distances are measured from there.
    ///
    /// Without it, from the points in the table of --municipalities, else from a point inside each unit.
    #[arg(long, value_name = "FILE.csv")]
    pub points: Option<PathBuf>,
    /// Indicators of units (CSV: unit, then a column each); may be given several times.
    #[arg(long = "indicator", value_name = "FILE.csv")]
    pub indicators: Vec<PathBuf>,
    /// Counts that go from unit to unit (CSV: from, to, count); may be given several times. Those to places that the atlas does
    /// not hold leave the province, and count in the total.
    #[arg(long, value_name = "FILE.csv")]
    pub flows: Vec<PathBuf>,
    /// People registered with a family medicine group (CSV: from, to, count), `to` the unit it stands in.
    #[arg(long, value_name = "FILE.csv")]
    pub gmf: Option<PathBuf>,
    /// Minutes of travel from units to installations (CSV: unit, installation, minutes; the installation by its code in the
    /// register, or by the unit it stands in): travel times then count instead of straight lines.
    #[arg(long, value_name = "FILE.csv")]
    pub travel_times: Option<PathBuf>,
    /// Addresses of each unit (CSV: unit, count); those in the atlas where left out.
    #[arg(long, value_name = "FILE.csv")]
    pub addresses: Option<PathBuf>,
    /// Columns of these tables, where they have other names than the usual ones:
    /// `unit=AD,code=MUN,name=NOM,mrc=MRC,mrc_name=NOM_MRC,from=DE,to=VERS,count=NB,installation=POINT,minutes=DUREE`.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub table_columns: Option<String>,
}

impl UnitTables {
    /// Whether any is named.
    #[must_use]
    pub fn any(&self) -> bool {
        let one = [
            &self.municipalities,
            &self.municipal_limits,
            &self.points,
            &self.gmf,
            &self.travel_times,
            &self.addresses,
        ];
        one.iter().any(|path| path.is_some()) || !self.indicators.is_empty() || !self.flows.is_empty()
    }
}

/// What is known of units beside the atlas, and what is asked of a CLSC.
#[derive(Debug, Clone, Args)]
pub struct Knowledge {
    /// The tables.
    #[command(flatten)]
    pub tables: UnitTables,
    /// People by territory and year (CSV: level, code, year, population), as the ministry publishes them: those of a CLSC are
    /// shared between its units in proportion to their people in the atlas. See --year and --people-year.
    #[arg(long, value_name = "FILE.csv")]
    pub population_table: Option<PathBuf>,
    /// Tell the people of the CLSC concerned in that year of --population-table too, projected or past; may be given several
    /// times. The last year of the table where left out.
    #[arg(long = "year", value_name = "YEAR", requires = "population_table")]
    pub years: Vec<i32>,
    /// Weigh by the people of that year of --population-table instead of those of the atlas.
    #[arg(long, value_name = "YEAR", requires = "population_table")]
    pub people_year: Option<i32>,
    /// Fewest people of a CLSC.
    #[arg(long, default_value_t = 25_000, value_name = "PEOPLE")]
    pub least_people: u64,
    /// Most people of a CLSC.
    #[arg(long, default_value_t = 50_000, value_name = "PEOPLE")]
    pub most_people: u64,
    /// Distance beyond which people are far from an installation, metres.
    #[arg(long, default_value_t = 10_000.0, value_name = "METRES")]
    pub far_m: f64,
    /// Travel time beyond which people are far from an installation, minutes; where --travel-times is given.
    #[arg(long, default_value_t = 30.0, value_name = "MINUTES")]
    pub far_minutes: f64,
}

/// Arguments of `revision simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Revision: TOML of operations, or assignment CSV (`geo_id,zone` or `DAUID,CLSC`; whole or only what changes).
    ///
    /// With --store, the identifier of a revision kept there (rev-1).
    pub file: PathBuf,
    /// File in which revisions are kept (see `serve --store`): the identifier of one there does as well as a file.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Atlas, and base edition where the file does not name one.
    #[command(flatten)]
    pub source: Source,
    /// What is known of units.
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// Accept a warning by its name (detached, `far_merger`, `same_name`, empty, `before_base`); may be given several times.
    /// As long as one is not accepted, the exit code is 1.
    #[arg(long, value_name = "NAME")]
    pub accept: Vec<crate::revision::ConcernKind>,
    /// Write the file for those who decide: one HTML page, in the language of --lang.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Write the units that change territory, with their people and addresses.
    #[arg(long, value_name = "FILE.csv")]
    pub affected: Option<PathBuf>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Arguments of `revision new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// Operation to write, such as `move_units` or split; may be given several times. Those that are not named stand in the file
    /// as comments.
    #[arg(long = "operation", value_name = "WORD")]
    pub operations: Vec<String>,
    /// Identifier of the revision.
    #[arg(long, value_name = "TEXT", default_value = "ma-revision")]
    pub id: String,
    /// Title of the revision, for people.
    #[arg(long, value_name = "TEXT", default_value = "Ma révision")]
    pub label: String,
    /// First day on which it would hold; that of the edition where left out.
    #[arg(long, value_name = "DATE")]
    pub valid_from: Option<crate::domain::Date>,
    /// Atlas and edition to start from.
    #[command(flatten)]
    pub source: Source,
    /// File in which revisions are kept (see `serve --store`): one that is published there may be started from.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Where to write it; standard output where left out.
    #[arg(long, short, value_name = "FILE.toml")]
    pub output: Option<PathBuf>,
    /// Only list every operation with its fields.
    #[arg(long = "list")]
    pub operations_list: bool,
}

/// Arguments of `revision rebase`.
#[derive(Debug, Args)]
pub struct RebaseArgs {
    /// Revision file; with --store, also the identifier of a revision kept there (rev-1), which is then kept again.
    pub file: PathBuf,
    /// Identifier of the edition to make it again on; the newest where left out.
    #[arg(long, value_name = "EDITION")]
    pub onto: Option<String>,
    /// File in which revisions are kept (see `serve --store`).
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Who writes, for a revision of the store.
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Atlas, and base edition where the file does not name one.
    #[command(flatten)]
    pub source: Source,
    /// Write the revision on the other edition.
    #[arg(long, short, value_name = "FILE.toml")]
    pub output: Option<PathBuf>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Arguments of `revision diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Before: identifier of an edition, or revision file; with --store, also the identifier of a revision kept there.
    pub before: String,
    /// After: the same.
    pub after: String,
    /// File in which revisions are kept (see `serve --store`): the identifier of one there does as well as a file.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Atlas, and base edition where a file does not name one.
    #[command(flatten)]
    pub source: Source,
    /// What is known of units.
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// How to write the answer; as CSV, the units whose CLSC differs.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// The names of the columns of an assignment table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Columns {
    /// `geo_id,zone`.
    GeoId,
    /// `DAUID,CLSC`.
    Dauid,
}

/// Arguments of `revision export`.
#[derive(Debug, Args)]
pub struct ExportRevisionArgs {
    /// Revision file; with --store, also the identifier of a revision kept there (rev-1).
    pub file: PathBuf,
    /// File in which revisions are kept (see `serve --store`): the identifier of one there does as well as a file.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Atlas, and base edition where the file does not name one.
    #[command(flatten)]
    pub source: Source,
    /// Where to write it: .csv for the table, .toml for the operations.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Names of the table's columns.
    #[arg(long, value_enum, default_value_t = Columns::GeoId)]
    pub columns: Columns,
    /// Only the units whose CLSC changes.
    #[arg(long)]
    pub changes: bool,
}

/// What is ruled out.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Kept {
    /// Leave every RLS as it is.
    #[arg(long)]
    pub keep_rls: bool,
    /// Leave every RTS as it is.
    #[arg(long)]
    pub keep_rts: bool,
    /// Leave every RSS as it is.
    #[arg(long)]
    pub keep_rss: bool,
    /// Leave every RUISSS as it is.
    #[arg(long)]
    pub keep_ruisss: bool,
    /// Cut no municipality more than it is (see --municipalities).
    #[arg(long)]
    pub keep_municipalities: bool,
    /// Cut no MRC, or census division, more than it is.
    #[arg(long)]
    pub keep_mrc: bool,
    /// Leave a CLSC as it is; may be given several times.
    #[arg(long = "lock-clsc", value_name = "CODE")]
    pub lock_clsc: Vec<String>,
    /// Leave a unit where it is; may be given several times.
    #[arg(long = "lock-unit", value_name = "ID")]
    pub lock_units: Vec<String>,
    /// Most people to move.
    #[arg(long, value_name = "PEOPLE")]
    pub max_moved_people: Option<u64>,
}

/// Arguments of `revision moves`.
#[derive(Debug, Args)]
pub struct MovesArgs {
    /// Atlas and edition.
    #[command(flatten)]
    pub source: Source,
    /// A revision to start from.
    #[command(flatten)]
    pub draft: Draft,
    /// What is known of units.
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// What is ruled out.
    #[command(flatten)]
    pub kept: Kept,
    /// Only moves out of or into the CLSC of these territories: codes of CLSC, RLS, RTS, RSS or RUISSS.
    #[arg(long, value_name = "CODE", num_args = 1..)]
    pub within: Vec<String>,
    /// At most so many moves; 0 for all.
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// What proposals aim at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Goal {
    /// As many CLSC as can be with as many people as the range asks.
    InRange,
    /// As many people as can be in the CLSC of the installation nearest to them: by travel time where --travel-times says one,
    /// as the crow flies elsewhere.
    NearestInstallation,
    /// As few municipalities as can be shared between CLSC.
    MunicipalitiesWhole,
    /// CLSC as even in people as can be.
    Balance,
    /// As few broken series as can be, beside another goal.
    FewestBrokenSeries,
}

/// Arguments of `revision propose`.
#[derive(Debug, Args)]
pub struct ProposeArgs {
    /// Atlas and edition.
    #[command(flatten)]
    pub source: Source,
    /// A revision to start from.
    #[command(flatten)]
    pub draft: Draft,
    /// What is known of units.
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// What is ruled out.
    #[command(flatten)]
    pub kept: Kept,
    /// What to aim at; may be given several times, or as a list with commas.
    #[arg(long = "goal", value_enum, value_delimiter = ',', default_value = "in-range")]
    pub goals: Vec<Goal>,
    /// Only moves between CLSC of these territories: codes of CLSC, RLS, RTS, RSS or RUISSS.
    #[arg(long, value_name = "CODE", num_args = 1..)]
    pub within: Vec<String>,
    /// Everything that chance decides follows from it: the same seed and tries give the same proposals.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Moves to try.
    #[arg(long, default_value_t = 2_000_000)]
    pub tries: u64,
    /// Stop after so many seconds and keep what was found; how far the search came then depends on the machine.
    #[arg(long, value_name = "SECONDS")]
    pub seconds: Option<f64>,
    /// Most proposals.
    #[arg(long, default_value_t = 20)]
    pub most: usize,
    /// Write each proposal as a revision (TOML) into a folder.
    #[arg(long, value_name = "FOLDER")]
    pub write: Option<PathBuf>,
    /// First day on which the proposals would hold; that of the edition where left out.
    #[arg(long, value_name = "DATE")]
    pub valid_from: Option<crate::domain::Date>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Arguments of `revision history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Identifier of the revision in the store (rev-1).
    pub id: String,
    /// File in which revisions are kept (see `serve --store`).
    #[arg(long, value_name = "FILE")]
    pub store: PathBuf,
    /// Atlas that the revision is based on; the embedded demo where none is given.
    #[arg(long, value_name = "FILE")]
    pub atlas: Option<PathBuf>,
    /// Only up to this event.
    #[arg(long, value_name = "NUMBER")]
    pub version: Option<u64>,
    /// Write the state it then had: .csv for the CLSC of every unit, .toml for the operations.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How to write the history.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}
