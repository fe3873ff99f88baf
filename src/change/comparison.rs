//! Two editions compared at every level.

use super::above::Above;
use super::flows::{Flows, Shared};
use super::identity::Identity;
use super::territory::ParentChange;
use crate::domain::{Edition, Hierarchy, Level, TerritoryCode, TerritoryIndex};

/// A territory of the older edition and what it goes on as: `(Some, Some)` where it goes on, `(Some, None)` where it is gone,
/// `(None, Some)` where it is new.
pub type Pair = (Option<TerritoryIndex>, Option<TerritoryIndex>);

/// What became of the territories of all levels between two editions.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    pub(super) older: &'a Hierarchy,
    pub(super) newer: &'a Hierarchy,
    pub(super) levels: [LevelComparison; 5],
    above_older: Above,
    /// None where it is that of the older edition.
    above_newer: Option<Above>,
}

/// One level of a comparison.
#[derive(Debug, Clone)]
pub(super) struct LevelComparison {
    pub(super) flows: Flows,
    pub(super) identity: Identity,
}

impl<'a> Comparison<'a> {
    /// Compares two editions by what their CLSC share; every level above is a function of the CLSC.
    ///
    /// # Panics
    /// Where the flows are not between as many CLSC as the two editions have.
    #[must_use]
    pub fn new(older: &'a Hierarchy, newer: &'a Hierarchy, clsc: Flows) -> Self {
        assert_eq!(
            clsc.counts(),
            (older.clsc_count(), newer.clsc_count()),
            "flows must be between the CLSC of the editions compared"
        );
        let mut clsc = Some(clsc);
        let mut flows: Vec<Flows> = (Level::UPPER.into_iter())
            .map(|level| raised(clsc.as_ref().expect("the flows of CLSC are taken last"), (older, newer), level))
            .collect();
        flows.insert(0, clsc.take().expect("they were given"));
        let mut flows = flows.into_iter();
        let levels = Level::TERRITORIAL.map(|level| {
            let flows = flows.next().expect("there are as many flows as levels");
            let identity = Identity::new(older.territories(level), newer.territories(level), &flows);
            LevelComparison { flows, identity }
        });
        let above_newer = (!older.same_shape(newer)).then(|| Above::new(newer));
        Self { older, newer, levels, above_older: Above::new(older), above_newer }
    }

    /// Compares two editions over the same units. `people` are those of each unit.
    #[must_use]
    pub fn of_editions(older: &'a Edition, newer: &'a Edition, people: &[u64]) -> Self {
        Self::new(&older.hierarchy, &newer.hierarchy, Flows::between(older, newer, people))
    }

    pub(super) fn level(&self, level: Level) -> &LevelComparison {
        &self.levels[place_of(level)]
    }

    /// What the territories of a level share.
    ///
    /// # Panics
    /// For the dissemination area, here and below: it is no territory.
    #[must_use]
    pub fn flows(&self, level: Level) -> &Flows {
        &self.level(level).flows
    }

    /// Which territory of a level goes on as which.
    #[must_use]
    pub fn identity(&self, level: Level) -> &Identity {
        &self.level(level).identity
    }

    /// Every territory of a level: the older ones in order, with what each goes on as, then those that are new.
    #[must_use]
    pub fn pairs(&self, level: Level) -> Vec<Pair> {
        let identity = self.identity(level);
        let older = (0..self.older.territories(level).len()).map(TerritoryIndex::new);
        let newer = (0..self.newer.territories(level).len()).map(TerritoryIndex::new);
        let kept = older.map(|from| (Some(from), identity.kept_as(from)));
        kept.chain(newer.filter(|&to| identity.kept_from(to).is_none()).map(|to| (None, Some(to)))).collect()
    }

    /// Whether whoever was in an older territory of a level and is in a newer one is affected there: the newer one is not
    /// what the older one goes on as.
    ///
    /// In other words, the code of the place changes, and not only because the territory that it stays in was given
    /// another one.
    #[must_use]
    pub fn is_affected(&self, level: Level, from: TerritoryIndex, to: TerritoryIndex) -> bool {
        self.identity(level).kept_as(from) != Some(to)
    }

    fn above_newer(&self) -> &Above {
        self.above_newer.as_ref().unwrap_or(&self.above_older)
    }

    /// The levels at which a territory that goes on has other parents than before.
    ///
    /// A parent is the same one where it goes on as such (see [`Identity`]), whatever its code.
    #[must_use]
    pub fn parent_changes(&self, level: Level, from: TerritoryIndex, to: TerritoryIndex) -> Vec<ParentChange> {
        let own = place_of(level);
        (own + 1..5)
            .filter(|&upper| !self.same_parents((own, upper), from, to))
            .map(|upper| {
                let word = Level::TERRITORIAL[upper];
                let codes = |hierarchy: &Hierarchy, parents: &[TerritoryIndex]| -> Vec<TerritoryCode> {
                    parents.iter().map(|parent| hierarchy.territories(word)[parent.at()].code.clone()).collect()
                };
                ParentChange {
                    level: word,
                    before: codes(self.older, self.above_older.of(own, upper, from)),
                    after: codes(self.newer, self.above_newer().of(own, upper, to)),
                }
            })
            .collect()
    }

    /// Whether any parent is another than before.
    pub(super) fn changes_parent(&self, level: Level, from: TerritoryIndex, to: TerritoryIndex) -> bool {
        let own = place_of(level);
        (own + 1..5).any(|upper| !self.same_parents((own, upper), from, to))
    }

    fn same_parents(&self, (own, upper): (usize, usize), from: TerritoryIndex, to: TerritoryIndex) -> bool {
        let identity = &self.levels[upper].identity;
        let before = self.above_older.of(own, upper, from);
        let after = self.above_newer().of(own, upper, to);
        before.len() == after.len()
            && before.iter().all(|&parent| identity.kept_as(parent).is_some_and(|kept| after.contains(&kept)))
    }

    /// Codes of what stands above a territory of the older edition, at the levels above its own; lowest first.
    #[must_use]
    pub fn parents_before(&self, level: Level, territory: TerritoryIndex) -> Vec<TerritoryCode> {
        right_above(self.older, &self.above_older, level, territory)
    }

    /// The same, of the newer edition.
    #[must_use]
    pub fn parents_after(&self, level: Level, territory: TerritoryIndex) -> Vec<TerritoryCode> {
        right_above(self.newer, self.above_newer(), level, territory)
    }
}

/// Codes right above a territory: RLS and RUISSS of a CLSC, RTS of an RLS, RSS of an RTS.
fn right_above(hierarchy: &Hierarchy, above: &Above, level: Level, territory: TerritoryIndex) -> Vec<TerritoryCode> {
    const UPPERS: [&[usize]; 5] = [&[1, 4], &[2], &[3], &[], &[]];
    let own = place_of(level);
    let codes = UPPERS[own].iter().flat_map(|&upper| {
        let list = hierarchy.territories(Level::TERRITORIAL[upper]);
        above.of(own, upper, territory).iter().map(|parent| list[parent.at()].code.clone())
    });
    codes.collect()
}

fn place_of(level: Level) -> usize {
    level.territorial_index().expect("territories are compared, not dissemination areas")
}

/// Flows of CLSC added up by what they lie in.
fn raised(clsc: &Flows, (older, newer): (&Hierarchy, &Hierarchy), level: Level) -> Flows {
    let pairs = clsc.shared().iter().map(|pair| Shared {
        from: TerritoryIndex::new(older.parent(pair.from.at(), level)),
        to: TerritoryIndex::new(newer.parent(pair.to.at(), level)),
        ..*pair
    });
    Flows::new(pairs, older.territories(level).len(), newer.territories(level).len())
}
