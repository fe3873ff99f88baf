//! What is asked of a CLSC.

use serde::{Deserialize, Serialize};

use super::Grade;

/// What is asked of a CLSC.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CriteriaSettings {
    /// Fewest people.
    pub least_people: u64,
    /// Most people.
    pub most_people: u64,
    /// Distance beyond which people are far from an installation, in metres.
    pub far_m: f64,
    /// Travel time beyond which people are far from an installation, in minutes.
    pub far_minutes: f64,
    /// How many contrasted units to name.
    pub contrasted: usize,
}

impl Default for CriteriaSettings {
    fn default() -> Self {
        Self { least_people: 25_000, most_people: 50_000, far_m: 10_000.0, far_minutes: 30.0, contrasted: 5 }
    }
}

impl CriteriaSettings {
    /// Whether people are in the range, both ends included.
    #[must_use]
    pub const fn in_range(&self, people: u64) -> bool {
        self.least_people <= people && people <= self.most_people
    }

    /// How many people are missing to, or in excess of, the range.
    #[must_use]
    pub const fn off_range(&self, people: u64) -> u64 {
        if people < self.least_people { self.least_people - people } else { people.saturating_sub(self.most_people) }
    }

    /// Good in the range; fair up to a quarter beyond an end, weak up to half below or twice above, else poor.
    #[must_use]
    pub fn people_grade(&self, people: u64) -> Grade {
        if self.in_range(people) {
            return Grade::Good;
        }
        let people = people as f64;
        if people < self.least_people as f64 {
            Grade::by_bounds(-people / self.least_people as f64, [-1.0, -0.75, -0.5])
        } else {
            Grade::by_bounds(people / self.most_people as f64, [1.0, 1.25, 2.0])
        }
    }
}
