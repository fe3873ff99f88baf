//! The territories of an edition and what each CLSC belongs to.
//!
//! Every level above is a function of the CLSC; that upper levels nest in one another is *tested*
//! ([`Hierarchy::nesting_breaks`]), never assumed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Level, TerritoryCode, errors};

/// One territory of a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// Public code.
    pub code: TerritoryCode,
    /// Name, in French, accents intact.
    pub name: String,
    /// People as published for the territory itself, where the hierarchy's file says.
    pub published_population: Option<u64>,
}

/// One CLSC and its parents, as a hierarchy table gives it; a row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HierarchyRow {
    /// CLSC, RLS, RTS, RSS and RUISSS, in the order of [`Level::TERRITORIAL`].
    pub territories: [Territory; 5],
}

/// A CLSC and all above it, as places in the lists of a [`Hierarchy`].
///
/// In the order of [`Level::TERRITORIAL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lineage(pub [u16; 5]);

/// Two upper levels where a territory of the lower one lies in several of the higher one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NestingBreak {
    /// The lower level.
    pub lower: Level,
    /// Code of the territory that is split.
    pub code: TerritoryCode,
    /// The higher level.
    pub upper: Level,
    /// The higher territories it is split between.
    pub parents: Vec<TerritoryCode>,
}

errors! {
    /// Why a list of rows is no hierarchy.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    pub enum HierarchyError {
        /// No CLSC at all.
        #[fr(
            "la hiérarchie ne contient aucun CLSC : une ligne par CLSC est attendue, avec son code, son nom et ses parents"
        )]
        #[en("the hierarchy holds no CLSC: expected one row a CLSC with its code, name and parents")]
        Empty,
        /// A CLSC given twice with different parents or names.
        #[fr("le CLSC « {code} » figure deux fois dans la hiérarchie : gardez une ligne par CLSC")]
        #[en("CLSC \"{code}\" stands twice in the hierarchy: keep one row a CLSC")]
        DuplicateClsc {
            /// The code.
            code: TerritoryCode,
        },
        /// More territories than the format can number.
        #[fr("la hiérarchie contient {count} territoires d'un même niveau : {most} au plus sont acceptés")]
        #[en("the hierarchy holds {count} territories of one level: at most {most} are supported")]
        TooMany {
            /// How many there are.
            count: usize,
            /// How many there may be.
            most: usize,
        },
    }
}

/// The territories of every level, each list in order of code, and the parents of each CLSC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hierarchy {
    territories: [Vec<Territory>; 5],
    lineages: Vec<[u16; 5]>,
}

impl Hierarchy {
    /// Compiles rows, one a CLSC, into lists in order of code.
    ///
    /// Names of upper territories are taken from the first row that has one. Published people of upper territories are
    /// kept only where a row gives them.
    ///
    /// # Errors
    /// [`HierarchyError`].
    pub fn new(rows: &[HierarchyRow]) -> Result<Self, HierarchyError> {
        if rows.is_empty() {
            return Err(HierarchyError::Empty);
        }
        let mut levels: [BTreeMap<TerritoryCode, Territory>; 5] = Default::default();
        for row in rows {
            for (place, territory) in row.territories.iter().enumerate() {
                if place == 0 && levels[0].contains_key(&territory.code) {
                    return Err(HierarchyError::DuplicateClsc { code: territory.code.clone() });
                }
                let kept = levels[place].entry(territory.code.clone()).or_insert_with(|| territory.clone());
                if kept.name.is_empty() {
                    kept.name.clone_from(&territory.name);
                }
            }
        }
        let most = usize::from(u16::MAX) - 1;
        if let Some(count) = levels.iter().map(BTreeMap::len).find(|&count| count > most) {
            return Err(HierarchyError::TooMany { count, most });
        }
        let territories = levels.map(|level| level.into_values().collect::<Vec<_>>());
        let place_of = |place: usize, code: &TerritoryCode| -> u16 {
            let at = territories[place]
                .binary_search_by(|territory| territory.code.cmp(code))
                .expect("every code of the rows was put in its level's list");
            u16::try_from(at).expect("lists are no longer than u16 allows")
        };
        let mut lineages = vec![[0_u16; 5]; territories[0].len()];
        for row in rows {
            let lineage = std::array::from_fn(|place| place_of(place, &row.territories[place].code));
            lineages[usize::from(lineage[0])] = lineage;
        }
        Ok(Self { territories, lineages })
    }

    /// Whether every CLSC has parents that there are, itself first: what [`Hierarchy::new`] makes, and what is read may not be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let there =
            |lineage: &[u16; 5]| lineage.iter().zip(&self.territories).all(|(&at, list)| usize::from(at) < list.len());
        self.lineages.len() == self.territories[0].len()
            && self.lineages.iter().enumerate().all(|(clsc, own)| usize::from(own[0]) == clsc && there(own))
    }

    /// The rows that [`Hierarchy::new`] would compile into this one.
    #[must_use]
    pub fn rows(&self) -> Vec<HierarchyRow> {
        self.lineages
            .iter()
            .map(|lineage| HierarchyRow {
                territories: std::array::from_fn(|place| self.territories[place][usize::from(lineage[place])].clone()),
            })
            .collect()
    }

    /// The territories of a level, in order of code; empty for the dissemination area.
    #[must_use]
    pub fn territories(&self, level: Level) -> &[Territory] {
        level.territorial_index().map_or(&[], |place| &self.territories[place])
    }

    /// How many CLSC there are.
    #[must_use]
    pub fn clsc_count(&self) -> usize {
        self.territories[0].len()
    }

    /// Place of a code in its level's list.
    #[must_use]
    pub fn find(&self, level: Level, code: &str) -> Option<usize> {
        self.territories(level).binary_search_by(|territory| territory.code.as_str().cmp(code)).ok()
    }

    /// Whether two hierarchies have the same territories, by code, in the same places, and the same nesting; names and
    /// published people do not matter.
    #[must_use]
    pub fn same_shape(&self, other: &Self) -> bool {
        let same =
            |a: &[Territory], b: &[Territory]| a.iter().map(|known| &known.code).eq(b.iter().map(|known| &known.code));
        self.lineages == other.lineages && self.territories.iter().zip(&other.territories).all(|(a, b)| same(a, b))
    }

    /// A CLSC and all above it. `clsc` is a place in the list of CLSC.
    #[must_use]
    pub fn lineage(&self, clsc: usize) -> Lineage {
        Lineage(self.lineages[clsc])
    }

    /// Place, in the list of `level`, of the territory that holds a CLSC.
    ///
    /// # Panics
    /// For the dissemination area, which holds no CLSC.
    #[must_use]
    pub fn parent(&self, clsc: usize, level: Level) -> usize {
        let place = level.territorial_index().expect("a CLSC has parents at territorial levels only");
        usize::from(self.lineages[clsc][place])
    }

    /// The CLSC (places in their list) of a territory given by its place in its level's list.
    pub fn clsc_of(&self, level: Level, place: usize) -> impl Iterator<Item = usize> + '_ {
        let column = level.territorial_index();
        self.lineages
            .iter()
            .enumerate()
            .filter(move |(_, lineage)| column.is_some_and(|column| usize::from(lineage[column]) == place))
            .map(|(clsc, _)| clsc)
    }

    /// Territories of one upper level that are split between several of a higher one, for every pair of levels.
    ///
    /// In Québec's edition of 2017-07 the only ones are between RUISSS: RSS 04, 06 and 16, and RTS 041, 063, 161 and 162.
    #[must_use]
    pub fn nesting_breaks(&self) -> Vec<NestingBreak> {
        let mut breaks = Vec::new();
        for lower in 1..5 {
            for upper in lower + 1..5 {
                let mut parents: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
                for lineage in &self.lineages {
                    let above = parents.entry(lineage[lower]).or_default();
                    if !above.contains(&lineage[upper]) {
                        above.push(lineage[upper]);
                    }
                }
                for (place, mut above) in parents {
                    if above.len() > 1 {
                        above.sort_unstable();
                        breaks.push(NestingBreak {
                            lower: Level::TERRITORIAL[lower],
                            code: self.territories[lower][usize::from(place)].code.clone(),
                            upper: Level::TERRITORIAL[upper],
                            parents: above
                                .into_iter()
                                .map(|parent| self.territories[upper][usize::from(parent)].code.clone())
                                .collect(),
                        });
                    }
                }
            }
        }
        breaks
    }
}
