//! Writing aside, then renaming.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::FilesError;

/// A file on its way to its name: it stands beside it under another one, and goes away with this value where it is not
/// [published](publish).
#[derive(Debug)]
pub struct Aside {
    name: PathBuf,
    file: NamedTempFile,
}

impl Aside {
    /// Makes an empty file beside a name.
    ///
    /// # Errors
    /// [`FilesError`] where the folder takes none, or the name is a folder's.
    pub fn create(name: &Path) -> Result<Self, FilesError> {
        let failed = |source| FilesError { path: name.to_owned(), source };
        if name.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".rattache-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o644));
        }
        let file = builder.tempfile_in(folder_of(name)).map_err(failed)?;
        Ok(Self { name: name.to_owned(), file })
    }

    /// The name that it is to have.
    #[must_use]
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// What is written to.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Where it stands until then, for what opens files by name.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The error that says that it could not be written.
    #[must_use]
    pub fn failed(&self, source: io::Error) -> FilesError {
        FilesError { path: self.name.clone(), source }
    }
}

fn folder_of(name: &Path) -> &Path {
    match name.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Gives files their names together, in the order given, once all of them are on the disk.
///
/// What had one of the names before is kept under another until all are renamed, and put back where one can not be.
///
/// # Errors
/// [`FilesError`]; the names then hold what they held before.
pub fn publish(files: Vec<Aside>) -> Result<(), FilesError> {
    for file in &files {
        file.file.as_file().sync_all().map_err(|source| file.failed(source))?;
    }
    let mut done: Vec<(PathBuf, Option<PathBuf>)> = Vec::with_capacity(files.len());
    let alone = files.len() == 1;
    for Aside { name, file } in files {
        let renamed = (|| {
            let former = if alone { None } else { keep(&name, file.path())? };
            let at = file.into_temp_path();
            match at.persist(&name) {
                Ok(()) => Ok(former),
                Err(error) => {
                    if let Some(former) = former {
                        fs::remove_file(former).ok();
                    }
                    Err(error.error)
                }
            }
        })();
        match renamed {
            Ok(former) => done.push((name, former)),
            Err(source) => {
                for (name, former) in done.into_iter().rev() {
                    // The error that led here is the one to tell.
                    match former {
                        Some(former) => fs::rename(former, name).ok(),
                        None => fs::remove_file(name).ok(),
                    };
                }
                return Err(FilesError { path: name, source });
            }
        }
    }
    for (name, former) in &done {
        if let Some(former) = former {
            fs::remove_file(former).ok();
        }
        // The rename itself is only lasting once the folder is on the disk; where that can not be asked for, it is not.
        if let Ok(folder) = File::open(folder_of(name)) {
            folder.sync_all().ok();
        }
    }
    Ok(())
}

/// A second name for what has a name now, for as long as it may have to come back.
fn keep(name: &Path, part: &Path) -> io::Result<Option<PathBuf>> {
    if !name.exists() {
        return Ok(None);
    }
    let former = part.with_extension("former");
    // File systems without hard links take a copy.
    fs::hard_link(name, &former).or_else(|_| fs::copy(name, &former).map(|_| ()))?;
    Ok(Some(former))
}

/// Writes bytes under a name, whole or not at all.
///
/// # Errors
/// [`FilesError`]; the file that had the name before is then still there, unchanged.
pub fn write(name: &Path, bytes: &[u8]) -> Result<(), FilesError> {
    let mut aside = Aside::create(name)?;
    aside.file().write_all(bytes).map_err(|source| aside.failed(source))?;
    publish(vec![aside])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(name: &Path, text: &str) -> Aside {
        let mut aside = Aside::create(name).unwrap();
        aside.file().write_all(text.as_bytes()).unwrap();
        aside
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_set_of_which_one_file_can_not_have_its_name_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.dbf"), "before").unwrap();
        let set = vec![aside(&at("a.dbf"), "after"), aside(&at("a.prj"), "new"), aside(&at("a.shp"), "after")];
        // A folder that takes the last name between the writing and the renaming.
        fs::create_dir_all(at("a.shp").join("in the way")).unwrap();
        let error = publish(set).unwrap_err();
        assert_eq!(error.path, at("a.shp"));
        assert_eq!(fs::read_to_string(at("a.dbf")).unwrap(), "before");
        assert_eq!(names(folder.path()), ["a.dbf", "a.shp"]);
    }

    #[test]
    fn a_set_replaces_what_was_there_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.dbf"), "before").unwrap();
        publish(vec![aside(&at("a.dbf"), "after"), aside(&at("a.shp"), "after")]).unwrap();
        assert_eq!(fs::read_to_string(at("a.dbf")).unwrap(), "after");
        assert_eq!(names(folder.path()), ["a.dbf", "a.shp"]);
        drop(aside(&at("b"), "never published"));
        assert_eq!(names(folder.path()), ["a.dbf", "a.shp"]);
        assert!(write(folder.path(), b"x").is_err(), "a folder is no file");
    }
}
