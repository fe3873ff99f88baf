//! What was found, said to people: its sort, in French and English.

use super::cells::SeriesFindingKind as Kind;

impl Kind {
    /// The sort for people, in French.
    #[must_use]
    pub const fn french(self) -> &'static str {
        match self {
            Kind::TotalRow => "total parmi ses parties, mis de côté",
            Kind::OtherLevel => "code d’un autre niveau",
            Kind::BadCode => "code d’aucun niveau",
            Kind::LostZero => "zéro initial perdu, remis",
            Kind::DuplicateCell => "même cellule donnée deux fois",
            Kind::NegativeCount => "effectif négatif",
            Kind::Suppressed => "valeur masquée ou manquante, conservée",
            Kind::BadValue => "texte au lieu d’un nombre, conservé",
            Kind::AmbiguousNumber => "nombre qui peut se lire de deux façons",
            Kind::NoEdition => "période sans édition en vigueur",
            Kind::BadPeriod => "période illisible",
            Kind::UnknownCode => "code absent de l’édition de la période",
            Kind::MissingCode => "code de l’édition sans valeur",
            Kind::IgnoredColumn => "colonne non lue",
            Kind::InferredMeasure => "nature des valeurs déduite",
            Kind::Encoding => "encodage inattendu",
            Kind::UnitsDoNotAddUp => "les unités ne donnent pas la valeur publiée",
            Kind::LevelsDoNotAddUp => "les parties ne donnent pas la valeur du niveau supérieur",
        }
    }

    /// The sort for people, in English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Kind::TotalRow => "total among its parts, set aside",
            Kind::OtherLevel => "code of another level",
            Kind::BadCode => "code of no level",
            Kind::LostZero => "leading zero lost, put back",
            Kind::DuplicateCell => "the same cell twice",
            Kind::NegativeCount => "negative count",
            Kind::Suppressed => "value withheld or missing, kept",
            Kind::BadValue => "text instead of a number, kept",
            Kind::AmbiguousNumber => "number that reads in two ways",
            Kind::NoEdition => "period with no edition in force",
            Kind::BadPeriod => "period that can not be read",
            Kind::UnknownCode => "code that the period's edition does not hold",
            Kind::MissingCode => "code of the edition without a value",
            Kind::IgnoredColumn => "column not read",
            Kind::InferredMeasure => "kind of values inferred",
            Kind::Encoding => "unexpected encoding",
            Kind::UnitsDoNotAddUp => "units do not add up to the published value",
            Kind::LevelsDoNotAddUp => "parts do not add up to the value of the level above",
        }
    }
}
