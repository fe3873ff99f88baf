//! Jumps that no break explains, and breaks that values do not show: each difference against the others of its series.
//!
//! A series is taken as logarithms (of value + 0.5 for counts, of the rate where there is a denominator), its differences
//! from one period to the next tested one by one. The noise of a difference is what chance gives counts of that size
//! (1/a + 1/b) plus what the other differences of the same series show beyond it; the statistic is Student's t with as
//! many degrees of freedom as there are other differences, less one. Jumps are kept at the false discovery rate asked for
//! over all differences of the table (Benjamini and Hochberg), and where they are at least 3 %.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::coding::Coding;
use super::student::two_sided_p;
use crate::domain::{Level, Term, TerritoryCode};
use crate::series::SeriesError;
use crate::series::compare::Timeline;
use crate::series::table::{Cell, Measure, Table};

/// Other differences a test needs.
const LEAST_OTHERS: usize = 5;
/// Smallest jump reported, as a logarithm: 3 %.
const LEAST_JUMP: f64 = 0.03;
/// p-values above this are not candidates.
const CANDIDATE: f64 = 0.001;

/// A jump that no change of territory explains.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Jump {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level.
    pub level: Level,
    /// The territory.
    pub code: TerritoryCode,
    /// Label of the period that jumped.
    pub period: String,
    /// Value over that of the period before.
    pub ratio: f64,
    /// Student's t.
    pub t: f64,
    /// Its degrees of freedom.
    pub df: u32,
    /// Its two-sided p-value.
    pub p: f64,
}

/// Whether values show a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakShown {
    /// Values jump, as the people who moved say they should.
    Shown,
    /// Values do not jump and should: already recast, or still on the old limits.
    NotShown,
    /// Values jump, but not as the people who moved say.
    Otherwise,
    /// The jump expected is too small for this series' noise.
    TooSmall,
}

impl BreakShown {
    /// What it means.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Shown => Term::new("rupture visible, comme attendu", "break shown, as expected"),
            Self::NotShown => Term::new("rupture invisible dans les valeurs", "break not shown by the values"),
            Self::Otherwise => Term::new("saut autre que celui attendu", "jump other than expected"),
            Self::TooSmall => Term::new("trop petite pour le bruit", "too small for the noise"),
        }
    }
}

/// A break against the noise of one series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakTest {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level.
    pub level: Level,
    /// The territory.
    pub code: TerritoryCode,
    /// Label of the first period after the break.
    pub period: String,
    /// Ratio expected from the people who moved.
    pub expected: f64,
    /// Ratio observed.
    pub observed: f64,
    /// p-value of there being no jump.
    pub p_no_jump: f64,
    /// p-value of the jump being the one expected.
    pub p_expected: f64,
    /// What follows, at 5 % and 1 %.
    pub shown: BreakShown,
}

pub(super) struct JumpSearch<'a> {
    pub(super) table: &'a Table,
    pub(super) codings: &'a [Coding],
    pub(super) timeline: &'a Timeline<'a>,
    pub(super) rate: f64,
}

#[derive(Default)]
pub(super) struct Noise {
    pub(super) jumps: Vec<Jump>,
    pub(super) tests: Vec<BreakTest>,
    pub(super) tested: usize,
}

/// What the people of a code were multiplied by, from one edition to another; 1 where its units stay.
type Ratios = HashMap<(usize, usize, Level), Vec<Option<f64>>>;

#[derive(Clone, Copy)]
struct Difference {
    at: u16,
    value: f64,
    chance: f64,
    /// Expected logarithm, for a break; none elsewhere.
    expected: Option<f64>,
}

impl JumpSearch<'_> {
    pub(super) fn run(&self, blocks: &[&[Cell]]) -> Result<Noise, SeriesError> {
        let ratios = self.ratios()?;
        let found: Vec<Noise> = blocks
            .par_iter()
            .filter(|block| {
                block[0].level != Level::Da && self.table.series[block[0].series as usize].measure != Measure::Median
            })
            .map(|block| self.block(block, &ratios))
            .collect();
        let mut all = Noise::default();
        for noise in found {
            all.jumps.extend(noise.jumps);
            all.tests.extend(noise.tests);
            all.tested += noise.tested;
        }
        all.jumps.sort_by(|a, b| a.p.total_cmp(&b.p));
        let kept = (1..=all.jumps.len())
            .rev()
            .find(|&rank| all.jumps[rank - 1].p <= self.rate * rank as f64 / all.tested as f64)
            .unwrap_or(0);
        all.jumps.truncate(kept);
        all.jumps.retain(|jump| jump.ratio.ln().abs() >= LEAST_JUMP);
        Ok(all)
    }

    fn ratios(&self) -> Result<Ratios, SeriesError> {
        let mut ratios = Ratios::new();
        for pair in self.codings.windows(2) {
            let (Some(before), Some(now)) = (pair[0].place, pair[1].place) else { continue };
            if before == now || ratios.contains_key(&(before, now, Level::Clsc)) {
                continue;
            }
            for level in Level::TERRITORIAL {
                let overlap = self.timeline.overlap(level, before, now)?.peopled();
                let [older, newer] = [before, now].map(|at| &self.timeline.editions[at].edition.hierarchy);
                let of_code = self.table.codes.iter().map(|code| {
                    let (from, to) = (older.find(level, code.as_str())?, newer.find(level, code.as_str())?);
                    if overlap.same_as(from) == Some(to) {
                        return None;
                    }
                    let sum = |parts: &mut dyn Iterator<Item = &crate::series::Part>| {
                        parts.map(|part| part.population).sum::<u64>()
                    };
                    let (before, after) = (sum(&mut overlap.of_from(from)), sum(&mut overlap.of_to(to)));
                    (before > 0 && after > 0).then(|| (after as f64 / before as f64).ln())
                });
                ratios.insert((before, now, level), of_code.collect());
            }
        }
        Ok(ratios)
    }

    fn block(&self, block: &[Cell], ratios: &Ratios) -> Noise {
        let mut noise = Noise::default();
        let mut order: Vec<u32> = (0..block.len() as u32).collect();
        order.sort_unstable_by_key(|&at| (block[at as usize].code, block[at as usize].period));
        for run in order.chunk_by(|&a, &b| block[a as usize].code == block[b as usize].code) {
            let differences: Vec<Difference> =
                run.windows(2).filter_map(|pair| self.difference(block, pair, ratios)).collect();
            self.series(&block[run[0] as usize], &differences, &mut noise);
        }
        noise
    }

    fn difference(&self, block: &[Cell], pair: &[u32], ratios: &Ratios) -> Option<Difference> {
        let [before, now] = [pair[0], pair[1]].map(|at| &block[at as usize]);
        if now.period != before.period + 1 {
            return None;
        }
        let editions = [before, now].map(|cell| self.codings[usize::from(cell.period)].place);
        let measure = self.table.series[now.series as usize].measure;
        let (a, b) = (before.value.number()?, now.value.number()?);
        let expected = match editions {
            [Some(older), Some(newer)] if older != newer => {
                ratios.get(&(older, newer, now.level)).and_then(|list| list[now.code as usize])
            }
            _ => None,
        };
        let (value, chance, expected) = match (measure, before.denominator.zip(now.denominator)) {
            (Measure::Count, None) => (((b + 0.5) / (a + 0.5)).ln(), 1.0 / (a + 0.5) + 1.0 / (b + 0.5), expected),
            (Measure::Count, Some((c, d))) if c > 0.0 && d > 0.0 => {
                (((b + 0.5) / d / ((a + 0.5) / c)).ln(), 1.0 / (a + 0.5) + 1.0 / (b + 0.5), expected.map(|_| 0.0))
            }
            (Measure::Rate, _) if a > 0.0 && b > 0.0 => ((b / a).ln(), 0.0, expected.map(|_| 0.0)),
            _ => return None,
        };
        Some(Difference { at: now.period, value, chance, expected })
    }

    fn series(&self, cell: &Cell, differences: &[Difference], noise: &mut Noise) {
        let others = differences.iter().filter(|difference| difference.expected.is_none());
        let (count, sum, square, chance) = others.fold((0_usize, 0.0, 0.0, 0.0), |sums, difference| {
            (sums.0 + 1, sums.1 + difference.value, sums.2 + difference.value.powi(2), sums.3 + difference.chance)
        });
        for difference in differences {
            let own = f64::from(u8::from(difference.expected.is_none()));
            let others = count - own as usize;
            if others < LEAST_OTHERS {
                continue;
            }
            let n = others as f64;
            let mean = (sum - own * difference.value) / n;
            let spread = ((square - own * difference.value.powi(2) - n * mean * mean) / (n - 1.0)).max(0.0);
            let by_chance = (chance - own * difference.chance) / n;
            let beyond = (spread - by_chance).max(0.0);
            let error = (beyond + difference.chance + spread.max(by_chance) / n).sqrt();
            if error <= 0.0 {
                continue;
            }
            let p_of = |jump: f64| two_sided_p((difference.value - mean - jump) / error, n - 1.0);
            let code = || self.table.codes[cell.code as usize].clone();
            let period = || self.table.periods[usize::from(difference.at)].label.clone();
            if let Some(expected) = difference.expected {
                let (p_no_jump, p_expected) = (p_of(0.0), p_of(expected));
                let shown = match (p_no_jump < 0.05, p_expected < 0.01) {
                    _ if expected.abs() < error => BreakShown::TooSmall,
                    (true, false) => BreakShown::Shown,
                    (false, true) => BreakShown::NotShown,
                    (true, true) => BreakShown::Otherwise,
                    (false, false) => BreakShown::TooSmall,
                };
                noise.tests.push(BreakTest {
                    series: cell.series,
                    level: cell.level,
                    code: code(),
                    period: period(),
                    expected: expected.exp(),
                    observed: difference.value.exp(),
                    p_no_jump,
                    p_expected,
                    shown,
                });
                continue;
            }
            noise.tested += 1;
            let t = (difference.value - mean) / error;
            if t.abs() < 3.0 {
                continue;
            }
            let p = two_sided_p(t, n - 1.0);
            if p < CANDIDATE {
                noise.jumps.push(Jump {
                    series: cell.series,
                    level: cell.level,
                    code: code(),
                    period: period(),
                    ratio: difference.value.exp(),
                    t,
                    df: (others - 1) as u32,
                    p,
                });
            }
        }
    }
}
