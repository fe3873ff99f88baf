//! Files and atlases that the commands on series start from.

use std::path::Path;
use std::sync::Arc;

use super::args::{Atlases, Pair, TableArgs, TableColumns};
use super::talk;
use crate::atlas::Atlas;
use crate::catalogue::{Catalogue, CatalogueError, Comparison, EditionList, KeptRevisions, Timetable, parse_editions};
use crate::cli::{CliError, named_columns};
use crate::domain::{EditionError, Language, Level};
use crate::series::{Basis, COLUMN_WORDS, CORRESPONDENCE_WORDS, KnownCodes, Table, TableOptions, read_correspondence};
use crate::store::Store;
use crate::tables::ColumnMap;

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

/// Names of the columns of a table of values.
pub fn table_columns(asked: &TableColumns) -> Result<ColumnMap, CliError> {
    let map = named_columns("--columns", asked.columns.as_deref(), COLUMN_WORDS)?;
    Ok(asked.single().into_iter().fold(map, |map, (word, column)| map.with(word, column)))
}

/// The codes of the editions of a setting.
pub fn known(setting: &Comparison) -> KnownCodes {
    KnownCodes::of(setting.timeline().editions.iter().map(|held| &held.edition.hierarchy))
}

/// Reads a table of values and, where they are given, the same counts by unit.
pub fn tables(asked: &TableArgs, setting: &Comparison) -> Result<(Table, Option<Table>), CliError> {
    let options = TableOptions {
        level: asked.level,
        measure: asked.measure.map(Into::into),
        known: known(setting),
        columns: table_columns(&asked.columns)?,
        encoding: asked.encoding.clone(),
        sheet: asked.sheet.clone(),
    };
    let table = table(&asked.table, &options)?;
    let units = TableOptions { level: Some(Level::Da), measure: options.measure, ..TableOptions::default() };
    let by_unit = asked.by_unit.as_deref().map(|path| self::table(path, &units)).transpose()?;
    Ok((table, by_unit))
}

/// The catalogues that editions come from: of one atlas, or of two over different units.
struct Catalogues {
    older: Catalogue,
    newer: Option<Catalogue>,
}

impl Catalogues {
    fn open(asked: &Atlases, lang: Language) -> Result<Self, CliError> {
        let mut older = Catalogue::new(crate::cli::open(asked.atlas.as_deref(), lang)?);
        let mut newer = asked.to_atlas.as_deref().map(Atlas::open).transpose()?.map(Catalogue::new);
        if let Some(path) = asked.store.as_deref() {
            let kept = Arc::new(KeptRevisions::new(Store::open_existing(path)?)?);
            // Revisions are over the units of one atlas: the newer one, where what was published can be carried out on it.
            let on_newer = newer.as_ref().map(|newer| newer.clone().with_kept(Arc::clone(&kept)));
            match on_newer.filter(|newer| newer.timetable().is_ok_and(|known| known.editions().is_ok())) {
                Some(on_newer) => newer = Some(on_newer),
                None => older = older.with_kept(kept),
            }
        }
        let mut known = Self { older, newer };
        for path in &asked.revisions {
            known.add(path)?;
        }
        Ok(known)
    }

    /// Carries out a revision on the newest atlas that has its base; gives the id of its edition.
    fn add(&mut self, path: &Path) -> Result<String, CliError> {
        if let Some(newer) = &mut self.newer
            && let Ok(read) = newer.read_revision(path, None)
            && let Ok(added) = newer.add(&read)
        {
            return Ok(added.header().id.clone());
        }
        let read = self.older.read_revision(path, None)?;
        Ok(self.older.add(&read)?.header().id.clone())
    }

    /// A name of an edition as it is, or the identifier of the edition that a revision's file gives.
    fn name_of(&mut self, asked: &str) -> Result<String, CliError> {
        let path = Path::new(asked);
        let is_file =
            path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("toml") || kind.eq_ignore_ascii_case("csv"));
        if is_file { self.add(path) } else { Ok(asked.to_owned()) }
    }

    /// The identifier of the edition that a word means: the name of a revision's file, or that of an edition of either atlas.
    fn id_of(&mut self, asked: &str) -> Result<String, CliError> {
        let asked = &*self.name_of(asked)?;
        if let Some(id) = self.newer.as_ref().and_then(|newer| newer.timetable().ok()?.id_of(asked).ok()) {
            return Ok(id);
        }
        let older = self.older.timetable()?;
        Ok(older.id_of(asked).map_err(|error| match (error, &self.newer) {
            (CatalogueError::Edition(EditionError::Unknown { id, .. }), Some(newer)) => {
                let all = self.older.atlas().editions().chain(newer.atlas().editions());
                let known = all.map(|held| format!("\"{}\"", held.header.id)).collect::<Vec<_>>().join(", ");
                CatalogueError::Edition(EditionError::Unknown { id, known })
            }
            (error, _) => error,
        })?)
    }

    fn timetables(&self) -> Result<(Timetable, Option<Timetable>), CliError> {
        let newer = self.newer.as_ref().map(Catalogue::timetable).transpose()?;
        Ok((self.older.timetable()?, newer))
    }
}

/// Opens the atlases and takes two editions: `from` of the first, `to` of the second where there is one.
pub fn pair(asked: &Pair, middle: Option<&str>, basis: Basis, lang: Language) -> Result<Comparison, CliError> {
    let mut known = Catalogues::open(&asked.atlases, lang)?;
    let from = [known.name_of(&asked.from)?];
    let to = [known.name_of(&asked.to)?];
    let middle = middle.map(|name| known.name_of(name)).transpose()?;
    let (older, newer) = known.timetables()?;
    if let Some(newer) = newer {
        return across(&asked.atlases, (&older, &from), (&newer, &to), basis, lang);
    }
    let names: Vec<String> = from.into_iter().chain(to).chain(middle).collect();
    Ok(Comparison::new(&older, &names, basis)?)
}

/// The editions of a question on a table of values.
pub struct Editions {
    /// The editions, joined.
    pub setting: Comparison,
    /// The list as asked for, every edition by its id.
    pub list: EditionList,
    /// Id of the edition that the values are wanted on, where one is named.
    pub target: Option<String>,
}

/// Opens the atlases and takes the editions listed, or all of them.
pub fn editions(
    asked: &Atlases,
    list: Option<&str>,
    target: Option<&str>,
    basis: Basis,
    lang: Language,
) -> Result<Editions, CliError> {
    let mut known = Catalogues::open(asked, lang)?;
    let mut list = list.map(parse_editions).transpose()?.unwrap_or_default();
    for name in list.names.iter_mut().chain(list.coded_in.values_mut()) {
        *name = known.id_of(name)?;
    }
    let target = target.map(|name| known.id_of(name)).transpose()?;
    let list = list.with_target(target.as_deref());
    let done = |setting, list| Ok(Editions { setting, list, target });
    let (older, newer) = known.timetables()?;
    let Some(newer) = newer else {
        return done(Comparison::new(&older, &list.names, basis)?, list);
    };
    let is_newer = |name: &String| newer.id_of(name).is_ok();
    let (of_newer, of_older): (Vec<String>, Vec<String>) = list.names.iter().cloned().partition(is_newer);
    if !list.names.is_empty() && (of_older.is_empty() || of_newer.is_empty()) {
        let only = if of_older.is_empty() { &newer } else { &older };
        return done(Comparison::new(only, &list.names, basis)?, list);
    }
    done(across(asked, (&older, &of_older), (&newer, &of_newer), basis, lang)?, list)
}

fn across(
    asked: &Atlases,
    older: (&Timetable, &[String]),
    newer: (&Timetable, &[String]),
    basis: Basis,
    lang: Language,
) -> Result<Comparison, CliError> {
    let rows = match &asked.correspondence {
        Some(path) => {
            let map = asked.correspondence_columns.as_deref();
            let named = named_columns("--correspondence-columns", map, CORRESPONDENCE_WORDS)?;
            let (rows, columns) = read_correspondence(&read(path)?, &name(path), &named)?;
            talk::columns(&name(path), &columns, lang, &mut std::io::stderr()).map_err(CliError::Output)?;
            Some(rows)
        }
        None => None,
    };
    Ok(Comparison::across(older, newer, rows.as_deref(), basis)?)
}
