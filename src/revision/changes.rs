//! What an operation changed, territory by territory, in the modes of the Swiss register of communes (BFS, eCH-0071).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::step::not_shared;
use super::{Operation, PublishedPeople, Refusal};
use crate::change::{Comparison, Flows, Shared};
use crate::domain::{Level, MutationMode, Straddle, TerritoryCode, TerritoryIndex};

/// What happened to one territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// Its level.
    pub level: Level,
    /// Its code before; none for a creation.
    pub before: Option<TerritoryCode>,
    /// Its code after; none for an abolition.
    pub after: Option<TerritoryCode>,
    /// What happened, in order of number.
    #[schema(value_type = Vec<u8>)]
    pub modes: Vec<MutationMode>,
}

/// The slots of a draft between which units went: before, after, how many.
type Homes = Vec<((u32, u32), u32)>;

/// A code that an operation changed: level, from, to.
pub(super) type Recoded<'a> = Option<(usize, &'a TerritoryCode, &'a TerritoryCode)>;

fn today<'a>(recoded: Recoded<'a>, level: usize, code: &'a TerritoryCode) -> &'a TerritoryCode {
    match recoded {
        Some((at, from, to)) if at == level && from == code => to,
        _ => code,
    }
}

/// Where the units of a draft were, and are. O(units log units).
pub(super) fn homes(before: &Draft<'_>, after: &Draft<'_>) -> Homes {
    let mut pairs: Vec<(u32, u32)> = before.home.iter().copied().zip(after.home.iter().copied()).collect();
    pairs.sort_unstable();
    pairs.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

/// Compares two states of a draft. O(pairs of CLSC between which units went).
pub(super) fn between(before: &Draft<'_>, after: &Draft<'_>, homes: &Homes) -> Result<Vec<Change>, Refusal> {
    let (older, newer) = (before.hierarchy()?, after.hierarchy()?);
    let (place_before, place_after) = (before.places(), after.places());
    let shared = homes.iter().map(|&((old, new), units)| Shared {
        from: place_before[old as usize],
        to: place_after[new as usize],
        units,
        // An operation does not know of people; nothing is decided by their majority within one.
        people: 0,
    });
    let flows = Flows::new(shared, older.clsc_count(), newer.clsc_count());
    let comparison = Comparison::new(&older, &newer, flows);
    let mut changes = Vec::new();
    for level in Level::TERRITORIAL {
        for pair in comparison.pairs(level) {
            let modes = comparison.modes(level, pair);
            if !modes.is_empty() {
                let code = |list: &[crate::domain::Territory], at: Option<TerritoryIndex>| {
                    at.map(|at| list[at.at()].code.clone())
                };
                let (before, after) = (code(older.territories(level), pair.0), code(newer.territories(level), pair.1));
                changes.push(Change { level, before, after, modes });
            }
        }
    }
    Ok(changes)
}

/// Takes away what a change made void: people published for territories that are others now, shares of units that moved.
///
/// Gives the operation that states it again.
pub(super) fn make_void(
    before: &Draft<'_>,
    after: &mut Draft<'_>,
    homes: &Homes,
    recoded: Recoded<'_>,
) -> Option<Operation> {
    let mut published = Vec::new();
    for level in 0..5 {
        // A code whose set of units is another one than before.
        let mut other_units: BTreeSet<TerritoryCode> = BTreeSet::new();
        for &((old, new), _) in homes {
            let was = today(recoded, level, before.code_at(old, level));
            let is = after.code_at(new, level);
            if was != is {
                other_units.extend([was.clone(), is.clone()]);
            }
        }
        for code in &other_units {
            after.published[level].remove(code);
        }
        let names = &after.names[level];
        after.published[level].retain(|code, _| names.contains_key(code));
        for (code, &people) in &before.published[level] {
            if !after.published[level].contains_key(today(recoded, level, code)) {
                let level = Level::TERRITORIAL[level];
                published.push(PublishedPeople { level, code: code.clone(), people: Some(people) });
            }
        }
    }
    let void: Vec<u32> = (after.straddles.iter())
        .filter(|(unit, straddle)| !after.holds(**unit, straddle))
        .map(|(&unit, _)| unit)
        .collect();
    for unit in void {
        after.straddles.remove(&unit);
    }
    let mut straddles: Vec<Straddle> = Vec::new();
    if recoded.is_none() {
        let known: BTreeSet<&u32> = before.straddles.keys().chain(after.straddles.keys()).collect();
        for unit in known {
            if before.straddles.get(unit) != after.straddles.get(unit) {
                straddles
                    .push(before.straddles.get(unit).cloned().unwrap_or_else(|| not_shared(after.units.id(*unit))));
            }
        }
    }
    (!published.is_empty() || !straddles.is_empty()).then_some(Operation::Restate { published, straddles })
}
