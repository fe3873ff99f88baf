//! Municipalities shared between several CLSC.

use super::criterion::{Context, Criterion, Fault};
use super::{CriteriaSettings, Cut, Grade, Measured, Value, cuts};
use crate::domain::Language;

/// Municipalities of which a part only is in the CLSC.
pub(super) struct Municipalities;

const SHARED: Fault = Fault::new("municipalities", "municipalités partagées", "municipalities shared");

/// Where the municipality of fewer people than this is known, what is cut is told and not graded.
const LEAST_KNOWN: f64 = 0.95;

impl Criterion for Municipalities {
    fn id(&self) -> &'static str {
        "municipalities"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("municipalités partagées", "municipalities shared")
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("les municipalités", "municipalities"))
    }

    fn yardstick(&self, settings: &CriteriaSettings, language: Language) -> String {
        let most = language.whole(settings.most_people);
        match language {
            Language::French => format!(
                "bon si aucune municipalité de {most} personnes ou moins n’est partagée avec un autre CLSC, acceptable pour une, \
                 faible jusqu’à trois ; une plus grande ne peut pas être entière. Sans cote où la municipalité de plus de 5 % des \
                 personnes n’est pas connue"
            ),
            Language::English => format!(
                "good if no municipality of {most} people or fewer is shared with another CLSC, fair for one, weak up to three; a \
                 larger one can not be whole. Not graded where the municipality of more than 5% of people is not known"
            ),
        }
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let areas = context.facts().municipalities.as_ref();
        let value = areas.and_then(|areas| cuts::cuts(context, areas, &context.grounds.municipalities));
        let Some(value @ Value::Cuts { .. }) = value else { return Vec::new() };
        let grade = match &value {
            Value::Cuts { cut, known_share } if *known_share >= LEAST_KNOWN => {
                let could_be_whole =
                    |cut: &&Cut| cut.people_inside + cut.people_outside <= context.settings().most_people;
                Some(Grade::by_bounds(cut.iter().filter(could_be_whole).count() as f64, [0.0, 1.0, 3.0]))
            }
            _ => None,
        };
        let fault = grade.filter(|&grade| grade > Grade::Good).map(|_| SHARED);
        vec![Measured { criterion: self.id(), of: None, grade, fault, value }]
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        cuts::words(measured, language)
    }
}
