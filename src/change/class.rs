//! The class of a territory's change, and the modes of its mutation.

use super::comparison::{Comparison, LevelComparison, Pair};
use crate::domain::{ChangeClass, Level, MutationMode, TerritoryIndex};

impl Comparison<'_> {
    /// What became of a territory of a level; [`ChangeClass`] says what each class means.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn class(&self, level: Level, pair: Pair) -> ChangeClass {
        let own = self.level(level);
        match pair {
            (Some(from), Some(to)) => {
                if own.holds_same_units(from, to) {
                    self.class_of_same_units(level, from, to)
                } else {
                    own.class_of_kept(from, to)
                }
            }
            (Some(from), None) => own.class_of_gone(from),
            (None, Some(to)) => own.class_of_new(to),
            (None, None) => ChangeClass::Unchanged,
        }
    }

    fn class_of_same_units(&self, level: Level, from: TerritoryIndex, to: TerritoryIndex) -> ChangeClass {
        let (before, after) = (&self.older.territories(level)[from.at()], &self.newer.territories(level)[to.at()]);
        if self.changes_parent(level, from, to) {
            ChangeClass::ParentChanged
        } else if before.code != after.code {
            ChangeClass::Recoded
        } else if before.name != after.name {
            ChangeClass::Renamed
        } else {
            ChangeClass::Unchanged
        }
    }

    /// The modes of a territory's mutation in the Swiss register of communes, in order of number; none where nothing changed.
    ///
    /// # Panics
    /// For the dissemination area.
    #[must_use]
    pub fn modes(&self, level: Level, pair: Pair) -> Vec<MutationMode> {
        let (from, to) = match pair {
            (Some(from), Some(to)) => (from, to),
            (Some(_), None) => return vec![MutationMode::Abolition],
            (None, Some(_)) => return vec![MutationMode::Creation],
            (None, None) => return Vec::new(),
        };
        let (before, after) = (&self.older.territories(level)[from.at()], &self.newer.territories(level)[to.at()]);
        let facts = [
            (MutationMode::Rename, before.name != after.name),
            (MutationMode::ParentMove, self.changes_parent(level, from, to)),
            (MutationMode::TerritoryChange, !self.level(level).holds_same_units(from, to)),
            (MutationMode::Recode, before.code != after.code),
        ];
        facts.into_iter().filter(|fact| fact.1).map(|fact| fact.0).collect()
    }
}

impl LevelComparison {
    /// Whether two territories hold the very same units, or none both.
    fn holds_same_units(&self, from: TerritoryIndex, to: TerritoryIndex) -> bool {
        self.flows.same_units(from) == Some(to)
            || (self.flows.of_from(from).is_empty() && self.flows.of_to(to).len() == 0)
    }

    /// Whether a newer territory is made of units of one older territory only, and goes on with none.
    fn is_own_piece(&self, to: TerritoryIndex) -> bool {
        self.identity.kept_from(to).is_none() && self.flows.of_to(to).len() == 1
    }

    /// Whether an older territory went whole into one newer territory, and goes on as none.
    fn is_absorbed(&self, from: TerritoryIndex) -> bool {
        self.identity.kept_as(from).is_none() && self.flows.of_from(from).len() == 1
    }

    fn class_of_kept(&self, from: TerritoryIndex, to: TerritoryIndex) -> ChangeClass {
        let outs: Vec<TerritoryIndex> =
            self.flows.of_from(from).iter().map(|pair| pair.to).filter(|&other| other != to).collect();
        let ins: Vec<TerritoryIndex> =
            self.flows.of_to(to).map(|pair| pair.from).filter(|&other| other != from).collect();
        if ins.is_empty() && outs.iter().all(|&other| self.is_own_piece(other)) {
            return ChangeClass::Split;
        }
        if outs.is_empty() && ins.iter().all(|&other| self.is_absorbed(other)) {
            return ChangeClass::Merged;
        }
        let neighbours_stay = outs.iter().all(|&other| self.identity.kept_from(other).is_some())
            && ins.iter().all(|&other| self.identity.kept_as(other).is_some());
        let same_core = self.flows.pair(from, to).is_some_and(|core| {
            self.flows.size_from(from).has_half_in(core) && self.flows.size_to(to).has_half_in(core)
        });
        if neighbours_stay && same_core { ChangeClass::BoundaryShift } else { ChangeClass::Complex }
    }

    fn class_of_gone(&self, from: TerritoryIndex) -> ChangeClass {
        match self.flows.of_from(from) {
            [only] if self.flows.is_sum_of_wholes(only.to) => ChangeClass::Merged,
            several @ [_, _, ..] if several.iter().all(|pair| self.is_own_piece(pair.to)) => ChangeClass::Split,
            _ => ChangeClass::Abolished,
        }
    }

    fn class_of_new(&self, to: TerritoryIndex) -> ChangeClass {
        let sources: Vec<TerritoryIndex> = self.flows.of_to(to).map(|pair| pair.from).collect();
        match sources[..] {
            [from] => {
                let whole = self.flows.of_from(from).iter().all(|pair| self.flows.of_to(pair.to).len() == 1);
                if whole { ChangeClass::Split } else { ChangeClass::Created }
            }
            [_, _, ..]
                if self.flows.is_sum_of_wholes(to)
                    && sources.iter().all(|&from| self.identity.kept_as(from).is_none()) =>
            {
                ChangeClass::Merged
            }
            _ => ChangeClass::Created,
        }
    }
}
