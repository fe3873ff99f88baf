//! Points of service from the ministry's register (M02), or from a plain table of code, name and coordinates.

use std::collections::HashMap;
use std::path::Path;

use super::ImportError;
use super::polygons::{TOLD, open_table};
use crate::domain::{Finding, FindingKind, Installation, Level, LonLat, Severity, Words, both};
use crate::tables::codes::{plain_code, territory_code};
use crate::tables::columns::Columns;
use crate::tables::degrees::degrees;
use crate::tables::repairs::Repairs;
use crate::tables::rows::Row;
use crate::tables::synonyms::{
    ADDRESS, CITY, CLSC, INSTALLATION, INSTALLATION_NAME, INSTALLATION_USUAL_NAME, LAT, LON, MISSION_LIST, POSTAL,
    STATED_CLSC, Spellings, X, Y,
};
use crate::tables::{ColumnsUsed, ReadOptions};

/// Missions of the register, each a column of `Oui` and `Non`.
const MISSIONS: Spellings = &[
    "CHPSY", "CHSGS", "CHSLD", "CLSC", "CPEJ", "CRDITED", "CRDPA", "CRDPM", "CRDPV", "CRDPL", "CRJDA", "CRMDA", "CRD",
];

/// Installations as read.
#[derive(Debug, Clone)]
pub struct InstallationsFile {
    /// File name, without its folder.
    pub file: String,
    /// Which columns were used.
    pub columns: ColumnsUsed,
    /// Installations in the order of the file.
    pub installations: Vec<Installation>,
    /// How many rows the file has; those that are no installation are in the findings.
    pub rows: usize,
    /// What was found on the way.
    pub findings: Vec<Finding>,
}

/// Columns that the caller names instead of the known spellings.
#[derive(Debug, Clone, Copy, Default)]
pub struct InstallationNames<'a> {
    /// Codes.
    pub code: Option<&'a str>,
    /// Names.
    pub name: Option<&'a str>,
    /// Latitude.
    pub lat: Option<&'a str>,
    /// Longitude.
    pub lon: Option<&'a str>,
    /// Stated CLSC.
    pub clsc: Option<&'a str>,
    /// Encoding of the file.
    pub encoding: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
}

struct InstallationColumns {
    code: usize,
    lon: usize,
    lat: usize,
    usual_name: Option<usize>,
    name: Option<usize>,
    address: Option<usize>,
    postal: Option<usize>,
    municipality: Option<usize>,
    stated: Option<usize>,
    missions: Vec<(usize, &'static str)>,
    mission_list: Option<usize>,
}

impl InstallationColumns {
    fn find(columns: &Columns, asked: &InstallationNames<'_>) -> Result<Self, ImportError> {
        let missions: Vec<(usize, &'static str)> =
            MISSIONS.iter().filter_map(|&mission| Some((columns.find(&[mission])?, mission))).collect();
        let register = missions.len() > 1;
        let named = |name: Option<&str>| name.map(|name| columns.named(name)).transpose();
        let degrees = |asked: Option<&str>, names: Spellings, plain: Spellings, what: Words| {
            let found = named(asked)?.or_else(|| columns.find(names)).or_else(|| columns.find(&plain[1..2]));
            found.ok_or_else(|| columns.missing(what, names))
        };
        let name = named(asked.name)?;
        Ok(Self {
            code: columns.choose(
                asked.code,
                INSTALLATION,
                both!("le code de l'installation", "the installation code"),
            )?,
            lon: degrees(asked.lon, LON, X, both!("la longitude", "the longitude"))?,
            lat: degrees(asked.lat, LAT, Y, both!("la latitude", "the latitude"))?,
            usual_name: name.or_else(|| columns.find(INSTALLATION_USUAL_NAME)),
            name: name.or_else(|| columns.find(INSTALLATION_NAME)),
            address: columns.find(ADDRESS),
            postal: columns.find(POSTAL),
            municipality: columns.find(CITY),
            stated: named(asked.clsc)?.or_else(|| columns.find(if register { STATED_CLSC } else { CLSC })),
            missions: if register { missions } else { Vec::new() },
            mission_list: columns.find(MISSION_LIST),
        })
    }

    fn used(&self, names: &[String]) -> ColumnsUsed {
        let missions = self.missions.iter().map(|&(place, _)| (Some(place), both!("mission", "mission")));
        let own = [
            (Some(self.code), both!("code", "code")),
            (self.usual_name, both!("nom usuel", "usual name")),
            (self.name.filter(|&name| Some(name) != self.usual_name), both!("nom", "name")),
            (Some(self.lat), both!("latitude", "latitude")),
            (Some(self.lon), both!("longitude", "longitude")),
            (self.address, both!("adresse", "address")),
            (self.postal, both!("code postal", "postal code")),
            (self.municipality, both!("municipalité", "municipality")),
            (self.stated, Words::same("CLSC")),
            (self.mission_list, both!("missions", "missions")),
        ];
        ColumnsUsed::new(names, own.into_iter().chain(missions))
    }

    /// One row; the sentence that says why not where it is none.
    fn installation(&self, row: &Row, repairs: &mut Repairs) -> Result<Installation, Words> {
        let text = |column: Option<usize>| column.map(|column| row.field(column)).filter(|text| !text.is_empty());
        let (code, repair) = plain_code(row.field(self.code));
        if code.is_empty() {
            return Err(both!("elle n'a pas de code", "it has no code"));
        }
        repairs.note(repair, self.code, row.line(), row.field(self.code), &code);
        let name = text(self.usual_name).or(text(self.name)).unwrap_or(&code);
        let read = |column: usize, what: &str| {
            let value = row.field(column);
            degrees(value).ok_or_else(|| {
                both!(
                    "sa {} « {} » n'est pas un nombre de degrés",
                    "its {} \"{}\" is no number of degrees",
                    what,
                    value
                )
            })
        };
        let point = LonLat::new(read(self.lon, "longitude")?, read(self.lat, "latitude")?)
            .map_err(|error| Words::of(&error))?;
        let stated_clsc = text(self.stated).map(|stated| match territory_code(Level::Clsc, stated, |_| true) {
            Ok(read) => {
                repairs.note(read.repair, self.stated.unwrap_or_default(), row.line(), stated, read.code.as_str());
                read.code.as_str().to_owned()
            }
            Err(_) => stated.to_owned(),
        });
        let mut missions: Vec<String> = self
            .missions
            .iter()
            .filter(|&&(column, _)| yes(row.field(column)))
            .map(|&(_, mission)| mission.to_owned())
            .collect();
        if let Some(list) = text(self.mission_list) {
            let words = list.split([';', ',', ' ', '|', '+']).filter(|word| !word.is_empty());
            missions.extend(words.map(str::to_uppercase));
        }
        let postal_code = text(self.postal)
            .map(|postal| postal.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase());
        Ok(Installation {
            code: code.clone().into_owned(),
            name: name.to_owned(),
            lon: point.lon(),
            lat: point.lat(),
            address: text(self.address).map(str::to_owned),
            postal_code,
            municipality: text(self.municipality).map(str::to_owned),
            stated_clsc,
            missions,
        })
    }
}

fn yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "oui" | "o" | "1" | "x" | "yes" | "true" | "vrai")
}

/// Reads installations; a row that is none (no code, no coordinates) is a finding and left out.
///
/// A code that comes twice keeps its first row. The name is the usual one where the register gives it.
///
/// # Errors
/// [`ImportError`] where the file, the code column or a coordinate column is missing.
pub fn read_installations(path: &Path, asked: &InstallationNames<'_>) -> Result<InstallationsFile, ImportError> {
    let names: Vec<&str> = [asked.code, asked.name, asked.lat, asked.lon, asked.clsc].into_iter().flatten().collect();
    let options = ReadOptions { encoding: asked.encoding, sheet: asked.sheet, names: &names, header_row: None };
    let mut table = open_table(path, &options)?;
    let mut findings = table.take_findings();
    let columns = InstallationColumns::find(&table.columns, asked)?;
    let mut repairs = Repairs::default();
    let mut installations = Vec::new();
    let mut first_line: HashMap<String, u64> = HashMap::new();
    let (mut rows, mut bad) = (0_usize, 0_usize);
    table.for_each_row(|row| {
        rows += 1;
        let (kind, message) = match columns.installation(row, &mut repairs) {
            Ok(installation) => match first_line.get(&installation.code) {
                None => {
                    first_line.insert(installation.code.clone(), row.line());
                    installations.push(installation);
                    return;
                }
                Some(before) => {
                    let code = &installation.code;
                    let kind = FindingKind::DuplicateRow;
                    (
                        kind,
                        both!(
                            "l'installation « {code} » figure déjà à la ligne {before} : cette ligne est laissée de côté",
                            "installation \"{code}\" already stands on line {before}: this row is left out"
                        ),
                    )
                }
            },
            Err(reason) => {
                let code = row.field(columns.code);
                let message = Words::new(
                    format!("l'installation « {code} » est laissée de côté : {}", reason.french),
                    format!("installation \"{code}\" is left out: {reason}"),
                );
                (FindingKind::BadValue, message)
            }
        };
        bad += 1;
        if bad <= TOLD {
            let finding = Finding::new(Severity::Note, kind, message);
            findings.push(finding.in_file(table.file(), Some(row.line()), None).about([row.field(columns.code)]));
        }
    });
    findings.extend(repairs.findings(table.file(), table.column_names()));
    if bad > TOLD {
        let message = both!(
            "{} autres lignes ne sont pas des installations : laissées de côté",
            "{} more rows are no installation: left out",
            bad - TOLD
        );
        let finding = Finding::new(Severity::Note, FindingKind::BadValue, message);
        findings.push(finding.in_file(table.file(), None, None));
    }
    let columns = columns.used(table.column_names());
    Ok(InstallationsFile { file: table.file().to_owned(), columns, installations, rows, findings })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<InstallationsFile, ImportError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("i.csv");
        std::fs::write(&path, text).unwrap();
        read_installations(&path, &InstallationNames::default())
    }

    #[test]
    fn the_register_sample_is_read_whole() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/m02_installations_sample.csv"));
        if !path.is_file() {
            println!("skipped: {} is absent", path.display());
            return;
        }
        let file = read_installations(path, &InstallationNames::default()).unwrap();
        assert_eq!((file.installations.len(), file.rows, file.findings.len()), (461, 461, 0), "{:?}", file.findings);
        let first = &file.installations[0];
        assert_eq!((first.code.as_str(), first.name.as_str()), ("51216455", "CRDI-TSA DE TROIS-RIVIÈRES"));
        let stated: Vec<_> = file.installations.iter().filter_map(|one| one.stated_clsc.as_ref()).collect();
        assert_eq!(stated.len(), 460, "one installation of the sample has none");
        assert!(stated.iter().all(|code| code.len() == 5));
        assert!(file.installations.iter().any(|one| one.missions.iter().any(|mission| mission == "CLSC")));
        assert!(file.installations.iter().all(|one| one.postal_code.as_ref().is_none_or(|code| code.len() == 6)));
    }

    #[test]
    fn a_plain_table_will_do() {
        let file = read("code,name,lon,lat,clsc,postal_code\nA1,Un,-73.55,45.5,06121,h2x 1y4\n").unwrap();
        let one = &file.installations[0];
        assert_eq!((one.stated_clsc.as_deref(), one.postal_code.as_deref()), (Some("06121"), Some("H2X1Y4")));
    }

    #[test]
    fn bad_rows_are_counted_and_none_is_lost() {
        let file = read(
            "code;nom;lon;lat\nA1;Un;-73,55;45,5\n;Deux;-73;45\nA3;Trois;;\nA1;Encore;-73;45\nA5;Cinq;45.5;-73.5\n",
        )
        .unwrap();
        assert_eq!((file.rows, file.installations.len(), file.findings.len()), (5, 1, 4));
        let lines: Vec<_> = file.findings.iter().map(|finding| finding.place.line.unwrap()).collect();
        assert_eq!(lines, [3, 4, 5, 6]);
        assert!(file.findings[3].message.contains("swapped"), "{}", file.findings[3].message);
        let error = read("code;nom\nA1;Un\n").unwrap_err().to_string();
        assert!(error.contains("longitude") && error.contains("\"code\", \"nom\""), "{error}");
    }
}
