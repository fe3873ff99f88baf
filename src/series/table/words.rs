//! The words that headers, totals and withheld values are known by, in French and English.

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
    Name,
}

/// The role of a folded header.
pub(super) fn role(folded: &str) -> Option<Role> {
    Some(match folded {
        "period" | "periode" | "annee" | "annees" | "year" | "an" | "time_period" | "date" => Role::Period,
        "level" | "niveau" | "palier" | "geo_level" | "niveau_geographique" => Role::Level,
        "code" | "territory" | "territoire" | "code_territoire" | "territory_code" | "geo" | "geo_id" | "ref_area"
        | "unit" | "unite" | "clsc" | "clsc_code" | "code_clsc" | "rls" | "rls_code" | "code_rls" | "rts"
        | "rts_code" | "code_rts" | "rss" | "rss_code" | "code_rss" | "ruisss" | "ruis_code" | "ruisss_code"
        | "dauid" | "adidu" | "da" | "ad" => Role::Code,
        "value" | "valeur" | "obs_value" | "nombre" | "n" | "count" | "cas" | "cases" | "numerator" | "numerateur"
        | "effectif" | "total_count" => Role::Value,
        "rate" | "taux" | "proportion" | "pourcentage" | "percent" | "moyenne" | "mean" => Role::Rate,
        "median" | "mediane" => Role::Median,
        "population" | "pop" => Role::Population,
        "denominator" | "denominateur" | "denom" => Role::Denominator,
        "age" | "age_group" | "groupe_age" | "groupe_d_age" | "groupe_dage" => Role::Age,
        "sex" | "sexe" | "gender" | "genre" => Role::Sex,
        "indicator" | "indicateur" | "indic" | "serie" | "series" => Role::Indicator,
        "measure" | "mesure" | "type_mesure" => Role::Measure,
        "name" | "nom" | "label" | "libelle" => Role::Name,
        _ => return None,
    })
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

/// Whether a text in the place of a number stands for a value that is withheld or missing.
pub(super) fn is_withheld(text: &str) -> bool {
    let trimmed = text.trim();
    let symbol = matches!(trimmed, "" | ".." | "..." | "." | "-" | "–" | "—" | "*" | "**" | "…");
    let bounded = trimmed
        .strip_prefix(['<', '≤', '>', '≥'])
        .is_some_and(|rest| rest.trim_start_matches('=').trim().parse::<f64>().is_ok());
    symbol
        || bounded
        || matches!(
            fold(trimmed).as_str(),
            "x" | "f" | "s" | "c" | "na" | "n_a" | "nd" | "n_d" | "nsp" | "s_o" | "so" | "null" | "nan" | "conf"
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
