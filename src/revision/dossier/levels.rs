//! What changes at every level: a table each.

use maud::{Markup, html};

use super::Dossier;
use super::proposal::capital;
use crate::domain::{Language, NestingBreak, TerritoryCode};
use crate::pages::{AREAS, Cell, Noun, PEOPLE, Table};
use crate::revision::impact::{Flow, Standing, TerritoryImpact};

const CHANGED: Noun = Noun::new(("touché", "touchés"), ("concerned", "concerned"));
const UNCHANGED: Noun = Noun::new(("inchangé", "inchangés"), ("unchanged", "unchanged"));

/// A table a level, and how the levels nest.
pub(super) fn levels(dossier: &Dossier, language: Language) -> Markup {
    html! {
        section {
            h2 { (language.pick("Effets à chaque niveau", "Effects at every level")) }
            @for level in &dossier.impact.levels {
                h3 { (capital(level.level.words().pick(language))) }
                p class="lead" {
                    (CHANGED.count(level.territories.len() as u64, language)) ", "
                    (UNCHANGED.count(level.unchanged as u64, language)) "."
                }
                @if !level.territories.is_empty() { (table(&level.territories, language)) }
            }
            (nesting(dossier, language))
        }
    }
}

fn table(territories: &[TerritoryImpact], language: Language) -> Table {
    let columns = [
        language.pick("Territoire", "Territory"),
        language.pick("Changement", "Change"),
        language.pick("Personnes", "People"),
        language.pick("Aires", "Areas"),
        "km²",
        language.pick("Pers./km²", "People/km²"),
        language.pick("Installations", "Installations"),
        language.pick("Reçoit de", "Receives from"),
        language.pick("Cède à", "Gives to"),
    ];
    let mut table = Table::new(&columns);
    for known in territories {
        let figure = |of: &dyn Fn(&Standing) -> Option<String>| {
            pair(known.before.as_ref().and_then(of), known.after.as_ref().and_then(of))
        };
        table.row([
            Cell::text(&names(known)),
            Cell::markup(change(known, language)),
            figure(&|standing| Some(language.whole(standing.people))),
            figure(&|standing| Some(language.whole(u64::from(standing.units)))),
            figure(&|standing| Some(language.decimal(standing.area_km2, 1))),
            figure(&|standing| Some(language.decimal(standing.density_per_km2, 1))),
            figure(&|standing| standing.installations.map(|count| language.whole(u64::from(count)))),
            flows(&known.gained, language, |flow| &flow.from),
            flows(&known.lost, language, |flow| &flow.to),
        ]);
    }
    table.of_what_is_known()
}

/// Code and name, before and after where they differ.
pub(super) fn names(known: &TerritoryImpact) -> String {
    let told = |side: &Option<Standing>| {
        side.as_ref().map_or_else(|| "—".to_owned(), |standing| format!("{} {}", standing.code, standing.name))
    };
    let (before, after) = (told(&known.before), told(&known.after));
    if before == after { after } else { format!("{before} → {after}") }
}

/// What happened, and to what the territory belongs now where that changed.
fn change(known: &TerritoryImpact, language: Language) -> Markup {
    let list = |codes: &[TerritoryCode]| codes.iter().map(TerritoryCode::as_str).collect::<Vec<_>>().join(", ");
    html! {
        (known.class.words().pick(language)) " (" (known.letter.to_string()) ")"
        @for parent in &known.parents_changed {
            br;
            (parent.level.acronym()) (language.colon()) " " (list(&parent.before)) " → " (list(&parent.after))
        }
    }
}

/// A figure before and after.
fn pair(before: Option<String>, after: Option<String>) -> Cell {
    match (before, after) {
        (None, None) => Cell::unknown(),
        (Some(before), Some(after)) if before == after => Cell::number(&after),
        (before, after) => {
            let [before, after] = [before, after].map(|side| side.unwrap_or_else(|| "—".to_owned()));
            Cell::markup(html! { (before) br; "→ " span class="changed" { (after) } }).with_class("number")
        }
    }
}

fn flows<'a>(list: &'a [Flow], language: Language, other: impl Fn(&'a Flow) -> &'a TerritoryCode) -> Cell {
    if list.is_empty() {
        return Cell::unknown();
    }
    Cell::markup(html! {
        @for (at, flow) in list.iter().enumerate() {
            @if at > 0 { br; }
            (other(flow).as_str()) (language.colon()) " " (PEOPLE.count(flow.people, language)) " ("
            (AREAS.count(u64::from(flow.units), language)) ", " (language.decimal(flow.area_km2, 2)) "\u{a0}km²)"
        }
    })
}

/// Upper territories that lie in several of a higher level, and did not before.
fn nesting(dossier: &Dossier, language: Language) -> Markup {
    let (before, after) = (&dossier.impact.nesting_breaks_before, &dossier.impact.nesting_breaks_after);
    let told = |known: &NestingBreak| {
        let parents: Vec<&str> = known.parents.iter().map(TerritoryCode::as_str).collect();
        let (lower, upper) = (known.lower.acronym(), known.upper.acronym());
        format!(
            "{lower} {} {} {upper} {}",
            known.code,
            language.pick("partagé entre", "split between"),
            parents.join(", ")
        )
    };
    let new: Vec<String> = after.iter().filter(|known| !before.contains(known)).map(told).collect();
    let mended: Vec<String> = before.iter().filter(|known| !after.contains(known)).map(told).collect();
    let between = format!("{} ", language.semicolon());
    html! {
        p {
            (language.pick("Emboîtement des niveaux", "Nesting of levels")) (language.colon()) " "
            @if new.is_empty() && mended.is_empty() {
                (language.pick("rien de nouveau.", "nothing new."))
            }
            @if !new.is_empty() {
                (language.pick("rompu", "broken")) (language.colon()) " " (new.join(&between)) ". "
            }
            @if !mended.is_empty() {
                (language.pick("rétabli", "mended")) (language.colon()) " " (mended.join(&between)) "."
            }
        }
    }
}
