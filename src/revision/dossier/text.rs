//! The same in a few lines of text, for a terminal.

use std::fmt::Write as _;

use super::{Dossier, Recipient};
use crate::domain::Language;
use crate::pages::AREAS;
use crate::revision::ClscCriteria;
use crate::revision::impact::{Flow, Impact, Standing};

impl Dossier {
    /// What is done, what was weighed, and what changes at every level; a line each.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let revision = &self.revision;
        let mut page = format!("{} — {}\n", revision.id, revision.label);
        for operation in &revision.operations {
            let _ = writeln!(page, "  {}", language.operation(operation));
        }
        if !self.concerns.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("Avertissements", "Warnings"));
        }
        for known in &self.concerns {
            let words = language.pick(&known.words.french, &known.words.english);
            let state = if known.accepted {
                language.pick("accepté", "accepted").to_owned()
            } else {
                format!("{} --accept {}", language.pick("pour l'accepter :", "to accept it:"), known.kind)
            };
            let _ = writeln!(page, "  {words} ({state})");
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
                match (affected.addresses, affected.addresses_known_share) {
                    (Some(addresses), share) => {
                        let words = language.pick("adresses", "addresses");
                        let _ = write!(line, ", {} {words}", language.whole(addresses));
                        if let Some(share) = share.filter(|&share| share < 1.0) {
                            let words = language.pick("connues pour", "known for");
                            let people = language.pick("des personnes", "of people");
                            let _ = write!(line, " ({words} {} {people})", language.percent(share));
                        }
                    }
                    (None, Some(_)) => line.push_str(language.pick(", adresses non connues", ", addresses not known")),
                    (None, None) => {}
                }
                if let Some(again) = affected.people_moved_before {
                    let words = language.pick("personnes déjà déplacées auparavant", "people moved before");
                    let _ = write!(line, ", {} {words}", language.whole(again));
                }
                page.push_str(&line);
                page.push('\n');
            }
        }
        self.criteria_text(&mut page, language);
        self.other_years_text(&mut page, language);
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

    fn criteria_text(&self, page: &mut String, language: Language) {
        let colon = language.colon();
        if !self.criteria.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("Critères", "Criteria"));
        }
        for known in &self.criteria {
            let sides = [&known.before, &known.after].map(|side| {
                side.as_ref().map_or("—".to_owned(), |known| {
                    let drivers: Vec<&str> = known.drivers.iter().map(|known| known.words(language)).collect();
                    let why = if drivers.is_empty() { String::new() } else { format!(" ({})", drivers.join(", ")) };
                    format!("{}{why}", language.grade(known.grade))
                })
            });
            if let Some(named) = known.after.as_ref().or(known.before.as_ref()) {
                let _ = writeln!(page, "  {} {}{colon} {} → {}", named.code, named.name, sides[0], sides[1]);
                let figures =
                    [&known.before, &known.after].map(|side| side.as_ref().map(|side| figures(side, language)));
                let mut labels: Vec<&str> = Vec::new();
                for (label, _) in figures.iter().flatten().flatten() {
                    if !labels.contains(&label.as_str()) {
                        labels.push(label);
                    }
                }
                for label in labels {
                    let [before, after] = figures.each_ref().map(|side| {
                        let found = side.iter().flatten().find(|figure| figure.0 == label);
                        found.map_or("—", |figure| figure.1.as_str())
                    });
                    let values = if before == after { after.to_owned() } else { format!("{before} → {after}") };
                    let _ = writeln!(page, "      {label}{colon} {values}");
                }
            }
        }
        if self
            .criteria
            .iter()
            .flat_map(|known| known.before.iter().chain(&known.after))
            .any(|known| known.grade_of("distance").is_some())
        {
            let _ = writeln!(page, "  {}", language.points(self.distances_from));
        }
    }

    fn other_years_text(&self, page: &mut String, language: Language) {
        let colon = language.colon();
        if !self.other_years.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("Autres années", "Other years"));
        }
        for known in &self.other_years {
            let told = |people: Option<u64>, in_range: Option<bool>| {
                people.map_or("—".to_owned(), |people| {
                    let out = language.pick(" (hors fourchette)", " (out of range)");
                    format!("{}{}", language.whole(people), if in_range == Some(false) { out } else { "" })
                })
            };
            let [was, is] = [told(known.before, known.in_range_before), told(known.after, known.in_range_after)];
            let _ = writeln!(page, "  {} {} {}{colon} {was} → {is}", known.year, known.code, known.name);
        }
    }
}

/// What was measured of a CLSC: the same labels in the same order for every one of an impact.
fn figures(known: &ClscCriteria, language: Language) -> Vec<(String, String)> {
    known.measures.iter().map(|measured| (measured.label(language), measured.words(language))).collect()
}

fn flows(page: &mut String, language: Language, sign: &str, list: &[Flow], other: impl Fn(&Flow) -> &str) {
    for flow in list {
        let people = language.whole(flow.people);
        let (word, areas) = (language.pick("pers.", "people"), AREAS.count(u64::from(flow.units), language));
        let _ = writeln!(page, "      {sign} {}{} {people} {word} ({areas})", other(flow), language.colon());
    }
}
