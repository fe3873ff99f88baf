//! The one path that the command line and HTTP share for questions about two or more editions and about series.
//!
//! 1. [`Offer`]: the edition that a name means, of an atlas or of a revision;
//! 2. [`Setting`]: the editions of one atlas, or of two over different units, with what joins them;
//! 3. the answers of [`series`](crate::series) on the setting's timeline;
//! 4. [`write_changes_csv`] and its like: the same rows, byte for byte, whoever asks.
//!
//! Nothing here reads a file or opens a socket.

mod coverages;
mod error;
mod options;
mod rows;
mod setting;
mod values;

pub use coverages::{OverlayReport, join_by_overlay};
pub use error::CompareError;
pub use options::{EditionList, parse_editions};
pub use rows::{
    ChangesAnswer, CommonAnswer, CrosswalkAnswer, write_changes_csv, write_common_csv, write_crosswalk_csv,
};
pub use setting::{Joined, Offer, Setting};
pub use values::{BridgeAnswer, CheckAnswer, bridged_text, write_bridge_csv, write_check_csv};
