//! The sections of the page.

use std::fmt::Write as _;

use super::Dossier;
use super::html::escape;
use crate::domain::Language;
use crate::domain::Level;
use crate::pages::AREAS;
use crate::revision::impact::{Flow, Standing, TerritoryImpact};
use crate::revision::{CRITERIA, ClscCriteria, Criterion, Grade};

type Cells = Vec<(String, &'static str)>;

fn text(value: &str) -> (String, &'static str) {
    (escape(value), "")
}

fn number(value: String) -> (String, &'static str) {
    (value, "n")
}

fn table(page: &mut String, head: &[&str], rows: impl IntoIterator<Item = Cells>) {
    let mut body = String::new();
    for row in rows {
        body.push_str("<tr>");
        for (cell, class) in row {
            if class.is_empty() {
                let _ = write!(body, "<td>{cell}</td>");
            } else {
                let _ = write!(body, "<td class=\"{class}\">{cell}</td>");
            }
        }
        body.push_str("</tr>");
    }
    let head = head.iter().fold(String::new(), |mut text, cell| {
        let _ = write!(text, "<th scope=\"col\">{cell}</th>");
        text
    });
    let _ = writeln!(page, "<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>");
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn heading(page: &mut String, language: Language, french: &'static str, english: &'static str) {
    let _ = writeln!(page, "<h2>{}</h2>", language.pick(french, english));
}

/// What to remember: how many people change what, in a sentence a level.
fn in_short(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "À retenir", "In short");
    page.push_str("<ul>");
    for level in &dossier.impact.levels {
        let (people, acronym) = (level.affected.people, level.level.acronym());
        let line = if level.territories.is_empty() {
            format!("{acronym}{} {}", language.colon(), language.pick("rien ne change.", "nothing changes."))
        } else if level.affected.units == 0 {
            let text = language.pick(
                "personne ne change de territoire ; noms, codes ou rattachements changent.",
                "nobody changes territory; names, codes or parents change.",
            );
            format!("{acronym}{} {text}", language.colon())
        } else {
            format!(
                "{acronym}{} {} {} ({}){} {} {}.",
                language.colon(),
                language.whole(people),
                language.pick("personnes changent de territoire", "people change territory"),
                AREAS.count(u64::from(level.affected.units), language),
                language.semicolon(),
                language.whole(level.territories.len() as u64),
                if level.territories.len() == 1 {
                    language.pick("territoire touché", "territory concerned")
                } else {
                    language.pick("territoires touchés", "territories concerned")
                }
            )
        };
        let _ = write!(page, "<li>{}</li>", escape(&line));
    }
    page.push_str("</ul>\n");
}

/// What is done and what was weighed.
pub(super) fn summary(page: &mut String, dossier: &Dossier, language: Language) {
    in_short(page, dossier, language);
    heading(page, language, "Ce qui est proposé", "What is proposed");
    if let Some(reason) = &dossier.revision.reason {
        let _ = write!(page, "<p>{}</p>", escape(reason));
    }
    page.push_str("<ol>");
    for operation in &dossier.revision.operations {
        let _ = write!(page, "<li>{}</li>", escape(&language.operation(operation)));
    }
    page.push_str("</ol>\n");
    if !dossier.concerns.is_empty() {
        let _ = write!(page, "<p>{}</p><ul>", language.pick("Avertissements :", "Warnings:"));
        for known in &dossier.concerns {
            let words = language.pick(&known.words.french, &known.words.english);
            let state = if known.accepted {
                language.pick("accepté", "accepted")
            } else {
                language.pick("non accepté", "not accepted")
            };
            let _ = write!(page, "<li>{} ({}, {state})</li>", escape(words), known.kind);
        }
        page.push_str("</ul>\n");
    }
    let named: Vec<String> = (dossier.impact.level(Level::Clsc).territories.iter())
        .filter_map(|known| known.before.as_ref().or(known.after.as_ref()))
        .map(|standing| format!("{} {}", standing.code, standing.name))
        .collect();
    if !named.is_empty() {
        let intro = language.pick("CLSC en cause :", "CLSC concerned:");
        let _ = writeln!(page, "<p>{intro} {}.</p>", escape(&named.join(", ")));
    }
    heading(page, language, "Ce qui a été pesé", "What was weighed");
    let head = [
        language.pick("Mesure", "Measure"),
        language.pick("Avant", "Before"),
        language.pick("Après", "After"),
        language.pick("Effet", "Effect"),
    ];
    table(
        page,
        &head,
        dossier.weighed.iter().map(|known| {
            let effect = match known.better {
                Some(true) => (language.pick("mieux", "better").to_owned(), "good"),
                Some(false) => (language.pick("moins bien", "worse").to_owned(), "weak"),
                None => (if (known.before - known.after).abs() < 0.5 { "=" } else { "" }.to_owned(), ""),
            };
            vec![
                text(language.measure(known.measure)),
                number(language.decimal(known.before, 0)),
                number(language.decimal(known.after, 0)),
                effect,
            ]
        }),
    );
}

fn flows(list: &[Flow], language: Language, other: impl Fn(&Flow) -> String) -> String {
    list.iter()
        .map(|flow| {
            format!(
                "{}{} {} {} ({}, {} km²)",
                escape(&other(flow)),
                language.colon(),
                language.whole(flow.people),
                language.pick("pers.", "people"),
                AREAS.count(u64::from(flow.units), language),
                language.decimal(flow.area_km2, 2)
            )
        })
        .collect::<Vec<_>>()
        .join("<br>")
}

fn pair(before: Option<String>, after: Option<String>) -> (String, &'static str) {
    let dash = || "—".to_owned();
    match (before, after) {
        (Some(before), Some(after)) if before == after => number(after),
        (before, after) => number(format!("{}<br>→ {}", before.unwrap_or_else(dash), after.unwrap_or_else(dash))),
    }
}

fn standing_row(known: &TerritoryImpact, language: Language) -> Cells {
    let name = |standing: &Standing| format!("{} {}", escape(standing.code.as_str()), escape(&standing.name));
    let names = match (&known.before, &known.after) {
        (Some(before), Some(after)) if name(before) == name(after) => name(after),
        (before, after) => {
            let told = |side: &Option<Standing>| side.as_ref().map_or("—".to_owned(), name);
            format!("{} → {}", told(before), told(after))
        }
    };
    let of = |figure: &dyn Fn(&Standing) -> String| {
        pair(known.before.as_ref().map(figure), known.after.as_ref().map(figure))
    };
    vec![
        (names, ""),
        text(&format!("{} ({})", known.class.words().pick(language), known.letter)),
        of(&|standing| language.whole(standing.people)),
        of(&|standing| language.whole(u64::from(standing.units))),
        of(&|standing| language.decimal(standing.area_km2, 1)),
        of(&|standing| language.decimal(standing.density_per_km2, 1)),
        of(&|standing| standing.installations.map_or("—".to_owned(), |count| count.to_string())),
        (flows(&known.gained, language, |flow| flow.from.to_string()), ""),
        (flows(&known.lost, language, |flow| flow.to.to_string()), ""),
    ]
}

/// Leaves out the columns of which nothing is known.
fn table_of_known(page: &mut String, head: &[&str], rows: Vec<Cells>, known: &[bool]) {
    let kept = |at: usize| known.get(at).copied().unwrap_or(true);
    let head: Vec<&str> = head.iter().enumerate().filter(|&(at, _)| kept(at)).map(|(_, cell)| *cell).collect();
    let row = |row: Cells| row.into_iter().enumerate().filter(|&(at, _)| kept(at)).map(|(_, cell)| cell).collect();
    table(page, &head, rows.into_iter().map(row));
}

/// A table a level.
pub(super) fn levels(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "Effets à chaque niveau", "Effects at every level");
    for level in &dossier.impact.levels {
        let _ = write!(page, "<h3>{}</h3>", capital(level.level.words().pick(language)));
        let _ = write!(
            page,
            "<p>{} {}, {} {}.</p>",
            language.whole(level.territories.len() as u64),
            language.agree(level.territories.len(), "touché", "touchés", "concerned"),
            language.whole(level.unchanged as u64),
            language.agree(level.unchanged, "inchangé", "inchangés", "unchanged")
        );
        if level.territories.is_empty() {
            continue;
        }
        let head = [
            language.pick("Territoire", "Territory"),
            language.pick("Changement", "Change"),
            language.pick("Population", "People"),
            language.pick("Aires", "Areas"),
            "km²",
            language.pick("Hab./km²", "People/km²"),
            language.pick("Installations", "Installations"),
            language.pick("Reçoit de", "Receives from"),
            language.pick("Cède à", "Gives to"),
        ];
        let rows = level.territories.iter().map(|known| standing_row(known, language)).collect();
        let installations = (level.territories.iter())
            .flat_map(|known| known.before.iter().chain(&known.after))
            .any(|standing| standing.installations.is_some());
        table_of_known(page, &head, rows, &[true, true, true, true, true, true, installations]);
    }
    let (before, after) = (&dossier.impact.nesting_breaks_before, &dossier.impact.nesting_breaks_after);
    let _ = write!(page, "<p>{} ", language.pick("Emboîtement des niveaux :", "Nesting of levels:"));
    let new: Vec<String> = (after.iter().filter(|known| !before.contains(known)))
        .map(|known| {
            let parents = known.parents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let (lower, upper) = (known.lower.acronym(), known.upper.acronym());
            format!("{lower} {} {} {upper} {parents}", known.code, language.pick("partagé entre", "split between"))
        })
        .collect();
    if new.is_empty() {
        page.push_str(language.pick("rien de nouveau.", "nothing new."));
    } else {
        page.push_str(&escape(&new.join(" ; ")));
    }
    page.push_str("</p>\n");
}

fn grade_class(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "good",
        Grade::Fair => "fair",
        Grade::Weak => "weak",
        Grade::Poor => "poor",
    }
}

fn criteria_row(known: &ClscCriteria, columns: &[&dyn Criterion], when: &str, language: Language) -> Cells {
    let drivers: Vec<&str> = known.drivers.iter().map(|fault| fault.words(language)).collect();
    let mut grade = language.grade(known.grade).to_owned();
    if !drivers.is_empty() {
        let _ = write!(grade, "{} {}", language.colon(), drivers.join(", "));
    }
    let mut cells = vec![
        (format!("{} {}<br><i>{when}</i>", escape(known.code.as_str()), escape(&known.name)), ""),
        (grade, grade_class(known.grade)),
    ];
    cells.extend(columns.iter().map(|criterion| {
        let told: Vec<String> = (known.of(criterion.id()))
            .map(|measured| {
                let of = measured.of.as_ref().map_or(String::new(), |of| format!("{of}{} ", language.colon()));
                escape(&format!("{of}{}", measured.words(language)))
            })
            .collect();
        let class = known.grade_of(criterion.id()).map_or("", grade_class);
        (if told.is_empty() { language.pick("non connu", "not known").to_owned() } else { told.join("<br>") }, class)
    }));
    cells
}

/// CLSC against the criteria, before and after.
pub(super) fn criteria(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "Critères des territoires de CLSC", "Criteria of CLSC territories");
    let impact = &dossier.impact;
    if impact.criteria.is_empty() {
        let none = language.pick("Aucun CLSC ne gagne ni ne perd d’aire.", "No CLSC gains or loses an area.");
        let _ = writeln!(page, "<p>{none}</p>");
        return;
    }
    let all = || impact.criteria.iter().flat_map(|known| known.before.iter().chain(&known.after));
    // What was not given was not weighed, and the page says so.
    let (columns, missing): (Vec<&dyn Criterion>, Vec<&dyn Criterion>) =
        CRITERIA.iter().copied().partition(|criterion| all().any(|known| known.of(criterion.id()).next().is_some()));
    let names: Vec<String> = columns.iter().map(|criterion| capital(criterion.name(language))).collect();
    let mut head = vec!["CLSC", language.pick("Cote", "Grade")];
    head.extend(names.iter().map(String::as_str));
    let rows = impact.criteria.iter().flat_map(|known| {
        let sides =
            [(&known.before, language.pick("avant", "before")), (&known.after, language.pick("après", "after"))];
        sides
            .into_iter()
            .filter_map(|(side, when)| Some(criteria_row(side.as_ref()?, &columns, when, language)))
            .collect::<Vec<_>>()
    });
    table(page, &head, rows);
    let missing: Vec<&str> = missing.iter().filter_map(|criterion| criterion.wants(language)).collect();
    if !missing.is_empty() {
        let intro = language.pick("Non pesés, faute de données :", "Not weighed, for want of data:");
        let _ = writeln!(page, "<p>{intro} {}.</p>", missing.join(&format!("{} ", language.semicolon())));
    }
    let _ = write!(page, "<p>{}</p><ul>", language.pick("Ce que les cotes veulent dire :", "What grades mean:"));
    for criterion in &columns {
        let (name, means) = (capital(criterion.name(language)), criterion.yardstick(&impact.settings, language));
        let _ = write!(page, "<li>{}{} {}.</li>", escape(&name), language.colon(), escape(&means));
    }
    page.push_str("</ul>\n");
    if !impact.other_years.is_empty() {
        let _ = write!(page, "<h3>{}</h3>", language.pick("Population d’autres années", "People in other years"));
        let head =
            [language.pick("Année", "Year"), "CLSC", language.pick("Avant", "Before"), language.pick("Après", "After")];
        let told = |people: Option<u64>, in_range: Option<bool>| {
            let text = people.map_or("—".to_owned(), |people| language.whole(people));
            number(if in_range == Some(false) {
                format!("{text} ({})", language.pick("hors fourchette", "out of range"))
            } else {
                text
            })
        };
        table(
            page,
            &head,
            impact.other_years.iter().map(|known| {
                vec![
                    text(&known.year.to_string()),
                    text(&format!("{} {}", known.code, known.name)),
                    told(known.before, known.in_range_before),
                    told(known.after, known.in_range_after),
                ]
            }),
        );
    }
    if columns.iter().any(|criterion| criterion.id() == "distance") {
        let _ = writeln!(page, "<p>{}</p>", language.points(impact.distances_from));
    }
}

/// Who changes territory.
pub(super) fn affected(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "Qui est touché", "Who is affected");
    let head = [
        language.pick("Changent de", "Change"),
        language.pick("Personnes", "People"),
        language.pick("Adresses", "Addresses"),
        language.pick("Aires", "Areas"),
        language.pick("Déjà déplacées", "Moved before"),
    ];
    let unknown = || language.pick("non connu", "not known").to_owned();
    table(
        page,
        &head,
        dossier.impact.levels.iter().map(|level| {
            let known = &level.affected;
            vec![
                text(level.level.acronym()),
                number(language.whole(known.people)),
                number(known.addresses.map_or_else(unknown, |count| {
                    let share = known.addresses_known_share.filter(|&share| share < 1.0);
                    let of = language.pick("connues pour", "known for");
                    let told = share.map_or(String::new(), |share| format!(" ({of} {})", language.percent(share)));
                    format!("{}{told}", language.whole(count))
                })),
                number(language.whole(u64::from(known.units))),
                number(known.people_moved_before.map_or_else(unknown, |count| language.whole(count))),
            ]
        }),
    );
}

/// Codes to change and series that break.
pub(super) fn codes_and_series(page: &mut String, dossier: &Dossier, language: Language) {
    if !dossier.impact.code_changes.is_empty() {
        heading(page, language, "Codes à changer", "Codes to change");
        let head = [
            language.pick("Niveau", "Level"),
            language.pick("Code", "Code"),
            language.pick("Nom", "Name"),
            language.pick("Doit commencer par", "Must begin with"),
            language.pick("Proposé", "Proposed"),
        ];
        table(
            page,
            &head,
            dossier.impact.code_changes.iter().map(|known| {
                vec![
                    text(known.level.acronym()),
                    text(known.code.as_str()),
                    text(&known.name),
                    text(known.prefix.as_str()),
                    text(
                        known
                            .proposed
                            .as_ref()
                            .map_or(language.pick("aucun code libre", "no free code"), |code| code.as_str()),
                    ),
                ]
            }),
        );
    }
    heading(page, language, "Séries statistiques rompues", "Series that break");
    if dossier.impact.broken_series.is_empty() {
        let _ = write!(page, "<p>{}</p>", language.pick("Aucune.", "None."));
        return;
    }
    let head = [
        language.pick("Niveau", "Level"),
        language.pick("Territoire", "Territory"),
        language.pick("Cause", "Cause"),
        language.pick("Population", "People"),
        language.pick("Entrées (part)", "Came (share)"),
        language.pick("Sorties (part)", "Left (share)"),
    ];
    let size = |people: u64, share: Option<f64>| {
        let share = share.map_or(String::new(), |share| format!(" ({})", language.percent(share)));
        number(format!("{}{share}", language.whole(people)))
    };
    table(
        page,
        &head,
        dossier.impact.broken_series.iter().map(|known| {
            vec![
                text(known.level.acronym()),
                text(&format!("{} {}", known.code, known.name)),
                text(&format!("{} ({})", known.class.words().pick(language), known.class.letter())),
                pair(
                    known.people_before.map(|people| language.whole(people)),
                    known.people_after.map(|people| language.whole(people)),
                ),
                size(known.people_in, known.share_in),
                size(known.people_out, known.share_out),
            ]
        }),
    );
}
