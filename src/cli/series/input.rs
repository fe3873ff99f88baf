//! Files and atlases that the commands on series start from.

use std::path::Path;

use super::args::{Atlases, Pair, TableArgs};
use crate::atlas::Atlas;
use crate::cli::CliError;
use crate::compare::{CompareError, EditionList, Setting, parse_editions};
use crate::domain::{EditionError, Level};
use crate::series::{Table, TableOptions, read_correspondence};

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|source| CliError::Read { path: path.to_owned(), source })
}

/// The name of a file without its folder.
pub fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Reads a table of values.
pub fn table(path: &Path, options: &TableOptions) -> Result<Table, CliError> {
    Ok(Table::read(&read(path)?, &name(path), options)?)
}

/// Reads a table of values and, where they are given, the same counts by unit.
pub fn tables(asked: &TableArgs) -> Result<(Table, Option<Table>), CliError> {
    let options = TableOptions { level: asked.level, measure: asked.measure.map(Into::into) };
    let table = table(&asked.table, &options)?;
    let units = TableOptions { level: Some(Level::Da), measure: options.measure };
    let by_unit = asked.by_unit.as_deref().map(|path| self::table(path, &units)).transpose()?;
    Ok((table, by_unit))
}

/// Opens the atlases and takes two editions: `from` of the first, `to` of the second where there is one.
pub fn pair(asked: &Pair, middle: Option<&str>) -> Result<Setting, CliError> {
    let atlas = crate::cli::open(asked.atlases.atlas.as_deref())?;
    if let Some(newer) = newer(&asked.atlases)? {
        return across(
            &asked.atlases,
            (&atlas, std::slice::from_ref(&asked.from)),
            (&newer, std::slice::from_ref(&asked.to)),
        );
    }
    let mut names = vec![asked.from.clone(), asked.to.clone()];
    names.extend(middle.map(str::to_owned));
    Ok(Setting::new(&atlas, &names)?)
}

/// Opens the atlases and takes the editions listed, or all of them; and the list.
pub fn editions(asked: &Atlases, list: Option<&str>, target: Option<&str>) -> Result<(Setting, EditionList), CliError> {
    let list = list.map(parse_editions).transpose()?.unwrap_or_default().with_target(target);
    let atlas = crate::cli::open(asked.atlas.as_deref())?;
    let Some(newer) = newer(asked)? else {
        return Ok((Setting::new(&atlas, &list.names)?, list));
    };
    let holds = |atlas: &Atlas, name: &str| atlas.editions().any(|edition| edition.header.id == name);
    let (mut of_older, mut of_newer): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for name in &list.names {
        match (holds(&atlas, name), holds(&newer, name)) {
            (_, true) => of_newer.push(name.clone()),
            (true, false) => of_older.push(name.clone()),
            (false, false) => {
                let known = atlas.editions().chain(newer.editions()).map(|held| format!("\"{}\"", held.header.id));
                let known = known.collect::<Vec<_>>().join(", ");
                return Err(CompareError::from(EditionError::Unknown { id: name.clone(), known }).into());
            }
        }
    }
    if !list.names.is_empty() && (of_older.is_empty() || of_newer.is_empty()) {
        let only = if of_older.is_empty() { newer } else { atlas };
        return Ok((Setting::new(&only, &list.names)?, list));
    }
    Ok((across(asked, (&atlas, &of_older), (&newer, &of_newer))?, list))
}

fn newer(asked: &Atlases) -> Result<Option<Atlas>, CliError> {
    Ok(asked.to_atlas.as_deref().map(Atlas::open).transpose()?)
}

fn across(asked: &Atlases, older: (&Atlas, &[String]), newer: (&Atlas, &[String])) -> Result<Setting, CliError> {
    let rows = match &asked.correspondence {
        Some(path) => Some(read_correspondence(&read(path)?)?),
        None => None,
    };
    Ok(Setting::across(older, newer, rows.as_deref())?)
}
