//! The embedded model of Québec: cells in the manner of dissemination areas, 166 CLSC, two editions.
//!
//! It lets the program run, be tried and be tested without any file. Codes, names, parents and people of the territories
//! are facts stated in `data/` (see `data/SOURCES.md`); **the limits are not**: they are drawn from approximate
//! positions and a fixed seed, and no answer about a real place may rest on them. The same program gives the same model every
//! time; compiled, it is kept in the user's cache folder ([`open`]), and nothing else here reads or writes a file.
//!
//! How it is made:
//! 1. `tables` reads the stated facts, `sites` scatters a site a cell around the stated places and evens them out;
//! 2. `mesh` draws a Voronoi diagram bounded by the stated outline, each border once, as a wavy line;
//! 3. `cells` gives each cell its CLSC, mends stray ones, and shares out the people;
//! 4. `editions` and `changes` write the two editions.

mod addresses;
mod cache;
mod cells;
mod changes;
mod editions;
mod mesh;
mod plane;
mod random;
mod sites;
mod source;
mod streets;
mod tables;
#[cfg(test)]
mod tests;

pub use cache::{FILE, Take, cache_folder, open};
pub use source::atlas_source;

use crate::domain::{Date, EditionHeader, HierarchyRow, Installation, Territory, TerritoryCode};
use crate::geometry::UnitPolygons;

use cells::Neighbours;
use mesh::Mesh;
use plane::Outline;
use random::Random;

/// The seed of everything that chance decides in the model.
const SEED: u64 = 166;

/// The model of Québec.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoModel {
    /// Cells in longitude and latitude (degrees, multiples of 1e-7), one open ring each: a coverage without gap or
    /// overlap, in which neighbours repeat each other's vertices bit for bit.
    ///
    /// Identifiers have the 8 digits of a DAUID but are no real ones; units are in order of CLSC of the first edition.
    pub units: UnitPolygons,
    /// People in each unit, in the order of units; per CLSC of the first edition they add up to the people of 2016.
    pub populations: Vec<u32>,
    /// The same in 2021: per CLSC of the first edition they add up to the people of 2021.
    pub populations_2021: Vec<u32>,
    /// The editions, in order of `valid_from`.
    pub editions: Vec<DemoEdition>,
    /// Installations, each inside its stated CLSC in the first edition.
    pub installations: Vec<Installation>,
}

/// An edition of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoEdition {
    /// Its name and date; never official.
    pub header: EditionHeader,
    /// One row a CLSC, in order of code.
    ///
    /// People are published where a territory is made of whole CLSC of 2017: of 2016 in the first edition, of 2021 in
    /// the second.
    pub rows: Vec<HierarchyRow>,
    /// The CLSC of each unit, in the order of units.
    pub attachment: Vec<TerritoryCode>,
    /// What changed since the edition before, a sentence each.
    pub changes: Vec<String>,
}

/// Makes the model; deterministic, about half a second, no file read.
///
/// ```
/// let model = rattache::demo::model();
/// assert_eq!(model.editions[0].rows.len(), 166);
/// assert_eq!(model.units.ids.len(), model.editions[0].attachment.len());
/// ```
#[must_use]
pub fn model() -> DemoModel {
    let facts = tables::clsc_facts();
    let outline = Outline::stated();
    let mut random = Random::new(SEED);
    let mut sites = sites::scatter(&tables::places(&facts), &outline, &mut random);
    sites::relax(&mut sites, &outline);
    let mesh = Mesh::new(&sites, &outline);
    let unordered = Neighbours::of(&mesh, sites.len());
    cells::join_strays(&mut sites, &unordered, &facts);

    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by_key(|&site| sites[site].clsc);
    let neighbours = unordered.reordered(&order);
    let sites: Vec<sites::Site> = order.iter().map(|&site| sites[site]).collect();
    let borders = mesh.borders();
    let mut units = UnitPolygons::default();
    for (id, &site) in cells::identifiers(&sites, &facts).into_iter().zip(&order) {
        let unit = units.push_unit(id);
        units.push_ring(unit, mesh.ring(site, &borders));
    }
    let populations = cells::settle(&sites, &facts, &mut random);
    let populations_2021 = cells::grow(&sites, &facts, &populations, &mut Random::new(SEED + 2021));
    let first = editions::first(&sites, &facts);
    let second = editions::second(&first, &sites, &facts, &neighbours, &populations);
    DemoModel {
        units,
        populations,
        populations_2021,
        editions: vec![first, second],
        installations: tables::installations(),
    }
}
