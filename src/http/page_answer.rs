//! The answer on the page: the CLSC and all above it, or every CLSC it could be, with its share; doubt is told first.

use std::fmt::Write as _;

use super::Language;
use super::page::escape;
use crate::address::{Outcome, Words};
use crate::geometry::surroundings::Beyond;
use crate::resolve::{FoundPlace, MatchReport, Named, Placement, PostalGround, PostalReport, PostalStatus, Resolution};

/// Dissemination areas and CLSC shown before the rest is only counted.
const SHOWN: usize = 12;

/// Appends an answer.
pub(super) fn write(html: &mut String, resolution: &Resolution<'_>, language: Language) {
    Answer { language, html }.all(resolution);
}

struct Answer<'h> {
    language: Language,
    html: &'h mut String,
}

impl Answer<'_> {
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        self.language.pick(french, english)
    }

    fn word(&self, Words(french, english): Words) -> &'static str {
        self.language.pick(french, english)
    }

    fn row(&mut self, name: &str, value: &str) {
        writeln!(self.html, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>").ok();
    }

    /// A row whose value is a list of escaped lines.
    fn list(&mut self, name: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        self.row(name, &format!("<ul><li>{}</li></ul>", lines.join("</li><li>")));
    }

    fn all(&mut self, resolution: &Resolution<'_>) {
        writeln!(self.html, "<h2>{}</h2>", self.say("Réponse", "Answer")).ok();
        self.doubt(resolution);
        self.html.push_str("<table>\n");
        if let Some(report) = &resolution.matched {
            self.matched(report);
        }
        if let Some(report) = &resolution.postal_code {
            self.postal(report);
        }
        self.territories(resolution);
        self.position(resolution);
        let edition = resolution.edition;
        let official = if edition.official {
            self.say("officielle", "official")
        } else {
            self.say("non officielle", "not official")
        };
        let text = format!("{} ({}, {official})", escape(&edition.label), escape(&edition.id));
        self.row(self.say("Édition", "Edition"), &text);
        self.html.push_str("</table>\n");
    }

    /// What must be known before the answer is used, in a sentence.
    fn doubt(&mut self, resolution: &Resolution<'_>) {
        let several = resolution
            .territories
            .as_ref()
            .map_or(0, Vec::len)
            .max(resolution.certainty.as_ref().map_or(0, |certainty| certainty.clsc.len()));
        let text = match &resolution.matched {
            Some(report) if report.outcome != Outcome::Matched => Some(self.outcome(report)),
            _ if several > 1 => Some(format!(
                "{} {several}.",
                self.say("Plusieurs CLSC sont possibles :", "Several CLSC are possible:")
            )),
            Some(report) if !report.auto_accepted => {
                Some(self.say("À vérifier par une personne.", "To be checked by a person.").to_owned())
            }
            _ => None,
        };
        if let Some(text) = text {
            writeln!(self.html, "<p class=\"doubt\" role=\"status\">{text}</p>").ok();
        }
    }

    fn outcome(&self, report: &MatchReport<'_>) -> String {
        match report.outcome {
            Outcome::Matched => String::new(),
            Outcome::Ambiguous => format!(
                "{} {}",
                report.tied,
                self.say(
                    "lieux répondent aussi bien ; aucun n’a été choisi.",
                    "places answer as well; none was chosen."
                )
            ),
            Outcome::NoMatch => self
                .say("Cette adresse est introuvable dans le registre.", "This address is not in the registry.")
                .to_owned(),
            Outcome::OtherProvince(province) => {
                format!("{} {}.", self.say("Hors du Québec :", "Outside Québec:"), self.word(province.words()))
            }
            Outcome::OtherCountry => self.say("Hors du Canada.", "Outside Canada.").to_owned(),
            Outcome::MailOnly => self
                .say("C’est une adresse postale, pas un lieu.", "This is a mailing address, not a place.")
                .to_owned(),
            Outcome::Empty => self.say("Il n’y a rien à lire.", "There is nothing to read.").to_owned(),
            Outcome::Unreadable => {
                self.say("Ce texte est trop long pour une adresse.", "This text is too long for an address.").to_owned()
            }
        }
    }

    fn matched(&mut self, report: &MatchReport<'_>) {
        if let (Some(label), Some(kind)) = (&report.result_label, report.result_type) {
            self.row(self.say("Adresse", "Address"), &escape(label));
            let around =
                report.uncertainty_m.map_or_else(String::new, |radius| format!(", ± {} m", self.metres(radius)));
            let value = format!(
                "{}{around}, {} {}",
                self.word(kind.words()),
                self.say("cote", "score"),
                self.number(f64::from(report.result_score), 3)
            );
            self.row(self.say("Correspondance", "Match"), &value);
        }
        let faults: Vec<&str> = report.faults.iter().map(|fault| self.word(fault.words())).collect();
        if !faults.is_empty() {
            self.row(self.say("Écarts", "Differences"), &faults.join(self.say(" ; ", "; ")));
        }
        let remarks: Vec<&str> =
            report.remarks.iter().filter_map(|remark| remark.words()).map(|words| self.word(words)).collect();
        if !remarks.is_empty() {
            self.row(self.say("Remarques", "Remarks"), &remarks.join(self.say(" ; ", "; ")));
        }
        let head = if report.outcome == Outcome::Ambiguous {
            self.say("Lieux possibles", "Possible places")
        } else {
            self.say("Autres lieux", "Other places")
        };
        let lines: Vec<String> = report.alternatives.iter().map(|place| self.alternative(place)).collect();
        self.list(head, &lines);
    }

    fn alternative(&self, place: &FoundPlace<'_>) -> String {
        let clsc: Vec<String> = place.clsc.iter().map(named).collect();
        let score = self.number(f64::from(place.result_score), 3);
        let then = self.say(" ;", ";");
        format!("{} <small>({score}{then} CLSC {})</small>", escape(&place.result_label), clsc.join(", "))
    }

    fn postal(&mut self, report: &PostalReport<'_>) {
        let ground = match report.ground {
            PostalGround::Code => String::new(),
            PostalGround::Fsa => {
                format!(" — {} {}", self.say("code inconnu, étendue de", "unknown code, spread of"), report.code.fsa())
            }
            PostalGround::Unknown => self.say(" — inconnu", " — unknown").to_owned(),
            PostalGround::OtherProvince => format!(" — {}", self.word(report.province.words())),
        };
        let rural = if report.rural { " (rural)" } else { "" };
        self.row(self.say("Code postal", "Postal code"), &format!("{}{rural}{ground}", report.code));
        let status = match report.status {
            PostalStatus::Single => self.say("un seul CLSC", "one CLSC"),
            PostalStatus::Split => self.say("partagé entre plusieurs CLSC", "split between several CLSC"),
            PostalStatus::None => return,
        };
        let spread = report.spread_m.map_or_else(String::new, |spread| {
            format!(", {} {} m", self.say("étendue", "spread"), self.metres(spread))
        });
        let addresses = self.say("adresses", "addresses");
        self.row(self.say("Répartition", "Share"), &format!("{status}, {} {addresses}{spread}", report.addresses));
        let mut lines: Vec<String> = report
            .dissemination_areas
            .iter()
            .take(SHOWN)
            .map(|area| {
                format!(
                    "{} {} <small>(CLSC {})</small>",
                    self.percent(area.share),
                    escape(area.code),
                    escape(area.clsc.code)
                )
            })
            .collect();
        let more = report.dissemination_areas.len().saturating_sub(SHOWN);
        if more > 0 {
            lines.push(format!("{} {more}", self.say("et d’autres :", "and others:")));
        }
        self.list(self.say("Aires de diffusion", "Dissemination areas"), &lines);
    }

    fn territories(&mut self, resolution: &Resolution<'_>) {
        if let Some(lineage) = &resolution.lineage {
            let levels = [
                ("CLSC", lineage.clsc),
                ("RLS", lineage.rls),
                ("RTS", lineage.rts),
                ("RSS", lineage.rss),
                ("RUISSS", lineage.ruisss),
            ];
            for (level, at) in levels {
                self.row(level, &named(&at));
            }
        }
        if let Some(territories) = resolution.territories.as_deref().filter(|list| list.len() > 1) {
            let mut lines: Vec<String> = territories
                .iter()
                .take(SHOWN)
                .map(|share| format!("{} {}", self.percent(share.share), named(&share.lineage.clsc)))
                .collect();
            let more = territories.len().saturating_sub(SHOWN);
            if more > 0 {
                lines.push(format!("{} {more}", self.say("et d’autres :", "and others:")));
            }
            self.list(self.say("CLSC possibles", "Possible CLSC"), &lines);
        }
    }

    fn position(&mut self, resolution: &Resolution<'_>) {
        let place = match resolution.placement {
            Placement::Inside => Some(self.say("dans le territoire", "inside the territory")),
            Placement::Nearest if resolution.beyond.is_some_and(Beyond::is_land) => Some(self.say(
                "hors du Québec, de l’autre côté de la limite du territoire le plus proche",
                "outside Québec, across the limit of the nearest territory",
            )),
            Placement::Nearest => {
                Some(self.say("hors des limites, territoire le plus proche", "outside the limits, nearest territory"))
            }
            Placement::Outside => Some(self.say("hors de tout territoire", "outside every territory")),
            Placement::Spread | Placement::NotFound => None,
        };
        if let Some(place) = place {
            self.row(self.say("Situation", "Placement"), place);
        }
        if let Some(area) = resolution.dissemination_area {
            self.row(self.say("Aire de diffusion", "Dissemination area"), &escape(area));
        }
        if let Some(border) = resolution.border_m {
            let beyond = resolution.runner_up.map_or(String::new(), |beyond| {
                format!(", {} {}", self.say("au-delà :", "beyond it:"), named(&beyond))
            });
            self.row(self.say("Limite la plus proche", "Nearest limit"), &format!("{} m{beyond}", self.metres(border)));
        }
        if let Some(distance) = resolution.distance_m {
            let text = format!("{} m", self.metres(distance));
            self.row(self.say("Distance au territoire", "Distance to the territory"), &text);
        }
        // Several places have no radius that means anything to a person; their shares are told above.
        if let Some(certainty) = resolution.certainty.as_ref().filter(|_| resolution.placement != Placement::Spread) {
            let word = if certainty.stable { self.say("sûre", "sure") } else { self.say("incertaine", "not certain") };
            let name = format!("{} {} m", self.say("Réponse à", "Answer within"), self.metres(certainty.uncertainty_m));
            let shared = resolution.territories.as_ref().is_some_and(|list| list.len() > 1);
            let all: Vec<String> = certainty.clsc.iter().take(SHOWN).map(named).collect();
            let list = if certainty.stable || shared {
                String::new()
            } else {
                format!("{} {}", self.say(" :", ":"), all.join(self.say(" ; ", "; ")))
            };
            self.row(&name, &format!("{word}{list}"));
        }
    }

    fn number(&self, value: f64, digits: usize) -> String {
        let text = format!("{value:.digits$}");
        self.language.pick(text.replace('.', ","), text)
    }

    /// Metres: a decimal below a hundred, none above.
    fn metres(&self, metres: f64) -> String {
        self.number(metres, usize::from(metres < 100.0))
    }

    fn percent(&self, share: f64) -> String {
        // What is there is never shown as nothing.
        if share > 0.0 && share < 0.001 {
            return self.say("&lt; 0,1 %", "&lt; 0.1%").to_owned();
        }
        let text = self.number(share * 100.0, 1);
        self.language.pick(format!("{text}\u{a0}%"), format!("{text}%"))
    }
}

fn named(at: &Named<'_>) -> String {
    format!("{} — {}", escape(at.code), escape(at.name))
}
