//! What a CLSC got.

use serde::Serialize;

use super::criterion::Fault;
use super::{Grade, criterion};
use crate::domain::{Language, TerritoryCode, UnitId};
use crate::revision::Distances;

/// One CLSC against the criteria.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ClscCriteria {
    /// Code.
    pub code: TerritoryCode,
    /// Name.
    pub name: String,
    /// The worst of the grades below.
    pub grade: Grade,
    /// What drives it: the faults of the criteria that have that grade; none where it is good.
    #[schema(value_type = Vec<String>)]
    pub drivers: Vec<Fault>,
    /// What was measured, in the order of [`CRITERIA`](super::CRITERIA).
    pub measures: Vec<Measured>,
}

/// What was measured by one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Measured {
    /// The criterion's word.
    pub criterion: &'static str,
    /// The flow or indicator measured, for a criterion that has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The grade; none where it is told and not graded.
    pub grade: Option<Grade>,
    /// What is wrong, where the grade is not good.
    #[schema(value_type = Option<String>)]
    pub fault: Option<Fault>,
    /// The value.
    pub value: Value,
}

/// The value of a measure; the criterion tells which form it has.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = CriterionValue)]
pub enum Value {
    /// A count.
    Count(u64),
    /// A number.
    Number(f64),
    /// Pieces beside the main one.
    Pieces(Vec<Piece>),
    /// Distances to installations.
    Distance(DistanceFound),
    /// Travel times to installations.
    Travel(TravelFound),
    /// Municipalities or MRC shared with other CLSC.
    Cuts {
        /// Those of which a part only is in the territory.
        cut: Vec<Cut>,
        /// Share of its people whose municipality or MRC is known, 0 to 1.
        known_share: f64,
    },
    /// How an indicator varies.
    Spread(Spread),
    /// What of a flow stays inside.
    Kept(Kept),
}

/// A piece of a territory that does not touch its main one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DetachedPiece)]
pub struct Piece {
    /// Its units.
    pub units: Vec<UnitId>,
    /// Its people.
    pub people: u64,
    /// Whether it was detached in the base already: an island or an enclave that there was.
    pub was_there: bool,
}

/// People's distance to the nearest CLSC installation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DistanceFound {
    /// Of those of the territory; none where it has none.
    pub inside: Option<Distances>,
    /// Wherever it is.
    pub anywhere: Option<Distances>,
}

/// People's travel time to the nearest CLSC installation, by the table of travel times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TravelFound {
    /// To those of the territory; none where no time to any is known.
    pub inside: Option<TravelTimes>,
    /// Wherever it is.
    pub anywhere: Option<TravelTimes>,
    /// Share of its people whose travel times are known, 0 to 1.
    pub known_share: f64,
}

/// Travel times of people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TravelTimes {
    /// Half of the people travel no longer, minutes.
    pub median_min: f64,
    /// Nine in ten people travel no longer, minutes.
    pub p90_min: f64,
    /// Share of people who travel longer than the setting, 0 to 1.
    pub share_far: f64,
}

/// A municipality or MRC of which a part only is in the territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cut {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its people inside.
    pub people_inside: u64,
    /// Its people outside.
    pub people_outside: u64,
}

/// How an indicator varies inside a territory, weighted by people.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = IndicatorSpread)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// Lowest value.
    pub lowest: f64,
    /// Highest value.
    pub highest: f64,
    /// The units farthest from the mean, with their value, farthest first.
    pub contrasted: Vec<(UnitId, f64)>,
    /// Units without a value.
    pub unknown: usize,
}

/// What of a flow stays inside.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Kept {
    /// What starts inside, wherever it ends: out of the province too.
    pub total: u64,
    /// What of it ends inside.
    pub inside: u64,
    /// What of it ends at no unit of the atlas: out of the province, or not known.
    pub elsewhere: u64,
    /// Share that stays, 0 to 1; none where nothing starts inside.
    pub share: Option<f64>,
}

impl ClscCriteria {
    /// What one criterion measured.
    pub fn of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Measured> {
        self.measures.iter().filter(move |known| known.criterion == id)
    }

    /// The grade that one criterion gives; none where it gives none.
    #[must_use]
    pub fn grade_of(&self, id: &str) -> Option<Grade> {
        self.measures.iter().find(|known| known.criterion == id)?.grade
    }

    /// How many people it has.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.measures
            .iter()
            .find_map(|known| if let Value::Count(count) = known.value { Some(count) } else { None })
            .unwrap_or(0)
    }

    /// Pieces beside the main one.
    #[must_use]
    pub fn detached(&self) -> &[Piece] {
        let found = self
            .measures
            .iter()
            .find_map(|known| if let Value::Pieces(list) = &known.value { Some(list) } else { None });
        found.map_or(&[], Vec::as_slice)
    }

    /// Municipalities or MRC cut, by the word of the criterion; none where they are not known.
    #[must_use]
    pub fn cuts(&self, id: &str) -> Option<&[Cut]> {
        match &self.measures.iter().find(|known| known.criterion == id)?.value {
            Value::Cuts { cut, .. } => Some(cut),
            _ => None,
        }
    }
}

impl Measured {
    /// What was measured, as the label of a line: that of the criterion, and the flow or indicator where it has several.
    #[must_use]
    pub fn label(&self, language: Language) -> String {
        let name = criterion(self.criterion).map_or(self.criterion, |known| known.name(language));
        match &self.of {
            Some(of) => format!("{name}, {of}"),
            None => name.to_owned(),
        }
    }

    /// The value for people.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        criterion(self.criterion).map_or_else(String::new, |known| known.words(self, language))
    }
}
