//! What can go wrong in a revision, and why an operation is refused.

use super::WrittenFault;
use crate::domain::{CodeError, French, HierarchyError, Language, Level, TerritoryCode, UnitId, Words, foreign};
use crate::tables::TableError;

/// Why an operation is refused. The edition it was to change is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No territory of that level has that code.
    #[error("unknown {level} code \"{code}\": expected a code of the edition, at this point of the revision")]
    UnknownCode {
        /// The level.
        level: Level,
        /// The code.
        code: TerritoryCode,
    },
    /// The atlas holds no such unit.
    #[error("unknown unit \"{unit}\": expected an identifier of the atlas")]
    UnknownUnit {
        /// The identifier.
        unit: UnitId,
    },
    /// A unit is given two homes, or the same twice.
    #[error("unit \"{unit}\" is moved twice in one operation: name it once")]
    MovedTwice {
        /// The unit.
        unit: UnitId,
    },
    /// A unit is sent where it is.
    #[error("unit \"{unit}\" is already in CLSC \"{clsc}\": leave it out")]
    AlreadyThere {
        /// The unit.
        unit: UnitId,
        /// The CLSC.
        clsc: TerritoryCode,
    },
    /// A unit of a closed CLSC has no home.
    #[error("unit \"{unit}\" of CLSC \"{clsc}\" would be left without a CLSC ({count} units in all): give each a home")]
    LeftWithoutClsc {
        /// The first such unit.
        unit: UnitId,
        /// The CLSC that is closed.
        clsc: TerritoryCode,
        /// How many units are left.
        count: usize,
    },
    /// A unit is not in the CLSC it is said to come from.
    #[error("unit \"{unit}\" is in CLSC \"{found}\", not in \"{expected}\"")]
    NotInClsc {
        /// The unit.
        unit: UnitId,
        /// Where it is.
        found: TerritoryCode,
        /// Where it was said to be.
        expected: TerritoryCode,
    },
    /// A CLSC would have no unit.
    #[error("CLSC \"{clsc}\" would be empty: close it or merge it instead")]
    EmptyTerritory {
        /// The CLSC.
        clsc: TerritoryCode,
    },
    /// A code is taken.
    #[error("{level} code \"{code}\" is already used by \"{name}\": choose another")]
    CodeUsed {
        /// The level.
        level: Level,
        /// The code.
        code: TerritoryCode,
        /// The name of the territory that has it.
        name: String,
    },
    /// A new code is not written as codes of its level are.
    #[error("the new code can not be used")]
    BadCode(#[from] CodeError),
    /// A territory without a name.
    #[error("{level} \"{code}\" needs a name")]
    MissingName {
        /// The level.
        level: Level,
        /// The code.
        code: TerritoryCode,
    },
    /// What stands above is not stated and can not be told from the units.
    #[error(
        "what stands above CLSC \"{clsc}\" is not stated, and its units come from CLSC with different parents: add `parents`"
    )]
    MissingParents {
        /// The CLSC.
        clsc: TerritoryCode,
    },
    /// A parent is itself split between several, so that what stands above it is not known.
    #[error("{level} \"{code}\" lies in several {upper}: state the parents of each CLSC with `set_parents`")]
    AmbiguousParent {
        /// The level of the parent.
        level: Level,
        /// Its code.
        code: TerritoryCode,
        /// The level at which it is split.
        upper: Level,
    },
    /// The operation changes nothing.
    #[error("the operation changes nothing: remove it")]
    NoEffect,
    /// A CLSC is merged into itself or named twice.
    #[error("CLSC \"{clsc}\" stands twice in the operation")]
    RepeatedClsc {
        /// The CLSC.
        clsc: TerritoryCode,
    },
    /// The level has no territories that could be named or coded.
    #[error("a {level} can not be renamed or recoded: expected clsc, rls, rts, rss or ruisss")]
    NotTerritorial {
        /// The level.
        level: Level,
    },
    /// Shares of a unit whose first one is not where the unit is.
    #[error("the shares of unit \"{unit}\" must be two or more, known CLSC, and start with \"{clsc}\", where it is")]
    BadStraddle {
        /// The unit.
        unit: UnitId,
        /// Its CLSC.
        clsc: TerritoryCode,
    },
    /// The territories do not make a hierarchy.
    #[error("the territories that would result are no hierarchy")]
    Hierarchy(#[from] HierarchyError),
}

/// What can go wrong in this folder.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// An operation is refused.
    #[error("operation {number} ({word}) is refused")]
    Refused {
        /// Its number, from 1.
        number: usize,
        /// Its word.
        word: &'static str,
        /// Why.
        #[source]
        reason: Refusal,
    },
    /// The revision is written for another edition.
    #[error("the revision \"{revision}\" is based on edition \"{expected}\", not on \"{found}\"")]
    OtherBase {
        /// The revision.
        revision: String,
        /// The edition it names.
        expected: String,
        /// The edition given.
        found: String,
    },
    /// The index of units is not that of the edition.
    #[error("the edition attaches {edition} units, but {units} identifiers are given")]
    OtherUnits {
        /// Units of the edition.
        edition: usize,
        /// Identifiers.
        units: usize,
    },
    /// A revision that is not written as its form asks.
    #[error("{}", told(.0, Language::English))]
    Written(Vec<WrittenFault>),
    /// A text is no revision.
    #[error("the file is no list of operations")]
    Toml(#[from] toml::de::Error),
    /// A revision that can not be written as text.
    #[error("the revision can not be written as TOML")]
    TomlWrite(#[from] toml::ser::Error),
    /// A table can not be read or written.
    #[error("the assignment table can not be read or written")]
    Csv(#[from] csv::Error),
    /// What should be an assignment table is none.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A column is missing.
    #[error("the assignment table has no {what} column: expected {expected}, found {found}")]
    MissingColumn {
        /// Which one.
        what: Words,
        /// Names that would do.
        expected: Words,
        /// The header, for people.
        found: String,
    },
    /// A row of an assignment table is refused.
    #[error("line {line} of the assignment table is refused")]
    Row {
        /// Line, from 1 with the header.
        line: u64,
        /// Why.
        #[source]
        reason: Refusal,
    },
    /// A whole table that leaves units out.
    #[error("{count} units have no row, \"{unit}\" the first: a whole table names every unit")]
    Unassigned {
        /// The first one.
        unit: UnitId,
        /// How many.
        count: usize,
    },
    /// A log whose chain does not hold.
    #[error("entry {number} of the history does not follow from the one before: the log was altered or cut")]
    BrokenChain {
        /// Its number.
        number: u64,
    },
    /// A log that gives another state than it says.
    #[error("entry {number} of the history gives another state than the one it recorded")]
    OtherState {
        /// Its number.
        number: u64,
    },
    /// An entry that does not exist, or can not be cancelled.
    #[error("the history has no entry {number} to go to or to cancel")]
    NoEntry {
        /// The number asked for.
        number: u64,
    },
    /// A line of a log that can not be read.
    #[error("line {line} of the history can not be read")]
    Log {
        /// Line, from 1.
        line: usize,
        /// What the reader says.
        #[source]
        cause: serde_json::Error,
    },
    /// Something that is not UTF-8, or a disk that does not answer.
    #[error("the bytes can not be read or written")]
    Io(#[from] std::io::Error),
}

impl French for Refusal {
    fn french(&self) -> String {
        match self {
            Self::UnknownCode { level, code } => {
                format!("aucun {level} n'a le code « {code} » à ce point de la révision")
            }
            Self::UnknownUnit { unit } => format!("l'aire « {unit} » est inconnue de l'atlas"),
            Self::MovedTwice { unit } => {
                format!("l'aire « {unit} » est déplacée deux fois dans la même opération : nommez-la une fois")
            }
            Self::AlreadyThere { unit, clsc } => {
                format!("l'aire « {unit} » est déjà dans le CLSC « {clsc} » : retirez-la")
            }
            Self::LeftWithoutClsc { unit, clsc, count } => {
                format!(
                    "l'aire « {unit} » du CLSC « {clsc} » resterait sans CLSC ({count} en tout) : donnez-en un à chacune"
                )
            }
            Self::NotInClsc { unit, found, expected } => {
                format!("l'aire « {unit} » est dans le CLSC « {found} », non dans « {expected} »")
            }
            Self::EmptyTerritory { clsc } => {
                format!("le CLSC « {clsc} » serait vide : fermez-le ou fusionnez-le plutôt")
            }
            Self::CodeUsed { level, code, name } => {
                format!("le code {level} « {code} » est déjà celui de « {name} » : choisissez-en un autre")
            }
            Self::BadCode(cause) => format!("le nouveau code est inutilisable : {}", cause.french()),
            Self::MissingName { level, code } => format!("le {level} « {code} » n'a pas de nom : donnez-en un"),
            Self::MissingParents { clsc } => format!(
                "ce qui est au-dessus du CLSC « {clsc} » n'est pas dit, et ses aires viennent de CLSC aux parents différents : \
                 ajoutez `parents`"
            ),
            Self::AmbiguousParent { level, code, upper } => format!(
                "le {level} « {code} » est partagé entre plusieurs {upper} : donnez les parents de chaque CLSC avec \
                 `set_parents`"
            ),
            Self::NoEffect => "l'opération ne change rien : retirez-la".to_owned(),
            Self::RepeatedClsc { clsc } => format!("le CLSC « {clsc} » figure deux fois dans l'opération"),
            Self::NotTerritorial { level } => {
                format!("un {level} ne se renomme ni ne se recode : clsc, rls, rts, rss ou ruisss")
            }
            Self::BadStraddle { unit, clsc } => format!(
                "les parts de l'aire « {unit} » doivent être deux ou plus, de CLSC connus, et commencer par « {clsc} », où elle est"
            ),
            Self::Hierarchy(cause) => {
                format!("les territoires ne formeraient pas une hiérarchie : {}", cause.french())
            }
        }
    }
}

/// Every fault, a line each where there are several.
fn told(faults: &[WrittenFault], language: Language) -> String {
    if let [only] = faults {
        return only.words(language);
    }
    let count = faults.len();
    let head = language.pick(format!("{count} fautes"), format!("{count} faults"));
    let mut text = head;
    for fault in faults {
        text.push_str("\n  ");
        text.push_str(&fault.words(language));
    }
    text
}

impl French for RevisionError {
    fn french(&self) -> String {
        match self {
            Self::Refused { number, word, reason } => {
                format!("l'opération {number} ({word}) est refusée : {}", reason.french())
            }
            Self::OtherBase { revision, expected, found } => {
                format!("la révision « {revision} » part de l'édition « {expected} », non de « {found} »")
            }
            Self::OtherUnits { edition, units } => {
                format!("l'édition rattache {edition} aires, mais {units} identifiants sont donnés")
            }
            Self::Written(faults) => told(faults, Language::French),
            Self::Toml(cause) => format!("le fichier n'est pas une liste d'opérations : {}", foreign(cause)),
            Self::TomlWrite(cause) => format!("la révision ne peut pas s'écrire en TOML : {}", foreign(cause)),
            Self::Csv(cause) => {
                format!("la table de rattachement ne peut pas être lue ou écrite : {}", foreign(cause))
            }
            Self::Table(error) => error.french(),
            Self::MissingColumn { what, expected, found } => format!(
                "la table de rattachement n'a pas de colonne {} : {} est attendu, il y a {found}",
                what.french, expected.french
            ),
            Self::Row { line, reason } => {
                format!("la ligne {line} de la table de rattachement est refusée : {}", reason.french())
            }
            Self::Unassigned { unit, count } => {
                format!("{count} aires n'ont pas de ligne, dont « {unit} » : une table entière nomme toutes les aires")
            }
            Self::BrokenChain { number } => {
                format!(
                    "l'inscription {number} de l'historique ne suit pas de la précédente : il a été altéré ou coupé"
                )
            }
            Self::OtherState { number } => {
                format!("l'inscription {number} de l'historique mène à un autre état que celui qui a été consigné")
            }
            Self::NoEntry { number } => {
                format!("l'historique n'a pas d'inscription {number} où aller, ou à annuler")
            }
            Self::Log { line, cause } => {
                format!("la ligne {line} de l'historique ne peut pas être lue : {}", foreign(cause))
            }
            Self::Io(cause) => format!("les octets ne peuvent pas être lus ou écrits : {}", foreign(cause)),
        }
    }
}
