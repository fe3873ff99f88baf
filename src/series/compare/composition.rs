//! Two crosswalks through a middle edition, held against the direct one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::apportion::share_out;
use super::crosswalk::{Crosswalk, Weight};
use crate::domain::TerritoryCode;
use crate::series::SeriesError;

/// A pair whose composed weight is not the direct one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CompositionRow {
    /// Code in the oldest edition.
    pub from_code: TerritoryCode,
    /// Code in the newest edition.
    pub to_code: TerritoryCode,
    /// Weight through the middle edition.
    pub composed: Weight,
    /// Weight of the direct crosswalk.
    pub direct: Weight,
}

/// How far a composed crosswalk is from the direct one.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Composition {
    /// The middle edition.
    pub through: String,
    /// Pairs that differ by more than the rounding of a weight (one part in a billion a step), in order of code.
    pub rows: Vec<CompositionRow>,
    /// People that the composed crosswalk sends elsewhere than the direct one.
    pub people_misplaced: f64,
    /// The same, as a part of all people, 0 to 1.
    pub share_misplaced: f64,
}

/// Composes two crosswalks and reports where the result is not the direct one.
///
/// Both agree where the middle edition mixes nothing: it can not tell which part of a territory's people came from where,
/// so what passed through a mixture is spread over it.
///
/// # Errors
/// [`SeriesError::Disjoint`] where the two do not meet.
pub fn compare_composition(
    first: &Crosswalk,
    second: &Crosswalk,
    direct: &Crosswalk,
) -> Result<Composition, SeriesError> {
    if first.to != second.from || first.level != second.level {
        return Err(SeriesError::Disjoint { first_to: first.to.clone(), second_from: second.from.clone() });
    }
    let mut onward: BTreeMap<&TerritoryCode, Vec<(&TerritoryCode, f64)>> = BTreeMap::new();
    for row in &second.rows {
        onward.entry(&row.from_code).or_default().push((&row.to_code, row.weight.value()));
    }
    let mut composed: BTreeMap<&TerritoryCode, BTreeMap<&TerritoryCode, f64>> = BTreeMap::new();
    let mut people: BTreeMap<&TerritoryCode, u64> = BTreeMap::new();
    for row in &first.rows {
        *people.entry(&row.from_code).or_default() += row.population;
        let targets = composed.entry(&row.from_code).or_default();
        for (target, weight) in onward.get(&row.to_code).map_or(&[][..], Vec::as_slice) {
            *targets.entry(target).or_default() += row.weight.value() * weight;
        }
    }
    let mut pairs: BTreeMap<(&TerritoryCode, &TerritoryCode), (u32, u32)> = BTreeMap::new();
    for (source, targets) in &composed {
        let weights: Vec<f64> = targets.values().copied().collect();
        for (target, billionths) in targets.keys().zip(share_out(i64::from(Weight::ONE.0), &weights)) {
            pairs.entry((source, target)).or_default().0 = billionths as u32;
        }
    }
    for row in &direct.rows {
        pairs.entry((&row.from_code, &row.to_code)).or_default().1 = row.weight.0;
    }
    let mut misplaced = 0.0;
    let mut rows = Vec::new();
    for ((from, to), (composed, direct)) in pairs {
        let apart = composed.abs_diff(direct);
        if apart > 4 {
            let share = f64::from(apart) / f64::from(Weight::ONE.0);
            misplaced += share / 2.0 * people.get(from).copied().unwrap_or(0) as f64;
            rows.push(CompositionRow {
                from_code: from.clone(),
                to_code: to.clone(),
                composed: Weight(composed),
                direct: Weight(direct),
            });
        }
    }
    let all: u64 = people.values().sum();
    Ok(Composition {
        through: first.to.clone(),
        rows,
        people_misplaced: misplaced,
        share_misplaced: if all == 0 { 0.0 } else { misplaced / all as f64 },
    })
}
