//! Codes say what a territory lies in: the first four digits of a CLSC are its RLS, and so on up. After a change of
//! parent they no longer do, and a code that does is proposed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Operation;
use crate::domain::{Hierarchy, Level, TerritoryCode};

/// A code that must change, because what stands above changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CodeChange {
    /// Level of the territory.
    pub level: Level,
    /// Its code now.
    pub code: TerritoryCode,
    /// Its name.
    pub name: String,
    /// The code of what it lies in, with which its own should begin (itself as proposed, where it changes too).
    pub prefix: TerritoryCode,
    /// The lowest free code that does; none where all are taken.
    pub proposed: Option<TerritoryCode>,
}

impl CodeChange {
    /// The operation that gives the proposed code.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        let new_code = self.proposed.clone()?;
        Some(Operation::Recode { level: self.level, code: self.code.clone(), new_code })
    }
}

/// Codes of the revised edition that do not begin with what the territory lies in, where they did in the base.
///
/// A code is free if neither edition uses it: one that was abolished is not given to another territory. From the top down,
/// so that a proposal of an upper level is the prefix of the lower ones.
#[must_use]
pub fn suggest(base: &Hierarchy, revised: &Hierarchy) -> Vec<CodeChange> {
    if base.same_shape(revised) {
        return Vec::new();
    }
    let broken_before = misfits(base);
    let mut taken: BTreeMap<Level, BTreeSet<TerritoryCode>> = BTreeMap::new();
    for hierarchy in [base, revised] {
        for level in Level::TERRITORIAL {
            let codes = hierarchy.territories(level).iter().map(|territory| territory.code.clone());
            taken.entry(level).or_default().extend(codes);
        }
    }
    let mut proposals: BTreeMap<(Level, TerritoryCode), TerritoryCode> = BTreeMap::new();
    let mut found = Vec::new();
    for (level, upper) in [(Level::Rts, Level::Rss), (Level::Rls, Level::Rts), (Level::Clsc, Level::Rls)] {
        for (code, parent) in links(revised, level, upper) {
            let prefix = proposals.get(&(upper, parent.clone())).unwrap_or(&parent).clone();
            let known = broken_before.contains(&(level, code.clone()));
            if code.as_str().starts_with(prefix.as_str()) || known {
                continue;
            }
            let used = taken.entry(level).or_default();
            let proposed = free_code(level, &prefix, used);
            if let Some(proposed) = &proposed {
                used.insert(proposed.clone());
                proposals.insert((level, code.clone()), proposed.clone());
            }
            let name = revised
                .find(level, code.as_str())
                .map(|at| revised.territories(level)[at].name.clone())
                .unwrap_or_default();
            found.push(CodeChange { level, code, name, prefix, proposed });
        }
    }
    found
}

/// Territories of a level with the one they lie in, where there is one only.
fn links(hierarchy: &Hierarchy, level: Level, upper: Level) -> Vec<(TerritoryCode, TerritoryCode)> {
    let mut parents = vec![BTreeSet::new(); hierarchy.territories(level).len()];
    for clsc in 0..hierarchy.clsc_count() {
        parents[hierarchy.parent(clsc, level)].insert(hierarchy.parent(clsc, upper));
    }
    (hierarchy.territories(level).iter().zip(parents))
        .filter(|(_, parents)| parents.len() == 1)
        .filter_map(|(territory, parents)| {
            let parent = parents.first().map(|&at| hierarchy.territories(upper)[at].code.clone())?;
            Some((territory.code.clone(), parent))
        })
        .collect()
}

/// Territories whose code does not begin with that of what they lie in.
fn misfits(hierarchy: &Hierarchy) -> BTreeSet<(Level, TerritoryCode)> {
    [(Level::Rts, Level::Rss), (Level::Rls, Level::Rts), (Level::Clsc, Level::Rls)]
        .into_iter()
        .flat_map(|(level, upper)| links(hierarchy, level, upper).into_iter().map(move |link| (level, link)))
        .filter(|(_, (code, parent))| !code.as_str().starts_with(parent.as_str()))
        .map(|(level, (code, _))| (level, code))
        .collect()
}

/// The lowest code of a level that begins so and is not used; digits from 1, then 0.
fn free_code(level: Level, prefix: &TerritoryCode, used: &BTreeSet<TerritoryCode>) -> Option<TerritoryCode> {
    let missing = level.code_length()?.checked_sub(prefix.as_str().len())?;
    if missing == 0 {
        return None;
    }
    let count = 10_u32.checked_pow(missing as u32)?;
    (1..count)
        .chain([0])
        .map(|number| TerritoryCode::new(&format!("{prefix}{number:0missing$}")))
        .find(|code| !used.contains(code))
}
