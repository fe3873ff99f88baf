//! Tells the program which demo it makes: a digest of everything that the embedded model is made of and written with; and puts
//! the files of the map into it, where `npm run build` has made them.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::io;
use std::path::{Path, PathBuf};

/// Where `npm run build` leaves the map.
const MAP: &str = "src/web/dist";

/// Folders of code and facts on which the bytes of the demo atlas depend.
const MADE_OF: &[&str] = &["data", "src/address", "src/atlas", "src/demo", "src/domain", "src/geometry", "src/lookup"];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for folder in MADE_OF {
        println!("cargo:rerun-if-changed={folder}");
        list(Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut digest = DefaultHasher::new();
    for file in files {
        digest.write(file.to_string_lossy().as_bytes());
        digest.write(&std::fs::read(file)?);
    }
    println!("cargo:rustc-env=RATTACHE_DEMO_DIGEST={:016x}", digest.finish());
    embed_map()
}

/// Writes the list of the map's files, each compressed already, for the program to hold.
fn embed_map() -> io::Result<()> {
    println!("cargo:rerun-if-changed={MAP}");
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut files = Vec::new();
    list(Path::new(MAP), &mut files)?;
    files.sort();
    let mut rows = String::new();
    for file in files {
        let packed = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".gz"));
        let Some(name) = packed else { continue };
        let kind = match Path::new(name).extension().and_then(|ending| ending.to_str()) {
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => continue,
        };
        let path = here.join(&file).display().to_string();
        writeln!(rows, "    WebFile {{ name: {name:?}, kind: {kind:?}, gzip: include_bytes!({path:?}) }},")
            .map_err(io::Error::other)?;
    }
    let out = PathBuf::from(std::env::var("OUT_DIR").map_err(io::Error::other)?);
    let text = format!("/// The files that were there.\npub const FILES: &[WebFile] = &[\n{rows}];\n");
    std::fs::write(out.join("web_files.rs"), text)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with("data/examples") {
            list(&path, files)?;
        }
    }
    Ok(())
}
