//! What people read, in French first.

use super::{Measure, Recipient};
use crate::domain::Language;
use crate::revision::{Grade, Operation, PointBasis};

impl Language {
    /// The French word that goes with a count: 0 and 1 are singular. English has one word for both.
    pub(in crate::revision) fn agree(
        self,
        count: usize,
        one: &'static str,
        many: &'static str,
        english: &'static str,
    ) -> &'static str {
        self.pick(if count < 2 { one } else { many }, english)
    }

    pub(super) fn grade(self, grade: Grade) -> &'static str {
        match grade {
            Grade::Good => self.pick("bon", "good"),
            Grade::Fair => self.pick("acceptable", "fair"),
            Grade::Weak => self.pick("faible", "weak"),
            Grade::Poor => self.pick("à examiner", "to be examined"),
        }
    }

    /// From where distances are measured, as a sentence.
    pub(super) fn points(self, basis: PointBasis) -> &'static str {
        match basis {
            PointBasis::Inside => self.pick(
                "Distances à vol d’oiseau, depuis un point intérieur de chaque aire : les points où vivent les gens n’ont pas été donnés.",
                "Distances as the crow flies, from a point inside each area: the points where people live were not given.",
            ),
            PointBasis::PeopleWeighted => self.pick(
                "Distances à vol d’oiseau, depuis le point pondéré par la population de chaque aire.",
                "Distances as the crow flies, from the population-weighted point of each area.",
            ),
            PointBasis::Mixed => self.pick(
                "Distances à vol d’oiseau, depuis le point pondéré par la population des aires où il est donné, ailleurs depuis un point intérieur.",
                "Distances as the crow flies, from the population-weighted point of the areas where it is given, else from a point inside.",
            ),
        }
    }

    pub(super) fn measure(self, measure: Measure) -> &'static str {
        match measure {
            Measure::ClscInRange => self.pick("CLSC dans la fourchette de population", "CLSC in the population range"),
            Measure::ClscGood => {
                self.pick("CLSC touchés qui remplissent tous les critères", "CLSC concerned that meet every criterion")
            }
            Measure::ClscPoor => self.pick("CLSC touchés à examiner", "CLSC concerned to be examined"),
            Measure::PeopleMoved => self.pick("Personnes qui changent de CLSC", "People who change CLSC"),
            Measure::PeopleMovedAgain => self.pick("… dont déjà déplacées auparavant", "… of whom moved before"),
            Measure::UpperDisturbed => self.pick(
                "RLS, RTS, RSS et RUISSS dont le territoire change",
                "RLS, RTS, RSS and RUISSS whose territory changes",
            ),
            Measure::NewPieces => self.pick("Nouveaux morceaux détachés", "Newly detached pieces"),
            Measure::MunicipalitiesCut => {
                self.pick("Municipalités partagées (CLSC touchés)", "Municipalities shared (CLSC concerned)")
            }
            Measure::MrcCut => self.pick(
                "MRC ou divisions de recensement partagées (CLSC touchés)",
                "MRC or census divisions shared (CLSC concerned)",
            ),
            Measure::NestingBreaks => self.pick("Ruptures d’emboîtement", "Nesting breaks"),
            Measure::BrokenSeries => self.pick("Séries statistiques rompues", "Series that break"),
            Measure::CodesToChange => self.pick("Codes à changer", "Codes to change"),
        }
    }

    pub(super) fn recipient(self, who: Recipient) -> &'static str {
        match who {
            Recipient::Population => self.pick("Population du territoire", "People of the territory"),
            Recipient::Institution => {
                self.pick("Établissement (CISSS ou CIUSSS) du RTS", "Institution (CISSS or CIUSSS) of the RTS")
            }
            Recipient::PublicHealth => {
                self.pick("Direction de santé publique de la région", "Public health department of the region")
            }
            Recipient::UniversityNetwork => self.pick("Réseau universitaire", "University network"),
            Recipient::Installation => {
                self.pick("Installation qui change de territoire", "Installation that changes territory")
            }
            Recipient::Municipality => self.pick("Municipalité", "Municipality"),
            Recipient::Statisticians => {
                self.pick("Responsables des séries statistiques par territoire", "Keepers of series by territory")
            }
            Recipient::Registers => self.pick(
                "Responsables des registres qui portent le code de CLSC (accueil, facturation, Info-Santé 811)",
                "Keepers of registers that bear the CLSC code (intake, billing, Info-Santé 811)",
            ),
        }
    }

    /// What an operation does, in a line.
    #[must_use]
    pub fn operation(self, operation: &Operation) -> String {
        let (fr, en) = match operation {
            Operation::MoveUnits { transfers } => {
                let parts: Vec<String> =
                    transfers.iter().map(|known| format!("{} → {}", known.units.len(), known.to)).collect();
                let list = parts.join(", ");
                (format!("Déplacer des aires (nombre → CLSC) : {list}"), format!("Move areas (count → CLSC): {list}"))
            }
            Operation::Split { clsc, parts } => {
                let names: Vec<String> = parts.iter().map(|part| format!("{} {}", part.code, part.name)).collect();
                let list = names.join(", ");
                (format!("Scinder le CLSC {clsc} : {list}"), format!("Split CLSC {clsc}: {list}"))
            }
            Operation::Merge { into, from } => {
                let list = from.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                (format!("Fusionner {list} dans le CLSC {into}"), format!("Merge {list} into CLSC {into}"))
            }
            Operation::Create { clsc } => (
                format!("Créer le CLSC {} {} ({} aires)", clsc.code, clsc.name, clsc.units.len()),
                format!("Create CLSC {} {} ({} areas)", clsc.code, clsc.name, clsc.units.len()),
            ),
            Operation::Close { clsc, .. } => (format!("Fermer le CLSC {clsc}"), format!("Close CLSC {clsc}")),
            Operation::Rename { level, code, name } => (
                format!("Renommer {} {code} : {name}", level.acronym()),
                format!("Rename {} {code}: {name}", level.acronym()),
            ),
            Operation::Recode { level, code, new_code } => (
                format!("Recoder {} {code} → {new_code}", level.acronym()),
                format!("Recode {} {code} → {new_code}", level.acronym()),
            ),
            Operation::MoveClscToRls { clsc, rls } => {
                (format!("Rattacher le CLSC {clsc} au RLS {rls}"), format!("Move CLSC {clsc} to RLS {rls}"))
            }
            Operation::MoveRlsToRts { rls, rts } => {
                (format!("Rattacher le RLS {rls} au RTS {rts}"), format!("Move RLS {rls} to RTS {rts}"))
            }
            Operation::MoveRtsToRss { rts, rss } => {
                (format!("Rattacher le RTS {rts} à la RSS {rss}"), format!("Move RTS {rts} to RSS {rss}"))
            }
            Operation::MoveClscToRuisss { clsc, ruisss } => {
                (format!("Rattacher le CLSC {clsc} au RUISSS {ruisss}"), format!("Move CLSC {clsc} to RUISSS {ruisss}"))
            }
            Operation::SetParents { clsc, parents } => {
                let list = parents.in_order().map(|parent| parent.code.to_string()).join(" / ");
                (
                    format!("Établir le rattachement du CLSC {clsc} : {list}"),
                    format!("Set what stands above CLSC {clsc}: {list}"),
                )
            }
            Operation::Restate { .. } => (
                "Rétablir des populations publiées et des partages".to_owned(),
                "Restate published people and shares".to_owned(),
            ),
        };
        match self {
            Language::French => fr,
            Language::English => en,
        }
    }
}
