//! An example of each operation that can be carried out on an edition.

use super::form::FORMS;
use crate::domain::{Edition, EditionHeader, Hierarchy, Level, TerritoryCode, UnitId};
use crate::revision::{NewClsc, Operation, Parent, Parents, PublishedPeople, Transfer, UnitGraph, UnitIndex, apply};

/// An example of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The operation's word.
    pub word: &'static str,
    /// An operation that the edition allows.
    pub operation: Operation,
}

/// An example of each operation, in the order of [`FORMS`], that the edition allows by itself; one that it allows in no way
/// that was tried is left out.
#[must_use]
pub fn examples(edition: &Edition, units: &UnitIndex, graph: &UnitGraph) -> Vec<Example> {
    let pairs = neighbours(edition, graph);
    (FORMS.iter())
        .filter_map(|form| {
            let tried = pairs.iter().take(400).filter_map(|pair| made(form.word, pair, edition, units));
            let operation = tried.into_iter().find(|operation| allows(edition, units, operation))?;
            Some(Example { word: form.word, operation })
        })
        .collect()
}

fn allows(edition: &Edition, units: &UnitIndex, operation: &Operation) -> bool {
    let header = EditionHeader { id: "example".to_owned(), ..edition.header.clone() };
    apply(edition, units, header, std::slice::from_ref(operation)).is_ok()
}

/// A unit of one CLSC that borders another one.
struct Neighbours {
    unit: u32,
    own: usize,
    other: usize,
}

/// A few such pairs, one a pair of CLSC.
fn neighbours(edition: &Edition, graph: &UnitGraph) -> Vec<Neighbours> {
    let home = |unit: u32| usize::from(edition.attachment.clsc(unit as usize));
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for unit in 0..graph.len() as u32 {
        for link in graph.neighbours(unit) {
            let (own, other) = (home(unit), home(link.unit));
            if own != other && edition.attachment.units(own).len() > 1 && seen.insert((own, other)) {
                found.push(Neighbours { unit, own, other });
            }
        }
    }
    found
}

fn made(word: &str, pair: &Neighbours, edition: &Edition, units: &UnitIndex) -> Option<Operation> {
    let hierarchy = &edition.hierarchy;
    let clsc = |place: usize| hierarchy.territories(Level::Clsc)[place].code.clone();
    let above = |place: usize, level: Level| hierarchy.territories(level)[hierarchy.parent(place, level)].code.clone();
    let id = |unit: u32| units.id(unit).clone();
    let members =
        |place: usize| -> Vec<UnitId> { edition.attachment.units(place).iter().map(|&unit| id(unit)).collect() };
    let (own, other) = (pair.own, pair.other);
    let new = |units: Vec<UnitId>| {
        Some(NewClsc {
            code: free(hierarchy, &above(own, Level::Rls))?,
            name: "Nouveau territoire".to_owned(),
            units,
            parents: None,
        })
    };
    let differ = |level: Level| above(own, level) != above(other, level);
    Some(match word {
        "move_units" => {
            Operation::MoveUnits { transfers: vec![Transfer { to: clsc(other), units: vec![id(pair.unit)] }] }
        }
        "split" => Operation::Split { clsc: clsc(own), parts: vec![new(vec![id(pair.unit)])?] },
        "merge" => Operation::Merge { into: clsc(own), from: vec![clsc(other)] },
        "create" => Operation::Create { clsc: new(vec![id(pair.unit)])? },
        // Short enough to be read as an example.
        "close" if members(own).len() <= 30 => {
            Operation::Close { clsc: clsc(own), homes: vec![Transfer { to: clsc(other), units: members(own) }] }
        }
        "rename" => Operation::Rename { level: Level::Clsc, code: clsc(own), name: "Nouveau nom".to_owned() },
        "recode" => {
            let new_code = free(hierarchy, &above(own, Level::Rls))?;
            Operation::Recode { level: Level::Clsc, code: clsc(own), new_code }
        }
        "move_clsc_to_rls" if differ(Level::Rls) => {
            Operation::MoveClscToRls { clsc: clsc(own), rls: above(other, Level::Rls) }
        }
        "move_rls_to_rts" if differ(Level::Rts) => {
            Operation::MoveRlsToRts { rls: above(own, Level::Rls), rts: above(other, Level::Rts) }
        }
        "move_rts_to_rss" if differ(Level::Rss) => {
            Operation::MoveRtsToRss { rts: above(own, Level::Rts), rss: above(other, Level::Rss) }
        }
        "move_clsc_to_ruisss" if differ(Level::Ruisss) => {
            Operation::MoveClscToRuisss { clsc: clsc(own), ruisss: above(other, Level::Ruisss) }
        }
        "set_parents" if differ(Level::Rls) => {
            let parent = |level: Level| Parent { code: above(other, level), name: None };
            let [rls, rts, rss, ruisss] = Level::UPPER.map(parent);
            Operation::SetParents { clsc: clsc(own), parents: Parents { rls, rts, rss, ruisss } }
        }
        "restate" => Operation::Restate {
            published: vec![PublishedPeople { level: Level::Clsc, code: clsc(own), people: Some(25_000) }],
            straddles: Vec::new(),
        },
        _ => return None,
    })
}

/// The lowest CLSC code under an RLS that nobody has.
fn free(hierarchy: &Hierarchy, rls: &TerritoryCode) -> Option<TerritoryCode> {
    (1..10)
        .map(|digit| TerritoryCode::new(&format!("{rls}{digit}")))
        .find(|code| hierarchy.find(Level::Clsc, code.as_str()).is_none())
}
