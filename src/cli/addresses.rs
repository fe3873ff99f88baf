//! The address registry of a build: read, each address placed in its unit.

use std::io::Read as _;
use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::{CliError, Recipe};
use crate::address::{Gazetteer, NO_UNIT};
use crate::atlas::SourceFile;
use crate::domain::{Finding, LonLat, Words, both};
use crate::geometry::{Coverage, FixedPoint};
use crate::import::{AddressColumns, ImportError, read_addresses};
use crate::lookup::{Limits, PointIndex};
use crate::tables::TableError;

/// Finds the unit of a position, as a resolution does: the one it lies in, else the nearest within reach.
pub struct Placer<'a> {
    coverage: &'a Coverage,
    index: PointIndex,
    outer: Limits,
    nearest_m: f64,
}

impl<'a> Placer<'a> {
    /// Indexes a coverage.
    ///
    /// # Errors
    /// [`CliError::Index`].
    pub fn new(coverage: &'a Coverage, nearest_m: f64) -> Result<Self, CliError> {
        let index = PointIndex::build(coverage.view())?;
        // With all units of one kind, the only limits left are those to the outside.
        let outer = Limits::without_clearance(&index.coarse, coverage.view(), &|_| 0);
        Ok(Self { coverage, index, outer, nearest_m })
    }

    /// The unit of a position, or [`NO_UNIT`].
    #[must_use]
    pub fn unit_of(&self, position: LonLat) -> u32 {
        let view = self.coverage.view();
        let (Some(p), Some(index)) = (FixedPoint::from_lon_lat(position), self.index.view(view)) else {
            return NO_UNIT;
        };
        let inside = index.locate(p);
        if inside > 0 {
            return inside - 1;
        }
        let nearby = self.outer.view(index, view).nearest_coverage(p, self.nearest_m);
        nearby.map_or(NO_UNIT, |nearby| nearby.side - 1)
    }
}

/// A registry that was read.
pub struct Addresses {
    /// Its addresses.
    pub gazetteer: Gazetteer,
    /// Its files.
    pub sources: Vec<SourceFile>,
    /// What was found in them.
    pub findings: Vec<Finding>,
}

/// Reads the registry of a recipe.
///
/// # Errors
/// [`CliError::AddressColumns`], [`CliError::Import`].
pub fn read(
    recipe: &Recipe,
    path: &Path,
    placer: &Placer<'_>,
    say: &mut dyn FnMut(&Words),
) -> Result<Addresses, CliError> {
    let columns: AddressColumns = recipe.address_columns.as_deref().unwrap_or_default().parse()?;
    let unit_of = |position| placer.unit_of(position);
    let read = read_addresses(path, &columns, recipe.address_crs.as_deref(), &unit_of, say)?;
    for (file, used) in &read.columns {
        let words = used.words();
        say(&Words::new(format!("colonnes de {file} : {}", words.french), format!("columns of {file}: {words}")));
    }
    let sources = read.files.iter().map(|file| source(file)).collect::<Result<_, _>>()?;
    say(&both!(
        "{} adresses, {} octets",
        "{} addresses, {} bytes",
        read.gazetteer.view().address_count(),
        read.gazetteer.byte_len()
    ));
    Ok(Addresses { gazetteer: read.gazetteer, sources, findings: read.findings })
}

/// A source file, whose bytes are never all in memory.
fn source(path: &Path) -> Result<SourceFile, CliError> {
    let failed = |source| {
        CliError::Import(ImportError::Table(TableError::Unreadable { path: path.display().to_string(), source }))
    };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut hasher = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    Ok(SourceFile {
        role: "addresses".to_owned(),
        name: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        xxh3: format!("{:016x}", hasher.digest()),
    })
}
