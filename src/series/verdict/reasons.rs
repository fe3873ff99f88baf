//! What may be said of one value, and of one break.

use serde::Serialize;

use crate::domain::{ChangeClass, Date, Level, Term, TerritoryCode};

/// Whether a value compares with the edition the series is wanted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Same people: the value stands.
    Unaffected,
    /// It can be recast without doubt: whole territories added up, or counts by unit.
    Exact,
    /// It can only be estimated, with an interval.
    Estimated,
    /// It can not be recast; the reason says why.
    Irrecoverable,
}

impl Verdict {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Unaffected, Self::Exact, Self::Estimated, Self::Irrecoverable];
}

/// Why a verdict is what it is, where limits alone do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The limits alone.
    Limits,
    /// The level below, of which the value on the wanted edition is the sum.
    Below,
    /// Counts by unit are given.
    ByUnit,
    /// The value is withheld or missing.
    Withheld,
    /// A value that would have to be added to it is withheld or missing.
    NeighbourWithheld,
    /// A median does not follow from the medians of parts.
    Median,
    /// A rate or a mean without its denominator.
    NoDenominator,
    /// The edition of the period does not hold the code.
    UnknownCode,
    /// No edition is known for the period.
    NoEdition,
    /// Units, not territories: nothing to recast.
    Unit,
}

/// Observation status of SDMX (`CL_OBS_STATUS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
pub enum ObsStatus {
    /// Normal.
    A,
    /// Break: the first value on other limits; outranks all others.
    B,
    /// Definition differs: the value is on other limits than those wanted.
    D,
    /// Estimated.
    E,
    /// Missing value, withheld.
    Q,
    /// Low reliability: estimated, with an interval wider than a third of the value on either side.
    U,
}

/// A territory whose limits differ between the edition its values are coded in and another.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SeriesBreak {
    /// The level.
    pub level: Level,
    /// Code in the edition of the values.
    pub code: TerritoryCode,
    /// Name in it.
    pub name: String,
    /// Edition of the values.
    pub from: String,
    /// Edition compared with.
    pub to: String,
    /// First day of the edition in which the territory first differs.
    pub date: Date,
    /// The cause.
    pub cause: ChangeClass,
    /// People of the territory who left.
    pub people_out: u64,
    /// People who came.
    pub people_in: u64,
    /// People who left, part of those before.
    pub share_out: f64,
    /// People who came, part of those after.
    pub share_in: f64,
    /// Where the territory's people are in the other edition, largest part first.
    pub successors: Vec<TerritoryCode>,
}

impl Reason {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Limits => Term::new("limites", "limits"),
            Self::Below => Term::new("somme du niveau inférieur", "sum of the level below"),
            Self::ByUnit => Term::new("effectifs par aire de diffusion", "counts by dissemination area"),
            Self::Withheld => Term::new("valeur masquée ou manquante", "value withheld or missing"),
            Self::NeighbourWithheld => Term::new(
                "une valeur à additionner est masquée ou manquante",
                "a value to be added is withheld or missing",
            ),
            Self::Median => Term::new(
                "une médiane ne se déduit pas de celles de ses parties",
                "a median does not follow from those of its parts",
            ),
            Self::NoDenominator => Term::new("taux sans dénominateur", "rate without denominator"),
            Self::UnknownCode => {
                Term::new("code inconnu de l’édition de la période", "code unknown in the period's edition")
            }
            Self::NoEdition => Term::new("aucune édition pour la période", "no edition for the period"),
            Self::Unit => Term::new("une aire : rien à recalculer", "a unit: nothing to recast"),
        }
    }
}

impl Verdict {
    /// The verdict's word in JSON and CSV.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Unaffected => "unaffected",
            Verdict::Exact => "exact",
            Verdict::Estimated => "estimated",
            Verdict::Irrecoverable => "irrecoverable",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Unaffected => Term::new("non touchée", "unaffected"),
            Self::Exact => Term::new("exacte", "exact"),
            Self::Estimated => Term::new("estimée", "estimated"),
            Self::Irrecoverable => Term::new("irrécupérable", "irrecoverable"),
        }
    }
}
