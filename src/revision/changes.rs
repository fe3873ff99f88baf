//! What an operation changed, territory by territory, in the modes of the Swiss register of communes (BFS, eCH-0071).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::step::not_shared;
use super::{Operation, PublishedPeople};
use crate::domain::{Level, MutationMode, Straddle, TerritoryCode};

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

/// Territories whose set of units changed, by level, in the codes of after.
pub(super) type Touched = [BTreeSet<TerritoryCode>; 5];

/// A code that an operation changed: level, from, to.
pub(super) type Recoded<'a> = Option<(usize, &'a TerritoryCode, &'a TerritoryCode)>;

fn today<'a>(recoded: Recoded<'a>, level: usize, code: &'a TerritoryCode) -> &'a TerritoryCode {
    match recoded {
        Some((at, from, to)) if at == level && from == code => to,
        _ => code,
    }
}

/// Compares two states of a draft. O(units + pairs of CLSC between which units went).
pub(super) fn between(before: &Draft<'_>, after: &Draft<'_>, recoded: Recoded<'_>) -> (Vec<Change>, Touched) {
    let pairs: BTreeSet<(u32, u32)> = before.home.iter().copied().zip(after.home.iter().copied()).collect();
    let mut touched = Touched::default();
    for &(old, new) in &pairs {
        for (level, touched) in touched.iter_mut().enumerate() {
            let was = today(recoded, level, before.code_at(old, level));
            let is = after.code_at(new, level);
            if was != is {
                touched.extend([was.clone(), is.clone()]);
            }
        }
    }
    let mut changes = Vec::new();
    for (level, touched) in touched.iter().enumerate() {
        let (old_parents, new_parents) = (parents(before, level, recoded), parents(after, level, None));
        let mut kept = BTreeSet::new();
        for (code, name) in &before.names[level] {
            let code_now = today(recoded, level, code);
            let word = Level::TERRITORIAL[level];
            let Some(name_now) = after.names[level].get(code_now) else {
                let modes = vec![MutationMode::Abolition];
                changes.push(Change { level: word, before: Some(code.clone()), after: None, modes });
                continue;
            };
            kept.insert(code_now);
            let facts = [
                (MutationMode::Rename, name != name_now),
                (MutationMode::ParentMove, old_parents.get(code) != new_parents.get(code_now)),
                (MutationMode::TerritoryChange, touched.contains(code_now)),
                (MutationMode::Recode, code != code_now),
            ];
            let modes: Vec<MutationMode> = facts.into_iter().filter(|fact| fact.1).map(|fact| fact.0).collect();
            if !modes.is_empty() {
                let (before, after) = (Some(code.clone()), Some(code_now.clone()));
                changes.push(Change { level: word, before, after, modes });
            }
        }
        for code in after.names[level].keys().filter(|code| !kept.contains(code)) {
            let modes = vec![MutationMode::Creation];
            changes.push(Change { level: Level::TERRITORIAL[level], before: None, after: Some(code.clone()), modes });
        }
    }
    (changes, touched)
}

/// What stands right above each territory of a level: RLS and RUISSS of a CLSC, RTS of an RLS, RSS of an RTS.
fn parents<'a>(
    draft: &'a Draft<'_>,
    level: usize,
    recoded: Recoded<'a>,
) -> BTreeMap<&'a TerritoryCode, BTreeSet<&'a TerritoryCode>> {
    let above: &[usize] = match level {
        0 => &[1, 4],
        1 => &[2],
        2 => &[3],
        _ => &[],
    };
    let mut parents: BTreeMap<&TerritoryCode, BTreeSet<&TerritoryCode>> = BTreeMap::new();
    for &slot in draft.by_code.values() {
        let known = parents.entry(draft.code_at(slot, level)).or_default();
        known.extend(above.iter().map(|&upper| today(recoded, upper, draft.code_at(slot, upper))));
    }
    parents
}

/// Takes away what a change made void: people published for territories that are others now, shares of units that moved.
///
/// Gives the operation that states it again.
pub(super) fn make_void(
    before: &Draft<'_>,
    after: &mut Draft<'_>,
    touched: &Touched,
    recoded: Recoded<'_>,
) -> Option<Operation> {
    let mut published = Vec::new();
    for (level, touched) in touched.iter().enumerate() {
        for code in touched {
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
