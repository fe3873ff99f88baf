//! Registers of addresses in their several forms.

use std::path::Path;

use rattache::address::{MatchType, Outcome, PostalCode, parse};
use rattache::domain::FindingKind;
use rattache::import::{AddressesFile, ImportError, read_addresses};

fn read(path: &Path, columns: &str) -> Result<AddressesFile, ImportError> {
    read_addresses(path, &columns.parse().unwrap(), None, &|_| 7, &mut |_| {})
}

fn file(text: &[u8], columns: &str) -> Result<AddressesFile, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adresses.csv");
    std::fs::write(&path, text).unwrap();
    read(&path, columns)
}

/// The one place that a question finds: label, score and position to a metre or so.
fn found(file: &AddressesFile, question: &str) -> (String, f32, [i64; 2]) {
    let result = file.gazetteer.view().find_address(&parse(question));
    assert_eq!(result.outcome, Outcome::Matched, "{question}");
    let best = result.best.unwrap();
    assert_eq!(best.result_type, MatchType::Civic, "{question}");
    let near = |degrees: f64| (degrees * 1e5).round() as i64;
    (best.result_label, best.result_score, [near(best.position.lon()), near(best.position.lat())])
}

const QUESTION: &str = "1200 boul St-Laurent, Montreal H2X 2S5";
const LABEL: &str = "1200, boulevard Saint-Laurent, Montréal H2X 2S5";
/// Degrees times 100,000.
const AT: [i64; 2] = [-7_355_420, 4_550_880];

const NAR_HEADER: &str = "LOC_GUID,ADDR_GUID,APT_NO_LABEL,CIVIC_NO,CIVIC_NO_SUFFIX,OFFICIAL_STREET_NAME,OFFICIAL_STREET_TYPE,OFFICIAL_STREET_DIR,PROV_CODE,CSD_ENG_NAME,CSD_FRE_NAME,MAIL_STREET_NAME,MAIL_STREET_TYPE,MAIL_STREET_DIR,MAIL_MUN_NAME,MAIL_PROV_ABVN,MAIL_POSTAL_CODE,BG_X,BG_Y,BU_USE";

#[test]
fn the_national_address_register_is_joined_on_its_locations() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["Addresses", "Locations"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let addresses = format!(
        "\u{feff}{NAR_HEADER}\r\n\
         AB-1,x,,1200,,Saint-Laurent,BOUL,,24,Montreal,Montréal,SAINT-LAURENT,BOUL,,MONTREAL,QC,H2X2S5,7632529.6457,1245687.5289,1\r\n\
         ab-2,x,4,14,A,Principale,RUE,O,24,Laval,Laval,,,,,QC,H7A1A1,,,1\r\n\
         AB-3,x,,16,,,,,24,Laval,Laval,DES ÉRABLES,AV,,LAVAL,QC,H7A1A2,,,1\r\n\
         AB-9,x,,18,,Principale,RUE,O,24,Laval,Laval,,,,,QC,H7A1A1,,,1\r\n\
         AB-1,x,,20,,Bank,ST,,35,Ottawa,Ottawa,,,,,ON,K1A0A9,,,1\r\n"
    );
    std::fs::write(folder.path().join("Addresses/Address_24_part_1.csv"), addresses).unwrap();
    std::fs::write(folder.path().join("Addresses/Address_35.csv"), "no register at all").unwrap();
    let locations = "LOC_GUID,BF_UID,BF_REPPOINT_LATITUDE,BF_REPPOINT_LONGITUDE\nab-1,1,46,-74\nAB-2,1,45.6,-73.7\nAB-3,1,45.61,-73.71\n";
    std::fs::write(folder.path().join("Locations/Location_24.csv"), locations).unwrap();
    let read = read(folder.path(), "").unwrap();
    assert_eq!((read.rows, read.kept), (5, 3));
    assert_eq!(found(&read, QUESTION), (LABEL.to_owned(), 1.0, AT));
    let (label, _, at) = found(&read, "14A rue Principale O, app 4, Laval");
    assert_eq!(at, [-7_370_000, 4_560_000]);
    assert!(label.starts_with("14A, rue Principale Ouest"), "{label}");
    assert_eq!(found(&read, "16 av des Erables Laval").2, [-7_371_000, 4_561_000]);
    let counts: Vec<(FindingKind, Option<u64>)> = read.findings.iter().map(|one| (one.kind, one.place.line)).collect();
    assert_eq!(counts, [(FindingKind::BadValue, Some(5)), (FindingKind::OutsideCoverage, Some(6))]);
    assert!(read.findings.iter().all(|one| !one.message.contains("Principale") && !one.message.contains("Bank")));
}

#[test]
fn openaddresses_spreadsheets_and_one_line_registers_give_the_same_addresses() {
    let open = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n-73.5542,45.5088,1200,Boulevard Saint-Laurent,,Montréal,,QC,H2X 2S5,,a\n";
    let french = "No civique;Rue;Municipalité;Code postal;Latitude;Longitude\n1200;boul. Saint-Laurent;Montréal;H2X2S5;45,5088;-73,5542\n";
    let mapped = "a|b|c|d|e|f\n1200|Boulevard Saint-Laurent|Montréal|h2x-2s5|45.5088|-73.5542\n";
    let line =
        "id,adresse,lat,lon\n1,\"1200, boulevard Saint-Laurent, app. 3, Montréal (Québec) H2X 2S5\",45.5088,-73.5542\n";
    let plane = "adresse,x,y\n\"1200, boulevard Saint-Laurent, Montréal QC H2X 2S5\",7632529.6457,1245687.5289\n";
    let latin: Vec<u8> = french.chars().map(|c| c as u8).collect();
    for (text, columns) in [
        (open.as_bytes(), ""),
        (french.as_bytes(), ""),
        (&latin, ""),
        (mapped.as_bytes(), "civic=a,street=b,city=c,postal=d,lat=e,lon=f"),
        (line.as_bytes(), ""),
        (line.as_bytes(), "address=adresse,lat=lat"),
        (plane.as_bytes(), ""),
    ] {
        let read = file(text, columns).unwrap();
        assert_eq!(found(&read, QUESTION), (LABEL.to_owned(), 1.0, AT), "{columns} {}", String::from_utf8_lossy(text));
        let postal = read.gazetteer.view().find_postal_code(PostalCode::parse("H2X2S5").unwrap());
        assert_eq!(postal.units[0].unit, 7);
    }
}

#[test]
fn rows_that_can_not_be_used_are_counted_and_the_others_kept() {
    let text = "civic,street,city,postal,lat,lon\n\
        1,rue A-Un,Laval,H7A1A1,45.6,-73.7\n\
        2,rue A-Un,Laval,H7A1A1,,\n\
        3,rue A-Un,Laval,H7A1A1,95,-73.7\n\
        4,,Laval,H7A1A1,45.6,-73.7\n\
        5,rue A-Un,Laval,XXX,45.6,-73.7\n\
        6,rue A-Un,Laval,H7A1A1,48.85,2.35\n";
    let read = file(text.as_bytes(), "").unwrap();
    // The one without a street counts for its municipality and its postal code only.
    assert_eq!((read.rows, read.kept), (6, 3));
    let said: Vec<(&str, Option<u64>)> =
        read.findings.iter().map(|one| (one.message.split(' ').next().unwrap(), one.place.line)).collect();
    assert_eq!(said, [("2", Some(3)), ("1", Some(7)), ("1", Some(5)), ("1", Some(6))]);
}

#[test]
fn a_register_that_is_none_says_what_it_lacks() {
    let message = |text: &str, columns: &str| file(text.as_bytes(), columns).unwrap_err().to_string();
    assert!(message("nom,lat,lon\nx,45,-73\n", "").contains("street"));
    assert!(message("rue,nom\nx,y\n", "").contains("position"));
    assert!(message("rue,lat,lon\nx,45,-73\n", "civic=NO").contains("\"NO\""));
    assert!(message("", "").contains("empty"));
    assert!(message("rue,lat,lon\nx,,\n", "").contains("no row"));
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path(), ""), Err(ImportError::UnknownFormat { .. })));
    assert!("civic".parse::<rattache::import::AddressColumns>().is_err());
    assert!("rue=x".parse::<rattache::import::AddressColumns>().unwrap_err().to_string().contains("\"rue=x\""));
}
