//! What a row asks: its fields read as a position and a day, or the reason why they can not be.

use std::sync::Arc;

use super::answer::{AddressText, Answer, Answerer, Reason, Status};
use super::columns::Inputs;
use super::table::is_of_day;
use crate::domain::{Date, LonLat, LonLatError};
use crate::geometry::Projector;
use crate::tables::numbers::{parse, trim};

/// Brings projected coordinates to longitude and latitude.
pub type SharedProjector = Arc<dyn Projector + Send + Sync>;

/// Reads rows and answers them, one at a time.
#[derive(Clone)]
pub(super) struct Questions<'a> {
    pub answerer: Answerer<'a>,
    pub inputs: Inputs,
    pub projector: Option<SharedProjector>,
}

/// What a row's fields say of where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// First and second coordinate, not yet checked.
    Point([f64; 2]),
    /// No coordinates; an address may do.
    Address,
    /// Nothing usable.
    Bad(Reason),
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
            return Place::Address;
        }
        if let (Some(first), Some(second)) = (parse(bare(first)), parse(bare(second))) {
            return Place::Point([first, second]);
        }
        let empty = |field: &[u8]| trim(bare(field)).is_empty();
        match (empty(first), empty(second)) {
            (true, true) if self.inputs.has_address() => Place::Address,
            (true, true) => Place::Bad(Reason::NoValue),
            (true, false) => Place::Bad(Reason::MissingLongitude),
            (false, true) => Place::Bad(Reason::MissingLatitude),
            _ if parse(bare(second)).is_none() => Place::Bad(Reason::BadLatitude),
            _ => Place::Bad(Reason::BadLongitude),
        }
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
            Place::Address => (edition, self.search(edition, &self.address(field))),
            Place::Point(raw) => {
                let mut points = [raw];
                self.project(&mut points);
                match self.position(points[0]) {
                    Ok(position) => (edition, self.answerer.position(edition, position)),
                    Err(reason) => {
                        (edition, Answer::without(Status::Invalid, reason, Some(self.answerer.edition_id(edition))))
                    }
                }
            }
        }
    }

    /// The answer to a row without coordinates.
    pub fn search(&self, edition: usize, text: &AddressText) -> Answer<'a> {
        let id = Some(self.answerer.edition_id(edition));
        if text.is_empty() {
            return Answer::without(Status::Invalid, Reason::NoValue, id);
        }
        let answered = if text.whole.is_empty() && text.street.is_empty() {
            self.answerer.postal_code(edition, &text.postal_code)
        } else {
            self.answerer.address(edition, text)
        };
        answered.unwrap_or_else(|_| Answer::without(Status::NotFound, Reason::NoAddressRegistry, id))
    }

    /// An address, each of its parts read by the number of its column.
    pub fn address(&self, field: impl Fn(usize) -> String) -> AddressText {
        let read = |column: Option<usize>| column.map(|column| field(column).trim().to_owned()).unwrap_or_default();
        AddressText {
            whole: read(self.inputs.address),
            civic: read(self.inputs.civic),
            street: read(self.inputs.street),
            unit: read(self.inputs.unit),
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
