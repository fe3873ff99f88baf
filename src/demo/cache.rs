//! The compiled demo, made once and kept in the user's cache folder.

use std::path::{Path, PathBuf};

use crate::atlas::{Atlas, AtlasError, compile, write};

/// How an atlas is taken from its file: [`Atlas::open`] or [`Atlas::load`].
pub type Take = fn(&Path) -> Result<Atlas, AtlasError>;

/// The name of the demo's file: the program's version, and a digest of all that the demo is made of.
pub const FILE: &str = concat!("demo-", env!("CARGO_PKG_VERSION"), "-", env!("RATTACHE_DEMO_DIGEST"), ".atlas");

/// Where the demo is kept: `RATTACHE_CACHE`, else the folder `rattache` of the user's cache (`XDG_CACHE_HOME`, else
/// `~/.cache`). None where the environment names none of them.
#[must_use]
pub fn cache_folder(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("RATTACHE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).map(|path| path.join("rattache")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/rattache")))
}

/// Opens the demo that is kept in a folder; makes it, and keeps it there, where there is none or where what is kept is no
/// whole, unaltered atlas of this version. `making` is called before it is made, which takes seconds.
///
/// Without a folder, or in one that can not be written, the demo is made in memory: it is never refused.
///
/// # Errors
/// [`AtlasError`], from compiling the model.
pub fn open(folder: Option<&Path>, take: Take, making: impl FnOnce()) -> Result<Atlas, AtlasError> {
    let kept = folder.map(|folder| folder.join(FILE));
    if let Some(atlas) = kept.as_deref().and_then(|path| take(path).ok()) {
        return Ok(atlas);
    }
    making();
    let bytes = compile(super::atlas_source())?;
    if let (Some(folder), Some(path)) = (folder, kept) {
        // Demos of other versions of the program are of no more use.
        if std::fs::create_dir_all(folder).is_ok() && write(&path, &bytes).is_ok() {
            forget_others(folder);
            if let Ok(atlas) = take(&path) {
                return Ok(atlas);
            }
        }
    }
    Atlas::from_bytes(bytes)
}

fn forget_others(folder: &Path) {
    let month = std::time::Duration::from_secs(30 * 24 * 3600);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let old =
            entry.metadata().and_then(|data| data.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > month));
        if old && name != FILE && name.starts_with("demo-") && name.ends_with(".atlas") {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn the_demo_is_made_once_and_again_where_what_is_kept_is_altered() {
        let folder = tempfile::tempdir().unwrap();
        let made = Cell::new(0);
        let open = || open(Some(folder.path()), Atlas::load, || made.set(made.get() + 1)).unwrap();
        let first = open();
        let second = open();
        assert_eq!((made.get(), first.manifest()), (1, second.manifest()));

        let kept = folder.path().join(FILE);
        let mut bytes = std::fs::read(&kept).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&kept, bytes).unwrap();
        assert_eq!((open().manifest(), made.get()), (first.manifest(), 2));
        open();
        assert_eq!(made.get(), 2, "what was mended is kept");
    }

    #[test]
    fn the_demo_is_made_in_memory_where_it_can_not_be_kept() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(open(Some(file.path()), Atlas::open, || ()).is_ok());
        assert!(open(None, Atlas::open, || ()).is_ok());
    }

    #[test]
    fn the_folder_is_the_one_that_the_environment_names_first() {
        let among = |known: &'static [(&str, &str)]| {
            cache_folder(|name| known.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into()))
        };
        assert_eq!(among(&[("RATTACHE_CACHE", "/a"), ("HOME", "/h")]), Some("/a".into()));
        assert_eq!(among(&[("XDG_CACHE_HOME", "/x"), ("HOME", "/h")]), Some("/x/rattache".into()));
        assert_eq!(among(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]), Some("/h/.cache/rattache".into()));
        assert_eq!(among(&[("HOME", "")]), None);
    }
}
