//! What to build an atlas from: flags, a TOML file, or both.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::CliError;
use super::args::BuildArgs;
use crate::domain::{Date, Words};

/// A recipe; paths in a file are relative to the file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipe {
    /// Limits of the finest units.
    pub units: Option<PathBuf>,
    /// Their layer, where the file has several.
    pub units_layer: Option<String>,
    /// Column with their identifier.
    pub unit_id: Option<String>,
    /// Their coordinate system.
    pub crs: Option<String>,
    /// Encoding of their table.
    pub encoding: Option<String>,
    /// People of each unit.
    pub population: Option<PathBuf>,
    /// Its column with the unit.
    pub population_unit: Option<String>,
    /// Column with the people.
    pub population_column: Option<String>,
    /// The year they were counted in.
    pub population_year: Option<i16>,
    /// People of each unit in other years.
    pub population_of: Vec<PopulationRecipe>,
    /// Points of service.
    pub installations: Option<PathBuf>,
    /// Their columns, as `--installation-columns` has them.
    pub installation_columns: Option<String>,
    /// Address registry.
    pub addresses: Option<PathBuf>,
    /// Its columns, as `--address-columns` has them.
    pub address_columns: Option<String>,
    /// Coordinate system of its x and y.
    pub address_crs: Option<String>,
    /// Slivers thinner than this are mended, metres.
    pub tolerance_m: Option<f64>,
    /// How far outside a point still gets the nearest unit, metres.
    pub nearest_m: Option<f64>,
    /// Build in spite of errors in the limits.
    pub accept_errors: bool,
    /// Whether the units are a part of what the tables are about.
    pub partial: bool,
    /// Where findings go.
    pub findings: Option<PathBuf>,
    /// Where the atlas goes.
    pub output: Option<PathBuf>,
    /// The editions.
    #[serde(rename = "edition")]
    pub editions: Vec<EditionRecipe>,
}

/// People of each unit in one more year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationRecipe {
    /// The year.
    pub year: i16,
    /// The table.
    pub file: PathBuf,
    /// Its column with the people.
    #[serde(default)]
    pub column: Option<String>,
}

/// One edition of a recipe.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EditionRecipe {
    /// Identifier, usually its date.
    pub id: Option<String>,
    /// First day on which it holds.
    pub valid_from: Option<Date>,
    /// Label, in French.
    pub label: Option<String>,
    /// Whether it states the ministry's limits.
    pub official: bool,
    /// Table with the CLSC of each unit.
    pub attachments: Option<PathBuf>,
    /// Its column with the unit.
    pub attachment_unit: Option<String>,
    /// Its column with the CLSC.
    pub attachment_clsc: Option<String>,
    /// Its column with the share.
    pub attachment_fraction: Option<String>,
    /// Territory polygons to attach by instead.
    pub territories: Option<PathBuf>,
    /// Their layer, where the file has several.
    pub territories_layer: Option<String>,
    /// Table of CLSC with names and parents.
    pub hierarchy: Option<PathBuf>,
    /// Its column with people.
    pub hierarchy_population: Option<String>,
    /// Its columns, as `--hierarchy-columns` has them.
    pub hierarchy_columns: Option<String>,
}

impl PopulationRecipe {
    /// Reads `YEAR=FILE` or `YEAR=FILE:COLUMN`.
    fn parse(text: &str) -> Result<Self, CliError> {
        let refused = || CliError::BadValue {
            key: "--population-of",
            value: text.to_owned(),
            expected: Words::new(
                "ANNÉE=FICHIER ou ANNÉE=FICHIER:COLONNE, par exemple 2021=ad_2021.csv:population",
                "YEAR=FILE or YEAR=FILE:COLUMN, such as 2021=da_2021.csv:population",
            ),
        };
        let (year, rest) = text.split_once('=').ok_or_else(refused)?;
        let year = year.trim().parse().ok().filter(|year| (1900..2200).contains(year)).ok_or_else(refused)?;
        let (file, column) = match rest.rsplit_once(':') {
            Some((file, column)) if !file.is_empty() && !column.contains(['/', '\\']) => {
                (file, Some(column.to_owned()))
            }
            _ => (rest, None),
        };
        if file.is_empty() {
            return Err(refused());
        }
        Ok(Self { year, file: PathBuf::from(file), column })
    }
}

impl Recipe {
    /// The recipe that arguments mean: the file's, with the flags on top.
    ///
    /// Flags about an edition make one more edition, or change the only one of the file where they name none.
    ///
    /// # Errors
    /// [`CliError::Recipe`], [`CliError::RecipeText`].
    pub fn of(asked: &BuildArgs) -> Result<Self, CliError> {
        let mut recipe = match &asked.recipe {
            None => Self::default(),
            Some(path) => Self::read(path)?,
        };
        let over = |mine: &mut Option<PathBuf>, flag: &Option<PathBuf>| {
            if flag.is_some() {
                mine.clone_from(flag);
            }
        };
        over(&mut recipe.units, &asked.units);
        over(&mut recipe.population, &asked.population);
        over(&mut recipe.installations, &asked.installations);
        over(&mut recipe.addresses, &asked.addresses);
        over(&mut recipe.findings, &asked.findings);
        over(&mut recipe.output, &asked.output);
        let over = |mine: &mut Option<String>, flag: &Option<String>| {
            if flag.is_some() {
                mine.clone_from(flag);
            }
        };
        over(&mut recipe.units_layer, &asked.units_layer);
        over(&mut recipe.unit_id, &asked.unit_id);
        over(&mut recipe.crs, &asked.crs);
        over(&mut recipe.encoding, &asked.encoding);
        over(&mut recipe.population_unit, &asked.population_unit);
        over(&mut recipe.population_column, &asked.population_column);
        over(&mut recipe.installation_columns, &asked.installation_columns);
        over(&mut recipe.address_columns, &asked.address_columns);
        over(&mut recipe.address_crs, &asked.address_crs);
        recipe.population_year = asked.population_year.or(recipe.population_year);
        for text in &asked.populations_of {
            recipe.population_of.push(PopulationRecipe::parse(text)?);
        }
        recipe.tolerance_m = asked.tolerance_m.or(recipe.tolerance_m);
        recipe.nearest_m = asked.nearest_m.or(recipe.nearest_m);
        recipe.accept_errors |= asked.accept_errors;
        recipe.partial |= asked.partial;
        let flags = EditionRecipe {
            id: asked.edition.clone(),
            valid_from: asked.valid_from,
            label: asked.label.clone(),
            official: asked.official,
            attachments: asked.attachments.clone(),
            attachment_unit: asked.attachment_unit.clone(),
            attachment_clsc: asked.attachment_clsc.clone(),
            attachment_fraction: asked.attachment_fraction.clone(),
            territories: asked.territories.clone(),
            territories_layer: asked.territories_layer.clone(),
            hierarchy: asked.hierarchy.clone(),
            hierarchy_population: asked.hierarchy_population.clone(),
            hierarchy_columns: asked.hierarchy_columns.clone(),
        };
        if flags != EditionRecipe::default() {
            recipe.editions.push(flags);
        }
        Ok(recipe)
    }

    /// Reads a recipe file.
    ///
    /// # Errors
    /// [`CliError::Recipe`], [`CliError::RecipeText`].
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let text = crate::tables::read_text(path)?;
        let mut recipe: Self = toml::from_str(&text)
            .map_err(|source| CliError::RecipeText { path: path.to_owned(), source: Box::new(source) })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let place = |path: &mut Option<PathBuf>| {
            if let Some(path) = path {
                // A path of Windows in a recipe that is used elsewhere.
                let text = path.to_string_lossy();
                let plain = if std::path::MAIN_SEPARATOR == '/' && text.contains('\\') && !folder.join(&*path).exists()
                {
                    PathBuf::from(text.replace('\\', "/"))
                } else {
                    path.clone()
                };
                *path = folder.join(plain);
            }
        };
        for path in [
            &mut recipe.units,
            &mut recipe.population,
            &mut recipe.installations,
            &mut recipe.addresses,
            &mut recipe.findings,
            &mut recipe.output,
        ] {
            place(path);
        }
        for population in &mut recipe.population_of {
            population.file = folder.join(&population.file);
        }
        for edition in &mut recipe.editions {
            place(&mut edition.attachments);
            place(&mut edition.territories);
            place(&mut edition.hierarchy);
        }
        Ok(recipe)
    }
}
