//! Exports: every format says the same thing, an atlas builds from its own exports, and what has no place has none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rattache::atlas::Atlas;
use rattache::domain::Level;
use rattache::export::FORMATS;
use rattache::geometry::wkb::{self, Wkb};
use rusqlite::Connection;
use serde_json::Value;

use crate::maps::wavy_grid;

fn rattache(folder: &Path, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_rattache");
    Command::new(program)
        .args(arguments)
        .args(["--lang", "en"])
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = rattache(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const BUILD: [&str; 16] = [
    "atlas",
    "build",
    "--units",
    "units.geojson",
    "--attachments",
    "da.csv",
    "--hierarchy",
    "clsc.csv",
    "--hierarchy-population",
    "gens",
    "--population",
    "da.csv",
    "--edition",
    "2024-01-01",
    "--partial",
    "--output=map.atlas",
];

/// A made-up map with islands, in three CLSC that have units and one that has none, with people, long names and accents.
fn map() -> &'static (tempfile::TempDir, PathBuf) {
    static MAP: std::sync::OnceLock<(tempfile::TempDir, PathBuf)> = std::sync::OnceLock::new();
    MAP.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let polygons = wavy_grid(11, [-73.6, 45.5], 5, 0.01, 4, 0.08);
        let mut rings: BTreeMap<u32, Vec<Vec<[f64; 2]>>> = BTreeMap::new();
        for (unit, ring) in polygons.rings() {
            let mut ring = ring.to_vec();
            ring.push(ring[0]);
            rings.entry(unit).or_default().push(ring);
        }
        let mut table = "DAUID,CLSC,population\n".to_owned();
        let features: Vec<String> = rings
            .iter()
            .map(|(&unit, rings)| {
                let id = format!("{}", 24_660_000 + unit);
                let clsc = ["06111", "06112", "06121"][unit as usize % 3];
                table.push_str(&format!("{id},{clsc},{}\n", 400 + unit));
                // Its own parts, the hole of an island among them, by the even-odd rule.
                let geometry = serde_json::json!({ "type": "Polygon", "coordinates": rings });
                serde_json::json!({ "type": "Feature", "properties": { "DAUID": id }, "geometry": geometry }).to_string()
            })
            .collect();
        let units = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
        std::fs::write(folder.path().join("units.geojson"), units).unwrap();
        std::fs::write(folder.path().join("da.csv"), table).unwrap();
        let rows = "CLSC_code,CLSC_nom,RLS_code,RLS_nom,RTS_code,RTS_nom,RSS_code,RSS_nom,RUIS_code,RUIS_nom,gens\n\
             06111,Île-Perrot,0611,Réseau de l'Ouest,061,CIUSSS de l'Ouest,06,Montréal,3,RUISSS Université McGill,1000\n\
             06112,\"Lac, Saint-Louis\",0611,Réseau de l'Ouest,061,CIUSSS de l'Ouest,06,Montréal,3,RUISSS Université McGill,\n\
             06121,Bordeaux,0612,Réseau du Nord,062,Nord,06,Montréal,2,RUISSS Université de Montréal,3000\n\
             06122,Sans terre,0612,Réseau du Nord,062,Nord,06,Montréal,2,RUISSS Université de Montréal,0\n"
                    .to_owned();
        std::fs::write(folder.path().join("clsc.csv"), rows).unwrap();
        done(folder.path(), &BUILD);
        let atlas = folder.path().join("map.atlas");
        (folder, atlas)
    })
}

fn export(folder: &Path, level: &str, name: &str, more: &[&str]) -> PathBuf {
    let atlas = map().1.to_str().unwrap();
    done(folder, &[&["atlas", "export", "--atlas", atlas, "--level", level, "-o", name], more].concat());
    folder.join(name)
}

/// What must survive: units, their people and CLSC, and every territory.
fn essence(atlas: &Atlas) -> (Vec<(String, Option<u32>, String)>, String) {
    let edition = atlas.edition(0);
    let clsc = edition.hierarchy.territories(Level::Clsc);
    let mut units: Vec<_> = (0..atlas.unit_count())
        .map(|unit| {
            let code = clsc[usize::from(edition.clsc_of_unit[unit])].code.as_str().to_owned();
            (atlas.unit_id(unit).to_owned(), atlas.people(unit), code)
        })
        .collect();
    units.sort();
    (units, serde_json::to_string(edition.hierarchy).unwrap())
}

fn areas(atlas: &Atlas) -> BTreeMap<String, f64> {
    (0..atlas.unit_count()).map(|unit| (atlas.unit_id(unit).to_owned(), atlas.areas_m2()[unit])).collect()
}

#[test]
fn an_atlas_builds_from_its_own_exports_without_a_column_being_named() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Atlas::open(&map().1).unwrap();
    export(folder.path(), "da,clsc", "t.csv", &[]);
    export(folder.path(), "all", "all.gpkg", &[]);
    let mut ways: Vec<(String, String)> = vec![("all.gpkg".to_owned(), "all.gpkg".to_owned())];
    for format in FORMATS.iter().filter(|format| format.outlines) {
        for (ending, crs) in
            [(format.endings[0], "EPSG:4326"), (format.endings[0], "EPSG:3347"), (format.endings[0], "EPSG:4269")]
        {
            let stem = crs.replace(':', "");
            for level in ["da", "clsc"] {
                export(folder.path(), level, &format!("{stem}-{level}.{ending}"), &["--crs", crs]);
            }
            ways.push((format!("{stem}-da.{ending}"), format!("{stem}-clsc.{ending}")));
        }
    }
    for (units, territories) in &ways {
        let tables = ["--attachments", "t-da.csv", "--hierarchy", "t-clsc.csv"];
        let polygons = ["--territories", territories];
        for attached in [&tables[..], &polygons[..]] {
            let base =
                ["atlas", "build", "--units", units, "--edition", "2024-01-01", "--partial", "-o", "again.atlas"];
            done(folder.path(), &[&base[..], attached].concat());
            let again = Atlas::open(&folder.path().join("again.atlas")).unwrap();
            assert_eq!(essence(&again), essence(&whole), "{units} {attached:?}");
            let (before, after) = (areas(&whole), areas(&again));
            for (id, area) in &before {
                assert!((after[id] - area).abs() < 1e-3, "{units}: {id} has {} m2, not {area}", after[id]);
            }
            std::fs::remove_file(folder.path().join("again.atlas")).unwrap();
        }
    }
}

/// Rings of each territory, by code, as a format has them.
type Outlines = BTreeMap<String, Vec<Vec<[f64; 2]>>>;

fn of_geojson(path: &Path) -> Outlines {
    let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let rings = |feature: &Value| {
        let polygons: Option<Vec<Vec<Vec<[f64; 2]>>>> =
            serde_json::from_value(feature["geometry"]["coordinates"].clone()).ok();
        polygons.unwrap_or_default().into_iter().flatten().collect()
    };
    let features = value["features"].as_array().unwrap();
    features
        .iter()
        .map(|feature| (feature["properties"]["code"].as_str().unwrap().to_owned(), rings(feature)))
        .collect()
}

fn of_wkb(bytes: Option<Vec<u8>>) -> Vec<Vec<[f64; 2]>> {
    match bytes.map(|bytes| wkb::read(&bytes).unwrap()) {
        Some(Wkb::Surface { rings, .. }) => rings,
        Some(other) => panic!("{other:?}"),
        None => Vec::new(),
    }
}

fn of_geopackage(path: &Path, layer: &str) -> Outlines {
    let database = Connection::open(path).unwrap();
    let mut rows = database.prepare(&format!("SELECT code, geom FROM {layer}")).unwrap();
    let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))).unwrap();
    rows.map(|row| row.unwrap()).map(|(code, blob)| (code, of_wkb(blob.map(|blob| blob[40..].to_vec())))).collect()
}

fn of_shapefile(path: &Path) -> Outlines {
    let mut reader = shapefile::Reader::from_path(path).unwrap();
    let rows = reader.iter_shapes_and_records().map(|row| row.unwrap());
    rows.map(|(shape, record)| {
        let shapefile::dbase::FieldValue::Character(Some(code)) = record.get("code").unwrap().clone() else { panic!() };
        let rings = match shape {
            shapefile::Shape::NullShape => Vec::new(),
            shapefile::Shape::Polygon(polygon) => {
                let ring = |ring: &shapefile::PolygonRing<shapefile::Point>| {
                    // The other way round than the rest of the world.
                    ring.points().iter().rev().map(|point| [point.x, point.y]).collect()
                };
                polygon.rings().iter().map(ring).collect()
            }
            other => panic!("{other}"),
        };
        (code.trim().to_owned(), rings)
    })
    .collect()
}

#[test]
fn every_format_has_the_same_numbers_under_the_same_name_and_nothing_where_there_is_no_unit() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for crs in ["EPSG:4326", "EPSG:4269", "EPSG:3347"] {
        let more: &[&str] = if crs == "EPSG:4326" { &[] } else { &["--crs", crs] };
        let geojson = of_geojson(&export(folder, "clsc", "a.geojson", more));
        let shapes = of_shapefile(&export(folder, "clsc", "a.shp", more));
        let package = of_geopackage(&export(folder, "clsc", "a.gpkg", more), "clsc");
        assert_eq!(geojson["06122"], Vec::<Vec<[f64; 2]>>::new());
        assert!(geojson["06111"].len() > 1, "parts and holes");
        for other in [&shapes, &package] {
            assert_eq!(geojson.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
            for (code, rings) in &geojson {
                let own: Vec<&Vec<[f64; 2]>> = other[code].iter().collect();
                assert_eq!(own.len(), rings.len(), "{crs} {code}");
                let mut misses = rings.iter().flatten().zip(own.iter().copied().flatten());
                // GeoJSON has four decimals of a metre; degrees are the same to the last digit.
                let most = if crs == "EPSG:3347" { 0.000_051 } else { 0.0 };
                assert!(
                    misses.all(|(a, b)| (a[0] - b[0]).abs() <= most && (a[1] - b[1]).abs() <= most),
                    "{crs} {code}"
                );
            }
        }
        let name = std::fs::read_to_string(folder.join("a.prj")).unwrap();
        let (esri, wkt) = match crs {
            "EPSG:4326" => ("GCS_WGS_1984", "WGS 84"),
            "EPSG:4269" => ("GCS_North_American_1983", "NAD83"),
            _ => ("Statistics_Canada_Lambert", "NAD83 / Statistics Canada Lambert"),
        };
        assert!(name.contains(esri), "{name}");
        let database = Connection::open(folder.join("a.gpkg")).unwrap();
        let system = "SELECT s.srs_name || ' ' || s.organization_coordsys_id FROM gpkg_contents c JOIN gpkg_spatial_ref_sys s USING (srs_id)";
        let system: String = database.query_row(system, [], |row| row.get(0)).unwrap();
        assert_eq!(system, format!("{wkt} {}", &crs[5..]));
        let text = std::fs::read_to_string(folder.join("a.geojson")).unwrap();
        assert_eq!(text.contains("\"crs\""), crs != "EPSG:4326", "RFC 7946 knows one system");
    }
}

#[test]
fn a_territory_without_units_has_no_box_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = export(folder.path(), "clsc", "a.geojson", &[]);
    let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let feature = value["features"].as_array().unwrap().iter().find(|feature| feature["id"] == "06122").unwrap();
    assert_eq!((&feature["geometry"], feature.get("bbox")), (&Value::Null, None));
    assert_eq!((&feature["properties"]["units"], &feature["properties"]["area_km2"]), (&0.into(), &0.0.into()));
    let atlas = map().1.to_str().unwrap();
    let list = done(folder.path(), &["territories", "--atlas", atlas, "--format", "json"]);
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    let boxes: Vec<bool> = list.iter().map(|territory| territory["bbox"].is_array()).collect();
    assert_eq!(boxes, [true, true, true, false]);
}

#[test]
fn columns_of_a_shapefile_are_as_wide_as_they_need_be_and_what_is_cut_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["units.geojson", "da.csv", "clsc.csv"] {
        let text = std::fs::read_to_string(map().0.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name), text.replace("CIUSSS de l'Ouest", &"Établissement ".repeat(25)))
            .unwrap();
    }
    done(folder.path(), &BUILD);
    let output = rattache(folder.path(), &["atlas", "export", "--atlas", "map.atlas", "--level", "all", "-o", "t.shp"]);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(talk.contains("254 bytes") && talk.contains("GeoPackage"), "{talk}");
    let sizes = |name: &str| {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        let fields = (u16::from_le_bytes([bytes[8], bytes[9]]) as usize - 33) / 32;
        let field = |place: usize| {
            let description = &bytes[32 + 32 * place..];
            let name = description[..11].split(|&byte| byte == 0).next().unwrap();
            (String::from_utf8(name.to_vec()).unwrap(), description[16])
        };
        (0..fields).map(field).collect::<Vec<_>>()
    };
    let clsc: BTreeMap<String, u8> = sizes("t-clsc.dbf").into_iter().collect();
    assert_eq!((clsc["code"], clsc["name"], clsc["level"], clsc["RTS_nom"], clsc["pop_publ"]), (5, 16, 4, 254, 4));
    assert_eq!(sizes("t-rss.dbf")[0], ("code".to_owned(), 2));
    assert_eq!(sizes("t-da.dbf")[0], ("DAUID".to_owned(), 8));
    assert_eq!(std::fs::read_to_string(folder.path().join("t-rls.cpg")).unwrap(), "UTF-8");
}

#[test]
fn a_set_of_files_replaces_the_former_one_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    export(folder.path(), "clsc", "a.shp", &[]);
    let before: Vec<Vec<u8>> = ["shp", "shx", "dbf", "prj", "cpg"]
        .iter()
        .map(|e| std::fs::read(at("a.shp").with_extension(e)).unwrap())
        .collect();
    // The last of another set can not be written.
    std::fs::create_dir(at("b.shp")).unwrap();
    let atlas = map().1.to_str().unwrap();
    let output = rattache(folder.path(), &["atlas", "export", "--atlas", atlas, "--level", "rls", "-o", "b.shp"]);
    assert_eq!(output.status.code(), Some(2));
    let after: Vec<Vec<u8>> = ["shp", "shx", "dbf", "prj", "cpg"]
        .iter()
        .map(|e| std::fs::read(at("a.shp").with_extension(e)).unwrap())
        .collect();
    assert_eq!(before, after);
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a.cpg", "a.dbf", "a.prj", "a.shp", "a.shx", "b.shp"]);
    for (name, format, words) in [("-", "shapefile", "name it"), ("-", "geopackage", "name it")] {
        let output =
            rattache(folder.path(), &["atlas", "export", "--atlas", atlas, "--level", "rls", "--format", format]);
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && talk.contains(words), "{name}: {talk}");
    }
}

#[test]
fn a_system_of_another_datum_or_none_at_all_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = map().1.to_str().unwrap();
    for (crs, words) in
        [("EPSG:4267", "NAD27"), ("nonsense", "nonsense"), ("+proj=bonne +lat_1=60 +datum=NAD83", "WKT")]
    {
        let output = rattache(
            folder.path(),
            &["atlas", "export", "--atlas", atlas, "--level", "rls", "--crs", crs, "-o", "a.geojson"],
        );
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && talk.contains(words), "{crs}: {talk}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_part_of_the_province_builds_with_the_tables_of_the_whole_where_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["units.geojson", "da.csv", "clsc.csv"] {
        let mut text = std::fs::read_to_string(map().0.path().join(name)).unwrap();
        if name == "da.csv" {
            text.push_str("24010018,06122,500\n24010019,06122,600\n");
        }
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let whole: Vec<&str> = BUILD.into_iter().filter(|word| *word != "--partial").collect();
    let output = rattache(folder.path(), &whole);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{talk}");
    assert!(talk.contains("06122") && talk.contains("--partial") && talk.contains("24010018"), "{talk}");
    let output = rattache(folder.path(), &BUILD);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{talk}");
    assert!(
        talk.contains("1 of 4 CLSC have no unit") && talk.contains("2 rows are about units outside the part"),
        "{talk}"
    );
    done(folder.path(), &["atlas", "verify", "map.atlas", "--points", "200"]);
}
