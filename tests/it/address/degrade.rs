//! What people do to addresses: a seeded degrader.

/// A small generator (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// An address in the pieces a register has.
#[derive(Debug, Clone)]
pub struct Pieces {
    /// Number and street, as the register writes them.
    pub line: String,
    pub municipality: String,
    pub postal: String,
}

impl Pieces {
    pub fn text(&self) -> String {
        let mut text = self.line.clone();
        if !self.municipality.is_empty() {
            text.push_str(", ");
            text.push_str(&self.municipality);
        }
        if !self.postal.is_empty() {
            text.push(' ');
            text.push_str(&self.postal);
        }
        text
    }
}

/// The ways, by name.
pub const WAYS: [&str; 16] = [
    "abbreviated",
    "typo",
    "two_typos",
    "phonetic",
    "no_postal_code",
    "no_type",
    "english",
    "old_municipality",
    "unit_in_front",
    "unit_behind",
    "no_accents_upper_case",
    "order_changed",
    "direction_abbreviated",
    "no_hyphens",
    "saint_abbreviated",
    "typo_in_municipality",
];

const TYPES: [(&str, &[&str], &str); 9] = [
    ("boulevard", &["boul.", "blvd", "bd", "boul"], "Blvd"),
    ("avenue", &["av.", "ave", "av"], "Avenue"),
    ("chemin", &["ch.", "ch", "chem."], "Road"),
    ("rue", &["r.", "rue"], "Street"),
    ("place", &["pl.", "pl"], "Place"),
    ("route", &["rte", "Rte."], "Route"),
    ("rang", &["rg", "rg."], "Range"),
    ("montée", &["mtée", "montee"], "Montée"),
    ("terrasse", &["terr.", "tsse"], "Terrace"),
];

fn strip(c: char) -> char {
    match c {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'À' | 'Â' => 'A',
        'É' | 'È' | 'Ê' => 'E',
        'Î' => 'I',
        'Ô' => 'O',
        'Ç' => 'C',
        c => c,
    }
}

/// Where the type stands among words, with its table row.
fn type_at(words: &[String]) -> Option<(usize, usize)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let row = TYPES.iter().position(|(full, short, _)| {
            *full == plain || short.iter().any(|short| short.trim_end_matches('.').to_lowercase() == plain)
        })?;
        Some((at, row))
    })
}

fn words_of(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// One slip in the longest word that has no digit: a letter doubled, dropped, swapped or struck wrong.
fn slip(line: &str, chance: &mut Chance) -> Option<String> {
    let mut words = words_of(line);
    let kind = type_at(&words).map(|(at, _)| at);
    let at = (0..words.len())
        .filter(|&at| Some(at) != kind && !words[at].chars().any(|c| c.is_ascii_digit()))
        .max_by_key(|&at| (words[at].chars().count(), at))?;
    let mut letters: Vec<char> = words[at].chars().collect();
    if letters.len() < 5 {
        return None;
    }
    let place = 1 + chance.below(letters.len() - 2);
    match chance.below(4) {
        0 => letters.insert(place, letters[place]),
        1 => {
            letters.remove(place);
        }
        2 => letters.swap(place, place - 1),
        _ => letters[place] = (b'a' + chance.below(26) as u8) as char,
    }
    words[at] = letters.into_iter().collect();
    let out = words.join(" ");
    (out != line).then_some(out)
}

fn parts_of(municipality: &str) -> &'static [&'static str] {
    match municipality {
        "Montréal" => &["Verdun", "Saint-Laurent", "Anjou", "LaSalle", "Montréal-Nord", "Outremont"],
        "Québec" => &["Sainte-Foy", "Beauport", "Charlesbourg"],
        "Trois-Rivières" => &["Cap-de-la-Madeleine", "Trois-Rivières-Ouest", "Pointe-du-Lac"],
        "Gatineau" => &["Hull", "Aylmer"],
        "Saguenay" => &["Chicoutimi", "Jonquière"],
        "Shawinigan" => &["Grand-Mère", "Shawinigan-Sud"],
        "Longueuil" => &["Saint-Hubert", "Greenfield Park"],
        "Lévis" => &["Charny", "Saint-Romuald"],
        "Sherbrooke" => &["Fleurimont", "Rock Forest", "Lennoxville"],
        "Laval" => &["Chomedey", "Vimont", "Sainte-Rose"],
        _ => &[],
    }
}

/// Degrades an address in one way; `None` where that way does not apply.
#[allow(clippy::too_many_lines)]
pub fn degrade(clean: &Pieces, way: &str, chance: &mut Chance) -> Option<String> {
    let mut now = clean.clone();
    let mut words = words_of(&clean.line);
    let kind = type_at(&words);
    match way {
        "abbreviated" => {
            let (at, row) = kind?;
            TYPES[row].1[chance.below(TYPES[row].1.len())].clone_into(&mut words[at]);
            now.line = words.join(" ");
        }
        "typo" => now.line = slip(&clean.line, chance)?,
        "two_typos" => now.line = slip(&slip(&clean.line, chance)?, chance)?,
        "phonetic" => {
            let pairs = [
                ("eau", "o"),
                ("ph", "f"),
                ("ault", "o"),
                ("tt", "t"),
                ("ss", "s"),
                ("y", "i"),
                ("ll", "l"),
                ("qu", "k"),
                ("ai", "è"),
            ];
            let lower = &clean.line;
            let (from, to) = pairs.iter().find(|(from, _)| lower.contains(from))?;
            now.line = lower.replacen(from, to, 1);
        }
        "no_postal_code" if !clean.postal.is_empty() => now.postal = String::new(),
        "no_type" => {
            let (at, _) = kind?;
            if words.iter().any(|word| word.ends_with('e') && word.starts_with(|c: char| c.is_ascii_digit())) {
                return None;
            }
            words.remove(at);
            now.line = words.join(" ");
        }
        "english" => {
            let (at, row) = kind?;
            words.remove(at);
            let direction = words.last().and_then(|last| match last.as_str() {
                "Est" => Some("East"),
                "Ouest" => Some("West"),
                "Nord" => Some("North"),
                "Sud" => Some("South"),
                _ => None,
            });
            if let Some(direction) = direction {
                words.pop();
                words.push(TYPES[row].2.to_owned());
                words.push(direction.to_owned());
            } else {
                words.push(TYPES[row].2.to_owned());
            }
            now.line = words.join(" ");
        }
        "old_municipality" => {
            let parts = parts_of(&clean.municipality);
            if parts.is_empty() {
                return None;
            }
            parts[chance.below(parts.len())].clone_into(&mut now.municipality);
        }
        "unit_in_front" => {
            let first = words.first()?;
            if first.contains('-') || !first.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            now.line = format!("{}-{}", 1 + chance.below(40), clean.line);
        }
        "unit_behind" => {
            let word = ["app.", "apt", "#", "bureau", "unité"][chance.below(5)];
            now.line = format!("{}, {word} {}", clean.line, 1 + chance.below(400));
        }
        "no_accents_upper_case" => {
            return Some(clean.text().chars().map(strip).flat_map(char::to_uppercase).collect());
        }
        "order_changed" => {
            let (number, street) = clean.line.split_once([',', ' '])?;
            if !number.chars().all(|c| c.is_ascii_digit()) || number.is_empty() {
                return None;
            }
            let street = street.trim_start_matches([',', ' ']);
            return Some(match chance.below(3) {
                0 => format!("{}, {number} {street} {}", clean.municipality, clean.postal),
                1 => format!("{street} {number}, {} {}", clean.municipality, clean.postal),
                _ => format!("{} {}, {number} {street}", clean.postal, clean.municipality),
            });
        }
        "direction_abbreviated" => {
            let last = words.last_mut()?;
            let short = match last.as_str() {
                "Est" => "E",
                "Ouest" => ["O", "O.", "W"][chance.below(3)],
                "Nord" => "N",
                "Sud" => "S.",
                _ => return None,
            };
            short.clone_into(last);
            now.line = words.join(" ");
        }
        "no_hyphens" if clean.text().contains('-') && !words.first()?.contains('-') => {
            now.line = clean.line.replace('-', " ");
            now.municipality = clean.municipality.replace('-', " ");
        }
        "saint_abbreviated" if clean.text().contains("Saint") => {
            let short = |text: &str| text.replace("Sainte", "Ste").replace("Saint", "St");
            now.line = short(&clean.line);
            now.municipality = short(&clean.municipality);
        }
        "typo_in_municipality" => now.municipality = slip(&clean.municipality, chance)?,
        _ => return None,
    }
    Some(now.text())
}
