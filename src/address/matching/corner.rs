//! Where two streets meet, as far as their addresses tell: the middle of the two nearest ones.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3;

use super::score::{Fault, Faults, MatchType, TIE, score};
use super::search::{Candidate, Search};
use super::{AddressMatch, AddressResult, MOST_ALTERNATIVES, Outcome, position_of, rounded};
use crate::address::corner::Corner;
use crate::address::gazetteer::{GazetteerView, Spot, UnitCount};
use crate::address::parse::ParsedAddress;

/// Streets whose nearest addresses are farther apart than this, in metres, are not known to meet.
const MOST_APART_M: f64 = 400.0;
/// From the nearest addresses to the middle of the crossing, metres.
const CROSSING_M: f64 = 40.0;
/// Most pairs of streets looked at.
const MOST_PAIRS: usize = 2_000;

/// Two streets that come near each other.
#[derive(Debug, Clone, Copy)]
struct Meeting {
    streets: [u32; 2],
    faults: Faults,
    score: f32,
    apart_m: f64,
    at: Spot,
    reach_m: f64,
}

impl GazetteerView<'_> {
    /// Finds a corner; `None` where the streets are not known or do not meet.
    pub(super) fn find_corner(&self, parsed: &ParsedAddress, corner: &Corner) -> Option<AddressResult> {
        let [a, b] = [&corner.sides[0], &corner.sides[1]].map(|side| {
            let mut search = Search::new(self, side);
            search.run();
            search.candidates
        });
        let mut by_town: HashMap<u32, Vec<Candidate>> = HashMap::new();
        for &candidate in &b {
            by_town.entry(self.root_of(candidate)).or_default().push(candidate);
        }
        let none = Vec::new();
        let pairs = a
            .iter()
            .flat_map(|&one| by_town.get(&self.root_of(one)).unwrap_or(&none).iter().map(move |&other| (one, other)));
        let mut met: Vec<Meeting> = pairs
            .filter(|(one, other)| one.street != other.street)
            .take(MOST_PAIRS)
            .filter_map(|(one, other)| self.meeting(one, other))
            .collect();
        met.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then(a.apart_m.total_cmp(&b.apart_m)).then(a.streets.cmp(&b.streets))
        });
        let best = *met.first()?;
        let mut tied = vec![best];
        for &other in met[1..].iter().take_while(|other| other.score >= best.score - TIE) {
            let same = |one: &Meeting| {
                let distance = one.at.distance_m(other.at);
                let town = self.town_of(one.streets[0]) == self.town_of(other.streets[0]);
                // A part of the same street that begins farther on is not what meets.
                distance < one.reach_m + other.reach_m || (town && other.apart_m > 2.0 * one.apart_m + 60.0)
            };
            if !tied.iter().any(same) {
                tied.push(other);
            }
        }
        let count = tied.len();
        let mut shown = tied.iter().take(MOST_ALTERNATIVES + 1).filter_map(|one| self.show(*one, count));
        let best = shown.next()?;
        Some(AddressResult {
            outcome: if count > 1 { Outcome::Ambiguous } else { Outcome::Matched },
            best: Some(best),
            alternatives: shown.collect(),
            tied: count,
            remarks: parsed.remarks.clone(),
        })
    }

    fn town_of(&self, street: u32) -> u32 {
        self.root(self.streets[street as usize].locality)
    }

    fn root_of(&self, candidate: Candidate) -> u32 {
        self.town_of(candidate.street)
    }

    /// Where two streets come nearest. Every place where they come about as near is within the reach.
    fn meeting(&self, one: Candidate, other: Candidate) -> Option<Meeting> {
        let spots = |street: u32| &self.spots[self.addresses_of(street as usize)];
        let mut south_to_north = spots(other.street).to_vec();
        south_to_north.sort_unstable_by_key(|spot| spot.y);
        // One degree is 1e8 steps, and 111 km from south to north.
        let steps = (MOST_APART_M / 1.113e-3) as u32;
        let near: Vec<(f64, Spot)> = spots(one.street)
            .iter()
            .filter_map(|&spot| {
                let from = south_to_north.partition_point(|other| other.y < spot.y.saturating_sub(steps));
                let window = south_to_north[from..].iter().take_while(|other| other.y <= spot.y.saturating_add(steps));
                let nearest = window.map(|&other| (spot.distance_m(other), middle(spot, other)));
                nearest.min_by(|a, b| a.0.total_cmp(&b.0))
            })
            .filter(|&(apart, _)| apart <= MOST_APART_M)
            .collect();
        let &(apart_m, at) = near.iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
        let as_near = near.iter().filter(|&&(apart, _)| apart <= 1.5 * apart_m + 20.0);
        let spread = as_near.map(|&(_, spot)| spot.distance_m(at)).fold(0.0, f64::max);
        let faults =
            other.faults.iter().fold(one.faults, Faults::with).without(Fault::CivicMissing).with(Fault::Corner);
        Some(Meeting {
            streets: [one.street, other.street],
            faults,
            score: score(MatchType::Street, faults, false),
            apart_m,
            at,
            reach_m: spread.max(apart_m / 2.0) + CROSSING_M,
        })
    }

    fn show(&self, meeting: Meeting, tied: usize) -> Option<AddressMatch> {
        let [a, b] = meeting.streets.map(|street| street as usize);
        let municipality = self.locality_label(self.streets[a].locality);
        let comma = if municipality.is_empty() { "" } else { ", " };
        let mut units: Vec<u32> = [a, b]
            .into_iter()
            .flat_map(|street| self.addresses_of(street))
            .filter(|&address| self.spots[address].distance_m(meeting.at) <= meeting.reach_m + CROSSING_M)
            .map(|address| self.units[address])
            .collect();
        units.sort_unstable();
        let units = units.chunk_by(|a, b| a == b).map(|same| UnitCount { unit: same[0], addresses: same.len() as u32 });
        let mut names = [a, b].map(|street| self.identifier("s", street, None, None));
        names.sort_unstable();
        let mut hasher = Xxh3::new();
        for name in names {
            hasher.update(name.as_bytes());
        }
        let mut faults: Vec<Fault> = meeting.faults.iter().collect();
        if tied > 1 {
            faults.push(Fault::Ambiguous);
        }
        Some(AddressMatch {
            result_label: format!("angle {} et {}{comma}{municipality}", self.street_label(a), self.street_label(b)),
            result_score: rounded(meeting.score / tied as f32),
            result_type: MatchType::Street,
            result_id: format!("c-{:016x}", hasher.digest()),
            faults,
            position: position_of(meeting.at)?,
            uncertainty_m: meeting.reach_m,
            units: units.collect(),
            municipality,
            postal_code: None,
        })
    }
}

fn middle(a: Spot, b: Spot) -> Spot {
    Spot { x: u32::midpoint(a.x, b.x), y: u32::midpoint(a.y, b.y) }
}
