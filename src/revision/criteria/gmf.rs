//! What of the people registered with a family medicine group (GMF) is registered in the CLSC.

use super::criterion::{Context, Criterion};
use super::{CriteriaSettings, Measured, Value, flows};
use crate::domain::Language;

/// People registered with a GMF. Told, not graded.
pub(super) struct Gmf;

impl Criterion for Gmf {
    fn id(&self) -> &'static str {
        "gmf"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("inscriptions à un GMF du territoire", "registered with a GMF of the territory")
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("les inscriptions aux GMF", "GMF registrations"))
    }

    fn yardstick(&self, _: &CriteriaSettings, language: Language) -> String {
        let words = language.pick(
            "dit, sans cote ; les inscriptions hors de la province comptent dans le total",
            "told, not graded; registrations out of the province count in the total",
        );
        words.to_owned()
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let (facts, number) = (context.facts(), context.facts().flows.len());
        (facts.gmf.iter())
            .map(|matrix| Measured {
                criterion: self.id(),
                of: None,
                grade: None,
                fault: None,
                value: Value::Kept(flows::kept(context, number, matrix)),
            })
            .collect()
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        flows::words(measured, language)
    }
}
