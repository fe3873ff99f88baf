//! Reference points, thread safety, the one rule about datums.

use super::*;

const MONTREAL: [f64; 2] = [-73.5542, 45.5088];
const LAMBERT_QUEBEC: [f64; 2] = [-395_044.335_5, 182_089.684_9];
const STATISTICS_CANADA: [f64; 2] = [7_632_529.645_7, 1_245_687.528_9];

fn check(definition: &str, expected: [f64; 2]) {
    let projection = Crs::new(definition).projection().unwrap();
    let mut points = [MONTREAL];
    projection.from_lon_lat(&mut points).unwrap();
    let miss = (points[0][0] - expected[0]).hypot(points[0][1] - expected[1]);
    assert!(miss < 0.001, "{definition}: {:?} is {miss} m away", points[0]);
    let mut back = [expected];
    projection.to_lon_lat(&mut back).unwrap();
    let (east, north) = ((back[0][0] - MONTREAL[0]) * 78_000.0, (back[0][1] - MONTREAL[1]) * 111_000.0);
    assert!(east.hypot(north) < 0.001, "{definition}: {:?}", back[0]);
}

#[test]
fn montreal_is_where_the_reference_has_it_in_both_directions() {
    check("EPSG:3347", STATISTICS_CANADA);
    check("epsg:3347", STATISTICS_CANADA);
    check("EPSG:32198", LAMBERT_QUEBEC);
    check("EPSG:6622", LAMBERT_QUEBEC);
    check("EPSG:2950", [300_564.916_5, 5_040_988.035_7]);
    check(
        "+proj=lcc +lat_0=63.390675 +lon_0=-91.8666666666667 +lat_1=49 +lat_2=77 +x_0=6200000 +y_0=3000000 +datum=NAD83 +units=m",
        STATISTICS_CANADA,
    );
    check(
        "+proj=lcc +lat_0=44 +lon_0=-68.5 +lat_1=60 +lat_2=46 +x_0=0 +y_0=0 +ellps=GRS80 +towgs84=0,0,0 +units=m",
        LAMBERT_QUEBEC,
    );
}

#[test]
fn the_three_datums_are_taken_as_equal() {
    for datum in ["NAD83", "WGS84"] {
        let definition =
            format!("+proj=tmerc +lat_0=0 +lon_0=-73.5 +k=0.9999 +x_0=304800 +y_0=0 +datum={datum} +units=m");
        let mut points = [MONTREAL];
        Crs::new(&definition).projection().unwrap().from_lon_lat(&mut points).unwrap();
        // The two ellipsoids differ by a tenth of a millimetre, no more.
        assert!((points[0][0] - 300_564.916_5).abs() < 0.001 && (points[0][1] - 5_040_988.035_7).abs() < 0.001);
    }
    for code in ["EPSG:4326", "EPSG:4269", "EPSG:4617", "EPSG:8252"] {
        let projection = Crs::new(code).projection().unwrap();
        let mut points = [MONTREAL];
        projection.to_lon_lat(&mut points).unwrap();
        assert_eq!(points, [MONTREAL], "{code}");
    }
}

#[test]
fn another_datum_is_refused_by_its_name() {
    for code in ["EPSG:4267", "EPSG:32098", "EPSG:26718"] {
        let error = Crs::new(code).projection().unwrap_err();
        assert!(matches!(error, ImportError::UnsupportedDatum { .. }), "{code}: {error}");
        assert!(error.to_string().contains("North American Datum 1927"), "{error}");
    }
    assert!(matches!(Crs::new("EPSG:4978").projection().unwrap_err(), ImportError::UnsupportedCrs { .. }));
}

#[test]
fn nonsense_is_no_coordinate_system() {
    for definition in ["", "EPSG:99999", "PROJCS[", "Lambert"] {
        let error = Crs::new(definition).projection().unwrap_err();
        assert!(matches!(error, ImportError::UnknownCrs { .. }), "{definition}: {error}");
    }
}

#[test]
fn the_real_prj_files_agree_with_their_codes() {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if !data.is_dir() {
        println!("skipped: {} is absent", data.display());
        return;
    }
    for (file, expected) in [
        ("da_2016_model/lda_qc_model_2016.prj", Some(STATISTICS_CANADA)),
        ("ct_2016/ct_qc_16.prj", Some(STATISTICS_CANADA)),
        ("cd_2016/cd_qc_16.prj", Some(STATISTICS_CANADA)),
        ("rls_2020/rls_no_water.prj", None),
        ("msss_clsc_2017_table/Territoires_CLSC_2017.prj", None),
    ] {
        let crs = Crs::from_prj(&data.join(file)).unwrap();
        let projection = crs.projection().unwrap();
        if let Some(expected) = expected {
            check(&crs.to_string(), expected);
        }
        assert_eq!(projection.is_geographic(), file.starts_with("rls"), "{file}");
    }
    let mtq = Crs::from_prj(&data.join("msss_clsc_2017_table/Territoires_CLSC_2017.prj")).unwrap();
    let mut points = [MONTREAL];
    mtq.projection().unwrap().from_lon_lat(&mut points).unwrap();
    let mut code = [MONTREAL];
    Crs::new("EPSG:3799").projection().unwrap().from_lon_lat(&mut code).unwrap();
    assert!(
        (points[0][0] - code[0][0]).abs() < 0.001 && (points[0][1] - code[0][1]).abs() < 0.001,
        "{points:?} {code:?}"
    );
}

#[test]
fn broken_accents_in_a_prj_are_no_hindrance() {
    let wkt = |name: &[u8]| {
        let rest = br#"",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",6200000.0],PARAMETER["False_Northing",3000000.0],PARAMETER["Central_Meridian",-91.86666666666666],PARAMETER["Standard_Parallel_1",49.0],PARAMETER["Standard_Parallel_2",77.0],PARAMETER["Latitude_Of_Origin",63.390675],UNIT["Meter",1.0]]"#;
        [&b"PROJCS[\""[..], name, rest].concat()
    };
    let folder = tempfile::tempdir().unwrap();
    let csrs = String::from_utf8(wkt(b"a")).unwrap().replace("American_1983\"", "American_1983_CSRS\"");
    assert!(csrs.contains("D_North_American_1983_CSRS"));
    check(&csrs, STATISTICS_CANADA);
    let old = csrs.replace("D_North_American_1983_CSRS", "D_North_American_1927");
    assert!(matches!(Crs::new(&old).projection().unwrap_err(), ImportError::UnsupportedDatum { .. }));
    for name in [&b"Qu\xe9bec"[..], "Qu\u{fffd}be".as_bytes(), "Québec".as_bytes()] {
        let path = folder.path().join("a.prj");
        std::fs::write(&path, wkt(name)).unwrap();
        check(&Crs::from_prj(&path).unwrap().to_string(), STATISTICS_CANADA);
    }
}

#[test]
fn many_threads_agree_with_one() {
    let projection = Crs::new("EPSG:3347").projection().unwrap();
    let start: Vec<[f64; 2]> =
        (0..20_000).map(|i| [7_000_000.0 + f64::from(i) * 31.0, 1_200_000.0 + f64::from(i) * 17.0]).collect();
    let mut alone = start.clone();
    projection.to_lon_lat(&mut alone).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut mine = start.clone();
                projection.to_lon_lat(&mut mine).unwrap();
                assert_eq!(mine, alone);
            });
        }
    });
}

#[test]
fn the_point_that_fails_is_named() {
    let projection = Crs::new("EPSG:3347").projection().unwrap();
    let mut points = vec![STATISTICS_CANADA; 5000];
    points[4500] = [f64::NAN, 3.0];
    let error = projection.to_lon_lat(&mut points).unwrap_err();
    assert!(error.x.is_nan() && (error.y - 3.0).abs() < 1e-12, "{error}");
    let mut points = vec![MONTREAL; 20];
    points[7] = [-73.0, 95.0];
    let error = projection.from_lon_lat(&mut points).unwrap_err();
    assert!((error.x + 73.0).abs() < 1e-12 && (error.y - 95.0).abs() < 1e-12, "{error}");
}
