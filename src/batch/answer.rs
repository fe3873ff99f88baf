//! One row's question to one row's answer.
//!
//! Everything that is asked of the atlas is asked in this file, through [`Answerer`], and by the one path that the command
//! line and HTTP have too ([`Resolver`]).

use std::sync::OnceLock;

use crate::address::{Fault, parse};
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
        }
    }
}

/// An address as a row has it: the whole in one field, or in parts; empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AddressText {
    pub whole: String,
    pub civic: String,
    pub street: String,
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
}

impl<'a> Answerer<'a> {
    pub fn new(set: &'a EditionSet, uncertainty_m: Option<f64>) -> Self {
        let atlas: &Atlas = set.atlas();
        Self { atlas, set, index: atlas.index(), editions: set.resolvers(), uncertainty_m }
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
            ..Answer::without(status, reason, id)
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
        Ok(Answer {
            method: (status != Status::NotFound && status != Status::Outside).then_some(method),
            score: matched.map(|matched| matched.result_score),
            faults: matched.map(|matched| matched.faults.iter().copied().map(fault_word).collect()).unwrap_or_default(),
            da: found.dissemination_area,
            lineage: found.lineage,
            border_m: found.border_m,
            runner_up: found.runner_up.map(|other| other.code),
            ..Answer::without(status, reason, id)
        })
    }
}

impl AddressText {
    /// The address as one line of text, with what other columns say of it.
    fn one_line(&self) -> String {
        let mut line = String::new();
        let unit = if self.unit.is_empty() { String::new() } else { format!("app. {}", self.unit) };
        // Where the whole address has its number, another column of numbers is one of something else.
        let civic = if starts_with_number(&self.whole) { "" } else { self.civic.as_str() };
        let mut add = |before: &str, part: &str| {
            if !part.is_empty() {
                if !line.is_empty() {
                    line.push_str(before);
                }
                line.push_str(part);
            }
        };
        add("", civic);
        add(" ", &self.whole);
        let others = [
            (" ", self.street.as_str()),
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
