//! Folding: from what people type to plain lower-case words, with what stood between them.
//!
//! Accents, case, apostrophes, hyphens and dots never distinguish two addresses here; they only say how words are tied
//! together. Nothing is looked up in this module.

/// What stood before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// White space, a dot, or the beginning.
    Space,
    /// A hyphen or a dash, white space around it or not.
    Hyphen,
    /// An apostrophe.
    Apostrophe,
    /// A slash, as in `1/2`, or a sign that stands for *and*.
    Slash,
    /// A number sign.
    Hash,
    /// A comma, semicolon, parenthesis or line end: another part begins.
    Break,
}

/// A folded word: ASCII lower-case letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The letters and digits.
    pub text: String,
    /// What stood before it.
    pub gap: Gap,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Word {
    /// Whether it is all digits.
    pub fn is_number(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether it begins with a digit.
    pub fn starts_with_digit(&self) -> bool {
        self.text.as_bytes().first().is_some_and(u8::is_ascii_digit)
    }
}

/// Folded text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    /// The words in order.
    pub words: Vec<Word>,
    /// Whether control characters were met, tabs and line ends apart.
    pub control: bool,
}

/// The plain letters of an accented one; `None` for what is no letter of French or English.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'ᵉ' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ū' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ʳ' => "r",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        _ => return None,
    })
}

/// Folds a text into words. Linear in its length.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded { words: Vec::with_capacity(12), control: false };
    let mut gap = Gap::Space;
    let mut open = String::new();
    let mut start = 0;
    let close = |open: &mut String, gap: &mut Gap, words: &mut Vec<Word>, start: usize, end: usize| {
        if !open.is_empty() {
            words.push(Word { text: std::mem::take(open), gap: *gap, start, end });
            *gap = Gap::Space;
        }
    };
    for (at, c) in text.char_indices() {
        if open.is_empty() {
            start = at;
        }
        if c.is_ascii_alphanumeric() {
            open.push(c.to_ascii_lowercase());
            continue;
        }
        if let Some(letters) = plain(c) {
            open.push_str(letters);
            continue;
        }
        if ('\u{300}'..='\u{36f}').contains(&c) || c == '\u{ad}' || c == '\u{200b}' || c == '\u{feff}' {
            continue;
        }
        close(&mut open, &mut gap, &mut folded.words, start, at);
        let this = match c {
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' => Gap::Hyphen,
            '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}' | '\u{2032}' => Gap::Apostrophe,
            '/' | '&' | '+' | '@' => Gap::Slash,
            '#' | '№' => Gap::Hash,
            ',' | ';' | '(' | ')' | '[' | ']' | '\n' | '\r' | '|' => Gap::Break,
            '½' | '¼' | '¾' => {
                let (over, under) = if c == '½' { ("1", "2") } else { (if c == '¼' { "1" } else { "3" }, "4") };
                folded.words.push(Word { text: over.to_owned(), gap: Gap::Space, start: at, end: at + c.len_utf8() });
                folded.words.push(Word { text: under.to_owned(), gap: Gap::Slash, start: at, end: at + c.len_utf8() });
                Gap::Space
            }
            c => {
                folded.control |= c.is_control() && c != '\t';
                Gap::Space
            }
        };
        // A break outranks everything, white space nothing.
        if gap != Gap::Break && this != Gap::Space {
            gap = this;
        }
    }
    close(&mut open, &mut gap, &mut folded.words, start, text.len());
    folded
}

/// The words of a name alone, without what stood between them.
pub(super) fn fold_words(text: &str) -> Vec<Word> {
    fold(text).words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        fold(text).words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn accents_case_and_joins_fold_away() {
        assert_eq!(texts("1200, boul. Saint-Laurent"), ["1200", "boul", "saint", "laurent"]);
        assert_eq!(texts("L’ÉGLISE d'Oslo"), ["l", "eglise", "d", "oslo"]);
        assert_eq!(texts("E\u{301}glise"), ["eglise"]);
        assert_eq!(texts("Sacré-Cœur"), ["sacre", "coeur"]);
        assert_eq!(texts("12½"), ["12", "1", "2"]);
    }

    #[test]
    fn what_stood_before_a_word_is_kept() {
        let words = fold("4 - 1200 rue A, #3").words;
        let gaps: Vec<Gap> = words.iter().map(|word| word.gap).collect();
        assert_eq!(gaps, [Gap::Space, Gap::Hyphen, Gap::Space, Gap::Space, Gap::Break]);
        assert_eq!(fold("rue A #3").words[2].gap, Gap::Hash);
    }

    #[test]
    fn control_characters_separate_and_are_noticed() {
        let folded = fold("rue\u{0}A\u{7}");
        assert!(folded.control && folded.words.len() == 2);
        assert!(!fold("rue\tA\n").control);
    }
}
