//! Query in, resolution out: the one path that HTTP, batch and the command line share.
//!
//! A resolution says where the point is placed, its dissemination area, its CLSC and all above it, how far the nearest limit
//! of that CLSC is and what lies beyond, and, for a stated error of position, whether the answer could be another one.
//! A [`DraftEdition`] is an edition that is in no atlas: a base with a revision on top, which answers like any other.
//! Nothing here logs, and nothing of a query is kept.

mod address;
mod answer;
mod drafts;
mod error;
mod found;
mod locate;
mod place;
mod sheet;
mod territories;
mod text;

pub use answer::{Certainty, Lineage, Named, Placement, Resolution, RunnerUp};
pub use drafts::DraftEdition;
pub use error::QueryError;
pub use found::{
    AreaShare, FoundPlace, InstallationRef, MatchReport, PostalGround, PostalReport, PostalStatus, TerritoryShare,
};
pub use locate::{MOST_UNCERTAINTY_M, Query, Resolver};
pub use place::{Basis, Place, UnknownBasis};
pub use sheet::{AnswerLine, AnswerSheet};
pub use territories::{Parents, TerritoryDetail, TerritoryTable, neighbours, outline, outlines, unit_outline};
