//! What follows for others: codes to change, series that break and what to do about them, who must be told.

use maud::{Markup, html};

use super::{Dossier, Recipient, ToTell};
use crate::domain::{ChangeClass, Language, Level, Term};
use crate::pages::{Cell, Table};
use crate::revision::BrokenSeries;

/// Codes that no longer say what the territory lies in.
pub(super) fn codes(dossier: &Dossier, language: Language) -> Markup {
    let columns = [
        language.pick("Territoire", "Territory"),
        language.pick("Doit commencer par", "Must begin with"),
        language.pick("Code proposé", "Code proposed"),
    ];
    let mut table = Table::new(&columns);
    for known in &dossier.impact.code_changes {
        let none = language.pick("aucun code libre", "no free code");
        table.row([
            Cell::text(&format!("{} {} {}", known.level.acronym(), known.code, known.name)),
            Cell::text(known.prefix.as_str()),
            Cell::text(known.proposed.as_ref().map_or(none, |code| code.as_str())),
        ]);
    }
    html! {
        @if !table.is_empty() {
            section { h2 { (language.pick("Codes à changer", "Codes to change")) } (table) }
        }
    }
}

/// What to do with a series that breaks.
const fn advice(class: ChangeClass) -> Term {
    match class {
        ChangeClass::Merged => Term::new(
            "Additionner les séries des territoires réunis : exact.",
            "Add up the series of the territories joined: exact.",
        ),
        ChangeClass::Split => Term::new(
            "Les valeurs d’avant ne se scindent que par estimation, avec un intervalle ; exact par aire de diffusion.",
            "Values of before can only be split by estimate, with an interval; exact by dissemination area.",
        ),
        ChangeClass::Created => Term::new(
            "La série commence ce jour-là ; les valeurs d’avant ne s’obtiennent que par aire ou par estimation.",
            "The series begins that day; values of before come from areas or by estimate only.",
        ),
        ChangeClass::Abolished => Term::new(
            "La série finit ce jour-là ; la raccorder aux territoires qui la continuent.",
            "The series ends that day; bridge it to the territories that go on with it.",
        ),
        _ => Term::new(
            "Marquer la rupture et raccorder (series bridge) : estimation avec un intervalle ; exact par aire de diffusion.",
            "Mark the break and bridge (series bridge): an estimate with an interval; exact by dissemination area.",
        ),
    }
}

/// What to do where whole CLSC change hands, and no CLSC itself breaks.
const SUM_OF_WHOLES: Term = Term::new(
    "Recalculer la somme des CLSC du nouveau territoire, pour toutes les années : exact.",
    "Add up the CLSC of the new territory again, for every year: exact.",
);

/// Series that break, with their size and what to do.
pub(super) fn series(dossier: &Dossier, language: Language) -> Markup {
    let columns = [
        language.pick("Territoire", "Territory"),
        language.pick("Cause", "Cause"),
        language.pick("Personnes", "People"),
        language.pick("Entrées", "Came"),
        language.pick("Sorties", "Left"),
        language.pick("Que faire", "What to do"),
    ];
    let mut table = Table::new(&columns);
    let size = |people: u64, share: Option<f64>| {
        let share = share.map_or_else(String::new, |share| format!(" ({})", language.percent(share)));
        Cell::number(&format!("{}{share}", language.whole(people)))
    };
    let whole = dossier.impact.level(Level::Clsc).affected.units == 0;
    let advice_for =
        |known: &BrokenSeries| if whole && known.level != Level::Clsc { SUM_OF_WHOLES } else { advice(known.class) };
    for known in &dossier.impact.broken_series {
        let people = |side: Option<u64>| side.map_or_else(|| "—".to_owned(), |people| language.whole(people));
        let (before, after) = (people(known.people_before), people(known.people_after));
        table.row([
            Cell::text(&format!("{} {} {}", known.level.acronym(), known.code, known.name)),
            Cell::text(known.class.words().pick(language)),
            Cell::markup(html! { (before) br; "→ " (after) }).with_class("number"),
            size(known.people_in, known.share_in),
            size(known.people_out, known.share_out),
            Cell::text(advice_for(known).pick(language)),
        ]);
    }
    html! {
        section {
            h2 { (language.pick("Séries statistiques rompues", "Series that break")) }
            @if table.is_empty() {
                p {
                    (language.pick(
                        "Aucune : chaque territoire garde les mêmes aires. Où un code ou un nom change, la série continue sous \
                         le nouveau.",
                        "None: every territory keeps the same areas. Where a code or a name changes, the series goes on under \
                         the new one.",
                    ))
                }
            } @else {
                (table)
            }
        }
    }
}

/// Who must be told, a line a recipient of the same kind.
pub(super) fn recipients(dossier: &Dossier, language: Language) -> Markup {
    let groups: Vec<&[ToTell]> = dossier.to_tell.chunk_by(|a, b| a.who == b.who).collect();
    let title = |known: &ToTell| match known.who {
        Recipient::Installation => format!("{} ({})", known.name, known.code),
        _ => format!("{} {}", known.code, known.name),
    };
    html! {
        section {
            h2 { (language.pick("Qui doit être informé", "Who must be told")) }
            @if groups.is_empty() {
                p { (language.pick("Personne : rien ne change.", "Nobody: nothing changes.")) }
            } @else {
                ul {
                    @for group in groups {
                        @let named: Vec<&ToTell> = group.iter().filter(|known| !known.code.is_empty()).collect();
                        li {
                            (group[0].who.words().pick(language))
                            @match named.as_slice() {
                                [] => {}
                                [one] => { (language.colon()) " " (title(one)) }
                                many => { ul { @for known in many { li { (title(known)) } } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
