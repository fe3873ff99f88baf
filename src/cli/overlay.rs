//! Attaching units by territory polygons.

use std::path::Path;

use super::CliError;
use crate::domain::{
    AttachmentTable, Finding, FindingKind, Hierarchy, Severity, Share, Straddle, TerritoryCode, UnitId, both,
};
use crate::geometry::{Common, Projector, UnitPolygons, overlay};
use crate::import::{Projection, TerritoriesFile};

/// A unit whose part in another CLSC is below this share is taken as wholly inside: limits drawn twice never agree exactly.
const WHOLE: f64 = 0.999;

/// Attachments read off polygons.
pub struct Overlaid {
    /// The CLSC of every unit; `None` where some unit touches no territory.
    pub table: Option<AttachmentTable>,
    /// Units cut by a limit.
    pub straddles: Vec<Straddle>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Attaches each unit to the territory with the largest part of it; every unit that is not wholly inside is listed.
///
/// A unit that lies in no territory at all goes to the nearest one, which is said.
pub fn attach_by_territories(
    units: &UnitPolygons,
    units_crs: &Projection,
    people: &[Option<u32>],
    territories: &TerritoriesFile,
    hierarchy: &Hierarchy,
) -> Result<Overlaid, CliError> {
    let unit_degrees = in_degrees(units, units_crs, "units")?;
    let territory_degrees = in_degrees(&territories.polygons, &territories.crs, &territories.file)?;
    let common = overlay(&unit_degrees, &territory_degrees)
        .map_err(|source| CliError::Coverage { file: territories.file.clone(), source })?;
    let file =
        Path::new(&territories.file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let codes: Vec<Option<usize>> =
        territories.polygons.ids.iter().map(|code| hierarchy.find(crate::domain::Level::Clsc, code)).collect();
    let mut findings = territories.findings.clone();
    for (code, _) in territories.polygons.ids.iter().zip(&codes).filter(|(_, place)| place.is_none()) {
        let message = both!(
            "le CLSC « {code} » des polygones de territoires n'est pas dans la hiérarchie : ajoutez-l'y",
            "CLSC \"{code}\" of the territory polygons is not in the hierarchy: add it there"
        );
        findings.push(
            Finding::new(Severity::Error, FindingKind::UnknownTerritory, message)
                .in_file(&file, None, None)
                .about([code]),
        );
    }
    let mut clsc_of_unit: Vec<Option<u16>> = vec![None; units.ids.len()];
    let mut straddles = Vec::new();
    for group in common.chunk_by(|a, b| a.unit == b.unit) {
        let unit = group[0].unit as usize;
        let whole: f64 = group.iter().map(|common| common.area_m2).sum();
        let mut shares: Vec<(usize, f64)> = group
            .iter()
            .filter_map(|Common { territory, area_m2, .. }| Some((codes[(*territory)? as usize]?, *area_m2)))
            .collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let Some(&(first, area)) = shares.first() else { continue };
        clsc_of_unit[unit] = Some(first as u16);
        let inside: f64 = shares.iter().map(|share| share.1).sum();
        if shares.len() > 1 && area < WHOLE * inside && whole > 0.0 {
            let list = hierarchy.territories(crate::domain::Level::Clsc);
            let others = 1.0 - area / inside;
            straddles.push(Straddle {
                unit: UnitId::new(&units.ids[unit]),
                shares: shares
                    .iter()
                    .map(|&(clsc, area)| Share {
                        clsc: TerritoryCode::new(list[clsc].code.as_str()),
                        fraction: area / inside,
                    })
                    .collect(),
                people_moved: people.get(unit).copied().flatten().map(|all| (f64::from(all) * others).round() as u64),
            });
        }
    }
    nearest_for_the_rest(&unit_degrees, &territory_degrees, &codes, &mut clsc_of_unit, &mut findings);
    let table = clsc_of_unit
        .iter()
        .copied()
        .collect::<Option<Vec<u16>>>()
        .and_then(|places| AttachmentTable::new(places, hierarchy.clsc_count()).ok());
    Ok(Overlaid { table, straddles, findings })
}

pub(super) fn in_degrees(polygons: &UnitPolygons, crs: &Projection, file: &str) -> Result<UnitPolygons, CliError> {
    let mut degrees = polygons.clone();
    crs.to_lon_lat(&mut degrees.coords)
        .map_err(|source| CliError::Coverage { file: file.to_owned(), source: source.into() })?;
    Ok(degrees)
}

/// A unit off every territory (an islet, water off a simplified shore) goes to the territory with the vertex nearest to it.
fn nearest_for_the_rest(
    units: &UnitPolygons,
    territories: &UnitPolygons,
    codes: &[Option<usize>],
    clsc_of_unit: &mut [Option<u16>],
    findings: &mut Vec<Finding>,
) {
    let mut lost: Vec<Vec<[f64; 2]>> = vec![Vec::new(); clsc_of_unit.len()];
    for (unit, ring) in units.rings() {
        if clsc_of_unit[unit as usize].is_none() {
            lost[unit as usize].extend_from_slice(ring);
        }
    }
    for (unit, points) in lost.iter().enumerate().filter(|(_, points)| !points.is_empty()) {
        let mut best: Option<(f64, usize)> = None;
        for (territory, ring) in territories.rings() {
            let Some(place) = codes[territory as usize] else { continue };
            for &[x, y] in ring {
                for &[px, py] in points {
                    let far = ((x - px) * py.to_radians().cos()).hypot(y - py);
                    if best.is_none_or(|(least, _)| far < least) {
                        best = Some((far, place));
                    }
                }
            }
        }
        if let Some((far, place)) = best {
            clsc_of_unit[unit] = Some(place as u16);
            let id = &units.ids[unit];
            let message = both!(
                "l'aire « {id} » n'est dans aucun territoire : rattachée au plus proche, à environ {:.1} km",
                "unit \"{id}\" lies in no territory: attached to the nearest one, about {:.1} km away",
                far * 111.2
            );
            findings.push(Finding::new(Severity::Mended, FindingKind::OutsideCoverage, message).about([id]));
        }
    }
}
