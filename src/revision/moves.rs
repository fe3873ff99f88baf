//! Every legal move of one border unit, and what each would do.

use std::collections::BTreeMap;

use serde::Serialize;

use super::engine::{Illegal, ImpactEngine};
use super::rules::{AreaCounts, Locks, Rule, Rules};
use crate::domain::Level;

/// A legal move of one unit to a CLSC that it borders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BorderMove {
    /// The unit.
    pub unit: u32,
    /// Its CLSC now, as a place in the list of CLSC.
    pub from: u16,
    /// The CLSC it would go to.
    pub to: u16,
    /// Its people.
    pub people: u64,
    /// Upper levels at which a territory would gain and another lose; none where the move stays inside all of them.
    pub disturbs: Vec<Level>,
    /// CLSC that would come into the range of people.
    pub brings_in_range: Vec<u16>,
    /// CLSC that would leave it.
    pub puts_out_of_range: Vec<u16>,
    /// By how much the people missing to, or in excess of, the range would change, both CLSC together.
    pub off_range_change: i64,
    /// By how much the number of municipalities cut would change, where they are given.
    pub municipalities_cut_change: Option<i32>,
    /// Border shared with the CLSC it would go to, in millimetres.
    pub shared_mm: u64,
}

/// All moves of one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BorderMoves {
    /// Legal ones, best first.
    pub moves: Vec<BorderMove>,
    /// How many others each rule forbids.
    pub forbidden: BTreeMap<Rule, usize>,
}

/// Evaluates every move of one unit to a CLSC that it borders.
///
/// Best first: CLSC brought into range less those put out of it, fewest upper levels disturbed, people off range, fewest
/// municipalities cut, fewest people moved, longest common border; then order of units. O(units times their neighbours)
/// plus a search for contiguity here and there.
#[must_use]
pub fn border_moves(engine: &mut ImpactEngine<'_>, rules: &Rules) -> BorderMoves {
    let (graph, facts, hierarchy) = engine.grounds();
    let locks = Locks::new(rules, graph.len(), hierarchy.clsc_count());
    let areas = facts.municipalities.as_ref().map(|areas| AreaCounts::new(areas, engine.attachment()));
    let mrc = facts.mrc.as_ref().map(|areas| AreaCounts::new(areas, engine.attachment()));
    let mut found = BorderMoves { moves: Vec::new(), forbidden: BTreeMap::new() };
    for unit in 0..graph.len() as u32 {
        let from = engine.clsc_of(unit);
        for to in engine.choices(unit) {
            let disturbs: Vec<Level> = Level::UPPER
                .into_iter()
                .filter(|&level| engine.parent(level, from) != engine.parent(level, to))
                .collect();
            let people = facts.people[unit as usize];
            let kept = (0..4).find(|&place| {
                let level = Level::UPPER[place];
                rules.keep.contains(&level) && disturbs.contains(&level)
            });
            let cuts =
                |areas: &Option<AreaCounts<'_>>| areas.as_ref().is_some_and(|areas| areas.change(unit, from, to) > 0);
            let forbidden = if let Some(rule) = locks.forbid(unit, from, to) {
                Some(rule)
            } else if rules.keep_municipalities && cuts(&areas) {
                Some(Rule::KeepMunicipalities)
            } else if rules.keep_mrc && cuts(&mrc) {
                Some(Rule::KeepMrc)
            } else if let Some(place) = kept {
                Some(Rule::KEEP[place])
            } else if rules.max_moved_people.is_some_and(|most| people > most) {
                Some(Rule::MaxMovedPeople)
            } else {
                match engine.check(unit, to) {
                    Ok(()) => None,
                    Err(Illegal::Empties) => Some(Rule::TotalCover),
                    Err(_) => Some(Rule::Contiguity),
                }
            };
            if let Some(rule) = forbidden {
                *found.forbidden.entry(rule).or_default() += 1;
                continue;
            }
            let (old, new) = (engine.sums(Level::Clsc, from).people, engine.sums(Level::Clsc, to).people);
            let ends = [(from, old, old - people), (to, new, new + people)];
            let (was, is) = (|before, _| rules.criteria.in_range(before), |_, after| rules.criteria.in_range(after));
            let which = |wanted: bool| -> Vec<u16> {
                ends.iter()
                    .filter(|&&(_, before, after)| was(before, after) != is(before, after))
                    .filter(|&&(_, before, after)| is(before, after) == wanted)
                    .map(|&(clsc, _, _)| clsc)
                    .collect()
            };
            let off = |people| rules.criteria.off_range(people) as i64;
            found.moves.push(BorderMove {
                unit,
                from,
                to,
                people,
                disturbs,
                brings_in_range: which(true),
                puts_out_of_range: which(false),
                off_range_change: ends.iter().map(|&(_, before, after)| off(after) - off(before)).sum(),
                municipalities_cut_change: areas.as_ref().map(|areas| areas.change(unit, from, to)),
                shared_mm: (graph.neighbours(unit).iter())
                    .filter(|link| engine.clsc_of(link.unit) == to)
                    .map(|link| link.shared_mm)
                    .sum(),
            });
        }
    }
    found.moves.sort_by_key(|known| {
        (
            known.puts_out_of_range.len() as i64 - known.brings_in_range.len() as i64,
            known.disturbs.len(),
            known.off_range_change,
            known.municipalities_cut_change,
            known.people,
            std::cmp::Reverse(known.shared_mm),
            known.unit,
            known.to,
        )
    });
    found
}
