//! How compact a CLSC is.

use super::criterion::{Context, Criterion, Fault};
use super::{CriteriaSettings, Grade, Measured, Value};
use crate::domain::{Language, Level};

/// Polsby-Popper: 4 pi times the area over the square of the perimeter; 1 for a disc.
pub(super) struct Compactness;

const RAGGED: Fault = Fault::new("compactness", "forme étirée ou découpée", "stretched or ragged shape");

impl Criterion for Compactness {
    fn id(&self) -> &'static str {
        "compactness"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("compacité", "compactness")
    }

    fn yardstick(&self, _: &CriteriaSettings, language: Language) -> String {
        let words = language.pick(
            "4π fois la superficie sur le carré du périmètre (1 pour un disque) : bon à partir de 0,30, acceptable à partir de \
             0,20, faible à partir de 0,10",
            "4π times the area over the square of the perimeter (1 for a disc): good from 0.30, fair from 0.20, weak from 0.10",
        );
        words.to_owned()
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let sums = context.engine.sums(Level::Clsc, context.clsc);
        let perimeter_m = sums.perimeter_mm as f64 / 1000.0;
        let compactness = 4.0 * std::f64::consts::PI * (sums.area_dm2 as f64 / 100.0) / (perimeter_m * perimeter_m);
        let grade = Grade::by_bounds(-compactness, [-0.3, -0.2, -0.1]);
        vec![Measured {
            criterion: self.id(),
            of: None,
            grade: Some(grade),
            fault: (grade > Grade::Good).then_some(RAGGED),
            value: Value::Number(compactness),
        }]
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        // Cut, not rounded: what is below a bound is not shown as that bound.
        if let Value::Number(value) = measured.value {
            language.decimal((value * 100.0).floor() / 100.0, 2)
        } else {
            String::new()
        }
    }
}
