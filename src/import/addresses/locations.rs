//! Where the locations of a National Address Register are.

use std::collections::HashMap;
use std::path::Path;

use xxhash_rust::xxh3::{Xxh3DefaultBuilder, xxh3_128};

use super::columns::{AddressColumns, AddressPart, Places};
use crate::domain::{LonLat, both};
use crate::import::ImportError;
use crate::tables::stream::Stream;

/// Positions by location identifier; an identifier is kept as its hash.
#[derive(Debug, Default)]
pub(super) struct Locations(HashMap<u128, (f64, f64), Xxh3DefaultBuilder>);

fn key(identifier: &str) -> u128 {
    xxh3_128(identifier.trim_matches(['{', '}']).to_ascii_lowercase().as_bytes())
}

impl Locations {
    /// Takes a file of locations in.
    pub fn read(&mut self, path: &Path) -> Result<(), ImportError> {
        let mut table = Stream::open(path, &[])?;
        let places = Places::find(&table.columns, &AddressColumns::default())?;
        let wanted = |part: AddressPart, names: &[&str]| {
            places.get(part).ok_or_else(|| {
                table.columns.missing(
                    both!("l'identifiant et la position d'un emplacement", "a location's identifier and position"),
                    names,
                )
            })
        };
        let identifier = wanted(AddressPart::Location, &["LOC_GUID"])?;
        let lat = wanted(AddressPart::Lat, &["BF_REPPOINT_LATITUDE"])?;
        let lon = wanted(AddressPart::Lon, &["BF_REPPOINT_LONGITUDE"])?;
        while table.advance()? {
            let (Ok(lat), Ok(lon)) = (table.field(Some(lat)).parse(), table.field(Some(lon)).parse()) else { continue };
            self.0.insert(key(&table.field(Some(identifier))), (lon, lat));
        }
        Ok(())
    }

    /// The position of a location.
    pub fn find(&self, identifier: &str) -> Option<LonLat> {
        let &(lon, lat) = self.0.get(&key(identifier))?;
        LonLat::new(lon, lat).ok()
    }
}
