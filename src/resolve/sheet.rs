//! An answer in words: the lines that the page and the terminal show, the same in both.

use super::answer::{Named, Placement, Resolution};
use super::found::{FoundPlace, MatchReport, PostalGround, PostalReport, PostalStatus};
use super::place::Basis;
use crate::address::Outcome;
use crate::domain::{DatedEdition, Language, Level, Term, both};
use crate::geometry::surroundings::Beyond;
use crate::pages::ADDRESSES;

/// Dissemination areas, places and CLSC shown before the rest is only counted.
const SHOWN: usize = 12;

/// An answer, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerSheet {
    /// What must be known before the answer is used, in a sentence.
    pub doubt: Option<String>,
    /// The rest.
    pub lines: Vec<AnswerLine>,
}

/// A line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerLine {
    /// What it is about.
    pub name: &'static str,
    /// One value, or several under one another.
    pub values: Vec<String>,
}

impl Placement {
    /// What it means for people.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Inside => Term::new("dans le territoire", "inside the territory"),
            Self::Nearest => {
                Term::new("hors des limites, territoire le plus proche", "off the limits, nearest territory")
            }
            Self::Spread => Term::new("plusieurs endroits possibles", "several places possible"),
            Self::NotFound => Term::new("introuvable", "not found"),
            Self::Outside => Term::new("hors de tout territoire couvert", "outside every territory covered"),
        }
    }
}

impl Beyond {
    /// Where one is there, for people; `None` in the water.
    #[must_use]
    pub const fn words(self) -> Option<Term> {
        match self {
            Self::Ontario => Some(Term::new("en Ontario", "in Ontario")),
            Self::NewBrunswick => Some(Term::new("au Nouveau-Brunswick", "in New Brunswick")),
            Self::NewfoundlandAndLabrador => Some(Term::new("au Labrador", "in Labrador")),
            Self::UnitedStates => Some(Term::new("aux États-Unis", "in the United States")),
            Self::Water => None,
        }
    }
}

impl Basis {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Residence => Term::new("lieu de résidence", "place of residence"),
            Self::UsualPlace => Term::new("lieu habituel de séjour", "usual place"),
            Self::ServicePoint => Term::new("point de service", "point of service"),
        }
    }
}

impl PostalStatus {
    /// What it means for people; `None` where there is nothing to say.
    #[must_use]
    pub const fn words(self) -> Option<Term> {
        match self {
            Self::Single => Some(Term::new("un seul CLSC", "one CLSC")),
            Self::Split => Some(Term::new("partagé entre plusieurs CLSC", "split between several CLSC")),
            Self::None => None,
        }
    }
}

impl Resolution<'_> {
    /// The answer in words.
    #[must_use]
    pub fn sheet(&self, language: Language) -> AnswerSheet {
        let mut writer = Writer { language, lines: Vec::new() };
        if let Some(report) = &self.matched {
            writer.matched(report);
        }
        if let Some(report) = &self.postal_code {
            writer.postal_code(report);
        }
        if let Some(installation) = self.installation {
            writer.line(Term::same("Installation"), format!("{} {}", installation.code, installation.name));
        }
        if let Some(basis) = self.basis {
            writer.line(Term::new("Motif", "Basis"), basis.words().pick(language).to_owned());
        }
        writer.territories(self);
        writer.position(self);
        let DatedEdition { header, validity } = self.edition;
        let official = if header.official {
            Term::new("limites officielles", "official limits")
        } else {
            Term::new("non officielle", "not official")
        };
        let edition = format!("{} — {} ({})", header.id, header.label, official.pick(language));
        writer.line(Term::new("Édition", "Edition"), edition);
        let days = match validity.valid_until {
            _ if validity.not_yet_in_force => {
                both!("PAS ENCORE : au plus tôt le {}", "NOT YET: from {} at the earliest", header.valid_from)
            }
            Some(last) => both!("du {} au {}", "from {} to {}", header.valid_from, last),
            None => both!("depuis le {}", "since {}", header.valid_from),
        };
        writer.line(Term::new("En vigueur", "In force"), language.pick(days.french, days.english).into_string());
        AnswerSheet { doubt: writer.doubt(self), lines: writer.lines }
    }
}

struct Writer {
    language: Language,
    lines: Vec<AnswerLine>,
}

impl Writer {
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        self.language.pick(french, english)
    }

    fn line(&mut self, name: Term, value: String) {
        self.list(name, vec![value]);
    }

    fn list(&mut self, name: Term, values: Vec<String>) {
        if !values.is_empty() {
            self.lines.push(AnswerLine { name: name.pick(self.language), values });
        }
    }

    fn doubt(&self, resolution: &Resolution<'_>) -> Option<String> {
        let shares = resolution.territories.as_ref().map_or(0, Vec::len);
        let near = resolution.certainty.as_ref().map_or(0, |certainty| certainty.clsc.len());
        let several = shares.max(near);
        if let Some(there) = resolution.beyond.and_then(Beyond::words) {
            return Some(format!(
                "{} {}{} {}.",
                self.say("Ce lieu est hors du Québec,", "This place is outside Québec,"),
                there.pick(self.language),
                self.language.semicolon(),
                self.say("le territoire le plus proche est donné", "the nearest territory is given")
            ));
        }
        match &resolution.matched {
            Some(report) if report.outcome != Outcome::Matched => Some(self.outcome(report)),
            _ if several > 1 => Some(format!(
                "{}{} {}.",
                self.say("Plusieurs CLSC sont possibles", "Several CLSC are possible"),
                self.language.colon(),
                self.language.whole(several as u64)
            )),
            Some(report) if !report.auto_accepted => {
                Some(self.say("À vérifier par une personne.", "To be checked by a person.").to_owned())
            }
            _ => None,
        }
    }

    fn outcome(&self, report: &MatchReport<'_>) -> String {
        let fixed = match report.outcome {
            Outcome::Ambiguous => {
                let rest = self.say(
                    "lieux répondent aussi bien ; aucun n’a été choisi.",
                    "places answer as well; none was chosen.",
                );
                return format!("{} {rest}", report.tied);
            }
            Outcome::OtherProvince(province) => {
                let outside = self.say("Hors du Québec", "Outside Québec");
                return format!("{outside}{} {}.", self.language.colon(), province.words().pick(self.language));
            }
            Outcome::Matched => Term::same(""),
            Outcome::NoMatch => {
                Term::new("Cette adresse est introuvable dans le registre.", "This address is not in the registry.")
            }
            Outcome::OtherCountry => Term::new("Hors du Canada.", "Outside Canada."),
            Outcome::MailOnly => {
                Term::new("C’est une adresse postale, pas un lieu.", "This is a mailing address, not a place.")
            }
            Outcome::Empty => Term::new("Il n’y a rien à lire.", "There is nothing to read."),
            Outcome::Unreadable => {
                Term::new("Ce texte est trop long pour une adresse.", "This text is too long for an address.")
            }
        };
        fixed.pick(self.language).to_owned()
    }

    fn matched(&mut self, report: &MatchReport<'_>) {
        let language = self.language;
        if let (Some(label), Some(kind)) = (&report.result_label, report.result_type) {
            self.line(Term::new("Adresse", "Address"), label.clone());
            let around =
                report.uncertainty_m.map_or_else(String::new, |radius| format!(", ±\u{a0}{}", language.metres(radius)));
            let value = format!(
                "{}{around}, {} {}",
                kind.words().pick(language),
                self.say("cote", "score"),
                language.decimal(f64::from(report.result_score), 3)
            );
            self.line(Term::new("Correspondance", "Match"), value);
        }
        let between = format!("{} ", language.semicolon());
        let faults: Vec<&str> = report.faults.iter().map(|fault| fault.words().pick(language)).collect();
        if !faults.is_empty() {
            self.line(Term::new("Écarts", "Differences"), faults.join(&between));
        }
        let remarks: Vec<&str> =
            report.remarks.iter().filter_map(|remark| remark.words()).map(|words| words.pick(language)).collect();
        if !remarks.is_empty() {
            self.line(Term::new("Remarques", "Remarks"), remarks.join(&between));
        }
        let head = if report.outcome == Outcome::Ambiguous {
            Term::new("Lieux possibles", "Possible places")
        } else {
            Term::new("Autres lieux", "Other places")
        };
        let places = report.alternatives.iter().map(|place| self.alternative(place)).collect();
        self.list(head, places);
    }

    fn alternative(&self, place: &FoundPlace<'_>) -> String {
        let clsc: Vec<String> = place.clsc.iter().map(named).collect();
        let score = self.language.decimal(f64::from(place.result_score), 3);
        format!("{} ({score}{} CLSC {})", place.result_label, self.language.semicolon(), clsc.join(", "))
    }

    fn postal_code(&mut self, report: &PostalReport<'_>) {
        let language = self.language;
        let ground = match report.ground {
            PostalGround::Code => String::new(),
            PostalGround::Fsa => {
                format!(" — {} {}", self.say("code inconnu, étendue de", "unknown code, spread of"), report.code.fsa())
            }
            PostalGround::Unknown => self.say(" — inconnu", " — unknown").to_owned(),
            PostalGround::OtherProvince => format!(" — {}", report.province.words().pick(language)),
        };
        let rural = if report.rural { " (rural)" } else { "" };
        self.line(Term::new("Code postal", "Postal code"), format!("{}{rural}{ground}", report.code));
        let Some(status) = report.status.words() else { return };
        let spread = report.spread_m.map_or_else(String::new, |spread| {
            format!(", {} {}", self.say("étendue de", "spread of"), language.metres(spread))
        });
        let value = format!("{}, {}{spread}", status.pick(language), ADDRESSES.count(report.addresses, language));
        self.line(Term::new("Répartition", "Share"), value);
        let areas = &report.dissemination_areas;
        let mut values: Vec<String> = (areas.iter().take(SHOWN))
            .map(|area| format!("{} {} (CLSC {})", language.percent(area.share), area.code, area.clsc.code))
            .collect();
        self.and_more(&mut values, areas.len());
        self.list(Term::new("Aires de diffusion", "Dissemination areas"), values);
    }

    fn and_more(&self, values: &mut Vec<String>, all: usize) {
        if all > SHOWN {
            let more = self.language.whole((all - SHOWN) as u64);
            values.push(format!("{}{} {more}", self.say("et d’autres", "and others"), self.language.colon()));
        }
    }

    fn territories(&mut self, resolution: &Resolution<'_>) {
        if let Some(lineage) = &resolution.lineage {
            let above = [lineage.clsc, lineage.rls, lineage.rts, lineage.rss, lineage.ruisss];
            for (level, at) in Level::TERRITORIAL.into_iter().zip(above) {
                self.line(level.short(), named(&at));
            }
        }
        if let Some(shares) = resolution.territories.as_deref().filter(|list| list.len() > 1) {
            let mut values: Vec<String> = (shares.iter().take(SHOWN))
                .map(|share| format!("{} {}", self.language.percent(share.share), named(&share.lineage.clsc)))
                .collect();
            self.and_more(&mut values, shares.len());
            self.list(Term::new("CLSC possibles", "Possible CLSC"), values);
        }
    }

    fn position(&mut self, resolution: &Resolution<'_>) {
        let language = self.language;
        if let Some(area) = resolution.dissemination_area {
            self.line(Term::new("Aire de diffusion", "Dissemination area"), area.to_owned());
        }
        if let Some(unit) = resolution.unit {
            self.line(Term::new("Unité", "Unit"), unit.to_owned());
        }
        self.line(Term::new("Situation", "Placement"), resolution.placement.words().pick(language).to_owned());
        if let Some(distance) = resolution.distance_m {
            self.line(Term::new("Distance au territoire", "Distance"), language.metres(distance));
        }
        if let Some(border) = resolution.border_m {
            let beyond = resolution.runner_up.map_or_else(
                || self.say("hors du territoire couvert", "outside the area covered").to_owned(),
                |other| named(&other),
            );
            let intro = self.say("au-delà", "beyond");
            let value = format!("{} ({intro}{} {beyond})", language.metres(border), language.colon());
            self.line(Term::new("Limite la plus proche", "Nearest limit"), value);
        }
        // Several places have no radius that means anything to a person; their shares are told above.
        if let Some(certainty) = resolution.certainty.as_ref().filter(|_| resolution.placement != Placement::Spread) {
            let radius = language.metres(certainty.uncertainty_m);
            if certainty.stable {
                let value = format!("{} {radius}", self.say("même CLSC partout à", "same CLSC anywhere within"));
                self.line(Term::new("Certitude", "Certainty"), value);
            } else {
                let intro = format!("{} {radius}{}", self.say("pas sûr à", "not sure within"), language.colon());
                let clsc = certainty.clsc.iter().take(SHOWN).map(named);
                let mut values: Vec<String> = std::iter::once(intro).chain(clsc).collect();
                self.and_more(&mut values, certainty.clsc.len());
                self.list(Term::new("Certitude", "Certainty"), values);
            }
        }
    }
}

fn named(at: &Named<'_>) -> String {
    format!("{} {}", at.code, at.name)
}
