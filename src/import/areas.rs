//! Areas with a code and a name, such as municipalities, as polygon files have them.

use std::collections::HashMap;
use std::path::Path;

use super::polygons::{Features, PolygonOptions, Purpose};
use super::{ImportError, Projection};
use crate::domain::{Finding, FindingKind, Severity, both};
use crate::geometry::UnitPolygons;
use crate::tables::synonyms::{SUBDIVISION, Spellings, TRACT};

/// Codes of municipalities, those of Statistics Canada's census subdivisions first.
const CODE: Spellings = &[
    SUBDIVISION[0],
    SUBDIVISION[1],
    SUBDIVISION[2],
    "MUS_CO_GEO",
    "CODE_MUN",
    "mcode",
    "mun_code",
    "code",
    TRACT[0],
    TRACT[1],
    TRACT[2],
    "id",
];
/// Their names.
const NAME: Spellings =
    &["CSDNAME", "SDRNOM", "CSDNAME_SDRNOM", "MUS_NM_MUN", "NOM_MUN", "munnom", "mun_nom", "name", "nom", "CTNAME"];

/// Areas read from a polygon file.
#[derive(Debug, Clone)]
pub struct AreasFile {
    /// File name, without its folder.
    pub file: String,
    /// Codes and rings, in the coordinates of the file; records of one code are one area.
    pub polygons: UnitPolygons,
    /// The name of each area; its code where the file has none.
    pub names: Vec<String>,
    /// From the coordinates of the file to longitude and latitude.
    pub crs: Projection,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Outlines read from a polygon file: one a record, whatever their attributes.
#[derive(Debug, Clone)]
pub struct OutlinesFile {
    /// File name, without its folder.
    pub file: String,
    /// Record numbers and rings, in the coordinates of the file.
    pub polygons: UnitPolygons,
    /// From the coordinates of the file to longitude and latitude.
    pub crs: Projection,
}

/// Reads outlines from a file of polygons, whatever their attributes.
///
/// # Errors
/// [`ImportError`], as for [`read_units`](super::read_units).
pub fn read_outlines(path: &Path) -> Result<OutlinesFile, ImportError> {
    let mut features = Features::open(path, PolygonOptions::default(), Purpose::Units)?;
    let mut polygons = UnitPolygons::default();
    let places: Vec<Option<u32>> = (0..features.len())
        .map(|record| (!features.deleted(record)).then(|| polygons.push_unit((record + 1).to_string())))
        .collect();
    features.read_shapes(&places, &mut polygons)?;
    Ok(OutlinesFile { file: features.file, polygons, crs: features.crs })
}

/// Reads areas from a file of polygons. Several records of one code are one area, as where each island has its own.
///
/// # Errors
/// [`ImportError`], as for [`read_units`](super::read_units).
pub fn read_areas(path: &Path, asked: PolygonOptions<'_>) -> Result<AreasFile, ImportError> {
    let mut features = Features::open(path, asked, Purpose::Units)?;
    let code = features.columns.choose(asked.id_column, CODE, both!("le code", "the code"))?;
    let name = features.columns.find(NAME).filter(|&name| name != code);
    let (mut polygons, mut names) = (UnitPolygons::default(), Vec::new());
    let mut known: HashMap<String, u32> = HashMap::new();
    let (mut places, mut nameless) = (vec![None; features.len()], Vec::new());
    for (record, place) in places.iter_mut().enumerate() {
        if features.deleted(record) {
            continue;
        }
        let id = features.text(record, code).trim().to_owned();
        if id.is_empty() {
            nameless.push(record as u64 + 1);
            continue;
        }
        let area = *known.entry(id.clone()).or_insert_with(|| {
            let text = name.map(|name| features.text(record, name).trim().to_owned());
            names.push(text.filter(|text| !text.is_empty()).unwrap_or_else(|| id.clone()));
            polygons.push_unit(id)
        });
        *place = Some(area);
    }
    features.read_shapes(&places, &mut polygons)?;
    if let Some(&first) = nameless.first() {
        let message = both!(
            "{} enregistrements n'ont pas de code : ils sont laissés de côté",
            "{} records have no code: they are left out",
            nameless.len()
        );
        let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
        features.findings.push(finding.in_file(&features.file, Some(first), None));
    }
    Ok(AreasFile { file: features.file, polygons, names, crs: features.crs, findings: features.findings })
}
