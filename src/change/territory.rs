//! What became of each territory of a level, with what it exchanged.

use serde::Serialize;

use super::comparison::{Comparison, Pair};
use super::flows::Shared;
use crate::domain::{ChangeClass, Date, EditionHeader, Level, MutationMode, OnsLetter, TerritoryCode};

/// People and units exchanged with one other territory.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Exchange {
    /// The other territory.
    pub code: TerritoryCode,
    /// Units.
    pub units: u32,
    /// People.
    pub people: u64,
    /// Part of the people of this territory, 0 to 1: before for departures, after for arrivals.
    pub share: f64,
}

/// A parent that is another one than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ParentChange {
    /// The parent's level.
    pub level: Level,
    /// Parents before.
    pub before: Vec<TerritoryCode>,
    /// Parents after.
    pub after: Vec<TerritoryCode>,
}

/// What became of one territory.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TerritoryChange {
    /// Code in the older edition; none for a new one.
    pub from_code: Option<TerritoryCode>,
    /// Name in the older edition.
    pub from_name: Option<String>,
    /// Code in the newer edition; none for one that is gone.
    pub to_code: Option<TerritoryCode>,
    /// Name in the newer edition.
    pub to_name: Option<String>,
    /// The class.
    pub class: ChangeClass,
    /// What it does to comparability.
    pub ons: OnsLetter,
    /// Modes of the mutation, in order of number.
    #[schema(value_type = Vec<u8>)]
    pub modes: Vec<MutationMode>,
    /// Parents that are others than before.
    pub parents: Vec<ParentChange>,
    /// Units before.
    pub units_before: u32,
    /// Units after.
    pub units_after: u32,
    /// People before, by the weights both editions are compared on.
    pub people_before: u64,
    /// People after.
    pub people_after: u64,
    /// People who came.
    pub people_in: u64,
    /// People who left.
    pub people_out: u64,
    /// People who came, part of those after, 0 to 1.
    pub share_in: f64,
    /// People who left, part of those before, 0 to 1.
    pub share_out: f64,
    /// Where units came from, largest first.
    pub arrivals: Vec<Exchange>,
    /// Where units went, largest first.
    pub departures: Vec<Exchange>,
    /// Older territories that share units with it, itself too, largest first.
    pub predecessors: Vec<TerritoryCode>,
    /// Newer territories that share units with it, itself too, largest first.
    pub successors: Vec<TerritoryCode>,
}

/// What became of every territory of a level between two editions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    /// The older edition.
    pub from: String,
    /// The newer edition.
    pub to: String,
    /// Day from which the newer one holds.
    pub date: Date,
    /// The level.
    pub level: Level,
    /// One a territory, in order of code.
    pub territories: Vec<TerritoryChange>,
}

impl Changes {
    /// What a comparison of two editions says of a level.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn new(comparison: &Comparison<'_>, level: Level, from: &EditionHeader, to: &EditionHeader) -> Self {
        let mut territories: Vec<TerritoryChange> =
            comparison.pairs(level).into_iter().map(|pair| comparison.territory(level, pair)).collect();
        territories.sort_by(|a, b| {
            let key = |change: &TerritoryChange| change.from_code.clone().or_else(|| change.to_code.clone());
            key(a).cmp(&key(b)).then_with(|| a.from_code.is_none().cmp(&b.from_code.is_none()))
        });
        Self { from: from.id.clone(), to: to.id.clone(), date: to.valid_from, level, territories }
    }

    /// The change of an older territory.
    #[must_use]
    pub fn of_from(&self, code: &str) -> Option<&TerritoryChange> {
        self.territories.iter().find(|change| change.from_code.as_ref().is_some_and(|found| found.as_str() == code))
    }

    /// The change that led to a newer territory.
    #[must_use]
    pub fn of_to(&self, code: &str) -> Option<&TerritoryChange> {
        self.territories.iter().find(|change| change.to_code.as_ref().is_some_and(|found| found.as_str() == code))
    }

    /// How many territories fall in each class, in the order of [`ChangeClass::ALL`].
    #[must_use]
    pub fn counts(&self) -> [(ChangeClass, usize); 10] {
        ChangeClass::ALL.map(|class| (class, self.territories.iter().filter(|change| change.class == class).count()))
    }
}

impl Comparison<'_> {
    /// All that is told of one territory.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn territory(&self, level: Level, pair: Pair) -> TerritoryChange {
        let (from, to) = pair;
        let (older, newer) = (self.older.territories(level), self.newer.territories(level));
        let (before, after) = (from.map(|from| &older[from.at()]), to.map(|to| &newer[to.at()]));
        let flows = self.flows(level);
        let outgoing: Vec<&Shared> = from.map_or_else(Vec::new, |from| flows.of_from(from).iter().collect());
        let incoming: Vec<&Shared> = to.map_or_else(Vec::new, |to| flows.of_to(to).collect());
        let people = |pairs: &[&Shared]| pairs.iter().map(|pair| pair.people).sum::<u64>();
        let units = |pairs: &[&Shared]| pairs.iter().map(|pair| pair.units).sum::<u32>();
        let (people_before, people_after) = (people(&outgoing), people(&incoming));
        let share = |part: u64, all: u64| if all == 0 { 0.0 } else { part as f64 / all as f64 };
        let code_after = |pair: &Shared| newer[pair.to.at()].code.clone();
        let code_before = |pair: &Shared| older[pair.from.at()].code.clone();
        let exchange = |pair: &Shared, code: TerritoryCode, all: u64| Exchange {
            code,
            units: pair.units,
            people: pair.people,
            share: share(pair.people, all),
        };
        let mut departures: Vec<Exchange> = (outgoing.iter())
            .filter(|pair| to != Some(pair.to))
            .map(|pair| exchange(pair, code_after(pair), people_before))
            .collect();
        let mut arrivals: Vec<Exchange> = (incoming.iter())
            .filter(|pair| from != Some(pair.from))
            .map(|pair| exchange(pair, code_before(pair), people_after))
            .collect();
        for list in [&mut departures, &mut arrivals] {
            list.sort_by(|a, b| (b.people, b.units).cmp(&(a.people, a.units)).then_with(|| a.code.cmp(&b.code)));
        }
        let people_out = departures.iter().map(|exchange| exchange.people).sum();
        let people_in = arrivals.iter().map(|exchange| exchange.people).sum();
        let class = self.class(level, pair);
        TerritoryChange {
            from_code: before.map(|territory| territory.code.clone()),
            from_name: before.map(|territory| territory.name.clone()),
            to_code: after.map(|territory| territory.code.clone()),
            to_name: after.map(|territory| territory.name.clone()),
            class,
            ons: class.letter(),
            modes: self.modes(level, pair),
            parents: from.zip(to).map_or_else(Vec::new, |(from, to)| self.parent_changes(level, from, to)),
            units_before: units(&outgoing),
            units_after: units(&incoming),
            people_before,
            people_after,
            people_in,
            people_out,
            share_in: share(people_in, people_after),
            share_out: share(people_out, people_before),
            arrivals,
            departures,
            predecessors: largest_first(&incoming).into_iter().map(code_before).collect(),
            successors: largest_first(&outgoing).into_iter().map(code_after).collect(),
        }
    }
}

fn largest_first<'a>(pairs: &[&'a Shared]) -> Vec<&'a Shared> {
    let mut pairs = pairs.to_vec();
    pairs.sort_by_key(|pair| (std::cmp::Reverse((pair.people, pair.units)), pair.from, pair.to));
    pairs
}
