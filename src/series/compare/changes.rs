//! The changes of territory that a series goes through: [`change`](crate::change) told of two editions and what joins them.

use super::join::UnitJoin;
use super::overlap::Overlap;
use crate::change::{Changes, Comparison, Flows, Shared};
use crate::domain::{Edition, Level, TerritoryIndex};
use crate::series::SeriesError;

/// Classifies every territory of a level. The answer is the same for any copy of the outlines, which are not looked at.
///
/// # Errors
/// [`SeriesError::NotTerritorial`], [`SeriesError::UnitCount`].
pub fn classify_changes(from: &Edition, to: &Edition, join: &UnitJoin, level: Level) -> Result<Changes, SeriesError> {
    if level.territorial_index().is_none() {
        return Err(SeriesError::NotTerritorial { level });
    }
    let clsc = Overlap::new(from, to, join, Level::Clsc)?.flows();
    let comparison = Comparison::new(&from.hierarchy, &to.hierarchy, clsc);
    Ok(Changes::new(&comparison, level, &from.header, &to.header))
}

impl Overlap {
    /// The units and people of the parts, as changes are classified by.
    #[must_use]
    pub fn flows(&self) -> Flows {
        let shared = self.parts.iter().map(|part| Shared {
            from: TerritoryIndex(part.from),
            to: TerritoryIndex(part.to),
            units: part.units,
            people: part.population,
        });
        Flows::new(shared, self.by_from.len(), self.by_to.len())
    }
}
