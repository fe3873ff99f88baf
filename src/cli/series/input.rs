//! Files and atlases that the commands on series start from.

use std::path::{Path, PathBuf};

use super::args::{Atlases, Pair, TableArgs};
use crate::atlas::Atlas;
use crate::cli::CliError;
use crate::cli::revision::files;
use crate::cli::revision::shelf::Shelf;
use crate::compare::{CompareError, EditionList, Offer, Setting, parse_editions};
use crate::domain::{Edition, EditionChoice, EditionError, Language, Level, Words};
use crate::series::{Basis, Table, TableOptions, read_correspondence};

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

/// The atlases that editions come from, with the revisions on them.
struct Known {
    older: (Atlas, Vec<Edition>),
    newer: Option<(Atlas, Vec<Edition>)>,
    store: Option<PathBuf>,
    basis: Basis,
}

impl Known {
    fn open(asked: &Atlases, basis: Basis, lang: Language) -> Result<Self, CliError> {
        let older = crate::cli::open(asked.atlas.as_deref(), lang)?;
        let newer = asked.to_atlas.as_deref().map(Atlas::open).transpose()?;
        let (store, newer) = (asked.store.clone(), newer.map(|atlas| (atlas, Vec::new())));
        let mut known = Self { older: (older, Vec::new()), newer, store, basis };
        for path in &asked.revisions {
            known.add(path)?;
        }
        Ok(known)
    }

    /// Carries out a revision on the newest atlas that has its base; gives the id of its edition.
    fn add(&mut self, path: &Path) -> Result<String, CliError> {
        let store = self.store.as_deref();
        let tried = self.newer.as_ref().and_then(|(atlas, _)| files::edition(path, atlas, store).ok());
        let (edition, (atlas, drafts)) = match (tried, &mut self.newer) {
            (Some(edition), Some(newer)) => (edition, newer),
            _ => (files::edition(path, &self.older.0, store)?, &mut self.older),
        };
        let id = edition.header.id.clone();
        if atlas.editions().any(|held| held.header.id == id) {
            let expected = Words::new(
                "une révision dont aucune édition de l'atlas n'a l'identifiant",
                "a revision whose id no edition of the atlas has",
            );
            return Err(CliError::BadValue { key: "--revision", value: format!("{} ({id})", name(path)), expected });
        }
        drafts.retain(|draft| draft.header.id != id);
        drafts.push(edition);
        Ok(id)
    }

    /// The edition's own name, where it was asked for by the name of a revision's file, or is one of a store.
    fn own_name(&mut self, asked: &str) -> Result<String, CliError> {
        let path = Path::new(asked);
        let is_file =
            path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("toml") || kind.eq_ignore_ascii_case("csv"));
        if is_file {
            return self.add(path);
        }
        let atlas = self.newer.as_ref().map_or(&self.older.0, |(atlas, _)| atlas);
        let kept = Shelf::open(atlas, self.store.as_deref())?.chosen(&EditionChoice::Id(asked.to_owned()))?;
        kept.map_or_else(|| Ok(asked.to_owned()), |scenario| self.add(Path::new(&scenario.id)))
    }

    fn older(&self) -> Offer<'_> {
        Offer { atlas: &self.older.0, drafts: &self.older.1, basis: self.basis }
    }

    fn newer(&self) -> Option<Offer<'_>> {
        self.newer.as_ref().map(|(atlas, drafts)| Offer { atlas, drafts, basis: self.basis })
    }
}

/// Opens the atlases and takes two editions: `from` of the first, `to` of the second where there is one.
pub fn pair(asked: &Pair, middle: Option<&str>, basis: Basis, lang: Language) -> Result<Setting, CliError> {
    let mut known = Known::open(&asked.atlases, basis, lang)?;
    let from = [known.own_name(&asked.from)?];
    let to = [known.own_name(&asked.to)?];
    let middle = middle.map(|name| known.own_name(name)).transpose()?;
    if let Some(newer) = known.newer() {
        return across(&asked.atlases, (known.older(), &from), (newer, &to));
    }
    let names: Vec<String> = from.into_iter().chain(to).chain(middle).collect();
    Ok(Setting::new(known.older(), &names)?)
}

/// The editions of a question on a table of values.
pub struct Editions {
    /// The editions, joined.
    pub setting: Setting,
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
    let mut known = Known::open(asked, basis, lang)?;
    let mut list = list.map(parse_editions).transpose()?.unwrap_or_default();
    for name in list.names.iter_mut().chain(list.coded_in.values_mut()) {
        *name = known.own_name(name)?;
    }
    let target = target.map(|name| known.own_name(name)).transpose()?;
    let list = list.with_target(target.as_deref());
    let done = |setting, list| Ok(Editions { setting, list, target });
    let older = known.older();
    let Some(newer) = known.newer() else {
        return done(Setting::new(older, &list.names)?, list);
    };
    let (mut of_older, mut of_newer): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for name in &list.names {
        match (older.holds(name), newer.holds(name)) {
            (_, true) => of_newer.push(name.clone()),
            (true, false) => of_older.push(name.clone()),
            (false, false) => {
                let all = older.atlas.editions().chain(newer.atlas.editions());
                let known = all.map(|held| format!("\"{}\"", held.header.id)).collect::<Vec<_>>().join(", ");
                return Err(CompareError::from(EditionError::Unknown { id: name.clone(), known }).into());
            }
        }
    }
    if !list.names.is_empty() && (of_older.is_empty() || of_newer.is_empty()) {
        let only = if of_older.is_empty() { newer } else { older };
        return done(Setting::new(only, &list.names)?, list);
    }
    done(across(asked, (older, &of_older), (newer, &of_newer))?, list)
}

fn across(asked: &Atlases, older: (Offer<'_>, &[String]), newer: (Offer<'_>, &[String])) -> Result<Setting, CliError> {
    let rows = match &asked.correspondence {
        Some(path) => Some(read_correspondence(&read(path)?)?),
        None => None,
    };
    Ok(Setting::across(older, newer, rows.as_deref())?)
}
