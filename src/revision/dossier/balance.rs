//! What gets better and what gets worse, and the yardstick that says so.

use maud::{Markup, html};

use super::proposal::capital;
use super::{Dossier, Effect};
use crate::domain::Language;
use crate::pages::{Cell, Table};
use crate::revision::criteria::CRITERIA;
use crate::revision::impact::CriteriaChange;
use crate::revision::{ClscCriteria, CriteriaSettings, Grade, Measured};

/// The measures of the whole, then every grade that rises or falls.
pub(super) fn balance(dossier: &Dossier, language: Language) -> Markup {
    let columns = [
        language.pick("Mesure", "Measure"),
        language.pick("Avant", "Before"),
        language.pick("Après", "After"),
        language.pick("Effet", "Effect"),
    ];
    let mut table = Table::new(&columns);
    for known in &dossier.weighed {
        let effect = match known.better {
            Some(true) => Cell::text(language.pick("mieux", "better")).with_class("better"),
            Some(false) => Cell::text(language.pick("moins bien", "worse")).with_class("worse"),
            None if (known.before - known.after).abs() < 0.5 => Cell::text(language.pick("pareil", "the same")),
            None => Cell::text(language.pick("à apprécier", "to be judged")),
        };
        table.row([
            Cell::text(known.measure.words().pick(language)),
            Cell::number(&language.decimal(known.before, 0)),
            Cell::number(&language.decimal(known.after, 0)),
            effect,
        ]);
    }
    let better: Vec<&Effect> = dossier.effects.iter().filter(|effect| effect.better).collect();
    let worse: Vec<&Effect> = dossier.effects.iter().filter(|effect| !effect.better).collect();
    html! {
        section {
            h2 { (language.pick("Ce qui s’améliore, ce qui se dégrade", "What gets better, what gets worse")) }
            (table)
            (list(language.pick("Cotes qui montent", "Grades that rise"), &better, language))
            (list(language.pick("Cotes qui baissent", "Grades that fall"), &worse, language))
        }
    }
}

fn list(title: &str, effects: &[&Effect], language: Language) -> Markup {
    html! {
        h3 { (title) }
        @if effects.is_empty() {
            p { (language.pick("Aucune.", "None.")) }
        } @else {
            ul { @for effect in effects { li { (sentence(effect, language)) } } }
        }
    }
}

/// *15161 La Rivière-du-Nord, population : à examiner → faible (163 081 → 81 540)*.
pub(super) fn sentence(effect: &Effect, language: Language) -> String {
    let grades =
        [&effect.before, &effect.after].map(|side| side.grade.map_or("—", |grade| grade.words().pick(language)));
    let values = [&effect.before, &effect.after].map(|side| side.words(language));
    let compared = effect
        .compared_with
        .as_ref()
        .map_or_else(String::new, |code| format!(" ({} {code})", language.pick("comparé à", "compared with")));
    format!(
        "{} {}{compared}, {}{} {} → {} ({} → {})",
        effect.code,
        effect.name,
        effect.before.label(language),
        language.colon(),
        grades[0],
        grades[1],
        values[0],
        values[1]
    )
}

/// The yardstick, then every CLSC concerned against it, before and after.
pub(super) fn criteria(dossier: &Dossier, language: Language) -> Markup {
    let all = || dossier.impact.criteria.iter().flat_map(|known| known.before.iter().chain(&known.after));
    let measured = |id: &str| all().any(|known| known.of(id).next().is_some());
    // What was not given was not weighed, and the page says so.
    let missing: Vec<&str> =
        CRITERIA.iter().filter(|known| !measured(known.id())).filter_map(|known| known.wants(language)).collect();
    html! {
        section {
            h2 { (language.pick("Critères des territoires de CLSC", "Criteria of CLSC territories")) }
            (yardstick(&dossier.impact.settings, &measured, language))
            @if all().next().is_none() {
                p { (language.pick("Aucun CLSC ne gagne ni ne perd d’aire.", "No CLSC gains or loses an area.")) }
            } @else {
                (measures(dossier, language))
                @if measured("distance") { p class="aside" { (dossier.impact.distances_from.words().pick(language)) } }
                @if measured("distance") || measured("travel_time") {
                    p class="aside" { (dossier.impact.travel_words().pick(language)) }
                }
                @if !missing.is_empty() {
                    p {
                        (language.pick("Non pesés, faute de données", "Not weighed, for want of data")) (language.colon())
                        " " (missing.join(&format!("{} ", language.semicolon()))) "."
                    }
                }
            }
        }
    }
}

/// What each grade means, and which values are not the usual ones.
fn yardstick(settings: &CriteriaSettings, measured: &dyn Fn(&str) -> bool, language: Language) -> Markup {
    let columns =
        [language.pick("Critère", "Criterion"), language.pick("Ce que veut dire sa cote", "What its grade means")];
    let mut table = Table::new(&columns);
    for known in CRITERIA.iter().filter(|known| measured(known.id())) {
        let words = format!("{}.", capital(&known.yardstick(settings, language)));
        table.row([Cell::text(&capital(known.name(language))), Cell::text(&words)]);
    }
    let usual = CriteriaSettings::default();
    let mut unusual = Vec::new();
    let range = |of: &CriteriaSettings| {
        let [least, most] = [of.least_people, of.most_people].map(|people| language.whole(people));
        match language {
            Language::French => format!("de {least} à {most} personnes"),
            Language::English => format!("{least} to {most} people"),
        }
    };
    if (settings.least_people, settings.most_people) != (usual.least_people, usual.most_people) {
        unusual.push((language.pick("population", "people"), range(settings), range(&usual)));
    }
    if (settings.far_m - usual.far_m).abs() > f64::EPSILON {
        let far = |of: &CriteriaSettings| language.kilometres(of.far_m, 1);
        unusual.push((
            language.pick("distance au-delà de laquelle on est loin", "distance beyond which it is far"),
            far(settings),
            far(&usual),
        ));
    }
    if (settings.far_minutes - usual.far_minutes).abs() > f64::EPSILON {
        let far = |of: &CriteriaSettings| format!("{} min", language.decimal(of.far_minutes, 0));
        unusual.push((
            language.pick("temps de trajet au-delà duquel on est loin", "travel time beyond which it is far"),
            far(settings),
            far(&usual),
        ));
    }
    html! {
        @if !table.is_empty() { (table) }
        @if !unusual.is_empty() {
            p class="warning" {
                strong {
                    (language.pick("Valeurs autres que celles d’usage", "Values other than the usual ones"))
                    (language.colon())
                }
                " "
                @for (at, (name, value, usual)) in unusual.iter().enumerate() {
                    @if at > 0 { (language.semicolon()) " " }
                    (name) ", " (value) " (" (language.pick("d’usage", "usual")) (language.colon()) " " (usual) ")"
                }
                "."
            }
        }
    }
}

fn class_of(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "good",
        Grade::Fair => "fair",
        Grade::Weak => "weak",
        Grade::Poor => "poor",
    }
}

/// A table a CLSC: its grade, then what each criterion measured.
fn measures(dossier: &Dossier, language: Language) -> Markup {
    let columns =
        [language.pick("Critère", "Criterion"), language.pick("Avant", "Before"), language.pick("Après", "After")];
    html! {
        @for known in &dossier.impact.criteria {
            @if let Some(named) = known.after.as_ref().or(known.before.as_ref()) {
                div class="keep" {
                    h3 { (named.code.as_str()) " " (named.name) }
                    (sides(Table::new(&columns), known, language))
                }
            }
        }
    }
}

fn sides(mut table: Table, known: &CriteriaChange, language: Language) -> Table {
    let (before, after) = (known.before.as_ref(), known.after.as_ref());
    let whole = |side: Option<&ClscCriteria>| side.map_or_else(|| Cell::text("—"), |side| overall(side, language));
    let title = language.pick("Cote d’ensemble", "Overall grade");
    table.row([Cell::markup(html! { b { (title) } }), whole(before), whole(after)]);
    // Either side may lack a measure; each label once, in the order of the register.
    let mut keys: Vec<&Measured> = before.into_iter().chain(after).flat_map(|side| &side.measures).collect();
    let rank = |id: &str| CRITERIA.iter().position(|criterion| criterion.id() == id);
    keys.sort_by(|a, b| (rank(a.criterion), &a.of).cmp(&(rank(b.criterion), &b.of)));
    keys.dedup_by(|a, b| (a.criterion, &a.of) == (b.criterion, &b.of));
    for key in keys {
        let cell = |side: Option<&ClscCriteria>| {
            let found = side.and_then(|side| side.of(key.criterion).find(|measure| measure.of == key.of));
            found.map_or_else(|| Cell::text("—"), |measure| one(measure, language))
        };
        table.row([Cell::text(&capital(&key.label(language))), cell(before), cell(after)]);
    }
    table
}

fn overall(known: &ClscCriteria, language: Language) -> Cell {
    let drivers: Vec<&str> = known.drivers.iter().map(|driver| driver.words(language)).collect();
    let mut words = known.grade.words().pick(language).to_owned();
    if !drivers.is_empty() {
        words = format!("{words}{} {}", language.colon(), drivers.join(", "));
    }
    Cell::text(&words).with_class(class_of(known.grade))
}

fn one(measure: &Measured, language: Language) -> Cell {
    let value = measure.words(language);
    match measure.grade {
        Some(grade) => Cell::text(&format!("{value} — {}", grade.words().pick(language))).with_class(class_of(grade)),
        None => Cell::text(&value),
    }
}
