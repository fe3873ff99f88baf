//! Which column of a register of addresses holds what.

use crate::domain::{Words, both};
use crate::import::ImportError;
use crate::tables::ColumnsUsed;
use crate::tables::columns::Columns;
use crate::tables::synonyms::{
    ADDRESS, APARTMENT, CITY, CITY_CODE, CIVIC, CIVIC_PLAIN, DIRECTION, LAT, LOCATION, LON, MAIL_DIRECTION,
    MAIL_STREET, MAIL_TYPE, POSTAL, PROVINCE, SECTOR, STREET, STREET_TYPE, SUFFIX, Spellings, X, Y,
};

/// What a register can hold, with the word of a column map and the usual names, best first.
macro_rules! parts {
    ($($part:ident $word:literal $names:ident;)*) => {
        /// A part of an address in a register.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is what its name says")]
        pub enum AddressPart { $($part),* }

        impl AddressPart {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$part),*];

            /// Its word in a column map.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$part => $word),* }
            }

            const fn spellings(self) -> Spellings {
                match self { $(Self::$part => $names),* }
            }
        }
    };
}

parts! {
    Line "address" ADDRESS;
    Civic "civic" CIVIC;
    Suffix "suffix" SUFFIX;
    Unit "unit" APARTMENT;
    Street "street" STREET;
    Type "type" STREET_TYPE;
    Direction "direction" DIRECTION;
    City "city" CITY;
    Sector "sector" SECTOR;
    Code "code" CITY_CODE;
    Province "province" PROVINCE;
    Postal "postal" POSTAL;
    Lat "lat" LAT;
    Lon "lon" LON;
    X "x" X;
    Y "y" Y;
    Location "location" LOCATION;
    MailStreet "mail_street" MAIL_STREET;
    MailType "mail_type" MAIL_TYPE;
    MailDirection "mail_direction" MAIL_DIRECTION;
}

/// How many parts there are.
const PARTS: usize = AddressPart::ALL.len();

/// The columns that the caller names; the others are found by their usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressColumns {
    named: Vec<(AddressPart, String)>,
}

/// Why a text is no column map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" in the map of columns is not understood: expected NAME=COLUMN with a name of {known}")]
pub struct AddressColumnsError {
    text: String,
    known: String,
}

impl std::str::FromStr for AddressColumns {
    type Err = AddressColumnsError;

    /// Reads `civic=NO,street=RUE,city=VILLE,postal=CP,lat=LAT,lon=LON`.
    fn from_str(map: &str) -> Result<Self, AddressColumnsError> {
        let mut named = Vec::new();
        for pair in map.split(',').filter(|pair| !pair.trim().is_empty()) {
            let known = || AddressPart::ALL.iter().map(|part| part.word()).collect::<Vec<_>>().join(", ");
            let refused = || AddressColumnsError { text: pair.trim().to_owned(), known: known() };
            let (word, column) = pair.split_once('=').ok_or_else(refused)?;
            let word = word.trim().to_lowercase();
            let part = AddressPart::ALL.iter().find(|part| part.word() == word).ok_or_else(refused)?;
            if column.trim().is_empty() {
                return Err(refused());
            }
            named.push((*part, column.trim().to_owned()));
        }
        Ok(Self { named })
    }
}

impl AddressColumns {
    /// The names that the caller gave.
    pub(super) fn names(&self) -> Vec<&str> {
        self.named.iter().map(|(_, column)| column.as_str()).collect()
    }

    fn name(&self, part: AddressPart) -> Option<&str> {
        self.named.iter().find(|(named, _)| *named == part).map(|(_, column)| column.as_str())
    }
}

/// Places of the columns of one file.
#[derive(Debug, Clone)]
pub(super) struct Places([Option<usize>; PARTS]);

impl Places {
    pub fn find(columns: &Columns, named: &AddressColumns) -> Result<Self, ImportError> {
        let mut places = [None; PARTS];
        for (slot, &part) in places.iter_mut().zip(AddressPart::ALL) {
            *slot = match named.name(part) {
                Some(column) => Some(columns.named(column)?),
                None if part == AddressPart::Civic => {
                    columns.find(part.spellings()).or_else(|| columns.find(CIVIC_PLAIN))
                }
                None => columns.find(part.spellings()),
            };
        }
        // A column that the caller gives to one part is no other part's by its usual name.
        for &part in AddressPart::ALL {
            let place = places[part as usize];
            let taken = |other: &AddressPart| {
                *other != part && named.name(*other).is_some() && places[*other as usize] == place
            };
            if place.is_some() && named.name(part).is_none() && AddressPart::ALL.iter().any(taken) {
                places[part as usize] = None;
            }
        }
        // One line where it is asked for, or where there is no street of its own.
        if places[AddressPart::Street as usize].is_some() && named.name(AddressPart::Line).is_none() {
            places[AddressPart::Line as usize] = None;
        } else if named.name(AddressPart::Line).is_some() && named.name(AddressPart::Street).is_none() {
            places[AddressPart::Street as usize] = None;
        }
        Ok(Self(places))
    }

    /// Which columns of a file they are.
    pub fn used(&self, names: &[String]) -> ColumnsUsed {
        ColumnsUsed::new(names, AddressPart::ALL.iter().map(|&part| (self.get(part), Words::same(part.word()))))
    }

    pub fn get(&self, part: AddressPart) -> Option<usize> {
        self.0[part as usize]
    }

    /// Whether positions can be read: in this file or, with a location, in another.
    pub fn check(&self, columns: &Columns, with_locations: bool) -> Result<(), ImportError> {
        let has = |part| self.get(part).is_some();
        if !has(AddressPart::Street) && !has(AddressPart::Line) {
            return Err(columns
                .missing(
                    both!("la rue ou toute l'adresse", "the street or the whole address"),
                    AddressPart::Street.spellings(),
                )
                .into());
        }
        let degrees = has(AddressPart::Lat) && has(AddressPart::Lon);
        let plane = has(AddressPart::X) && has(AddressPart::Y);
        let joined = with_locations && has(AddressPart::Location);
        if !(degrees || plane || joined) {
            return Err(columns
                .missing(both!("la position", "the position"), &["lat", "lon", "latitude", "longitude", "x"])
                .into());
        }
        Ok(())
    }
}

impl crate::domain::French for AddressColumnsError {
    fn french(&self) -> String {
        format!(
            "« {} » n'est pas compris dans la liste des colonnes : NOM=COLONNE est attendu, le nom étant {}",
            self.text, self.known
        )
    }
}
