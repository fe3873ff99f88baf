//! Numbers as they stand in names: digits, words (`Vingt-Quatre`), Roman figures (`VII`).
//!
//! Ordinals are digits in every key. A cardinal is kept as it is written, since a name is seldom written in two ways:
//! [`respelled`] gives the other ways when a name is asked for.

use super::vocabulary::ordinal;

/// The value of a number word, and whether it is an ordinal.
fn value(word: &str) -> Option<(u32, bool)> {
    const CARDINALS: [(&str, u32); 28] = [
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("six", 6),
        ("sept", 7),
        ("huit", 8),
        ("neuf", 9),
        ("dix", 10),
        ("onze", 11),
        ("douze", 12),
        ("treize", 13),
        ("quatorze", 14),
        ("quinze", 15),
        ("seize", 16),
        ("vingt", 20),
        ("vingts", 20),
        ("trente", 30),
        ("quarante", 40),
        ("cinquante", 50),
        ("soixante", 60),
        ("cent", 100),
        ("two", 2),
        ("three", 3),
        ("seven", 7),
        ("ten", 10),
        ("twelve", 12),
        ("twenty", 20),
    ];
    const ORDINALS: [(&str, u32); 40] = [
        ("premier", 1),
        ("premiere", 1),
        ("unieme", 1),
        ("deuxieme", 2),
        ("seconde", 2),
        ("troisieme", 3),
        ("quatrieme", 4),
        ("cinquieme", 5),
        ("sixieme", 6),
        ("septieme", 7),
        ("huitieme", 8),
        ("neuvieme", 9),
        ("dixieme", 10),
        ("onzieme", 11),
        ("douzieme", 12),
        ("treizieme", 13),
        ("quatorzieme", 14),
        ("quinzieme", 15),
        ("seizieme", 16),
        ("vingtieme", 20),
        ("trentieme", 30),
        ("quarantieme", 40),
        ("cinquantieme", 50),
        ("soixantieme", 60),
        ("centieme", 100),
        ("first", 1),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
        ("ninth", 9),
        ("tenth", 10),
        ("eleventh", 11),
        ("twelfth", 12),
        ("thirteenth", 13),
        ("fourteenth", 14),
        ("fifteenth", 15),
        ("twentieth", 20),
    ];
    let of = |list: &[(&str, u32)]| list.iter().find(|(known, _)| *known == word).map(|&(_, value)| value);
    of(&CARDINALS).map(|value| (value, false)).or_else(|| of(&ORDINALS).map(|value| (value, true)))
}

/// A number in letters at the beginning of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelled {
    /// Its value, 1 to 199.
    pub value: u32,
    /// Whether it is an ordinal: `vingt-deuxième`.
    pub ordinal: bool,
    /// How many words it takes.
    pub taken: usize,
}

/// Reads a number in letters at the beginning of folded words: the longest one.
pub(super) fn spelled<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<Spelled> {
    let mut words = words.take(7).peekable();
    let (first, ordinal) = value(words.next()?)?;
    let mut found = Spelled { value: first, ordinal, taken: 1 };
    while !found.ordinal {
        let mut ahead = words.clone();
        let Some(mut next) = ahead.next() else { break };
        let mut taken = 1;
        if next == "et" {
            let Some(after) = ahead.next() else { break };
            next = after;
            taken = 2;
        }
        let one = matches!(next, "un" | "une").then_some((1, false));
        let Some((more, ordinal)) = one.or_else(|| value(next)) else { break };
        let sum = match (found.value, more) {
            (4, 20) => 80,
            (10 | 70 | 90, 7..=9) | (20 | 30 | 40 | 50 | 60, 1..=9) | (60 | 80 | 100, 1..=16) | (100, 20..=60) => {
                found.value + more
            }
            _ => break,
        };
        found = Spelled { value: sum, ordinal, taken: found.taken + taken };
        for _ in 0..taken {
            words.next();
        }
    }
    Some(found)
}

/// The French words of a number, 2 to 99.
fn in_words(number: u32) -> Option<Vec<&'static str>> {
    const UNITS: [&str; 17] = [
        "", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
        "quatorze", "quinze", "seize",
    ];
    const TENS: [&str; 7] = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"];
    let mut words = Vec::new();
    let rest = match number {
        2..=19 => number,
        20..=69 => {
            words.push(TENS[(number / 10) as usize]);
            number % 10
        }
        70..=79 => {
            words.push("soixante");
            number - 60
        }
        80..=99 => {
            words.extend(["quatre", "vingt"]);
            number - 80
        }
        _ => return None,
    };
    if matches!((rest, number), (1, 21..=61) | (11, 71)) {
        words.push("et");
    }
    match rest {
        0 => {}
        1..=16 => words.push(UNITS[rest as usize]),
        more => words.extend(["dix", UNITS[(more - 10) as usize]]),
    }
    Some(words)
}

/// The value of Roman figures, 1 to 39.
fn roman(word: &str) -> Option<u32> {
    (1..40).find(|&number| in_roman(number) == word)
}

fn in_roman(number: u32) -> String {
    const PARTS: [(u32, &str); 5] = [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut left = number;
    let mut out = String::new();
    for (value, figures) in PARTS {
        while left >= value {
            out.push_str(figures);
            left -= value;
        }
    }
    out
}

/// The words of a name with its numbers written in other ways: words as digits, digits as words, Roman figures as digits and
/// digits as Roman figures. None where it has no number.
pub(super) fn respelled(words: &[&str]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut push = |at: usize, taken: usize, with: Vec<String>| {
        let mut other: Vec<String> = words[..at].iter().map(|&word| word.to_owned()).collect();
        other.extend(with);
        other.extend(words[at + taken..].iter().map(|&word| word.to_owned()));
        all.push(other);
    };
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        let digits = ordinal(word).unwrap_or(word);
        if digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = digits.parse::<u32>()
        {
            if digits == word
                && let Some(letters) = in_words(number)
            {
                push(at, 1, letters.into_iter().map(str::to_owned).collect());
            }
            if (1..40).contains(&number) {
                push(at, 1, vec![in_roman(number)]);
            }
        } else if let Some(spelled) = spelled(words[at..].iter().copied()).filter(|spelled| !spelled.ordinal) {
            push(at, spelled.taken, vec![spelled.value.to_string()]);
            at += spelled.taken;
            continue;
        } else if let Some(number) = roman(word).filter(|_| word.len() > 1 || words.len() == 1) {
            push(at, 1, vec![number.to_string()]);
        }
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u32, bool, usize)> {
        let found = spelled(text.split(' '))?;
        Some((found.value, found.ordinal, found.taken))
    }

    #[test]
    fn a_number_in_letters_is_read_to_its_end() {
        assert_eq!(read("vingt quatre juin"), Some((24, false, 2)));
        assert_eq!(read("vingt et unieme avenue"), Some((21, true, 3)));
        assert_eq!(read("quatre vingt dix septieme"), Some((97, true, 4)));
        assert_eq!(read("soixante et onzieme rue"), Some((71, true, 3)));
        assert_eq!(read("trois rivieres"), Some((3, false, 1)));
        assert_eq!(read("onzieme"), Some((11, true, 1)));
        assert_eq!(read("douzaine"), None);
    }

    #[test]
    fn what_is_written_in_words_reads_back() {
        for number in 2..=99 {
            let words = in_words(number).unwrap();
            assert_eq!(spelled(words.iter().copied()).unwrap().value, number, "{words:?}");
        }
        for number in 1..40 {
            assert_eq!(roman(&in_roman(number)), Some(number));
        }
    }

    #[test]
    fn a_name_is_written_with_its_number_in_other_ways() {
        let of = |text: &str| -> Vec<String> {
            respelled(&text.split(' ').collect::<Vec<_>>()).into_iter().map(|words| words.join(" ")).collect()
        };
        assert_eq!(of("7 iles"), ["sept iles", "vii iles"]);
        assert_eq!(of("vingt quatre juin"), ["24 juin"]);
        assert_eq!(of("pie ix"), ["pie 9"]);
        assert_eq!(of("vii"), ["7"]);
        assert_eq!(of("7e"), ["vii"]);
        assert_eq!(of("saint denis"), [] as [&str; 0]);
    }
}
