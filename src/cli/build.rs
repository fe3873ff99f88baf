//! From a recipe to the bytes of an atlas.

use std::path::Path;

use super::addresses::Placer;
use super::overlay::attach_by_territories;
use super::{CliError, EditionRecipe, Recipe, named_columns};
use crate::atlas::{AtlasSource, Bytes, SourceFile, compile};
use crate::domain::{
    AttachmentTable, Date, Edition, EditionHeader, Finding, FindingKind, Hierarchy, Level, Severity, Territory, Words,
    both, year_in,
};
use crate::geometry::{Coverage, CoverageOptions};
use crate::import::{
    AttachmentColumns, HierarchyNames, ImportError, InstallationNames, PolygonOptions, PopulationColumns, UnitsFile,
    attach, read_attachments, read_hierarchy, read_installations, read_population, read_territories, read_units,
};
use crate::tables::{ColumnsUsed, TableError};

/// A finished build.
pub struct Built {
    /// The atlas; `None` where errors stop it.
    pub atlas: Option<Bytes>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
    /// Errors that stop the build.
    pub errors: usize,
}

/// Builds an atlas from a recipe. `say` is told each step.
///
/// # Errors
/// [`CliError`] for a file that can not be read as what it should be; errors in the data are findings.
pub fn build(recipe: &Recipe, say: &mut dyn FnMut(&Words)) -> Result<Built, CliError> {
    let missing = |what, flag, key| CliError::Missing { what, flag, key };
    let path = recipe.units.as_ref().ok_or_else(|| {
        missing(Words::new("le fichier des aires", "the units' file"), Words::same("--units"), "units")
    })?;
    let options = coverage_options(recipe)?;
    let nearest_m = positive("nearest_m", recipe.nearest_m.unwrap_or(5_000.0))?;
    if recipe.editions.is_empty() {
        return Err(missing(
            Words::new("l'édition", "the edition"),
            Words::new(
                "--attachments (ou --territories) et --edition",
                "--attachments (or --territories) and --edition",
            ),
            "[[edition]]",
        ));
    }
    say(&both!("lecture des aires de {}", "reading units from {}", path.display()));
    let asked = PolygonOptions {
        id_column: recipe.unit_id.as_deref(),
        layer: recipe.units_layer.as_deref(),
        crs: recipe.crs.as_deref(),
        encoding: recipe.encoding.as_deref(),
    };
    let units = read_units(path, asked)?;
    let mut sources = vec![source_file("units", path)?];
    say(&both!(
        "{} aires, {} points ; recherche des arcs communs",
        "{} units, {} points; finding shared arcs",
        units.polygons.ids.len(),
        units.polygons.coords.len()
    ));
    let mut findings = units.findings.clone();
    let file = file_name(path);
    let start = findings.len();
    let coverage = Coverage::build(&units.polygons, &units.crs, options, &mut findings)
        .map_err(|source| CliError::Coverage { file: file.clone(), source })?;
    for finding in &mut findings[start..] {
        finding.place.file.get_or_insert_with(|| file.clone());
    }
    say(&both!("{} arcs, {} sommets", "{} arcs, {} vertices", coverage.sides.len(), coverage.vertices.len()));

    let mut people = units.population.clone().unwrap_or_else(|| vec![None; units.polygons.ids.len()]);
    if let Some(path) = &recipe.population {
        sources.push(source_file("population", path)?);
        let columns = PopulationColumns {
            unit: recipe.population_unit.as_deref(),
            people: recipe.population_column.as_deref(),
            ..PopulationColumns::default()
        };
        let read = read_population(path, columns, &units.polygons.ids)?;
        say_columns(path, &read.columns, say);
        people = read.people;
        findings.extend(read.findings);
    }
    let mut people_year = recipe.population_year.or_else(|| {
        let column = recipe.population_column.as_deref().and_then(year_in);
        column.or_else(|| recipe.population.as_deref().and_then(|path| year_in(&file_name(path))))
    });
    let mut people_by_year = Vec::new();
    for other in &recipe.population_of {
        sources.push(source_file(&format!("population {}", other.year), &other.file)?);
        let columns = PopulationColumns { people: other.column.as_deref(), ..PopulationColumns::default() };
        let read = read_population(&other.file, columns, &units.polygons.ids)?;
        say_columns(&other.file, &read.columns, say);
        findings.extend(read.findings);
        people_by_year.push((other.year, read.people));
    }
    // Where no file is said to be the people of the units, the latest year is.
    if recipe.population.is_none() && people.iter().all(Option::is_none) {
        people_by_year.sort_by_key(|(year, _)| *year);
        if let Some((year, latest)) = people_by_year.pop() {
            (people, people_year) = (latest, Some(year));
        }
    }
    let mut installations = Vec::new();
    if let Some(path) = &recipe.installations {
        sources.push(source_file("installations", path)?);
        let named =
            named_columns("--installation-columns", recipe.installation_columns.as_deref(), INSTALLATION_WORDS)?;
        let asked = InstallationNames {
            code: named.get("code"),
            name: named.get("name"),
            lat: named.get("lat"),
            lon: named.get("lon"),
            clsc: named.get("clsc"),
            ..InstallationNames::default()
        };
        let read = read_installations(path, &asked)?;
        say_columns(path, &read.columns, say);
        installations = read.installations;
        findings.extend(read.findings);
    }
    let mut editions = Vec::new();
    for edition in &recipe.editions {
        if let Some(edition) = build_edition(recipe, edition, &units, &people, &mut sources, &mut findings, say)? {
            editions.push(edition);
        }
    }
    let is_acceptable = |kind: FindingKind| {
        matches!(kind, FindingKind::Gap | FindingKind::Overlap | FindingKind::InvalidRing | FindingKind::EmptyTerritory)
    };
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter(|finding| !(recipe.accept_errors && is_acceptable(finding.kind)))
        .count();
    if errors > 0 || editions.is_empty() {
        return Ok(Built { atlas: None, findings, errors: errors.max(1) });
    }
    let addresses = match &recipe.addresses {
        None => None,
        Some(path) => {
            let placer = Placer::new(&coverage, nearest_m)?;
            let read = super::addresses::read(recipe, path, &placer, say)?;
            sources.extend(read.sources);
            findings.extend(read.findings);
            Some(read.gazetteer)
        }
    };
    say(&both!("indexation", "indexing"));
    let source = AtlasSource {
        unit_ids: units.polygons.ids,
        coverage,
        people,
        people_year,
        people_by_year,
        editions,
        installations,
        nearest_m,
        sources,
        findings: findings.clone(),
        addresses,
    };
    Ok(Built { atlas: Some(compile(source)?), findings, errors: 0 })
}

/// Words of `--installation-columns` and `--hierarchy-columns`.
const INSTALLATION_WORDS: &[&str] = &["code", "name", "lat", "lon", "clsc"];
const HIERARCHY_WORDS: &[&str] =
    &["clsc", "clsc_name", "rls", "rls_name", "rts", "rts_name", "rss", "rss_name", "ruisss", "ruisss_name"];

/// Tells which columns of a table are used.
fn say_columns(path: &Path, columns: &ColumnsUsed, say: &mut dyn FnMut(&Words)) {
    let (file, words) = (file_name(path), columns.words());
    say(&Words::new(format!("colonnes de {file} : {}", words.french), format!("columns of {file}: {words}")));
}

fn coverage_options(recipe: &Recipe) -> Result<CoverageOptions, CliError> {
    let mut options = CoverageOptions::default();
    if let Some(tolerance) = recipe.tolerance_m {
        options.tolerance_m = positive("tolerance_m", tolerance)?;
    }
    Ok(options)
}

fn positive(key: &'static str, value: f64) -> Result<f64, CliError> {
    if (0.0..=1e6).contains(&value) {
        return Ok(value);
    }
    Err(CliError::BadValue {
        key,
        value: value.to_string(),
        expected: Words::new("des mètres, de 0 à 1000000", "metres from 0 to 1000000"),
    })
}

fn build_edition(
    whole: &Recipe,
    recipe: &EditionRecipe,
    units: &UnitsFile,
    people: &[Option<u32>],
    sources: &mut Vec<SourceFile>,
    findings: &mut Vec<Finding>,
    say: &mut dyn FnMut(&Words),
) -> Result<Option<Edition>, CliError> {
    let header = header(recipe)?;
    say(&both!("édition {}", "edition {}", header.id));
    let given = match &recipe.hierarchy {
        None => None,
        Some(path) => {
            sources.push(source_file("hierarchy", path)?);
            let named = named_columns("--hierarchy-columns", recipe.hierarchy_columns.as_deref(), HIERARCHY_WORDS)?;
            let asked = HierarchyNames {
                codes: ["clsc", "rls", "rts", "rss", "ruisss"].map(|word| named.get(word)),
                names: ["clsc_name", "rls_name", "rts_name", "rss_name", "ruisss_name"].map(|word| named.get(word)),
                people: recipe.hierarchy_population.as_deref(),
                ..HierarchyNames::default()
            };
            let read = read_hierarchy(path, &asked)?;
            say_columns(path, &read.columns, say);
            findings.extend(read.findings);
            Some(read.hierarchy)
        }
    };
    let no_hierarchy = || CliError::Missing {
        what: Words::new("la table des CLSC", "the table of CLSC"),
        flag: Words::same("--hierarchy"),
        key: "hierarchy",
    };
    let (hierarchy, table, straddles) = if let Some(path) = &recipe.attachments {
        let hierarchy = given.ok_or_else(no_hierarchy)?;
        sources.push(source_file("attachments", path)?);
        let columns = AttachmentColumns {
            unit: recipe.attachment_unit.as_deref(),
            clsc: recipe.attachment_clsc.as_deref(),
            fraction: recipe.attachment_fraction.as_deref(),
            ..AttachmentColumns::default()
        };
        let file = read_attachments(path, columns)?;
        say_columns(path, &file.columns, say);
        let attached = attach(&file, &units.polygons.ids, &hierarchy, Some(people), whole.partial);
        findings.extend(file.findings);
        findings.extend(attached.findings);
        (hierarchy, attached.table, attached.straddles)
    } else if let Some(path) = &recipe.territories {
        let asked = PolygonOptions { layer: recipe.territories_layer.as_deref(), ..PolygonOptions::default() };
        let territories = read_territories(path, asked)?;
        sources.push(source_file("territories", path)?);
        let hierarchy = given.or_else(|| territories.hierarchy.clone()).ok_or_else(no_hierarchy)?;
        let overlaid = attach_by_territories(&units.polygons, &units.crs, people, &territories, &hierarchy)?;
        findings.extend(overlaid.findings);
        (hierarchy, overlaid.table, overlaid.straddles)
    } else {
        return Err(CliError::Missing {
            what: Words::new("ce qui rattache les aires aux CLSC", "what attaches units to CLSC"),
            flag: Words::new("--attachments ou --territories", "--attachments or --territories"),
            key: "attachments",
        });
    };
    let Some(attachment) = table else {
        return Ok(None);
    };
    report_straddles(&header, &straddles, findings);
    report_nesting(&header, &hierarchy, findings);
    report_empty(&header, &hierarchy, &attachment, whole.partial, findings);
    Ok(Some(Edition { header, hierarchy, attachment, straddles }))
}

/// CLSC without units: an error each, or a note on all where the units are said to be a part of the province.
fn report_empty(
    header: &EditionHeader,
    hierarchy: &Hierarchy,
    attachment: &AttachmentTable,
    partial: bool,
    findings: &mut Vec<Finding>,
) {
    let list = hierarchy.territories(Level::Clsc).iter().enumerate();
    let empty: Vec<&Territory> =
        list.filter(|(clsc, _)| attachment.units(*clsc).is_empty()).map(|(_, territory)| territory).collect();
    if partial && !empty.is_empty() {
        let message = both!(
            "{} des {} CLSC n'ont aucune aire dans l'édition « {} », qui porte sur une partie du territoire",
            "{} of {} CLSC have no unit in edition \"{}\", which is about a part of the territory",
            empty.len(),
            hierarchy.clsc_count(),
            header.id
        );
        let codes = empty.iter().map(|territory| territory.code.as_str());
        findings.push(Finding::new(Severity::Note, FindingKind::EmptyTerritory, message).about(codes));
        return;
    }
    for territory in empty {
        let message = both!(
            "le CLSC « {} » ({}) n'a aucune aire dans l'édition « {} » : rattachez-lui-en, ou retirez-le ; si les aires sont une partie du territoire, dites --partial",
            "CLSC \"{}\" ({}) has no unit in edition \"{}\": attach some, or leave it out; if the units are a part of the territory, say --partial",
            territory.code,
            territory.name,
            header.id
        );
        findings
            .push(Finding::new(Severity::Error, FindingKind::EmptyTerritory, message).about([territory.code.as_str()]));
    }
}

fn header(recipe: &EditionRecipe) -> Result<EditionHeader, CliError> {
    let id = recipe.id.clone().or_else(|| recipe.valid_from.map(|date| date.to_string()));
    let id = id.filter(|id| !id.trim().is_empty()).ok_or(CliError::Missing {
        what: Words::new("l'identifiant de l'édition", "the edition's identifier"),
        flag: Words::same("--edition"),
        key: "id",
    })?;
    let valid_from = match recipe.valid_from {
        Some(date) => date,
        None => id.parse::<Date>().map_err(|_| CliError::BadValue {
            key: "edition",
            value: id.clone(),
            expected: Words::new(
                "une date, AAAA-MM-JJ, ou --valid-from à côté",
                "a date, YYYY-MM-DD, or --valid-from beside it",
            ),
        })?,
    };
    let label = recipe.label.clone().unwrap_or_else(|| format!("Territoires de CLSC au {valid_from}"));
    Ok(EditionHeader { id, label, official: recipe.official, valid_from })
}

fn report_straddles(header: &EditionHeader, straddles: &[crate::domain::Straddle], findings: &mut Vec<Finding>) {
    for straddle in straddles {
        let shares: Vec<String> =
            straddle.shares.iter().map(|share| format!("{} {:.1} %", share.clsc, share.fraction * 100.0)).collect();
        let people = straddle.people_moved.map_or_else(
            || Words::same(""),
            |people| both!(", environ {} personnes dans les autres", ", about {} people in the others", people),
        );
        let (unit, shares, edition) = (&straddle.unit, shares.join(", "), &header.id);
        let message = Words::new(
            format!(
                "l'aire « {unit} » est partagée entre {shares} dans l'édition « {edition} » : donnée au premier{}",
                people.french
            ),
            format!("unit \"{unit}\" is shared between {shares} in edition \"{edition}\": given to the first{people}"),
        );
        let mut finding = Finding::new(Severity::Note, FindingKind::Straddle, message).about([straddle.unit.as_str()]);
        finding.people = straddle.people_moved;
        findings.push(finding);
    }
}

fn report_nesting(header: &EditionHeader, hierarchy: &Hierarchy, findings: &mut Vec<Finding>) {
    for split in hierarchy.nesting_breaks() {
        let parents: Vec<&str> = split.parents.iter().map(crate::domain::TerritoryCode::as_str).collect();
        let (lower, code, upper, edition) = (split.lower.acronym(), &split.code, split.upper.acronym(), &header.id);
        let message = Words::new(
            format!(
                "{lower} {code} est partagé entre {upper} {} dans l'édition « {edition} » : chaque niveau suit le CLSC",
                parents.join(" et ")
            ),
            format!(
                "{lower} {code} is split between {upper} {} in edition \"{edition}\": each level follows the CLSC",
                parents.join(" and ")
            ),
        );
        findings.push(Finding::new(Severity::Note, FindingKind::NestingBreak, message).about([split.code.as_str()]));
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn source_file(role: &str, path: &Path) -> Result<SourceFile, CliError> {
    let bytes = std::fs::read(path).map_err(|source| {
        let path = path.display().to_string();
        CliError::Import(match source.kind() {
            std::io::ErrorKind::NotFound => ImportError::Table(TableError::NotFound { path }),
            _ => ImportError::Table(TableError::Unreadable { path, source }),
        })
    })?;
    Ok(SourceFile {
        role: role.to_owned(),
        name: file_name(path),
        xxh3: format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes)),
    })
}
