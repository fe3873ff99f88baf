//! The words of answers for people, in both languages.

use std::io::Write;

use crate::domain::{Finding, Language, Level, Words};
use crate::resolve::Placement;

/// One or the other.
pub fn say(lang: Language, french: &'static str, english: &'static str) -> &'static str {
    lang.pick(french, english)
}

/// One text of the two.
pub fn of(lang: Language, words: &Words) -> &str {
    lang.pick(&words.french, &words.english)
}

/// The sentence of a finding; in English where an atlas of before has no other.
pub fn finding_words(finding: &Finding, lang: Language) -> &str {
    if lang == Language::French && !finding.message_fr.is_empty() { &finding.message_fr } else { &finding.message }
}

/// Where talk goes, line by line, in the language that was asked for.
pub struct Talk<'a> {
    lang: Language,
    to: &'a mut dyn Write,
}

impl<'a> Talk<'a> {
    /// Talk to a stream, such as standard error.
    pub fn new(lang: Language, to: &'a mut dyn Write) -> Self {
        Self { lang, to }
    }

    /// Says one line; nobody is told where nobody listens.
    pub fn say(&mut self, words: &Words) {
        writeln!(self.to, "{}", of(self.lang, words)).ok();
    }

    /// Says what was mended on the way.
    pub fn mended(&mut self, findings: &[Finding]) {
        for finding in findings {
            let (word, sentence) = (say(self.lang, "réparé :", "mended:"), finding_words(finding, self.lang));
            writeln!(self.to, "{word} {sentence}").ok();
        }
    }
}

/// A level spelled out.
pub fn level(lang: Language, level: Level) -> &'static str {
    match level {
        Level::Da => say(lang, "Aire de diffusion", "Dissemination area"),
        Level::Clsc => "CLSC",
        Level::Rls => "RLS",
        Level::Rts => "RTS",
        Level::Rss => "RSS",
        Level::Ruisss => "RUISSS",
    }
}

/// A placement spelled out.
pub fn placement(lang: Language, placement: Placement) -> &'static str {
    match placement {
        Placement::Inside => say(lang, "dans le territoire", "inside the territory"),
        Placement::Nearest => {
            say(lang, "hors des limites, territoire le plus proche", "off the limits, nearest territory")
        }
        Placement::Spread => say(lang, "plusieurs endroits possibles", "several places possible"),
        Placement::NotFound => say(lang, "introuvable", "not found"),
        Placement::Outside => say(lang, "hors du Québec couvert", "outside the area covered"),
    }
}

/// Metres as people write them: to the metre below a kilometre (two digits below ten metres), then in kilometres.
pub fn metres(lang: Language, metres: f64) -> String {
    let text = if metres < 10.0 {
        format!("{metres:.2} m")
    } else if metres < 1000.0 {
        format!("{metres:.0} m")
    } else {
        format!("{:.2} km", metres / 1000.0)
    };
    match lang {
        Language::French => text.replace('.', ","),
        Language::English => text,
    }
}
