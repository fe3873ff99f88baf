//! Proposals: maps near today's that bring more CLSC into the range of people, weighed against what they cost.
//!
//! A seeded annealing over moves of one border unit at a time, started again from today's map under different weights;
//! whatever it passes through that nothing else beats is kept. The same seed and number of tries give the same answer (on
//! machines that round exponentials alike): the clock is the caller's, through the progress callback.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;

use super::engine::ImpactEngine;
use super::rules::{Rule, Rules};
use super::trial::Trial;
use super::{Operation, Transfer, UnitIndex};
use crate::domain::{Hierarchy, Level, TerritoryCode};

/// What proposals aim at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// As many CLSC as can be with as many people as the range asks.
    InRange,
    /// As many people as can be in the CLSC that holds the installation nearest to them: by travel time where a table says one,
    /// as the crow flies elsewhere. Units in which an installation stands are not moved.
    NearestInstallation,
    /// As few municipalities as can be shared between CLSC.
    MunicipalitiesWhole,
    /// CLSC as even in people as can be.
    Balance,
    /// As few broken series as can be, beside another goal: nothing moved breaks none.
    FewestBrokenSeries,
}

/// Goals, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goals([bool; 5]);

impl Goals {
    /// Goals from a list.
    #[must_use]
    pub fn new(list: &[Goal]) -> Self {
        let mut goals = [false; 5];
        for &goal in list {
            goals[goal as usize] = true;
        }
        Self(goals)
    }

    /// Whether a goal is among them.
    #[must_use]
    pub fn holds(self, goal: Goal) -> bool {
        self.0[goal as usize]
    }

    /// Whether any asks for something that leaving everything as it is does not give.
    #[must_use]
    pub fn ask_for_moves(self) -> bool {
        self.0.iter().enumerate().any(|(at, &asked)| asked && at != Goal::FewestBrokenSeries as usize)
    }
}

impl Default for Goals {
    fn default() -> Self {
        Self::new(&[Goal::InRange])
    }
}

/// What a proposal is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Score {
    /// People that change CLSC; the fewer the better.
    pub moved_people: u64,
    /// CLSC in the range of people; the more the better.
    pub in_range: u32,
    /// RLS, RTS, RSS and RUISSS that gain or lose units; the fewer the better.
    pub upper_disturbed: u32,
    /// Municipalities shared between CLSC, where given; the fewer the better.
    pub municipalities_cut: Option<u32>,
    /// Territories, of all levels, whose series breaks; the fewer the better.
    pub series_broken: u32,
    /// People whose CLSC does not hold the installation nearest to them, where that is a goal; the fewer the better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people_not_nearest: Option<u64>,
    /// By how many people CLSC of the scope are off an even share, all together, where that is a goal; the fewer the better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imbalance: Option<u64>,
}

impl Score {
    /// Whether another is as good in everything.
    #[must_use]
    pub fn is_met_by(&self, other: &Self) -> bool {
        other.moved_people <= self.moved_people
            && other.in_range >= self.in_range
            && other.upper_disturbed <= self.upper_disturbed
            && other.municipalities_cut <= self.municipalities_cut
            && other.series_broken <= self.series_broken
            && other.people_not_nearest <= self.people_not_nearest
            && other.imbalance <= self.imbalance
    }

    /// Whether it is better than today's in any of the goals.
    fn gains(&self, today: &Self, goals: Goals) -> bool {
        let fewer = |now: Option<u64>, then: Option<u64>| now.zip(then).is_some_and(|(now, then)| now < then);
        (goals.holds(Goal::InRange) && self.in_range > today.in_range)
            || (goals.holds(Goal::NearestInstallation) && fewer(self.people_not_nearest, today.people_not_nearest))
            || (goals.holds(Goal::MunicipalitiesWhole)
                && fewer(self.municipalities_cut.map(u64::from), today.municipalities_cut.map(u64::from)))
            || (goals.holds(Goal::Balance) && fewer(self.imbalance, today.imbalance))
    }

    /// Its place among proposals: best in the goals first, then fewest people moved.
    fn order(&self, goals: Goals) -> (std::cmp::Reverse<u32>, u64, u64, u64, u64) {
        let of = |goal: Goal, value: u64| if goals.holds(goal) { value } else { 0 };
        let in_range = if goals.holds(Goal::InRange) { self.in_range } else { 0 };
        (
            std::cmp::Reverse(in_range),
            of(Goal::NearestInstallation, self.people_not_nearest.unwrap_or(0)),
            of(Goal::MunicipalitiesWhole, u64::from(self.municipalities_cut.unwrap_or(0))),
            of(Goal::Balance, self.imbalance.unwrap_or(0)),
            self.moved_people,
        )
    }
}

/// A map that nothing found beats in everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// How it is judged.
    pub score: Score,
    /// Units that move and the CLSC they go to (place in the list), in order of unit.
    pub moves: Vec<(u32, u16)>,
}

impl Proposal {
    /// The operation that carries it out.
    #[must_use]
    pub fn operation(&self, units: &UnitIndex, hierarchy: &Hierarchy) -> Operation {
        let mut homes: BTreeMap<u16, Transfer> = BTreeMap::new();
        for &(unit, clsc) in &self.moves {
            let to: &TerritoryCode = &hierarchy.territories(Level::Clsc)[usize::from(clsc)].code;
            let home = homes.entry(clsc).or_insert_with(|| Transfer { to: to.clone(), units: Vec::new() });
            home.units.push(units.id(unit).clone());
        }
        Operation::MoveUnits { transfers: homes.into_values().collect() }
    }
}

/// How long and how to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchSettings {
    /// Everything that chance decides follows from it.
    pub seed: u64,
    /// How many moves to try in all.
    pub tries: u64,
    /// How many searches to start from today's map, each under other weights.
    pub starts: u32,
    /// Most proposals to keep.
    pub keep: usize,
    /// What to aim at.
    pub goals: Goals,
}

impl Default for SearchSettings {
    fn default() -> Self {
        Self { seed: 1, tries: 2_000_000, starts: 20, keep: 120, goals: Goals::default() }
    }
}

/// Where a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Moves tried.
    pub tried: u64,
    /// Moves to try.
    pub tries: u64,
    /// Proposals kept so far.
    pub proposals: usize,
    /// Most CLSC in range so far.
    pub best_in_range: u32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// Today's map.
    pub today: Score,
    /// How many CLSC there are.
    pub clsc_count: usize,
    /// Proposals, most CLSC in range first, then fewest people moved.
    pub proposals: Vec<Proposal>,
    /// Moves tried.
    pub tried: u64,
    /// Moves that each rule forbade.
    pub forbidden: BTreeMap<Rule, u64>,
    /// Where nothing was found: the rules each of which, given up alone, would let something be found. Empty where no
    /// single one would.
    pub binding: Vec<Rule>,
    /// Whether the caller stopped it.
    pub stopped: bool,
}

/// Searches for maps that are better in any of the goals. `engine` stands on today's map; `progress` is called every few thousand tries
/// and may stop the search, which keeps what it has.
///
/// Where nothing is found and the caller did not stop it, each rule is given up in turn to tell which one binds.
pub fn propose(
    engine: &ImpactEngine<'_>,
    rules: &Rules,
    settings: SearchSettings,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Outcome {
    let mut outcome = search(engine, rules, settings, progress);
    if outcome.proposals.is_empty() && !outcome.stopped {
        let shorter = SearchSettings { tries: settings.tries / 4 + 1, starts: settings.starts.div_ceil(4), ..settings };
        for rule in Rule::ALL {
            let Some(relaxed) = without(rules, rule) else { continue };
            let found = search(engine, &relaxed, shorter, progress);
            if !found.proposals.is_empty() {
                outcome.binding.push(rule);
            }
            if found.stopped {
                outcome.stopped = true;
                break;
            }
        }
    }
    outcome
}

/// The rules without one of them; none where it asks for nothing, or can not be given up.
fn without(rules: &Rules, rule: Rule) -> Option<Rules> {
    let mut relaxed = rules.clone();
    match rule {
        Rule::Locks => {
            relaxed.locked_units.clear();
            relaxed.locked_clsc.clear();
        }
        Rule::MaxMovedPeople => relaxed.max_moved_people = None,
        Rule::KeepRls | Rule::KeepRts | Rule::KeepRss | Rule::KeepRuisss => {
            let place = Rule::KEEP.iter().position(|&known| known == rule)?;
            relaxed.keep.retain(|&level| level != Level::UPPER[place]);
        }
        Rule::Within => relaxed.within.clear(),
        Rule::KeepMunicipalities => relaxed.keep_municipalities = false,
        Rule::KeepMrc => relaxed.keep_mrc = false,
        Rule::TotalCover | Rule::Contiguity => return None,
    }
    (relaxed != *rules).then_some(relaxed)
}

/// What a start gives weight to, in people.
struct Weights {
    moved: f64,
    in_range: f64,
    upper: f64,
    cut: f64,
    series: f64,
}

impl Weights {
    fn draw(random: &mut Random, start: u32) -> Self {
        // The first start weighs people only; the others draw each weight over two orders of magnitude.
        let mut between = |low: f64, high: f64| {
            if start == 0 { low } else { low * (high / low).powf(random.unit()) }
        };
        Self {
            moved: between(0.05, 1.0),
            in_range: between(5_000.0, 50_000.0),
            upper: between(50.0, 20_000.0),
            cut: between(50.0, 5_000.0),
            series: between(10.0, 5_000.0),
        }
    }

    fn cost(&self, trial: &Trial<'_>, goals: Goals) -> f64 {
        let score = trial.score();
        let ranged = if goals.holds(Goal::InRange) {
            trial.off_range as f64 - self.in_range * f64::from(score.in_range)
        } else {
            0.0
        };
        let aimed = |goal: Goal, value: f64| if goals.holds(goal) { value } else { 0.0 };
        let cut = f64::from(score.municipalities_cut.unwrap_or(0));
        ranged
            + aimed(Goal::NearestInstallation, 2.0 * score.people_not_nearest.unwrap_or(0) as f64)
            + aimed(Goal::MunicipalitiesWhole, 20_000.0 * cut)
            + aimed(Goal::Balance, score.imbalance.unwrap_or(0) as f64)
            + aimed(Goal::FewestBrokenSeries, 300.0 * f64::from(score.series_broken))
            + self.moved * score.moved_people as f64
            + self.upper * f64::from(score.upper_disturbed)
            + self.cut * cut
            + self.series * f64::from(score.series_broken)
    }
}

fn search(
    engine: &ImpactEngine<'_>,
    rules: &Rules,
    settings: SearchSettings,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Outcome {
    const REPORT_EVERY: u64 = 8192;
    let goals = settings.goals;
    let mut trial = Trial::new(engine, rules, goals);
    let today = trial.score();
    let mut random = Random(settings.seed);
    let mut kept: Vec<Proposal> = Vec::new();
    let (mut tried, mut stopped) = (0, false);
    let starts = u64::from(settings.starts.max(1));
    'starts: for start in 0..starts {
        trial.reset();
        let weights = Weights::draw(&mut random, start as u32);
        let tries = settings.tries / starts + u64::from(start < settings.tries % starts);
        let mut cost = weights.cost(&trial, goals);
        for step in 0..tries {
            if tried % REPORT_EVERY == 0 {
                let best_in_range = kept.iter().map(|known| known.score.in_range).max().unwrap_or(today.in_range);
                let report = Progress { tried, tries: settings.tries, proposals: kept.len(), best_in_range };
                if progress(&report).is_break() {
                    stopped = true;
                    break 'starts;
                }
            }
            tried += 1;
            let Some((unit, to)) = candidate(&trial, (rules, goals), &mut random) else { continue };
            if !trial.validate(unit, to) {
                continue;
            }
            let from = trial.clsc_of[unit as usize];
            trial.shift(unit, to);
            let new_cost = weights.cost(&trial, goals);
            let heat = 2_000.0 * (1.0 - step as f64 / tries as f64).powi(2);
            if new_cost <= cost || random.unit() < ((cost - new_cost) / heat.max(1e-9)).exp() {
                cost = new_cost;
                if trial.score().gains(&today, goals) {
                    keep(&mut kept, &trial, settings.keep);
                }
            } else {
                trial.shift(unit, from);
            }
        }
    }
    let forbidden = trial.rejected.clone();
    let polished = kept.into_iter().map(|proposal| polish(&mut trial, proposal)).collect();
    let mut proposals = best_of(polished);
    proposals.sort_by_key(|known| (known.score.order(goals), known.moves.clone()));
    let clsc_count = trial.members.len();
    Outcome { today, clsc_count, proposals, tried, forbidden, binding: Vec::new(), stopped }
}

/// A move that may help: home, into a CLSC with too few people, out of one with too many, or any across a border.
fn candidate(trial: &Trial<'_>, (rules, goals): (&Rules, Goals), random: &mut Random) -> Option<(u32, u16)> {
    let kind = random.below(8);
    if kind == 0 && !trial.moved.is_empty() {
        let unit = trial.moved[random.below(trial.moved.len())];
        let home = trial.base[unit as usize];
        return trial.borders(unit, home).then_some((unit, home));
    }
    let draw = |random: &mut Random| match rules.within.len() {
        0 => random.below(trial.members.len()),
        count => usize::from(rules.within[random.below(count)]),
    };
    let mut clsc = draw(random);
    for _ in 0..4 {
        if kind > 2 && goals.holds(Goal::InRange) && rules.criteria.in_range(trial.people[clsc]) {
            clsc = draw(random);
        }
    }
    let members = &trial.members[clsc];
    for _ in 0..8 {
        let unit = members[random.below(members.len())];
        let links = trial.graph.neighbours(unit);
        if links.is_empty() {
            continue;
        }
        let other = links[random.below(links.len())].unit;
        let there = trial.clsc_of[other as usize];
        if usize::from(there) != clsc {
            let pull = goals.holds(Goal::InRange) && trial.people[clsc] < rules.criteria.least_people;
            return Some(if pull { (other, clsc as u16) } else { (unit, there) });
        }
    }
    None
}

fn keep(kept: &mut Vec<Proposal>, trial: &Trial<'_>, most: usize) {
    let score = trial.score();
    if kept.iter().any(|known| score.is_met_by(&known.score)) {
        return;
    }
    kept.retain(|known| !known.score.is_met_by(&score));
    // Most of what a hot search passes through goes again at once: its moves are only taken down if it stays.
    kept.push(Proposal { score, moves: Vec::new() });
    if kept.len() > most.max(1) {
        // Few changes matter as much as many CLSC in range: where most have the same gain, the one that moves most goes.
        let mut crowd: BTreeMap<u32, usize> = BTreeMap::new();
        for known in kept.iter() {
            *crowd.entry(known.score.in_range).or_default() += 1;
        }
        let worst = (0..kept.len()).max_by_key(|&at| {
            let score = &kept[at].score;
            (crowd[&score.in_range], score.moved_people, at)
        });
        if let Some(worst) = worst {
            let last = worst + 1 == kept.len();
            kept.remove(worst);
            if last {
                return;
            }
        }
    }
    if let Some(newest) = kept.last_mut() {
        newest.moves = trial.moves_as_they_stand();
    }
}

/// Puts back every unit that need not move.
fn polish(trial: &mut Trial<'_>, mut proposal: Proposal) -> Proposal {
    proposal.moves.sort_unstable();
    trial.reset();
    for &(unit, clsc) in &proposal.moves {
        trial.shift(unit, clsc);
    }
    let mut best = proposal;
    loop {
        let mut better = false;
        for (unit, clsc) in best.moves.clone() {
            let home = trial.base[unit as usize];
            if !trial.borders(unit, home) || !trial.validate(unit, home) {
                continue;
            }
            trial.shift(unit, home);
            if best.score.is_met_by(&trial.score()) {
                best = Proposal { score: trial.score(), moves: trial.moves() };
                better = true;
            } else {
                trial.shift(unit, clsc);
            }
        }
        if !better {
            return best;
        }
    }
}

fn best_of(all: Vec<Proposal>) -> Vec<Proposal> {
    let mut best: Vec<Proposal> = Vec::new();
    for proposal in all {
        if best.iter().any(|known| proposal.score.is_met_by(&known.score)) {
            continue;
        }
        best.retain(|known| !known.score.is_met_by(&proposal.score));
        best.push(proposal);
    }
    best
}

/// How fast moves are judged: random border moves validated by every rule, contiguity included, and half of the legal ones
/// carried out. Gives how many were validated and how many were legal; the clock is the caller's.
#[must_use]
pub fn validate_random_moves(engine: &ImpactEngine<'_>, rules: &Rules, seed: u64, moves: u64) -> (u64, u64) {
    let mut trial = Trial::new(engine, rules, Goals::default());
    let mut random = Random(seed);
    let mut legal = 0;
    while trial.validated < moves {
        let Some((unit, to)) = candidate(&trial, (rules, Goals::default()), &mut random) else { continue };
        if trial.validate(unit, to) {
            legal += 1;
            if random.below(2) == 0 {
                trial.shift(unit, to);
            }
        }
    }
    (trial.validated, legal)
}

/// A splitmix64 generator (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, and without, 1.
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A place below `end`, which is not 0 (Lemire 2019, without the last rejection).
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.bits()) * end as u128) >> 64) as usize
    }
}
