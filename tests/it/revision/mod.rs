//! Revisions by the command line, on the demo atlas, and the editions they give against atlases rebuilt with them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests too")]

mod commands;
mod deciding;
mod drafts;
mod facts;
mod keeping;
mod kept;
mod rows;
mod series;
mod served;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rattache::atlas::{Atlas, EditionView, compile};
use rattache::domain::{Level, TerritoryCode, UnitId};
use rattache::resolve::DraftEdition;
use rattache::revision::{ImpactEngine, Operation, Revision, Transfer, Workbench};
use tempfile::TempDir;

use crate::http::{atlas_of, demo_bytes};

/// The demo atlas as a file that commands open.
pub fn demo_file() -> &'static Path {
    static FILE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FILE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("demo.atlas");
        std::fs::write(&path, demo_bytes()).unwrap();
        (folder, path)
    });
    path
}

/// An atlas of the demo's units with one more edition, that of a revision.
pub fn rebuilt(revision: &Revision) -> Atlas {
    let mut source = rattache::demo::atlas_source();
    let units = rattache::revision::UnitIndex::new(source.unit_ids.iter().map(String::as_str));
    let base = source.editions.iter().find(|edition| edition.header.id == revision.base).unwrap();
    let revised = revision.apply(base, &units).unwrap().edition;
    source.editions.push(revised);
    atlas_of(&compile(source).unwrap())
}

/// A revision of the latest edition that moves a few border units between CLSC of two RTS, merges two CLSC of one RLS and
/// renames one.
pub fn some_revision(atlas: &Atlas) -> Revision {
    let base = atlas.edition(atlas.edition_count() - 1);
    let edition = base.to_edition();
    let bench = Workbench::new(atlas);
    let mut engine = ImpactEngine::new(&bench.graph, &bench.facts, &edition, &edition);
    let codes = edition.hierarchy.territories(Level::Clsc);
    let mut transfers: Vec<Transfer> = Vec::new();
    for unit in 0..bench.units.len() as u32 {
        let from = engine.clsc_of(unit);
        let other = engine.choices(unit).into_iter().find(|&to| {
            engine.parent(Level::Rts, to) != engine.parent(Level::Rts, from) && engine.check(unit, to).is_ok()
        });
        if let Some(to) = other {
            engine.apply(unit, to);
            let to = codes[usize::from(to)].code.clone();
            let units = vec![UnitId::new(bench.units.id(unit).as_str())];
            match transfers.iter_mut().find(|known| known.to == to) {
                Some(known) => known.units.extend(units),
                None => transfers.push(Transfer { to, units }),
            }
        }
        if transfers.iter().map(|known| known.units.len()).sum::<usize>() >= 12 {
            break;
        }
    }
    let (into, from) = (0..codes.len())
        .flat_map(|a| (a + 1..codes.len()).map(move |b| (a, b)))
        .rev()
        .find(|&(a, b)| edition.hierarchy.parent(a, Level::Rls) == edition.hierarchy.parent(b, Level::Rls))
        .map(|(a, b)| (codes[a].code.clone(), codes[b].code.clone()))
        .unwrap();
    let name = "Territoire réuni".to_owned();
    Revision {
        id: "essai".into(),
        label: "Essai à l'étude".into(),
        base: base.header.id.clone(),
        valid_from: "2030-04-01".parse().unwrap(),
        official: false,
        reason: None,
        operations: vec![
            Operation::MoveUnits { transfers },
            Operation::Merge { into: into.clone(), from: vec![from] },
            Operation::Rename { level: Level::Clsc, code: into, name },
        ],
    }
}

/// A revision of the latest edition with one operation.
pub fn with(atlas: &Atlas, operation: Operation) -> Revision {
    Revision { operations: vec![operation], ..some_revision(atlas) }
}

/// Runs a command; its answer.
pub fn run(arguments: &[&str]) -> Result<String, String> {
    let atlas = demo_file().display().to_string();
    let mut words = vec!["rattache"];
    words.extend(arguments);
    words.extend(["--atlas", &atlas]);
    let mut out = Vec::new();
    match rattache::cli::run(words.iter().map(Into::into), &mut out) {
        Ok(_) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => {
            let mut told = Vec::new();
            rattache::cli::report(&error, rattache::domain::Language::English, &mut told);
            Err(String::from_utf8(told).unwrap())
        }
    }
}

/// A code as text.
pub fn code(text: &str) -> TerritoryCode {
    TerritoryCode::new(text)
}

/// The edition that a revision gives.
pub fn draft(atlas: &Atlas, base: EditionView<'_>, revision: &Revision) -> DraftEdition {
    let applied = revision.apply(&base.to_edition(), &rattache::revision::unit_index(atlas)).unwrap();
    DraftEdition::new(atlas, applied.edition)
}
