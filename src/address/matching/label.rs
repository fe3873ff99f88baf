//! Showing a match: its label in French, its identifier, its place and its units.

use xxhash_rust::xxh3::Xxh3;

use super::score::{Fault, Faults, MatchType, score};
use super::search::Candidate;
use super::uncertainty::{in_municipality, on_street};
use super::{AddressMatch, position_of, rounded};
use crate::address::civic::Civic;
use crate::address::gazetteer::{GazetteerView, NO_POSTAL, NO_UNIT, Spot, UnitCount};
use crate::address::parse::ParsedAddress;
use crate::address::vocabulary::{Direction, StreetType, ordinal};

impl GazetteerView<'_> {
    /// A street as it is written: `boulevard Saint-Laurent Ouest`, `2e Rue`.
    pub(in crate::address) fn street_label(&self, street: usize) -> String {
        let row = self.streets[street];
        let name = self.text(row.display);
        let mut label = String::with_capacity(name.len() + 24);
        let kind = StreetType::of_code(row.kind).map_or("", StreetType::label);
        let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
        let numbered = first.starts_with(|c: char| c.is_ascii_digit()) && ordinal(&first.to_lowercase()).is_some();
        if kind.is_empty() {
            label.push_str(name);
        } else if numbered {
            label.push_str(first);
            label.push(' ');
            let mut letters = kind.chars();
            label.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            label.push_str(letters.as_str());
            if !rest.is_empty() {
                label.push(' ');
                label.push_str(rest);
            }
        } else {
            label.push_str(kind);
            label.push(' ');
            label.push_str(name);
        }
        if let Some(direction) = Direction::of_code(row.direction) {
            label.push(' ');
            label.push_str(direction.label());
        }
        label
    }

    /// A municipality, with the part of it where known: `Gatineau (Hull)`.
    pub(in crate::address) fn locality_label(&self, locality: u32) -> String {
        let own = self.text(self.localities[locality as usize].display);
        let root = self.root(locality);
        if root == locality {
            own.to_owned()
        } else {
            format!("{} ({own})", self.text(self.localities[root as usize].display))
        }
    }

    /// An identifier of a street and number made of what they are called: the same in every registry that has them.
    ///
    /// Several places of one number are told apart by their postal code, then by their order.
    pub(super) fn identifier(&self, lead: &str, street: usize, civic: Option<Civic>, address: Option<u32>) -> String {
        let row = self.streets[street];
        let mut hasher = Xxh3::new();
        hasher.update(self.text(row.full).as_bytes());
        for word in [
            StreetType::of_code(row.kind).map_or("", StreetType::label),
            Direction::of_code(row.direction).map_or("", Direction::label),
        ] {
            hasher.update(&[0]);
            hasher.update(word.as_bytes());
        }
        hasher.update(&[0]);
        let locality = self.localities[row.locality as usize];
        hasher.update(self.text(self.locality_names[locality.name as usize].key).as_bytes());
        hasher.update(&[0]);
        hasher.update(self.text(locality.code).as_bytes());
        hasher.update(&civic.map_or(0, Civic::packed).to_le_bytes());
        if let Some(address) = address.map(|address| address as usize) {
            let same = |at: &usize| self.civics[*at] == self.civics[address];
            let all = self.addresses_of(street);
            let first = (all.start..address).rev().take_while(same).last().unwrap_or(address);
            let last = (address + 1..all.end).take_while(same).last().unwrap_or(address);
            if first < last {
                let code = self.postals[address];
                hasher.update(self.postal_code_at(code).map_or(String::new(), |code| code.to_string()).as_bytes());
                let before = (first..address).filter(|&at| self.postals[at] == code).count();
                hasher.update(&(before as u32).to_le_bytes());
            }
        }
        format!("{lead}-{:016x}", hasher.digest())
    }

    /// A candidate as an answer.
    pub(super) fn describe(&self, parsed: &ParsedAddress, candidate: &Candidate) -> Option<AddressMatch> {
        let street = candidate.street as usize;
        let row = self.streets[street];
        let reading = parsed.readings.get(usize::from(candidate.reading))?;
        let found = candidate.address.filter(|_| candidate.kind == MatchType::Civic);
        let civic = match (candidate.kind, found) {
            (MatchType::Civic, Some(address)) => Some(Civic::from_packed(self.civics[address as usize])),
            (MatchType::Interpolated, _) => reading.civic,
            _ => None,
        };
        let mut label = String::with_capacity(64);
        if let Some(civic) = civic {
            label = format!("{civic}, ");
        }
        label.push_str(&self.street_label(street));
        if let (Some(unit), true) = (&reading.unit, civic.is_some()) {
            label.push_str(", app. ");
            label.push_str(&unit.to_uppercase());
        }
        let municipality = self.locality_label(row.locality);
        if !municipality.is_empty() {
            label.push_str(", ");
            label.push_str(&municipality);
        }
        let postal_code = found.and_then(|address| self.postal_code_at(self.postals[address as usize]));
        if let Some(code) = postal_code {
            label.push(' ');
            label.push_str(&code.to_string());
        }
        let unit_at = |address: u32| UnitCount { unit: self.units[address as usize], addresses: 1 };
        let (spot, uncertainty_m, units) = match candidate.kind {
            MatchType::Civic => {
                (candidate.spot, candidate.uncertainty_m, candidate.address.map(unit_at).into_iter().collect())
            }
            MatchType::Interpolated => {
                let mut units: Vec<UnitCount> =
                    candidate.address.into_iter().chain(candidate.above).map(unit_at).collect();
                units.dedup_by_key(|unit| unit.unit);
                (candidate.spot, candidate.uncertainty_m, units)
            }
            _ => self.whole_street(street),
        };
        Some(AddressMatch {
            result_label: label,
            result_score: rounded(candidate.score),
            result_type: candidate.kind,
            result_id: self.identifier(if civic.is_some() { "a" } else { "s" }, street, civic, found),
            faults: candidate.faults.iter().collect(),
            position: position_of(spot)?,
            uncertainty_m,
            units,
            municipality,
            postal_code,
        })
    }

    /// The middle of a street, how far its addresses lie from it, and how many are in each unit.
    fn whole_street(&self, street: usize) -> (Spot, f64, Vec<UnitCount>) {
        let addresses = self.addresses_of(street);
        let spots = &self.spots[addresses.clone()];
        let count = spots.len().max(1) as u64;
        let sum = spots.iter().fold((0_u64, 0_u64), |sum, spot| (sum.0 + u64::from(spot.x), sum.1 + u64::from(spot.y)));
        let middle = Spot { x: (sum.0 / count) as u32, y: (sum.1 / count) as u32 };
        let reach = spots.iter().map(|spot| spot.distance_m(middle)).fold(0.0, f64::max);
        let mut units = self.units[addresses].to_vec();
        units.sort_unstable();
        let units = units.chunk_by(|a, b| a == b).map(|same| UnitCount { unit: same[0], addresses: same.len() as u32 });
        (middle, on_street(reach, spots.len()), units.collect())
    }

    /// A municipality as an answer.
    pub(super) fn describe_locality(&self, locality: u32, faults: Faults) -> Option<AddressMatch> {
        let spread = self.locality_spread(locality);
        if spread.shares.is_empty() {
            return None;
        }
        let row = self.localities[locality as usize];
        let mut hasher = Xxh3::new();
        hasher.update(self.text(self.locality_names[row.name as usize].key).as_bytes());
        hasher.update(&[0]);
        hasher.update(self.text(row.code).as_bytes());
        Some(AddressMatch {
            result_label: self.locality_label(locality),
            result_score: rounded(score(MatchType::Municipality, faults, false)),
            result_type: MatchType::Municipality,
            result_id: format!("m-{:016x}", hasher.digest()),
            faults: faults.iter().filter(|fault| *fault != Fault::MunicipalityMissing).collect(),
            position: position_of(spread.at)?,
            uncertainty_m: in_municipality(
                f64::from(spread.radius_m),
                spread.shares.iter().map(|share| u64::from(share.addresses)).sum(),
            ),
            units: spread.shares,
            municipality: self.locality_label(locality),
            postal_code: None,
        })
    }

    /// How many addresses have no postal code, and how many no unit: what a report on a registry says.
    #[must_use]
    pub fn incomplete_counts(&self) -> (usize, usize) {
        let none = |values: &[u32], mark: u32| values.iter().filter(|&&value| value == mark).count();
        (none(self.postals, NO_POSTAL), none(self.units, NO_UNIT))
    }
}
