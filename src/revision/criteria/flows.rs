//! What of each flow (commuters, users of services) stays in the CLSC.

use super::criterion::{Context, Criterion};
use super::{CriteriaSettings, Kept, Measured, Value};
use crate::domain::{Language, Level};
use crate::revision::FlowMatrix;

/// Flows from unit to unit. Told, not graded.
pub(super) struct Flows;

impl Criterion for Flows {
    fn id(&self) -> &'static str {
        "flows"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("flux gardés à l’intérieur", "flows kept inside")
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("les bassins de services et de navettage", "service and commuting basins"))
    }

    fn yardstick(&self, _: &CriteriaSettings, language: Language) -> String {
        let words = language.pick(
            "dit, sans cote ; ce qui sort de la province compte dans le total",
            "told, not graded; what leaves the province counts in the total",
        );
        words.to_owned()
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        (context.facts().flows.iter().enumerate())
            .map(|(number, matrix)| Measured {
                criterion: self.id(),
                of: Some(matrix.name.clone()),
                grade: None,
                fault: None,
                value: Value::Kept(kept(context, number, matrix)),
            })
            .collect()
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        words(measured, language)
    }
}

/// What of the matrix of a number stays inside.
pub(super) fn kept(context: &Context<'_>, number: usize, matrix: &FlowMatrix) -> Kept {
    let [total, inside] = context.engine.sums(Level::Clsc, context.clsc).flows[number];
    Kept {
        total,
        inside,
        elsewhere: context.members.iter().map(|&unit| matrix.elsewhere(unit)).sum(),
        share: (total > 0).then(|| inside as f64 / total as f64),
    }
}

pub(super) fn words(measured: &Measured, language: Language) -> String {
    let Value::Kept(kept) = &measured.value else { return String::new() };
    let Some(share) = kept.share else {
        return language.pick("rien n’en part", "nothing starts there").to_owned();
    };
    let mut text = language.percent(share);
    if kept.elsewhere > 0 {
        let away = language.percent(kept.elsewhere as f64 / kept.total as f64);
        text = match language {
            Language::French => format!("{text} (et {away} hors de la province)"),
            Language::English => format!("{text} (and {away} out of the province)"),
        };
    }
    text
}
