//! Two atlases over different units, joined by laying one coverage over the other.

use serde::Serialize;

use super::CompareError;
use crate::atlas::Atlas;
use crate::geometry::overlay;
use crate::series::{Piece, UnitJoin, UnitWeights, share_out};

/// A piece smaller than this part of both of its units is how a limit was drawn twice, not a change.
pub const SLIVER: f64 = 0.05;

/// What an overlay found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OverlayReport {
    /// Pieces kept.
    pub pieces: usize,
    /// Pieces taken for limits drawn twice and left out.
    pub slivers: usize,
    /// Their area in square metres.
    pub slivers_area_m2: f64,
    /// Newer units that lie in no older one.
    pub newer_unmatched: Vec<String>,
    /// Older units that no newer one lies in.
    pub older_unmatched: Vec<String>,
}

/// Cuts the units of two atlases into the pieces they have in common.
///
/// People, and addresses where they are counted, are those of the newer units, shared between a unit's pieces by area, in whole numbers by largest remainder.
/// Pieces below `SLIVER` of both of their units are left out, counted and their people given to the unit's others; a
/// unit's largest piece is always kept, so that nobody is lost.
///
/// # Errors
/// [`CompareError::Overlay`].
pub fn join_by_overlay(
    older: &Atlas,
    newer: &Atlas,
    newer_weights: &UnitWeights,
) -> Result<(UnitJoin, OverlayReport), CompareError> {
    let common = overlay(&newer.unit_polygons(), &older.unit_polygons())?;
    let mut report = OverlayReport::default();
    let mut pieces = Vec::new();
    let (newer_areas, older_areas) = (newer.areas_m2(), older.areas_m2());
    let mut older_seen = vec![false; older.unit_count()];
    let mut newer_seen = vec![false; newer.unit_count()];
    for group in common.chunk_by(|a, b| a.unit == b.unit) {
        let to = group[0].unit;
        let inside: Vec<(u32, f64)> =
            group.iter().filter_map(|common| Some((common.territory?, common.area_m2))).collect();
        let largest = inside.iter().map(|&(_, area)| area).fold(0.0, f64::max);
        let thin = |&(from, area): &(u32, f64)| {
            area < largest && area < SLIVER * newer_areas[to as usize] && area < SLIVER * older_areas[from as usize]
        };
        let kept: Vec<(u32, f64)> = inside.iter().filter(|piece| !thin(piece)).copied().collect();
        report.slivers += inside.len() - kept.len();
        report.slivers_area_m2 += inside.iter().filter(|piece| thin(piece)).map(|&(_, area)| area).sum::<f64>();
        let areas: Vec<f64> = kept.iter().map(|&(_, area)| area).collect();
        let shared = |counts: Option<&Vec<u32>>| {
            let count = counts.and_then(|counts| counts.get(to as usize)).copied().unwrap_or(0);
            share_out(i64::from(count), &areas)
        };
        let people = shared(Some(&newer_weights.population));
        let addresses = shared(newer_weights.addresses.as_ref());
        for ((&(from, area_m2), people), addresses) in kept.iter().zip(people).zip(addresses) {
            older_seen[from as usize] = true;
            newer_seen[to as usize] = true;
            pieces.push(Piece {
                from,
                to,
                population: people.unsigned_abs(),
                addresses: addresses.unsigned_abs(),
                dwellings: 0,
                area_m2,
                custom: 0.0,
            });
        }
    }
    report.pieces = pieces.len();
    report.older_unmatched = unseen(older, &older_seen);
    report.newer_unmatched = unseen(newer, &newer_seen);
    Ok((UnitJoin::from_pieces(pieces, older.unit_count(), newer.unit_count()), report))
}

fn unseen(atlas: &Atlas, seen: &[bool]) -> Vec<String> {
    seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(unit, _)| atlas.unit_id(unit).to_owned()).collect()
}
