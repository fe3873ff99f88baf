//! Rows of delimited text: cut, located together, written back with their columns.

use std::cell::Cell;

use super::answer::{AddressText, Answer, NearestLimit, Reason, Status};
use super::dialect::Dialect;
use super::question::{Place, Questions};
use super::render::Renderer;
use super::tally::Tally;
use crate::domain::{Level, LonLat};
use crate::geometry::{FixedPoint, Side};
use crate::lookup::Class;
use crate::tables::split::{Splitter, unquoted};

/// A delimited file, ready for its rows.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub questions: Questions<'a>,
    pub renderer: Renderer,
    /// Writes what is added to rows to review, where those are wanted.
    pub review: Option<Renderer>,
    pub dialect: Dialect,
    /// How many fields the header has.
    pub width: usize,
    /// For each field, which of [`super::columns::Inputs::wanted`] it is; [`UNWANTED`] for most.
    pub slots: Vec<u8>,
    /// Names of the header.
    pub names: Vec<String>,
}

/// The end of a file of DOS, alone on its last line.
const END_OF_FILE: u8 = 0x1A;

/// Not a field that is kept while a row is cut.
const UNWANTED: u8 = 3;

#[derive(Clone, Copy)]
enum Kind {
    Blank,
    Bad(Reason),
    /// Its place among the points of the chunk.
    Point(u32),
    /// By its address, and why its coordinates are not used.
    Address(Reason),
}

struct Row {
    start: u32,
    content_end: u32,
    end: u32,
    edition: u32,
    kind: Kind,
}

/// Where a row is written: the output, from where in it the row starts, and the rows to review.
type To<'o> = (&'o mut Vec<u8>, usize, &'o mut Vec<u8>);

/// Room that is used again for each chunk.
#[derive(Default)]
pub(super) struct Room<'a> {
    rows: Vec<Row>,
    raw: Vec<[f64; 2]>,
    points: Vec<FixedPoint>,
    positions: Vec<Result<LonLat, Reason>>,
    sides: Vec<Side>,
    /// The edition of each point.
    editions: Vec<u32>,
    limits: Vec<NearestLimit<'a>>,
    asked: Asked,
}

/// Points in the coverage that one edition is asked about together.
#[derive(Default)]
struct Asked {
    places: Vec<u32>,
    points: Vec<FixedPoint>,
    sides: Vec<Side>,
}

impl<'a> Table<'a> {
    /// Which fields are kept.
    pub fn slots_of(questions: &Questions<'_>, width: usize) -> Vec<u8> {
        let mut slots = vec![UNWANTED; width];
        for (slot, column) in (0..).zip(questions.inputs.wanted()) {
            if let Some(column) = column {
                slots[column] = slot;
            }
        }
        slots
    }

    fn splitter(&self) -> Splitter {
        Splitter::new(self.dialect.separator)
    }

    /// Answers whole rows.
    pub fn process(
        &self,
        chunk: &[u8],
        room: &mut Room<'a>,
        (out, review): (&mut Vec<u8>, &mut Vec<u8>),
        tally: &mut Tally,
    ) {
        self.read(chunk, room);
        self.questions.project(&mut room.raw);
        room.points.clear();
        room.positions.clear();
        for &raw in &room.raw {
            let position = self.questions.position(raw);
            // Off the grid is off the coverage: the corner of the grid says so too, and the answer is asked for anyway.
            let point = position.ok().and_then(FixedPoint::from_lon_lat).unwrap_or(FixedPoint { x: 0, y: 0 });
            room.points.push(point);
            room.positions.push(position);
        }
        room.sides.clear();
        room.sides.resize(room.points.len(), 0);
        self.questions.answerer.locate_all(&room.points, &mut room.sides);
        if self.renderer.needs_border() {
            self.measure(room);
        }
        for row in &room.rows {
            self.write(chunk, row, room, (out, review), tally);
        }
    }

    /// The nearest limit of every point in the coverage.
    fn measure(&self, room: &mut Room<'a>) {
        room.limits.clear();
        room.limits.resize(room.points.len(), (None, None));
        for edition in 0..self.questions.answerer.edition_count() {
            let Asked { places, points, sides } = &mut room.asked;
            places.clear();
            points.clear();
            sides.clear();
            let of_points = room.points.iter().zip(&room.sides).zip(&room.editions).zip(0..);
            for (((&point, &side), _), place) in
                of_points.filter(|&(((_, &side), &own), _)| side > 0 && own as usize == edition)
            {
                places.push(place);
                points.push(point);
                sides.push(side);
            }
            self.questions.answerer.limits(edition, points, sides, |asked, limit| {
                room.limits[places[asked] as usize] = limit;
            });
        }
    }

    fn read(&self, chunk: &[u8], room: &mut Room<'_>) {
        room.rows.clear();
        room.raw.clear();
        room.editions.clear();
        let got: [Cell<(usize, usize)>; 4] = Default::default();
        let questions = &self.questions;
        let by_day = questions.inputs.as_of.is_some();
        self.splitter().fields(
            chunk,
            |number, from, to| {
                let slot = self.slots.get(number).copied().unwrap_or(UNWANTED);
                got[usize::from(slot)].set((from, to));
            },
            |record| {
                let field = |slot: usize| {
                    let (from, to) = got[slot].get();
                    &chunk[from..to]
                };
                let mut edition = questions.answerer.chosen();
                let kind = if record.content_end == record.start
                    || (record.content_end == record.start + 1 && chunk[record.start] == END_OF_FILE)
                {
                    Kind::Blank
                } else if record.unclosed {
                    Kind::Bad(Reason::UnclosedQuote)
                } else if record.fields != self.width {
                    Kind::Bad(Reason::RaggedLine)
                } else {
                    let day = if by_day { questions.edition(field(2)) } else { Ok(edition) };
                    match (day, questions.place(field(0), field(1))) {
                        (Err(reason), _) | (Ok(_), Place::Bad(reason)) => Kind::Bad(reason),
                        (Ok(number), Place::Address(reason)) => {
                            edition = number;
                            Kind::Address(reason)
                        }
                        (Ok(number), Place::Point(raw)) => {
                            edition = number;
                            room.raw.push(raw);
                            room.editions.push(number as u32);
                            Kind::Point(room.raw.len() as u32 - 1)
                        }
                    }
                };
                room.rows.push(Row {
                    start: record.start as u32,
                    content_end: record.content_end as u32,
                    end: record.end as u32,
                    edition: edition as u32,
                    kind,
                });
            },
        );
    }

    #[inline]
    fn write(
        &self,
        chunk: &[u8],
        row: &Row,
        room: &Room<'_>,
        (out, review): (&mut Vec<u8>, &mut Vec<u8>),
        tally: &mut Tally,
    ) {
        let (start, content_end, end) = (row.start as usize, row.content_end as usize, row.end as usize);
        if let Kind::Blank = row.kind {
            out.extend_from_slice(&chunk[start..end]);
            return;
        }
        let from = out.len();
        match row.kind {
            Kind::Bad(Reason::UnclosedQuote | Reason::RaggedLine) => self.put_in_place(&chunk[start..content_end], out),
            _ => out.extend_from_slice(&chunk[start..content_end]),
        }
        let edition = row.edition as usize;
        match row.kind {
            Kind::Point(at) if room.sides[at as usize] > 0 && !self.questions.checks_addresses() => {
                self.write_located(edition, at as usize, room, (out, from, review), tally);
            }
            _ => self.write_other(chunk, row, room, (out, from, review), tally),
        }
        out.extend_from_slice(&chunk[content_end..end]);
    }

    /// A position in the coverage.
    #[inline]
    fn write_located(&self, edition: usize, at: usize, room: &Room<'_>, to: To<'_>, tally: &mut Tally) {
        let answerer = &self.questions.answerer;
        let (side, point) = (room.sides[at], room.points[at]);
        if !self.renderer.needs_whole() && answerer.is_clear(edition, point, side) {
            let class = answerer.class(edition, side);
            tally.plain(edition, class);
            let border = if self.renderer.needs_border() { room.limits[at] } else { (None, None) };
            self.renderer.plain(to.0, edition, class, answerer.da(side), border);
            return;
        }
        let answer = match room.positions[at] {
            Ok(position) => answerer.position(edition, position),
            Err(reason) => Answer::without(Status::Invalid, reason, Some(answerer.edition_id(edition))),
        };
        self.write_answer(edition, &answer, to, tally);
    }

    #[cold]
    fn write_other(&self, chunk: &[u8], row: &Row, room: &Room<'_>, to: To<'_>, tally: &mut Tally) {
        let edition = row.edition as usize;
        let id = Some(self.questions.answerer.edition_id(edition));
        let answer = match row.kind {
            Kind::Point(at) => {
                let position = room.positions[at as usize];
                let asked =
                    self.questions.checks_addresses() || (position.is_err() && self.questions.inputs.has_address());
                let text = if asked { self.address(chunk, row) } else { AddressText::default() };
                self.questions.point(edition, position, &text)
            }
            Kind::Address(reason) => self.questions.search(edition, &self.address(chunk, row), reason),
            Kind::Bad(reason) => Answer::without(Status::Invalid, reason, id.filter(|_| !is_of_day(reason))),
            Kind::Blank => return,
        };
        self.write_answer(edition, &answer, to, tally);
    }

    /// Writes a row that is told so that its columns, and those added behind them, stand in place for whoever reads it: a quote
    /// that is not closed is a letter of its field, surplus fields are together in the last one, missing ones are empty.
    fn put_in_place(&self, bytes: &[u8], out: &mut Vec<u8>) {
        let separator = self.dialect.separator;
        let mut places = Vec::new();
        self.splitter().fields(bytes, |_, from, to| places.push((from, to)), |_| {});
        let surplus = places.len() > self.width;
        let whole = if surplus { self.width - 1 } else { places.len() };
        for (place, &(from, to)) in places[..whole].iter().enumerate() {
            out.extend((place > 0).then_some(separator));
            put_field(&bytes[from..to], out);
        }
        if surplus {
            out.extend((whole > 0).then_some(separator));
            put_quoted(&bytes[places[whole].0..], out);
        }
        out.extend(std::iter::repeat_n(separator, self.width.saturating_sub(places.len())));
    }

    fn write_answer(&self, edition: usize, answer: &Answer<'a>, (out, from, review): To<'_>, tally: &mut Tally) {
        tally.row(edition, self.class_of(edition, answer).map(usize::from), answer);
        if let Some(renderer) = self.review.as_ref().filter(|_| answer.status != Status::Resolved) {
            review.extend_from_slice(&out[from..]);
            renderer.row(review, answer);
            review.push(b'\n');
        }
        self.renderer.row(out, answer);
    }

    fn class_of(&self, edition: usize, answer: &Answer<'a>) -> Option<Class> {
        class_of(&self.questions, edition, answer)
    }

    fn address(&self, chunk: &[u8], row: &Row) -> AddressText {
        let bytes = &chunk[row.start as usize..row.content_end as usize];
        let mut places = Vec::with_capacity(self.width);
        self.splitter().fields(bytes, |_, from, to| places.push((from, to)), |_| {});
        self.questions.address(|column| {
            let field = places.get(column).map_or(&[][..], |&(from, to)| &bytes[from..to]);
            self.dialect.decode(&unquoted(field)).into_owned()
        })
    }
}

/// Writes a field as it stands, but for one with a quote that closes nothing: that one is put in quotes.
fn put_field(field: &[u8], out: &mut Vec<u8>) {
    if field.contains(&b'"') && unquoted(field).len() == field.len() {
        put_quoted(field, out);
    } else {
        out.extend_from_slice(field);
    }
}

fn put_quoted(field: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in field {
        out.push(byte);
        out.extend((byte == b'"').then_some(b'"'));
    }
    out.push(b'"');
}

/// Whether a reason leaves a row without an edition.
pub(super) fn is_of_day(reason: Reason) -> bool {
    matches!(reason, Reason::MissingDate | Reason::BadDate | Reason::NoEdition)
}

/// The CLSC of an answer, as a place in its edition's list.
pub(super) fn class_of(questions: &Questions<'_>, edition: usize, answer: &Answer<'_>) -> Option<Class> {
    let code = answer.lineage.as_ref()?.clsc.code;
    let hierarchy = questions.answerer.resolver(edition).edition().hierarchy;
    hierarchy.find(Level::Clsc, code).map(|place| place as Class)
}
