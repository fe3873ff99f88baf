//! A draft notice to the population: plain words, true at every level, and in brackets what only the institution knows.

use maud::{Markup, html};

use super::{Dossier, streets};
use crate::domain::{Language, Level, TerritoryCode};
use crate::pages::{PEOPLE, of_place};
use crate::revision::State;
use crate::revision::impact::{Flow, LevelImpact, TerritoryImpact};

/// The notice.
pub(super) fn notice(dossier: &Dossier, language: Language) -> Markup {
    let closed = dossier.record.as_ref().map(|record| record.state);
    html! {
        section class="keep" {
            h2 { (language.pick("Projet d’avis à la population", "Draft notice to the population")) }
            @if matches!(closed, Some(State::Refused | State::Withdrawn)) {
                p {
                    (language.pick(
                        "Aucun avis : la révision ne s’applique pas.",
                        "No notice: the revision does not apply.",
                    ))
                }
            } @else {
                div class="notice" { (text(dossier, language)) }
            }
        }
    }
}

fn text(dossier: &Dossier, language: Language) -> Markup {
    let changes: Vec<Markup> =
        Level::TERRITORIAL.into_iter().flat_map(|level| changes(dossier, level, language)).collect();
    let day = language.day(dossier.revision.valid_from);
    if changes.is_empty() {
        return html! {
            p {
                (language.pick(
                    "Rien ne change pour la population : ni le territoire de CLSC, ni l’établissement, ni leurs noms.",
                    "Nothing changes for the population: neither the CLSC territory, nor the institution, nor their names.",
                ))
            }
        };
    }
    let named_otherwise = |known: &TerritoryImpact| {
        known.before.as_ref().zip(known.after.as_ref()).is_none_or(|(before, after)| before.name != after.name)
    };
    let same_names = !dossier.impact.level(Level::Clsc).territories.iter().any(named_otherwise);
    html! {
        p { (language.pick("À compter du", "From")) " " (day) (language.colon()) }
        ul { @for change in &changes { li { (change) } } }
        @if !dossier.streets.is_empty() {
            (streets::listed(dossier, language))
        } @else if dossier.impact.level(Level::Clsc).affected.units > 0 {
            p {
                (language.pick(
                    "[Joindre le plan des secteurs et la liste des rues, avec les numéros.]",
                    "[Add the map of the areas and the list of streets, with their numbers.]",
                ))
            }
        }
        @if same_names && changes_nobody(dossier, Level::Clsc) {
            p {
                (language.pick(
                    "Les limites et les noms des territoires de CLSC restent les mêmes.",
                    "The limits and names of the CLSC territories stay the same.",
                ))
            }
        }
        @if changes_nobody(dossier, Level::Rts) {
            p {
                (language.pick(
                    "L’établissement (CISSS ou CIUSSS) responsable des services reste le même pour tous.",
                    "The institution (CISSS or CIUSSS) in charge of services stays the same for everybody.",
                ))
            }
        }
        p {
            (language.pick(
                "[À confirmer par l’établissement : les rendez-vous déjà pris et les suivis en cours sont maintenus.]",
                "[To be confirmed by the institution: appointments already made and care under way go on.]",
            ))
        }
        p {
            (language.pick(
                "Pour savoir de quel CLSC dépend une adresse : [coordonnées de l’établissement] ou Info-Santé 811.",
                "To know which CLSC an address belongs to: [contact of the institution] or Info-Santé 811.",
            ))
        }
    }
}

fn changes_nobody(dossier: &Dossier, level: Level) -> bool {
    dossier.impact.level(level).affected.units == 0
}

/// Everything that a level changes for those who live there: who goes where, what is called otherwise, and a CLSC that
/// belongs elsewhere.
fn changes(dossier: &Dossier, level: Level, language: Language) -> Vec<Markup> {
    let clsc = dossier.impact.level(Level::Clsc);
    let level = dossier.impact.level(level);
    let mut list: Vec<Markup> = (level.territories.iter().flat_map(|known| &known.lost))
        .map(|flow| moved(level, flow, &whole(clsc, level.level, flow, language), language))
        .collect();
    for known in &level.territories {
        let (Some(before), Some(after)) = (&known.before, &known.after) else { continue };
        if before.name != after.name {
            list.push(renamed(level.level, (&before.code, &before.name), &after.name, language));
        }
    }
    list
}

/// The CLSC that go whole from one territory to another, as who is concerned: *du territoire de CLSC de Métro*.
fn whole(clsc: &LevelImpact, level: Level, flow: &Flow, language: Language) -> String {
    let names: Vec<String> = (clsc.territories.iter())
        .filter(|known| {
            let goes = |parents: &[TerritoryCode], code: &TerritoryCode| parents.contains(code);
            let mut changed = known.parents_changed.iter().filter(|parent| parent.level == level);
            changed.any(|parent| goes(&parent.before, &flow.from) && goes(&parent.after, &flow.to))
        })
        .filter_map(|known| known.after.as_ref())
        .map(|standing| of_place(&standing.name, language))
        .collect();
    match (names.len(), language) {
        (0, _) => String::new(),
        (1, Language::French) => format!(" du territoire de CLSC {}", names[0]),
        (_, Language::French) => format!(" des territoires de CLSC {}", language.enumerated(&names)),
        (1, Language::English) => format!(" of the CLSC territory {}", names[0]),
        (_, Language::English) => format!(" of the CLSC territories {}", language.enumerated(&names)),
    }
}

/// People know the territory they leave by its name of today, and learn the one they join by its new name.
fn moved(level: &LevelImpact, flow: &Flow, whose: &str, language: Language) -> Markup {
    let from = name(level, &flow.from, |known| known.before.as_ref().map(|side| (&side.code, &side.name)));
    let to = name(level, &flow.to, |known| known.after.as_ref().map(|side| (&side.code, &side.name)));
    let people = PEOPLE.count(flow.people, language);
    let plural = flow.people >= 2;
    let de = |name: &str| of_place(name, language);
    match (level.level, language) {
        (Level::Clsc, Language::French) => html! {
            (people) " " (if plural { "passent" } else { "passe" }) " du territoire de CLSC " b { (de(&from)) } " à celui "
            b { (de(&to)) } "."
        },
        (Level::Clsc, Language::English) => html! {
            (people) " " (if flow.people == 1 { "goes" } else { "go" }) " from the CLSC territory " b { (de(&from)) }
            " to that " b { (de(&to)) } "."
        },
        (Level::Rts, Language::French) => html! {
            "L’établissement responsable des services change pour " (people) (whose) "\u{a0}: " b { (the(&to)) } ", au lieu " b { (of_the(&from)) } "."
        },
        (Level::Rts, Language::English) => html! {
            "The institution in charge of services changes for " (people) (whose) ": " b { (to) } ", instead of " b { (from) } "."
        },
        (Level::Rss, Language::French) => html! {
            (people) (whose) " " (if plural { "changent" } else { "change" }) " de région sociosanitaire\u{a0}: de la région " b { (de(&from)) }
            " à la région " b { (de(&to)) } "."
        },
        (Level::Rss, Language::English) => html! {
            (people) (whose) " " (if flow.people == 1 { "changes" } else { "change" }) " health region: from " b { (from) } " to "
            b { (to) } "."
        },
        (other, Language::French) => html! {
            (if other == Level::Ruisss { "Le réseau universitaire" } else { "Le réseau local de services" })
            " change pour " (people) (whose) "\u{a0}: " b { (the(&to)) } ", au lieu " b { (of_the(&from)) } "."
        },
        (other, Language::English) => html! {
            (if other == Level::Ruisss { "The university network" } else { "The local service network" })
            " changes for " (people) (whose) ": " b { (to) } ", instead of " b { (from) } "."
        },
    }
}

/// Whether the name of an institution or a network begins with what it is: *Centre intégré*, *RLS*.
fn begins_with_its_kind(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or_default();
    matches!(first, "Centre" | "CISSS" | "CIUSSS" | "RLS" | "RTS" | "RUISSS" | "RUIS" | "Réseau")
}

/// *le Centre intégré*; a name of its own as it is.
fn the(name: &str) -> String {
    if begins_with_its_kind(name) { format!("le {name}") } else { name.to_owned() }
}

/// *du Centre intégré*; *de* before a name of its own.
fn of_the(name: &str) -> String {
    if begins_with_its_kind(name) { format!("du {name}") } else { format!("de {name}") }
}

/// The name of a territory of a level among those that change; its code where it has none there.
fn name<'a>(
    level: &'a LevelImpact,
    code: &TerritoryCode,
    side: impl Fn(&'a TerritoryImpact) -> Option<(&'a TerritoryCode, &'a String)>,
) -> String {
    let found = level.territories.iter().filter_map(side).find(|(known, _)| *known == code);
    found.map_or_else(|| code.to_string(), |(_, name)| name.clone())
}

fn renamed(level: Level, (code, old): (&TerritoryCode, &str), new: &str, language: Language) -> Markup {
    let what = match (level, language) {
        (Level::Clsc, Language::French) => format!("Le territoire de CLSC {}", of_place(old, language)),
        (Level::Rss, Language::French) => format!("La région {}", of_place(old, language)),
        (Level::Rts, Language::French) => format!("L’établissement {}", language.quoted(old)),
        (_, Language::French) => format!("Le réseau {}", language.quoted(old)),
        (Level::Clsc, Language::English) => format!("The CLSC territory {}", of_place(old, language)),
        (Level::Rss, Language::English) => format!("The health region {}", of_place(old, language)),
        (Level::Rts, Language::English) => format!("The institution {}", language.quoted(old)),
        (_, Language::English) => format!("The network {}", language.quoted(old)),
    };
    html! {
        (what) " (" (code.as_str()) ") " (language.pick("s’appelle désormais", "is now called")) " " b { (new) } "."
    }
}
