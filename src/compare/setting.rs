//! Editions of one atlas or of two, with what joins them.

use std::collections::HashMap;

use serde::Serialize;

use super::coverages::{OverlayReport, join_by_overlay};
use super::{CompareError, EditionList};
use crate::atlas::Atlas;
use crate::domain::{Edition, EditionChoice};
use crate::series::{Basis, CorrespondenceRow, JoinReport, Timeline, TimelineEdition, UnitJoin, UnitWeights};

/// Where the editions of a comparison come from: an atlas, and revisions carried out on its editions.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// The atlas.
    pub atlas: &'a Atlas,
    /// Editions over the units of the atlas that are not in it.
    pub drafts: &'a [Edition],
    /// What will weigh: addresses are counted, in one pass over the registry, only where they do.
    pub basis: Basis,
}

impl Offer<'_> {
    /// The edition that a name means: its identifier, in the atlas or among the drafts.
    ///
    /// The only way from a name to an edition wherever editions are compared.
    ///
    /// # Errors
    /// [`EditionError`](crate::domain::EditionError).
    pub fn edition(&self, name: &str) -> Result<Edition, CompareError> {
        if let Some(draft) = self.drafts.iter().find(|draft| draft.header.id == name) {
            return Ok(draft.clone());
        }
        Ok(self.atlas.choose(&EditionChoice::Id(name.to_owned()))?.to_edition())
    }

    /// Whether a name means one of these editions.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        let drafts = self.drafts.iter().map(|draft| &draft.header);
        self.atlas.editions().map(|edition| edition.header).chain(drafts).any(|header| header.id == name)
    }

    /// The editions named; all of them where none is.
    fn named(&self, names: &[String]) -> Result<Vec<Edition>, CompareError> {
        if names.is_empty() {
            let own = self.atlas.editions().map(|edition| edition.to_edition());
            return Ok(own.chain(self.drafts.iter().cloned()).collect());
        }
        names.iter().map(|name| self.edition(name)).collect()
    }
}

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

/// Editions that questions are asked about, what joins their units, and the units' names.
#[derive(Debug)]
pub struct Setting {
    editions: Vec<(Edition, usize)>,
    joins: HashMap<(usize, usize), UnitJoin>,
    unit_ids: Vec<Vec<String>>,
    /// How the units of two atlases were joined.
    pub joined: Joined,
    /// Units whose people are not known: they count for nobody.
    pub units_without_people: usize,
}

impl Setting {
    /// Editions of one atlas and of drafts on it, named; all of them where none is.
    ///
    /// # Errors
    /// [`CompareError::Edition`].
    pub fn new(offer: Offer<'_>, names: &[String]) -> Result<Self, CompareError> {
        let atlas = offer.atlas;
        let editions = offer.named(names)?.into_iter().map(|edition| (edition, 0)).collect();
        let weights = weights_of(offer);
        Ok(Self {
            editions,
            joins: HashMap::from([((0, 0), UnitJoin::same_units(&weights))]),
            unit_ids: vec![ids_of(atlas)],
            joined: Joined::SameUnits,
            units_without_people: without_people(atlas),
        })
    }

    /// Editions of two atlases over different units, `older` and `newer`, joined by the correspondence file where its
    /// rows are given, else by laying one coverage over the other.
    ///
    /// # Errors
    /// [`CompareError::Edition`], [`CompareError::Overlay`].
    pub fn across(
        (older, older_names): (Offer<'_>, &[String]),
        (newer, newer_names): (Offer<'_>, &[String]),
        correspondence: Option<&[CorrespondenceRow]>,
    ) -> Result<Self, CompareError> {
        let mut editions: Vec<(Edition, usize)> =
            older.named(older_names)?.into_iter().map(|edition| (edition, 0)).collect();
        editions.extend(newer.named(newer_names)?.into_iter().map(|edition| (edition, 1)));
        let (older_weights, newer_weights) = (weights_of(older), weights_of(newer));
        let (older, newer) = (older.atlas, newer.atlas);
        let (older_ids, newer_ids) = (ids_of(older), ids_of(newer));
        let (join, joined) = if let Some(rows) = correspondence {
            let (join, report) = UnitJoin::by_correspondence(&older_ids, &newer_ids, rows, &newer_weights, None);
            (join, Joined::Correspondence(report))
        } else {
            let (join, report) = join_by_overlay(older, newer, &newer_weights)?;
            (join, Joined::Overlay(report))
        };
        Ok(Self {
            editions,
            joins: HashMap::from([
                ((0, 0), UnitJoin::same_units(&older_weights)),
                ((1, 1), UnitJoin::same_units(&newer_weights)),
                ((0, 1), join),
            ]),
            unit_ids: vec![older_ids, newer_ids],
            joined,
            units_without_people: without_people(newer),
        })
    }

    /// Replaces the joins by the same with a weight of each unit, in order of the first atlas's units.
    #[must_use]
    pub fn with_file_weights(mut self, weights: &[f64]) -> Self {
        for (&(from, _), join) in &mut self.joins {
            if from == 0 {
                *join = join.clone().with_file_weights(weights);
            }
        }
        self
    }

    /// The editions in order of date, ready to be compared.
    #[must_use]
    pub fn timeline(&self) -> Timeline<'_> {
        let editions =
            self.editions.iter().map(|(edition, vintage)| TimelineEdition { edition, vintage: *vintage }).collect();
        Timeline::with_joins(editions, self.joins.clone())
    }

    /// Place in a timeline of the edition that was named at `at` when the setting was made (those of a second atlas
    /// after those of the first).
    #[must_use]
    pub fn place(&self, timeline: &Timeline, at: usize) -> usize {
        let wanted = self.editions.get(at).map(|(edition, _)| edition);
        let found = timeline.editions.iter().position(|held| wanted.is_some_and(|it| std::ptr::eq(it, held.edition)));
        found.unwrap_or_default()
    }

    /// Place in a timeline of the edition a series is wanted on: the one named, else the latest.
    ///
    /// # Errors
    /// [`SeriesError::UnknownEdition`](crate::series::SeriesError::UnknownEdition).
    pub fn target(&self, timeline: &Timeline, name: Option<&str>) -> Result<usize, CompareError> {
        match name {
            None => Ok(timeline.editions.len().saturating_sub(1)),
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

fn ids_of(atlas: &Atlas) -> Vec<String> {
    (0..atlas.unit_count()).map(|unit| atlas.unit_id(unit).to_owned()).collect()
}

fn weights_of(offer: Offer<'_>) -> UnitWeights {
    let atlas = offer.atlas;
    let people = (0..atlas.unit_count()).map(|unit| atlas.people(unit).unwrap_or(0)).collect();
    let mut weights = UnitWeights::new(people, atlas.areas_m2().to_vec());
    if offer.basis == Basis::Addresses {
        weights.addresses = addresses_of(atlas);
    }
    weights
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
