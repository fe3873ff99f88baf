//! Weighted pairs between two editions, in the columns of NHGIS and of the Australian Bureau of Statistics.

use serde::{Serialize, Serializer};

use super::apportion::share_out;
use super::join::Basis;
use super::overlap::Overlap;
use super::timeline::Timeline;
use crate::domain::{Level, Territory, TerritoryCode};
use crate::series::SeriesError;

/// A weight in billionths, so that the weights of a source add up to exactly 1; written with nine decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = f64, minimum = 0, maximum = 1)]
pub struct Weight(pub u32);

/// One pair of a crosswalk.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CrosswalkRow {
    /// Code in the older edition.
    pub from_code: TerritoryCode,
    /// Code in the newer edition.
    pub to_code: TerritoryCode,
    /// Part of the source that goes to the target.
    pub weight: Weight,
    /// People in both.
    pub population: u64,
    /// Square metres in both.
    pub area_m2: f64,
    /// What the weight counts: what was asked for, or area (then units) where the source has none of it.
    pub basis: Basis,
}

/// How nearly a target is made of whole sources.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TargetQuality {
    /// Code in the newer edition.
    pub to_code: TerritoryCode,
    /// People in it.
    pub population: u64,
    /// Sum over sources of (people given / people of the source) x (people given / people of the target): 1 where every
    /// source is whole, near 0 where all are slivers; none where nobody lives.
    pub quality: Option<f64>,
}

/// Weighted pairs between the territories of two editions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crosswalk {
    /// The older edition.
    pub from: String,
    /// The newer edition.
    pub to: String,
    /// The level.
    pub level: Level,
    /// What was asked to be counted.
    pub basis: Basis,
    /// Pairs in order of source, then target.
    pub rows: Vec<CrosswalkRow>,
    /// One a target, in order of code.
    pub targets: Vec<TargetQuality>,
}

impl Weight {
    /// The whole.
    pub const ONE: Weight = Weight(1_000_000_000);

    /// The weight as a number from 0 to 1.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / f64::from(Self::ONE.0)
    }
}

impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:09}", self.0 / Self::ONE.0, self.0 % Self::ONE.0)
    }
}

impl Serialize for Weight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Both are the double nearest to the nine decimals, so that CSV and JSON show the same digits.
        serializer.serialize_f64(self.value())
    }
}

impl Crosswalk {
    /// The crosswalk between two editions of a timeline (places in it).
    ///
    /// Weights are whole numbers of billionths shared out by largest remainder, so that those of each source add up to
    /// exactly 1. A source with none of what was asked for (nobody lives there) is weighed by area, then by units; its
    /// rows say so.
    ///
    /// # Errors
    /// [`SeriesError::NoJoin`], [`SeriesError::NotTerritorial`], [`SeriesError::NoWeights`] where no unit has any of
    /// what was asked for.
    pub fn new(timeline: &Timeline, level: Level, from: usize, to: usize, basis: Basis) -> Result<Self, SeriesError> {
        let overlap = timeline.overlap(level, from, to)?;
        if overlap.parts.iter().all(|part| part.weight(basis) <= 0.0) {
            return Err(SeriesError::NoWeights { basis: basis.as_str() });
        }
        let [older, newer] = [from, to].map(|at| timeline.editions[at].edition);
        let (sources, targets) = (older.hierarchy.territories(level), newer.hierarchy.territories(level));
        Ok(Self {
            from: older.header.id.clone(),
            to: newer.header.id.clone(),
            level,
            basis,
            rows: rows(&overlap, sources, targets, basis),
            targets: qualities(&overlap, targets),
        })
    }

    /// Reads the rows of one source.
    pub fn of_source<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a CrosswalkRow> {
        self.rows.iter().filter(move |row| row.from_code.as_str() == code)
    }
}

impl Basis {
    /// The basis that a word means; a file is not named by a word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        [Self::Population, Self::Addresses, Self::Dwellings, Self::Area].into_iter().find(|it| it.as_str() == word)
    }

    /// The word in flags, JSON and CSV.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Basis::Population => "population",
            Basis::Addresses => "addresses",
            Basis::Dwellings => "dwellings",
            Basis::Area => "area",
            Basis::File => "file",
        }
    }
}

/// The weights of a source's parts on the first basis that weighs anything; the basis used.
pub(in crate::series) fn source_weights(overlap: &Overlap, source: usize, basis: Basis) -> (Vec<f64>, Basis) {
    for candidate in [basis, Basis::Area] {
        let weights: Vec<f64> = overlap.of_from(source).map(|part| part.weight(candidate)).collect();
        if weights.iter().sum::<f64>() > 0.0 {
            return (weights, candidate);
        }
    }
    (overlap.of_from(source).map(|part| f64::from(part.units)).collect(), Basis::Area)
}

fn rows(overlap: &Overlap, sources: &[Territory], targets: &[Territory], basis: Basis) -> Vec<CrosswalkRow> {
    let mut rows = Vec::with_capacity(overlap.parts.len());
    for (source, territory) in sources.iter().enumerate() {
        let (weights, used) = source_weights(overlap, source, basis);
        let billionths = share_out(i64::from(Weight::ONE.0), &weights);
        for (part, billionths) in overlap.of_from(source).zip(billionths) {
            rows.push(CrosswalkRow {
                from_code: territory.code.clone(),
                to_code: targets[usize::from(part.to)].code.clone(),
                weight: Weight(billionths as u32),
                population: part.population,
                area_m2: part.area_m2,
                basis: used,
            });
        }
    }
    rows
}

fn qualities(overlap: &Overlap, targets: &[Territory]) -> Vec<TargetQuality> {
    let source_people: Vec<u64> =
        (0..overlap.by_from.len()).map(|from| overlap.of_from(from).map(|part| part.population).sum()).collect();
    targets
        .iter()
        .enumerate()
        .map(|(to, territory)| {
            let population: u64 = overlap.of_to(to).map(|part| part.population).sum();
            let quality = (population > 0).then(|| {
                overlap
                    .of_to(to)
                    .filter(|part| part.population > 0)
                    .map(|part| {
                        let given = part.population as f64;
                        given / source_people[usize::from(part.from)] as f64 * (given / population as f64)
                    })
                    .sum()
            });
            TargetQuality { to_code: territory.code.clone(), population, quality }
        })
        .collect()
}
