//! How far people are from a CLSC installation.

use super::criterion::{Context, Criterion, Fault};
use super::travel;
use super::{CriteriaSettings, DistanceFound, Grade, Measured, Value};
use crate::domain::Language;
use crate::revision::reach::Reach;

/// Distance to the nearest CLSC installation of the territory, as the crow flies.
pub(super) struct Distance;

const FAR: Fault = Fault::new("distance", "éloignement d’une installation", "far from an installation");
const NONE_INSIDE: Fault = Fault::new("no_installation", "aucune installation de CLSC", "no CLSC installation");

impl Criterion for Distance {
    fn id(&self) -> &'static str {
        "distance"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick(
            "distance d’une installation (médiane / 90e, part au-delà)",
            "distance to an installation (median / 90th, share beyond)",
        )
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("la distance aux installations", "the distance to installations"))
    }

    fn yardstick(&self, settings: &CriteriaSettings, language: Language) -> String {
        let far = language.decimal(settings.far_m / 1000.0, 1);
        match language {
            Language::French => format!(
                "à vol d’oiseau, jusqu’à l’installation de CLSC la plus proche dans le territoire : bon si au plus 10 % des \
                 personnes en sont à plus de {far} km, acceptable jusqu’à 25 %, faible jusqu’à 50 % ou sans installation"
            ),
            Language::English => format!(
                "as the crow flies, to the nearest CLSC installation of the territory: good if at most 10% of people are more \
                 than {far} km away, fair up to 25%, weak up to 50% or without an installation"
            ),
        }
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let (facts, installed) = (context.facts(), &context.grounds.installed);
        if facts.points.len() != facts.people.len() || installed.is_empty() {
            return Vec::new();
        }
        let distances =
            |reach: &Reach| reach.distances(context.members, &facts.points, &facts.people, context.settings().far_m);
        let inside = distances(&installed.among(|unit| context.engine.clsc_of(unit) == context.clsc));
        let (grade, fault) = match &inside {
            Some(found) => (Grade::by_bounds(found.share_far, [0.1, 0.25, 0.5]), FAR),
            None => (Grade::Weak, NONE_INSIDE),
        };
        // Where travel times are known, straight lines are told beside them and do not count a second time.
        let by_travel = travel::found(context).is_some_and(|found| found.known_share >= 0.5);
        let grade = Some(grade).filter(|_| !by_travel);
        vec![Measured {
            criterion: self.id(),
            of: None,
            grade,
            fault: grade.filter(|grade| *grade > Grade::Good).map(|_| fault),
            value: Value::Distance(DistanceFound { inside, anywhere: distances(installed) }),
        }]
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        let Value::Distance(found) = &measured.value else { return String::new() };
        let Some(inside) = &found.inside else {
            return language.pick("aucune installation de CLSC", "no CLSC installation").to_owned();
        };
        let km = |metres: f64| language.decimal(metres / 1000.0, 1);
        format!("{} / {} km, {}", km(inside.median_m), km(inside.p90_m), language.percent(inside.share_far))
    }
}
