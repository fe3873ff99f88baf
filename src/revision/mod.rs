//! Revisions: operations on an edition, what they change at every level, and proposals.
//!
//! 1. An [`Operation`] moves units or changes territories; a [`Revision`] is an ordered list of them on a base edition and
//!    [`Revision::apply`] gives an edition like any other, or the reason why not. Nobody is ever left without a CLSC.
//! 2. A [`History`] is a log of numbered, dated mutations whose chain of digests is checked and from which any past state
//!    is rebuilt byte for byte.
//!
//! 3. A [`UnitGraph`] read off the coverage and [`UnitFacts`] feed an [`ImpactEngine`], which keeps the sums of every
//!    territory of every level true while units move; [`Impact`] reads off it what changes (classified by [`crate::change`]),
//!    against the criteria.
//! 4. [`border_moves`] ranks every legal move of one unit; [`propose`] searches for maps near today's that weigh better.
//! 5. A [`Dossier`] tells it all to those who decide.
//!
//! A [`Workbench`] lays out what an atlas knows for all of these.
//!
//! Pure: no clock, no file, no chance that is not seeded by the caller.

mod affected;
mod apply;
mod assignment;
mod changes;
mod codes;
mod concerns;
mod contiguity;
mod criteria;
mod dossier;
mod draft;
mod engine;
mod error;
mod facts;
mod history;
mod impact;
mod moves;
mod operation;
mod propose;
mod reach;
mod rebase;
mod record;
mod recount;
mod rules;
mod step;
mod trial;
mod unit_graph;
mod units;
mod workbench;
mod written;

#[cfg(test)]
mod tests;

pub use crate::change::ParentChange;
pub use crate::domain::{ChangeClass, MutationMode};
pub use affected::write_affected;
pub use apply::{Applied, Revision, apply};
pub use assignment::{
    ASSIGNMENT_WORDS, Assignment, AssignmentColumns, Coverage as AssignmentCoverage, write_assignment, write_difference,
};
pub use changes::Change;
pub use codes::{CodeChange, suggest as suggest_codes};
pub use concerns::{Concern, ConcernKind, UnknownConcern, concerns};
pub use contiguity::Search;
pub use criteria::{
    CRITERIA, ClscCriteria, Context as CriterionContext, CriteriaGrounds, CriteriaSettings, Criterion, Cut,
    DistanceFound, Fault, Grade, Kept, Measured, Piece, Spread, TravelFound, TravelTimes, Value, criterion,
};
pub use dossier::{
    Dossier, Effect, Inset, MapSource, Maps, Measure, MovedStreet, Recipient, RegistryStreet, StreetSide, ToTell,
    Weighed, moved_streets,
};
pub use engine::{Counts, FlowSums, Illegal, ImpactEngine, Sums, Touched};
pub use error::{Refusal, RevisionError};
pub use facts::{
    Areas, FlowMatrix, Indicator, PlacedInstallation, PointBasis, TravelTable, UnitFacts, YearPeople, moved_before,
};
pub use history::{Digest, Entry, History, Mutation, state_bytes, state_digest};
pub use impact::{
    Affected, BrokenSeries, ClscInYear, CriteriaChange, Flow, Impact, LevelImpact, MovedInstallation, Standing,
    TerritoryImpact,
};
pub use moves::{BorderMove, BorderMoves, border_moves};
pub use operation::{NewClsc, Operation, Parent, Parents, PublishedPeople, Transfer};
pub use propose::{Goal, Goals, Outcome, Progress, Proposal, Score, SearchSettings, propose, validate_random_moves};
pub use reach::Distances;
pub use rebase::{KeptPart, Rebased, RebasedStep, rebase};
pub use record::{Aspect, Comment, Decision, Judgement, Record, State, UnknownAspect, UnknownState};
pub use rules::{Rule, Rules};
pub use unit_graph::{Link, UnitGraph};
pub use units::UnitIndex;
pub use workbench::{Workbench, unit_index};
pub use written::{
    Example, FORMS, Field as FormField, Form, HEADER, Kind as FieldKind, Line, NoFiles, Rings, SELECTION, Selection,
    Shape, Template, UnitChooser, UnitFiles, Written, WrittenFault, examples, form, operations_help, template,
};
