//! Value, denominator, rate and intervals of a target all of whose sources have what is needed.

use super::interval::{Heterogeneity, Interval, ShareSpread, spread_interval};
use super::method::Method;
use super::parts::TargetPart;
use super::run::BridgedCell;
use crate::series::distributions::counted_interval;
use crate::series::table::{Cell, Measure};
use crate::series::verdict::ObsStatus;

/// What is the same for all cells of a series, level and period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) measure: Measure,
    /// What the rates of a table of rates are said of.
    pub(super) per: f64,
    /// What rates that are worked out are said of.
    pub(super) rate_per: f64,
    pub(super) spread: Heterogeneity,
    pub(super) denominator_spread: Heterogeneity,
    /// Whether intervals hold what chance does to counts as well.
    pub(super) chance: bool,
}

/// The number of a cell; 0 for a text.
fn number(cell: &Cell) -> f64 {
    cell.value.number().unwrap_or(0.0)
}

fn bottom(cell: &Cell) -> f64 {
    cell.denominator.unwrap_or(0.0)
}

/// What whole sources give, and what partial ones give.
fn spread_of(parts: &[TargetPart], drifts: bool, count_of: &dyn Fn(&Cell) -> f64) -> (f64, Vec<ShareSpread>) {
    let (mut whole, mut partial) = (0.0, Vec::new());
    for part in parts {
        let count = part.cell.map_or(0.0, count_of);
        if part.share >= 1.0 {
            whole += count;
        } else {
            partial.push(ShareSpread {
                count,
                share: part.share,
                units_in: part.units_in,
                units_out: part.units_out,
                drift: if drifts { part.drift } else { 0.0 },
            });
        }
    }
    (whole, partial)
}

/// Fills a cell from its parts; `value` is given where it is known otherwise (as the sum of the level below).
pub(super) fn fill(
    cell: &mut BridgedCell,
    parts: &[TargetPart],
    facts: Facts,
    exact: bool,
    below: Option<(f64, Option<f64>)>,
) {
    let step = 10_f64.powi(-i32::from(cell.decimals));
    let all_have = parts.iter().all(|part| part.cell.is_some_and(|cell| cell.denominator.is_some()));
    if let Some((_, denominator)) = below {
        cell.denominator = denominator;
    } else if all_have {
        let sum: f64 = parts.iter().map(|part| part.cell.map_or(0.0, bottom) * part.share).sum();
        cell.denominator = Some(if exact { sum } else { sum.round() });
    }
    if facts.measure == Measure::Rate && !parts.iter().all(|part| part.same) {
        let cases = |cell: &Cell| number(cell) * bottom(cell) / facts.per;
        let top: f64 = parts.iter().map(|part| part.cell.map_or(0.0, cases) * part.share).sum();
        let below: f64 = parts.iter().map(|part| part.cell.map_or(0.0, bottom) * part.share).sum();
        let rate = if below > 0.0 { top / below * facts.per } else { 0.0 };
        cell.value = Some((rate / step).round() * step);
        if !exact {
            // The drift of people is in both parts of a rate alike.
            let (whole, partial) = spread_of(parts, false, &cases);
            let count = spread_interval(whole, &partial, facts.spread, top, 1e-6);
            cell.interval = Some(widened(parts, facts, (rate, top, below), count, facts.per));
        }
    } else {
        let scaled: i64 = parts.iter().filter_map(|part| part.scaled).sum();
        let value = below.map_or(scaled as f64 * step, |(value, _)| value);
        let value = (value / step).round() / (1.0 / step).round();
        cell.value = Some(value);
        if facts.measure == Measure::Count {
            let denominator = cell.denominator.filter(|&below| below > 0.0);
            cell.rate = denominator.map(|below| value / below * facts.rate_per);
        }
        if !exact {
            let (whole, partial) = spread_of(parts, true, &number);
            cell.interval = Some(spread_interval(whole, &partial, facts.spread, value, step));
            if let Some(below) = cell.denominator.filter(|&below| below > 0.0) {
                let (whole, partial) = spread_of(parts, false, &number);
                let count = spread_interval(whole, &partial, facts.spread, value, step);
                let rate = value / below * facts.rate_per;
                cell.rate_interval = Some(widened(parts, facts, (rate, value, below), count, facts.rate_per));
            }
        }
        if facts.chance && facts.measure == Measure::Count {
            by_chance(cell, value, facts);
        }
    }
    if let Some((interval, value)) = cell.interval.zip(cell.value).filter(|_| !exact) {
        let wide = (interval.high - value).max(value - interval.low) > value.abs() / 3.0;
        cell.status = if wide { ObsStatus::U } else { ObsStatus::E };
    }
}

/// The interval of a rate, from that of its count and what is not sure of its denominator.
fn widened(
    parts: &[TargetPart],
    facts: Facts,
    (rate, estimate, below): (f64, f64, f64),
    count: Interval,
    per: f64,
) -> Interval {
    let (whole, partial) = spread_of(parts, false, &bottom);
    let interval = spread_interval(whole, &partial, facts.denominator_spread, below, 1.0);
    let relative = ((interval.high - interval.low) / 2.0 / below.max(1.0)).powi(2);
    let side = |end: f64| ((end - estimate).abs() / below * per).hypot(rate * relative.sqrt());
    Interval { low: (rate - side(count.low)).max(0.0), high: rate + side(count.high) }
}

/// Widens the intervals of a count by what chance does to counts of its size.
fn by_chance(cell: &mut BridgedCell, value: f64, facts: Facts) {
    let half = |interval: Interval| (interval.high - interval.low) / 2.0 / super::interval::Z;
    let with = |count: f64, beyond: f64| {
        let (low, high) = counted_interval(count, beyond);
        Interval { low, high }
    };
    let beyond = cell.interval.map_or(0.0, |interval| half(interval).powi(2));
    if let Some((rate, below)) = cell.rate.zip(cell.denominator) {
        let scale = facts.rate_per / below;
        let beyond = cell.rate_interval.map_or(0.0, |interval| (half(interval) / scale).powi(2));
        let counted = with(rate / scale, beyond);
        cell.rate_interval = Some(Interval { low: counted.low * scale, high: counted.high * scale });
    }
    cell.interval = Some(with(value, beyond));
}

/// A bridged cell without a value yet.
pub(super) fn empty(head: &Cell, to: usize, decimals: u8) -> BridgedCell {
    BridgedCell {
        series: head.series,
        level: head.level,
        period: head.period,
        territory: to as u16,
        value: None,
        decimals,
        denominator: None,
        rate: None,
        interval: None,
        rate_interval: None,
        method: Method::None,
        status: ObsStatus::Q,
        refusal: None,
    }
}
