//! Who may know whom, and which dependency is whose, read off the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What each folder of `src` may import from the crate. A folder comes after all that it knows.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("geometry", &["domain"]),
    ("tables", &["domain"]),
    ("pages", &["domain"]),
    ("lookup", &["domain", "geometry"]),
    ("address", &["domain"]),
    ("files", &["domain"]),
    ("change", &["domain", "geometry"]),
    ("atlas", &["domain", "geometry", "files", "lookup", "address"]),
    ("demo", &["domain", "geometry", "files", "address", "atlas"]),
    ("import", &["domain", "geometry", "tables", "files", "lookup", "address"]),
    ("resolve", &["domain", "geometry", "tables", "pages", "lookup", "address", "atlas"]),
    ("series", &["domain", "geometry", "tables", "pages", "change"]),
    ("revision", &["domain", "geometry", "tables", "pages", "change", "atlas"]),
    ("store", &["domain", "revision"]),
    (
        "catalogue",
        &[
            "domain", "geometry", "tables", "pages", "lookup", "change", "atlas", "resolve", "series", "revision",
            "store",
        ],
    ),
    ("export", &["domain", "geometry", "tables", "pages", "files", "lookup", "atlas", "resolve", "catalogue"]),
    (
        "batch",
        &["domain", "geometry", "tables", "pages", "files", "lookup", "address", "atlas", "resolve", "catalogue"],
    ),
    ("tiles", &["domain", "geometry"]),
    ("access", &["domain", "files"]),
    (
        "http",
        &[
            "access",
            "tiles",
            "domain",
            "geometry",
            "tables",
            "pages",
            "files",
            "lookup",
            "address",
            "change",
            "atlas",
            "resolve",
            "series",
            "revision",
            "store",
            "catalogue",
            "export",
            "batch",
            "export",
        ],
    ),
];

/// Where each dependency may be used. One home, or several where reading and writing, or making and using, stand apart.
const HOMES: &[(&str, &[&str])] = &[
    ("argon2", &["access"]),
    ("arrow-array", &["catalogue", "import", "export", "batch"]),
    ("arrow-buffer", &["batch"]),
    ("arrow-ipc", &["batch"]),
    ("arrow-schema", &["import", "batch"]),
    ("axum", &["http"]),
    ("base64", &["pages"]),
    // Arrays that are read in place, from the geometry up to the file that holds them.
    ("bytemuck", &["geometry", "lookup", "address", "atlas"]),
    ("calamine", &["tables"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    // Tables are read in `tables`; rows are written where they are made.
    ("csv", &["tables", "revision", "series", "catalogue", "import", "export", "batch", "http", "cli"]),
    ("delaunator", &["demo"]),
    ("encoding_rs", &["tables"]),
    ("flate2", &["import", "batch", "tables", "http"]),
    ("flatgeobuf", &["import"]),
    ("geo", &["geometry"]),
    ("getrandom", &["access"]),
    // `export` has a file of that name.
    ("geojson", &["import", "export", "http", "cli"]),
    ("hyper", &["http"]),
    ("hyper-util", &["http"]),
    // Dates and instants are `domain`'s; `batch` has those of cells, with their times of the day.
    ("jiff", &["domain", "tables", "batch"]),
    ("jsonwebtoken", &["access"]),
    ("maud", &["pages", "revision", "series", "batch", "http"]),
    ("memchr", &["tables", "batch"]),
    ("memmap2", &["atlas"]),
    ("mimalloc", &[]),
    ("parquet", &["import", "export", "batch"]),
    ("proj", &["import"]),
    ("quick-xml", &["batch"]),
    // Work that is shared between cores: making, never answering.
    ("rayon", &["geometry", "lookup", "address", "demo", "import", "series"]),
    ("rstar", &["lookup"]),
    ("rustix", &["http"]),
    // A GeoPackage is an SQLite file.
    ("rusqlite", &["store", "import", "export"]),
    ("sd-notify", &["cli"]),
    ("sha2", &["revision", "pages", "access"]),
    ("smallvec", &["lookup"]),
    ("tempfile", &["files", "import"]),
    ("tokio", &["http", "cli"]),
    ("tokio-rustls", &["http"]),
    // Revisions and recipes as people write them.
    ("toml", &["revision", "cli"]),
    ("tower", &["http"]),
    ("tower-http", &["http"]),
    ("tracing", &["http", "cli"]),
    ("tracing-subscriber", &["cli"]),
    ("ureq", &["access"]),
    ("utoipa-axum", &["http"]),
    ("xxhash-rust", &["address", "atlas", "import", "batch", "cli"]),
    ("zip", &["import", "batch", "tables"]),
];

/// Dependencies that are of the language by now: how types are written down and described, and how errors are told.
const EVERYWHERE: &[&str] = &["serde", "serde_json", "thiserror", "utoipa"];

/// Lines of code, by folder of `src`, without tests.
fn sources() -> BTreeMap<String, Vec<(String, String)>> {
    fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.display().to_string();
                if name.contains("tests") {
                    continue;
                }
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push((name, lines.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let path = entry.unwrap().path();
        // A crate of its own over this one.
        if path.is_dir() && !path.ends_with("python") {
            let mut found = Vec::new();
            visit(&path, &mut found);
            // A folder that a merge has left empty is none.
            if !found.is_empty() {
                all.insert(path.file_name().unwrap().to_string_lossy().into_owned(), found);
            }
        }
    }
    all
}

#[test]
fn folders_know_only_those_they_may() {
    for (folder, files) in sources() {
        if folder == "cli" {
            continue;
        }
        let (_, allowed) =
            MAY_KNOW.iter().find(|(name, _)| *name == folder).unwrap_or_else(|| panic!("src/{folder} has no rule"));
        for (name, code) in files {
            for part in code.split("crate::").skip(1) {
                let known: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let is_folder = MAY_KNOW.iter().any(|(other, _)| *other == known) || known == "cli";
                assert!(
                    !is_folder || known == folder || allowed.contains(&known.as_str()),
                    "{name} knows {known}, which src/{folder} may not"
                );
            }
        }
    }
}

#[test]
fn folders_know_downwards_only() {
    for (place, (folder, known)) in MAY_KNOW.iter().enumerate() {
        let below: Vec<&str> = MAY_KNOW[..place].iter().map(|(name, _)| *name).collect();
        for known in *known {
            assert!(below.contains(known), "{folder} may know {known}, which does not stand below it");
        }
    }
}

/// Names of the dependencies, as `Cargo.toml` has them.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    section.lines().filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect()
}

#[test]
fn every_dependency_has_its_home_and_stays_there() {
    let stated: BTreeSet<String> =
        HOMES.iter().map(|(name, _)| *name).chain(EVERYWHERE.iter().copied()).map(str::to_owned).collect();
    let there = dependencies();
    assert!(there.len() > 30, "{there:?}");
    for name in &there {
        assert!(stated.contains(name), "dependency {name} has no home: state it in HOMES");
    }
    for (folder, files) in sources() {
        for (name, code) in files {
            for (dependency, homes) in HOMES {
                let path = dependency.replace('-', "_") + "::";
                let used = code.match_indices(&path).any(|(at, _)| {
                    let before = code[..at].chars().next_back().unwrap_or(' ');
                    !before.is_alphanumeric() && before != '_' && before != ':'
                });
                assert!(!used || homes.contains(&folder.as_str()), "{name} uses {dependency}, whose home is {homes:?}");
            }
        }
    }
}

#[test]
fn unsafe_code_stands_in_one_file() {
    let allowed: Vec<String> = sources()
        .into_values()
        .flatten()
        .filter(|(_, code)| code.contains("allow(unsafe_code)") || code.contains("unsafe {"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(allowed.len(), 1, "{allowed:?}");
    assert!(allowed[0].ends_with("atlas/bytes.rs"));
}
