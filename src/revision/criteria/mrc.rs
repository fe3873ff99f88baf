//! MRC, or census divisions, shared between several CLSC.

use super::criterion::{Context, Criterion};
use super::{CriteriaSettings, Measured, cuts};
use crate::domain::Language;

/// MRC, or census divisions where no table gives MRC, of which a part only is in the CLSC. Told, not graded.
pub(super) struct Mrc;

impl Criterion for Mrc {
    fn id(&self) -> &'static str {
        "mrc"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("MRC ou divisions de recensement partagées", "MRC or census divisions shared")
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("les MRC", "MRC"))
    }

    fn yardstick(&self, _: &CriteriaSettings, language: Language) -> String {
        language.pick("dit, sans cote", "told, not graded").to_owned()
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let areas = context.facts().mrc.as_ref();
        let value = areas.and_then(|areas| cuts::cuts(context, areas, &context.grounds.mrc));
        value
            .into_iter()
            .map(|value| Measured { criterion: self.id(), of: None, grade: None, fault: None, value })
            .collect()
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        cuts::words(measured, language)
    }
}
