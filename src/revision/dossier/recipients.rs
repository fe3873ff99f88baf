//! Who must be told. Whatever changes, somebody is: a name, a code or a parent as well as a limit.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::{ChangeClass, Edition, Level, Term, TerritoryCode};
use crate::revision::impact::{Impact, TerritoryImpact};
use crate::revision::{ClscCriteria, Cut};

/// Somebody who must be told, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ToTell {
    /// Who.
    pub who: Recipient,
    /// Code of the territory or installation concerned.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Who must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// People who live there, by the notice.
    Population,
    /// The établissement (CISSS or CIUSSS) of an RTS.
    Institution,
    /// The public health department of a region.
    PublicHealth,
    /// A RUISSS.
    UniversityNetwork,
    /// An installation that changes CLSC.
    Installation,
    /// A municipality of which the part inside a CLSC changes.
    Municipality,
    /// Those who keep series of counts by territory.
    Statisticians,
    /// Those who keep registers of territory codes (intake, billing, 811).
    Registers,
}

impl Recipient {
    /// What they are called.
    #[must_use]
    pub const fn words(self) -> Term {
        match self {
            Self::Population => Term::new("Population du territoire", "People of the territory"),
            Self::Institution => {
                Term::new("Établissement (CISSS ou CIUSSS) du RTS", "Institution (CISSS or CIUSSS) of the RTS")
            }
            Self::PublicHealth => {
                Term::new("Direction de santé publique de la région", "Public health department of the region")
            }
            Self::UniversityNetwork => Term::new("Réseau universitaire", "University network"),
            Self::Installation => {
                Term::new("Installation qui change de territoire", "Installation that changes territory")
            }
            Self::Municipality => Term::new("Municipalité", "Municipality"),
            Self::Statisticians => {
                Term::new("Responsables des séries statistiques par territoire", "Keepers of series by territory")
            }
            Self::Registers => Term::new(
                "Responsables des registres qui portent les codes et les noms des territoires (accueil, facturation, \
                 Info-Santé 811)",
                "Keepers of registers that bear the codes and names of territories (intake, billing, Info-Santé 811)",
            ),
        }
    }
}

/// Everybody who must be told.
pub(super) fn who_to_tell(impact: &Impact, base: &Edition, revised: &Edition) -> Vec<ToTell> {
    let mut list = Vec::new();
    let title = |territory: &TerritoryImpact| {
        let standing = territory.after.as_ref().or(territory.before.as_ref());
        standing.map_or((String::new(), String::new()), |known| (known.code.to_string(), known.name.clone()))
    };
    let mut tell = |who: Recipient, (code, name): (String, String)| list.push(ToTell { who, code, name });
    let changed = |level: Level| impact.level(level).territories.iter();
    // Those who live where the CLSC changes limits, name, code or parents; and where what stands above is called otherwise.
    for territory in changed(Level::Clsc) {
        tell(Recipient::Population, title(territory));
    }
    for level in [Level::Rts, Level::Rss] {
        for territory in changed(level).filter(|territory| territory.class == ChangeClass::Renamed) {
            tell(Recipient::Population, title(territory));
        }
    }
    let above = |level: Level, of: &[Level]| -> BTreeMap<TerritoryCode, String> {
        let mut found = BTreeMap::new();
        for (edition, after) in [(base, false), (revised, true)] {
            let hierarchy = &edition.hierarchy;
            for &lower in of {
                let codes: BTreeSet<&TerritoryCode> = changed(lower)
                    .filter_map(|known| if after { known.after.as_ref() } else { known.before.as_ref() })
                    .map(|standing| &standing.code)
                    .collect();
                for clsc in 0..hierarchy.clsc_count() {
                    let own = &hierarchy.territories(lower)[hierarchy.parent(clsc, lower)];
                    if codes.contains(&own.code) {
                        let known = &hierarchy.territories(level)[hierarchy.parent(clsc, level)];
                        found.insert(known.code.clone(), known.name.clone());
                    }
                }
            }
        }
        found
    };
    let lower = [Level::Clsc, Level::Rls, Level::Rts];
    let mut institutions = above(Level::Rts, &lower);
    // A region or a network that is called otherwise is so for every institution in it.
    let renamed = |territory: &&TerritoryImpact| {
        matches!(territory.class, ChangeClass::Renamed | ChangeClass::Recoded | ChangeClass::ParentChanged)
    };
    for level in [Level::Rss, Level::Ruisss] {
        for territory in changed(level).filter(renamed) {
            let Some(standing) = &territory.after else { continue };
            let hierarchy = &revised.hierarchy;
            for clsc in 0..hierarchy.clsc_count() {
                if hierarchy.territories(level)[hierarchy.parent(clsc, level)].code == standing.code {
                    let known = &hierarchy.territories(Level::Rts)[hierarchy.parent(clsc, Level::Rts)];
                    institutions.insert(known.code.clone(), known.name.clone());
                }
            }
        }
    }
    let regions = above(Level::Rss, &[Level::Clsc, Level::Rls, Level::Rts, Level::Rss]);
    for (who, known) in [(Recipient::Institution, institutions), (Recipient::PublicHealth, regions)] {
        for (code, name) in known {
            tell(who, (code.to_string(), name));
        }
    }
    for territory in changed(Level::Ruisss) {
        tell(Recipient::UniversityNetwork, title(territory));
    }
    for territory in changed(Level::Clsc) {
        for known in &territory.installations_gained {
            let (to, into) = title(territory);
            tell(Recipient::Installation, (known.code.clone(), format!("{} → {to} {into}", known.name)));
        }
    }
    for (code, name) in municipalities(impact) {
        tell(Recipient::Municipality, (code, name));
    }
    let nobody = || (String::new(), String::new());
    let any = Level::TERRITORIAL.into_iter().any(|level| changed(level).next().is_some());
    let codes = Level::TERRITORIAL
        .into_iter()
        .flat_map(changed)
        .any(|known| known.before.as_ref().map(|side| &side.code) != known.after.as_ref().map(|side| &side.code));
    if !impact.broken_series.is_empty() || codes {
        tell(Recipient::Statisticians, nobody());
    }
    if any {
        tell(Recipient::Registers, nobody());
    }
    list
}

/// Municipalities of which the part inside a CLSC is another one than before.
fn municipalities(impact: &Impact) -> BTreeSet<(String, String)> {
    let cuts = |side: &Option<ClscCriteria>| -> Vec<Cut> {
        side.as_ref().and_then(|known| known.cuts("municipalities")).unwrap_or_default().to_vec()
    };
    (impact.criteria.iter())
        .map(|known| (cuts(&known.before), cuts(&known.after)))
        .filter(|(before, after)| before != after)
        .flat_map(|(before, after)| before.into_iter().chain(after))
        .map(|cut| (cut.code, cut.name))
        .collect()
}
