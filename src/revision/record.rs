//! What is kept of a revision beside its operations: who asked for it and why, what was said, judged and decided.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ConcernKind;
use crate::domain::{Term, errors};

/// How far a revision has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RevisionState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// Handed in.
    Submitted,
    /// Being weighed.
    InAnalysis,
    /// Decided for.
    Accepted,
    /// Decided against.
    Refused,
    /// Taken back by those who asked.
    Withdrawn,
    /// An edition in force from its day on.
    Published,
}

impl State {
    /// Every state, in the order in which a revision may go through them.
    pub const ALL: [State; 7] = [
        State::Draft,
        State::Submitted,
        State::InAnalysis,
        State::Accepted,
        State::Refused,
        State::Withdrawn,
        State::Published,
    ];

    /// Where a revision may go from here: on, back to be corrected (`draft`), or nowhere.
    #[must_use]
    pub const fn next(self) -> &'static [State] {
        match self {
            State::Draft => &[State::Submitted, State::Withdrawn],
            State::Submitted => &[State::InAnalysis, State::Draft, State::Withdrawn],
            State::InAnalysis => &[State::Accepted, State::Refused, State::Draft, State::Withdrawn],
            State::Accepted => &[State::Published, State::Withdrawn],
            State::Refused | State::Withdrawn | State::Published => &[],
        }
    }

    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::InAnalysis => "in_analysis",
            State::Accepted => "accepted",
            State::Refused => "refused",
            State::Withdrawn => "withdrawn",
            State::Published => "published",
        }
    }

    /// What it is called, as said of a revision.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            State::Draft => Term::new("en rédaction", "being written"),
            State::Submitted => Term::new("soumise", "submitted"),
            State::InAnalysis => Term::new("en analyse", "in analysis"),
            State::Accepted => Term::new("acceptée", "accepted"),
            State::Refused => Term::new("refusée", "refused"),
            State::Withdrawn => Term::new("retirée", "withdrawn"),
            State::Published => Term::new("publiée", "published"),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

errors! {
    /// A word that is no state.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("l'état « {word} » n'existe pas : draft, submitted, in_analysis, accepted, refused, withdrawn ou published")]
    #[en("state \"{word}\" is none: expected draft, submitted, in_analysis, accepted, refused, withdrawn or published")]
    pub struct UnknownState {
        /// The word as given.
        pub word: String,
    }
}

impl std::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| UnknownState { word: word.to_owned() })
    }
}

/// An effect that no figure tells and that somebody must judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RevisionAspect)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Laws, decrees, permits and agreements.
    Legal,
    /// Codes, files, systems and contracts.
    Administrative,
    /// Services, teams and installations.
    Organisational,
    /// Users, personnel and communities.
    Human,
    /// What it costs, once and every year.
    Cost,
    /// The opinion of public health.
    PublicHealth,
}

impl Aspect {
    /// Every aspect, in the order of the file.
    pub const ALL: [Aspect; 6] = [
        Aspect::Legal,
        Aspect::Administrative,
        Aspect::Organisational,
        Aspect::Human,
        Aspect::Cost,
        Aspect::PublicHealth,
    ];

    /// The word in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Administrative => "administrative",
            Self::Organisational => "organisational",
            Self::Human => "human",
            Self::Cost => "cost",
            Self::PublicHealth => "public_health",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Legal => Term::new("Effets juridiques", "Legal effects"),
            Self::Administrative => Term::new("Effets administratifs", "Administrative effects"),
            Self::Organisational => Term::new("Effets organisationnels", "Organisational effects"),
            Self::Human => Term::new("Effets humains", "Human effects"),
            Self::Cost => Term::new("Coûts", "Costs"),
            Self::PublicHealth => Term::new("Avis de santé publique", "Opinion of public health"),
        }
    }

    /// What is to be written there.
    #[must_use]
    pub const fn asks(self) -> Term {
        match self {
            Self::Legal => Term::new(
                "Lois, décrets, permis d’établissement et ententes à modifier.",
                "Laws, orders, permits of institutions and agreements to be changed.",
            ),
            Self::Administrative => Term::new(
                "Codes, dossiers, systèmes d’information, facturation et contrats.",
                "Codes, files, information systems, billing and contracts.",
            ),
            Self::Organisational => Term::new(
                "Services, équipes, installations, médecins et GMF.",
                "Services, teams, installations, physicians and GMF.",
            ),
            Self::Human => Term::new(
                "Usagers suivis, personnel, communautés, langues de service.",
                "Users under care, personnel, communities, languages of service.",
            ),
            Self::Cost => {
                Term::new("Coûts de transition et coûts récurrents.", "Costs of the change and yearly costs.")
            }
            Self::PublicHealth => Term::new(
                "Avis de la direction de santé publique : besoins, accès, inégalités, surveillance.",
                "Opinion of the public health department: needs, access, inequalities, surveillance.",
            ),
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

errors! {
    /// A word that is no aspect.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("la section « {word} » n'existe pas : legal, administrative, organisational, human, cost ou public_health")]
    #[en("section \"{word}\" is none: expected legal, administrative, organisational, human, cost or public_health")]
    pub struct UnknownAspect {
        /// The word as given.
        pub word: String,
    }
}

impl std::str::FromStr for Aspect {
    type Err = UnknownAspect;

    fn from_str(word: &str) -> Result<Self, UnknownAspect> {
        let found = Self::ALL.into_iter().find(|aspect| aspect.as_str() == word);
        found.ok_or_else(|| UnknownAspect { word: word.to_owned() })
    }
}

/// Something said about a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = RevisionComment)]
pub struct Comment {
    /// When (RFC 3339).
    pub at: String,
    /// By whom.
    pub who: String,
    /// What.
    pub text: String,
}

/// What somebody judged of an aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = RevisionJudgement)]
pub struct Judgement {
    /// The aspect.
    pub aspect: Aspect,
    /// What was judged.
    pub text: String,
    /// By whom.
    pub who: String,
    /// When (RFC 3339).
    pub at: String,
}

/// A step of a revision from one state to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DecisionTaken)]
pub struct Decision {
    /// The state it went to.
    pub to: State,
    /// Why, where it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Warnings that were accepted with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepts: Vec<ConcernKind>,
    /// Who decided.
    pub who: String,
    /// When (RFC 3339).
    pub at: String,
}

/// What is kept of a revision beside its operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = RevisionRecord)]
pub struct Record {
    /// Who asked for it.
    pub author: String,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// How far it has come.
    pub state: State,
    /// The version told.
    pub version: u64,
    /// What was said, in order.
    pub comments: Vec<Comment>,
    /// What was judged: the last word on each aspect.
    pub judgements: Vec<Judgement>,
    /// The steps taken, in order.
    pub decisions: Vec<Decision>,
    /// Warnings accepted since it was last a draft.
    pub accepted: Vec<ConcernKind>,
}
