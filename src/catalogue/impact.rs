//! What impacts on an edition are counted from.

use std::sync::Arc;

use super::Catalogue;
use crate::domain::Edition;
use crate::revision::{
    Counts, Impact, ImpactEngine, MovedStreet, RegistryStreet, UnitFacts, Workbench, moved_before, moved_streets,
};

/// A base edition with what impacts on it are counted from, made once.
#[derive(Debug)]
pub struct ImpactBase {
    /// The edition.
    pub edition: Arc<Edition>,
    /// What is known of units, how often each was moved up to this edition included.
    pub facts: UnitFacts,
    counts: Counts,
}

impl ImpactBase {
    /// Counts an edition, the last of a line.
    #[must_use]
    pub fn new(bench: &Workbench, line: &[Arc<Edition>], edition: Arc<Edition>) -> Self {
        let mut facts = bench.facts.clone();
        let line: Vec<&Edition> = line.iter().map(AsRef::as_ref).collect();
        facts.moved_before = (line.len() > 1).then(|| moved_before(&line, &facts.people));
        let counts = ImpactEngine::new(&bench.graph, &facts, &edition, &edition).into_counts();
        Self { edition, facts, counts }
    }

    /// The engine of the base.
    #[must_use]
    pub fn engine<'a>(&'a self, bench: &'a Workbench) -> ImpactEngine<'a> {
        self.counts.engine(&bench.graph, &self.facts, &self.edition.hierarchy)
    }
}

impl Catalogue {
    /// The streets that a revision gives to another CLSC, by range of numbers, where the atlas has a registry of addresses.
    #[must_use]
    pub fn moved_streets(&self, impact: &Impact, editions: (&Edition, &Edition)) -> Vec<MovedStreet> {
        let Some(registry) = self.atlas().gazetteer() else { return Vec::new() };
        moved_streets(impact, editions, |inside| {
            (registry.streets_in(inside).into_iter())
                .map(|known| RegistryStreet {
                    municipality: known.municipality,
                    street: known.street,
                    addresses: known.addresses,
                })
                .collect()
        })
    }
}
