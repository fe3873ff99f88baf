//! What an atlas knows of its units, laid out for revisions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Areas, PlacedInstallation, UnitFacts, UnitGraph, UnitIndex, moved_before};
use crate::atlas::Atlas;
use crate::domain::Edition;

/// The units of an atlas as revisions need them: by identifier, as a graph, and with all that is known of each.
///
/// Addresses and municipalities are those of the atlas's address registry, where it has one. Indicators and flows are not in
/// an atlas: whoever has them, or knows better, puts them in `facts`.
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
        if let Some(registry) = atlas.gazetteer() {
            // A registry that covers a part of the province only says nothing of the rest: where people live and no
            // address stands, how many there are is not known.
            let counted = registry.addresses_by_unit(count).into_iter().enumerate();
            let known =
                counted.map(|(unit, addresses)| (addresses > 0 || atlas.people(unit) == Some(0)).then_some(addresses));
            facts.addresses = Some(known.collect());
            let known = registry.municipality_by_unit(count);
            let mut areas = Areas::from_codes(known.iter().map(|known| known.map(|(code, _)| code)));
            let names: BTreeMap<&str, &str> = known.into_iter().flatten().collect();
            areas.rename(|code| names.get(code).map(|&name| name.to_owned()));
            facts.municipalities = Some(areas);
        }
        Self { units: unit_index(atlas), graph: UnitGraph::new(atlas.coverage(), count), facts }
    }

    /// Takes in how often each unit was moved along a line of editions, in order of date; nothing where there is but one.
    pub fn remember(&mut self, line: &[Arc<Edition>]) {
        let line: Vec<&Edition> = line.iter().map(AsRef::as_ref).collect();
        self.facts.moved_before = (line.len() > 1).then(|| moved_before(&line, &self.facts.people));
    }
}

/// The identifiers of the units of an atlas.
#[must_use]
pub fn unit_index(atlas: &Atlas) -> UnitIndex {
    UnitIndex::new((0..atlas.unit_count()).map(|unit| atlas.unit_id(unit)))
}

fn installations(atlas: &Atlas) -> Vec<PlacedInstallation> {
    (atlas.manifest().installations.iter().zip(atlas.installation_sides()))
        .filter(|&(_, side)| side > 0)
        .map(|(installation, side)| PlacedInstallation::new(installation, side - 1))
        .collect()
}
