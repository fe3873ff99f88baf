//! How indicators, such as an index of deprivation, vary inside the CLSC.

use super::criterion::{Context, Criterion};
use super::{CriteriaSettings, Measured, Spread, Value};
use crate::domain::Language;
use crate::revision::Indicator;

/// Indicators, weighted by people. Told, not graded.
pub(super) struct Indicators;

impl Criterion for Indicators {
    fn id(&self) -> &'static str {
        "indicators"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("indicateur", "indicator")
    }

    fn wants(&self, language: Language) -> Option<&'static str> {
        Some(language.pick("les indicateurs sociaux et matériels", "social and material indicators"))
    }

    fn yardstick(&self, _: &CriteriaSettings, language: Language) -> String {
        let words = language.pick(
            "dit, sans cote : moyenne et écart type pondérés par la population, et les aires les plus contrastées",
            "told, not graded: mean and standard deviation weighted by people, and the areas that contrast most",
        );
        words.to_owned()
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        (context.facts().indicators.iter())
            .filter_map(|indicator| {
                Some(Measured {
                    criterion: self.id(),
                    of: Some(indicator.name.clone()),
                    grade: None,
                    fault: None,
                    value: Value::Spread(spread(context, indicator)?),
                })
            })
            .collect()
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        let Value::Spread(spread) = &measured.value else { return String::new() };
        let units: Vec<String> =
            spread.contrasted.iter().map(|(unit, value)| format!("{unit} ({})", language.decimal(*value, 2))).collect();
        format!(
            "{} ± {}{} {} {}",
            language.decimal(spread.mean, 2),
            language.decimal(spread.deviation, 2),
            language.semicolon(),
            language.pick("plus contrastées\u{a0}:", "most contrasted:"),
            units.join(", ")
        )
    }
}

fn spread(context: &Context<'_>, indicator: &Indicator) -> Option<Spread> {
    let mut known: Vec<(u32, f64)> = (context.members.iter())
        .filter_map(|&unit| indicator.values.get(unit as usize).copied().flatten().map(|value| (unit, value)))
        .collect();
    let weight = |unit: u32| context.people_of(unit) as f64;
    let total: f64 = known.iter().map(|&(unit, _)| weight(unit)).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = known.iter().map(|&(unit, value)| weight(unit) * value).sum::<f64>() / total;
    let variance = known.iter().map(|&(unit, value)| weight(unit) * (value - mean).powi(2)).sum::<f64>() / total;
    known.sort_by(|a, b| (b.1 - mean).abs().total_cmp(&(a.1 - mean).abs()).then(a.0.cmp(&b.0)));
    Some(Spread {
        mean,
        deviation: variance.sqrt(),
        lowest: known.iter().map(|known| known.1).fold(f64::INFINITY, f64::min),
        highest: known.iter().map(|known| known.1).fold(f64::NEG_INFINITY, f64::max),
        unknown: context.members.len() - known.len(),
        contrasted: (known.iter().take(context.settings().contrasted))
            .map(|&(unit, value)| (context.grounds.units().id(unit).clone(), value))
            .collect(),
    })
}
