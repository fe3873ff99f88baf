//! Editions of one atlas or of two, with what joins them.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::overlay::{OverlayReport, join_by_overlay};
use super::{CompareError, EditionList, Timetable};
use crate::atlas::Atlas;
use crate::domain::{Date, Edition, EditionChoice};
use crate::series::{
    Basis, CorrespondenceRow, DatedWeights, FileWeights, JoinReport, JoinSide, Timeline, TimelineEdition, UnitJoin,
    UnitWeights,
};

/// How the units of two atlases were joined.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Joined {
    /// Both editions are over the same units.
    SameUnits,
    /// By Statistics Canada's correspondence file.
    Correspondence(JoinReport),
    /// By laying the two coverages over one another.
    Overlay(OverlayReport),
}

/// The years for which what weighs is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct WeightYears {
    /// The years, in order; empty where what weighs has none (area, addresses).
    pub years: Vec<i16>,
    /// Whether the year was not told, and taken as that of the last census before the first edition.
    pub guessed: bool,
}

/// The context of comparing editions: those that questions are asked about, what joins their units, and the units' names.
#[derive(Debug)]
pub struct Comparison {
    editions: Vec<(Arc<Edition>, usize)>,
    joins: HashMap<(usize, usize), UnitJoin>,
    unit_ids: Vec<Vec<String>>,
    /// How the units of two atlases were joined.
    pub joined: Joined,
    /// Units whose people are not known: they count for nobody.
    pub units_without_people: usize,
    /// The years of the weights, and whether the one of the people had to be guessed.
    pub weights: WeightYears,
}

impl Comparison {
    /// Editions over the units of one atlas, named; all of them, those of files included, where none is. `basis` is what will
    /// weigh: addresses are counted, in one pass over the registry, only where they do.
    ///
    /// # Errors
    /// [`CompareError::Catalogue`].
    pub fn new(timetable: &Timetable, names: &[String], basis: Basis) -> Result<Self, CompareError> {
        let atlas = timetable.catalogue().atlas();
        let editions = named(timetable, names)?.into_iter().map(|edition| (edition, 0)).collect();
        let (weights, guessed) = weights_of(atlas, basis);
        Ok(Self {
            weights: WeightYears::of(&weights.dated, guessed),
            editions,
            joins: HashMap::from([((0, 0), UnitJoin::same_units(&weights))]),
            unit_ids: vec![ids_of(atlas)],
            joined: Joined::SameUnits,
            units_without_people: without_people(atlas),
        })
    }

    /// Editions over different units, `older` and `newer`, joined by the correspondence file where its rows are given, else by
    /// laying one coverage over the other.
    ///
    /// # Errors
    /// [`CompareError::Catalogue`], [`CompareError::Overlay`].
    pub fn across(
        (older, older_names): (&Timetable, &[String]),
        (newer, newer_names): (&Timetable, &[String]),
        correspondence: Option<&[CorrespondenceRow]>,
        basis: Basis,
    ) -> Result<Self, CompareError> {
        let mut editions: Vec<(Arc<Edition>, usize)> =
            named(older, older_names)?.into_iter().map(|edition| (edition, 0)).collect();
        editions.extend(named(newer, newer_names)?.into_iter().map(|edition| (edition, 1)));
        let (older, newer) = (older.catalogue().atlas(), newer.catalogue().atlas());
        let ((older_weights, guessed), (newer_weights, also)) = (weights_of(older, basis), weights_of(newer, basis));
        let (older_ids, newer_ids) = (ids_of(older), ids_of(newer));
        let (join, joined) = if let Some(rows) = correspondence {
            let (join, report) = UnitJoin::by_correspondence(&older_ids, &newer_ids, rows, &newer_weights, None);
            (join, Joined::Correspondence(report))
        } else {
            let (join, report) = join_by_overlay(older, newer, &newer_weights)?;
            (join, Joined::Overlay(report))
        };
        let join =
            join.with_dated(&newer_weights.dated, JoinSide::Newer).with_dated(&older_weights.dated, JoinSide::Older);
        let weights = WeightYears::of(&join.dated, guessed || also);
        Ok(Self {
            editions,
            joins: HashMap::from([
                ((0, 0), UnitJoin::same_units(&older_weights)),
                ((1, 1), UnitJoin::same_units(&newer_weights)),
                ((0, 1), join),
            ]),
            unit_ids: vec![older_ids, newer_ids],
            joined,
            weights,
            units_without_people: without_people(newer),
        })
    }

    /// Replaces the joins by the same with a weight of each unit, in order of the first atlas's units.
    #[must_use]
    pub fn with_file_weights(mut self, file: &FileWeights) -> Self {
        for (&(from, _), join) in &mut self.joins {
            if from == 0 {
                *join = join.clone().with_file_weights(&file.weights, &file.dated);
            }
        }
        self.weights = WeightYears::of(&file.dated, false);
        self
    }

    /// The editions in order of date, ready to be compared.
    #[must_use]
    pub fn timeline(&self) -> Timeline<'_> {
        let editions =
            self.editions.iter().map(|(edition, vintage)| TimelineEdition { edition, vintage: *vintage }).collect();
        Timeline::with_joins(editions, self.joins.clone())
    }

    /// Place in a timeline of the edition that was named at `at` when the comparison was made (those of a second atlas
    /// after those of the first).
    #[must_use]
    pub fn place(&self, timeline: &Timeline, at: usize) -> usize {
        let wanted = self.editions.get(at).map(|(edition, _)| edition);
        let found = timeline
            .editions
            .iter()
            .position(|held| wanted.is_some_and(|it| std::ptr::eq::<Edition>(&raw const **it, held.edition)));
        found.unwrap_or_default()
    }

    /// Place in a timeline of the edition a series is wanted on: the one named, else the one in force today, or the first where
    /// all begin later.
    ///
    /// # Errors
    /// [`SeriesError::UnknownEdition`](crate::series::SeriesError::UnknownEdition).
    pub fn target(&self, timeline: &Timeline, name: Option<&str>, today: Date) -> Result<usize, CompareError> {
        match name {
            None => {
                let held = timeline.editions.iter().rposition(|held| held.edition.header.valid_from <= today);
                Ok(held.unwrap_or(0))
            }
            Some(name) => Ok(timeline.find(name)?),
        }
    }

    /// Identifiers of the units of an edition of the timeline.
    #[must_use]
    pub fn units(&self, timeline: &Timeline, place: usize) -> &[String] {
        timeline.editions.get(place).and_then(|held| self.unit_ids.get(held.vintage)).map_or(&[], Vec::as_slice)
    }

    /// Identifiers of the units of the first atlas.
    #[must_use]
    pub fn first_units(&self) -> &[String] {
        self.unit_ids.first().map_or(&[], Vec::as_slice)
    }
}

impl EditionList {
    /// The list with the edition a series is wanted on, if editions are listed and it is not among them.
    #[must_use]
    pub fn with_target(mut self, target: Option<&str>) -> Self {
        if let Some(target) = target
            && !self.names.is_empty()
            && !self.names.iter().any(|name| name == target)
        {
            self.names.push(target.to_owned());
        }
        self
    }
}

/// The editions named; all of them where none is.
fn named(timetable: &Timetable, names: &[String]) -> Result<Vec<Arc<Edition>>, CompareError> {
    if names.is_empty() {
        return Ok(timetable.editions_and_added()?.iter().map(super::CatalogueEdition::edition).collect());
    }
    let find = |name: &String| Ok(timetable.choose(&EditionChoice::named(name))?.edition());
    names.iter().map(find).collect()
}

fn ids_of(atlas: &Atlas) -> Vec<String> {
    (0..atlas.unit_count()).map(|unit| atlas.unit_id(unit).to_owned()).collect()
}

impl WeightYears {
    fn of(dated: &[DatedWeights], guessed: bool) -> Self {
        Self { years: dated.iter().map(|dated| dated.date.year()).collect(), guessed: guessed && !dated.is_empty() }
    }
}

/// What weighs, with the people of every year that is known; and whether their year is a guess.
fn weights_of(atlas: &Atlas, basis: Basis) -> (UnitWeights, bool) {
    let people: Vec<u32> = (0..atlas.unit_count()).map(|unit| atlas.people(unit).unwrap_or(0)).collect();
    let mut guessed = false;
    let mut dated = Vec::new();
    if basis == Basis::Population {
        let mut add = |year: i16, people: Vec<f64>| {
            dated.extend(Date::new(year, 7, 1).map(|date| DatedWeights { date, weights: people }));
        };
        let told = atlas.people_year();
        guessed = told.is_none();
        if let Some(year) = told.or_else(|| census_before(atlas)) {
            add(year, people.iter().copied().map(f64::from).collect());
        }
        for (year, people) in atlas.people_of_other_years() {
            add(year, people.into_iter().map(|people| f64::from(people.unwrap_or(0))).collect());
        }
        dated.sort_by_key(|dated| dated.date);
    }
    let mut weights = UnitWeights { dated, ..UnitWeights::new(people, atlas.areas_m2().to_vec()) };
    if basis == Basis::Addresses {
        weights.addresses = addresses_of(atlas);
    }
    (weights, guessed)
}

/// The year of the last census before the first edition of an atlas: what its people most likely are of.
fn census_before(atlas: &Atlas) -> Option<i16> {
    let first = atlas.editions().next()?.header.valid_from.year();
    Some(first - (first - 1).rem_euclid(5))
}

/// Addresses of each unit, where the atlas has a registry. Those that lie in no unit count for none.
fn addresses_of(atlas: &Atlas) -> Option<Vec<u32>> {
    let registry = atlas.gazetteer()?;
    let mut counts = vec![0; atlas.unit_count()];
    for at in 0..registry.address_count() {
        let unit = registry.address(at).and_then(|entry| entry.unit);
        if let Some(count) = unit.and_then(|unit| counts.get_mut(unit as usize)) {
            *count += 1;
        }
    }
    Some(counts)
}

fn without_people(atlas: &Atlas) -> usize {
    (0..atlas.unit_count()).filter(|&unit| atlas.people(unit).is_none()).count()
}
