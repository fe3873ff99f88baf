//! A revision made again on another edition, operation by operation.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Operation, Refusal, Revision, RevisionError, Transfer, UnitIndex, apply};
use crate::change::Comparison;
use crate::domain::{ChangeClass, Edition, EditionHeader, French as _, Language, Level, TerritoryCode, UnitId};

/// What became of one operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RebasedStep {
    /// Its number in the revision, from 1.
    pub number: usize,
    /// Its word.
    pub word: &'static str,
    /// How much of it holds.
    pub kept: KeptPart,
    /// Units that were left out: they are there already, or no longer where they were taken from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<UnitId>,
    /// Why it no longer holds, or not wholly.
    #[serde(skip)]
    pub reason: Option<Refusal>,
    /// Territories that it changes and that the editions between have changed already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed_meanwhile: Vec<TerritoryCode>,
}

/// How much of an operation holds on another edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptPart {
    /// All of it.
    Whole,
    /// A part: see the units left out.
    Part,
    /// Nothing.
    Nothing,
}

/// A revision on another edition, and what became of each operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebased {
    /// The revision, on the other edition; operations of which nothing holds are left out.
    pub revision: Revision,
    /// What became of each operation.
    pub steps: Vec<RebasedStep>,
}

impl Rebased {
    /// Whether every operation holds wholly and changes nothing that was changed meanwhile: what was decided on the old base
    /// can be carried out on the new one without being decided again.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.steps.iter().all(|step| step.kept == KeptPart::Whole && step.changed_meanwhile.is_empty())
    }
}

impl RebasedStep {
    /// What became of it, in a sentence without its final point.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let reason = self.reason.as_ref().map_or(String::new(), |reason| match language {
            Language::French => reason.french(),
            Language::English => reason.to_string(),
        });
        let mut text = match self.kept {
            KeptPart::Whole => language.pick("tient", "holds").to_owned(),
            KeptPart::Part => {
                let list: Vec<&str> = self.left_out.iter().take(5).map(UnitId::as_str).collect();
                let more = if self.left_out.len() > 5 { ", …" } else { "" };
                let (count, list) = (self.left_out.len(), list.join(", "));
                match language {
                    Language::French => format!("tient en partie, sans {count} aires ({list}{more}) : {reason}"),
                    Language::English => format!("holds in part, without {count} units ({list}{more}): {reason}"),
                }
            }
            KeptPart::Nothing => match language {
                Language::French => format!("ne tient plus : {reason}"),
                Language::English => format!("no longer holds: {reason}"),
            },
        };
        if !self.changed_meanwhile.is_empty() {
            let list = self.changed_meanwhile.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let words =
                language.pick(" ; à revoir, changé entre-temps : ", "; to be looked at again, changed meanwhile: ");
            text.extend([words, &list]);
        }
        text
    }
}

/// Makes a revision again on another edition over the same units. `people` decide which territory goes on between the two.
///
/// 1. An operation that the other edition allows as it is holds.
/// 2. Of a move, a split or a merger, what is done already, or no longer is where it was, is left out and named.
/// 3. What no longer can be carried out is left out with the reason.
///
/// # Errors
/// [`RevisionError::OtherUnits`].
pub fn rebase(
    revision: &Revision,
    (old, new): (&Edition, &Edition),
    units: &UnitIndex,
    people: &[u64],
) -> Result<Rebased, RevisionError> {
    let meanwhile = changed_codes(&Comparison::of_editions(old, new, people));
    let header = EditionHeader { id: revision.id.clone(), ..new.header.clone() };
    let mut state = new.clone();
    let mut rebased = Revision { base: new.header.id.clone(), operations: Vec::new(), ..revision.clone() };
    let mut steps = Vec::new();
    for (at, operation) in revision.operations.iter().enumerate() {
        let mut step = RebasedStep {
            number: at + 1,
            word: operation.word(),
            kept: KeptPart::Whole,
            left_out: Vec::new(),
            reason: None,
            changed_meanwhile: Vec::new(),
        };
        let carried_out = |operation: &Operation| {
            apply(&state, units, header.clone(), std::slice::from_ref(operation)).map_err(|error| match error {
                RevisionError::Refused { reason, .. } => Ok(reason),
                other => Err(other),
            })
        };
        let done = match carried_out(operation) {
            Ok(applied) => Some((operation.clone(), applied)),
            Err(Err(other)) => return Err(other),
            Err(Ok(reason)) => {
                let (lesser, left_out) = lessened(operation, &state, units);
                let applied = lesser.and_then(|lesser| Some((carried_out(&lesser).ok()?, lesser)));
                step.reason = Some(reason);
                step.kept = if applied.is_some() { KeptPart::Part } else { KeptPart::Nothing };
                if applied.is_some() {
                    step.left_out = left_out;
                }
                applied.map(|(applied, lesser)| (lesser, applied))
            }
        };
        if let Some((operation, applied)) = done {
            let changes = applied.changes.iter().flatten();
            let lowest = changes.clone().map(|change| change.level).min();
            let codes: BTreeSet<TerritoryCode> = changes
                .filter(|change| Some(change.level) == lowest)
                .flat_map(|change| [&change.before, &change.after].into_iter().flatten())
                .filter(|code| lowest.is_some_and(|level| meanwhile.contains(&(level, (*code).clone()))))
                .cloned()
                .collect();
            step.changed_meanwhile = codes.into_iter().collect();
            rebased.operations.push(operation);
            state = applied.edition;
        }
        steps.push(step);
    }
    Ok(Rebased { revision: rebased, steps })
}

/// Codes, of both editions, of the territories that are not what they were.
fn changed_codes(comparison: &Comparison<'_>) -> BTreeSet<(Level, TerritoryCode)> {
    let mut codes = BTreeSet::new();
    for level in Level::TERRITORIAL {
        for pair in comparison.pairs(level) {
            if comparison.class(level, pair) != ChangeClass::Unchanged {
                let told = comparison.territory(level, pair);
                codes.extend(told.from_code.into_iter().chain(told.to_code).map(|code| (level, code)));
            }
        }
    }
    codes
}

/// An operation without the units that are unknown, there already or elsewhere than it says, and these units; none where
/// nothing would be left of it, or it names no units.
fn lessened(operation: &Operation, state: &Edition, units: &UnitIndex) -> (Option<Operation>, Vec<UnitId>) {
    let list = state.hierarchy.territories(Level::Clsc);
    let home = |unit: &UnitId| {
        let place = units.find(unit.as_str())?;
        Some(&list[usize::from(state.attachment.clsc(place as usize))].code)
    };
    let known = |code: &TerritoryCode| state.hierarchy.find(Level::Clsc, code.as_str()).is_some();
    let mut left_out = Vec::new();
    let mut sift = |list: &[UnitId], stays: &dyn Fn(&UnitId) -> bool| -> Vec<UnitId> {
        let (kept, left): (Vec<UnitId>, Vec<UnitId>) = list.iter().cloned().partition(|unit| stays(unit));
        left_out.extend(left);
        kept
    };
    let lesser = match operation {
        Operation::MoveUnits { transfers } => {
            let transfers: Vec<Transfer> = (transfers.iter())
                .map(|transfer| {
                    let stays =
                        |unit: &UnitId| known(&transfer.to) && home(unit).is_some_and(|home| *home != transfer.to);
                    Transfer { to: transfer.to.clone(), units: sift(&transfer.units, &stays) }
                })
                .filter(|transfer| !transfer.units.is_empty())
                .collect();
            (!transfers.is_empty()).then_some(Operation::MoveUnits { transfers })
        }
        Operation::Split { clsc, parts } => {
            let parts: Vec<_> = (parts.iter().cloned())
                .map(|mut part| {
                    part.units = sift(&part.units, &|unit| home(unit) == Some(clsc));
                    part
                })
                .filter(|part| !part.units.is_empty())
                .collect();
            (!parts.is_empty()).then(|| Operation::Split { clsc: clsc.clone(), parts })
        }
        Operation::Merge { into, from } => {
            let from: Vec<TerritoryCode> = from.iter().filter(|code| known(code)).cloned().collect();
            (!from.is_empty()).then(|| Operation::Merge { into: into.clone(), from })
        }
        _ => None,
    };
    (lesser, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::tests::operations::{code, header, ids, small};

    fn moved(to: &str, units: &[&str]) -> Operation {
        Operation::MoveUnits { transfers: vec![Transfer { to: code(to), units: ids(units) }] }
    }

    fn revision(operations: Vec<Operation>) -> Revision {
        Revision {
            id: "r".into(),
            label: "Essai".into(),
            base: "base".into(),
            valid_from: "2028-04-01".parse().unwrap(),
            official: false,
            reason: Some("pourquoi".into()),
            operations,
        }
    }

    #[test]
    fn each_operation_says_whether_it_still_holds_on_the_edition_now_in_force() {
        let (base, units) = small();
        // Meanwhile u00 went to 01112, and 01211 was renamed.
        let between = [
            moved("01112", &["u00"]),
            Operation::Rename { level: Level::Clsc, code: code("01211"), name: "Autre".into() },
        ];
        let now = apply(&base, &units, header("now"), &between).unwrap().edition;
        let asked = revision(vec![
            moved("02112", &["u08"]),
            moved("01112", &["u00", "u04"]),
            Operation::Rename { level: Level::Clsc, code: code("01211"), name: "Autre".into() },
            Operation::Rename { level: Level::Clsc, code: code("01211"), name: "Encore".into() },
        ]);
        let rebased = rebase(&asked, (&base, &now), &units, &[100; 12]).unwrap();
        let told: Vec<(KeptPart, usize, Vec<String>)> = (rebased.steps.iter())
            .map(|step| {
                let codes = step.changed_meanwhile.iter().map(ToString::to_string).collect();
                (step.kept, step.left_out.len(), codes)
            })
            .collect();
        assert_eq!(
            told,
            [
                (KeptPart::Whole, 0, vec![]),
                (KeptPart::Part, 1, vec!["01112".to_owned()]),
                (KeptPart::Nothing, 0, vec![]),
                (KeptPart::Whole, 0, vec!["01211".to_owned()]),
            ]
        );
        assert!(!rebased.is_clean());
        assert_eq!((rebased.revision.base.as_str(), rebased.revision.operations.len()), ("now", 3));
        assert!(rebased.revision.apply(&now, &units).is_ok());
        assert!(rebased.steps[1].words(Language::French).contains("sans 1 aires (u00)"));
        assert!(rebased.steps[2].words(Language::English).starts_with("no longer holds"));
    }

    #[test]
    fn a_revision_elsewhere_in_the_province_holds_wholly() {
        let (base, units) = small();
        let now = apply(&base, &units, header("now"), &[moved("01112", &["u00"])]).unwrap().edition;
        let rebased = rebase(&revision(vec![moved("02112", &["u08"])]), (&base, &now), &units, &[100; 12]).unwrap();
        assert!(rebased.is_clean(), "{:?}", rebased.steps);
        let edition = rebased.revision.apply(&now, &units).unwrap().edition;
        let home = |unit: usize| edition.attachment.clsc(unit);
        assert_eq!((home(0), home(8)), (1, 5), "both changes are in it");
    }
}
