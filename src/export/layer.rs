//! The rows of a level: their columns and their outlines.

use crate::atlas::{Atlas, EditionView};
use crate::domain::{Level, UnitKind};
use crate::geometry::outline::Polygon;
use crate::resolve::{Named, Resolver, TerritoryDetail, TerritoryTable, outlines};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; codes too, whose zeros matter.
    Text,
    /// Whole numbers, some of them unknown.
    Whole,
    /// Numbers with decimals.
    Number,
}

/// A column of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its name where ten letters are all there is (dBase).
    pub short: &'static str,
    /// What it holds.
    pub kind: Kind,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, short: name, kind }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, empty where there is none.
    Text(String),
    /// A whole number, where it is known.
    Whole(Option<u64>),
    /// A number.
    Number(f64),
}

/// A row: a unit or a territory.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its identifier or code.
    pub id: String,
    /// Its values, in the order of the layer's fields.
    pub values: Vec<Value>,
    /// Its outline; empty for a territory without units.
    pub outline: Vec<Polygon>,
}

/// The units or territories of a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The level.
    pub level: Level,
    /// The columns.
    pub fields: Vec<Field>,
    /// The rows: units in the order of the atlas, territories in order of code.
    pub records: Vec<Record>,
}

/// Columns with the code and the name of each level of territories.
const ABOVE: [(Level, [&str; 2]); 5] = [
    (Level::Clsc, ["CLSC_code", "CLSC_nom"]),
    (Level::Rls, ["RLS_code", "RLS_nom"]),
    (Level::Rts, ["RTS_code", "RTS_nom"]),
    (Level::Rss, ["RSS_code", "RSS_nom"]),
    (Level::Ruisss, ["RUIS_code", "RUIS_nom"]),
];

impl Layer {
    /// The rows of a level, with their outlines where these are wanted.
    #[must_use]
    pub fn of(atlas: &Atlas, resolver: &Resolver<'_>, level: Level, with_outlines: bool) -> Self {
        let edition = resolver.edition();
        let fields = Self::fields_of(atlas, level);
        let rows = match level {
            Level::Da => unit_rows(atlas, resolver),
            _ => territory_rows(atlas, edition, level),
        };
        let mut outlines = if with_outlines { outlines(atlas, edition, level) } else { vec![Vec::new(); rows.len()] };
        let records = rows
            .into_iter()
            .zip(&mut outlines)
            .map(|((id, values), outline)| Record { id, values, outline: std::mem::take(outline) })
            .collect();
        Self { level, fields, records }
    }

    /// The columns of a level.
    #[must_use]
    pub fn fields_of(atlas: &Atlas, level: Level) -> Vec<Field> {
        if level == Level::Da { unit_fields(atlas) } else { territory_fields(level) }
    }

    /// The rows of a list of territories of one level, without outlines.
    #[must_use]
    pub fn of_list(level: Level, list: &[TerritoryDetail<'_>]) -> Self {
        let records = list
            .iter()
            .map(|detail| Record { id: detail.code.to_owned(), values: territory_values(detail), outline: Vec::new() })
            .collect();
        Self { level, fields: territory_fields(level), records }
    }
}

/// The name of the column that identifies units, as the census has it.
#[must_use]
pub fn id_field(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::DisseminationArea => "DAUID",
        UnitKind::DisseminationBlock => "DBUID",
        UnitKind::Other => "unit_id",
    }
}

fn unit_fields(atlas: &Atlas) -> Vec<Field> {
    let mut fields = vec![field(id_field(atlas.manifest().unit_kind), Kind::Text)];
    fields.extend(ABOVE.iter().flat_map(|(_, names)| names).map(|name| field(name, Kind::Text)));
    fields.extend([field("population", Kind::Whole), field("area_km2", Kind::Number)]);
    fields
}

fn unit_rows(atlas: &Atlas, resolver: &Resolver<'_>) -> Vec<(String, Vec<Value>)> {
    let edition = resolver.edition();
    (0..atlas.unit_count())
        .map(|unit| {
            let lineage = resolver.lineage(edition.clsc_of_unit[unit]);
            let id = atlas.unit_id(unit).to_owned();
            let mut values = vec![Value::Text(id.clone())];
            for named in [lineage.clsc, lineage.rls, lineage.rts, lineage.rss, lineage.ruisss] {
                values.extend([named.code, named.name].map(|text| Value::Text(text.to_owned())));
            }
            values.push(Value::Whole(atlas.people(unit).map(u64::from)));
            values.push(Value::Number((atlas.areas_m2()[unit] / 10.0).round() / 1e5));
            (id, values)
        })
        .collect()
}

/// The columns of a level of territories.
#[must_use]
pub fn territory_fields(level: Level) -> Vec<Field> {
    let mut fields = ["code", "name", "level"].map(|name| field(name, Kind::Text)).to_vec();
    // Its own code and name stand there, too, under the names that the ministry gives them.
    let above = ABOVE.iter().filter(|(upper, _)| *upper >= level).flat_map(|(_, names)| names);
    fields.extend(above.map(|name| field(name, Kind::Text)));
    fields.extend([
        field("population", Kind::Whole),
        Field { name: "published_population", short: "pop_publ", kind: Kind::Whole },
        field("units", Kind::Whole),
        field("clsc_count", Kind::Whole),
        field("area_km2", Kind::Number),
    ]);
    fields
}

fn territory_rows(atlas: &Atlas, edition: EditionView<'_>, level: Level) -> Vec<(String, Vec<Value>)> {
    let table = TerritoryTable::new(atlas, edition);
    table.details(edition, level).map(|detail| (detail.code.to_owned(), territory_values(&detail))).collect()
}

fn territory_values(detail: &TerritoryDetail<'_>) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let joined = |named: &[Named<'_>], part: fn(&Named<'_>) -> String, between: &str| {
        Value::Text(named.iter().map(part).collect::<Vec<_>>().join(between))
    };
    let mut values = vec![text(detail.code), text(detail.name), text(detail.level.as_str())];
    values.extend([text(detail.code), text(detail.name)]);
    let parents = [
        (Level::Rls, &detail.parents.rls),
        (Level::Rts, &detail.parents.rts),
        (Level::Rss, &detail.parents.rss),
        (Level::Ruisss, &detail.parents.ruisss),
    ];
    for (_, list) in parents.into_iter().filter(|(upper, _)| *upper > detail.level) {
        values.push(joined(list, |named| named.code.to_owned(), " "));
        values.push(joined(list, |named| named.name.to_owned(), "; "));
    }
    values.push(Value::Whole(detail.population));
    values.push(Value::Whole(detail.published_population));
    values.push(Value::Whole(Some(detail.units as u64)));
    values.push(Value::Whole(Some(detail.clsc_count as u64)));
    values.push(Value::Number(detail.area_km2));
    values
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own_within_ten_letters() {
        for level in Level::TERRITORIAL {
            let fields = territory_fields(level);
            let short: BTreeSet<&str> = fields.iter().map(|field| field.short).collect();
            assert_eq!(short.len(), fields.len(), "{level}");
            assert!(short.iter().all(|name| name.len() <= 10 && name.is_ascii()), "{level}: {short:?}");
        }
    }
}
