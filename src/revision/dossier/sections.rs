//! The sections of the page.

use std::fmt::Write as _;

use super::Dossier;
use super::html::escape;
use crate::domain::Language;
use crate::domain::Level;
use crate::pages::AREAS;
use crate::revision::impact::{Flow, Standing, TerritoryImpact};
use crate::revision::{ClscCriteria, Grade};

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

fn criteria_row(known: &ClscCriteria, when: &str, language: Language) -> Cells {
    let drivers: Vec<&str> = known.drivers.iter().map(|&driver| language.criterion(driver)).collect();
    let mut grade = language.grade(known.grade).to_owned();
    if !drivers.is_empty() {
        let _ = write!(grade, "{} {}", language.colon(), drivers.join(", "));
    }
    let km = |metres: f64| language.decimal(metres / 1000.0, 1);
    let distance = known.distance.map_or("—".to_owned(), |found| {
        format!(
            "{} / {} km{} {}",
            km(found.median_m),
            km(found.p90_m),
            language.semicolon(),
            language.percent(found.share_far)
        )
    });
    let cut = |cuts: &Option<Vec<crate::revision::Cut>>| {
        cuts.as_ref().map_or("—".to_owned(), |cuts| {
            let names: Vec<String> = cuts.iter().take(8).map(|cut| escape(&cut.name)).collect();
            let more = if cuts.len() > 8 { "…" } else { "" };
            if names.is_empty() { "0".to_owned() } else { format!("{} ({}{more})", cuts.len(), names.join(", ")) }
        })
    };
    let pieces: Vec<String> = (known.detached.iter())
        .map(|piece| {
            let state = super::text::state_of(piece, language);
            let first = piece.units.first().map_or("", |unit| unit.as_str());
            format!(
                "{} ({} {}, {state})",
                escape(first),
                language.whole(piece.people),
                language.pick("pers.", "people")
            )
        })
        .collect();
    let mut rest: Vec<String> = Vec::new();
    for kept in known.flows.iter().chain(&known.gmf) {
        if let Some(share) = kept.share {
            rest.push(format!(
                "{}{} {} {}",
                escape(&kept.name),
                language.colon(),
                language.percent(share),
                language.pick("à l’intérieur", "inside")
            ));
        }
    }
    for spread in &known.spreads {
        let units: Vec<String> = spread
            .contrasted
            .iter()
            .map(|(unit, value)| format!("{} ({})", escape(unit.as_str()), language.decimal(*value, 2)))
            .collect();
        rest.push(format!(
            "{}{} {} ± {}{} {} {}",
            escape(&spread.name),
            language.colon(),
            language.decimal(spread.mean, 2),
            language.decimal(spread.deviation, 2),
            language.semicolon(),
            language.pick("plus contrastées :", "most contrasted:"),
            units.join(", ")
        ));
    }
    vec![
        (format!("{} {}<br><i>{when}</i>", escape(known.code.as_str()), escape(&known.name)), ""),
        (grade, grade_class(known.grade)),
        (language.whole(known.people), grade_class(known.people_grade)),
        (
            if pieces.is_empty() {
                language.pick("d’un tenant", "in one piece").to_owned()
            } else {
                pieces.join("<br>")
            },
            grade_class(known.contiguity_grade),
        ),
        (language.decimal(known.compactness, 2), grade_class(known.compactness_grade)),
        (distance, known.distance_grade.map_or("", grade_class)),
        (cut(&known.municipalities_cut), known.municipalities_grade.map_or("", grade_class)),
        (cut(&known.mrc_cut), ""),
        (rest.join("<br>"), ""),
    ]
}

/// CLSC against the criteria, before and after.
pub(super) fn criteria(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "Critères des territoires de CLSC", "Criteria of CLSC territories");
    let head = [
        "CLSC",
        language.pick("Cote", "Grade"),
        language.pick("Population", "People"),
        language.pick("Contiguïté", "Contiguity"),
        language.pick("Compacité", "Compactness"),
        language.pick("Distance (médiane / 90e ; loin)", "Distance (median / 90th; far)"),
        language.pick("Municipalités partagées", "Municipalities shared"),
        language.pick("MRC ou divisions de recensement partagées", "MRC or census divisions shared"),
        language.pick("Bassins, indicateurs", "Basins, indicators"),
    ];
    let rows = dossier.impact.criteria.iter().flat_map(|known| {
        let before = known.before.iter().map(|side| criteria_row(side, language.pick("avant", "before"), language));
        let after = known.after.iter().map(|side| criteria_row(side, language.pick("après", "after"), language));
        before.chain(after).collect::<Vec<_>>()
    });
    let all = || dossier.impact.criteria.iter().flat_map(|known| known.before.iter().chain(&known.after));
    // What was not given was not weighed, and the page says so.
    let facts = [
        (
            all().any(|known| known.distance_grade.is_some()),
            language.pick("la distance aux installations", "the distance to installations"),
        ),
        (all().any(|known| known.municipalities_cut.is_some()), language.pick("les municipalités", "municipalities")),
        (all().any(|known| known.mrc_cut.is_some()), language.pick("les MRC", "MRC")),
        (
            all().any(|known| !known.flows.is_empty()),
            language.pick("les bassins de services et de navettage", "service and commuting basins"),
        ),
        (
            all().any(|known| !known.spreads.is_empty()),
            language.pick("les indicateurs sociaux et matériels", "social and material indicators"),
        ),
        (all().any(|known| known.gmf.is_some()), language.pick("les inscriptions aux GMF", "GMF registrations")),
    ];
    let basins = facts[3].0 || facts[4].0 || facts[5].0;
    let columns = [true, true, true, true, true, facts[0].0, facts[1].0, facts[2].0, basins];
    let rows: Vec<Cells> = rows.collect();
    if rows.is_empty() {
        let none = language.pick("Aucun CLSC ne gagne ni ne perd d’aire.", "No CLSC gains or loses an area.");
        let _ = writeln!(page, "<p>{none}</p>");
        return;
    }
    table_of_known(page, &head, rows, &columns);
    let missing: Vec<&str> = facts.iter().filter(|fact| !fact.0).map(|fact| fact.1).collect();
    if !missing.is_empty() {
        let intro = language.pick("Non pesés, faute de données :", "Not weighed, for want of data:");
        let _ = writeln!(page, "<p>{intro} {}.</p>", missing.join(&format!("{} ", language.semicolon())));
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
                number(known.addresses.map_or_else(unknown, |count| language.whole(count))),
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
