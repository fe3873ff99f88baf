//! Streets, by range of numbers, whose addresses go to another CLSC: what people look for in a notice.
//!
//! A range is a run of numbers of one side of a street, in the registry, that all go to the same CLSC: no address in it
//! stays. Of a CLSC that goes whole nothing is listed.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde::Serialize;

use super::Dossier;
use crate::domain::{Edition, Language, Level, TerritoryCode};
use crate::pages::{ADDRESSES, STREETS};
use crate::revision::Impact;

/// A civic number, from which CLSC to which its addresses go (none where they part ways), and how many they are.
type NumberFate<'a> = (u32, Option<&'a (TerritoryCode, TerritoryCode)>, u64);

/// Most parts of streets that a notice lists; more are counted.
const MOST_LISTED: usize = 300;

/// A street of the registry, with the unit of each of its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryStreet {
    /// Its municipality.
    pub municipality: String,
    /// Its name, with type and direction.
    pub street: String,
    /// Number, where there is one, and unit of each address.
    pub addresses: Vec<(Option<u32>, u32)>,
}

/// Which numbers of a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StreetSide {
    /// All its addresses.
    Whole,
    /// Even numbers of a range.
    Even,
    /// Odd numbers of a range.
    Odd,
    /// Addresses without a number.
    Unnumbered,
}

/// A part of a street that goes to another CLSC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct MovedStreet {
    /// Code of the CLSC of today.
    pub from: TerritoryCode,
    /// Code of the CLSC that receives it.
    pub to: TerritoryCode,
    /// Municipality.
    pub municipality: String,
    /// Street.
    pub street: String,
    /// Which numbers.
    pub side: StreetSide,
    /// Lowest number; none for a whole street or without numbers.
    pub low: Option<u32>,
    /// Highest number; the same.
    pub high: Option<u32>,
    /// Addresses of the registry in it.
    pub addresses: u64,
}

/// The CLSC that a part of another goes to, each pair by code, where not all of the first goes there.
fn partial(impact: &Impact) -> BTreeSet<(TerritoryCode, TerritoryCode)> {
    let level = impact.level(Level::Clsc);
    (level.territories.iter())
        .filter_map(|known| Some((known.before.as_ref()?, &known.lost)))
        .flat_map(|(before, lost)| lost.iter().filter(|flow| flow.units < before.units))
        .map(|flow| (flow.from.clone(), flow.to.clone()))
        .collect()
}

/// Parts of streets that go to another CLSC, in order of both CLSC, municipality, street and number.
///
/// `streets` gives every street of which some address lies in a unit that the predicate names, with all its addresses.
/// O(addresses of these streets, sorted).
pub fn moved_streets(
    impact: &Impact,
    (base, revised): (&Edition, &Edition),
    streets: impl FnOnce(&dyn Fn(u32) -> bool) -> Vec<RegistryStreet>,
) -> Vec<MovedStreet> {
    let partial = partial(impact);
    if partial.is_empty() {
        return Vec::new();
    }
    let code = |edition: &Edition, unit: u32| {
        let clsc = usize::from(edition.attachment.clsc(unit as usize));
        edition.hierarchy.territories(Level::Clsc)[clsc].code.clone()
    };
    let count = base.attachment.as_slice().len();
    let fates: Vec<Option<(TerritoryCode, TerritoryCode)>> = (0..count as u32)
        .map(|unit| Some((code(base, unit), code(revised, unit))).filter(|pair| partial.contains(pair)))
        .collect();
    let fate = |unit: u32| fates.get(unit as usize).and_then(Option::as_ref);
    let mut found = Vec::new();
    for street in streets(&|unit| fate(unit).is_some()) {
        of_street(&street, &fate, &mut found);
    }
    found.sort();
    found
}

fn of_street<'f>(
    street: &RegistryStreet,
    fate: &dyn Fn(u32) -> Option<&'f (TerritoryCode, TerritoryCode)>,
    found: &mut Vec<MovedStreet>,
) {
    let part =
        |(from, to): &(TerritoryCode, TerritoryCode), side, ends: Option<(u32, u32)>, addresses: u64| MovedStreet {
            from: from.clone(),
            to: to.clone(),
            municipality: street.municipality.clone(),
            street: street.street.clone(),
            side,
            low: ends.map(|ends| ends.0),
            high: ends.map(|ends| ends.1),
            addresses,
        };
    let mut all: BTreeMap<Option<&(TerritoryCode, TerritoryCode)>, u64> = BTreeMap::new();
    for &(_, unit) in &street.addresses {
        *all.entry(fate(unit)).or_default() += 1;
    }
    if let [(Some(pair), addresses)] = all.iter().map(|(pair, count)| (*pair, *count)).collect::<Vec<_>>()[..] {
        found.push(part(pair, StreetSide::Whole, None, addresses));
        return;
    }
    let mut unnumbered: BTreeMap<&(TerritoryCode, TerritoryCode), u64> = BTreeMap::new();
    for pair in street.addresses.iter().filter(|known| known.0.is_none()).filter_map(|known| fate(known.1)) {
        *unnumbered.entry(pair).or_default() += 1;
    }
    found.extend(unnumbered.into_iter().map(|(pair, count)| part(pair, StreetSide::Unnumbered, None, count)));
    for (side, rest) in [(StreetSide::Even, 0), (StreetSide::Odd, 1)] {
        let own =
            |known: &(Option<u32>, u32)| known.0.filter(|number| number % 2 == rest).map(|number| (number, known.1));
        let mut numbers: Vec<(u32, u32)> = street.addresses.iter().filter_map(own).collect();
        numbers.sort_unstable();
        // A number in two units that part ways is in no range, and ends what comes before it.
        let by_number: Vec<NumberFate<'_>> = numbers
            .chunk_by(|a, b| a.0 == b.0)
            .map(|same| {
                let own = fate(same[0].1).filter(|own| same.iter().all(|known| fate(known.1) == Some(*own)));
                (same[0].0, own, same.len() as u64)
            })
            .collect();
        for run in by_number.chunk_by(|a, b| a.1 == b.1) {
            if let ([(low, Some(pair), _), ..], [.., (high, ..)]) = (run, run) {
                let addresses = run.iter().map(|known| known.2).sum();
                found.push(part(pair, side, Some((*low, *high)), addresses));
            }
        }
    }
}

impl MovedStreet {
    /// The street with its numbers: *rue des Érables, nos 2 à 48 (pairs)*.
    fn words(&self, language: Language) -> String {
        let numbers = match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => match language {
                Language::French => format!(", no {low}"),
                Language::English => format!(", no. {low}"),
            },
            (Some(low), Some(high)) => {
                let side = match (self.side, language) {
                    (StreetSide::Even, Language::French) => "pairs",
                    (StreetSide::Even, Language::English) => "even",
                    (_, Language::French) => "impairs",
                    (_, Language::English) => "odd",
                };
                match language {
                    Language::French => format!(", nos {low} à {high} ({side})"),
                    Language::English => format!(", nos. {low} to {high} ({side})"),
                }
            }
            _ if self.side == StreetSide::Unnumbered => {
                language.pick(" (adresses sans numéro)", " (addresses without a number)").to_owned()
            }
            _ => language.pick(" (toute la rue)", " (the whole street)").to_owned(),
        };
        format!("{}{numbers}", self.street)
    }
}

/// The streets of a notice, a list for each CLSC that receives; nothing where none are known.
pub(super) fn listed(dossier: &Dossier, language: Language) -> Markup {
    let shown = &dossier.streets[..dossier.streets.len().min(MOST_LISTED)];
    let beyond = dossier.streets.len() - shown.len();
    let name = |code: &TerritoryCode| {
        let level = dossier.impact.level(Level::Clsc);
        let mut sides = level.territories.iter().flat_map(|known| known.before.iter().chain(&known.after));
        sides.find(|side| side.code == *code).map_or_else(|| code.to_string(), |side| side.name.clone())
    };
    let known_share = dossier.impact.level(Level::Clsc).affected.addresses_known_share;
    let count: u64 = dossier.streets.iter().map(|street| street.addresses).sum();
    html! {
        @for group in shown.chunk_by(|a, b| (&a.from, &a.to) == (&b.from, &b.to)) {
            p {
                (language.pick("De", "From")) " " b { (name(&group[0].from)) } " " (language.pick("à", "to")) " "
                b { (name(&group[0].to)) } (language.colon())
            }
            ul {
                @for town in group.chunk_by(|a, b| a.municipality == b.municipality) {
                    li {
                        (town[0].municipality) (language.colon()) " "
                        @for (at, street) in town.iter().enumerate() {
                            @if at > 0 { (language.semicolon()) " " }
                            (street.words(language))
                        }
                        "."
                    }
                }
            }
        }
        @if beyond > 0 {
            p { "… " (STREETS.count(beyond as u64, language)) (language.pick(" de plus.", " more.")) }
        }
        p class="aside" {
            (ADDRESSES.count(count, language)) " "
            @match known_share {
                Some(share) if share < 1.0 => {
                    (language.pick("du registre, qui couvre ", "of the registry, which covers ")) (language.percent(share))
                    (language.pick(" des personnes touchées : le reste est à compléter.", " of the people concerned: the rest is to be added."))
                }
                _ => { (language.pick("du registre.", "of the registry.")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_no_number_that_stays_and_a_street_that_goes_whole_is_said_so() {
        let code = TerritoryCode::new;
        let pair = (code("06111"), code("06112"));
        let fate = |unit: u32| (unit == 1).then_some(&pair);
        let street = |addresses: &[(u32, u32)]| RegistryStreet {
            municipality: "Montréal".to_owned(),
            street: "rue des Érables".to_owned(),
            addresses: addresses
                .iter()
                .map(|&(number, unit)| (Some(number).filter(|number| *number > 0), unit))
                .collect(),
        };
        let told = |addresses: &[(u32, u32)]| {
            let mut found = Vec::new();
            of_street(&street(addresses), &fate, &mut found);
            found.sort();
            found.iter().map(|part| (part.words(Language::French), part.addresses)).collect::<Vec<_>>()
        };
        let split = [(2, 1), (4, 1), (6, 0), (8, 1), (10, 1), (12, 1), (1, 0), (3, 1), (0, 1)];
        let list = [
            ("rue des Érables, nos 2 à 4 (pairs)".to_owned(), 2),
            ("rue des Érables, nos 8 à 12 (pairs)".to_owned(), 3),
            ("rue des Érables, no 3".to_owned(), 1),
            ("rue des Érables (adresses sans numéro)".to_owned(), 1),
        ];
        assert_eq!(told(&split), list);
        assert_eq!(told(&[(2, 1), (3, 1), (0, 1)]), [("rue des Érables (toute la rue)".to_owned(), 3)]);
        // A number that is in both is in no range.
        assert_eq!(told(&[(2, 1), (4, 0), (4, 1), (6, 0)]), [("rue des Érables, no 2".to_owned(), 1)]);
        assert!(told(&[(2, 0), (4, 0)]).is_empty());
    }
}
