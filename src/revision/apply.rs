//! A revision: ordered operations on a base edition, and the edition they give.

use serde::{Deserialize, Serialize};

use super::codes::{self, CodeChange};
use super::draft::Draft;
use super::{Change, Operation, RevisionError, UnitChooser, UnitIndex, Written, step};
use crate::domain::{Date, Edition, EditionHeader};

/// Ordered operations on a base edition.
///
/// ```
/// let text = r#"
/// id = "essai"
/// label = "Deux aires passent à l'est"
/// base = "2017-07-01"
/// valid_from = "2027-04-01"
///
/// [[operation]]
/// op = "move_units"
/// transfers = [{ to = "06122", units = ["24660123", "24660124"] }]
/// "#;
/// let revision = rattache::revision::Revision::from_toml(text)?;
/// assert_eq!(revision.operations[0].word(), "move_units");
/// assert_eq!(rattache::revision::Revision::from_toml(&revision.to_toml()?)?, revision);
/// # Ok::<(), rattache::revision::RevisionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Identifier, and that of the edition it gives.
    pub id: String,
    /// Label for people, in French.
    pub label: String,
    /// Identifier of the edition it changes.
    pub base: String,
    /// First day on which the edition it gives holds.
    pub valid_from: Date,
    /// Whether the edition it gives states the ministry's limits; no, unless said.
    #[serde(default)]
    pub official: bool,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The steps, in order.
    #[serde(rename = "operation", default)]
    pub operations: Vec<Operation>,
}

/// What a revision gives.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The edition, like any other.
    pub edition: Edition,
    /// The operations that lead back to the base, in order.
    pub inverse: Vec<Operation>,
    /// What each operation changed.
    pub changes: Vec<Vec<Change>>,
    /// Codes that no longer say what the territory lies in, with the code proposed.
    pub code_changes: Vec<CodeChange>,
}

impl Revision {
    /// Carries out the operations. Costs a few passes over the units an operation.
    ///
    /// # Errors
    /// [`RevisionError::OtherBase`], [`RevisionError::OtherUnits`], and [`RevisionError::Refused`] for the first operation
    /// that can not be carried out, with the reason.
    pub fn apply(&self, base: &Edition, units: &UnitIndex) -> Result<Applied, RevisionError> {
        if self.base != base.header.id {
            let (revision, expected, found) = (self.id.clone(), self.base.clone(), base.header.id.clone());
            return Err(RevisionError::OtherBase { revision, expected, found });
        }
        let header = EditionHeader {
            id: self.id.clone(),
            label: self.label.clone(),
            official: self.official,
            valid_from: self.valid_from,
        };
        apply(base, units, header, &self.operations)
    }

    /// Reads a revision as people write it, every unit named by its identifier; [`Written`] reads those named by what they
    /// lie in.
    ///
    /// # Errors
    /// [`RevisionError::Toml`] for what is no TOML, [`RevisionError::Written`] with every fault.
    pub fn from_toml(text: &str) -> Result<Self, RevisionError> {
        Written::of_toml(text)?.revision(&UnitChooser::nothing())
    }

    /// Writes it as people read it.
    ///
    /// # Errors
    /// [`RevisionError::TomlWrite`].
    pub fn to_toml(&self) -> Result<String, RevisionError> {
        Ok(toml::to_string_pretty(self)?)
    }
}

/// Carries out operations on an edition; the result bears `header`.
///
/// # Errors
/// [`RevisionError::OtherUnits`] and [`RevisionError::Refused`].
pub fn apply(
    base: &Edition,
    units: &UnitIndex,
    header: EditionHeader,
    operations: &[Operation],
) -> Result<Applied, RevisionError> {
    let attached = base.attachment.as_slice().len();
    if attached != units.len() {
        return Err(RevisionError::OtherUnits { edition: attached, units: units.len() });
    }
    let mut draft = Draft::new(base, units);
    let (mut inverse, mut changes) = (Vec::new(), Vec::new());
    for (at, operation) in operations.iter().enumerate() {
        let refused = |reason| RevisionError::Refused { number: at + 1, word: operation.word(), reason };
        let done = step::perform(&mut draft, operation).map_err(refused)?;
        inverse.push(done.inverse);
        changes.push(done.changes);
    }
    let last = operations.len();
    let word = operations.last().map_or("", Operation::word);
    let edition = draft.edition(header).map_err(|reason| RevisionError::Refused { number: last, word, reason })?;
    let code_changes = codes::suggest(&base.hierarchy, &edition.hierarchy);
    Ok(Applied { edition, inverse: inverse.into_iter().rev().flatten().collect(), changes, code_changes })
}
