//! The words that headers, totals and withheld values are known by, in French and English.

use crate::domain::Words;
use crate::tables::columns;
use crate::tables::synonyms::{self, Spellings};

/// Lower case without accents, other signs as single underscores.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.trim().chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            letter if letter.is_alphanumeric() => letter,
            _ => '_',
        };
        if plain != '_' || !(folded.is_empty() || folded.ends_with('_')) {
            folded.push(plain);
        }
    }
    folded.trim_matches('_').to_owned()
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Period,
    Level,
    Code,
    Value,
    Rate,
    Median,
    Population,
    Denominator,
    Age,
    Sex,
    Indicator,
    Measure,
    Status,
    Name,
}

/// Headers that are known whole, by the names that every reader of tables shares.
const KNOWN: &[(Role, Spellings)] = &[
    (Role::Period, synonyms::PERIOD),
    (Role::Level, synonyms::LEVEL),
    (Role::Code, synonyms::TERRITORY),
    (Role::Value, synonyms::VALUE),
    (Role::Rate, synonyms::RATE),
    (Role::Median, synonyms::MEDIAN),
    (Role::Population, synonyms::SERIES_PEOPLE),
    (Role::Denominator, synonyms::DENOMINATOR),
    (Role::Age, synonyms::AGE),
    (Role::Sex, synonyms::SEX),
    (Role::Indicator, synonyms::INDICATOR),
    (Role::Measure, synonyms::MEASURE),
    (Role::Status, synonyms::STATUS),
    (Role::Name, synonyms::TERRITORY_NAME),
];

/// First words by which other headers are known: `nombre_de_cas`, `taux_pour_100_000`, `population_totale`.
const STARTING: &[(Role, &[&str])] = &[
    (
        Role::Value,
        &[
            "nombre",
            "nb",
            "nbre",
            "number",
            "count",
            "effectif",
            "cas",
            "cases",
            "deces",
            "deaths",
            "naissances",
            "births",
            "hospitalisations",
        ],
    ),
    (Role::Rate, &["taux", "rate", "proportion", "pourcentage", "percent", "percentage", "moyenne", "mean"]),
    (Role::Median, &["median", "mediane"]),
    (Role::Population, &["population", "pop"]),
    (Role::Denominator, &["denominateur", "denominator"]),
    (Role::Age, &["groupe_d_age", "groupe_age", "age"]),
];

/// The role of a header.
pub(super) fn role(header: &str) -> Option<Role> {
    let (folded, bare) = (fold(header), columns::fold(header));
    let is_known = |names: &Spellings| names.iter().any(|name| columns::fold(name) == bare);
    let whole = KNOWN.iter().find(|(_, names)| is_known(names)).map(|(role, _)| *role);
    let starts = |start: &&str| folded.strip_prefix(*start).is_some_and(|rest| rest.starts_with('_'));
    whole.or_else(|| STARTING.iter().find(|(_, names)| names.iter().any(|name| starts(name))).map(|(role, _)| *role))
}

/// What the reader knows headers by, for people: what it holds, headers known whole, first words of others.
#[must_use]
pub fn known_columns() -> Vec<(Words, &'static [&'static str], &'static [&'static str])> {
    KNOWN
        .iter()
        .map(|&(role, names)| {
            let starting = STARTING.iter().find(|(other, _)| *other == role).map_or(&[][..], |(_, names)| names);
            (role.words(), names, starting)
        })
        .collect()
}

impl Role {
    /// What it is called.
    pub(super) fn words(self) -> Words {
        let (french, english) = match self {
            Role::Period => ("période", "period"),
            Role::Level => ("niveau", "level"),
            Role::Code => ("code", "code"),
            Role::Value => ("valeur", "value"),
            Role::Rate => ("valeur (taux)", "value (rate)"),
            Role::Median => ("valeur (médiane)", "value (median)"),
            Role::Population => ("population", "population"),
            Role::Denominator => ("dénominateur", "denominator"),
            Role::Age => ("groupe d’âge", "age group"),
            Role::Sex => ("sexe", "sex"),
            Role::Indicator => ("indicateur", "indicator"),
            Role::Measure => ("mesure", "measure"),
            Role::Status => ("statut", "status"),
            Role::Name => ("nom", "name"),
        };
        Words::new(french, english)
    }
}

/// What a header says its rates are said of: the number of `taux_pour_100_000`, 100 where it holds a percent sign.
pub(super) fn rate_per(header: &str) -> Option<f64> {
    if header.contains('%') {
        return Some(100.0);
    }
    let folded = fold(header);
    let rest = ["_pour_", "_per_", "_p_"].iter().find_map(|word| folded.split_once(word).map(|(_, rest)| rest))?;
    let digits: String = rest.chars().filter(|sign| *sign != '_').take_while(char::is_ascii_digit).collect();
    digits.parse::<f64>().ok().filter(|per| *per > 0.0)
}

/// Whether a text in the place of a code means all of them together.
pub(super) fn is_total(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "total"
            | "totaux"
            | "ensemble"
            | "tous"
            | "toutes"
            | "all"
            | "quebec"
            | "province"
            | "le_quebec"
            | "ensemble_du_quebec"
            | "total_quebec"
            | "grand_total"
    )
}

/// The measure that a folded text names, as a column of measures or the start of an indicator's name says.
pub(super) fn measure(folded: &str) -> Option<super::Measure> {
    let first = folded.split('_').next().unwrap_or("");
    match first {
        "count" | "nombre" | "n" | "effectif" | "compte" => Some(super::Measure::Count),
        "rate" | "taux" | "proportion" | "pourcentage" | "percent" | "percentage" | "moyenne" | "mean" | "ratio" => {
            Some(super::Measure::Rate)
        }
        _ if folded.split('_').any(|word| {
            matches!(word, "median" | "mediane" | "medians" | "medianes" | "quantile" | "quartile" | "percentile")
        }) =>
        {
            Some(super::Measure::Median)
        }
        _ => None,
    }
}

/// Whether a label of a sex or of an age group means all of them together; an empty one does beside others.
pub(in crate::series) fn means_all(label: &str) -> bool {
    let folded = fold(label);
    matches!(
        folded.as_str(),
        "" | "t"
            | "both"
            | "both_sexes"
            | "deux_sexes"
            | "les_deux_sexes"
            | "sexes_reunis"
            | "h_f"
            | "f_h"
            | "m_f"
            | "f_m"
            | "tous_ages"
            | "tous_les_ages"
            | "all_ages"
            | "tous_ages_confondus"
            | "ages_confondus"
            | "hommes_et_femmes"
            | "femmes_et_hommes"
            | "males_and_females"
    ) || is_total(label)
}
