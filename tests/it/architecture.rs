//! Who may know whom, read off the imports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What each folder of `src` may import from the crate.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("tables", &["domain"]),
    ("geometry", &["domain"]),
    ("lookup", &["domain", "geometry"]),
    ("address", &["domain"]),
    ("change", &["domain", "geometry"]),
    ("pages", &["domain"]),
    ("series", &["domain", "change", "pages", "tables"]),
    ("revision", &["domain", "geometry", "change", "pages", "tables", "atlas"]),
    ("import", &["domain", "geometry", "lookup", "address", "tables"]),
    ("files", &["domain"]),
    ("atlas", &["domain", "geometry", "lookup", "address", "files"]),
    ("export", &["domain", "geometry", "atlas", "resolve", "files"]),
    ("demo", &["domain", "geometry", "atlas", "address"]),
    ("resolve", &["domain", "geometry", "lookup", "address", "pages", "atlas"]),
    ("store", &["domain", "revision"]),
    (
        "catalogue",
        &["domain", "geometry", "lookup", "pages", "tables", "atlas", "resolve", "revision", "series", "store"],
    ),
    ("batch", &["domain", "geometry", "lookup", "address", "pages", "tables", "atlas", "resolve", "catalogue"]),
    (
        "http",
        &[
            "domain",
            "geometry",
            "lookup",
            "address",
            "pages",
            "tables",
            "atlas",
            "resolve",
            "revision",
            "series",
            "store",
            "catalogue",
            "batch",
            "export",
        ],
    ),
];

/// Crates that have one home, or two where reading and writing stand apart.
const HOMES: &[(&str, &[&str])] = &[
    ("proj", &["import"]),
    ("flatgeobuf", &["import"]),
    ("rstar", &["lookup"]),
    ("axum", &["http"]),
    ("utoipa_axum", &["http"]),
    ("clap", &["cli"]),
    // A GeoPackage is an SQLite file.
    ("rusqlite", &["store", "import", "export"]),
    ("maud", &["pages", "series", "revision", "batch", "http"]),
    ("base64", &["pages"]),
];

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
        if path.is_dir() {
            let mut found = Vec::new();
            visit(&path, &mut found);
            all.insert(path.file_name().unwrap().to_string_lossy().into_owned(), found);
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
fn a_dependency_stays_in_its_home() {
    for (folder, files) in sources() {
        for (name, code) in files {
            for (dependency, homes) in HOMES {
                let used = code.contains(&format!("use {dependency}::")) || code.contains(&format!(" {dependency}::"));
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
