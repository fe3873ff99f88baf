//! What a revision does that is seldom meant: told as warnings, each to be accepted by its name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::contiguity::Search;
use super::{Applied, UnitGraph, UnitIndex};
use crate::domain::{Edition, Hierarchy, Level, Term, TerritoryCode, UnitId, Words, both, errors};

/// A kind of warning, by the name under which it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConcernKind {
    /// A CLSC gets a piece that touches nothing of the rest of it.
    Detached,
    /// A CLSC is merged into one that it does not touch.
    FarMerger,
    /// Two territories of one level bear one name.
    SameName,
    /// Nothing changes.
    Empty,
    /// It would hold from a day before its base does.
    BeforeBase,
}

/// One warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Concern {
    /// Its kind.
    pub kind: ConcernKind,
    /// What is the matter, in both languages.
    #[serde(flatten)]
    pub words: Words,
    /// Codes of the territories concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<TerritoryCode>,
    /// Units concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    /// Whether it was accepted.
    pub accepted: bool,
}

errors! {
    /// A word that names no warning.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("« {word} » ne nomme aucun avertissement : detached, far_merger, same_name, empty ou before_base sont attendus")]
    #[en("\"{word}\" names no warning: expected detached, far_merger, same_name, empty or before_base")]
    pub struct UnknownConcern {
        /// The word as given.
        pub word: String,
    }
}

impl ConcernKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Detached, Self::FarMerger, Self::SameName, Self::Empty, Self::BeforeBase];

    /// Its name in flags and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Detached => "detached",
            Self::FarMerger => "far_merger",
            Self::SameName => "same_name",
            Self::Empty => "empty",
            Self::BeforeBase => "before_base",
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Detached => Term::new(
                "un CLSC reçoit un morceau qui ne touche rien du reste",
                "a CLSC gets a piece that touches nothing of the rest of it",
            ),
            Self::FarMerger => Term::new(
                "un CLSC est fusionné à un autre qu’il ne touche pas",
                "a CLSC is merged into one that it does not touch",
            ),
            Self::SameName => Term::new(
                "deux territoires d’un niveau portent le même nom",
                "two territories of one level bear one name",
            ),
            Self::Empty => Term::new("rien ne change", "nothing changes"),
            Self::BeforeBase => Term::new(
                "elle vaudrait à partir d’un jour qui précède sa base",
                "it would hold from a day before its base does",
            ),
        }
    }
}

impl fmt::Display for ConcernKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ConcernKind {
    type Err = UnknownConcern;

    /// A hyphen does as well as an underscore.
    fn from_str(word: &str) -> Result<Self, UnknownConcern> {
        let name = word.trim().to_lowercase().replace('-', "_");
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        found.ok_or_else(|| UnknownConcern { word: word.to_owned() })
    }
}

/// The warnings about a revision of a base, in order of kind; those whose kind is in `accepted` are marked so.
///
/// O(units + arcs of the CLSC whose units changed).
///
/// # Panics
/// Where the graph and the identifiers are not about the units of the base.
#[must_use]
pub fn concerns(
    base: &Edition,
    applied: &Applied,
    (graph, units): (&UnitGraph, &UnitIndex),
    accepted: &[ConcernKind],
) -> Vec<Concern> {
    let revised = &applied.edition;
    let mut found = pieces(base, revised, graph, units);
    found.extend(names(&base.hierarchy, &revised.hierarchy));
    if base.hierarchy == revised.hierarchy
        && base.attachment == revised.attachment
        && base.straddles == revised.straddles
    {
        let words = both!("la révision ne change rien", "the revision changes nothing");
        found.push(concern(ConcernKind::Empty, words));
    }
    let (day, start) = (revised.header.valid_from, base.header.valid_from);
    if day < start {
        let words = both!(
            "la révision serait en vigueur le {day}, avant l'édition « {} » dont elle part (le {start})",
            "the revision would hold from {day}, before edition \"{}\" on which it is based ({start})",
            base.header.id
        );
        found.push(concern(ConcernKind::BeforeBase, words));
    }
    for known in &mut found {
        known.accepted = accepted.contains(&known.kind);
    }
    found.sort_by_key(|known| known.kind);
    found
}

fn concern(kind: ConcernKind, words: Words) -> Concern {
    Concern { kind, words, codes: Vec::new(), units: Vec::new(), accepted: false }
}

/// Pieces that the base did not have, of every CLSC whose units changed.
fn pieces(base: &Edition, revised: &Edition, graph: &UnitGraph, units: &UnitIndex) -> Vec<Concern> {
    let mut search = Search::new(graph.len());
    let (was, is) = (base.attachment.as_slice(), revised.attachment.as_slice());
    let (old, new) = (base.hierarchy.territories(Level::Clsc), revised.hierarchy.territories(Level::Clsc));
    let mut found = Vec::new();
    for (clsc, territory) in new.iter().enumerate() {
        let members = revised.attachment.units(clsc);
        let before = base.hierarchy.find(Level::Clsc, territory.code.as_str());
        if before.is_some_and(|before| base.attachment.units(before) == members) {
            continue;
        }
        let all = search.pieces(graph, members, |unit| usize::from(is[unit as usize]) == clsc);
        // The main piece is that with most of what the CLSC held before; of a new one, the one with most units.
        let held = |piece: &Vec<u32>| {
            piece.iter().filter(|&&unit| before.is_some_and(|before| usize::from(was[unit as usize]) == before)).count()
        };
        let main = (0..all.len()).max_by_key(|&at| (held(&all[at]), all[at].len(), std::cmp::Reverse(at)));
        for (at, piece) in all.iter().enumerate() {
            if Some(at) == main || was_apart(piece, base, graph, &mut search) {
                continue;
            }
            let from: BTreeSet<u16> = piece.iter().map(|&unit| was[unit as usize]).collect();
            let whole: usize = from.iter().map(|&from| base.attachment.units(usize::from(from)).len()).sum();
            let gone =
                |&from: &u16| revised.hierarchy.find(Level::Clsc, old[usize::from(from)].code.as_str()).is_none();
            let merged = whole == piece.len() && from.iter().all(gone);
            let mut codes: Vec<TerritoryCode> = vec![territory.code.clone()];
            let (kind, words) = if merged {
                let list: Vec<&str> = from.iter().map(|&from| old[usize::from(from)].code.as_str()).collect();
                codes.extend(list.iter().map(|code| TerritoryCode::new(code)));
                let list = list.join(", ");
                let words = both!(
                    "le CLSC {list} est fusionné dans le CLSC {} ({}), qu'il ne touche pas",
                    "CLSC {list} is merged into CLSC {} ({}), which it does not touch",
                    territory.code,
                    territory.name
                );
                (ConcernKind::FarMerger, words)
            } else {
                let first = units.id(piece[0]);
                let french = if piece.len() == 1 {
                    format!(
                        "l'aire {first} du CLSC {} ({}) ne touche pas le reste du CLSC",
                        territory.code, territory.name
                    )
                } else {
                    format!(
                        "{} aires du CLSC {} ({}), dont {first}, ne touchent pas le reste du CLSC",
                        piece.len(),
                        territory.code,
                        territory.name
                    )
                };
                let english = if piece.len() == 1 {
                    format!(
                        "unit {first} of CLSC {} ({}) touches nothing of the rest of the CLSC",
                        territory.code, territory.name
                    )
                } else {
                    format!(
                        "{} units of CLSC {} ({}), {first} among them, touch nothing of the rest of the CLSC",
                        piece.len(),
                        territory.code,
                        territory.name
                    )
                };
                (ConcernKind::Detached, Words::new(french, english))
            };
            let units = piece.iter().map(|&unit| units.id(unit).clone()).collect();
            found.push(Concern { codes, units, ..concern(kind, words) });
        }
    }
    found
}

/// Whether units are together a whole piece, or several, that their CLSC of the base had beside its main one: an island.
fn was_apart(piece: &[u32], base: &Edition, graph: &UnitGraph, search: &mut Search) -> bool {
    let was = base.attachment.as_slice();
    let own = was[piece[0] as usize];
    if piece.iter().any(|&unit| was[unit as usize] != own) {
        return false;
    }
    let members = base.attachment.units(usize::from(own));
    let all = search.pieces(graph, members, |unit| was[unit as usize] == own);
    let minor: BTreeSet<u32> = all.into_iter().skip(1).flatten().collect();
    piece.iter().all(|unit| minor.contains(unit))
}

/// Names that two territories of one level bear, and did not both bear in the base.
fn names(base: &Hierarchy, revised: &Hierarchy) -> Vec<Concern> {
    let mut found = Vec::new();
    for level in Level::TERRITORIAL {
        let bearers = |hierarchy: &Hierarchy| {
            let mut bearers: BTreeMap<String, Vec<TerritoryCode>> = BTreeMap::new();
            for territory in hierarchy.territories(level) {
                bearers.entry(folded(&territory.name)).or_default().push(territory.code.clone());
            }
            bearers
        };
        let before = bearers(base);
        for (name, codes) in bearers(revised) {
            let known = before.get(&name);
            if codes.len() < 2 || known.is_some_and(|known| known.len() >= codes.len()) {
                continue;
            }
            let list = codes.iter().map(ToString::to_string).collect::<Vec<_>>();
            let shown = revised.find(level, codes[0].as_str()).map_or("", |at| &revised.territories(level)[at].name);
            let words = both!(
                "les {} {} portent le même nom, « {shown} »",
                "{} {} bear the same name, \"{shown}\"",
                level.acronym(),
                list.join(", ")
            );
            found.push(Concern { codes, ..concern(ConcernKind::SameName, words) });
        }
    }
    found
}

/// A name as people compare names: whatever its capitals, apostrophes and spaces.
fn folded(name: &str) -> String {
    let name = name.to_lowercase().replace('’', "'");
    name.split([' ', '-', '\u{a0}', '\u{2011}']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::tests::maps::{Map, grid};
    use crate::revision::tests::operations::{header, ids};
    use crate::revision::{Operation, Transfer, apply};

    fn told(map: &Map, operations: &[Operation], accepted: &[ConcernKind]) -> Vec<(ConcernKind, bool)> {
        let applied = apply(&map.base, &map.units, header("x"), operations).unwrap();
        let found = concerns(&map.base, &applied, (&map.graph, &map.units), accepted);
        found.iter().map(|known| (known.kind, known.accepted)).collect()
    }

    fn all(map: &Map) -> Vec<TerritoryCode> {
        map.base.hierarchy.territories(Level::Clsc).iter().map(|known| known.code.clone()).collect()
    }

    fn moved(to: &TerritoryCode, units: &[&str]) -> Operation {
        Operation::MoveUnits { transfers: vec![Transfer { to: to.clone(), units: ids(units) }] }
    }

    #[test]
    fn a_unit_moved_where_it_touches_nothing_is_told_and_one_moved_next_door_is_not() {
        // Two by two CLSC of three by three squares.
        let map = grid(6, 3, |_, _| false);
        let codes = all(&map);
        assert_eq!(told(&map, &[moved(&codes[1], &["24660002"])], &[]), []);
        assert_eq!(told(&map, &[moved(&codes[3], &["24660000"])], &[]), [(ConcernKind::Detached, false)]);
        assert_eq!(
            told(&map, &[moved(&codes[3], &["24660000"])], &[ConcernKind::Detached]),
            [(ConcernKind::Detached, true)]
        );
        // What a move leaves behind in two pieces is told as well.
        let cut =
            moved(&codes[1], &["24660001", "24660002", "24660101", "24660102", "24660200", "24660201", "24660202"]);
        assert_eq!(told(&map, &[cut], &[]), []);
        let cut = moved(&codes[2], &["24660100", "24660101", "24660102", "24660200", "24660201"]);
        assert_eq!(told(&map, &[cut], &[]), [(ConcernKind::Detached, false)]);
    }

    #[test]
    fn a_merger_of_clsc_that_do_not_touch_is_told_and_islands_that_were_there_are_not() {
        let map = grid(6, 2, |_, _| false);
        let codes = all(&map);
        let merged = |into: usize, from: usize| {
            vec![Operation::Merge { into: codes[into].clone(), from: vec![codes[from].clone()] }]
        };
        assert_eq!(told(&map, &merged(0, 1), &[]), []);
        assert_eq!(told(&map, &merged(0, 8), &[]), [(ConcernKind::FarMerger, false)]);
        // The second CLSC is cut in two by a river from the start: it stays so when it gains a unit.
        let river = grid(6, 3, |x, _| x == 4);
        let codes = all(&river);
        assert_eq!(told(&river, &[moved(&codes[1], &["24660002"])], &[]), []);
    }

    #[test]
    fn two_territories_of_one_name_an_empty_revision_and_a_day_before_the_base_are_told() {
        let map = grid(4, 2, |_, _| false);
        let codes = all(&map);
        let list = map.base.hierarchy.territories(Level::Clsc);
        let named =
            |name: &str| vec![Operation::Rename { level: Level::Clsc, code: codes[0].clone(), name: name.into() }];
        let other = list[1].name.to_uppercase();
        assert_eq!(told(&map, &named(&other), &[]), [(ConcernKind::SameName, false)]);
        assert_eq!(told(&map, &named("Un nom à lui"), &[]), []);
        assert_eq!(told(&map, &[], &[]), [(ConcernKind::Empty, false)]);
        let mut early = header("x");
        early.valid_from = "2000-01-01".parse().unwrap();
        let applied = apply(&map.base, &map.units, early, &named("Un nom à lui")).unwrap();
        let found = concerns(&map.base, &applied, (&map.graph, &map.units), &[]);
        assert_eq!(found.iter().map(|known| known.kind).collect::<Vec<_>>(), [ConcernKind::BeforeBase]);
        assert!(found[0].words.french.contains("2000-01-01"), "{:?}", found[0].words);
        assert_eq!("far-merger".parse(), Ok(ConcernKind::FarMerger));
        assert!("nothing".parse::<ConcernKind>().is_err());
    }
}
