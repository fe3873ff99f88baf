//! Operations on an edition, as a planner writes them.

use serde::{Deserialize, Serialize};

use crate::domain::{Level, Straddle, TerritoryCode, UnitId};

/// Units that go to one CLSC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The CLSC that receives them.
    pub to: TerritoryCode,
    /// The units, wherever they were.
    pub units: Vec<UnitId>,
}

/// An upper territory named as a parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OperationParent)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Its code.
    pub code: TerritoryCode,
    /// Its name, needed only where the code is new.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
}

/// All that stands above a CLSC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OperationParents)]
#[serde(deny_unknown_fields)]
pub struct Parents {
    /// Its *réseau local de services*.
    pub rls: Parent,
    /// Its *réseau territorial de services*.
    pub rts: Parent,
    /// Its *région sociosanitaire*.
    pub rss: Parent,
    /// Its *réseau universitaire intégré de santé et de services sociaux*.
    pub ruisss: Parent,
}

impl Parents {
    /// The four, in the order of [`Level::UPPER`].
    #[must_use]
    pub fn in_order(&self) -> [&Parent; 4] {
        [&self.rls, &self.rts, &self.rss, &self.ruisss]
    }
}

/// A CLSC that did not exist before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClsc {
    /// Its code, five digits that no CLSC has.
    pub code: TerritoryCode,
    /// Its name.
    pub name: String,
    /// Its units.
    pub units: Vec<UnitId>,
    /// What stands above it; left out, what stands above the CLSC its units come from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parents: Option<Parents>,
}

/// The people published for a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedPeople {
    /// Level of the territory.
    pub level: Level,
    /// Its code.
    pub code: TerritoryCode,
    /// The people; none, where nothing is published any more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub people: Option<u64>,
}

/// One step of a revision. Every step leaves each unit in exactly one CLSC, or is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// Units go to other CLSC that exist.
    MoveUnits {
        /// Who goes where; a unit stands once.
        transfers: Vec<Transfer>,
    },
    /// Units of one CLSC become new ones; what is not named stays.
    Split {
        /// The CLSC.
        clsc: TerritoryCode,
        /// The new ones, made of units of it.
        parts: Vec<NewClsc>,
    },
    /// CLSC go whole into another, which keeps its code and name.
    Merge {
        /// The one that stays.
        into: TerritoryCode,
        /// Those that are abolished.
        from: Vec<TerritoryCode>,
    },
    /// A CLSC is made of units of any others.
    Create {
        /// The new one.
        clsc: NewClsc,
    },
    /// A CLSC is abolished, and each of its units given a home.
    Close {
        /// The CLSC.
        clsc: TerritoryCode,
        /// Where its units go: all of them.
        homes: Vec<Transfer>,
    },
    /// A territory changes its name.
    Rename {
        /// Its level.
        level: Level,
        /// Its code.
        code: TerritoryCode,
        /// The new name.
        name: String,
    },
    /// A territory changes its code.
    Recode {
        /// Its level.
        level: Level,
        /// Its code until now.
        code: TerritoryCode,
        /// Its code from now on.
        new_code: TerritoryCode,
    },
    /// A CLSC goes to another RLS, and to that one's RTS and RSS. Its RUISSS is an attribute of its own and stays.
    MoveClscToRls {
        /// The CLSC.
        clsc: TerritoryCode,
        /// The RLS.
        rls: TerritoryCode,
    },
    /// An RLS goes to another RTS, and to that one's RSS. RUISSS stay.
    MoveRlsToRts {
        /// The RLS.
        rls: TerritoryCode,
        /// The RTS.
        rts: TerritoryCode,
    },
    /// An RTS goes to another RSS.
    MoveRtsToRss {
        /// The RTS.
        rts: TerritoryCode,
        /// The RSS.
        rss: TerritoryCode,
    },
    /// A CLSC goes to another RUISSS.
    MoveClscToRuisss {
        /// The CLSC.
        clsc: TerritoryCode,
        /// The RUISSS.
        ruisss: TerritoryCode,
    },
    /// States all that stands above a CLSC, new upper territories included.
    SetParents {
        /// The CLSC.
        clsc: TerritoryCode,
        /// What stands above it from now on.
        parents: Parents,
    },
    /// States published people and shared units anew: what an inverse needs to give back what a change made void.
    Restate {
        /// Published people.
        #[serde(default)]
        published: Vec<PublishedPeople>,
        /// Shared units; one without shares is shared no more.
        #[serde(default)]
        straddles: Vec<Straddle>,
    },
}

impl Operation {
    /// The word of the operation in files.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Operation::MoveUnits { .. } => "move_units",
            Operation::Split { .. } => "split",
            Operation::Merge { .. } => "merge",
            Operation::Create { .. } => "create",
            Operation::Close { .. } => "close",
            Operation::Rename { .. } => "rename",
            Operation::Recode { .. } => "recode",
            Operation::MoveClscToRls { .. } => "move_clsc_to_rls",
            Operation::MoveRlsToRts { .. } => "move_rls_to_rts",
            Operation::MoveRtsToRss { .. } => "move_rts_to_rss",
            Operation::MoveClscToRuisss { .. } => "move_clsc_to_ruisss",
            Operation::SetParents { .. } => "set_parents",
            Operation::Restate { .. } => "restate",
        }
    }
}
