//! One row's question to one row's answer.
//!
//! Everything that is asked of the atlas is asked in this file, through [`Answerer`], and by the one path that the command
//! line and HTTP have too ([`Resolver`]).

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::address::{Fault, MatchType, parse};
use crate::atlas::Atlas;
use crate::catalogue::EditionSet;
use crate::domain::{Date, LonLat, Term};
use crate::geometry::surroundings::Beyond;
use crate::geometry::{FixedPoint, Side};
use crate::lookup::{Class, PointIndexView};
use crate::resolve::{Lineage, Place, Placement, PostalGround, QueryError, Resolution, Resolver};

macro_rules! words {
    ($(#[doc = $about:literal] $kind:ident {
        $($(#[doc = $doc:literal])* $name:ident $word:literal $french:literal $english:literal;)*
    })*) => {$(
        #[doc = $about]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $kind { $($(#[doc = $doc])* $name,)* }

        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word in the output.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it is called.
            #[must_use]
            pub const fn words(self) -> Term {
                match self { $(Self::$name => Term::new($french, $english),)* }
            }
        }
    )*};
}

words! {
    #[doc = "What became of a row."]
    Status {
        /// It has its CLSC.
        Resolved "resolved" "a son CLSC" "has its CLSC";
        /// Several places answer as well; nothing is picked.
        Ambiguous "ambiguous" "plusieurs lieux possibles" "several places possible";
        /// It has its CLSC, and the stated error of position reaches the limit of it.
        NearBorder "near_border" "trop près d’une limite pour être sûr" "too near a limit to be sure";
        /// It lies across the limit of the province, and has the nearest CLSC: no place in Québec.
        Nearest "nearest" "de l’autre côté de la limite du Québec" "across the limit of Québec";
        /// Nothing answers.
        NotFound "not_found" "introuvable" "not found";
        /// It lies outside the coverage.
        Outside "outside" "hors du territoire" "outside the territory";
        /// The row itself is no good.
        Invalid "invalid" "ligne inutilisable" "row of no use";
    }
    #[doc = "Why a row is not plainly resolved."]
    Reason {
        /// Nothing to say.
        None "" "rien à dire" "nothing to say";
        /// It lies off the limits, and has the nearest territory.
        NearestTerritory "nearest_territory" "hors des limites, territoire le plus proche" "off the limits, nearest territory";
        /// It lies in another province or country, beyond the limit of a territory.
        BeyondProvince "beyond_province" "hors du Québec, près d’un territoire" "outside Québec, near a territory";
        /// The stated error of position reaches a limit.
        WithinUncertainty "within_uncertainty" "limite à portée de l’erreur de position" "limit within the error of position";
        /// It lies too far outside.
        OutsideCoverage "outside_coverage" "trop loin hors des limites" "too far off the limits";
        /// Another number of fields than the header.
        RaggedLine "ragged_line" "ligne au mauvais nombre de champs" "row with another number of fields";
        /// A quote is opened and never closed.
        UnclosedQuote "unclosed_quote" "guillemet jamais fermé" "quote never closed";
        /// A line that is no JSON object.
        BadJson "bad_json" "ligne qui n’est pas un objet JSON" "line that is no JSON object";
        /// Nothing tells where it is.
        NoValue "no_value" "rien ne dit où" "nothing tells where";
        /// The latitude (or y) is empty.
        MissingLatitude "missing_latitude" "latitude absente" "latitude missing";
        /// The geometry of the row is no point.
        NotAPoint "not_a_point" "géométrie qui n’est pas un point" "geometry that is no point";
        /// The longitude (or x) is empty.
        MissingLongitude "missing_longitude" "longitude absente" "longitude missing";
        /// The latitude (or y) is no number.
        BadLatitude "bad_latitude" "latitude illisible" "latitude that is no number";
        /// The longitude (or x) is no number.
        BadLongitude "bad_longitude" "longitude illisible" "longitude that is no number";
        /// Latitude and longitude are one in place of the other.
        SwappedCoordinates "swapped_coordinates" "latitude et longitude inversées" "latitude and longitude swapped";
        /// No such latitude or longitude.
        OutOfRange "coordinates_out_of_range" "coordonnées hors du globe" "coordinates off the globe";
        /// The longitude lacks its minus sign: it is east of Greenwich.
        LostMinus "lost_minus_sign" "longitude sans son signe moins" "longitude without its minus sign";
        /// Both coordinates are 0: nobody knew.
        ZeroCoordinates "zero_coordinates" "coordonnées à zéro" "coordinates of zero";
        /// A word such as `N/D` stands for the coordinates.
        NoCoordinates "no_coordinates" "coordonnées non disponibles" "coordinates not available";
        /// The position and the address of the row lie in different CLSC, farther apart than their errors.
        PointAndAddressDisagree "point_and_address_disagree" "position et adresse en désaccord" "position and address disagree";
        /// The coordinate system does not reach there.
        NotProjected "outside_crs" "hors du système de coordonnées" "outside the coordinate system";
        /// The day is empty.
        MissingDate "missing_date" "date absente" "date missing";
        /// The day is no date.
        BadDate "bad_date" "date illisible" "date that can not be read";
        /// No edition held on that day.
        NoEdition "no_edition" "aucune édition à cette date" "no edition on that day";
        /// The atlas has no address registry.
        NoAddressRegistry "no_address_registry" "atlas sans registre d’adresses" "atlas without address registry";
        /// Nothing in the registry is what the row says.
        NoMatch "no_match" "adresse absente du registre" "address not in the registry";
        /// The best match is not sure enough to be taken without a person looking at it.
        LowScore "low_score" "à vérifier par une personne" "to be checked by a person";
        /// Several places are as good, or the place reaches over several territories.
        SeveralTerritories "several_territories" "plusieurs territoires possibles" "several territories possible";
        /// The postal code is in no address of the registry: where its area's addresses lie is all that is known.
        UnknownPostalCode "unknown_postal_code" "code postal absent du registre" "postal code not in the registry";
        /// The postal code is none.
        BadPostalCode "bad_postal_code" "code postal illisible" "postal code that can not be read";
    }
    #[doc = "How a place was found."]
    Method {
        /// The position lies in the territory.
        Point "point" "position" "position";
        /// The position lies off the limits, nearest to the territory.
        PointNearest "point_nearest" "position, territoire le plus proche" "position, nearest territory";
        /// By address.
        Address "address" "adresse" "address";
        /// By postal code.
        PostalCode "postal_code" "code postal" "postal code";
    }
}

/// The answer to one row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer<'a> {
    pub status: Status,
    pub reason: Reason,
    pub method: Option<Method>,
    /// Score of an address.
    pub score: Option<f32>,
    /// Faults of an address, as words.
    pub faults: Vec<&'static str>,
    pub da: Option<&'a str>,
    pub lineage: Option<Lineage<'a>>,
    pub border_m: Option<f64>,
    pub runner_up: Option<&'a str>,
    /// Identifier of the edition that answered.
    pub edition: Option<&'a str>,
    /// The address as the registry has it.
    pub label: Option<String>,
    /// What kind of place of the registry answered.
    pub match_type: Option<&'static str>,
    /// Where the answer is.
    pub position: Option<LonLat>,
    /// How far the true place may be, metres.
    pub uncertainty_m: Option<f64>,
    /// Places to choose from, each in a few words.
    pub candidates: Vec<String>,
}

impl<'a> Answer<'a> {
    /// An answer without a place.
    pub fn without(status: Status, reason: Reason, edition: Option<&'a str>) -> Self {
        Self {
            status,
            reason,
            method: None,
            score: None,
            faults: Vec::new(),
            da: None,
            lineage: None,
            border_m: None,
            runner_up: None,
            edition,
            label: None,
            match_type: None,
            position: None,
            uncertainty_m: None,
            candidates: Vec::new(),
        }
    }
}

/// An address as a row has it: the whole in one field, or in parts; empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AddressText {
    pub whole: String,
    pub civic: String,
    pub suffix: String,
    pub street_type: String,
    pub street: String,
    pub direction: String,
    pub unit: String,
    pub municipality: String,
    pub province: String,
    pub postal_code: String,
}

impl AddressText {
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.street.is_empty() && self.postal_code.is_empty()
    }
}

/// Metres to the nearest limit, and the CLSC beyond it.
pub(super) type NearestLimit<'a> = (Option<f64>, Option<&'a str>);

/// A question could not be put: the atlas has no registry to put it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotAvailable;

/// Answers for rows, on every edition of a set.
#[derive(Debug, Clone)]
pub(super) struct Answerer<'a> {
    atlas: &'a Atlas,
    set: &'a EditionSet,
    index: PointIndexView<'a>,
    editions: Vec<Resolver<'a>>,
    uncertainty_m: Option<f64>,
    /// Whether a row that is `ambiguous` has the codes of its best candidate.
    fill_ambiguous: bool,
}

impl<'a> Answerer<'a> {
    pub fn new(set: &'a EditionSet, uncertainty_m: Option<f64>, fill_ambiguous: bool) -> Self {
        let atlas: &Atlas = set.atlas();
        Self { atlas, set, index: atlas.index(), editions: set.resolvers(), uncertainty_m, fill_ambiguous }
    }

    /// The edition that answers where a row does not say.
    pub fn chosen(&self) -> usize {
        self.set.chosen()
    }

    /// The edition that held on a day.
    pub fn as_of(&self, date: Date) -> Option<usize> {
        self.set.as_of(date)
    }

    pub fn resolver(&self, edition: usize) -> &Resolver<'a> {
        &self.editions[edition]
    }

    pub fn edition_count(&self) -> usize {
        self.editions.len()
    }

    /// How many units the atlas has; their sides go from 1 to this.
    pub fn unit_count(&self) -> usize {
        self.atlas.unit_count()
    }

    /// The stated error of positions.
    pub fn uncertainty_m(&self) -> Option<f64> {
        self.uncertainty_m
    }

    pub fn edition_id(&self, edition: usize) -> &'a str {
        &self.editions[edition].edition().header.id
    }

    /// The units (plus one) of many positions, 0 outside.
    pub fn locate_all(&self, points: &[FixedPoint], sides: &mut [Side]) {
        self.index.locate_all(points, sides);
    }

    /// The CLSC of a unit in the coverage.
    #[inline]
    pub fn class(&self, edition: usize, side: Side) -> Class {
        self.editions[edition].edition().clsc_of_unit[side as usize - 1]
    }

    /// The dissemination area of a unit.
    #[inline]
    pub fn da(&self, side: Side) -> &'a str {
        self.atlas.manifest().unit_kind.dissemination_area(self.atlas.unit_id(side as usize - 1))
    }

    /// Whether a position in the coverage is surely not near a limit: farther from any than the stated error.
    ///
    /// Tables settle most positions; only the others cost a search. A millimetre more than stated, so that rounding does
    /// not make it differ from [`Self::position`].
    #[inline]
    pub fn is_clear(&self, edition: usize, p: FixedPoint, side: Side) -> bool {
        let Some(radius) = self.uncertainty_m else { return true };
        let limits = self.editions[edition].limits();
        limits.clearance_m(p, side as usize - 1) > radius + 0.001 || !limits.any_within(p, radius + 0.001)
    }

    /// Of positions in the coverage, metres to the nearest limit and the CLSC beyond, in order.
    pub fn limits(
        &self,
        edition: usize,
        points: &[FixedPoint],
        sides: &[Side],
        mut take: impl FnMut(usize, NearestLimit<'a>),
    ) {
        self.editions[edition].nearest_limits(points, sides, |place, border_m, beyond| {
            take(place, (border_m, beyond.map(|beyond| beyond.code)));
        });
    }

    /// The whole answer for a position.
    ///
    /// `near_border` is said where `border_m` is at most the stated error, or where the answer's own certainty is not
    /// stable (a position off the limits may have another territory nearly as near).
    pub fn position(&self, edition: usize, position: LonLat) -> Answer<'a> {
        let id = Some(self.edition_id(edition));
        let Ok(found) = self.editions[edition].resolve(position, self.uncertainty_m) else {
            // The only error is an uncertainty out of range, which was refused before the first row.
            return Answer::without(Status::Invalid, Reason::OutOfRange, id);
        };
        let reach = self.uncertainty_m.unwrap_or(-1.0);
        let near = found.border_m.is_some_and(|border| border <= reach)
            || found.certainty.as_ref().is_some_and(|certainty| !certainty.stable);
        let (status, reason, method) = match (found.placement, near) {
            (Placement::Nearest, _) if is_beyond_land(&found) => {
                (Status::Nearest, Reason::BeyondProvince, Some(Method::PointNearest))
            }
            (Placement::Outside | Placement::Spread | Placement::NotFound, _) => {
                (Status::Outside, Reason::OutsideCoverage, None)
            }
            (Placement::Inside, true) => (Status::NearBorder, Reason::WithinUncertainty, Some(Method::Point)),
            (Placement::Nearest, true) => (Status::NearBorder, Reason::WithinUncertainty, Some(Method::PointNearest)),
            (Placement::Inside, false) => (Status::Resolved, Reason::None, Some(Method::Point)),
            (Placement::Nearest, false) => (Status::Resolved, Reason::NearestTerritory, Some(Method::PointNearest)),
        };
        Answer {
            method,
            da: found.dissemination_area,
            lineage: found.lineage,
            border_m: found.border_m,
            runner_up: found.runner_up.map(|other| other.code),
            position: Some(position),
            uncertainty_m: self.uncertainty_m,
            ..Answer::without(status, reason, id)
        }
    }

    /// The answer to a row that has both a position and an address: that of the position, unless the address is found for
    /// sure in another CLSC, farther off than both may be wrong.
    pub fn point_beside_address(&self, edition: usize, point: Answer<'a>, text: &AddressText) -> Answer<'a> {
        let clsc = |answer: &Answer<'a>| answer.lineage.as_ref().map(|lineage| lineage.clsc.code);
        let Ok(address) = self.address(edition, text) else { return point };
        let is_sure = matches!(address.status, Status::Resolved | Status::NearBorder);
        let (Some(here), Some(there)) = (point.position, address.position) else { return point };
        if !is_sure || clsc(&point) == clsc(&address) {
            return point;
        }
        let apart = distance_m(here, there);
        let errors = point.uncertainty_m.unwrap_or(0.0) + address.uncertainty_m.unwrap_or(0.0);
        // A building and its street are this far apart without anybody being wrong.
        if apart <= errors + DOORSTEP_M {
            return point;
        }
        let named = |answer: &Answer<'a>| {
            answer
                .lineage
                .as_ref()
                .map_or_else(String::new, |lineage| format!("{} {}", lineage.clsc.code, lineage.clsc.name))
        };
        let candidates = vec![
            format!("position : {}", named(&point)),
            format!("{} : {}", address.label.as_deref().unwrap_or("adresse"), named(&address)),
        ];
        let (da, lineage) = if self.fill_ambiguous { (point.da, point.lineage) } else { (None, None) };
        Answer {
            method: point.method,
            da,
            lineage,
            score: address.score,
            label: address.label,
            match_type: address.match_type,
            position: point.position,
            uncertainty_m: point.uncertainty_m,
            candidates,
            ..Answer::without(Status::Ambiguous, Reason::PointAndAddressDisagree, point.edition)
        }
    }

    /// Whether addresses can be asked for.
    pub fn has_addresses(&self) -> bool {
        self.atlas.gazetteer().is_some()
    }

    /// The answer for an address.
    ///
    /// A match that may not be taken without a person looking at it is `ambiguous`, as are several places as good: nothing
    /// is picked.
    pub fn address(&self, edition: usize, text: &AddressText) -> Result<Answer<'a>, NotAvailable> {
        let line = text.one_line();
        let read = parse(&line);
        // A box or a mail route beside a postal code takes nothing from it.
        if let Some(code) = read.postal_code.filter(|_| read.readings.is_empty()) {
            return self.postal_code(edition, &code.to_string());
        }
        self.place(edition, &Place::Address(line), Method::Address)
    }

    /// The answer for a postal code alone: `resolved` where all of its addresses are in one CLSC.
    pub fn postal_code(&self, edition: usize, text: &str) -> Result<Answer<'a>, NotAvailable> {
        self.place(edition, &Place::PostalCode(text.to_owned()), Method::PostalCode)
    }

    fn place(&self, edition: usize, place: &Place, method: Method) -> Result<Answer<'a>, NotAvailable> {
        let id = Some(self.edition_id(edition));
        let found = match self.editions[edition].resolve_place(place, None, self.uncertainty_m) {
            Ok(found) => found,
            Err(QueryError::NoAddresses) => return Err(NotAvailable),
            Err(_) => return Ok(Answer::without(Status::Invalid, Reason::BadPostalCode, id)),
        };
        let accepted = found.matched.as_ref().is_none_or(|matched| matched.auto_accepted);
        let unstable = found.certainty.as_ref().is_some_and(|certainty| !certainty.stable);
        let (status, reason) = match found.placement {
            Placement::Outside => (Status::Outside, Reason::OutsideCoverage),
            Placement::NotFound => (Status::NotFound, Reason::NoMatch),
            Placement::Spread if found.postal_code.as_ref().is_some_and(|code| code.ground == PostalGround::Fsa) => {
                (Status::Ambiguous, Reason::UnknownPostalCode)
            }
            Placement::Spread if found.lineage.is_none() => (Status::Ambiguous, Reason::SeveralTerritories),
            _ if !accepted => (Status::Ambiguous, Reason::LowScore),
            Placement::Nearest if is_beyond_land(&found) => (Status::Nearest, Reason::BeyondProvince),
            _ if unstable => (Status::NearBorder, Reason::WithinUncertainty),
            Placement::Nearest => (Status::Resolved, Reason::NearestTerritory),
            Placement::Inside | Placement::Spread => (Status::Resolved, Reason::None),
        };
        let matched = found.matched.as_deref();
        let filled = status != Status::Ambiguous || self.fill_ambiguous;
        let candidates =
            if status == Status::Ambiguous || status == Status::NotFound { candidates_of(&found) } else { Vec::new() };
        Ok(Answer {
            method: (status != Status::NotFound && status != Status::Outside).then_some(method),
            score: matched.map(|matched| matched.result_score),
            faults: matched.map(|matched| matched.faults.iter().copied().map(fault_word).collect()).unwrap_or_default(),
            da: found.dissemination_area.filter(|_| filled),
            lineage: found.lineage.filter(|_| filled),
            border_m: found.border_m.filter(|_| filled),
            runner_up: found.runner_up.map(|other| other.code).filter(|_| filled),
            label: matched.and_then(|matched| matched.result_label.clone()),
            match_type: matched.and_then(|matched| matched.result_type).map(match_word),
            position: matched.and_then(|matched| matched.position),
            uncertainty_m: matched.and_then(|matched| matched.uncertainty_m),
            candidates,
            ..Answer::without(status, reason, id)
        })
    }
}

/// How far a building may stand from the point of its address on the street, metres.
const DOORSTEP_M: f64 = 150.0;

/// Metres between two positions, on a sphere: within half a percent.
fn distance_m(a: LonLat, b: LonLat) -> f64 {
    let middle = f64::midpoint(a.lat(), b.lat()).to_radians();
    let east = (a.lon() - b.lon()).to_radians() * middle.cos();
    let north = (a.lat() - b.lat()).to_radians();
    6_371_009.0 * east.hypot(north)
}

/// CLSC that one candidate names at most.
const MOST_CLSC: usize = 6;

/// What a person can choose from: the best match first, then the others, each with its CLSC.
fn candidates_of(found: &Resolution<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(matched) = found.matched.as_deref() {
        let spread = || found.territories.iter().flatten().map(|share| share.lineage.clsc).collect();
        let clsc: Vec<_> = found.lineage.as_ref().map_or_else(spread, |lineage| vec![lineage.clsc]);
        let best = matched.result_label.as_ref().map(|label| (label.as_str(), clsc.as_slice(), matched.result_score));
        let others = matched
            .alternatives
            .iter()
            .map(|other| (other.result_label.as_str(), other.clsc.as_slice(), other.result_score));
        for (label, clsc, score) in best.into_iter().chain(others) {
            let mut codes: Vec<String> =
                clsc.iter().take(MOST_CLSC).map(|clsc| format!("{} {}", clsc.code, clsc.name)).collect();
            codes.extend((clsc.len() > MOST_CLSC).then(|| "…".to_owned()));
            let between = if codes.is_empty() { "" } else { "; " };
            let text = format!("{label} ({}{between}{:.0} %)", codes.join(" / "), score * 100.0);
            if !all.contains(&text) {
                all.push(text);
            }
        }
    }
    if all.is_empty() {
        let shares = found.territories.iter().flatten();
        all.extend(shares.map(|share| {
            format!("{} {} ({:.0} %)", share.lineage.clsc.code, share.lineage.clsc.name, share.share * 100.0)
        }));
    }
    all.truncate(10);
    all
}

/// The word of a kind of place, the one that JSON has.
fn match_word(kind: MatchType) -> &'static str {
    static WORDS: OnceLock<Mutex<BTreeMap<String, &'static str>>> = OnceLock::new();
    let words = WORDS.get_or_init(Mutex::default);
    let word = serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
    // A handful of words, each kept once.
    words.entry(word.clone()).or_insert_with(|| Box::leak(word.into_boxed_str()))
}

impl AddressText {
    /// The address as one line of text, with what other columns say of it.
    fn one_line(&self) -> String {
        let mut line = String::new();
        let unit = if self.unit.is_empty() { String::new() } else { format!("app. {}", self.unit) };
        // Where the whole address has its number, another column of numbers is one of something else.
        let civic = match (starts_with_number(&self.whole), self.suffix.as_str()) {
            (true, _) => String::new(),
            (false, "") => self.civic.clone(),
            (false, letter) if letter.len() == 1 => format!("{}{letter}", self.civic),
            (false, part) => format!("{} {part}", self.civic),
        };
        let words = [self.street_type.as_str(), self.street.as_str(), self.direction.as_str()];
        let street = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let mut add = |before: &str, part: &str| {
            if !part.is_empty() {
                if !line.is_empty() {
                    line.push_str(before);
                }
                line.push_str(part);
            }
        };
        add("", &civic);
        add(" ", &self.whole);
        let others = [
            (" ", street.as_str()),
            (" ", &unit),
            (", ", &self.municipality),
            (", ", &self.province),
            (" ", &self.postal_code),
        ];
        // A column that repeats what the whole address says already adds nothing.
        for (before, part) in others.into_iter().filter(|(_, part)| !self.whole.contains(part)) {
            add(before, part);
        }
        line
    }
}

/// Whether a position outside the coverage lies in a neighbour of Québec rather than in the water.
fn is_beyond_land(found: &Resolution<'_>) -> bool {
    found.beyond.is_some_and(Beyond::is_land)
}

/// Whether an address begins with a civic number: digits that are a word of their own, unlike those of "3e Avenue".
fn starts_with_number(address: &str) -> bool {
    let address = address.trim_start();
    let rest = address.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = rest.strip_prefix(['A', 'B', 'C', 'D', 'a', 'b', 'c', 'd']).unwrap_or(rest);
    rest.len() < address.len() && after.starts_with([' ', ',', '-', '\u{a0}'])
}

/// What a reason or a fault is called, by its word.
pub(super) fn words_of(word: &str) -> Option<Term> {
    let reason = Reason::ALL.iter().find(|reason| reason.word() == word).map(|reason| reason.words());
    let fault = || Fault::ALL.iter().find(|&&fault| fault_word(fault) == word).map(|fault| fault.words());
    reason.or_else(fault)
}

/// The word of a fault, the one that JSON has.
fn fault_word(fault: Fault) -> &'static str {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let word = |fault: &Fault| serde_json::to_value(fault).ok().and_then(|word| word.as_str().map(str::to_owned));
        Fault::ALL.iter().map(|fault| word(fault).unwrap_or_default()).collect()
    });
    words.get(fault as usize).map_or("", String::as_str)
}
