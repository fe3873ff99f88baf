//! The same in a few lines of text, for a terminal.

use std::fmt::Write as _;

use super::{Dossier, Recipient};
use crate::domain::Language;
use crate::pages::AREAS;
use crate::revision::impact::{Flow, Impact, Standing};
use crate::revision::{ClscCriteria, Cut, Piece};

impl Dossier {
    /// What is done, what was weighed, and what changes at every level; a line each.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let revision = &self.revision;
        let mut page = format!("{} — {}\n", revision.id, revision.label);
        for operation in &revision.operations {
            let _ = writeln!(page, "  {}", language.operation(operation));
        }
        page.push('\n');
        for known in &self.weighed {
            let effect = match known.better {
                Some(true) => language.pick("  (mieux)", "  (better)"),
                Some(false) => language.pick("  (moins bien)", "  (worse)"),
                None => "",
            };
            let (before, after) = (language.decimal(known.before, 0), language.decimal(known.after, 0));
            let _ = writeln!(page, "{:<58} {before} → {after}{effect}", language.measure(known.measure));
        }
        page.push_str(&self.impact.to_text(language));
        let told: Vec<String> = (self.to_tell.iter())
            .filter(|known| !matches!(known.who, Recipient::Population))
            .map(|known| format!("  {} {} {}", language.recipient(known.who), known.code, known.name))
            .collect();
        if !told.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("À aviser", "To be told"));
            for line in told {
                let _ = writeln!(page, "{}", line.trim_end());
            }
        }
        page
    }
}

impl Impact {
    /// What changes at every level, against the criteria; a line each.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let (mut page, colon) = (String::new(), language.colon());
        for level in &self.levels {
            let _ = writeln!(
                page,
                "\n{}{} {} {}, {} {}",
                level.level.acronym(),
                language.colon(),
                level.territories.len(),
                language.agree(level.territories.len(), "changé", "changés", "changed"),
                level.unchanged,
                language.agree(level.unchanged, "inchangé", "inchangés", "unchanged")
            );
            for known in &level.territories {
                let told = |side: &Option<Standing>| {
                    side.as_ref().map_or("—".to_owned(), |known| {
                        let people = language.whole(known.people);
                        format!("{} {} ({people} {})", known.code, known.name, language.pick("pers.", "people"))
                    })
                };
                let (before, after) = (told(&known.before), told(&known.after));
                let names = if before == after { after } else { format!("{before} → {after}") };
                let _ = writeln!(page, "  {} {:<16} {names}", known.letter, known.class.words().pick(language));
                flows(&mut page, language, "+", &known.gained, |flow| flow.from.as_str());
                flows(&mut page, language, "−", &known.lost, |flow| flow.to.as_str());
            }
            if level.affected.units > 0 {
                let affected = &level.affected;
                let mut line = format!(
                    "  {}{} {} {}, {}",
                    language.pick("changent de territoire", "change territory"),
                    language.colon(),
                    language.whole(affected.people),
                    language.pick("personnes", "people"),
                    AREAS.count(u64::from(affected.units), language),
                );
                if let Some(addresses) = affected.addresses {
                    let _ = write!(line, ", {} {}", language.whole(addresses), language.pick("adresses", "addresses"));
                }
                if let Some(again) = affected.people_moved_before {
                    let words = language.pick("personnes déjà déplacées auparavant", "people moved before");
                    let _ = write!(line, ", {} {words}", language.whole(again));
                }
                page.push_str(&line);
                page.push('\n');
            }
        }
        if !self.criteria.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("Critères", "Criteria"));
        }
        for known in &self.criteria {
            let sides = [&known.before, &known.after].map(|side| {
                side.as_ref().map_or("—".to_owned(), |known| {
                    let drivers: Vec<&str> = known.drivers.iter().map(|&known| language.criterion(known)).collect();
                    let why = if drivers.is_empty() { String::new() } else { format!(" ({})", drivers.join(", ")) };
                    format!("{}{why}", language.grade(known.grade))
                })
            });
            if let Some(named) = known.after.as_ref().or(known.before.as_ref()) {
                let _ = writeln!(page, "  {} {}{colon} {} → {}", named.code, named.name, sides[0], sides[1]);
                let figures =
                    [&known.before, &known.after].map(|side| side.as_ref().map(|side| figures(side, language)));
                let longest = figures.iter().flatten().max_by_key(|list| list.len());
                for (label, _) in longest.into_iter().flatten() {
                    let [before, after] = figures.each_ref().map(|side| {
                        let found = side.iter().flatten().find(|figure| figure.0 == *label);
                        found.map_or("—", |figure| figure.1.as_str())
                    });
                    let values = if before == after { after.to_owned() } else { format!("{before} → {after}") };
                    let _ = writeln!(page, "      {label}{colon} {values}");
                }
            }
        }
        for known in &self.code_changes {
            let proposed = known.proposed.as_ref().map_or("—".to_owned(), ToString::to_string);
            let _ = writeln!(
                page,
                "  {} {} {}{colon} {} {proposed}",
                language.pick("code à changer,", "code to change,"),
                known.level.acronym(),
                known.code,
                language.pick("proposé", "proposed")
            );
        }
        page
    }
}

/// What was measured of a CLSC: the same labels in the same order for every one of an impact.
fn figures(known: &ClscCriteria, language: Language) -> Vec<(String, String)> {
    let label = |french: &'static str, english: &'static str| language.pick(french, english).to_owned();
    let mut list = vec![
        (label("population", "people"), language.whole(known.people)),
        (label("morceaux détachés", "detached pieces"), pieces(&known.detached, language)),
        (label("compacité", "compactness"), language.decimal(known.compactness, 2)),
    ];
    if known.distance_grade.is_some() {
        let distance = known.distance.as_ref().map_or("—".to_owned(), |found| {
            let km = |metres: f64| language.decimal(metres / 1000.0, 1);
            format!("{} / {} km, {}", km(found.median_m), km(found.p90_m), language.percent(found.share_far))
        });
        let label = label(
            "distance d’une installation (médiane / 90e, part au-delà)",
            "distance to an installation (median / 90th, share beyond)",
        );
        list.push((label, distance));
    }
    let cuts = |cuts: &[Cut]| {
        let names: Vec<&str> = cuts.iter().take(MOST_NAMED).map(|cut| cut.name.as_str()).collect();
        let more = if cuts.len() > MOST_NAMED { ", …" } else { "" };
        if cuts.is_empty() { "0".to_owned() } else { format!("{} ({}{more})", cuts.len(), names.join(", ")) }
    };
    if let Some(cut) = &known.municipalities_cut {
        list.push((label("municipalités partagées", "municipalities shared"), cuts(cut)));
    }
    if let Some(cut) = &known.mrc_cut {
        let label = label("MRC ou divisions de recensement partagées", "MRC or census divisions shared");
        list.push((label, cuts(cut)));
    }
    for kept in known.flows.iter().chain(&known.gmf) {
        let share = kept.share.map_or("—".to_owned(), |share| language.percent(share));
        list.push((format!("{} {}", kept.name, language.pick("à l’intérieur", "inside")), share));
    }
    for spread in &known.spreads {
        let units: Vec<String> = (spread.contrasted.iter())
            .map(|(unit, value)| format!("{unit} ({})", language.decimal(*value, 2)))
            .collect();
        let value = format!(
            "{} ± {}{} {} {}",
            language.decimal(spread.mean, 2),
            language.decimal(spread.deviation, 2),
            language.semicolon(),
            language.pick("plus contrastées :", "most contrasted:"),
            units.join(", ")
        );
        list.push((spread.name.clone(), value));
    }
    list
}

/// Most areas that a line names.
const MOST_NAMED: usize = 4;

/// Whether a detached piece is of the revision's making.
pub(super) fn state_of(piece: &Piece, language: Language) -> &'static str {
    if piece.was_there { language.pick("déjà là", "was there") } else { language.pick("nouveau", "new") }
}

fn pieces(detached: &[Piece], language: Language) -> String {
    let told: Vec<String> = (detached.iter().take(MOST_NAMED))
        .map(|piece| {
            let state = state_of(piece, language);
            let first = piece.units.first().map_or("", |unit| unit.as_str());
            format!("{first}, {} {}, {state}", language.whole(piece.people), language.pick("pers.", "people"))
        })
        .collect();
    let more = if detached.len() > MOST_NAMED { ", …" } else { "" };
    if told.is_empty() {
        "0".to_owned()
    } else {
        format!("{} ({}{more})", detached.len(), told.join(&format!("{} ", language.semicolon())))
    }
}

fn flows(page: &mut String, language: Language, sign: &str, list: &[Flow], other: impl Fn(&Flow) -> &str) {
    for flow in list {
        let people = language.whole(flow.people);
        let (word, areas) = (language.pick("pers.", "people"), AREAS.count(u64::from(flow.units), language));
        let _ = writeln!(page, "      {sign} {}{} {people} {word} ({areas})", other(flow), language.colon());
    }
}
