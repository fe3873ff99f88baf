//! Jumps that no break explains, and breaks that values do not show.
//!
//! A series is taken as logarithms (of value + 0.5 for counts, of the rate where there is a denominator). Two things are looked
//! for in each territory:
//! - a **lasting step**: a difference from one period to the next, against the other differences; where chance makes most of the noise
//!   (small counts), also the mean of two to four values after against as many before;
//! - a **single odd value** (up, then down): a value against the mean of the ones before and after, of three times the noise of a
//!   difference as it is where values vary around a level.
//!
//! The noise is [`Noise`](super::noise::Noise): what chance gives counts of that size (1/a + 1/b) plus what the series shows beyond it, with the
//! farthest differences left out and weighed with the other territories of the series; the statistic is Student's t. The strongest
//! of both kinds is taken out (a step is allowed, an odd value is skipped) and the rest is looked at again, so that a second jump is
//! found beside a first. Findings are kept at the false discovery rate asked for over everything that was tested in the table (Benjamini
//! and Hochberg), and where they are at least 3 %.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::coding::Coding;
use super::noise::{Noise, Pooled};
use crate::domain::{Level, Term, TerritoryCode};
use crate::series::SeriesError;
use crate::series::compare::Timeline;
use crate::series::distributions::two_sided_p;
use crate::series::table::{Cell, Measure, Table};

/// Differences a test needs.
const LEAST_DIFFERENCES: usize = 4;
/// Degrees of freedom a test needs.
const LEAST_DF: f64 = 3.0;
/// Values on either side whose means are compared, where chance makes most of the noise.
const WINDOWS: std::ops::RangeInclusive<usize> = 2..=4;
/// Noise beyond chance, in parts of chance, up to which means are compared: beyond it neighbouring differences may be alike.
const MOSTLY_CHANCE: f64 = 0.5;
/// Findings in one territory at most; one in three of its differences as well.
const MOST_FOUND: usize = 4;
/// Variance of a value against its two neighbours, in variances of a difference beyond chance.
const ODD_VARIANCE: f64 = 3.0;
/// Smallest jump reported, as a logarithm: 3 %.
const LEAST_JUMP: f64 = 0.03;
/// p-values above this are not candidates.
const CANDIDATE: f64 = 0.001;

/// What a jump looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JumpShape {
    /// From this period on, values are others.
    Step,
    /// This period's value alone is another.
    OddValue,
    /// The first or the last difference of the series: a step or an odd value, which one value can not tell.
    AtTheEnd,
}

impl JumpShape {
    /// The shape for people.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Step => Term::new("à partir de cette période", "from this period on"),
            Self::OddValue => Term::new("cette période seule", "this period alone"),
            Self::AtTheEnd => Term::new(
                "au bout de la série : saut ou valeur isolée",
                "at the end of the series: a step or one odd value",
            ),
        }
    }
}

/// A jump that no change of territory explains.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Jump {
    /// Place in [`Table::series`].
    pub series: u32,
    /// The level.
    pub level: Level,
    /// The territory.
    pub code: TerritoryCode,
    /// Label of the period that jumped.
    pub period: String,
    /// What it looks like.
    pub shape: JumpShape,
    /// Value over that of the period before; of an odd value, over the mean of those before and after.
    pub ratio: f64,
    /// Student's t.
    pub t: f64,
    /// Its degrees of freedom.
    pub df: u32,
    /// Its two-sided p-value.
    pub p: f64,
}

/// Whether values show a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
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
pub(super) struct Found {
    pub(super) jumps: Vec<Jump>,
    pub(super) tests: Vec<BreakTest>,
    pub(super) tested: usize,
}

/// What the people of a code were multiplied by, from one edition to another; 1 where its units stay.
type Ratios = HashMap<(usize, usize, Level), Vec<Option<f64>>>;

/// A value of a series.
#[derive(Clone, Copy)]
struct Point {
    period: u16,
    /// Its logarithm.
    value: f64,
    /// The variance of that by chance.
    chance: f64,
    /// Where a break lies between the value before and this one: the logarithm of the ratio expected.
    expected: Option<f64>,
    /// Whether it was found to be odd.
    odd: bool,
    /// Whether a step was found between the value before and this one.
    step: bool,
}

/// A territory's values, in runs of periods that follow one another.
struct Series {
    code: u32,
    runs: Vec<Vec<Point>>,
}

/// The difference between two values of a run that follow one another once odd ones are skipped.
#[derive(Clone, Copy)]
struct Difference {
    run: usize,
    /// Places of both in the run.
    from: usize,
    to: usize,
    value: f64,
    chance: f64,
    /// Periods between them.
    gap: f64,
    expected: Option<f64>,
    step: bool,
}

impl Difference {
    fn is_plain(&self) -> bool {
        self.expected.is_none() && !self.step
    }
}

impl Series {
    fn differences(&self) -> Vec<Difference> {
        let mut all = Vec::new();
        for (run, points) in self.runs.iter().enumerate() {
            let sound: Vec<usize> = (0..points.len()).filter(|&at| !points[at].odd).collect();
            for pair in sound.windows(2) {
                let (before, now) = (points[pair[0]], points[pair[1]]);
                let between = &points[pair[0] + 1..=pair[1]];
                all.push(Difference {
                    run,
                    from: pair[0],
                    to: pair[1],
                    value: now.value - before.value,
                    chance: before.chance + now.chance,
                    gap: (pair[1] - pair[0]) as f64,
                    expected: between.iter().find_map(|point| point.expected),
                    step: between.iter().any(|point| point.step),
                });
            }
        }
        all
    }

    /// The noise of its plain differences without those that `skip` names.
    fn noise(differences: &[Difference], skip: impl Fn(usize) -> bool) -> Option<Noise> {
        let plain: Vec<(f64, f64)> = differences
            .iter()
            .enumerate()
            .filter(|(at, difference)| difference.is_plain() && !skip(*at))
            .map(|(_, difference)| (difference.value / difference.gap, difference.chance))
            .collect();
        if plain.len() < LEAST_DIFFERENCES { None } else { Noise::of(&plain) }
    }
}

/// A candidate: what, where, and how sure.
struct Candidate {
    shape: JumpShape,
    run: usize,
    at: usize,
    logarithm: f64,
    t: f64,
    df: f64,
    p: f64,
}

impl JumpSearch<'_> {
    pub(super) fn run(&self, blocks: &[&[Cell]]) -> Result<Found, SeriesError> {
        let ratios = self.ratios()?;
        let found: Vec<Found> = blocks
            .par_iter()
            .filter(|block| {
                block[0].level != Level::Da && self.table.series[block[0].series as usize].measure != Measure::Median
            })
            .map(|block| self.block(block, &ratios))
            .collect();
        let mut all = Found::default();
        for found in found {
            all.jumps.extend(found.jumps);
            all.tests.extend(found.tests);
            all.tested += found.tested;
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

    fn block(&self, block: &[Cell], ratios: &Ratios) -> Found {
        let mut order: Vec<u32> = (0..block.len() as u32).collect();
        order.sort_unstable_by_key(|&at| (block[at as usize].code, block[at as usize].period));
        let list: Vec<(&Cell, Series)> = order
            .chunk_by(|&a, &b| block[a as usize].code == block[b as usize].code)
            .map(|run| (&block[run[0] as usize], self.series(block, run, ratios)))
            .collect();
        let noises: Vec<Noise> =
            list.iter().filter_map(|(_, series)| Series::noise(&series.differences(), |_| false)).collect();
        let pooled = Pooled::of(&noises);
        let mut found = Found::default();
        for (cell, series) in list {
            self.search(cell, series, pooled, &mut found);
        }
        found
    }

    fn series(&self, block: &[Cell], places: &[u32], ratios: &Ratios) -> Series {
        let mut runs: Vec<Vec<Point>> = Vec::new();
        let mut last: Option<&Cell> = None;
        for cell in places.iter().map(|&at| &block[at as usize]) {
            let Some(point) = self.point(cell) else { continue };
            match last.filter(|last| last.period + 1 == cell.period) {
                Some(before) => {
                    let expected = self.expected(before, cell, ratios);
                    runs.last_mut().expect("a value came before").push(Point { expected, ..point });
                }
                None => runs.push(vec![point]),
            }
            last = Some(cell);
        }
        Series { code: block[places[0] as usize].code, runs }
    }

    fn point(&self, cell: &Cell) -> Option<Point> {
        let count = cell.value.number()?;
        let (value, chance) = match (self.table.series[cell.series as usize].measure, cell.denominator) {
            (Measure::Count, None) => ((count + 0.5).ln(), 1.0 / (count + 0.5)),
            (Measure::Count, Some(below)) if below > 0.0 => (((count + 0.5) / below).ln(), 1.0 / (count + 0.5)),
            (Measure::Rate, _) if count > 0.0 => (count.ln(), 0.0),
            _ => return None,
        };
        Some(Point { period: cell.period, value, chance, expected: None, odd: false, step: false })
    }

    /// The logarithm of the ratio that a break leads to expect, where one lies between two cells.
    fn expected(&self, before: &Cell, now: &Cell, ratios: &Ratios) -> Option<f64> {
        let [older, newer] = [before, now].map(|cell| self.codings[usize::from(cell.period)].place);
        let (older, newer) = older.zip(newer).filter(|(older, newer)| older != newer)?;
        let expected = ratios.get(&(older, newer, now.level)).and_then(|list| list[now.code as usize])?;
        let rate = now.denominator.is_some() || self.table.series[now.series as usize].measure == Measure::Rate;
        Some(if rate { 0.0 } else { expected })
    }

    fn search(&self, cell: &Cell, mut series: Series, pooled: Pooled, found: &mut Found) {
        let differences = series.differences();
        self.test_breaks(cell, &series, &differences, pooled, found);
        let plain = differences.iter().filter(|difference| difference.is_plain()).count();
        let middles = odd_places(&differences).count();
        let Some(noise) = Series::noise(&differences, |_| false).map(|noise| noise.with(pooled)) else { return };
        found.tested += plain + middles;
        if noise.is_mostly_chance() {
            found.tested += WINDOWS.map(|half| windows(&differences, half).count()).sum::<usize>();
        }
        for _ in 0..MOST_FOUND.min(plain.div_ceil(3)) {
            let differences = series.differences();
            let Some(best) = strongest(&series, &differences, pooled) else { break };
            let point = series.runs[best.run][best.at];
            found.jumps.push(Jump {
                series: cell.series,
                level: cell.level,
                code: self.table.codes[series.code as usize].clone(),
                period: self.table.periods[usize::from(point.period)].label.clone(),
                shape: best.shape,
                ratio: best.logarithm.exp(),
                t: best.t,
                df: best.df.round() as u32,
                p: best.p,
            });
            let point = &mut series.runs[best.run][best.at];
            if best.shape == JumpShape::OddValue { point.odd = true } else { point.step = true }
        }
    }

    fn test_breaks(&self, cell: &Cell, series: &Series, differences: &[Difference], pooled: Pooled, found: &mut Found) {
        let Some(noise) = Series::noise(differences, |_| false).map(|noise| noise.with(pooled)) else { return };
        if noise.df < LEAST_DF {
            return;
        }
        for difference in differences {
            let Some(expected) = difference.expected else { continue };
            let error = noise.error(difference);
            if error <= 0.0 {
                continue;
            }
            let p_of = |jump: f64| two_sided_p((difference.value - noise.mean - jump) / error, noise.df);
            let (p_no_jump, p_expected) = (p_of(0.0), p_of(expected));
            let shown = match (p_no_jump < 0.05, p_expected < 0.01) {
                _ if expected.abs() < error => BreakShown::TooSmall,
                (true, false) => BreakShown::Shown,
                (false, true) => BreakShown::NotShown,
                (true, true) => BreakShown::Otherwise,
                (false, false) => BreakShown::TooSmall,
            };
            let point = series.runs[difference.run][difference.to];
            found.tests.push(BreakTest {
                series: cell.series,
                level: cell.level,
                code: self.table.codes[series.code as usize].clone(),
                period: self.table.periods[usize::from(point.period)].label.clone(),
                expected: expected.exp(),
                observed: difference.value.exp(),
                p_no_jump,
                p_expected,
                shown,
            });
        }
    }
}

impl Noise {
    fn is_mostly_chance(&self) -> bool {
        self.beyond <= MOSTLY_CHANCE * self.chance
    }

    /// Standard deviation of a difference around the mean.
    fn error(&self, difference: &Difference) -> f64 {
        let of_mean = (self.beyond + self.chance) / self.kept as f64 * difference.gap.powi(2);
        (self.beyond * difference.gap + difference.chance + of_mean).sqrt()
    }
}

/// Places of differences that are followed by one of the same run, both plain and of one period: a value with two neighbours.
fn odd_places(differences: &[Difference]) -> impl Iterator<Item = usize> + '_ {
    (1..differences.len()).filter(|&at| {
        let (before, after) = (&differences[at - 1], &differences[at]);
        before.run == after.run && before.is_plain() && after.is_plain() && before.to == after.from
    })
}

/// Places of differences around which `half` values on either side follow one another without a break or a step.
fn windows(differences: &[Difference], half: usize) -> impl Iterator<Item = usize> + '_ {
    let reach = half - 1;
    (reach..differences.len().saturating_sub(reach)).filter(move |&at| {
        differences[at - reach..=at + reach]
            .windows(2)
            .all(|pair| pair[0].run == pair[1].run && pair[0].to == pair[1].from)
            && differences[at - reach..=at + reach].iter().all(|it| it.is_plain() && it.gap < 1.5)
    })
}

/// The strongest step or odd value of a territory, where it is a candidate.
fn strongest(series: &Series, differences: &[Difference], pooled: Pooled) -> Option<Candidate> {
    let all = Series::noise(differences, |_| false)?.with(pooled);
    let mut best: Option<Candidate> = None;
    let mut take = |candidate: Candidate| {
        let stronger = best.as_ref().is_none_or(|best| candidate.t.abs() > best.t.abs());
        if candidate.p < CANDIDATE && stronger {
            best = Some(candidate);
        }
    };
    for (at, difference) in differences.iter().enumerate().filter(|(_, difference)| difference.is_plain()) {
        let error = all.error(difference);
        if error <= 0.0 || ((difference.value - all.mean * difference.gap) / error).abs() < 3.0 {
            continue;
        }
        let Some(noise) = Series::noise(differences, |other| other == at).map(|noise| noise.with(pooled)) else {
            continue;
        };
        let t = (difference.value - noise.mean * difference.gap) / noise.error(difference);
        if noise.df < LEAST_DF {
            continue;
        }
        let run = &series.runs[difference.run];
        let sound = |mut places: std::ops::Range<usize>| places.any(|place| !run[place].odd);
        let inside = sound(0..difference.from) && sound(difference.to + 1..run.len());
        let shape = if inside { JumpShape::Step } else { JumpShape::AtTheEnd };
        let p = two_sided_p(t, noise.df);
        take(Candidate {
            shape,
            run: difference.run,
            at: difference.to,
            logarithm: difference.value,
            t,
            df: noise.df,
            p,
        });
    }
    for half in WINDOWS.filter(|_| all.is_mostly_chance() && all.df >= LEAST_DF) {
        for at in windows(differences, half) {
            let reach = half - 1;
            let around = &differences[at - reach..=at + reach];
            let parts = half as f64;
            let weight = |place: usize| (half - place.abs_diff(reach)) as f64 / parts;
            let (mut value, mut beyond) = (0.0, 0.0);
            for (place, difference) in around.iter().enumerate() {
                value += weight(place) * difference.value;
                beyond += weight(place).powi(2) * all.beyond;
            }
            let points = &series.runs[around[0].run];
            let chance: f64 =
                points[around[0].from..=around[around.len() - 1].to].iter().map(|point| point.chance).sum::<f64>()
                    / parts.powi(2);
            let of_mean = (all.beyond + all.chance) / all.kept as f64 * parts.powi(2);
            let error = (beyond + chance + of_mean).sqrt();
            let t = (value - all.mean * parts) / error;
            if error > 0.0 && t.abs() >= 3.0 {
                take(Candidate {
                    shape: JumpShape::Step,
                    run: around[0].run,
                    at: differences[at].to,
                    logarithm: value - all.mean * (parts - 1.0),
                    t,
                    df: all.df,
                    p: two_sided_p(t, all.df),
                });
            }
        }
    }
    for at in odd_places(differences) {
        let (before, after) = (&differences[at - 1], &differences[at]);
        let points = &series.runs[before.run];
        let value = before.value / before.gap - after.value / after.gap;
        let chance = 4.0 * points[before.to].chance + points[before.from].chance + points[after.to].chance;
        let error_of = |noise: &Noise| (ODD_VARIANCE * noise.beyond + chance).sqrt();
        if error_of(&all) <= 0.0 || (value / error_of(&all)).abs() < 3.0 {
            continue;
        }
        let skip = |other: usize| other == at || other + 1 == at;
        let Some(noise) = Series::noise(differences, skip).map(|noise| noise.with(pooled)) else { continue };
        if noise.df < LEAST_DF {
            continue;
        }
        let t = value / error_of(&noise);
        let p = two_sided_p(t, noise.df);
        let shape = JumpShape::OddValue;
        take(Candidate { shape, run: before.run, at: before.to, logarithm: value / 2.0, t, df: noise.df, p });
    }
    best
}
