//! Editions in order of date, and what any two of them are compared on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::changes::classify_changes;
use super::join::{UnitJoin, UnitWeights};
use super::overlap::{LevelView, Overlap};
use crate::change::Changes;
use crate::domain::{Date, Edition, Level};
use crate::series::SeriesError;

/// An edition of a timeline and the set of units it is over.
#[derive(Debug, Clone, Copy)]
pub struct TimelineEdition<'a> {
    /// The edition.
    pub edition: &'a Edition,
    /// Which set of units, as a place in the timeline's list of them; 0 where there is only one.
    pub vintage: usize,
}

type Cache<T> = Mutex<HashMap<(Level, usize, usize), Arc<T>>>;

/// Editions in order of date over one or several sets of units.
///
/// Overlaps and changes are worked out once a pair and level.
#[derive(Debug)]
pub struct Timeline<'a> {
    /// The editions, in order of `valid_from`.
    pub editions: Vec<TimelineEdition<'a>>,
    joins: HashMap<(usize, usize), UnitJoin>,
    overlaps: Cache<Overlap>,
    changes: Cache<Changes>,
}

impl<'a> Timeline<'a> {
    /// Editions over the same units, in any order.
    #[must_use]
    pub fn new(editions: impl IntoIterator<Item = &'a Edition>, weights: &UnitWeights) -> Self {
        let editions = editions.into_iter().map(|edition| TimelineEdition { edition, vintage: 0 }).collect();
        Self::with_joins(editions, HashMap::from([((0, 0), UnitJoin::same_units(weights))]))
    }

    /// Editions over several sets of units, with a join for every pair of sets that is compared.
    ///
    /// A join is read both ways. Each set is joined to itself by [`UnitJoin::same_units`].
    #[must_use]
    pub fn with_joins(mut editions: Vec<TimelineEdition<'a>>, mut joins: HashMap<(usize, usize), UnitJoin>) -> Self {
        editions.sort_by_key(|edition| edition.edition.header.valid_from);
        let turned: Vec<_> = joins
            .iter()
            .filter(|((from, to), _)| from != to && !joins.contains_key(&(*to, *from)))
            .map(|(&(from, to), join)| ((to, from), join.reversed()))
            .collect();
        joins.extend(turned);
        Self { editions, joins, overlaps: Mutex::default(), changes: Mutex::default() }
    }

    /// Place of an edition by its identifier.
    ///
    /// # Errors
    /// [`SeriesError::UnknownEdition`].
    pub fn find(&self, id: &str) -> Result<usize, SeriesError> {
        self.editions.iter().position(|edition| edition.edition.header.id == id).ok_or_else(|| {
            let known: Vec<String> =
                self.editions.iter().map(|edition| format!("\"{}\"", edition.edition.header.id)).collect();
            SeriesError::UnknownEdition { id: id.to_owned(), known: known.join(", ") }
        })
    }

    /// Place of the edition that holds on a day; none before the first.
    #[must_use]
    pub fn in_force(&self, date: Date) -> Option<usize> {
        self.editions.iter().rposition(|edition| edition.edition.header.valid_from <= date)
    }

    /// What two editions are compared on.
    ///
    /// # Errors
    /// [`SeriesError::NoJoin`].
    pub fn join(&self, from: usize, to: usize) -> Result<&UnitJoin, SeriesError> {
        let (a, b) = (self.editions[from], self.editions[to]);
        self.joins
            .get(&(a.vintage, b.vintage))
            .ok_or_else(|| SeriesError::NoJoin { from: a.edition.header.id.clone(), to: b.edition.header.id.clone() })
    }

    /// The overlap of two editions at a level.
    ///
    /// # Errors
    /// [`SeriesError::NoJoin`], [`SeriesError::NotTerritorial`], [`SeriesError::UnitCount`].
    pub fn overlap(&self, level: Level, from: usize, to: usize) -> Result<Arc<Overlap>, SeriesError> {
        remembered(&self.overlaps, (level, from, to), || {
            Overlap::new(self.editions[from].edition, self.editions[to].edition, self.join(from, to)?, level)
        })
    }

    /// The overlap of an edition at one level with another edition at another, worked out anew.
    ///
    /// # Errors
    /// Those of [`Self::overlap`].
    pub fn overlap_across(
        &self,
        (from, older): (usize, Level),
        (to, newer): (usize, Level),
    ) -> Result<Overlap, SeriesError> {
        let (from_view, to_view) =
            (LevelView::new(self.editions[from].edition, older)?, LevelView::new(self.editions[to].edition, newer)?);
        Overlap::of_views(&from_view, &to_view, self.join(from, to)?)
    }

    /// The changes between two editions at a level.
    ///
    /// # Errors
    /// [`SeriesError::NoJoin`], [`SeriesError::NotTerritorial`], [`SeriesError::UnitCount`].
    pub fn changes(&self, level: Level, from: usize, to: usize) -> Result<Arc<Changes>, SeriesError> {
        remembered(&self.changes, (level, from, to), || {
            classify_changes(self.editions[from].edition, self.editions[to].edition, self.join(from, to)?, level)
        })
    }
}

fn remembered<T>(
    cache: &Cache<T>,
    key: (Level, usize, usize),
    make: impl FnOnce() -> Result<T, SeriesError>,
) -> Result<Arc<T>, SeriesError> {
    let held = cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(held) = held {
        return Ok(held);
    }
    let made = Arc::new(make()?);
    cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&made));
    Ok(made)
}
