//! The levels of the health network, from the dissemination area up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Term, errors};

/// A level of the network, finest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Dissemination area (*aire de diffusion*), Statistics Canada; or whatever finest unit the atlas holds.
    Da,
    /// Territory of a CLSC (*centre local de services communautaires*).
    Clsc,
    /// *Réseau local de services*.
    Rls,
    /// *Réseau territorial de services*: the territory of an établissement (CISSS or CIUSSS).
    Rts,
    /// *Région sociosanitaire*.
    Rss,
    /// *Réseau universitaire intégré de santé et de services sociaux*.
    Ruisss,
}

errors! {
    /// A word that names no level.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[fr("le niveau « {word} » est inconnu : da, clsc, rls, rts, rss ou ruisss")]
    #[en("unknown level \"{word}\": expected one of da, clsc, rls, rts, rss, ruisss")]
    pub struct UnknownLevel {
        /// The word as given.
        pub word: String,
    }
}

impl Level {
    /// Every level, finest first.
    pub const ALL: [Level; 6] = [Level::Da, Level::Clsc, Level::Rls, Level::Rts, Level::Rss, Level::Ruisss];
    /// The CLSC and the four levels that are made of whole CLSC.
    pub const TERRITORIAL: [Level; 5] = [Level::Clsc, Level::Rls, Level::Rts, Level::Rss, Level::Ruisss];
    /// The four levels that are a function of the CLSC.
    pub const UPPER: [Level; 4] = [Level::Rls, Level::Rts, Level::Rss, Level::Ruisss];

    /// The level's word in JSON, CSV, flags and paths.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Da => "da",
            Level::Clsc => "clsc",
            Level::Rls => "rls",
            Level::Rts => "rts",
            Level::Rss => "rss",
            Level::Ruisss => "ruisss",
        }
    }

    /// The level's acronym as people write it.
    #[must_use]
    pub const fn acronym(self) -> &'static str {
        match self {
            Level::Da => "DA",
            Level::Clsc => "CLSC",
            Level::Rls => "RLS",
            Level::Rts => "RTS",
            Level::Rss => "RSS",
            Level::Ruisss => "RUISSS",
        }
    }

    /// What a person calls it beside a name or a code: its acronym, or the dissemination area in full.
    #[must_use]
    pub const fn short(self) -> Term {
        match self {
            Level::Da => Term::new("Aire de diffusion", "Dissemination area"),
            _ => Term::same(self.acronym()),
        }
    }

    /// Territories of this level, spelled out.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Level::Da => Term::new("aires de diffusion (AD)", "dissemination areas (DA)"),
            Level::Clsc => Term::new("territoires de CLSC", "CLSC territories"),
            Level::Rls => Term::new("réseaux locaux de services (RLS)", "local service networks (RLS)"),
            Level::Rts => Term::new("réseaux territoriaux de services (RTS)", "territorial service networks (RTS)"),
            Level::Rss => Term::new("régions sociosanitaires (RSS)", "health regions (RSS)"),
            Level::Ruisss => Term::new("réseaux universitaires (RUISSS)", "university health networks (RUISSS)"),
        }
    }

    /// How many digits a code of this level has, for the levels whose codes the ministry numbers.
    #[must_use]
    pub const fn code_length(self) -> Option<usize> {
        match self {
            Level::Da => None,
            Level::Clsc => Some(5),
            Level::Rls => Some(4),
            Level::Rts => Some(3),
            Level::Rss => Some(2),
            Level::Ruisss => Some(1),
        }
    }

    /// Place of a territorial level in [`Level::TERRITORIAL`]; `None` for the dissemination area.
    #[must_use]
    pub const fn territorial_index(self) -> Option<usize> {
        match self {
            Level::Da => None,
            Level::Clsc => Some(0),
            Level::Rls => Some(1),
            Level::Rts => Some(2),
            Level::Rss => Some(3),
            Level::Ruisss => Some(4),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(word: &str) -> Result<Self, UnknownLevel> {
        let lower = word.trim().to_lowercase();
        Level::ALL
            .into_iter()
            .find(|level| level.as_str() == lower)
            .or(match lower.as_str() {
                "ad" => Some(Level::Da),
                "ruis" => Some(Level::Ruisss),
                _ => None,
            })
            .ok_or_else(|| UnknownLevel { word: word.to_owned() })
    }
}
