//! The answers to one record batch.

use std::borrow::Cow;
use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field};

use super::added::AddedColumn;
use super::points::Geometry;
use super::{cells, coordinates};
use crate::batch::Column;
use crate::batch::answer::{Answer, NearestLimit, Reason};
use crate::batch::question::{Place, Questions};
use crate::batch::table::class_of;
use crate::batch::tally::Tally;
use crate::geometry::{FixedPoint, Side};
use crate::lookup::Class;
use crate::tables::cell::Cell;

/// Answers record batches of one schema.
#[derive(Debug)]
pub(in crate::batch) struct Kernel<'a> {
    pub questions: Questions<'a>,
    /// Where rows are, where that is told by points.
    pub geometry: Option<Geometry>,
    columns: Vec<AddedColumn<'a>>,
    needs_border: bool,
    clsc_counts: Vec<usize>,
    /// Whether codes and names are plain texts rather than dictionaries.
    plain: bool,
}

/// Room that is used again for each batch.
#[derive(Debug, Default)]
pub(in crate::batch) struct Room<'a> {
    first: Vec<f64>,
    second: Vec<f64>,
    raw: Vec<[f64; 2]>,
    points: Vec<FixedPoint>,
    sides: Vec<Side>,
    classes: Vec<Class>,
    editions: Vec<u32>,
    limits: Vec<NearestLimit<'a>>,
    others: Vec<(u32, Answer<'a>)>,
    /// Rows that one edition is asked about together.
    asked: (Vec<u32>, Vec<FixedPoint>, Vec<Side>),
    days: Days,
}

/// The edition of each day that came up.
#[derive(Debug, Default)]
struct Days {
    dates: HashMap<i32, Option<u32>>,
    texts: HashMap<String, Option<u32>>,
}

/// A batch that was answered, row by row; what is not in `others` is plainly resolved.
#[derive(Debug)]
pub(super) struct Rows<'a, 'r> {
    /// Coordinates in degrees.
    pub raw: &'r [[f64; 2]],
    pub sides: &'r [Side],
    /// The CLSC in the row's edition; 0 where there is none.
    pub classes: &'r [Class],
    /// The edition of each row, where rows name their day.
    pub editions: Option<&'r [u32]>,
    /// The edition of the others.
    pub chosen: usize,
    /// Metres to the nearest limit and what lies beyond, where that is asked for.
    pub limits: &'r [NearestLimit<'a>],
    pub uncertainty_m: Option<f64>,
    /// Rows with an answer of their own, in order.
    pub others: &'r [(u32, Answer<'a>)],
}

impl Rows<'_, '_> {
    pub fn len(&self) -> usize {
        self.sides.len()
    }
}

/// West, east, south and north of where every number is a position, no question asked: inside of what
/// [`LonLat`](crate::domain::LonLat) takes for Québec, and of the grid.
const ORDINARY: [f64; 4] = [-82.0, -54.0, 43.0, 64.0];

impl<'a> Kernel<'a> {
    pub fn new(questions: Questions<'a>, geometry: Option<Geometry>, columns: &[Column], plain: bool) -> Self {
        let answerer = &questions.answerer;
        let clsc_counts = (0..answerer.edition_count())
            .map(|edition| answerer.resolver(edition).edition().hierarchy.clsc_count())
            .collect();
        Self {
            columns: columns.iter().map(|&column| AddedColumn::new(column, answerer)).collect(),
            needs_border: columns.iter().any(|column| matches!(column, Column::BorderM | Column::RunnerUpClsc)),
            clsc_counts,
            geometry,
            questions,
            plain,
        }
    }

    /// The columns that are added.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.columns.iter().map(|column| column.field(self.plain))
    }

    /// Rows by edition and CLSC, of none.
    pub fn no_tally(&self) -> Tally {
        Tally::new(&self.clsc_counts)
    }

    /// The added columns of a batch; what came of its rows is added to `tally`.
    pub fn answer(&self, batch: &RecordBatch, room: &mut Room<'a>, tally: &mut Tally) -> Vec<ArrayRef> {
        let by_day = self.find_editions(batch, room);
        self.locate(batch, room);
        self.tell_apart(batch, by_day, room, tally);
        if self.needs_border {
            self.measure(by_day, room);
        }
        let rows = Rows {
            raw: &room.raw,
            sides: &room.sides,
            classes: &room.classes,
            editions: by_day.then_some(&room.editions[..]),
            chosen: self.questions.answerer.chosen(),
            limits: &room.limits,
            uncertainty_m: self.questions.answerer.uncertainty_m(),
            others: &room.others,
        };
        self.columns.iter().map(|column| column.array(&rows, self.plain)).collect()
    }

    /// The edition of each row, where rows name their day; `u32::MAX` for one that has to be looked at by itself.
    fn find_editions(&self, batch: &RecordBatch, room: &mut Room<'a>) -> bool {
        let Some(column) = self.questions.inputs.as_of else { return false };
        let array = batch.column(column).as_ref();
        let find = |text: &str| self.questions.edition(text.as_bytes()).ok().map(|edition| edition as u32);
        room.editions.clear();
        room.editions.extend((0..batch.num_rows()).map(|row| {
            let found = if *array.data_type() == DataType::Date32 {
                if array.is_null(row) {
                    return u32::MAX;
                }
                let day = array.as_primitive::<Date32Type>().value(row);
                *room.days.dates.entry(day).or_insert_with(|| find(&cells::cell(array, row).text()))
            } else {
                let cell = cells::cell(array, row);
                let text = cell.text();
                match room.days.texts.get(text.as_ref()) {
                    Some(found) => *found,
                    None => {
                        // Texts with times of the day are as many as rows.
                        if room.days.texts.len() > 10_000 {
                            room.days.texts.clear();
                        }
                        *room.days.texts.entry(text.clone().into_owned()).or_insert_with(|| find(&text))
                    }
                }
            };
            found.unwrap_or(u32::MAX)
        }));
        true
    }

    /// The unit of every row whose position is an ordinary one; 0 for all others.
    fn locate(&self, batch: &RecordBatch, room: &mut Room<'a>) {
        let count = batch.num_rows();
        room.raw.clear();
        match (&self.geometry, self.questions.inputs.point) {
            (Some(geometry), _) => room.raw.extend((0..count).map(|row| {
                let point = geometry.point(batch, row);
                point.ok().flatten().unwrap_or([f64::NAN; 2])
            })),
            (None, Some([first, second])) => {
                coordinates::numbers(batch.column(first).as_ref(), &mut room.first);
                coordinates::numbers(batch.column(second).as_ref(), &mut room.second);
                room.raw.extend(room.first.iter().zip(&room.second).map(|(&first, &second)| [first, second]));
            }
            (None, None) => room.raw.resize(count, [f64::NAN; 2]),
        }
        if self.questions.inputs.projected {
            // Zeros stand for nothing known, whatever lies there.
            for point in &mut room.raw {
                if point.iter().all(|part| *part == 0.0) {
                    *point = [f64::NAN; 2];
                }
            }
            self.questions.project(&mut room.raw);
        }
        let [west, east, south, north] = ORDINARY;
        room.points.clear();
        room.points.extend(room.raw.iter().map(|&[lon, lat]| {
            let ordinary = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north);
            // The corner of the grid lies in no unit.
            if ordinary { FixedPoint::from_degrees(lon, lat).unwrap_or_default() } else { FixedPoint::default() }
        }));
        room.sides.clear();
        room.sides.resize(count, 0);
        if !self.questions.checks_addresses() {
            self.questions.answerer.locate_all(&room.points, &mut room.sides);
        }
    }

    /// Which rows are plainly resolved, with their CLSC, and the answers of all others.
    fn tell_apart(&self, batch: &RecordBatch, by_day: bool, room: &mut Room<'a>, tally: &mut Tally) {
        let Room { sides, points, classes, editions, others, .. } = room;
        let answerer = &self.questions.answerer;
        let chosen = answerer.chosen();
        classes.clear();
        others.clear();
        for (row, (side, &point)) in sides.iter_mut().zip(&*points).enumerate() {
            let edition = if by_day { editions[row] as usize } else { chosen };
            if *side > 0 && edition != u32::MAX as usize && answerer.is_clear(edition, point, *side) {
                let class = answerer.class(edition, *side);
                tally.plain(edition, class);
                classes.push(class);
                continue;
            }
            let (edition, answer) = answer_row(&self.questions, self.geometry.as_ref(), batch, row);
            tally.row(edition, class_of(&self.questions, edition, &answer).map(usize::from), &answer);
            *side = 0;
            classes.push(0);
            if by_day {
                editions[row] = edition as u32;
            }
            others.push((row as u32, answer));
        }
    }

    /// The nearest limit of every row that is plainly resolved.
    fn measure(&self, by_day: bool, room: &mut Room<'a>) {
        let Room { sides, points, editions, limits, asked: (rows, of_points, of_sides), .. } = room;
        let answerer = &self.questions.answerer;
        limits.clear();
        limits.resize(sides.len(), (None, None));
        for edition in 0..answerer.edition_count() {
            if !by_day && edition != answerer.chosen() {
                continue;
            }
            rows.clear();
            of_points.clear();
            of_sides.clear();
            for (row, (&point, &side)) in points.iter().zip(&*sides).enumerate() {
                if side > 0 && (!by_day || editions[row] as usize == edition) {
                    rows.push(row as u32);
                    of_points.push(point);
                    of_sides.push(side);
                }
            }
            answerer.limits(edition, of_points, of_sides, |place, limit| limits[rows[place] as usize] = limit);
        }
    }
}

/// The edition and the answer of one row of a batch, each value read as a table would have it.
pub(in crate::batch) fn answer_row<'a>(
    questions: &Questions<'a>,
    geometry: Option<&Geometry>,
    batch: &RecordBatch,
    row: usize,
) -> (usize, Answer<'a>) {
    let place = geometry.map(|geometry| match geometry.place(batch, row) {
        Place::Address(_) if !questions.inputs.has_address() => Place::Bad(Reason::NoValue),
        place => place,
    });
    questions.answer(place, |column| cell(batch, geometry, row, column).text().into_owned())
}

/// A value of a batch; a point as well-known text.
pub(in crate::batch) fn cell(
    batch: &RecordBatch,
    geometry: Option<&Geometry>,
    row: usize,
    column: usize,
) -> Cow<'static, Cell> {
    match geometry.filter(|geometry| geometry.column == column) {
        Some(geometry) => {
            let point = geometry.point(batch, row).ok().flatten();
            Cow::Owned(point.map_or(Cell::Empty, |[x, y]| Cell::Text(format!("POINT ({x} {y})"))))
        }
        None => Cow::Owned(cells::cell(batch.column(column).as_ref(), row)),
    }
}
