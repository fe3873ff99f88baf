//! Editions as revision commands mean them: of an atlas, of a store beside it, or of a file.

use std::path::Path;

use crate::atlas::Atlas;
use crate::cli::CliError;
use crate::domain::{Edition, EditionChoice, Words};
use crate::revision::{Applied, Revision, UnitIndex, unit_index};
use crate::store::{Published, Scenario, Store};

/// An atlas, and the store whose published revisions are editions too.
pub struct Shelf<'a> {
    /// The atlas.
    pub atlas: &'a Atlas,
    /// Its units.
    pub units: UnitIndex,
    store: Option<(Store, Published)>,
}

impl<'a> Shelf<'a> {
    /// Opens a store that there is, where one is named.
    pub fn open(atlas: &'a Atlas, store: Option<&Path>) -> Result<Self, CliError> {
        let store = store.map(Store::open_existing).transpose()?;
        Self::of(atlas, store)
    }

    /// Opens a store, or makes it where there is none.
    pub fn open_or_make(atlas: &'a Atlas, store: &Path) -> Result<Self, CliError> {
        Self::of(atlas, Some(Store::open(store)?))
    }

    fn of(atlas: &'a Atlas, store: Option<Store>) -> Result<Self, CliError> {
        let store = match store {
            Some(store) => {
                let published = Published::read(&store)?;
                Some((store, published))
            }
            None => None,
        };
        Ok(Self { atlas, units: unit_index(atlas), store })
    }

    /// The store; the commands that need one can not be typed without it.
    pub fn store(&self) -> Result<&Store, CliError> {
        self.store.as_ref().map(|(store, _)| store).ok_or(CliError::Missing {
            what: Words::new("la base de révisions", "the store"),
            flag: Words::same("--store"),
            key: "store",
        })
    }

    /// The revision of the store that a word names, where there is a store and the word is no file.
    pub fn kept(&self, word: &Path) -> Result<Option<Scenario>, CliError> {
        match &self.store {
            Some((store, _)) if !word.is_file() => Ok(Some(store.read(&word.to_string_lossy())?)),
            _ => Ok(None),
        }
    }

    /// Identifiers of the published revisions, in order of the day from which they hold.
    pub fn published(&self) -> Vec<String> {
        self.store.iter().flat_map(|(_, published)| published.ids()).map(str::to_owned).collect()
    }

    /// The revision of the store that a choice means; none where an edition of the atlas answers.
    pub fn chosen(&self, choice: &EditionChoice) -> Result<Option<Scenario>, CliError> {
        let Some((store, published)) = &self.store else { return Ok(None) };
        let edition = self.atlas.choose(choice).ok().map(|edition| edition.header.valid_from);
        let Some(id) = published.find(choice, edition) else { return Ok(None) };
        Ok(Some(store.read(&id)?))
    }

    /// The editions up to the one that a choice means, itself last.
    pub fn line(&self, choice: &EditionChoice) -> Result<Vec<Edition>, CliError> {
        if let Some(scenario) = self.chosen(choice)? {
            let mut line = self.line(&EditionChoice::Id(scenario.base.clone()))?;
            let edition = self.carry_out(&line, &scenario.revision())?.edition;
            line.push(edition);
            return Ok(line);
        }
        let last = self.atlas.choose(choice)?.number;
        Ok((0..=last).map(|number| self.atlas.edition(number).to_edition()).collect())
    }

    /// The edition that a revision may start from: of the atlas, or of a published revision.
    pub fn base(&self, choice: &EditionChoice) -> Result<Edition, CliError> {
        let line = self.line(choice)?;
        let base = last(&line);
        let published = self.store.iter().flat_map(|(_, published)| published.ids());
        let settled = self.atlas.editions().any(|known| known.header.id == base.header.id)
            || published.into_iter().any(|id| id == base.header.id);
        if settled { Ok(base.clone()) } else { Err(CliError::Unpublished { id: base.header.id.clone() }) }
    }

    /// Whether a revision may be published from its day on.
    pub fn may_publish(&self, revision: &Revision) -> Result<(), CliError> {
        match &self.store {
            Some((_, published)) => Ok(published.may_take(revision, self.atlas.editions().map(|known| known.header))?),
            None => Ok(()),
        }
    }

    /// Carries a revision out on the last of a line of editions.
    pub fn carry_out(&self, line: &[Edition], revision: &Revision) -> Result<Applied, CliError> {
        Ok(revision.apply(last(line), &self.units)?)
    }
}

/// The last edition of a line.
pub fn last(line: &[Edition]) -> &Edition {
    line.last().expect("an atlas that opened holds an edition, and a line ends with the one that was chosen")
}
