//! How many people a CLSC has.

use super::criterion::{Context, Criterion, Fault};
use super::{CriteriaSettings, Grade, Measured, Value};
use crate::domain::{Language, Level};

/// People, against the range asked for.
pub(super) struct People;

const TOO_FEW: Fault = Fault::new("too_few_people", "population sous la fourchette", "fewer people than the range");
const TOO_MANY: Fault =
    Fault::new("too_many_people", "population au-dessus de la fourchette", "more people than the range");

impl Criterion for People {
    fn id(&self) -> &'static str {
        "people"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("population", "people")
    }

    fn yardstick(&self, settings: &CriteriaSettings, language: Language) -> String {
        let [least, most] = [settings.least_people, settings.most_people].map(|people| language.whole(people));
        match language {
            Language::French => format!(
                "bon de {least} à {most} personnes ; acceptable jusqu’à un quart de moins que le minimum ou de plus que le \
                 maximum ; faible jusqu’à la moitié du minimum ou au double du maximum ; à examiner au-delà"
            ),
            Language::English => format!(
                "good from {least} to {most} people; fair up to a quarter below the least or above the most; weak down to half \
                 the least or up to twice the most; to be examined beyond"
            ),
        }
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let people = context.engine.sums(Level::Clsc, context.clsc).people;
        let grade = context.settings().people_grade(people);
        let fault = if people < context.settings().least_people { TOO_FEW } else { TOO_MANY };
        vec![Measured {
            criterion: self.id(),
            of: None,
            grade: Some(grade),
            fault: (grade > Grade::Good).then_some(fault),
            value: Value::Count(people),
        }]
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        if let Value::Count(people) = measured.value { language.whole(people) } else { String::new() }
    }
}
