//! From a coverage and its editions to the bytes of an atlas.

use super::bytes::Bytes;
use super::format::{ALL, Writer, tag};
use super::open::{EditionManifest, Manifest, SourceFile};
use super::{AtlasError, inside};
use crate::address::Gazetteer;
use crate::domain::{Edition, Finding, Installation, UnitKind};
use crate::geometry::{Coverage, FixedBox};
use crate::lookup::{Limits, PointIndex};

/// What an atlas is made of.
#[derive(Debug, Clone)]
pub struct AtlasSource {
    /// Identifier of each unit.
    pub unit_ids: Vec<String>,
    /// Their limits.
    pub coverage: Coverage,
    /// People of each unit, where known.
    pub people: Vec<Option<u32>>,
    /// The year they were counted in, where known.
    pub people_year: Option<i16>,
    /// People of each unit in other years, where known.
    pub people_by_year: Vec<(i16, Vec<Option<u32>>)>,
    /// The editions, in any order.
    pub editions: Vec<Edition>,
    /// Points of service.
    pub installations: Vec<Installation>,
    /// How far outside the coverage a point still gets the nearest unit, metres.
    pub nearest_m: f64,
    /// The files it comes from.
    pub sources: Vec<SourceFile>,
    /// What was found in them.
    pub findings: Vec<Finding>,
    /// The address registry, whose units are places in `unit_ids`.
    pub addresses: Option<Gazetteer>,
}

/// Lays out an atlas. Equal sources give equal bytes.
///
/// # Errors
/// [`AtlasError`] where editions do not fit the units or one another.
pub fn compile(mut source: AtlasSource) -> Result<Bytes, AtlasError> {
    check(&mut source)?;
    let AtlasSource {
        unit_ids,
        coverage,
        people,
        people_year,
        people_by_year,
        editions,
        installations,
        nearest_m,
        sources,
        findings,
        addresses,
    } = source;
    let view = coverage.view();
    let index = PointIndex::build(view)?;
    let index_view = index.view(view).ok_or(AtlasError::NoArea)?;
    let mut writer = Writer::default();
    let manifest = Manifest {
        program: format!("rattache {}", env!("CARGO_PKG_VERSION")),
        unit_kind: UnitKind::of(unit_ids.iter().map(String::as_str)),
        nearest_m,
        people_year,
        other_people_years: people_by_year.iter().map(|(year, _)| *year).collect(),
        sources,
        findings,
        installations,
        editions: editions
            .iter()
            .map(|edition| EditionManifest {
                header: edition.header.clone(),
                hierarchy: edition.hierarchy.clone(),
                straddles: edition.straddles.clone(),
            })
            .collect(),
    };
    let json = serde_json::to_vec(&manifest).map_err(AtlasError::BadManifest)?;
    writer.push(tag::META, ALL, &json);

    let mut end = 0_u32;
    let ends: Vec<u32> = unit_ids
        .iter()
        .map(|id| {
            end += id.len() as u32;
            end
        })
        .collect();
    let mut order: Vec<u32> = (0..unit_ids.len() as u32).collect();
    order.sort_unstable_by_key(|&unit| &unit_ids[unit as usize]);
    writer.push(tag::UNIT_ENDS, ALL, &ends);
    writer.push(tag::UNIT_NAMES, ALL, unit_ids.concat().as_bytes());
    writer.push(tag::UNIT_ORDER, ALL, &order);
    let addresses = addresses.map(|mut addresses| {
        addresses.measure(&people);
        addresses
    });
    let known = |people: Vec<Option<u32>>| -> Vec<u32> {
        people.into_iter().map(|people| people.unwrap_or(u32::MAX)).collect()
    };
    writer.push(tag::UNIT_PEOPLE, ALL, &known(people));
    for (number, (_, people)) in (0_u32..).zip(people_by_year) {
        writer.push(tag::UNIT_PEOPLE_OF_YEAR, number, &known(people));
    }
    writer.push(tag::UNIT_AREA, ALL, &coverage.area_m2);
    let mut boxes = vec![FixedBox::EMPTY; unit_ids.len() + 1];
    for (arc, sides) in coverage.sides.iter().enumerate() {
        let around = FixedBox::around(view.arc(arc));
        for &side in sides {
            boxes[side as usize].add(around);
        }
    }
    writer.push(tag::UNIT_BOX, ALL, &boxes[1..]);
    writer.push(tag::UNIT_POINT, ALL, &inside::points_inside(view, unit_ids.len()));

    writer.push(tag::ARC_STARTS, ALL, &coverage.starts);
    writer.push(tag::ARC_SIDES, ALL, &coverage.sides);
    writer.push(tag::VERTICES, ALL, &coverage.vertices);
    writer.push(tag::GRID, ALL, index.grid.as_slice());
    writer.push(tag::ROOTS, ALL, &index.roots);
    writer.push(tag::NODES, ALL, &index.nodes);
    writer.push(tag::LEAVES, ALL, &index.leaves);
    writer.push(tag::COARSE, ALL, &index.coarse);
    for (number, edition) in (0_u32..).zip(&editions) {
        let limits = Limits::build(index_view, view, |unit| edition.attachment.clsc(unit));
        writer.push(tag::ATTACHMENT, number, edition.attachment.as_slice());
        writer.push(tag::LIMIT_EDGES, number, &limits.edges);
        writer.push(tag::LIMIT_NODES, number, &limits.nodes);
        writer.push(tag::UNIT_CLEARANCE, number, &limits.unit_clearance);
        writer.push(tag::CELL_CLEARANCE, number, &limits.cell_clearance);
        writer.push(tag::NEAR_WORDS, number, &limits.near.words);
        writer.push(tag::NEAR_LISTS, number, &limits.near.lists);
    }
    if let Some(addresses) = addresses {
        for ((_, bytes), tag) in addresses.sections().into_iter().zip(tag::ADDRESSES) {
            writer.push(tag, ALL, bytes);
        }
    }
    drop((coverage, index));
    let (words, used) = writer.finish();
    Ok(Bytes::owned(words, used))
}

fn check(source: &mut AtlasSource) -> Result<(), AtlasError> {
    if source.editions.is_empty() {
        return Err(AtlasError::NoEdition);
    }
    if source.addresses.as_ref().is_some_and(|addresses| !addresses.view().units_fit(source.unit_ids.len())) {
        return Err(AtlasError::AddressUnits);
    }
    source.editions.sort_by_key(|edition| edition.header.valid_from);
    source.people_by_year.sort_by_key(|(year, _)| *year);
    for (place, (year, people)) in source.people_by_year.iter().enumerate() {
        let again = source.people_by_year[..place].iter().any(|(other, _)| other == year);
        if again || source.people_year == Some(*year) {
            return Err(AtlasError::PeopleTwice { year: *year });
        }
        if people.len() != source.unit_ids.len() {
            return Err(AtlasError::BadSection { tag: "UPYR".to_owned() });
        }
    }
    for pair in source.editions.windows(2) {
        let (first, second) = (&pair[0].header, &pair[1].header);
        if first.valid_from == second.valid_from && first.id != second.id {
            return Err(AtlasError::SameDay {
                first: first.id.clone(),
                second: second.id.clone(),
                valid_from: first.valid_from,
            });
        }
    }
    for (place, edition) in source.editions.iter().enumerate() {
        if source.editions[..place].iter().any(|other| other.header.id == edition.header.id) {
            return Err(AtlasError::DuplicateEdition { id: edition.header.id.clone() });
        }
        let (found, expected) = (edition.attachment.as_slice().len(), source.unit_ids.len());
        if found != expected {
            return Err(AtlasError::AttachmentLength { edition: edition.header.id.clone(), found, expected });
        }
    }
    Ok(())
}
