//! The features that answer a request.

use std::io::Write as _;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use serde_json::{Map, json};

use super::query::found;
use super::wire::Link;
use super::{EDITION, ItemsQuery, When, crs_uri, tag, url};
use crate::catalogue::{CatalogueEdition, Timetable};
use crate::domain::{Date, EditionChoice, Level};
use crate::export::{CoordinateSystem, Layer, geojson};
use crate::geometry::FixedBox;
use crate::geometry::meeting::meets;
use crate::http::base::{Base, encoded};
use crate::http::systems::System;
use crate::http::{Problem, Served};

/// An answer, as it goes out.
pub struct Answer {
    /// As it is, and packed where that is kept; nothing where who asks has it already.
    pub bytes: Option<(Bytes, Option<Bytes>)>,
    /// What tells it from any other.
    pub tag: HeaderValue,
    /// The system of its outlines.
    pub crs: String,
}

/// The features of editions, with what they are written with.
struct Writer<'a> {
    in_force: &'a str,
    system: CoordinateSystem,
}

impl Writer<'_> {
    /// Writes a feature.
    fn write(&self, out: &mut Vec<u8>, edition: &CatalogueEdition, layer: &Layer, place: usize) -> Result<(), Problem> {
        let record = &layer.records[place];
        let dated = edition.view().dated();
        let mut more = Map::new();
        more.insert(EDITION.to_owned(), json!(dated.header.id));
        more.insert("valid_from".to_owned(), json!(dated.header.valid_from));
        more.insert("valid_until".to_owned(), json!(dated.validity.valid_until));
        let id = self.id(edition, &record.id);
        geojson::write_record(out, &id, layer, record, &more, &self.system).map_err(|_| Problem::internal())
    }

    fn id(&self, edition: &CatalogueEdition, code: &str) -> String {
        let name = &edition.header().id;
        if name == self.in_force { code.to_owned() } else { format!("{code}@{name}") }
    }
}

fn writer<'a>(
    crs: Option<u32>,
    in_force: &'a str,
    system: &impl Fn(u32) -> Option<System>,
) -> Result<Writer<'a>, Problem> {
    let system = match crs {
        None => CoordinateSystem::wgs84(),
        Some(code) => found("crs", code, system)?.writer,
    };
    Ok(Writer { in_force, system })
}

/// The editions that a request means.
fn editions(timetable: &Timetable, when: &When, today: Date) -> Result<Vec<CatalogueEdition>, Problem> {
    Ok(match when {
        When::Today => vec![timetable.choose(&EditionChoice::InForce(today))?],
        When::Named(name) => vec![timetable.choose(&EditionChoice::named(name))?],
        When::Between(from, to) => {
            let mut all = timetable.editions()?;
            all.retain(|edition| {
                let dated = edition.view();
                let ended = dated.validity.valid_until;
                to.is_none_or(|to| dated.header.valid_from <= to)
                    && from.is_none_or(|from| ended.is_none_or(|ended| ended >= from))
            });
            all
        }
    })
}

/// Answers a request for the features of a collection. `known` is what whoever asks has already.
pub fn answer_items(
    served: &Arc<Served>,
    today: Date,
    base: &Base,
    query: &ItemsQuery,
    system: impl Fn(u32) -> Option<System>,
    known: impl Fn(&HeaderValue) -> bool,
) -> Result<Answer, Problem> {
    let timetable = served.timetable()?;
    let in_force = timetable.in_force(today)?.id.clone();
    let editions = editions(&timetable, &query.when, today)?;
    let tag = tag(&editions, &in_force, base);
    let crs = crs_uri(query.crs);
    if known(&tag) {
        return Ok(Answer { bytes: None, tag, crs });
    }
    let key = format!("{tag:?} {} {} {}", query.level, query.offset, query.rest);
    if let Some(kept) = served.layers.answer(&key) {
        return Ok(Answer { bytes: Some((kept.plain, Some(kept.packed))), tag, crs });
    }
    let writer = writer(query.crs, &in_force, &system)?;
    let layers: Vec<_> = editions.iter().map(|edition| served.layers.layer(edition, query.level)).collect();
    let mut matched: Vec<(usize, usize)> = Vec::new();
    for (number, (edition, layer)) in editions.iter().zip(&layers).enumerate() {
        let Some(layer) = layer.get() else { continue };
        let takes = |place: &usize| {
            let record = &layer.records[*place];
            let near = query.areas.as_ref().is_none_or(|areas| areas.iter().any(|area| meets(&record.outline, area)));
            near && query.takes(record)
        };
        let places = candidates(edition, query, layer.records.len());
        matched.extend(places.into_iter().filter(takes).map(|place| (number, place)));
    }
    let page: Vec<(usize, usize)> = matched.iter().skip(query.offset).take(query.limit).copied().collect();
    let links = links(base, query, matched.len(), page.len());
    let mut out = Vec::new();
    write!(
        out,
        "{{\"type\":\"FeatureCollection\",\"numberMatched\":{},\"numberReturned\":{},\"links\":{},\"features\":[",
        matched.len(),
        page.len(),
        serde_json::to_string(&links).map_err(|_| Problem::internal())?,
    )
    .map_err(|_| Problem::internal())?;
    for (place, (number, record)) in page.into_iter().enumerate() {
        if let Some(layer) = layers[number].get() {
            out.extend_from_slice(if place > 0 { b",\n" } else { b"\n" });
            writer.write(&mut out, &editions[number], layer, record)?;
        }
    }
    out.extend_from_slice(b"\n]}");
    // What is asked for box by box is not asked for again.
    if query.areas.is_some() {
        return Ok(Answer { bytes: Some((out.into(), None)), tag, crs });
    }
    let kept = served.layers.keep(key, out)?;
    Ok(Answer { bytes: Some((kept.plain, Some(kept.packed))), tag, crs })
}

/// The places of the rows whose boxes meet the areas asked for.
fn candidates(edition: &CatalogueEdition, query: &ItemsQuery, count: usize) -> Vec<usize> {
    let Some(areas) = &query.areas else { return (0..count).collect() };
    let boxes = edition.boxes(query.level);
    let mut places: Vec<usize> = areas.iter().flat_map(|area| boxes.meeting(FixedBox::around(area))).collect();
    places.sort_unstable();
    places.dedup();
    places
}

fn links(base: &Base, query: &ItemsQuery, matched: usize, returned: usize) -> Vec<Link> {
    const GEOJSON: &str = "application/geo+json";
    let items = format!("{}/items", url(base, query.level));
    let at = |offset: usize| {
        let parts = [query.rest.clone(), if offset > 0 { format!("offset={offset}") } else { String::new() }];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { items.clone() } else { format!("{items}?{}", parts.join("&")) }
    };
    let mut links = vec![
        Link::new("self", GEOJSON, at(query.offset)),
        Link::new("collection", "application/json", url(base, query.level)),
    ];
    let next = query.offset.saturating_add(returned);
    if returned > 0 && next < matched {
        links.push(Link::new("next", GEOJSON, at(next)));
    }
    if query.offset > 0 {
        links.push(Link::new("prev", GEOJSON, at(query.offset.saturating_sub(query.limit).min(matched))));
    }
    links
}

/// Answers a request for one feature.
pub fn answer_item(
    served: &Arc<Served>,
    today: Date,
    base: &Base,
    (level, id, crs): (Level, &str, Option<u32>),
    system: impl Fn(u32) -> Option<System>,
    known: impl Fn(&HeaderValue) -> bool,
) -> Result<Answer, Problem> {
    let timetable = served.timetable()?;
    let in_force = timetable.in_force(today)?.id.clone();
    let (code, when) = match id.split_once('@') {
        None => (id, When::Today),
        Some((code, edition)) => (code, When::Named(edition.to_owned())),
    };
    let editions = editions(&timetable, &when, today)?;
    let edition = editions.first().ok_or_else(Problem::internal)?;
    let view = edition.view();
    let place = match level {
        Level::Da => edition.atlas().find_unit(code),
        level => view.hierarchy.find(level, code),
    };
    let place = place.ok_or_else(|| Problem::unknown_territory(level, code, &view.header.id))?;
    let tag = tag(&editions, &in_force, base);
    let crs_name = crs_uri(crs);
    if known(&tag) {
        return Ok(Answer { bytes: None, tag, crs: crs_name });
    }
    let writer = writer(crs, &in_force, &system)?;
    let layer = served.layers.layer(edition, level);
    let layer = layer.get().ok_or_else(Problem::internal)?;
    let mut out = Vec::new();
    writer.write(&mut out, edition, layer, place)?;
    let own = format!("{}/items/{}", url(base, level), encoded(&writer.id(edition, code)));
    let links =
        [Link::new("self", "application/geo+json", own), Link::new("collection", "application/json", url(base, level))];
    // Into the feature, before its last brace.
    out.pop();
    write!(out, ",\"links\":{}}}", serde_json::to_string(&links).map_err(|_| Problem::internal())?)
        .map_err(|_| Problem::internal())?;
    Ok(Answer { bytes: Some((out.into(), None)), tag, crs: crs_name })
}
