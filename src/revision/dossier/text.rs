//! The same in a few lines of text, for a terminal.

use std::fmt::Write as _;

use super::balance::sentence;
use super::levels::names;
use super::{Dossier, Recipient};
use crate::domain::{Language, TerritoryCode};
use crate::pages::{ADDRESSES, AREAS, Noun, PEOPLE};
use crate::revision::impact::{Flow, Impact};
use crate::revision::{ClscCriteria, ClscInYear};

const CHANGED: Noun = Noun::new(("changé", "changés"), ("changed", "changed"));
const UNCHANGED: Noun = Noun::new(("inchangé", "inchangés"), ("unchanged", "unchanged"));

impl Dossier {
    /// What is done, what was weighed, and what changes at every level; a line each.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let revision = &self.revision;
        let mut page = format!("{} — {}\n", revision.id, revision.label);
        for operation in &self.proposal {
            let _ = writeln!(page, "  {}.", operation.pick(language));
        }
        if !self.concerns.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("Avertissements", "Warnings"));
        }
        for concern in &self.concerns {
            let accepted = if concern.accepted {
                language.pick("accepté", "accepted")
            } else {
                language.pick("à accepter", "to be accepted")
            };
            let (words, kind) = (concern.words.pick(language), concern.kind);
            let _ = writeln!(page, "  {words} ({accepted}{} --accept {kind})", language.colon());
        }
        page.push('\n');
        for known in &self.weighed {
            let effect = match known.better {
                Some(true) => language.pick("  (mieux)", "  (better)"),
                Some(false) => language.pick("  (moins bien)", "  (worse)"),
                None => "",
            };
            let (before, after) = (language.decimal(known.before, 0), language.decimal(known.after, 0));
            let _ = writeln!(page, "{:<58} {before} → {after}{effect}", known.measure.words().pick(language));
        }
        for (title, better) in [
            (language.pick("Cotes qui montent", "Grades that rise"), true),
            (language.pick("Cotes qui baissent", "Grades that fall"), false),
        ] {
            let mut effects = self.effects.iter().filter(|effect| effect.better == better).peekable();
            if effects.peek().is_some() {
                let _ = writeln!(page, "\n{title}");
            }
            for effect in effects {
                let _ = writeln!(page, "  {}", sentence(effect, language));
            }
        }
        page.push_str(&self.impact.to_text(language));
        let told: Vec<String> = (self.to_tell.iter())
            .filter(|known| !matches!(known.who, Recipient::Population))
            .map(|known| format!("  {} {} {}", known.who.words().pick(language), known.code, known.name))
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
                "\n{}{colon} {}, {}",
                level.level.acronym(),
                CHANGED.count(level.territories.len() as u64, language),
                UNCHANGED.count(level.unchanged as u64, language)
            );
            for known in &level.territories {
                let people = [&known.before, &known.after]
                    .map(|side| side.as_ref().map_or_else(|| "—".to_owned(), |side| language.whole(side.people)));
                let people = if people[0] == people[1] { people[1].clone() } else { people.join(" → ") };
                let word = language.pick("pers.", "people");
                let class = known.class.words().pick(language);
                let _ = writeln!(page, "  {} {class:<26} {} ({people} {word})", known.letter, names(known));
                let list =
                    |codes: &[TerritoryCode]| codes.iter().map(TerritoryCode::as_str).collect::<Vec<_>>().join(", ");
                for parent in &known.parents_changed {
                    let (before, after) = (list(&parent.before), list(&parent.after));
                    let _ = writeln!(page, "      {}{colon} {before} → {after}", parent.level.acronym());
                }
                flows(&mut page, language, "+", &known.gained, |flow| flow.from.as_str());
                flows(&mut page, language, "−", &known.lost, |flow| flow.to.as_str());
            }
            if level.affected.units > 0 {
                let affected = &level.affected;
                let mut line = format!(
                    "  {}{colon} {}, {}",
                    language.pick("changent de territoire", "change territory"),
                    PEOPLE.count(affected.people, language),
                    AREAS.count(u64::from(affected.units), language),
                );
                if let Some(addresses) = affected.addresses {
                    let _ = write!(line, ", {}", ADDRESSES.count(addresses, language));
                    if let Some(share) = affected.addresses_known_share.filter(|&share| share < 1.0) {
                        let words = language.pick("connues pour", "known for");
                        let _ = write!(line, " ({words} {})", language.percent(share));
                    }
                }
                if let Some(again) = affected.people_moved_before {
                    let words = language.pick("dont déjà déplacées auparavant", "of whom moved before");
                    let _ = write!(line, ", {words}{colon} {}", language.whole(again));
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
                side.as_ref().map_or_else(
                    || "—".to_owned(),
                    |known| {
                        let drivers: Vec<&str> = known.drivers.iter().map(|driver| driver.words(language)).collect();
                        let why = if drivers.is_empty() { String::new() } else { format!(" ({})", drivers.join(", ")) };
                        format!("{}{why}", known.grade.words().pick(language))
                    },
                )
            });
            let Some(named) = known.after.as_ref().or(known.before.as_ref()) else { continue };
            let _ = writeln!(page, "  {} {}{colon} {} → {}", named.code, named.name, sides[0], sides[1]);
            let figures = [&known.before, &known.after].map(|side| side.as_ref().map(|side| figures(side, language)));
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
        if self
            .criteria
            .iter()
            .flat_map(|known| known.before.iter().chain(&known.after))
            .any(|known| known.of("distance").next().is_some())
        {
            let _ = writeln!(page, "  {}", self.distances_from.words().pick(language));
        }
        if (self.criteria.iter())
            .flat_map(|known| known.before.iter().chain(&known.after))
            .any(|known| known.of("distance").next().is_some() || known.of("travel_time").next().is_some())
        {
            let _ = writeln!(page, "  {}", self.travel_words().pick(language));
        }
    }

    fn other_years_text(&self, page: &mut String, language: Language) {
        let colon = language.colon();
        if !self.other_years.is_empty() {
            let _ = writeln!(page, "\n{}", language.pick("Autres années", "Other years"));
        }
        for known in &self.other_years {
            let told = |people: Option<u64>, in_range: Option<bool>| {
                people.map_or_else(
                    || "—".to_owned(),
                    |people| {
                        let out = language.pick(" (hors fourchette)", " (out of range)");
                        format!("{}{}", language.whole(people), if in_range == Some(false) { out } else { "" })
                    },
                )
            };
            let [was, is] = [told(known.before, known.in_range_before), told(known.after, known.in_range_after)];
            let _ = writeln!(page, "  {} {} {}{colon} {was} → {is}", known.year, known.code, known.name);
        }
        for words in self.other_years.iter().filter_map(ClscInYear::passes_range) {
            let _ = writeln!(page, "  {}", words.pick(language));
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
