//! The page: its parts in their order, from the request to the signatures.

use maud::{Markup, html};

use super::proposal::capital;
use super::{Dossier, Maps, balance, follow_up, judged, levels, notice};
use crate::domain::{Date, Language, Level};
use crate::pages::{AREAS, Cell, Frame, Noun, PEOPLE, Table};
use crate::revision::{ClscInYear, State};

/// Territories concerned.
const CONCERNED: Noun =
    Noun::new(("territoire touché", "territoires touchés"), ("territory concerned", "territories concerned"));

/// The whole page.
pub(super) fn page(dossier: &Dossier, language: Language, maps: Option<&Maps>) -> String {
    let title = format!("{} — {}", language.pick("Dossier de révision", "Revision file"), dossier.revision.label);
    let body = html! {
        (head(dossier, language))
        (request(dossier, language))
        (proposal(dossier, language))
        (warnings(dossier, language))
        (in_short(dossier, language))
        @if let Some(maps) = maps { (drawn(maps, language)) }
        (levels::levels(dossier, language))
        (balance::balance(dossier, language))
        (balance::criteria(dossier, language))
        (affected(dossier, language))
        (judged::judged(dossier, language))
        (follow_up::codes(dossier, language))
        (follow_up::series(dossier, language))
        (follow_up::recipients(dossier, language))
        (notice::notice(dossier, language))
        (log(dossier, language))
        (foot(dossier, language))
        (signatures(language))
    };
    Frame { language, title: &title }.file(&body)
}

/// The day of a moment, in words; the moment as it stands where it has none.
pub(super) fn day_of(at: &str, language: Language) -> String {
    let day = at.get(..10).and_then(|day| day.parse::<Date>().ok());
    day.map_or_else(|| at.to_owned(), |day| language.day(day))
}

fn head(dossier: &Dossier, language: Language) -> Markup {
    let (revision, impact) = (&dossier.revision, &dossier.impact);
    let state = dossier.record.as_ref().map(|record| record.state);
    html! {
        header {
            p { (language.pick("Dossier de révision", "Revision file")) }
            h1 { (revision.label) }
            p {
                (language.pick("Révision", "Revision")) " " b { (revision.id) } " · "
                (language.pick("à partir de l’édition", "from edition")) " " (impact.base.label) " · "
                (language.pick("en vigueur le", "in force on")) " " (language.day(revision.valid_from))
                @if let Some(state) = state { " · " b { (state.words().pick(language)) } }
            }
        }
        @if state == Some(State::Refused) {
            p class="problem" {
                strong { (language.pick("Révision refusée.", "Revision refused.")) } " "
                (language.pick(
                    "Rien de ce qui suit n’entre en vigueur ; les raisons sont données plus bas.",
                    "Nothing of what follows comes into force; the reasons are given below.",
                ))
            }
        }
        @if state == Some(State::Withdrawn) {
            p class="problem" {
                strong { (language.pick("Révision retirée.", "Revision withdrawn.")) } " "
                (language.pick("Rien de ce qui suit n’entre en vigueur.", "Nothing of what follows comes into force."))
            }
        }
        @if !revision.official {
            p class="warning" {
                (language.pick(
                    "Document de travail : ces limites ne sont pas les limites officielles.",
                    "Working document: these are not the official limits.",
                ))
            }
        }
        @if impact.unknown_people > 0 {
            p class="warning" {
                (AREAS.count(impact.unknown_people as u64, language)) " "
                (language.pick(
                    "sans population connue : ces aires comptent pour zéro ci-dessous.",
                    "whose people are not known: they count for zero below.",
                ))
            }
        }
    }
}

fn request(dossier: &Dossier, language: Language) -> Markup {
    let record = dossier.record.as_ref();
    let to_fill = || Cell::markup(html! { span class="aside" { (language.pick("à remplir", "to be filled in")) } });
    let mut facts = Table::of_facts();
    let asked_by = record.map_or_else(to_fill, |record| Cell::text(&record.author));
    facts.row([Cell::text(language.pick("Demandée par", "Asked for by")), asked_by]);
    if let Some(record) = record {
        let made = Cell::text(&day_of(&record.created_at, language));
        facts.row([Cell::text(language.pick("Date de la demande", "Date of the request")), made]);
        let state = format!("{} ({} {})", record.state.words().pick(language), "version", record.version);
        facts.row([Cell::text(language.pick("État", "State")), Cell::text(&capital(&state))]);
    }
    let reason = dossier.revision.reason.as_deref().filter(|reason| !reason.trim().is_empty());
    facts.row([Cell::text(language.pick("Motif", "Reason")), reason.map_or_else(to_fill, Cell::text)]);
    let base = format!("{} ({})", dossier.impact.base.label, dossier.impact.base.id);
    facts.row([Cell::text(language.pick("Édition de départ", "Edition it starts from")), Cell::text(&base)]);
    let from = language.day(dossier.revision.valid_from);
    facts.row([Cell::text(language.pick("Entrée en vigueur", "In force from")), Cell::text(&from)]);
    html! { section { h2 { (language.pick("La demande", "The request")) } (facts) } }
}

fn proposal(dossier: &Dossier, language: Language) -> Markup {
    let named: Vec<String> = (dossier.impact.level(Level::Clsc).territories.iter())
        .filter_map(|known| known.before.as_ref().or(known.after.as_ref()))
        .map(|standing| format!("{} {}", standing.code, standing.name))
        .collect();
    html! {
        section {
            h2 { (language.pick("Ce qui est proposé", "What is proposed")) }
            @if dossier.proposal.is_empty() {
                p { (language.pick("Rien.", "Nothing.")) }
            } @else {
                ol { @for operation in &dossier.proposal { li { (operation.pick(language)) "." } } }
            }
            @if !named.is_empty() {
                p {
                    (language.pick("CLSC en cause", "CLSC concerned")) (language.colon()) " " (named.join(", ")) "."
                }
            }
        }
    }
}

/// What is seldom meant, and whether it was accepted.
fn warnings(dossier: &Dossier, language: Language) -> Markup {
    html! {
        @if !dossier.concerns.is_empty() {
            section class="warning keep" {
                h3 { (language.pick("Avertissements", "Warnings")) }
                ul {
                    @for concern in &dossier.concerns {
                        li {
                            (capital(concern.words.pick(language))) ". "
                            b {
                                @if concern.accepted { (language.pick("Accepté.", "Accepted.")) }
                                @else { (language.pick("Non accepté.", "Not accepted.")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What to remember: how many people change what, in a sentence a level.
fn in_short(dossier: &Dossier, language: Language) -> Markup {
    html! {
        section {
            h2 { (language.pick("À retenir", "In short")) }
            ul {
                @for level in &dossier.impact.levels {
                    li {
                        (level.level.acronym()) (language.colon()) " "
                        @if level.territories.is_empty() {
                            (language.pick("rien ne change.", "nothing changes."))
                        } @else if level.affected.units == 0 {
                            (language.pick(
                                "personne ne change de territoire, mais des noms, des codes ou des rattachements changent (",
                                "nobody changes territory, but names, codes or parents change (",
                            ))
                            (CONCERNED.count(level.territories.len() as u64, language)) ")."
                        } @else {
                            (PEOPLE.count(level.affected.people, language)) " "
                            @if language == Language::French && level.affected.people < 2 { "change de territoire" }
                            @else if language == Language::French { "changent de territoire" }
                            @else if level.affected.people == 1 { "changes territory" }
                            @else { "change territory" }
                            " (" (AREAS.count(u64::from(level.affected.units), language)) ")"
                            (language.semicolon()) " "
                            (CONCERNED.count(level.territories.len() as u64, language)) "."
                        }
                    }
                }
            }
        }
    }
}

fn drawn(maps: &Maps, language: Language) -> Markup {
    html! {
        section {
            h2 { (language.pick("Cartes", "Maps")) }
            div class="maps" {
                figure { (maps.before) figcaption { (language.pick("Avant", "Before")) } }
                figure { (maps.after) figcaption { (language.pick("Après", "After")) } }
                @for inset in &maps.insets {
                    figure class="inset" { (inset.drawing) figcaption { (inset.caption.pick(language)) } }
                }
            }
            p class="aside" {
                (language.pick(
                    "Hachures : aires qui changent de territoire à un niveau au moins. Trait moyen : limite de RLS ; trait \
                     fort : limite de RTS.",
                    "Hatching: areas that change territory at one level at least. Medium line: RLS limit; heavy line: RTS limit.",
                ))
                @if !maps.insets.is_empty() {
                    " "
                    (language.pick(
                        "Agrandissements : trait tireté, limite d’avant ; trait plein, limite d’après.",
                        "Insets: dashed line, limit before; full line, limit after.",
                    ))
                }
                @if maps.installations {
                    " "
                    (language.pick("Points : installations de mission CLSC.", "Dots: installations with a CLSC mission."))
                }
                " "
                (language.pick(
                    "Limites simplifiées pour le dessin seulement.",
                    "Limits are simplified for drawing only.",
                ))
            }
        }
    }
}

/// Who changes territory.
fn affected(dossier: &Dossier, language: Language) -> Markup {
    let columns = [
        language.pick("Niveau", "Level"),
        language.pick("Personnes", "People"),
        language.pick("Part de la population", "Share of people"),
        language.pick("Aires", "Areas"),
        language.pick("Adresses", "Addresses"),
        language.pick("Déjà déplacées", "Moved before"),
    ];
    let mut table = Table::new(&columns);
    for level in &dossier.impact.levels {
        let known = &level.affected;
        let share = dossier.people.filter(|&people| people > 0).map(|people| known.people as f64 / people as f64);
        let count = |count: Option<u64>| {
            let unknown = || Cell::text(language.pick("non connu", "not known"));
            count.map_or_else(unknown, |count| Cell::number(&language.whole(count)))
        };
        let addresses = match (known.addresses, known.addresses_known_share) {
            (Some(addresses), Some(share)) if share < 1.0 => {
                let of = language.pick("connues pour", "known for");
                Cell::text(&format!("{} ({of} {})", language.whole(addresses), language.percent(share)))
            }
            (addresses, _) => count(addresses),
        };
        table.row([
            Cell::text(level.level.acronym()),
            Cell::number(&language.whole(known.people)),
            share.map_or_else(Cell::unknown, |share| Cell::number(&language.percent(share))),
            Cell::number(&language.whole(u64::from(known.units))),
            addresses,
            count(known.people_moved_before),
        ]);
    }
    html! {
        section {
            h2 { (language.pick("Qui est touché", "Who is affected")) }
            p {
                (language.pick(
                    "Personnes dont le territoire change, à chaque niveau ; un simple changement de code n’y compte pas.",
                    "People whose territory changes, at each level; a mere change of code does not count.",
                ))
            }
            (table.of_what_is_known())
            (before_and_after(dossier, language))
        }
    }
}

/// The people of each CLSC concerned, before and after.
fn before_and_after(dossier: &Dossier, language: Language) -> Markup {
    let columns = [
        "CLSC",
        language.pick("Personnes avant", "People before"),
        language.pick("Personnes après", "People after"),
        language.pick("Écart", "Difference"),
        language.pick("Fourchette", "Range"),
    ];
    let (mut table, settings) = (Table::new(&columns), &dossier.impact.settings);
    for known in &dossier.impact.level(Level::Clsc).territories {
        let Some(named) = known.after.as_ref().or(known.before.as_ref()) else { continue };
        let people = [&known.before, &known.after].map(|side| side.as_ref().map(|standing| standing.people));
        let cell =
            |people: Option<u64>| people.map_or_else(Cell::unknown, |people| Cell::number(&language.whole(people)));
        let change = match people {
            [Some(before), Some(after)] => {
                let sign = if after > before { "+" } else { "" };
                Cell::number(&format!("{sign}{}", language.decimal(after as f64 - before as f64, 0)))
            }
            _ => Cell::unknown(),
        };
        let place = |people: u64| {
            if settings.in_range(people) {
                language.pick("dedans", "inside")
            } else if people < settings.least_people {
                language.pick("au-dessous", "below")
            } else {
                language.pick("au-dessus", "above")
            }
        };
        let range = match people {
            [Some(before), Some(after)] if place(before) == place(after) => place(after).to_owned(),
            [before, after] => {
                let told = |people: Option<u64>| people.map_or("—", place);
                format!("{} → {}", told(before), told(after))
            }
        };
        let name = format!("{} {}", named.code, named.name);
        table.row([Cell::text(&name), cell(people[0]), cell(people[1]), change, Cell::text(&range)]);
    }
    html! {
        @if !table.is_empty() { (table) }
        @if dossier.impact.other_years.is_empty() {
            p class="aside" {
                (language.pick(
                    "Population d’aujourd’hui. Aucune projection n’a été donnée : la population à venir n’est pas connue ici.",
                    "Today’s people. No projection was given: the people of years to come are not known here.",
                ))
            }
        } @else {
            h3 { (language.pick("Population d’autres années", "People in other years")) }
            @for words in dossier.impact.other_years.iter().filter_map(ClscInYear::passes_range) {
                p class="warning" { (words.pick(language)) "." }
            }
            (other_years(dossier, language))
        }
    }
}

/// The people of each CLSC concerned in other years, those to come among them.
fn other_years(dossier: &Dossier, language: Language) -> Table {
    let columns =
        ["CLSC", language.pick("Année", "Year"), language.pick("Avant", "Before"), language.pick("Après", "After")];
    let mut table = Table::new(&columns);
    let told = |people: Option<u64>, in_range: Option<bool>| match people {
        None => Cell::unknown(),
        Some(people) if in_range == Some(false) => {
            let out = language.pick("hors fourchette", "out of range");
            Cell::number(&format!("{} ({out})", language.whole(people))).with_class("number weak")
        }
        Some(people) => Cell::number(&language.whole(people)),
    };
    for known in &dossier.impact.other_years {
        table.row([
            Cell::text(&format!("{} {}", known.code, known.name)),
            Cell::number(&known.year.to_string()),
            told(known.before, known.in_range_before),
            told(known.after, known.in_range_after),
        ]);
    }
    table
}

/// Comments and decisions, in order.
fn log(dossier: &Dossier, language: Language) -> Markup {
    let Some(record) = &dossier.record else { return html! {} };
    let columns = [
        language.pick("Date", "Date"),
        language.pick("Qui", "Who"),
        language.pick("Décision", "Decision"),
        language.pick("Raison", "Reason"),
    ];
    let mut decisions = Table::new(&columns);
    for decision in &record.decisions {
        let to = match decision.to {
            State::Draft => language.pick("retournée pour correction", "sent back to be corrected"),
            other => other.words().pick(language),
        };
        let unsaid = language.pick("non donnée", "not given");
        let to = if decision.accepts.is_empty() {
            to.to_owned()
        } else {
            let names: Vec<&str> = decision.accepts.iter().map(|kind| kind.words().pick(language)).collect();
            let accepted = language.pick("avertissements acceptés", "warnings accepted");
            format!("{to} ({accepted}{} {})", language.colon(), names.join(", "))
        };
        decisions.row([
            Cell::text(&day_of(&decision.at, language)),
            Cell::text(&decision.who),
            Cell::text(&to),
            Cell::text(decision.reason.as_deref().unwrap_or(unsaid)),
        ]);
    }
    html! {
        section {
            h2 { (language.pick("Décisions et commentaires", "Decisions and comments")) }
            @if decisions.is_empty() {
                p { (language.pick("Aucune décision.", "No decision.")) }
            } @else {
                (decisions)
            }
            @if record.comments.is_empty() {
                p { (language.pick("Aucun commentaire.", "No comment.")) }
            }
            @for comment in &record.comments {
                p {
                    b { (comment.who) } ", " (day_of(&comment.at, language)) (language.colon()) " " (comment.text)
                }
            }
        }
    }
}

fn signatures(language: Language) -> Markup {
    let lines = [
        language.pick("Demandeur : nom, titre, signature, date", "Applicant: name, title, signature, date"),
        language.pick("Analyse : nom, titre, signature, date", "Analysis: name, title, signature, date"),
        language.pick("Santé publique : nom, titre, signature, date", "Public health: name, title, signature, date"),
        language.pick("Décision : nom, titre, signature, date", "Decision: name, title, signature, date"),
    ];
    html! {
        section class="keep" {
            h2 { "Signatures" }
            div class="signatures" { @for line in lines { p { (line) } } }
        }
    }
}

fn foot(dossier: &Dossier, language: Language) -> Markup {
    html! {
        footer {
            (language.pick(
                "Les populations viennent des aires de diffusion ; les chiffres publiés pour un territoire peuvent différer.",
                "People are added up from dissemination areas; figures published for a territory may differ.",
            ))
            @if let Some(digest) = &dossier.digest {
                " " (language.pick("Empreinte de l’état", "Digest of the state")) (language.colon()) " " code { (digest) }
            }
        }
    }
}
