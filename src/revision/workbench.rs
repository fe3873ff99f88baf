//! What an atlas knows of its units, laid out for revisions.

use super::{Areas, PlacedInstallation, UnitFacts, UnitGraph, UnitIndex, moved_before};
use crate::atlas::{Atlas, EditionView};
use crate::domain::Edition;
use crate::geometry::FixedPoint;

/// The units of an atlas as revisions need them: by identifier, as a graph, and with all that is known of each.
///
/// Municipalities, indicators, flows and addresses are not in an atlas: whoever has them puts them in `facts`.
#[derive(Debug, Clone)]
pub struct Workbench {
    /// Identifiers.
    pub units: UnitIndex,
    /// Neighbours.
    pub graph: UnitGraph,
    /// People, areas, points, census divisions, installations.
    pub facts: UnitFacts,
}

impl Workbench {
    /// Reads an atlas. Installations off the coverage go to the nearest unit, or are left out where that is too far.
    #[must_use]
    pub fn new(atlas: &Atlas) -> Self {
        let count = atlas.unit_count();
        let mut facts = UnitFacts::new((0..count).map(|unit| atlas.people(unit)), atlas.areas_m2());
        facts.points = atlas.points_inside().to_vec();
        let divisions = Areas::census_divisions((0..count).map(|unit| atlas.unit_id(unit)));
        facts.mrc = (!divisions.names.is_empty()).then_some(divisions);
        facts.installations = installations(atlas);
        Self { units: unit_index(atlas), graph: UnitGraph::new(atlas.coverage(), count), facts }
    }

    /// Takes in how often each unit was moved in the editions up to one of them; nothing where it is the first.
    pub fn remember(&mut self, atlas: &Atlas, base: EditionView<'_>) {
        let editions: Vec<Edition> = (0..=base.number).map(|number| atlas.edition(number).to_edition()).collect();
        self.facts.moved_before =
            (editions.len() > 1).then(|| moved_before(&editions.iter().collect::<Vec<_>>(), &self.facts.people));
    }
}

/// The identifiers of the units of an atlas.
#[must_use]
pub fn unit_index(atlas: &Atlas) -> UnitIndex {
    UnitIndex::new((0..atlas.unit_count()).map(|unit| atlas.unit_id(unit)))
}

fn installations(atlas: &Atlas) -> Vec<PlacedInstallation> {
    let manifest = atlas.manifest();
    if atlas.edition_count() == 0 {
        return Vec::new();
    }
    let (index, limits) = (atlas.index(), atlas.limits(0));
    (manifest.installations.iter())
        .filter_map(|installation| {
            let p = FixedPoint::from_degrees(installation.lon, installation.lat)?;
            let inside = Some(index.locate(p)).filter(|&side| side > 0);
            let side = inside.or_else(|| limits.nearest_coverage(p, manifest.nearest_m).map(|nearby| nearby.side))?;
            Some(PlacedInstallation::new(installation, side - 1))
        })
        .collect()
}
