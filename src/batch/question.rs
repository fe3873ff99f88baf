//! What a row asks: its fields read as a position and a day, or the reason why they can not be.

use std::sync::Arc;

use super::answer::{AddressText, Answer, Answerer, Reason, Status};
use super::columns::Inputs;
use super::table::is_of_day;
use super::{BatchError, Options, check_names, check_registry};
use crate::catalogue::EditionSet;
use crate::domain::{Date, LonLat, LonLatError};
use crate::geometry::Projector;
use crate::tables::codes::{plain_code, trimmed};
use crate::tables::degrees::degrees;
use crate::tables::numbers::{is_withheld, parse, trim};

/// Brings projected coordinates to longitude and latitude.
pub type SharedProjector = Arc<dyn Projector + Send + Sync>;

/// Makes the projector of a coordinate system, by code or by definition.
pub type FindProjector<'o> = &'o dyn Fn(&str) -> Option<SharedProjector>;

/// Reads rows and answers them, one at a time.
#[derive(Clone)]
pub(super) struct Questions<'a> {
    pub answerer: Answerer<'a>,
    pub inputs: Inputs,
    pub projector: Option<SharedProjector>,
    /// Whether positions are taken as they are, whatever the address of the row.
    pub trust_points: bool,
}

/// Finds the columns of a table and makes ready to answer its rows. `geometry` is the column of points, where rows have them, with
/// what brings them to longitude and latitude.
pub(super) fn open_questions<'a>(
    editions: &'a EditionSet,
    options: &Options,
    names: &[String],
    geometry: Option<(usize, Option<SharedProjector>)>,
) -> Result<Questions<'a>, BatchError> {
    options.check()?;
    let answerer = Answerer::new(editions, options.uncertainty_m, options.fill_ambiguous);
    check_names(names, options)?;
    let mut inputs = Inputs::find(names, &options.named, options.projector.is_some(), geometry.is_some())?;
    let mut projector = options.projector.clone();
    if let Some((column, own)) = geometry {
        inputs.projected = own.is_some();
        inputs.geometry = Some(column);
        projector = own;
    } else {
        check_registry(&inputs, &answerer, names)?;
    }
    Ok(Questions { answerer, inputs, projector, trust_points: options.trust_points })
}

/// What a row's fields say of where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// First and second coordinate, not yet checked.
    Point([f64; 2]),
    /// No coordinates, or none that can be used for that reason; an address may do.
    Address(Reason),
    /// Nothing usable.
    Bad(Reason),
}

/// Whether a field says that there is nothing to say.
fn is_nothing(text: &str) -> bool {
    let text = trimmed(text);
    matches!(text.len(), 1..=4)
        && matches!(
            text.to_ascii_lowercase().as_str(),
            "n/d" | "nd" | "n/a" | "null" | "nan" | "n.d." | "-" | "--" | "?"
        )
}

/// A field without the quotes around it. Numbers and dates hold no quotes, so doubled ones need no care.
#[inline]
pub(super) fn bare(field: &[u8]) -> &[u8] {
    match field {
        [b'"', inner @ .., b'"'] => inner,
        _ => field,
    }
}

impl Questions<'_> {
    /// The coordinates of a row.
    #[inline]
    pub fn place(&self, first: &[u8], second: &[u8]) -> Place {
        if self.inputs.point.is_none() {
            return Place::Address(Reason::None);
        }
        if let (Some(first), Some(second)) = (parse(bare(first)), parse(bare(second))) {
            return self.of_numbers(first, second);
        }
        self.of_texts(first, second)
    }

    /// A row whose coordinates can not be used has its address looked up, where there is one.
    fn without_point(&self, reason: Reason) -> Place {
        if self.inputs.has_address() { Place::Address(reason) } else { Place::Bad(reason) }
    }

    #[inline]
    fn of_numbers(&self, first: f64, second: f64) -> Place {
        // Nobody lives east of Greenwich or at 0, 0.
        if first >= 0.0 && !self.inputs.projected {
            if first == 0.0 && second == 0.0 {
                return self.without_point(Reason::ZeroCoordinates);
            }
            if (50.0..=85.0).contains(&first) && (40.0..=65.0).contains(&second) {
                return self.without_point(Reason::LostMinus);
            }
        }
        if self.inputs.projected && first == 0.0 && second == 0.0 {
            return self.without_point(Reason::ZeroCoordinates);
        }
        Place::Point([first, second])
    }

    /// Coordinates that are no plain numbers: degrees, minutes and seconds, or words for nothing.
    #[cold]
    fn of_texts(&self, first: &[u8], second: &[u8]) -> Place {
        let text = |field: &[u8]| String::from_utf8_lossy(bare(field)).into_owned();
        let (first_text, second_text) = (text(first), text(second));
        let read = |field: &[u8], text: &str| {
            // The degree sign of Windows-1252 is no letter of UTF-8.
            let degree_sign = field.iter().map(|&byte| if byte == 0xB0 { '°' } else { byte as char });
            let legacy = || degree_sign.collect::<String>();
            let of = |text: &str| degrees(text.trim_matches('"'));
            of(text).or_else(|| of(&legacy())).filter(|_| !self.inputs.projected)
        };
        if let (Some(first), Some(second)) = (read(first, &first_text), read(second, &second_text)) {
            return self.of_numbers(first, second);
        }
        let empty = |field: &[u8]| trim(bare(field)).is_empty();
        let reason = match (empty(first), empty(second)) {
            (true, true) if self.inputs.has_address() => Reason::None,
            (true, true) => Reason::NoValue,
            (true, false) => Reason::MissingLongitude,
            (false, true) => Reason::MissingLatitude,
            _ if is_withheld(&first_text) && is_withheld(&second_text) => Reason::NoCoordinates,
            _ if parse(bare(second)).is_none() => Reason::BadLatitude,
            _ => Reason::BadLongitude,
        };
        self.without_point(reason)
    }

    /// Whether a row's address is held against its position.
    pub fn checks_addresses(&self) -> bool {
        self.inputs.point.is_some() && self.inputs.has_street() && self.answerer.has_addresses() && !self.trust_points
    }

    /// The edition of a row, by its field with the day.
    pub fn edition(&self, day: &[u8]) -> Result<usize, Reason> {
        let day = trim(bare(day));
        if day.is_empty() {
            return Err(Reason::MissingDate);
        }
        // The time of the day after it says nothing more.
        let day = match day.get(10) {
            Some(b'T' | b' ') => &day[..10],
            _ => day,
        };
        let text = std::str::from_utf8(day).map_err(|_| Reason::BadDate)?;
        let date: Date = text.parse().map_err(|_| Reason::BadDate)?;
        self.answerer.as_of(date).ok_or(Reason::NoEdition)
    }

    /// Brings points of a projected system over, in place; those that can not be become not numbers.
    pub fn project(&self, points: &mut [[f64; 2]]) {
        let Some(projector) = self.projector.as_ref().filter(|_| self.inputs.projected) else { return };
        let mut whole = points.to_vec();
        if projector.to_lon_lat(&mut whole).is_ok() {
            points.copy_from_slice(&whole);
            return;
        }
        for point in points {
            let mut one = [*point];
            *point = if projector.to_lon_lat(&mut one).is_ok() { one[0] } else { [f64::NAN; 2] };
        }
    }

    /// A position, from coordinates in degrees.
    #[inline]
    pub fn position(&self, [lon, lat]: [f64; 2]) -> Result<LonLat, Reason> {
        LonLat::new(lon, lat).map_err(|error| match error {
            _ if self.inputs.projected => Reason::NotProjected,
            LonLatError::Swapped { .. } => Reason::SwappedCoordinates,
            _ => Reason::OutOfRange,
        })
    }
}

impl<'a> Questions<'a> {
    /// The answer to a row that is no good.
    pub fn bad(&self, reason: Reason) -> (usize, Answer<'a>) {
        let edition = self.answerer.chosen();
        let id = Some(self.answerer.edition_id(edition)).filter(|_| !is_of_day(reason));
        (edition, Answer::without(Status::Invalid, reason, id))
    }

    /// The edition that answers a row and its answer, each field read as text by the number of its column. `place` is
    /// where it is, where that is not told by fields.
    pub fn answer(&self, place: Option<Place>, field: impl Fn(usize) -> String) -> (usize, Answer<'a>) {
        let read = |column: Option<usize>| column.map(&field).unwrap_or_default().into_bytes();
        let [first, second, day] = self.inputs.wanted();
        let edition = match day {
            None => self.answerer.chosen(),
            Some(_) => match self.edition(&read(day)) {
                Ok(edition) => edition,
                Err(reason) => return self.bad(reason),
            },
        };
        match place.unwrap_or_else(|| self.place(&read(first), &read(second))) {
            Place::Bad(reason) => self.bad(reason),
            Place::Address(reason) => (edition, self.search(edition, &self.address(field), reason)),
            Place::Point(raw) => {
                let mut points = [raw];
                self.project(&mut points);
                let position = self.position(points[0]);
                let asked = self.checks_addresses() || position.is_err();
                let text = if asked { self.address(field) } else { AddressText::default() };
                (edition, self.point(edition, position, &text))
            }
        }
    }

    /// The answer to a row with coordinates, `text` being its address where that is asked for.
    pub fn point(&self, edition: usize, position: Result<LonLat, Reason>, text: &AddressText) -> Answer<'a> {
        let id = Some(self.answerer.edition_id(edition));
        match position {
            Ok(position) => {
                let answer = self.answerer.position(edition, position);
                // A postal code alone is no address to hold a position against.
                if self.checks_addresses() && !(text.whole.is_empty() && text.street.is_empty()) {
                    self.answerer.point_beside_address(edition, answer, text)
                } else {
                    answer
                }
            }
            Err(reason) if !text.is_empty() => self.search(edition, text, reason),
            Err(reason) => Answer::without(Status::Invalid, reason, id),
        }
    }

    /// The answer to a row without coordinates that can be used, and why it has none.
    pub fn search(&self, edition: usize, text: &AddressText, why: Reason) -> Answer<'a> {
        let id = Some(self.answerer.edition_id(edition));
        if text.is_empty() {
            let reason = if why == Reason::None { Reason::NoValue } else { why };
            return Answer::without(Status::Invalid, reason, id);
        }
        let answered = if text.whole.is_empty() && text.street.is_empty() {
            self.answerer.postal_code(edition, &text.postal_code)
        } else {
            self.answerer.address(edition, text)
        };
        let mut answer = answered.unwrap_or_else(|_| Answer::without(Status::NotFound, Reason::NoAddressRegistry, id));
        if answer.reason == Reason::None {
            answer.reason = why;
        }
        answer
    }

    /// An address, each of its parts read by the number of its column.
    pub fn address(&self, field: impl Fn(usize) -> String) -> AddressText {
        let read = |column: Option<usize>| {
            let text = column.map(&field).unwrap_or_default();
            if is_nothing(&text) { String::new() } else { trimmed(&text).to_owned() }
        };
        // Numbers that a spreadsheet took for measures: `1350.0`.
        let plain = |column: Option<usize>| plain_code(&read(column)).0.into_owned();
        AddressText {
            whole: read(self.inputs.address),
            civic: plain(self.inputs.civic),
            suffix: read(self.inputs.suffix),
            street_type: read(self.inputs.street_type),
            street: read(self.inputs.street),
            direction: read(self.inputs.direction),
            unit: plain(self.inputs.unit),
            municipality: read(self.inputs.municipality),
            province: read(self.inputs.province),
            postal_code: read(self.inputs.postal_code),
        }
    }
}

impl std::fmt::Debug for Questions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Questions").field("inputs", &self.inputs).finish_non_exhaustive()
    }
}
