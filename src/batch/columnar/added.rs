//! The added columns of a batch, each made as a whole.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_schema::{DataType, Field};

use super::dictionary::{Dictionary, NOTHING};
use super::kernel::Rows;
use crate::batch::answer::{Answer, Answerer, Method, Reason, Status};
use crate::batch::columns::Column;
use crate::batch::render::{Added, is_number};
use crate::domain::Level;

/// How the rows of a column that are plainly resolved get their texts.
#[derive(Debug)]
pub(super) enum Plain {
    /// All the same one.
    Same(i32),
    /// By unit: what stands at a side.
    Side(Vec<i32>),
    /// By edition and CLSC.
    Class(Vec<Vec<i32>>),
    /// By edition.
    Edition(Vec<i32>),
    /// The CLSC beyond the nearest limit.
    Beyond,
}

/// A column that is added.
#[derive(Debug)]
pub(super) enum AddedColumn<'a> {
    /// Texts of a list that is known beforehand.
    Listed(Column, Dictionary<'a>, Plain),
    /// Texts of all kinds; plainly resolved rows have none.
    Text(Column),
    /// Numbers.
    Number(Column),
}

impl<'a> AddedColumn<'a> {
    pub fn new(column: Column, answerer: &Answerer<'a>) -> Self {
        if is_number(column) {
            return Self::Number(column);
        }
        let territory = |level: Level, is_code: bool| {
            let edition_of = |edition: usize| answerer.resolver(edition).edition();
            let text = |edition: usize, place: usize| -> &'a str {
                let territory = &edition_of(edition).hierarchy.territories(level)[place];
                if is_code { territory.code.as_str() } else { &territory.name }
            };
            let editions = 0..answerer.edition_count();
            let every = editions.clone().flat_map(|edition| {
                (0..edition_of(edition).hierarchy.territories(level).len()).map(move |place| (edition, place))
            });
            let list = Dictionary::new(every.map(|(edition, place)| text(edition, place)));
            let keys = editions
                .map(|edition| {
                    let hierarchy = edition_of(edition).hierarchy;
                    let key = |clsc: usize| list.key(text(edition, hierarchy.parent(clsc, level)));
                    (0..hierarchy.clsc_count()).map(key).collect()
                })
                .collect();
            Self::Listed(column, list, Plain::Class(keys))
        };
        match column {
            Column::Status => {
                let list = Dictionary::new(Status::ALL.iter().map(|status| status.word()));
                let plain = Plain::Same(list.key(Status::Resolved.word()));
                Self::Listed(column, list, plain)
            }
            Column::Reason => {
                let words = Reason::ALL.iter().map(|reason| reason.word()).filter(|word| !word.is_empty());
                Self::Listed(column, Dictionary::new(words), Plain::Same(NOTHING))
            }
            Column::Method => {
                let list = Dictionary::new(Method::ALL.iter().map(|method| method.word()));
                let plain = Plain::Same(list.key(Method::Point.word()));
                Self::Listed(column, list, plain)
            }
            Column::Edition => {
                let ids: Vec<&'a str> =
                    (0..answerer.edition_count()).map(|edition| answerer.edition_id(edition)).collect();
                let list = Dictionary::new(ids.iter().copied());
                let plain = Plain::Edition(ids.iter().map(|id| list.key(id)).collect());
                Self::Listed(column, list, plain)
            }
            Column::Da => {
                let areas = || (1..=answerer.unit_count()).map(|side| answerer.da(side as u32));
                let list = Dictionary::new(areas());
                // Nothing lies at side 0.
                let keys = std::iter::once(NOTHING).chain(areas().map(|area| list.key(area))).collect();
                Self::Listed(column, list, Plain::Side(keys))
            }
            Column::ClscCode => territory(Level::Clsc, true),
            Column::ClscName => territory(Level::Clsc, false),
            Column::RlsCode => territory(Level::Rls, true),
            Column::RlsName => territory(Level::Rls, false),
            Column::RtsCode => territory(Level::Rts, true),
            Column::RtsName => territory(Level::Rts, false),
            Column::RssCode => territory(Level::Rss, true),
            Column::RssName => territory(Level::Rss, false),
            Column::RuisssCode => territory(Level::Ruisss, true),
            Column::RuisssName => territory(Level::Ruisss, false),
            Column::RunnerUpClsc => match territory(Level::Clsc, true) {
                Self::Listed(column, list, _) => Self::Listed(column, list, Plain::Beyond),
                other => other,
            },
            other => Self::Text(other),
        }
    }

    const fn column(&self) -> Column {
        match self {
            Self::Listed(column, ..) | Self::Text(column) | Self::Number(column) => *column,
        }
    }

    /// Its name and type; `plain` says whether listed texts are plain texts rather than a dictionary.
    pub fn field(&self, plain: bool) -> Field {
        let kind = match self {
            Self::Listed(..) if !plain => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Self::Listed(..) | Self::Text(_) => DataType::Utf8,
            Self::Number(_) => DataType::Float64,
        };
        Field::new(self.column().name(), kind, true)
    }

    /// The column of a batch.
    pub fn array(&self, rows: &Rows<'a, '_>, plain: bool) -> ArrayRef {
        match self {
            Self::Listed(column, list, of_plain) => {
                let mut keys = plain_keys(list, of_plain, rows);
                for (row, answer) in rows.others {
                    keys[*row as usize] = match Added::of(*column, answer) {
                        Added::Text(text) => list.key(&text),
                        _ => NOTHING,
                    };
                }
                list.column(keys, plain)
            }
            Self::Text(column) => {
                let mut out = StringBuilder::new();
                let mut others = rows.others.iter().peekable();
                for row in 0..rows.len() as u32 {
                    match others.next_if(|(other, _)| *other == row).map(|(_, answer)| Added::of(*column, answer)) {
                        Some(Added::Text(text)) => out.append_value(text),
                        _ => out.append_null(),
                    }
                }
                Arc::new(out.finish())
            }
            Self::Number(column) => {
                let mut out = Float64Builder::with_capacity(rows.len());
                let mut others = rows.others.iter().peekable();
                for row in 0..rows.len() {
                    let value = match others.next_if(|(other, _)| *other as usize == row) {
                        Some((_, answer)) => number(*column, answer),
                        None => plain_number(*column, rows, row),
                    };
                    out.append_option(value);
                }
                Arc::new(out.finish())
            }
        }
    }
}

fn plain_keys(list: &Dictionary<'_>, plain: &Plain, rows: &Rows<'_, '_>) -> Vec<i32> {
    match plain {
        Plain::Same(key) => vec![*key; rows.len()],
        Plain::Side(keys) => rows.sides.iter().map(|&side| keys[side as usize]).collect(),
        // A row that lies nowhere has the class of the first; what it has instead is put there afterwards.
        Plain::Class(keys) => match rows.editions {
            None => {
                let keys = &keys[rows.chosen];
                rows.classes.iter().map(|&class| keys[usize::from(class)]).collect()
            }
            Some(editions) => {
                let both = rows.classes.iter().zip(editions);
                both.map(|(&class, &edition)| {
                    keys[edition as usize].get(usize::from(class)).copied().unwrap_or(NOTHING)
                })
                .collect()
            }
        },
        Plain::Edition(keys) => match rows.editions {
            None => vec![keys[rows.chosen]; rows.len()],
            Some(editions) => editions.iter().map(|&edition| keys[edition as usize]).collect(),
        },
        Plain::Beyond => rows.limits.iter().map(|(_, beyond)| beyond.map_or(NOTHING, |code| list.key(code))).collect(),
    }
}

fn number(column: Column, answer: &Answer<'_>) -> Option<f64> {
    if let Added::Number(value) = Added::of(column, answer) { Some(value) } else { None }
}

/// What a row that is plainly resolved has in a column of numbers.
fn plain_number(column: Column, rows: &Rows<'_, '_>, row: usize) -> Option<f64> {
    let value = match column {
        Column::BorderM => Added::rounded(rows.limits[row].0?),
        Column::Lon => Added::degrees(rows.raw[row][0]),
        Column::Lat => Added::degrees(rows.raw[row][1]),
        Column::UncertaintyM => Added::rounded(rows.uncertainty_m?),
        _ => return None,
    };
    if let Added::Number(value) = value { Some(value) } else { None }
}
