//! The words of answers for people, in both languages.

use std::io::Write;
use std::path::Path;

use super::terminal::shown;
use crate::catalogue::ReadRevision;
use crate::domain::{Finding, Language, Words};
use crate::tables::ColumnsUsed;

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

    /// Says one line. A stream that is closed is no error: the answer does not depend on it.
    pub fn say(&mut self, words: &Words) {
        writeln!(self.to, "{}", shown(of(self.lang, words))).ok();
    }

    /// Says which columns of a table are used, for what, and which are not.
    pub fn columns(&mut self, path: &Path, columns: &ColumnsUsed) {
        let (file, words) = (super::build::file_name(path), columns.words());
        self.say(&Words::new(format!("colonnes de {file} : {}", words.french), format!("columns of {file}: {words}")));
    }

    /// Says of a revision that was read which columns of its table are used, and what was mended.
    pub fn revision(&mut self, read: &ReadRevision) {
        if let Some(columns) = &read.columns {
            self.columns(&read.path, columns);
        }
        self.mended(&read.findings);
    }

    /// Says what was mended on the way.
    pub fn mended(&mut self, findings: &[Finding]) {
        for finding in findings {
            let (word, sentence) = (say(self.lang, "réparé :", "mended:"), shown(finding_words(finding, self.lang)));
            writeln!(self.to, "{word} {sentence}").ok();
        }
    }
}
