//! Tells the program which demo it makes: a digest of everything that the embedded model is made of and written with.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher as _;
use std::io;
use std::path::{Path, PathBuf};

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
    Ok(())
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
