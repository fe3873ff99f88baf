//! The search: hypotheses on what the words mean, streets for each, and what each street is worth.

use super::civic::{self, Standing, Wanted};
use super::hypothesis::Hypothesis;
use super::locality::{self, Localities, Relation};
use super::names::{exact_names, near_names};
use super::score::{Fault, Faults, MatchType, score};
use crate::address::gazetteer::{GazetteerView, NO_POSTAL, Spot, apartment_hash};
use crate::address::known::Abroad;
use crate::address::numerals::respelled;
use crate::address::parse::{ParsedAddress, Reading};
use crate::address::postal_code::{Fsa, PostalCode};
use crate::address::street_key::{NameKey, key_of, name_key, phrases};
use crate::address::vocabulary::{Direction, StreetType};

/// Most candidates kept.
const MOST: usize = 4096;
/// A postal code whose addresses are all farther than this, in metres, is that of another place.
const ELSEWHERE_M: f64 = 10_000.0;
/// Most streets of one name looked at in municipalities other than the one asked about.
const MOST_APART: usize = 1024;

/// Most streets weighed for one address, each in one way of reading it. Addresses of people weigh some hundreds, and the commonest
/// names without a municipality some thousands; texts made to be hard would weigh hundreds of thousands.
const MOST_WEIGHED: usize = 40_000;
/// Most names looked for among slips, for one address.
const MOST_SLIPS: usize = 96;

/// What a municipality that is not in the registry is.
const LACKING: [Fault; 3] = [Fault::MunicipalityUnknown, Fault::MunicipalityNotCovered, Fault::MunicipalityElsewhere];

/// How far a search looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// Names as they are.
    Exact,
    /// One slip in a name; slips in types, directions and municipalities.
    Slip,
    /// More slips, sounds, parts of names.
    Far,
}

/// A place that may be meant.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a candidate has or lacks")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub street: u32,
    pub reading: u8,
    pub kind: MatchType,
    pub score: f32,
    pub faults: Faults,
    /// An address found, or the neighbour below.
    pub address: Option<u32>,
    /// The neighbour above.
    pub above: Option<u32>,
    pub spot: Spot,
    pub uncertainty_m: f64,
    /// Whether name, type and municipality are as asked.
    pub exact_name: bool,
    /// Whether a street type was asked for.
    pub typed: bool,
    /// Whether the name asked for is too short for two slips.
    pub short_name: bool,
    /// Whether no street of another type bears that name in the municipality.
    pub alone: bool,
}

impl Candidate {
    /// The same with one more fault, weighed anew.
    pub fn faulted(mut self, fault: Fault) -> Self {
        self.faults = self.faults.with(fault);
        self.score = score(self.kind, self.faults, self.alone);
        self
    }
}

/// A street asked for in one way.
struct Question<'q> {
    reading: &'q Reading,
    place: u8,
    kind: Option<StreetType>,
    /// The type that the words most likely say, taken for part of the name here.
    said: Option<StreetType>,
    direction: Option<Direction>,
    /// The direction that the words most likely say, taken for part of the name here.
    said_direction: Option<Direction>,
    key: NameKey,
    localities: Option<&'q Localities>,
    faults: Faults,
    apartment: u32,
}

/// One address being searched for.
pub(super) struct Search<'a, 'p> {
    pub(super) view: GazetteerView<'a>,
    postal: Option<PostalCode>,
    postal_place: Option<u32>,
    parsed: &'p ParsedAddress,
    pub candidates: Vec<Candidate>,
    /// The localities named, for an answer without a street.
    pub named: Option<Localities>,
    /// A place outside Québec that was named.
    pub abroad: Option<Abroad>,
    /// Whether a part of its own names a municipality of the registry.
    pub says_municipality: bool,
    /// Whether a municipality of Québec was named that the registry lacks.
    pub lacks_municipality: bool,
    names: Vec<(u32, Option<Fault>)>,
    weighed: usize,
    slips: usize,
}

impl<'a, 'p> Search<'a, 'p> {
    pub fn new(view: &GazetteerView<'a>, parsed: &'p ParsedAddress) -> Self {
        let postal_place = parsed.postal_code.and_then(|code| view.postal_place(code)).map(|place| place as u32);
        Self {
            view: *view,
            postal: parsed.postal_code,
            postal_place,
            parsed,
            candidates: Vec::new(),
            named: None,
            abroad: None,
            says_municipality: false,
            lacks_municipality: false,
            names: Vec::new(),
            weighed: 0,
            slips: 0,
        }
    }

    /// Whether not all was looked at that the text can mean: nothing found is then sure.
    pub fn is_cut_short(&self) -> bool {
        self.weighed >= MOST_WEIGHED || self.slips >= MOST_SLIPS
    }

    /// Searches exactly, then, unless something good was found, for slips.
    pub fn run(&mut self) {
        // Of two numbers, each is looked for.
        let paired = self.parsed.readings.iter().any(|reading| reading.pair.is_some());
        for depth in [Depth::Exact, Depth::Slip, Depth::Far] {
            let enough = if depth > Depth::Exact { 0.85 } else { 0.985 };
            let mut found = false;
            for (place, reading) in self.parsed.readings.iter().enumerate() {
                for hypothesis in self.hypotheses(reading, depth > Depth::Exact) {
                    self.ask(place as u8, reading, &hypothesis, depth);
                    found |= hypothesis.localities.is_some() && self.best() >= enough;
                    if found || self.is_cut_short() {
                        break;
                    }
                }
                if found && !paired {
                    return;
                }
            }
            if found || self.is_cut_short() || self.is_settled(depth) {
                return;
            }
        }
    }

    /// Once slips tell which municipality was meant, what was found elsewhere is no longer in an unknown one.
    pub fn place_unknowns(&mut self) {
        let Some(named) = self.named.as_ref().filter(|named| named.fault.is_some()) else { return };
        for candidate in self.candidates.iter_mut().filter(|one| one.faults.has(Fault::MunicipalityUnknown)) {
            let locality = self.view.streets[candidate.street as usize].locality;
            if locality::relation(&self.view, &named.ids, locality) == Relation::Apart {
                let vouched = candidate.faults.has_code();
                let fault = if vouched { Fault::MunicipalityOutvoted } else { Fault::MunicipalityDiffers };
                candidate.faults = candidate.faults.without(Fault::MunicipalityUnknown).with(fault);
                candidate.score = score(candidate.kind, candidate.faults, candidate.alone);
            }
        }
        self.candidates.retain(|candidate| candidate.score > 0.0);
    }

    fn best(&self) -> f32 {
        self.candidates.iter().map(|candidate| candidate.score).fold(0.0, f32::max)
    }

    /// Whether slips need not be looked for.
    fn is_settled(&self, depth: Depth) -> bool {
        let wants_civic = self.parsed.readings.iter().any(|reading| reading.civic.is_some());
        self.candidates.iter().any(|candidate| match candidate.kind {
            MatchType::Civic => {
                let misspelt = depth == Depth::Exact && candidate.faults.has(Fault::MunicipalityUnknown);
                // What a registry leaves out is not to be found among slips.
                let little = if candidate.faults.has(Fault::LittleVouches) { Fault::LittleVouches.cost() } else { 0.0 };
                candidate.score + little >= 0.88 && !misspelt
            }
            MatchType::Interpolated => candidate.exact_name && candidate.score >= 0.72,
            _ => !wants_civic && candidate.exact_name,
        })
    }

    fn ask(&mut self, place: u8, reading: &Reading, hypothesis: &Hypothesis, depth: Depth) {
        let near = depth > Depth::Exact;
        let apartment = apartment_hash(reading.unit.as_deref().unwrap_or(""));
        let most = if near { 4 } else { usize::MAX };
        let phrases = phrases(&hypothesis.words);
        let said = phrases.first().and_then(|phrase| phrase.kind);
        let said_direction = phrases.first().and_then(|phrase| phrase.direction);
        for phrase in phrases.into_iter().take(most) {
            let key = key_of(&hypothesis.words, &phrase.name);
            if key.core.is_empty() {
                continue;
            }
            let question = Question {
                reading,
                place,
                kind: phrase.kind,
                said,
                direction: phrase.direction,
                said_direction,
                key,
                localities: hypothesis.localities.as_ref(),
                faults: hypothesis.faults,
                apartment,
            };
            let mut names = std::mem::take(&mut self.names);
            names.clear();
            exact_names(&self.view, &question.key, &mut names);
            let texts = phrase.name.iter().filter_map(|&at| hypothesis.words.get(at)).map(|word| word.text.as_str());
            for other in respelled(&texts.collect::<Vec<_>>()) {
                exact_names(&self.view, &name_key(other.iter().map(String::as_str)), &mut names);
            }
            if near {
                self.slips += 1;
                near_names(&self.view, &question.key, depth, &mut names);
            }
            self.streets_named(&question, &names, near);
            self.names = names;
        }
    }

    /// Weighs the streets of names where they are asked for, and elsewhere only when the number is not found there.
    fn streets_named(&mut self, question: &Question<'_>, names: &[(u32, Option<Fault>)], near: bool) {
        let Some(localities) = question.localities else {
            for &(name, fault) in names {
                for street in self.view.streets_of(name) {
                    self.weigh(question, street, fault, None);
                }
            }
            return;
        };
        let mut settled = false;
        let mut left = MOST_APART;
        for apart in [false, true] {
            // A slip in the name and another municipality: only a postal code could vouch for that.
            // And where the number is found, only the place of another postal code is as good.
            let elsewhere = self.postal_place.is_some() && self.best() < 0.9;
            if apart && ((settled && !elsewhere) || (near && self.postal_place.is_none())) {
                break;
            }
            for &(name, fault) in names {
                for street in self.view.streets_of(name) {
                    let relation = locality::relation(&self.view, &localities.ids, self.view.streets[street].locality);
                    if apart != (relation == Relation::Apart) || left == 0 {
                        continue;
                    }
                    left -= usize::from(apart);
                    settled |= self.weigh(question, street, fault, Some(relation)) && !apart;
                }
            }
        }
    }

    /// Adds what a street is worth to the candidates; `true` when the number was found there.
    fn weigh(
        &mut self,
        question: &Question<'_>,
        street: usize,
        name_fault: Option<Fault>,
        relation: Option<Relation>,
    ) -> bool {
        if self.weighed >= MOST_WEIGHED {
            return false;
        }
        self.weighed += 1;
        let row = self.view.streets[street];
        let mut faults = question.faults;
        if let Some(fault) = name_fault {
            faults = faults.with(fault);
        } else if self.view.text(row.full) != question.key.full {
            faults = faults.with(Fault::Article);
        }
        let mut exact_name = name_fault.is_none();
        // A name in part may be so because its type was taken for a word of it.
        let kind = question.kind.or(question.said.filter(|_| name_fault == Some(Fault::PartialName)));
        if let Some(fault) = kind_fault(kind, StreetType::of_code(row.kind)) {
            faults = faults.with(fault);
            exact_name &= fault == Fault::StreetTypeMissing;
        }
        let found_direction = Direction::of_code(row.direction);
        let said = question.said_direction.filter(|_| name_fault == Some(Fault::PartialName));
        // A letter taken as the suffix may be a direction: it then speaks against any other one.
        let letter = question.reading.letter_direction.filter(|_| found_direction.is_some());
        let direction = question.direction.or(said).or(letter);
        if let Some(fault) = direction_fault(direction, found_direction) {
            faults = faults.with(fault);
            exact_name &= fault != Fault::DirectionDiffers;
        }
        let alone = faults.has(Fault::StreetTypeDiffers)
            && name_fault.is_none()
            && relation.is_some_and(|relation| relation <= Relation::Whole)
            && self.is_alone(street);
        if self.text_of_locality(row.locality).is_empty() {
            // The registry does not say where it is.
            for lacking in [Fault::MunicipalityNotCovered, Fault::MunicipalityElsewhere] {
                if faults.has(lacking) {
                    faults = faults.without(lacking).with(Fault::MunicipalityUnknown);
                }
            }
        }
        match relation {
            None if !faults.has_any(&LACKING) => faults = faults.with(Fault::MunicipalityMissing),
            None | Some(Relation::Same) => {}
            Some(Relation::Whole) => faults = faults.with(Fault::MunicipalityFormer),
            Some(Relation::OtherPart) => faults = faults.with(Fault::MunicipalityPart),
            Some(Relation::Apart) => exact_name = false,
        }
        if relation.is_some_and(|relation| relation != Relation::Apart)
            && let Some(fault) = question.localities.and_then(|localities| localities.fault)
        {
            faults = faults.with(fault);
        }
        if question.place > 0 {
            faults = faults.with(Fault::NumberReading);
        }
        let apart = relation == Some(Relation::Apart);
        let candidate = Candidate {
            street: street as u32,
            reading: question.place,
            kind: MatchType::Street,
            score: 0.0,
            faults,
            address: None,
            above: None,
            spot: Spot::default(),
            uncertainty_m: 0.0,
            exact_name,
            typed: question.kind.is_some(),
            short_name: question.key.core.len() <= 6,
            alone,
        };
        let view = self.view;
        let mut found = false;
        let Some(civic) = question.reading.civic else {
            let mut here = candidate;
            here.faults = self.codes(faults.with(Fault::CivicMissing), street, None, None, apart);
            self.push(here);
            return false;
        };
        let postal = self.postal_place;
        let wanted = Wanted { civic, range_end: question.reading.range_end, apartment: question.apartment, postal };
        civic::find(&view, street, wanted, &mut |standing| {
            let mut here = candidate;
            match standing {
                Standing::Found { address, uncertainty_m, fault } => {
                    found = true;
                    here.kind = MatchType::Civic;
                    here.address = Some(address);
                    here.uncertainty_m = uncertainty_m;
                    here.spot = view.spots[address as usize];
                    if let Some(fault) = fault {
                        here.faults = here.faults.with(fault);
                    }
                    here.faults = self.codes(here.faults, street, Some(address), None, apart);
                }
                Standing::Between { below, above, spot, uncertainty_m, far } => {
                    here.kind = MatchType::Interpolated;
                    here.address = Some(below);
                    here.above = Some(above);
                    here.spot = spot;
                    here.uncertainty_m = uncertainty_m;
                    let unknown = here.faults.with(Fault::CivicUnknown).with_if(far, Fault::NeighboursFar);
                    here.faults = self.codes(unknown, street, Some(below), Some(above), apart);
                }
                Standing::Unknown { fault } => {
                    here.faults = self.codes(here.faults.with(fault), street, None, None, apart);
                }
            }
            self.push(here);
        });
        found
    }

    /// Whether every street of its name in its municipality is of its own type.
    fn is_alone(&self, street: usize) -> bool {
        let row = self.view.streets[street];
        let root = self.view.root(row.locality);
        self.view.streets_of(row.name).all(|other| {
            self.view.streets[other].kind == row.kind || self.view.root(self.view.streets[other].locality) != root
        })
    }

    fn text_of_locality(&self, locality: u32) -> &'a str {
        self.view.text(self.view.localities[locality as usize].display)
    }

    /// What the postal code, and with it the municipality, say of an address, two neighbours, or a whole street.
    fn codes(&self, faults: Faults, street: usize, address: Option<u32>, above: Option<u32>, apart: bool) -> Faults {
        let view = &self.view;
        let whole = view.addresses_of(street);
        let places = match address {
            Some(address) => &view.postals[address as usize..=address as usize],
            None => &view.postals[whole.start..whole.end.min(whole.start + 2048)],
        };
        let above = above.map_or(NO_POSTAL, |above| view.postals[above as usize]);
        let Some(asked) = self.postal else {
            let first =
                places.iter().copied().find(|&place| place != NO_POSTAL).and_then(|place| view.postal_code_at(place));
            if let (Some(fsa), Some(code)) = (self.parsed.fsa, first)
                && code.fsa() != fsa
            {
                return faults.with(Fault::PostalCodeDiffers).with_if(apart, Fault::MunicipalityDiffers);
            }
            return faults.with(Fault::PostalCodeMissing).with_if(apart, Fault::MunicipalityDiffers);
        };
        let same = self.postal_place.is_some_and(|place| place == above || places.contains(&place));
        if same {
            return faults.with_if(apart, Fault::MunicipalityOutvoted);
        }
        let faults = faults.with_if(apart, Fault::MunicipalityDiffers);
        let first = places.iter().copied().chain([above]).find(|&place| place != NO_POSTAL);
        match first.and_then(|place| view.postal_code_at(place)) {
            None => faults.with(Fault::PostalCodeMissing),
            Some(code) if code.fsa() == asked.fsa() => faults.with(Fault::PostalCodeNear),
            Some(_) if self.is_elsewhere(address.map_or(whole.start, |address| address as usize)) => {
                faults.with(Fault::PostalCodeElsewhere)
            }
            Some(_) => faults.with(Fault::PostalCodeDiffers),
        }
    }

    /// Whether the postal code asked about is in the registry, and all of its addresses far from this one.
    fn is_elsewhere(&self, address: usize) -> bool {
        let Some(place) = self.postal_place else { return false };
        let area = self.view.postal_areas[place as usize];
        let Some(spot) = self.view.spots.get(address) else { return false };
        area.at.distance_m(*spot) > f64::from(area.radius_m) + ELSEWHERE_M
    }

    fn push(&mut self, mut candidate: Candidate) {
        let vouched = candidate.faults.has_code();
        if candidate.faults.has(Fault::SpellingFar) && candidate.short_name && !vouched {
            candidate.faults = candidate.faults.with(Fault::SpellingDoubtful);
        }
        if !vouched && self.is_little(&candidate) {
            candidate.faults = candidate.faults.with(Fault::LittleVouches);
        }
        candidate.score = score(candidate.kind, candidate.faults, candidate.alone);
        if candidate.score > 0.0 && self.candidates.len() < MOST {
            self.candidates.push(candidate);
        }
    }

    /// Whether street and number, without a postal code that agrees, are all there is to go by.
    fn is_little(&self, candidate: &Candidate) -> bool {
        let faults = candidate.faults;
        if faults.has(Fault::MunicipalityMissing) {
            // The area of a town code is a part of one town; that of a rural one is a region.
            let town = |fsa: Fsa| !fsa.is_rural();
            let near = faults.has(Fault::PostalCodeNear) && self.postal.is_some_and(|code| town(code.fsa()));
            let area = faults.has(Fault::PostalCodeMissing) && self.parsed.fsa.is_some_and(town);
            return !(near || area || self.view.is_complete());
        }
        if faults.has(Fault::MunicipalityDoubtful) {
            let row = self.view.streets[candidate.street as usize];
            let several = self.named.as_ref().is_some_and(|named| named.ids.len() > 1);
            return several || is_common(self.view.text(self.view.names[row.name as usize].key));
        }
        false
    }
}

/// Whether hundreds of municipalities have a street of this key.
fn is_common(core: &str) -> bool {
    matches!(
        core,
        "principale"
            | "eglise"
            | "$joseph"
            | "notredame"
            | "$jeanbaptiste"
            | "$laurent"
            | "erables"
            | "lac"
            | "%anne"
            | "pins"
            | "$louis"
            | "moulin"
            | "riviere"
            | "bouleaux"
            | "$pierre"
            | "%marie"
            | "pont"
            | "$charles"
            | "montagne"
            | "cedres"
            | "$antoine"
            | "ecole"
            | "couvent"
            | "parc"
            | "pine"
            | "main"
            | "centre"
            | "$jean"
            | "$jacques"
            | "$paul"
            | "$michel"
            | "$francois"
            | "%catherine"
            | "%therese"
            | "lilas"
            | "ormes"
            | "chenes"
            | "sapins"
            | "peupliers"
            | "quai"
            | "1"
            | "2"
            | "3"
            | "4"
            | "5"
            | "6"
            | "7"
            | "8"
            | "9"
            | "10"
    )
}

impl Faults {
    fn with_if(self, yes: bool, fault: Fault) -> Self {
        if yes { self.with(fault) } else { self }
    }
}

fn kind_fault(asked: Option<StreetType>, found: Option<StreetType>) -> Option<Fault> {
    match (asked, found) {
        (None, Some(_)) => Some(Fault::StreetTypeMissing),
        (Some(_), None) => Some(Fault::StreetTypeAdded),
        (Some(asked), Some(found)) if asked != found => Some(Fault::StreetTypeDiffers),
        _ => None,
    }
}

fn direction_fault(asked: Option<Direction>, found: Option<Direction>) -> Option<Fault> {
    match (asked, found) {
        (None, Some(_)) => Some(Fault::DirectionMissing),
        (Some(_), None) => Some(Fault::DirectionAdded),
        (Some(asked), Some(found)) if asked != found => Some(Fault::DirectionDiffers),
        _ => None,
    }
}
