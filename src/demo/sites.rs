//! Where the cells of the model are: one site a cell, scattered around the stated places.

use super::mesh::Mesh;
use super::plane::{Outline, distance, to_plane};
use super::random::Random;
use super::tables::Place;

/// Angle between two seeds of a sunflower head, in radians.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
/// Sites are never moved by more than this part of the way to their nearest neighbour.
const STRIDE: f64 = 0.3;
/// Rounds of relaxation.
const ROUNDS: usize = 3;

/// The point a cell grows from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// Where, in the plane.
    pub(super) at: [f64; 2],
    /// Its CLSC, as a place in the list of facts.
    pub(super) clsc: u16,
    /// Whether people live there.
    pub(super) settled: bool,
}

/// Scatters the cells of every place like the seeds of a sunflower, inside the outline, in the order of places.
pub(super) fn scatter(places: &[Place], outline: &Outline, random: &mut Random) -> Vec<Site> {
    let mut sites = Vec::new();
    for place in places {
        let middle = to_plane(place.lon, place.lat);
        let radius = (place.spread * std::f64::consts::SQRT_2).max(0.002);
        let phase = random.unit() * std::f64::consts::TAU;
        for cell in 0..place.cells {
            let out = if place.cells == 1 { 0.0 } else { ((f64::from(cell) + 0.5) / f64::from(place.cells)).sqrt() };
            let angle = phase + f64::from(cell) * GOLDEN_ANGLE;
            let (shake_x, shake_y) = (0.12 * random.signed(), 0.12 * random.signed());
            let mut away = [radius * (out * angle.cos() + shake_x), radius * (out * angle.sin() + shake_y)];
            let mut at = [middle[0] + away[0], middle[1] + away[1]];
            while !outline.contains(at) && distance(at, middle) > 1e-4 {
                away = away.map(|length| 0.7 * length);
                at = [middle[0] + away[0], middle[1] + away[1]];
            }
            sites.push(Site { at, clsc: place.clsc, settled: place.settled });
        }
    }
    sites
}

/// Moves sites a little towards the middle of their cells, which evens out the cells (Lloyd's relaxation, held back).
///
/// A site never leaves the outline.
pub(super) fn relax(sites: &mut [Site], outline: &Outline) {
    for _ in 0..ROUNDS {
        let mesh = Mesh::new(sites, outline);
        let moved: Vec<[f64; 2]> = (0..sites.len())
            .map(|site| {
                let at = sites[site].at;
                let (Some(middle), Some(nearest)) = (mesh.centroid(site), mesh.nearest_neighbour(site)) else {
                    return at;
                };
                let wanted = distance(at, middle);
                let part = if wanted > STRIDE * nearest { STRIDE * nearest / wanted } else { 1.0 };
                let to = [at[0] + part * (middle[0] - at[0]), at[1] + part * (middle[1] - at[1])];
                if outline.contains(to) { to } else { at }
            })
            .collect();
        for (site, at) in sites.iter_mut().zip(moved) {
            site.at = at;
        }
    }
}
