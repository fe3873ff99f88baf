//! The finest units, and the territories, as polygon files have them.

use std::collections::HashMap;
use std::path::Path;

use super::hierarchy::{HierarchyColumns, HierarchyNames, hierarchy_of};
use super::polygons::{Features, PolygonOptions, Purpose, TOLD};
use super::population::people;
use super::{ImportError, Projection};
use crate::domain::{Finding, FindingKind, Hierarchy, Severity, Words, both};
use crate::geometry::UnitPolygons;
use crate::tables::TableError;
use crate::tables::codes::unit_id;
use crate::tables::columns::Columns;
use crate::tables::synonyms::{AREA, BLOCK, CLSC, DIVISION, PEOPLE, PROVINCE_UID, SUBDIVISION, Spellings, TRACT};

/// A column of a polygon file that came along, one value a unit; empty where the file has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeColumn {
    /// Name, as the file writes it.
    pub name: String,
    /// Values in the order of units.
    pub values: Vec<String>,
}

/// Units read from a polygon file.
#[derive(Debug, Clone)]
pub struct UnitsFile {
    /// File name, without its folder.
    pub file: String,
    /// Identifiers and rings, in the coordinates of the file.
    pub polygons: UnitPolygons,
    /// From the coordinates of the file to longitude and latitude.
    pub crs: Projection,
    /// The column that gave the identifiers.
    pub id_column: String,
    /// All columns of the file.
    pub columns: Vec<String>,
    /// People of each unit, where the file has a column for them.
    pub population: Option<Vec<Option<u32>>>,
    /// Census geography and CLSC of each unit, where the file has them.
    pub attributes: Vec<AttributeColumn>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Territories of CLSC read from a polygon file.
#[derive(Debug, Clone)]
pub struct TerritoriesFile {
    /// File name, without its folder.
    pub file: String,
    /// CLSC codes and rings, in the coordinates of the file.
    pub polygons: UnitPolygons,
    /// From the coordinates of the file to longitude and latitude.
    pub crs: Projection,
    /// All columns of the file.
    pub columns: Vec<String>,
    /// The levels above, where the file has the columns to tell them (RUISSS at least).
    pub hierarchy: Option<Hierarchy>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Reads units from a file of polygons.
///
/// 1. The identifier column is the one named, else the finest one known ([`UnitsFile::id_column`] says which).
/// 2. Records of other provinces are left out of a file that holds several, and counted.
/// 3. A record without identifier, or with one that already came, is an error finding and left out.
/// 4. Shapes are streamed in; one without a ring is an error finding, its unit is kept.
///
/// # Errors
/// [`ImportError`] where the file, a companion, its coordinate system or its identifier column fails.
pub fn read_units(path: &Path, asked: PolygonOptions<'_>) -> Result<UnitsFile, ImportError> {
    let mut features = Features::open(path, asked, Purpose::Units)?;
    let id_column = features.columns.choose_unit(asked.id_column, true)?;
    tell_cartographic(&mut features);
    let kept = quebec_only(&mut features, id_column);
    let mut polygons = UnitPolygons::default();
    let places = place_records(&mut features, id_column, &kept, &mut polygons, &both!("aire", "unit"))?;
    features.read_shapes(&places, &mut polygons)?;

    let records: Vec<usize> = (0..places.len()).filter(|&record| places[record].is_some()).collect();
    let column_values =
        |column: usize| -> Vec<String> { records.iter().map(|&record| features.text(record, column)).collect() };
    let census: [Spellings; 6] = [AREA, TRACT, SUBDIVISION, DIVISION, CLSC, &["CSDNAME", "SDRNOM", "CSDNAME_SDRNOM"]];
    let attributes: Vec<AttributeColumn> = census
        .iter()
        .filter_map(|spellings| features.columns.find(spellings))
        .filter(|&column| column != id_column)
        .map(|column| AttributeColumn { name: features.columns.name(column).to_owned(), values: column_values(column) })
        .collect();
    let people_column = features.columns.find(PEOPLE);
    let mut bad_people = Vec::new();
    let population = people_column.map(|column| {
        let mut read = |(&record, text): (&usize, String)| {
            people(&text).unwrap_or_else(|()| {
                bad_people.push((record as u64 + 1, text));
                None
            })
        };
        records.iter().zip(column_values(column)).map(&mut read).collect()
    });
    let id_column = features.columns.name(id_column).to_owned();
    if let Some((record, text)) = bad_people.first() {
        let message = both!(
            "{} nombres de personnes ne se lisent pas, par exemple « {text} » : un nombre entier est attendu ; pris pour inconnus",
            "{} values of people can not be read, such as \"{text}\": expected a whole number; taken as unknown",
            bad_people.len()
        );
        let column = people_column.map(|column| features.columns.name(column));
        let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
        features.findings.push(finding.in_file(&features.file, Some(*record), column));
    }
    Ok(UnitsFile {
        polygons,
        id_column,
        columns: features.columns.names().to_vec(),
        population,
        attributes,
        file: features.file,
        crs: features.crs,
        findings: features.findings,
    })
}

/// Reads the territories of CLSC from a file of polygons, with the levels above where its columns tell them.
///
/// A code that lost its leading zero is repaired as in [`read_hierarchy`](super::read_hierarchy).
///
/// # Errors
/// [`ImportError`], as for [`read_units`].
pub fn read_territories(path: &Path, asked: PolygonOptions<'_>) -> Result<TerritoriesFile, ImportError> {
    let clsc_column = asked.id_column;
    let mut features = Features::open(path, asked, Purpose::Territories)?;
    let id_column = features.columns.choose(clsc_column, CLSC, both!("le code du CLSC", "the CLSC code"))?;
    let kept = vec![true; features.len()];
    let mut polygons = UnitPolygons::default();
    let places = place_records(&mut features, id_column, &kept, &mut polygons, &Words::same("CLSC"))?;
    features.read_shapes(&places, &mut polygons)?;
    let lost = repair_codes(&mut polygons.ids);
    if let Some(first) = lost.first() {
        let message = both!(
            "{} codes de CLSC avaient perdu leur zéro initial, par exemple « {first} » : lu comme « 0{first} » ; gardez la colonne en texte",
            "{} CLSC codes had lost their leading zero, such as \"{first}\": read as \"0{first}\"; keep the column as text",
            lost.len()
        );
        let column = features.columns.name(id_column);
        let finding = Finding::new(Severity::Mended, FindingKind::LostZero, message);
        features.findings.push(finding.in_file(&features.file, None, Some(column)).about(lost));
    }
    let hierarchy = territories_hierarchy(&mut features, clsc_column, &places)?;
    Ok(TerritoriesFile {
        polygons,
        columns: features.columns.names().to_vec(),
        hierarchy,
        file: features.file,
        crs: features.crs,
        findings: features.findings,
    })
}

fn territories_hierarchy(
    features: &mut Features,
    clsc_column: Option<&str>,
    places: &[Option<u32>],
) -> Result<Option<Hierarchy>, ImportError> {
    let shown = features.shown();
    let asked = HierarchyNames { codes: [clsc_column, None, None, None, None], ..HierarchyNames::default() };
    let Ok(columns) = HierarchyColumns::find(&features.columns, &asked, &shown) else {
        let message = both!(
            "le fichier ne dit pas le RUISSS de chaque CLSC : les niveaux au-dessus doivent venir d'une table de hiérarchie",
            "the file does not say the RUISSS of each CLSC: the levels above must come from a hierarchy table"
        );
        features.findings.push(Finding::new(Severity::Note, FindingKind::BadValue, message).in_file(
            &features.file,
            None,
            None,
        ));
        return Ok(None);
    };
    let records = (0..places.len()).filter(|&record| places[record].is_some());
    let rows = records
        .map(|record| (record as u64 + 1, columns.values(|column| features.text(record, column))))
        .collect::<Vec<_>>();
    let (hierarchy, mut findings) = hierarchy_of(&columns, rows, &features.file, &shown)?;
    // Already told of the polygons themselves.
    let clsc = columns.code_name(0);
    findings.retain(|finding| finding.kind != FindingKind::LostZero || finding.place.column.as_deref() != clsc);
    features.findings.append(&mut findings);
    Ok(Some(hierarchy))
}

/// Puts its zero back to each code of four digits whose repaired form is not there too; gives those changed.
fn repair_codes(codes: &mut [String]) -> Vec<String> {
    let mut lost = Vec::new();
    for place in 0..codes.len() {
        let code = &codes[place];
        if code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()) && !code.starts_with('0') {
            let repaired = format!("0{code}");
            if !codes.contains(&repaired) {
                lost.push(std::mem::replace(&mut codes[place], repaired));
            }
        }
    }
    lost
}

/// Says it where the file is Statistics Canada's cartographic one, by its name or that of its layer.
fn tell_cartographic(features: &mut Features) {
    let stem = features.file.rsplit_once('.').map_or(features.file.as_str(), |(stem, _)| stem);
    let Some(name) = [features.layer.as_str(), stem].into_iter().find(|name| is_cartographic(name)) else { return };
    let message = both!(
        "« {name} » est le fichier cartographique de Statistique Canada, dont les limites suivent la rive : un point sur l'eau n'y est dans aucune aire ; pour situer des lieux, prenez le fichier numérique (« 000a »), qui va jusqu'au milieu de l'eau",
        "\"{name}\" is Statistics Canada's cartographic file, whose limits follow the shore: a point on the water is in no unit there; to place points, take the digital file (\"000a\"), which goes to the middle of the water"
    );
    let finding = Finding::new(Severity::Note, FindingKind::ClippedToShore, message);
    features.findings.push(finding.in_file(&features.file, None, None));
}

/// Whether a name is that of a cartographic boundary file: `lda_000b21a_e`, `gda_000b11a_f`, `lcsd000b16a_e`.
///
/// Statistics Canada names its files by the province (`000` for the country, `24`...), `a` for digital or `b` for cartographic,
/// the year, and the format.
fn is_cartographic(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some(rest) = name.strip_prefix(['l', 'g']) else { return false };
    let kind = rest.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
    let (level, kind) = (&rest[..rest.len() - kind.len()], kind.strip_prefix('_').unwrap_or(kind));
    let bytes = kind.as_bytes();
    ["da", "db", "ct", "csd", "ccs", "cd", "ada", "pr", "er", "fsa"].contains(&level)
        && bytes.len() >= 6
        && bytes[..3].iter().all(u8::is_ascii_digit)
        && bytes[3] == b'b'
        && bytes[4..6].iter().all(u8::is_ascii_digit)
}

/// Which records are in Québec, where the file tells provinces apart and holds several.
fn quebec_only(features: &mut Features, id_column: usize) -> Vec<bool> {
    let count = features.len();
    let columns: &Columns = &features.columns;
    let census =
        [BLOCK, AREA, SUBDIVISION, DIVISION].iter().any(|spellings| columns.find(spellings) == Some(id_column));
    let inside: Vec<bool> = if let Some(province) = columns.find(PROVINCE_UID) {
        (0..count).map(|record| matches!(features.text(record, province).as_str(), "24" | "")).collect()
    } else if census {
        (0..count).map(|record| belongs_to_quebec(&features.text(record, id_column))).collect()
    } else {
        return vec![true; count];
    };
    let outside = inside.iter().filter(|&&inside| !inside).count();
    if outside == count || outside == 0 {
        return vec![true; count];
    }
    let message = both!(
        "{outside} des {count} enregistrements sont hors du Québec (province autre que « 24 ») : laissés de côté",
        "{outside} of {count} records are outside Québec (province other than \"24\"): left out"
    );
    features.findings.push(Finding::new(Severity::Note, FindingKind::OutsideCoverage, message).in_file(
        &features.file,
        None,
        None,
    ));
    inside
}

/// Whether a census identifier starts with the province's number; an empty one is told elsewhere.
fn belongs_to_quebec(text: &str) -> bool {
    let (id, _) = unit_id(text);
    id.is_empty() || id.starts_with("24")
}

/// The unit of each record: identifiers are pushed to `polygons`, repeated and empty ones are findings.
fn place_records(
    features: &mut Features,
    id_column: usize,
    kept: &[bool],
    polygons: &mut UnitPolygons,
    noun: &Words,
) -> Result<Vec<Option<u32>>, ImportError> {
    let count = features.len();
    if count == 0 {
        return Err(ImportError::Table(TableError::NoRow {
            path: features.shown(),
            expected: Words::new("un enregistrement par aire est attendu", "a record a unit"),
        }));
    }
    let column = features.columns.name(id_column).to_owned();
    let mut first_record: HashMap<String, usize> = HashMap::with_capacity(count);
    let mut places = vec![None; count];
    let mut repeated = 0_usize;
    let mut nameless = Vec::new();
    let mut findings = Vec::new();
    for record in (0..count).filter(|&record| kept[record] && !features.deleted(record)) {
        let text = features.text(record, id_column);
        let (id, _) = unit_id(&text);
        let id = &*id;
        if id.is_empty() {
            nameless.push(record as u64 + 1);
            continue;
        }
        if let Some(before) = first_record.get(id) {
            repeated += 1;
            if repeated <= TOLD {
                let (before, after) = (before + 1, record + 1);
                let message = Words::new(
                    format!(
                        "{} « {id} » figure deux fois, aux enregistrements {before} et {after} : le second est laissé de côté ; \
                         fusionnez-les ou renommez-en un",
                        noun.french
                    ),
                    format!(
                        "{noun} \"{id}\" stands twice, in records {before} and {after}: the second one is left out; merge or rename it"
                    ),
                );
                let finding = Finding::new(Severity::Error, FindingKind::DuplicateUnit, message);
                findings.push(finding.in_file(&features.file, Some(record as u64 + 1), Some(&column)).about([id]));
            }
            continue;
        }
        first_record.insert(id.to_owned(), record);
        places[record] = Some(polygons.push_unit(id));
    }
    if repeated > TOLD {
        let message = Words::new(
            format!("{} autres enregistrements répètent un identifiant ({})", repeated - TOLD, noun.french),
            format!("{} more records repeat a {noun}", repeated - TOLD),
        );
        let finding = Finding::new(Severity::Error, FindingKind::DuplicateUnit, message);
        findings.push(finding.in_file(&features.file, None, Some(&column)));
    }
    if let Some(&first) = nameless.first() {
        let message = both!(
            "{} enregistrements n'ont pas d'identifiant dans « {column} » : ils sont laissés de côté",
            "{} records have no identifier in \"{column}\": they are left out",
            nameless.len()
        );
        let finding = Finding::new(Severity::Error, FindingKind::BadValue, message);
        findings.push(finding.in_file(&features.file, Some(first), Some(&column)));
    }
    features.findings.append(&mut findings);
    Ok(places)
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
