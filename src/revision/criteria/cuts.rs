//! Areas, such as municipalities, of which a part only is in a CLSC.

use std::collections::BTreeMap;

use super::criterion::Context;
use super::{Cut, Measured, Value};
use crate::domain::Language;
use crate::revision::Areas;

/// Most areas that are named.
const MOST_NAMED: usize = 4;

/// The areas cut, and the share of the people whose area is known; none where it is known of nobody.
///
/// `totals` are the units and people of each area.
pub(super) fn cuts(context: &Context<'_>, areas: &Areas, totals: &[(u32, u64)]) -> Option<Value> {
    let mut inside: BTreeMap<u32, (u32, u64)> = BTreeMap::new();
    let (mut known, mut all) = ((0_u32, 0_u64), (0_u32, 0_u64));
    for &unit in context.members {
        let people = context.people_of(unit);
        all = (all.0 + 1, all.1 + people);
        if let Some(area) = areas.of_unit[unit as usize] {
            let sum = inside.entry(area).or_default();
            *sum = (sum.0 + 1, sum.1 + people);
            known = (known.0 + 1, known.1 + people);
        }
    }
    if known.0 == 0 {
        return None;
    }
    let cut = inside
        .into_iter()
        .filter(|(area, (units, _))| *units < totals[*area as usize].0)
        .map(|(area, (_, people_inside))| {
            let (code, name) = areas.names[area as usize].clone();
            Cut { code, name, people_inside, people_outside: totals[area as usize].1 - people_inside }
        })
        .collect();
    let known_share = if all.1 > 0 { known.1 as f64 / all.1 as f64 } else { f64::from(known.0) / f64::from(all.0) };
    Some(Value::Cuts { cut, known_share })
}

pub(super) fn words(measured: &Measured, language: Language) -> String {
    let Value::Cuts { cut, known_share } = &measured.value else { return String::new() };
    let names: Vec<&str> = cut.iter().take(MOST_NAMED).map(|cut| cut.name.as_str()).collect();
    let more = if cut.len() > MOST_NAMED { ", …" } else { "" };
    let mut text = cut.len().to_string();
    if !names.is_empty() {
        text = format!("{text} ({}{more})", names.join(", "));
    }
    if *known_share < 1.0 {
        let share = language.percent(*known_share);
        text = match language {
            Language::French => format!("{text}, connues pour {share} des personnes"),
            Language::English => format!("{text}, known for {share} of people"),
        };
    }
    text
}
