//! The rows of one file of addresses.

use std::path::Path;

use rayon::prelude::*;

use super::columns::{AddressColumns, AddressPart, Places};
use super::locations::Locations;
use crate::address::{
    AddressRecord, Civic, GazetteerBuilder, NO_UNIT, ParsedAddress, PostalCode, Province, Suffix, parse, repaired,
};
use crate::domain::{Finding, FindingKind, LonLat, Severity, Words, both};
use crate::geometry::Projector as _;
use crate::import::{ImportError, Projection};
use crate::tables::columns::fold;
use crate::tables::encoding::{Encoding, not_utf8};
use crate::tables::file::shown;
use crate::tables::numbers::parse as decimal;
use crate::tables::stream::Stream;
use crate::tables::{ColumnsUsed, Flaw};

/// Rows between two words on progress.
const STEP: u64 = 500_000;

/// Why a row gave no address, or not all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    NoPosition,
    OffQuebec,
    OtherProvince,
    NoStreet,
    BadNumber,
    BadPostalCode,
    NoUnit,
    OpenQuote,
    Shifted,
}

const TROUBLES: [(Trouble, FindingKind, (&str, &str)); 9] = [
    (
        Trouble::NoPosition,
        FindingKind::BadValue,
        ("n'ont pas de position lisible : laissées de côté", "have no position that can be read: left out"),
    ),
    (
        Trouble::OffQuebec,
        FindingKind::OutsideCoverage,
        (
            "sont loin du Québec : laissées de côté ; le système de coordonnées est-il le bon ?",
            "lie far from Québec: left out; is the coordinate system right?",
        ),
    ),
    (
        Trouble::OtherProvince,
        FindingKind::OutsideCoverage,
        ("sont d'une autre province : laissées de côté", "are of another province: left out"),
    ),
    (
        Trouble::NoStreet,
        FindingKind::BadValue,
        (
            "n'ont pas de rue : ne comptent que pour leur municipalité et leur code postal",
            "have no street: they only count for their municipality and postal code",
        ),
    ),
    (
        Trouble::BadNumber,
        FindingKind::BadValue,
        (
            "ont un numéro civique illisible : gardées comme rue sans lui",
            "have a civic number that can not be read: kept as a street without it",
        ),
    ),
    (
        Trouble::BadPostalCode,
        FindingKind::BadValue,
        (
            "ont un code postal qui n'en est pas un : gardées sans lui",
            "have a postal code that is none: kept without it",
        ),
    ),
    (
        Trouble::NoUnit,
        FindingKind::OutsideCoverage,
        ("sont hors de toute aire : gardées sans CLSC", "lie outside every unit: kept without a CLSC"),
    ),
    (
        Trouble::OpenQuote,
        FindingKind::BadValue,
        ("ouvrent un guillemet qui n'est pas fermé : laissées de côté", "open a quote that is not closed: left out"),
    ),
    (
        Trouble::Shifted,
        FindingKind::BadValue,
        ("ont plus de champs que l'en-tête : laissées de côté", "have more fields than the header: left out"),
    ),
];

/// Counts over all files.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub rows: u64,
    pub kept: u64,
    counts: [(u64, Option<(String, u64)>); TROUBLES.len()],
    encodings: Vec<(String, u64, Encoding)>,
    /// Which columns of each file were used.
    pub columns: Vec<(String, ColumnsUsed)>,
}

impl Tally {
    fn note(&mut self, trouble: Trouble, file: &str, line: u64) {
        let (count, first) = &mut self.counts[trouble as usize];
        *count += 1;
        first.get_or_insert_with(|| (file.to_owned(), line));
    }

    /// What was found, a kind each.
    pub fn findings(self) -> Vec<Finding> {
        let encodings = self.encodings.into_iter().map(|(file, line, encoding)| {
            Finding::new(Severity::Note, FindingKind::Encoding, not_utf8(encoding)).in_file(&file, Some(line), None)
        });
        let counts = TROUBLES.into_iter().zip(self.counts).filter_map(|((_, kind, what), (count, first))| {
            let (file, line) = first?;
            let (french, english) = what;
            let message = Words::new(
                format!("{count} des {} adresses {french} (la première à cette ligne)", self.rows),
                format!("{count} of {} addresses {english} (the first at this line)", self.rows),
            );
            Some(Finding::new(Severity::Note, kind, message).in_file(&file, Some(line), None))
        });
        encodings.chain(counts).collect()
    }
}

/// What is shared by the files of a register.
pub(super) struct Register<'a> {
    pub columns: &'a AddressColumns,
    pub projection: &'a Projection,
    pub locations: Option<&'a Locations>,
    pub unit_of: &'a dyn Fn(LonLat) -> u32,
}

impl Register<'_> {
    /// Takes a file in.
    pub fn read(
        &self,
        path: &Path,
        builder: &mut GazetteerBuilder,
        tally: &mut Tally,
        say: &mut dyn FnMut(&Words),
    ) -> Result<(), ImportError> {
        let mut table = Stream::open(path, &self.columns.names())?;
        let places = Places::find(&table.columns, self.columns)?;
        tally.columns.push((table.file.clone(), places.used(table.columns.names())));
        places.check(&table.columns, self.locations.is_some())?;
        let plane = self.plane_positions(path, &places)?;
        let mut row = 0;
        while table.advance()? {
            tally.rows += 1;
            if tally.rows.is_multiple_of(STEP) {
                say(&both!("{} lignes lues", "{} rows read", tally.rows));
            }
            let of_plane = plane.get(row).copied().flatten();
            row += 1;
            self.take(&table, &places, of_plane, builder, tally);
        }
        if let Some((line, encoding)) = table.other_encoding {
            tally.encodings.push((table.file, line, encoding));
        }
        Ok(())
    }

    /// Positions of the rows that have plane coordinates: read beforehand, since bringing them over one by one is slow.
    fn plane_positions(&self, path: &Path, places: &Places) -> Result<Vec<Option<LonLat>>, ImportError> {
        let (Some(x), Some(y)) = (places.get(AddressPart::X), places.get(AddressPart::Y)) else {
            return Ok(Vec::new());
        };
        let mut points = Vec::new();
        let mut table = Stream::open(path, &self.columns.names())?;
        while table.advance()? {
            let number = |column| number(&table.field(Some(column))).unwrap_or(f64::NAN);
            points.push([number(x), number(y)]);
        }
        points
            .par_chunks_mut(65_536)
            .try_for_each(|chunk| {
                let plane =
                    |point: &[f64; 2]| point[0].is_finite() && (point[0].abs() > 180.0 || point[1].abs() > 90.0);
                let mut some: Vec<[f64; 2]> = chunk.iter().copied().filter(|point| plane(point)).collect();
                self.projection.to_lon_lat(&mut some)?;
                let mut some = some.into_iter();
                for point in chunk.iter_mut().filter(|point| plane(point)) {
                    *point = some.next().unwrap_or([f64::NAN; 2]);
                }
                Ok(())
            })
            .map_err(|source: crate::geometry::ProjectionError| ImportError::AddressPositions {
                path: shown(path),
                source,
            })?;
        Ok(points.into_par_iter().map(|[lon, lat]| LonLat::new(lon, lat).ok()).collect())
    }

    fn take(
        &self,
        table: &Stream,
        places: &Places,
        of_plane: Option<LonLat>,
        builder: &mut GazetteerBuilder,
        tally: &mut Tally,
    ) {
        let field = |part: AddressPart| table.field(places.get(part));
        let line = table.line();
        let mut note = |trouble| tally.note(trouble, &table.file, line);
        match table.flaw() {
            Some(Flaw::UnclosedQuote) => return note(Trouble::OpenQuote),
            Some(Flaw::Ragged) => return note(Trouble::Shifted),
            None => {}
        }
        if elsewhere(&field(AddressPart::Province)) {
            return note(Trouble::OtherProvince);
        }
        let of_degrees = || {
            let (lat, lon) = (number(&field(AddressPart::Lat))?, number(&field(AddressPart::Lon))?);
            LonLat::new(lon, lat).ok()
        };
        let of_location = || self.locations?.find(&field(AddressPart::Location));
        // The register's own points of buildings are better than the representative points of block faces beside them.
        let position = if self.locations.is_some() {
            of_plane.or_else(of_location).or_else(of_degrees)
        } else {
            of_degrees().or(of_plane)
        };
        let Some(position) = position else { return note(Trouble::NoPosition) };
        let whole = field(AddressPart::Line);
        let given = field(AddressPart::Civic);
        let mut street = field(AddressPart::Street);
        let mut kind = field(AddressPart::Type);
        let mut direction = field(AddressPart::Direction);
        if street.is_empty() {
            street = field(AddressPart::MailStreet);
            kind = field(AddressPart::MailType);
            direction = field(AddressPart::MailDirection);
        }
        let mut unit = field(AddressPart::Unit);
        let mut civic = None;
        let mut range_end = None;
        let mut municipality = field(AddressPart::City);
        let mut sector = field(AddressPart::Sector);
        let mut postal_code = None;
        let text;
        let number_text = given.trim_end_matches(".0");
        if whole.is_empty()
            && let Ok(plain) = number_text.parse::<u32>()
        {
            let suffix = Suffix::parse(&field(AddressPart::Suffix)).unwrap_or_default();
            civic = (plain > 0 && plain < 1 << 24).then_some(Civic { number: plain, suffix });
            if civic.is_none() && plain > 0 {
                note(Trouble::BadNumber);
            }
        } else if !whole.is_empty() || !given.is_empty() {
            text = if whole.is_empty() { format!("{given} {street}") } else { repaired(&whole).into_owned() };
            let read = parse(&text);
            postal_code = read.postal_code;
            match read.readings.first() {
                Some(reading) => {
                    civic = reading.civic;
                    range_end = reading.range_end;
                    if unit.is_empty() {
                        unit = reading.unit.clone().unwrap_or_default().into();
                    }
                    if !whole.is_empty() {
                        street = reading.street_source(&text).to_owned().into();
                        if municipality.is_empty() {
                            municipality = municipality_of(&text, &street, &read).to_owned().into();
                        }
                    } else if civic.is_none() {
                        note(Trouble::BadNumber);
                    }
                }
                None if whole.is_empty() => note(Trouble::BadNumber),
                None => street = "".into(),
            }
        }
        let code_text = field(AddressPart::Postal);
        if !code_text.is_empty() {
            postal_code = PostalCode::parse(&code_text);
            if postal_code.is_none() {
                note(Trouble::BadPostalCode);
            }
        }
        if municipality.is_empty() {
            municipality = std::mem::take(&mut sector);
        }
        if street.is_empty() {
            note(Trouble::NoStreet);
            // A village without streets still counts its houses.
            if municipality.is_empty() {
                return;
            }
        }
        if fold(&sector) == fold(&municipality) {
            sector = "".into();
        }
        let place = (self.unit_of)(position);
        let added = builder.add(&AddressRecord {
            civic,
            range_end,
            apartment: &unit,
            street_name: &street,
            street_type: &kind,
            direction: &direction,
            municipality: &municipality,
            municipality_code: &field(AddressPart::Code),
            sector: &sector,
            postal_code: postal_code.filter(|code| code.province() == Province::Quebec),
            position,
            unit: place,
        });
        if added.is_err() {
            return note(Trouble::OffQuebec);
        }
        if place == NO_UNIT {
            note(Trouble::NoUnit);
        }
        tally.kept += 1;
    }
}

/// A decimal number; a comma counts as the decimal sign.
fn number(text: &str) -> Option<f64> {
    decimal(text.as_bytes()).filter(|value| value.is_finite())
}

/// The other provinces and territories.
const ELSEWHERE: [&str; 12] = ["on", "nb", "ns", "pe", "nl", "mb", "sk", "ab", "bc", "yt", "nt", "nu"];

/// Whether a province is named, and it is not Québec.
fn elsewhere(province: &str) -> bool {
    match province {
        "" | "24" | "QC" | "Qc" | "qc" | "Quebec" | "Québec" => false,
        other => {
            let code = other.len() == 2 && other.bytes().all(|byte| byte.is_ascii_digit());
            code && (10..=62).contains(&other.parse().unwrap_or(0))
                || ELSEWHERE.contains(&other.to_lowercase().as_str())
        }
    }
}

/// The municipality of a one-line address: the first part after the street that has no digit and is more than a province.
fn municipality_of<'t>(text: &'t str, street: &str, read: &ParsedAddress) -> &'t str {
    let Some(start) = text.find(street).filter(|_| !street.is_empty() && !read.readings.is_empty()) else { return "" };
    let rest = &text[start + street.len()..];
    rest.split([',', ';'])
        .map(|part| {
            // `Montréal (Québec) H2X 2S5`, `Montréal QC`: the municipality ends where those begin.
            let end = part.find(['(']).unwrap_or(part.len());
            let words: Vec<&str> = part[..end].split_whitespace().collect();
            let keep = words
                .iter()
                .position(|word| word.chars().any(|c| c.is_ascii_digit()) || matches!(*word, "QC" | "Qc" | "qc"))
                .unwrap_or(words.len());
            match (words.first(), keep) {
                (_, 0) | (None, _) => "",
                (Some(first), keep) => {
                    let from = part.find(first).unwrap_or(0);
                    let last = words[keep - 1];
                    let to = part[from..].rfind(last).map_or(part.len(), |at| from + at + last.len());
                    &part[from..to]
                }
            }
        })
        .find(|part| {
            let announced = matches!(fold(part).as_str(), "app" | "bureau" | "local" | "suite" | "unite");
            !part.is_empty() && !announced
        })
        .unwrap_or("")
}
