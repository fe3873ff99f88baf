//! The levels above each CLSC, from a table like the ministry's.

use std::collections::HashMap;
use std::path::Path;

use super::ImportError;
use super::polygons::open_table;
use super::population::people;
use crate::domain::{
    Finding, FindingKind, French, Hierarchy, HierarchyRow, Level, Severity, Territory, TerritoryCode, Words, both,
};
use crate::tables::codes::{plain_code, territory_code};
use crate::tables::columns::Columns;
use crate::tables::file::shown;
use crate::tables::repairs::Repairs;
use crate::tables::synonyms::{
    CLSC, CLSC_NAME, RLS, RLS_NAME, RSS, RSS_NAME, RTS, RTS_NAME, RUISSS, RUISSS_NAME, Spellings,
};
use crate::tables::{ColumnsUsed, ReadOptions};

/// Names of the sociosanitary regions, by code less one.
const RSS_NAMES: [&str; 18] = [
    "Bas-Saint-Laurent",
    "Saguenay–Lac-Saint-Jean",
    "Capitale-Nationale",
    "Mauricie et Centre-du-Québec",
    "Estrie",
    "Montréal",
    "Outaouais",
    "Abitibi-Témiscamingue",
    "Côte-Nord",
    "Nord-du-Québec",
    "Gaspésie–Îles-de-la-Madeleine",
    "Chaudière-Appalaches",
    "Laval",
    "Lanaudière",
    "Laurentides",
    "Montérégie",
    "Nunavik",
    "Terres-Cries-de-la-Baie-James",
];

/// Names of the RUISSS, by code less one.
const RUISSS_NAMES: [&str; 4] = [
    "RUISSS Université Laval",
    "RUISSS Université de Montréal",
    "RUISSS Université McGill",
    "RUISSS Université de Sherbrooke",
];

const CODES: [Spellings; 5] = [CLSC, RLS, RTS, RSS, RUISSS];
const NAMES: [Spellings; 5] = [CLSC_NAME, RLS_NAME, RTS_NAME, RSS_NAME, RUISSS_NAME];

/// Columns that the caller names instead of the known spellings.
#[derive(Debug, Clone, Copy, Default)]
pub struct HierarchyNames<'a> {
    /// Codes of CLSC, RLS, RTS, RSS and RUISSS, in the order of [`Level::TERRITORIAL`].
    pub codes: [Option<&'a str>; 5],
    /// Their names, in the same order.
    pub names: [Option<&'a str>; 5],
    /// Published people of each CLSC; none are read without it.
    pub people: Option<&'a str>,
    /// Encoding of the file.
    pub encoding: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
}

/// A hierarchy as read.
#[derive(Debug, Clone)]
pub struct HierarchyFile {
    /// The hierarchy.
    pub hierarchy: Hierarchy,
    /// Which columns were used.
    pub columns: ColumnsUsed,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Which column of a file says what of a hierarchy.
#[derive(Debug, Clone)]
pub(super) struct HierarchyColumns {
    codes: [Option<usize>; 5],
    names: [Option<usize>; 5],
    people: Option<usize>,
    code_names: [Option<String>; 5],
}

/// The texts of one row, in the order of [`Level::TERRITORIAL`]; `None` where there is no column.
#[derive(Debug, Clone)]
pub(super) struct RowTexts {
    codes: [Option<String>; 5],
    names: [Option<String>; 5],
    people: Option<String>,
}

impl HierarchyColumns {
    /// Finds them; the CLSC and the RUISSS must be there.
    pub(super) fn find(columns: &Columns, asked: &HierarchyNames<'_>, path: &str) -> Result<Self, ImportError> {
        let mut codes = CODES.map(|spellings| columns.find(spellings));
        // Lists of territories by `territories` and over HTTP, where the RUISSS stands beside.
        let listed = || columns.find(&["level"]).and(codes[4]).and_then(|_| columns.find(&["code"]));
        codes[0] = match codes[0].or_else(listed) {
            Some(found) if asked.codes[0].is_none() => Some(found),
            _ => Some(columns.choose(asked.codes[0], CLSC, both!("le code du CLSC", "the CLSC code"))?),
        };
        for (place, name) in asked.codes.iter().enumerate().skip(1) {
            if let Some(name) = name {
                codes[place] = Some(columns.named(name)?);
            }
        }
        if codes[4].is_none() {
            return Err(ImportError::RuisssUnknown { path: path.to_owned(), found: columns.listed() });
        }
        let mut names = NAMES.map(|spellings| columns.find_starting(spellings));
        if codes[0] == columns.find(&["code"]) {
            names[0] = names[0].or_else(|| columns.find(&["name"]));
        }
        for (place, name) in asked.names.iter().enumerate() {
            if let Some(name) = name {
                names[place] = Some(columns.named(name)?);
            }
        }
        let people = match asked.people {
            Some(column) => Some(columns.named(column)?),
            // The program's own exports say what it is.
            None => columns.find(&["published_population", "pop_publ"]),
        };
        let code_names = codes.map(|column| column.map(|column| columns.name(column).to_owned()));
        Ok(Self { codes, names, people, code_names })
    }

    /// Which columns of a file they are.
    fn used(&self, names: &[String]) -> ColumnsUsed {
        let levels = || Level::TERRITORIAL.iter().map(|level| level.acronym());
        let codes =
            self.codes.into_iter().zip(levels()).map(|(place, level)| (place, both!("code {level}", "{level} code")));
        let texts =
            self.names.into_iter().zip(levels()).map(|(place, level)| (place, both!("nom {level}", "{level} name")));
        ColumnsUsed::new(names, codes.chain(texts).chain([(self.people, both!("personnes", "people"))]))
    }

    /// Name of the column that holds the codes of a level, by its place in [`Level::TERRITORIAL`].
    pub(super) fn code_name(&self, place: usize) -> Option<&str> {
        self.code_names[place].as_deref()
    }

    /// The texts of one row, by a function that gives the value of a column.
    pub(super) fn values(&self, text: impl Fn(usize) -> String) -> RowTexts {
        RowTexts {
            codes: self.codes.map(|column| column.map(&text)),
            names: self.names.map(|column| column.map(&text)),
            people: self.people.map(&text),
        }
    }
}

/// Reads the levels above each CLSC from delimited text or a `.dbf`, one row a CLSC.
///
/// - RLS, RTS and RSS codes whose column is missing are the first 4, 3 and 2 digits of the CLSC's, said as a note. The
///   RUISSS is an attribute of its own and can not be derived.
/// - Names that are missing are the known ones (RSS, RUISSS), else the code.
/// - A code that lost its leading zero gets it back where no other row has the repaired code and its region agrees.
///
/// # Errors
/// [`ImportError`] where the file, the CLSC column, the RUISSS column or the column asked for is missing, or no row is
/// left.
pub fn read_hierarchy(path: &Path, asked: &HierarchyNames<'_>) -> Result<HierarchyFile, ImportError> {
    let names: Vec<&str> = asked.codes.into_iter().chain(asked.names).chain([asked.people]).flatten().collect();
    let options = ReadOptions { encoding: asked.encoding, sheet: asked.sheet, names: &names, header_row: None };
    let mut table = open_table(path, &options)?;
    let mut findings = table.take_findings();
    let columns = HierarchyColumns::find(&table.columns, asked, &shown(path))?;
    let mut rows = Vec::new();
    table.for_each_row(|row| rows.push((row.line(), columns.values(|column| row.field(column).to_owned()))));
    let (hierarchy, mut more) = hierarchy_of(&columns, rows, table.file(), &shown(path))?;
    findings.append(&mut more);
    Ok(HierarchyFile { hierarchy, columns: columns.used(table.column_names()), findings })
}

/// Compiles rows into a hierarchy; bad rows are findings and left out.
pub(super) fn hierarchy_of(
    columns: &HierarchyColumns,
    rows: Vec<(u64, RowTexts)>,
    file: &str,
    path: &str,
) -> Result<(Hierarchy, Vec<Finding>), ImportError> {
    let mut builder = Builder { columns, file, findings: Vec::new(), repairs: Repairs::default() };
    let as_given: HashMap<String, u64> =
        rows.iter().filter_map(|(line, texts)| texts.codes[0].clone().map(|code| (code, *line))).collect();
    let mut seen: HashMap<TerritoryCode, (u64, HierarchyRow)> = HashMap::new();
    let mut kept = Vec::with_capacity(rows.len());
    // A table of units says the same of a CLSC in the row of each unit.
    let mut repeated: Vec<(u64, String)> = Vec::new();
    for (line, texts) in rows {
        let Some(row) = builder.row(line, &texts, &as_given) else {
            continue;
        };
        let code = row.territories[0].code.clone();
        if let Some((before, other)) = seen.get(&code) {
            if *other == row {
                repeated.push((line, code.as_str().to_owned()));
                continue;
            }
            let message = both!(
                "le CLSC « {code} » figure aux lignes {before} et {line}, avec des noms ou des parents différents ; la première est gardée, retirez la mauvaise",
                "CLSC \"{code}\" stands on lines {before} and {line}, with different names or parents; the first one is kept, remove the wrong one"
            );
            let finding = Finding::new(Severity::Error, FindingKind::DuplicateRow, message);
            builder.findings.push(finding.in_file(file, Some(line), columns.code_name(0)).about([code.as_str()]));
            continue;
        }
        seen.insert(code, (line, row.clone()));
        kept.push(row);
    }
    if let Some((line, code)) = repeated.first() {
        let message = both!(
            "{} lignes disent d'un CLSC ce qui en est déjà dit, par exemple « {code} » à la ligne {line} : comptées une fois",
            "{} rows say of a CLSC what is already said of it, such as \"{code}\" on line {line}: counted once",
            repeated.len()
        );
        let finding = Finding::new(Severity::Note, FindingKind::DuplicateRow, message);
        builder.findings.push(finding.in_file(file, Some(*line), columns.code_name(0)).about([code.as_str()]));
    }
    let names: Vec<String> = columns.code_names.iter().map(|name| name.clone().unwrap_or_default()).collect();
    builder.findings.extend(builder.repairs.findings(file, &names));
    builder.tell_derived();
    let findings = builder.findings;
    let hierarchy = Hierarchy::new(&kept).map_err(|source| ImportError::Hierarchy { path: path.to_owned(), source })?;
    Ok((hierarchy, findings))
}

struct Builder<'a> {
    columns: &'a HierarchyColumns,
    file: &'a str,
    findings: Vec<Finding>,
    /// Codes that were not as they should be, by level.
    repairs: Repairs,
}

impl Builder<'_> {
    /// One row; `None`, and a finding, where a code can not be read.
    fn row(&mut self, line: u64, texts: &RowTexts, as_given: &HashMap<String, u64>) -> Option<HierarchyRow> {
        let clsc = self.code(0, line, texts.codes[0].as_deref().unwrap_or(""), |repaired| {
            let (region, _) = plain_code(texts.codes[3].as_deref().unwrap_or(""));
            let agrees = region.is_empty() || region.trim_start_matches('0') == repaired[..2].trim_start_matches('0');
            !repaired.starts_with("00") && agrees && !as_given.contains_key(repaired)
        })?;
        let mut codes: Vec<TerritoryCode> = vec![clsc];
        for place in 1..5 {
            let derived = Level::TERRITORIAL[place].code_length().map(|length| codes[0].as_str()[..length].to_owned());
            let code = match (&texts.codes[place], derived) {
                (Some(text), _) => self.code(place, line, text, |repaired| !repaired.starts_with("00"))?,
                (None, Some(derived)) if place < 4 => TerritoryCode::new(&derived),
                (None, _) => return None,
            };
            codes.push(code);
        }
        let mut published = [None; 5];
        if let Some(text) = &texts.people {
            if let Ok(count) = people(text) {
                published[0] = count.map(u64::from);
            } else {
                let message = both!(
                    "« {text} » n'est pas un nombre de personnes : pris pour inconnu",
                    "\"{text}\" is no number of people: taken as unknown"
                );
                let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
                self.findings.push(finding.in_file(self.file, Some(line), None));
            }
        }
        let territories = std::array::from_fn(|place| {
            let given = texts.names[place].as_deref().filter(|name| !name.is_empty());
            let code = codes[place].clone();
            let name = given.map_or_else(|| known_name(place, code.as_str()), str::to_owned);
            Territory { code, name, published_population: published[place] }
        });
        Some(HierarchyRow { territories })
    }

    /// A code of a level, with its lost zero back where `unambiguous` says that it may.
    fn code(
        &mut self,
        place: usize,
        line: u64,
        text: &str,
        unambiguous: impl Fn(&str) -> bool,
    ) -> Option<TerritoryCode> {
        match territory_code(Level::TERRITORIAL[place], text, unambiguous) {
            Ok(read) => {
                self.repairs.note(read.repair, place, line, text, read.code.as_str());
                Some(read.code)
            }
            Err(error) => {
                let message = Words::new(
                    format!("{} ; la ligne est laissée de côté", error.french()),
                    format!("{error}; the row is left out"),
                );
                let finding = Finding::new(Severity::Error, FindingKind::BadValue, message);
                let finding = finding.in_file(self.file, Some(line), self.columns.code_name(place));
                self.findings.push(finding);
                None
            }
        }
    }

    fn tell_derived(&mut self) {
        let missing = |columns: &[Option<usize>; 5]| -> Vec<&'static str> {
            (1..5).filter(|&place| columns[place].is_none()).map(|place| Level::TERRITORIAL[place].acronym()).collect()
        };
        let codes = missing(&self.columns.codes);
        if !codes.is_empty() {
            let message = both!(
                "aucune colonne pour les codes de {} : pris des premiers chiffres de celui du CLSC",
                "no column for the codes of {}: taken as the first digits of the CLSC's",
                codes.join(", ")
            );
            self.findings
                .push(Finding::new(Severity::Note, FindingKind::TableLayout, message).in_file(self.file, None, None));
        }
        let names = missing(&self.columns.names);
        if !names.is_empty() {
            let message = both!(
                "aucune colonne pour les noms de {} : les noms connus, sinon les codes, en tiennent lieu",
                "no column for the names of {}: known names, else the codes, stand for them",
                names.join(", ")
            );
            self.findings
                .push(Finding::new(Severity::Note, FindingKind::TableLayout, message).in_file(self.file, None, None));
        }
    }
}

/// The name of an upper territory that the program knows, else its code.
fn known_name(place: usize, code: &str) -> String {
    let list: &[&str] = match place {
        3 => &RSS_NAMES,
        4 => &RUISSS_NAMES,
        _ => &[],
    };
    let known = code.parse::<usize>().ok().and_then(|number| list.get(number.checked_sub(1)?));
    (*known.unwrap_or(&code)).to_owned()
}

#[cfg(test)]
#[path = "hierarchy_tests.rs"]
mod tests;
