//! `rattache atlas export`, and the CSV of territories.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use geojson::JsonObject;

use super::CliError;
use super::args::{ExportArgs, ExportFormat};
use crate::atlas::{Atlas, EditionView};
use crate::domain::{Language, Level, Words};
use crate::geometry::FixedPoint;
use crate::geometry::outline::Polygon;
use crate::resolve::{Named, Resolver, TerritoryDetail, TerritoryTable, outline, unit_outline};

/// Exports a level.
pub fn run(asked: &ExportArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let format = format(asked)?;
    let atlas = super::open(asked.source.atlas.as_deref(), lang)?;
    let draft = super::revision::draft(&asked.draft, &atlas, &asked.source)?;
    let edition = super::revision::view(&atlas, draft.as_ref(), &asked.source)?;
    let resolver = match &draft {
        Some(draft) => Resolver::of_draft(&atlas, draft),
        None => Resolver::new(&atlas, &asked.source.choice())?,
    };
    let records = records(&atlas, &resolver, asked.level, format != ExportFormat::Csv);
    if format == ExportFormat::Shapefile {
        let path = asked.output.as_deref().ok_or(CliError::Missing {
            what: Words::new("le nom du shapefile", "the name of the shapefile"),
            flag: Words::same("--output"),
            key: "output",
        })?;
        write_shapefile(path, &records)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut bytes = Vec::new();
    if format == ExportFormat::Geojson {
        write_geojson(asked.level, edition, records, &mut bytes).map_err(CliError::Output)?;
    } else {
        write_csv(&records, &mut bytes)?;
    }
    match &asked.output {
        Some(path) => crate::atlas::write(path, &bytes)?,
        None => out.write_all(&bytes).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The format asked for, or that of the ending of the output.
fn format(asked: &ExportArgs) -> Result<ExportFormat, CliError> {
    let ending =
        asked.output.as_deref().and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    let told = match ending.as_deref() {
        Some("geojson" | "json") => Some(ExportFormat::Geojson),
        Some("csv" | "txt") => Some(ExportFormat::Csv),
        Some("shp") => Some(ExportFormat::Shapefile),
        Some(other) if asked.format.is_none() => return Err(CliError::Ending { ending: other.to_owned() }),
        None | Some(_) => None,
    };
    match (asked.format, told, ending) {
        (Some(format), Some(told), Some(ending)) if format != told => Err(CliError::Ending { ending }),
        (format, told, _) => Ok(format.or(told).unwrap_or(ExportFormat::Geojson)),
    }
}

/// One row of an export: its columns by name, and its outline.
struct Record {
    fields: Vec<(&'static str, Field)>,
    outline: Vec<Polygon>,
}

#[derive(Clone)]
enum Field {
    Text(String),
    Whole(Option<u64>),
    Number(f64),
}

fn records(atlas: &Atlas, resolver: &Resolver<'_>, level: Level, outlines: bool) -> Vec<Record> {
    let edition = resolver.edition();
    let text = |text: &str| Field::Text(text.to_owned());
    if level == Level::Da {
        return (0..atlas.unit_count())
            .map(|unit| {
                let lineage = resolver.lineage(edition.clsc_of_unit[unit]);
                let mut fields = vec![("DAUID", text(atlas.unit_id(unit)))];
                let names = [
                    (["CLSC_code", "CLSC_nom"], lineage.clsc),
                    (["RLS_code", "RLS_nom"], lineage.rls),
                    (["RTS_code", "RTS_nom"], lineage.rts),
                    (["RSS_code", "RSS_nom"], lineage.rss),
                    (["RUIS_code", "RUIS_nom"], lineage.ruisss),
                ];
                for ([code, name], named) in names {
                    fields.push((code, text(named.code)));
                    fields.push((name, text(named.name)));
                }
                fields.push(("population", Field::Whole(atlas.people(unit).map(u64::from))));
                fields.push(("area_km2", Field::Number((atlas.areas_m2()[unit] / 10.0).round() / 1e5)));
                Record { fields, outline: if outlines { unit_outline(atlas, unit) } else { Vec::new() } }
            })
            .collect();
    }
    let table = TerritoryTable::new(atlas, edition);
    table
        .details(edition, level)
        .enumerate()
        .map(|(place, detail)| Record {
            fields: territory_fields(&detail),
            outline: if outlines { outline(atlas, edition, level, place) } else { Vec::new() },
        })
        .collect()
}

fn territory_fields(detail: &TerritoryDetail<'_>) -> Vec<(&'static str, Field)> {
    let text = |text: &str| Field::Text(text.to_owned());
    let joined = |named: &[Named<'_>]| Field::Text(named.iter().map(|named| named.code).collect::<Vec<_>>().join(" "));
    let mut fields =
        vec![("code", text(detail.code)), ("name", text(detail.name)), ("level", text(detail.level.as_str()))];
    let parents = [
        (Level::Rls, "RLS_code", &detail.parents.rls),
        (Level::Rts, "RTS_code", &detail.parents.rts),
        (Level::Rss, "RSS_code", &detail.parents.rss),
        (Level::Ruisss, "RUIS_code", &detail.parents.ruisss),
    ];
    fields.extend(
        parents.into_iter().filter(|(upper, ..)| *upper > detail.level).map(|(_, name, list)| (name, joined(list))),
    );
    fields.push(("population", Field::Whole(detail.population)));
    fields.push(("published_population", Field::Whole(detail.published_population)));
    fields.push(("units", Field::Whole(Some(detail.units as u64))));
    fields.push(("clsc_count", Field::Whole(Some(detail.clsc_count as u64))));
    fields.push(("area_km2", Field::Number(detail.area_km2)));
    fields
}

/// Writes a list of territories as CSV: UTF-8, commas, codes quoted as text by their zeros only.
pub fn territories_csv(list: &[TerritoryDetail<'_>], out: &mut dyn Write) -> Result<(), CliError> {
    let records: Vec<Record> =
        list.iter().map(|detail| Record { fields: territory_fields(detail), outline: Vec::new() }).collect();
    write_csv(&records, out)
}

fn write_csv(records: &[Record], out: &mut dyn Write) -> Result<(), CliError> {
    let failed = |error: csv::Error| CliError::Output(error.into());
    let mut writer = csv::Writer::from_writer(out);
    if let Some(first) = records.first() {
        writer.write_record(first.fields.iter().map(|(name, _)| *name)).map_err(failed)?;
    }
    for record in records {
        let row = record.fields.iter().map(|(_, field)| match field {
            Field::Text(text) => text.clone(),
            Field::Whole(whole) => whole.map_or_else(String::new, |whole| whole.to_string()),
            Field::Number(number) => number.to_string(),
        });
        writer.write_record(row).map_err(failed)?;
    }
    writer.flush().map_err(CliError::Output)
}

/// Positions as `GeoJSON` writes them: longitude first.
fn positions(ring: &[FixedPoint]) -> Vec<geojson::Position> {
    ring.iter().map(|v| geojson::Position::from(vec![round(v.lon()), round(v.lat())])).collect()
}

/// The eight decimals of the grid, without the noise of binary fractions.
fn round(degrees: f64) -> f64 {
    (degrees * 1e8).round() / 1e8
}

fn write_geojson(
    level: Level,
    edition: EditionView<'_>,
    records: Vec<Record>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let head = serde_json::json!({ "edition": edition.header, "level": level });
    write!(out, "{{\"type\":\"FeatureCollection\",\"rattache\":{head},\"features\":[")?;
    for (place, record) in records.into_iter().enumerate() {
        let mut properties = JsonObject::new();
        for (name, field) in &record.fields {
            let value = match field {
                Field::Text(text) => text.as_str().into(),
                Field::Whole(whole) => (*whole).into(),
                Field::Number(number) => (*number).into(),
            };
            properties.insert((*name).to_owned(), value);
        }
        let coordinates = record
            .outline
            .iter()
            .map(|polygon| std::iter::once(&polygon.shell).chain(&polygon.holes).map(|ring| positions(ring)).collect())
            .collect();
        let feature = geojson::Feature {
            geometry: Some(geojson::Geometry::new(geojson::GeometryValue::MultiPolygon { coordinates })),
            properties: Some(properties),
            ..geojson::Feature::default()
        };
        if place > 0 {
            out.write_all(b",")?;
        }
        write!(out, "\n{feature}")?;
    }
    out.write_all(b"\n]}\n")
}

fn write_shapefile(path: &Path, records: &[Record]) -> Result<(), CliError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| CliError::Export { path: path.to_owned(), source };
    write_shapes(path, records).map_err(failed)?;
    let beside = |extension: &str, text: &str| {
        std::fs::write(path.with_extension(extension), text).map_err(|source| failed(source.into()))
    };
    beside("prj", NAD83)?;
    beside("cpg", "UTF-8")
}

/// Geographic NAD83, as ESRI writes it.
const NAD83: &str = "GEOGCS[\"GCS_North_American_1983\",DATUM[\"D_North_American_1983\",\
SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

fn write_shapes(path: &Path, records: &[Record]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    use shapefile::dbase::{FieldName, FieldValue, Record as Row, TableWriterBuilder, encoding::Unicode};
    let mut builder = TableWriterBuilder::with_encoding(Unicode);
    let first = records.first().map(|record| record.fields.as_slice()).unwrap_or_default();
    let names: Vec<String> = first.iter().map(|(name, _)| name.chars().take(10).collect()).collect();
    for ((_, field), name) in first.iter().zip(&names) {
        let name = FieldName::try_from(name.as_str())?;
        builder = match field {
            Field::Text(_) => builder.add_character_field(name, 254),
            Field::Whole(_) => builder.add_numeric_field(name, 12, 0),
            Field::Number(_) => builder.add_numeric_field(name, 18, 5),
        };
    }
    let mut writer = shapefile::Writer::from_path(path, builder)?;
    for record in records {
        let mut row = Row::default();
        for ((_, field), name) in record.fields.iter().zip(&names) {
            let value = match field {
                Field::Text(text) => FieldValue::Character(Some(text.clone())),
                Field::Whole(whole) => FieldValue::Numeric(whole.map(|whole| whole as f64)),
                Field::Number(number) => FieldValue::Numeric(Some(*number)),
            };
            row.insert(name.clone(), value);
        }
        let points =
            |ring: &[FixedPoint]| ring.iter().map(|v| shapefile::Point::new(v.lon(), v.lat())).collect::<Vec<_>>();
        let rings: Vec<shapefile::PolygonRing<shapefile::Point>> = record
            .outline
            .iter()
            .flat_map(|polygon| {
                std::iter::once(shapefile::PolygonRing::Outer(points(&polygon.shell)))
                    .chain(polygon.holes.iter().map(|hole| shapefile::PolygonRing::Inner(points(hole))))
            })
            .collect();
        writer.write_shape_and_record(&shapefile::Polygon::with_rings(rings), &row)?;
    }
    Ok(())
}
