//! Registers of addresses, streamed into a gazetteer: rows are never all in memory.
//!
//! - The National Address Register of Statistics Canada: a folder with `Addresses/Address_24_*.csv`, whose positions are
//!   `BG_X`, `BG_Y` (Statistics Canada Lambert) where they are given, else those of `Locations/Location_24_*.csv`, joined on
//!   `LOC_GUID`.
//! - `OpenAddresses`, and any CSV: columns by their usual names in both languages or by a map; one line or fields.
//!
//! A row that can not be used is counted with its reason; findings give the first line of each, never what stands there:
//! addresses are personal information.

mod columns;
mod locations;
mod read;

use std::path::{Path, PathBuf};

pub use columns::{AddressColumns, AddressColumnsError, AddressPart};

use super::{Crs, ImportError};
use crate::address::{Gazetteer, GazetteerBuilder, builtin_aliases};
use crate::domain::{Finding, LonLat, Words, both};
use crate::tables::file::{shown, unreadable};
use crate::tables::{ColumnsUsed, TableError};
use locations::Locations;
use read::Tally;

/// A register, compiled.
#[derive(Debug)]
pub struct AddressesFile {
    /// The addresses.
    pub gazetteer: Gazetteer,
    /// Rows read.
    pub rows: u64,
    /// Rows that gave an address.
    pub kept: u64,
    /// What was found, a kind each, with counts.
    pub findings: Vec<Finding>,
    /// Which columns of each file were used.
    pub columns: Vec<(String, ColumnsUsed)>,
    /// The files it was read from.
    pub files: Vec<PathBuf>,
}

/// Reads a register. `unit_of` gives the unit of a position ([`NO_UNIT`](crate::address::NO_UNIT) for none), `say` is told how
/// far it is. Plane coordinates are in `crs`, or in Statistics Canada Lambert where none is given.
///
/// Memory is about 50 bytes an address, and 32 a location for the National Address Register.
///
/// # Errors
/// [`ImportError`] for a file that is missing, has no row that can be used, or lacks the columns it needs.
pub fn read_addresses(
    path: &Path,
    columns: &AddressColumns,
    crs: Option<&str>,
    unit_of: &dyn Fn(LonLat) -> u32,
    say: &mut dyn FnMut(&Words),
) -> Result<AddressesFile, ImportError> {
    let projection = Crs::new(crs.unwrap_or("EPSG:3347")).projection()?;
    let (addresses, places) = if path.is_dir() { register_files(path)? } else { (vec![path.to_owned()], Vec::new()) };
    let mut locations = Locations::default();
    for file in &places {
        say(&both!("lecture des emplacements de {}", "reading locations from {}", shown(file)));
        locations.read(file)?;
    }
    let mut tally = Tally::default();
    let mut builder = GazetteerBuilder::new(builtin_aliases());
    for file in &addresses {
        say(&both!("lecture des adresses de {}", "reading addresses from {}", shown(file)));
        let with_locations = !places.is_empty();
        let register = read::Register {
            columns,
            projection: &projection,
            locations: with_locations.then_some(&locations),
            unit_of,
        };
        register.read(file, &mut builder, &mut tally, say)?;
    }
    drop(locations);
    if tally.kept == 0 {
        return Err(ImportError::Table(TableError::NoRow {
            path: shown(path),
            expected: Words::new(
                "des adresses avec une position au Québec sont attendues",
                "addresses with a position in Québec",
            ),
        }));
    }
    say(&both!(
        "{} adresses sur {} lignes ; compilation du registre",
        "{} addresses of {} rows; compiling the registry",
        tally.kept,
        tally.rows
    ));
    let gazetteer = builder.finish().map_err(|source| ImportError::Addresses { path: shown(path), source })?;
    let files = addresses.into_iter().chain(places).collect();
    let columns = std::mem::take(&mut tally.columns);
    Ok(AddressesFile { gazetteer, rows: tally.rows, kept: tally.kept, findings: tally.findings(), columns, files })
}

/// The address files and location files of a National Address Register: those of Québec where provinces are apart.
fn register_files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), ImportError> {
    let mut files = [Vec::new(), Vec::new()];
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|source| unreadable(&folder, source))? {
            let entry = entry.map_err(|source| unreadable(&folder, source))?;
            let path = entry.path();
            if path.is_dir() && depth < 2 {
                folders.push((path, depth + 1));
                continue;
            }
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let csv = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "csv");
            for (list, start) in files.iter_mut().zip(["address_", "location_"]) {
                if csv && name.starts_with(start) {
                    list.push(path.clone());
                }
            }
        }
    }
    for list in &mut files {
        list.sort();
        let of_quebec = |path: &PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
            name.split_once('_').is_some_and(|(_, rest)| rest.starts_with("24"))
        };
        if list.iter().any(of_quebec) {
            list.retain(of_quebec);
        }
    }
    let [addresses, places] = files;
    if addresses.is_empty() {
        return Err(ImportError::UnknownFormat {
            path: shown(folder),
            expected: Words::new(
                "un Registre national des adresses (un dossier avec Addresses/Address_24_*.csv) ni un CSV",
                "a National Address Register (a folder with Addresses/Address_24_*.csv) nor a CSV",
            ),
        });
    }
    Ok((addresses, places))
}
