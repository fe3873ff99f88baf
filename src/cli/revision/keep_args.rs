//! Arguments of the commands that write to a store, as typed.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{AnswerFormat, Source};
use crate::domain::Date;
use crate::revision::{Aspect, ConcernKind, State};

/// Which store, and how the answer is written.
#[derive(Debug, Args)]
pub struct Stored {
    /// File in which revisions are kept (see `serve --store`).
    #[arg(long, value_name = "FILE")]
    pub store: PathBuf,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Who writes to which revision, and what the writer saw.
#[derive(Debug, Args)]
pub struct Step {
    /// Identifier of the revision in the store (rev-1).
    pub id: String,
    /// Who writes.
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// Version that the writer saw: refused where somebody wrote since. The last one where left out.
    #[arg(long, value_name = "NUMBER")]
    pub version: Option<u64>,
    /// Atlas that the revision is based on; the embedded demo where none is given.
    #[arg(long, value_name = "FILE")]
    pub atlas: Option<PathBuf>,
    /// Which store.
    #[command(flatten)]
    pub stored: Stored,
}

/// Arguments of `revision create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Operations to start with: TOML of operations, or assignment CSV.
    pub file: Option<PathBuf>,
    /// Name of the revision; that in the file where left out.
    #[arg(long, value_name = "TEXT", required_unless_present = "file")]
    pub name: Option<String>,
    /// Who makes it.
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// Why it is asked for; what the file says where left out.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// First day on which it would hold; that in the file, else that of the edition, where left out.
    #[arg(long, value_name = "DATE")]
    pub valid_from: Option<Date>,
    /// Atlas and base edition; the latest, those published in the store included, where none is named.
    #[command(flatten)]
    pub source: Source,
    /// Which store; made where there is none.
    #[command(flatten)]
    pub stored: Stored,
}

/// Arguments of `revision list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those that have come so far: draft, submitted, `in_analysis`, accepted, refused, withdrawn or published.
    #[arg(long, value_name = "STATE")]
    pub state: Option<State>,
    /// Which store.
    #[command(flatten)]
    pub stored: Stored,
}

/// Arguments of `revision show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Identifier of the revision in the store (rev-1).
    pub id: String,
    /// As it stood after that event of its history.
    #[arg(long, value_name = "NUMBER")]
    pub version: Option<u64>,
    /// Which store.
    #[command(flatten)]
    pub stored: Stored,
}

/// Arguments of `revision append`.
#[derive(Debug, Args)]
pub struct AppendArgs {
    /// Which revision, and who writes.
    #[command(flatten)]
    pub step: Step,
    /// Operations to add as one step: TOML of operations, or assignment CSV (of what changes, or whole).
    pub file: PathBuf,
    /// Columns of an assignment table, where they have other names than the usual ones: `unit=AD,clsc=TERRITOIRE`.
    #[arg(long, value_name = "NAME=COLUMN,...", hide = true)]
    pub assignment_columns: Option<String>,
}

/// Arguments of `revision comment`.
#[derive(Debug, Args)]
pub struct CommentArgs {
    /// Which revision, and who writes.
    #[command(flatten)]
    pub step: Step,
    /// What is said.
    pub text: String,
}

/// Arguments of `revision duplicate`.
#[derive(Debug, Args)]
pub struct DuplicateArgs {
    /// Identifier of the revision in the store (rev-1).
    pub id: String,
    /// Whose draft the copy is.
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// Name of the copy; that of the original with « (copie) » where left out.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Which store.
    #[command(flatten)]
    pub stored: Stored,
}

/// Arguments of `revision decide`.
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// Which revision, and who decides.
    #[command(flatten)]
    pub step: Step,
    /// What is decided: draft (sent back to be corrected), `in_analysis`, accepted, refused or withdrawn.
    pub to: State,
    /// Why; it stands in the file for those who decide.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// Arguments of `revision judge`.
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// Which revision, and who judges.
    #[command(flatten)]
    pub step: Step,
    /// The section of the file: legal, administrative, organisational, human, cost or `public_health`.
    pub aspect: Aspect,
    /// What is judged; what was written there before stays in the history.
    pub text: String,
}

/// Arguments of `revision submit`.
#[derive(Debug, Args)]
pub struct SubmitArgs {
    /// Which revision, and who hands it in.
    #[command(flatten)]
    pub step: Step,
    /// Accept a warning by its name (detached, `far_merger`, `same_name`, empty, `before_base`); may be given several times.
    /// As long as one is not accepted, the revision is not handed in.
    #[arg(long, value_name = "NAME")]
    pub accept: Vec<ConcernKind>,
}

/// Arguments of `revision publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Which revision, and who publishes.
    #[command(flatten)]
    pub step: Step,
    /// First day on which it holds.
    #[arg(long, value_name = "DATE")]
    pub valid_from: Date,
    /// Say that it states the ministry's official limits.
    #[arg(long)]
    pub official: bool,
    /// Accept a warning by its name, beside those accepted when it was handed in; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub accept: Vec<ConcernKind>,
}
