//! The pieces of two editions added up by territory: who gave whom what.

use std::collections::BTreeMap;

use super::dated::{DatedWeights, added_up};
use super::join::{Basis, Piece, UnitJoin};
use crate::domain::{Edition, Level, Territory};
use crate::series::SeriesError;

/// An edition read at one level: its territories and the territory of every unit.
#[derive(Debug, Clone)]
pub(in crate::series) struct LevelView<'a> {
    pub(in crate::series) edition: &'a Edition,
    pub(in crate::series) territories: &'a [Territory],
    pub(in crate::series) of_unit: Vec<u16>,
}

impl<'a> LevelView<'a> {
    pub(in crate::series) fn new(edition: &'a Edition, level: Level) -> Result<Self, SeriesError> {
        if level.territorial_index().is_none() {
            return Err(SeriesError::NotTerritorial { level });
        }
        let hierarchy = &edition.hierarchy;
        let above: Vec<u16> = (0..hierarchy.clsc_count()).map(|clsc| hierarchy.parent(clsc, level) as u16).collect();
        let of_unit = edition.attachment.as_slice().iter().map(|&clsc| above[usize::from(clsc)]).collect();
        Ok(Self { edition, territories: hierarchy.territories(level), of_unit })
    }

    pub(in crate::series) fn check_units(&self, expected: usize) -> Result<(), SeriesError> {
        let found = self.of_unit.len();
        if found == expected {
            return Ok(());
        }
        Err(SeriesError::UnitCount { edition: self.edition.header.id.clone(), found, expected })
    }
}

/// What one territory of the older edition and one of the newer have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Place of the older territory in its level's list.
    pub from: u16,
    /// Place of the newer territory in its level's list.
    pub to: u16,
    /// Pieces (units, where both editions are over the same).
    pub units: u32,
    /// People.
    pub population: u64,
    /// Addresses; 0 where not counted.
    pub addresses: u64,
    /// Dwellings; 0 where not counted.
    pub dwellings: u64,
    /// Square metres.
    pub area_m2: f64,
    /// Weight a file gives; 0 without one.
    pub custom: f64,
    /// Sum of the squares of the pieces' people: how few units hold them.
    pub population_squared: f64,
}

/// The overlap graph of two editions at one level; parts in order of `from`, then `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Every pair that shares at least one piece.
    pub parts: Vec<Part>,
    /// Parts by older territory, as places in `parts`.
    pub by_from: Vec<Vec<u32>>,
    /// Parts by newer territory, as places in `parts`.
    pub by_to: Vec<Vec<u32>>,
    /// Weights of the parts at the dates for which they are known, in order of date.
    pub dated: Vec<DatedWeights>,
}

impl Part {
    /// The part's weight on a basis.
    #[must_use]
    pub fn weight(&self, basis: Basis) -> f64 {
        match basis {
            Basis::Population => self.population as f64,
            Basis::Addresses => self.addresses as f64,
            Basis::Dwellings => self.dwellings as f64,
            Basis::Area => self.area_m2,
            Basis::File => self.custom,
        }
    }

    fn add(&mut self, piece: &Piece) {
        self.units += 1;
        self.population += piece.population;
        self.addresses += piece.addresses;
        self.dwellings += piece.dwellings;
        self.area_m2 += piece.area_m2;
        self.custom += piece.custom;
        self.population_squared += (piece.population as f64).powi(2);
    }

    fn merge(&mut self, other: &Part) {
        self.units += other.units;
        self.population += other.population;
        self.addresses += other.addresses;
        self.dwellings += other.dwellings;
        self.area_m2 += other.area_m2;
        self.custom += other.custom;
        self.population_squared += other.population_squared;
    }

    fn empty(from: u16, to: u16) -> Self {
        Self {
            from,
            to,
            units: 0,
            population: 0,
            addresses: 0,
            dwellings: 0,
            area_m2: 0.0,
            custom: 0.0,
            population_squared: 0.0,
        }
    }
}

impl Overlap {
    /// Adds the pieces up by pair of territories. O(pieces log pairs).
    ///
    /// # Errors
    /// [`SeriesError::NotTerritorial`], [`SeriesError::UnitCount`].
    pub fn new(from: &Edition, to: &Edition, join: &UnitJoin, level: Level) -> Result<Self, SeriesError> {
        let (from, to) = (LevelView::new(from, level)?, LevelView::new(to, level)?);
        Self::of_views(&from, &to, join)
    }

    pub(super) fn of_views(from: &LevelView, to: &LevelView, join: &UnitJoin) -> Result<Self, SeriesError> {
        from.check_units(join.from_units)?;
        to.check_units(join.to_units)?;
        let mut parts: BTreeMap<(u16, u16), Part> = BTreeMap::new();
        let key = |piece: &Piece| (from.of_unit[piece.from as usize], to.of_unit[piece.to as usize]);
        for piece in &join.pieces {
            let key = key(piece);
            parts.entry(key).or_insert_with(|| Part::empty(key.0, key.1)).add(piece);
        }
        let places: BTreeMap<(u16, u16), usize> = parts.keys().copied().zip(0..).collect();
        let dated = added_up(&join.dated, |piece| places[&key(&join.pieces[piece])], parts.len());
        let graph = Self::of_parts(parts.into_values().collect(), from.territories.len(), to.territories.len());
        Ok(Self { dated, ..graph })
    }

    /// The same graph without the parts where nobody lives, save those of territories where nobody lives at all: what
    /// matters to a count of people.
    #[must_use]
    pub fn peopled(&self) -> Self {
        let lived_in =
            |part: usize| self.parts[part].population > 0 || self.dated.iter().any(|dated| dated.weights[part] > 0.0);
        let inhabited = |source: u16| self.by_from[usize::from(source)].iter().any(|&part| lived_in(part as usize));
        let kept: Vec<usize> =
            (0..self.parts.len()).filter(|&part| lived_in(part) || !inhabited(self.parts[part].from)).collect();
        let graph =
            Self::of_parts(kept.iter().map(|&part| self.parts[part]).collect(), self.by_from.len(), self.by_to.len());
        let of_kept = |dated: &DatedWeights| DatedWeights {
            date: dated.date,
            weights: kept.iter().map(|&part| dated.weights[part]).collect(),
        };
        Self { dated: self.dated.iter().map(of_kept).collect(), ..graph }
    }

    /// The same graph with newer territories taken together: `above` names the group of each, of `groups`.
    #[must_use]
    pub fn grouped(&self, above: &[u16], groups: usize) -> Self {
        let mut parts: BTreeMap<(u16, u16), Part> = BTreeMap::new();
        let key = |part: &Part| (part.from, above[usize::from(part.to)]);
        for part in &self.parts {
            let key = key(part);
            parts.entry(key).or_insert_with(|| Part::empty(key.0, key.1)).merge(part);
        }
        let places: BTreeMap<(u16, u16), usize> = parts.keys().copied().zip(0..).collect();
        let dated = added_up(&self.dated, |part| places[&key(&self.parts[part])], parts.len());
        Self { dated, ..Self::of_parts(parts.into_values().collect(), self.by_from.len(), groups) }
    }

    fn of_parts(parts: Vec<Part>, from_count: usize, to_count: usize) -> Self {
        let mut by_from = vec![Vec::new(); from_count];
        let mut by_to = vec![Vec::new(); to_count];
        for (place, part) in (0_u32..).zip(&parts) {
            by_from[usize::from(part.from)].push(place);
            by_to[usize::from(part.to)].push(place);
        }
        Self { parts, by_from, by_to, dated: Vec::new() }
    }

    /// Parts of an older territory.
    pub fn of_from(&self, from: usize) -> impl Iterator<Item = &Part> {
        self.by_from[from].iter().map(|&place| &self.parts[place as usize])
    }

    /// Parts of a newer territory.
    pub fn of_to(&self, to: usize) -> impl Iterator<Item = &Part> {
        self.by_to[to].iter().map(|&place| &self.parts[place as usize])
    }

    /// The newer territory made of the very units of an older one, if there is one.
    #[must_use]
    pub fn same_as(&self, from: usize) -> Option<usize> {
        let [only] = self.by_from[from][..] else { return None };
        let to = usize::from(self.parts[only as usize].to);
        (self.by_to[to].len() == 1).then_some(to)
    }

    /// Whether a newer territory is made of whole older ones.
    #[must_use]
    pub fn is_sum_of_wholes(&self, to: usize) -> bool {
        self.of_to(to).all(|part| self.by_from[usize::from(part.from)].len() == 1)
    }
}
