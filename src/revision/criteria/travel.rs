//! How long people travel to a CLSC installation.

use super::criterion::{Context, Criterion, Fault};
use super::{CriteriaSettings, Grade, Measured, TravelFound, Value};
use crate::domain::Language;
use crate::revision::reach::quantiles;

/// Minutes to the nearest CLSC installation of the territory, by the table of travel times.
pub(super) struct Travel;

const FAR: Fault = Fault::new("travel_time", "long trajet vers une installation", "long way to an installation");
const NONE_INSIDE: Fault = Fault::new("no_installation", "aucune installation de CLSC", "no CLSC installation");

/// What the table says of a CLSC; none where there is no table, or none about its people.
pub(super) fn found(context: &Context<'_>) -> Option<TravelFound> {
    let facts = context.facts();
    let travel = facts.travel.as_ref()?;
    let all: u64 = context.members.iter().map(|&unit| context.people_of(unit)).sum();
    let minutes = |unit: u32, inside: bool| {
        let reached = travel.of(unit).iter().filter(|&&(place, _)| {
            let installation = &facts.installations[place as usize];
            installation.is_clsc && (!inside || context.engine.clsc_of(installation.unit) == context.clsc)
        });
        reached.map(|&(_, minutes)| minutes).min_by(f64::total_cmp)
    };
    let told: Vec<u32> = context
        .members
        .iter()
        .copied()
        .filter(|&unit| context.people_of(unit) > 0 && minutes(unit, false).is_some())
        .collect();
    let known: u64 = told.iter().map(|&unit| context.people_of(unit)).sum();
    if known == 0 {
        return None;
    }
    let of = |inside: bool| {
        let list = told.iter().filter_map(|&unit| Some((minutes(unit, inside)?, context.people_of(unit)))).collect();
        quantiles(list, context.settings().far_minutes).map(|(median_min, p90_min, share_far)| super::TravelTimes {
            median_min,
            p90_min,
            share_far,
        })
    };
    Some(TravelFound { inside: of(true), anywhere: of(false), known_share: known as f64 / all as f64 })
}

impl Criterion for Travel {
    fn id(&self) -> &'static str {
        "travel_time"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick(
            "temps de trajet vers une installation (médiane / 90e, part au-delà)",
            "travel time to an installation (median / 90th, share beyond)",
        )
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("les temps de trajet", "travel times"))
    }

    fn yardstick(&self, settings: &CriteriaSettings, language: Language) -> String {
        let far = language.decimal(settings.far_minutes, 0);
        match language {
            Language::French => format!(
                "par la table des temps de trajet, jusqu’à l’installation de CLSC la plus proche dans le territoire : bon si au plus \
                 10 % des personnes en sont à plus de {far} minutes, acceptable jusqu’à 25 %, faible jusqu’à 50 % ou sans installation"
            ),
            Language::English => format!(
                "by the table of travel times, to the nearest CLSC installation of the territory: good if at most 10% of people \
                 are more than {far} minutes away, fair up to 25%, weak up to 50% or without an installation"
            ),
        }
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let Some(found) = found(context) else { return Vec::new() };
        let (grade, fault) = match &found.inside {
            Some(inside) => (Grade::by_bounds(inside.share_far, [0.1, 0.25, 0.5]), FAR),
            None => (Grade::Weak, NONE_INSIDE),
        };
        vec![Measured {
            criterion: self.id(),
            of: None,
            grade: Some(grade),
            fault: (grade > Grade::Good).then_some(fault),
            value: Value::Travel(found),
        }]
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        let Value::Travel(found) = &measured.value else { return String::new() };
        let Some(inside) = &found.inside else {
            return language.pick("aucune installation de CLSC", "no CLSC installation").to_owned();
        };
        let minutes = |minutes: f64| language.decimal(minutes, 0);
        let told = format!(
            "{} / {} min, {}",
            minutes(inside.median_min),
            minutes(inside.p90_min),
            language.percent(inside.share_far)
        );
        if found.known_share < 1.0 {
            let of = language.pick("connu pour", "known for");
            return format!("{told} ({of} {})", language.percent(found.known_share));
        }
        told
    }
}
