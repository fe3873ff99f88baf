//! From rows of attachments to a total table: the largest share wins, and everything odd is said.

use std::collections::{BTreeMap, HashMap};

use super::attachments::{AttachmentRow, AttachmentsFile};
use super::polygons::TOLD;
use crate::domain::{
    AttachmentTable, Finding, FindingKind, Hierarchy, Level, Severity, Share, Straddle, TerritoryCode, UnitId,
    UnitKind, Words, both,
};
use crate::tables::Repair;
use crate::tables::codes::{find_id, territory_code};
use crate::tables::repairs::Repairs;
use crate::tables::rows::joined;

/// How far the fractions of a unit may be from a whole.
const WHOLE: f64 = 0.01;

/// What the rows of a table make of the units.
#[derive(Debug, Clone)]
pub struct Attached {
    /// The CLSC of every unit; `None` as long as a unit has none, which the findings name.
    pub table: Option<AttachmentTable>,
    /// The CLSC of each unit, as a place in the hierarchy, for another source to fill the holes.
    pub clsc_of_unit: Vec<Option<u16>>,
    /// Units shared between several CLSC.
    pub straddles: Vec<Straddle>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// One claim on a unit.
#[derive(Debug, Clone, Copy)]
struct Claim {
    clsc: u16,
    fraction: Option<f64>,
    line: u64,
}

/// Attaches every unit to the CLSC with its largest share; of equal shares, to the smallest code.
///
/// - Where the units are blocks, a row about a dissemination area speaks for those of its blocks that have no row.
/// - A code of four digits is repaired only where it exists in the hierarchy with a zero before it.
/// - The same unit twice without fractions: with one CLSC a note, with several an error; the first row holds.
/// - Where the units are a part (`partial`) of what the table is about, rows about others are a note.
/// - `populations`, in the order of `unit_ids`, tell how many people a shared unit moves.
///
/// Linear in rows and units but for a sort.
#[must_use]
pub fn attach(
    file: &AttachmentsFile,
    unit_ids: &[String],
    hierarchy: &Hierarchy,
    populations: Option<&[Option<u32>]>,
    partial: bool,
) -> Attached {
    let mut findings = Vec::new();
    let claims = claims_of_units(file, unit_ids, hierarchy, partial, &mut findings);
    let clsc_codes = hierarchy.territories(Level::Clsc);
    let mut clsc_of_unit = vec![None; unit_ids.len()];
    let mut straddles = Vec::new();
    let mut doubles = Doubles::default();
    for (unit, claims) in claims.iter().enumerate() {
        let id = &unit_ids[unit];
        if claims.iter().all(|claim| claim.fraction.is_none()) {
            clsc_of_unit[unit] = claims.first().map(|claim| claim.clsc);
            doubles.note(file, id, claims, hierarchy, &mut findings);
            continue;
        }
        let mut shares: BTreeMap<u16, f64> = BTreeMap::new();
        for claim in claims {
            *shares.entry(claim.clsc).or_insert(0.0) += claim.fraction.unwrap_or(0.0);
        }
        // Places are in order of code, so a stable sort leaves the smallest code first among equals.
        let mut shares: Vec<(u16, f64)> = shares.into_iter().collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        clsc_of_unit[unit] = shares.first().map(|&(clsc, _)| clsc);
        let sum: f64 = shares.iter().map(|&(_, part)| part).sum();
        if (sum - 1.0).abs() > WHOLE {
            doubles.sums.push((claims[0].line, format!("{id} ({sum:.3})")));
        }
        shares.retain(|&(_, part)| part > 0.0);
        if shares.len() < 2 {
            continue;
        }
        let people_moved = populations
            .and_then(|populations| populations.get(unit).copied().flatten())
            .map(|people| (f64::from(people) * (1.0 - shares[0].1 / sum)).round() as u64);
        straddles.push(Straddle {
            unit: UnitId::new(id),
            shares: shares
                .iter()
                .map(|&(clsc, fraction)| Share { clsc: clsc_codes[usize::from(clsc)].code.clone(), fraction })
                .collect(),
            people_moved,
        });
        findings.push(straddle_finding(file, id, &shares, claims[0].line, people_moved, hierarchy));
    }
    doubles.tell(file, &mut findings);
    tell_unassigned(file, unit_ids, &clsc_of_unit, &mut findings);
    let whole: Option<Vec<u16>> = clsc_of_unit.iter().copied().collect();
    let table = whole.and_then(|whole| AttachmentTable::new(whole, hierarchy.clsc_count()).ok());
    Attached { table, clsc_of_unit, straddles, findings }
}

fn straddle_finding(
    file: &AttachmentsFile,
    id: &str,
    shares: &[(u16, f64)],
    line: u64,
    people: Option<u64>,
    hierarchy: &Hierarchy,
) -> Finding {
    let list: Vec<Words> = shares
        .iter()
        .map(|&(clsc, part)| {
            let code = &hierarchy.territories(Level::Clsc)[usize::from(clsc)].code;
            both!("{:.1} % dans « {} »", "{:.1} % in \"{}\"", part * 100.0, code)
        })
        .collect();
    let (french, english): (Vec<_>, Vec<_>) = list.into_iter().map(|share| (share.french, share.english)).unzip();
    let message = Words::new(
        format!("l'aire « {id} » est partagée ({}) : elle va entière au premier", french.join(", ")),
        format!("unit \"{id}\" is shared ({}): the whole of it goes to the first", english.join(", ")),
    );
    let mut finding = Finding::new(Severity::Note, FindingKind::Straddle, message)
        .in_file(&file.file, Some(line), file.fraction_column.as_deref())
        .about([id]);
    finding.people = people;
    finding
}

/// The claims on each unit, rows about blocks before rows about their area.
fn claims_of_units(
    file: &AttachmentsFile,
    unit_ids: &[String],
    hierarchy: &Hierarchy,
    partial: bool,
    findings: &mut Vec<Finding>,
) -> Vec<Vec<Claim>> {
    let kind = UnitKind::of(unit_ids.iter().map(String::as_str));
    let places: HashMap<&str, usize> = unit_ids.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    let mut blocks: HashMap<&str, Vec<usize>> = HashMap::new();
    if kind == UnitKind::DisseminationBlock {
        for (place, id) in unit_ids.iter().enumerate() {
            blocks.entry(kind.dissemination_area(id)).or_default().push(place);
        }
    }
    let mut claims: Vec<Vec<Claim>> = vec![Vec::new(); unit_ids.len()];
    let mut of_area: Vec<Vec<Claim>> = vec![Vec::new(); if blocks.is_empty() { 0 } else { unit_ids.len() }];
    let mut unknown_units: Vec<&AttachmentRow> = Vec::new();
    let mut unknown_codes: BTreeMap<&str, Vec<&AttachmentRow>> = BTreeMap::new();
    let mut repairs = Repairs::default();
    for row in &file.rows {
        let known = |id: &str| (places.contains_key(id) || blocks.contains_key(id)).then(|| id.to_owned());
        let (unit, repair) = find_id(&row.unit, known).unwrap_or((row.unit.clone(), Repair::None));
        repairs.note(repair, 0, row.line, &row.unit, &unit);
        let exact = places.get(unit.as_str());
        let inside = blocks.get(unit.as_str());
        if exact.is_none() && inside.is_none() {
            unknown_units.push(row);
        }
        let read = territory_code(Level::Clsc, &row.clsc, |code| hierarchy.find(Level::Clsc, code).is_some());
        let found = read.ok().and_then(|read| {
            let place = hierarchy.find(Level::Clsc, read.code.as_str())?;
            repairs.note(read.repair, 1, row.line, &row.clsc, read.code.as_str());
            u16::try_from(place).ok()
        });
        let Some(clsc) = found else {
            unknown_codes.entry(&row.clsc).or_default().push(row);
            continue;
        };
        let claim = Claim { clsc, fraction: row.fraction, line: row.line };
        if let Some(&place) = exact {
            claims[place].push(claim);
        } else {
            for &place in inside.into_iter().flatten() {
                of_area[place].push(claim);
            }
        }
    }
    for (own, area) in claims.iter_mut().zip(of_area) {
        if own.is_empty() {
            *own = area;
        }
    }
    if unknown_units.len() == file.rows.len()
        && let (Some(row), Some(ours)) = (file.rows.first(), unit_ids.first())
    {
        findings.push(no_unit_known(file, row, ours));
        unknown_units.clear();
    }
    if partial && !unknown_units.is_empty() {
        let message = both!(
            "{} lignes portent sur des aires hors de la partie : laissées de côté",
            "{} rows are about units outside the part: left out",
            unknown_units.len()
        );
        let finding = Finding::new(Severity::Note, FindingKind::UnknownUnit, message);
        findings.push(finding.in_file(&file.file, None, Some(&file.unit_column)));
        unknown_units.clear();
    }
    tell_unknown(file, &unknown_units, &unknown_codes, findings);
    let names = [file.unit_column.clone(), file.clsc_column.clone()];
    findings.extend(repairs.findings(&file.file, &names));
    claims
}

/// What is said of a table whose rows are all about units of somewhere else.
fn no_unit_known(file: &AttachmentsFile, row: &AttachmentRow, ours: &str) -> Finding {
    let (column, theirs) = (&file.unit_column, &row.unit);
    let message = both!(
        "aucune ligne ne porte sur une aire de l'atlas : la colonne « {column} » contient « {theirs} », l'atlas « {ours} » ; la table est-elle d'un autre recensement, ou l'aire dans une autre colonne ?",
        "no row is about a unit of the atlas: column \"{column}\" has \"{theirs}\", the atlas \"{ours}\"; is the table of another census, or the unit in another column?"
    );
    let finding = Finding::new(Severity::Error, FindingKind::UnknownUnit, message);
    finding.in_file(&file.file, Some(row.line), Some(column)).about([theirs.as_str()])
}

fn tell_unknown(
    file: &AttachmentsFile,
    units: &[&AttachmentRow],
    codes: &BTreeMap<&str, Vec<&AttachmentRow>>,
    findings: &mut Vec<Finding>,
) {
    for row in units.iter().take(TOLD) {
        let message = both!(
            "l'aire « {} » n'est pas parmi celles de l'atlas : la ligne est laissée de côté ; est-elle d'un autre recensement ?",
            "unit \"{}\" is not among the units of the atlas: the row is left out; is it of another census?",
            row.unit
        );
        let finding = Finding::new(Severity::Error, FindingKind::UnknownUnit, message);
        findings.push(finding.in_file(&file.file, Some(row.line), Some(&file.unit_column)).about([row.unit.as_str()]));
    }
    if units.len() > TOLD {
        let message = both!(
            "{} autres lignes portent sur des aires que l'atlas n'a pas",
            "{} more rows are about units that are not in the atlas",
            units.len() - TOLD
        );
        let finding = Finding::new(Severity::Error, FindingKind::UnknownUnit, message);
        findings.push(finding.in_file(&file.file, None, Some(&file.unit_column)));
    }
    for (code, rows) in codes {
        let lines: Vec<u64> = rows.iter().take(5).map(|row| row.line).collect();
        let message = both!(
            "le CLSC « {code} » n'est pas dans la hiérarchie : {} lignes sont laissées de côté (lignes {}{}) ; ajoutez-l'y ou corrigez le code",
            "CLSC \"{code}\" is not in the hierarchy: {} rows are left out (lines {}{}); add it there or correct the code",
            rows.len(),
            joined(&lines),
            if rows.len() > 5 { "..." } else { "" }
        );
        let finding = Finding::new(Severity::Error, FindingKind::UnknownTerritory, message);
        let units = rows.iter().take(TOLD).map(|row| row.unit.as_str());
        findings.push(finding.in_file(&file.file, lines.first().copied(), Some(&file.clsc_column)).about(units));
    }
}

/// Units that came twice, and units whose parts make no whole.
#[derive(Default)]
struct Doubles {
    same: Vec<(u64, String)>,
    sums: Vec<(u64, String)>,
    conflicts: usize,
}

impl Doubles {
    fn note(
        &mut self,
        file: &AttachmentsFile,
        id: &str,
        claims: &[Claim],
        hierarchy: &Hierarchy,
        findings: &mut Vec<Finding>,
    ) {
        let (Some(first), true) = (claims.first(), claims.len() > 1) else {
            return;
        };
        let Some(other) = claims.iter().find(|claim| claim.clsc != first.clsc) else {
            self.same.push((claims[1].line, id.to_owned()));
            return;
        };
        self.conflicts += 1;
        if self.conflicts > TOLD {
            return;
        }
        let code = |clsc: u16| -> &TerritoryCode { &hierarchy.territories(Level::Clsc)[usize::from(clsc)].code };
        let message = both!(
            "l'aire « {id} » est rattachée au CLSC « {} » à la ligne {} et à « {} » à la ligne {}, sans fractions : le premier est gardé ; retirez la mauvaise ligne ou donnez les fractions",
            "unit \"{id}\" is attached to CLSC \"{}\" on line {} and to \"{}\" on line {}, without fractions: the first one is kept; remove the wrong row or give the fractions",
            code(first.clsc),
            first.line,
            code(other.clsc),
            other.line
        );
        let finding = Finding::new(Severity::Error, FindingKind::DuplicateUnit, message);
        findings.push(finding.in_file(&file.file, Some(other.line), Some(&file.unit_column)).about([id]));
    }

    fn tell(self, file: &AttachmentsFile, findings: &mut Vec<Finding>) {
        if self.conflicts > TOLD {
            let message = both!(
                "{} autres aires sont rattachées à plusieurs CLSC sans fractions",
                "{} more units are attached to several CLSC without fractions",
                self.conflicts - TOLD
            );
            let finding = Finding::new(Severity::Error, FindingKind::DuplicateUnit, message);
            findings.push(finding.in_file(&file.file, None, Some(&file.unit_column)));
        }
        let lists = [
            (
                FindingKind::DuplicateRow,
                self.same,
                both!(
                    "aires ont la même ligne deux fois, comptée une fois",
                    "units have the same row twice, counted once"
                ),
            ),
            (
                FindingKind::Straddle,
                self.sums,
                both!(
                    "aires ont des fractions dont la somme n'est pas 1, prises en proportion",
                    "units have fractions that do not add up to 1, taken in proportion"
                ),
            ),
        ];
        for (kind, list, words) in lists {
            let Some(&(line, _)) = list.first() else {
                continue;
            };
            let names: Vec<&str> = list.iter().take(TOLD).map(|(_, name)| name.as_str()).collect();
            let (count, all) = (list.len(), names.join(", "));
            let message = Words::new(format!("{count} {} : {all}", words.french), format!("{count} {words}: {all}"));
            let units = names.iter().map(|name| name.split(' ').next().unwrap_or(name));
            let finding = Finding::new(Severity::Note, kind, message);
            findings.push(finding.in_file(&file.file, Some(line), Some(&file.unit_column)).about(units));
        }
    }
}

fn tell_unassigned(
    file: &AttachmentsFile,
    unit_ids: &[String],
    clsc_of_unit: &[Option<u16>],
    findings: &mut Vec<Finding>,
) {
    let unassigned: Vec<&str> =
        unit_ids.iter().zip(clsc_of_unit).filter(|(_, clsc)| clsc.is_none()).map(|(id, _)| id.as_str()).collect();
    if unassigned.is_empty() {
        return;
    }
    let names: Vec<String> = unassigned.iter().take(TOLD).map(|id| format!("\"{id}\"")).collect();
    let message = both!(
        "{} des {} aires n'ont pas de CLSC : {}{} ; ajoutez une ligne pour chacune",
        "{} of {} units have no CLSC: {}{}; add a row for each",
        unassigned.len(),
        unit_ids.len(),
        names.join(", "),
        if unassigned.len() > TOLD { "..." } else { "" }
    );
    let finding = Finding::new(Severity::Error, FindingKind::UnassignedUnit, message);
    let finding = finding.in_file(&file.file, None, Some(&file.unit_column));
    findings.push(finding.about(unassigned.iter().take(TOLD).copied()));
}

#[cfg(test)]
#[path = "attach_tests.rs"]
mod tests;
