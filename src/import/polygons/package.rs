//! The parts of a file: on the disk beside one another, or in a zip.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::super::ImportError;
use crate::domain::both;
use crate::tables::TableError;
use crate::tables::file::{shown, unreadable};

/// The most that the members of a zip may hold, unpacked: what makes a zip harmful is that it holds far more than it weighs.
const MOST_UNPACKED: u64 = 8 << 30;

/// A file and those that belong to it.
#[derive(Debug, Clone)]
pub(super) struct Package {
    /// The file, or the zip that holds it.
    path: PathBuf,
    /// Its name in the zip.
    member: Option<String>,
    /// What the zip holds, unpacked.
    members: Option<Rc<BTreeMap<String, Vec<u8>>>>,
}

/// One part.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Its bytes.
    pub bytes: Cow<'a, [u8]>,
    /// Its path, as messages show it.
    pub shown: String,
}

/// A file that has a name on the disk.
#[derive(Debug)]
pub(super) enum OnDisk {
    Itself(PathBuf),
    Copy(tempfile::NamedTempFile),
}

impl OnDisk {
    pub fn path(&self) -> &Path {
        match self {
            Self::Itself(path) => path,
            Self::Copy(copy) => copy.path(),
        }
    }
}

impl Package {
    /// What a gzip file holds, under its name without `.gz`.
    pub fn in_gzip(path: &Path) -> Result<Self, ImportError> {
        let file = fs::File::open(path).map_err(|source| unreadable(path, source))?;
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(file)
            .take(MOST_UNPACKED)
            .read_to_end(&mut bytes)
            .map_err(|source| ImportError::BadArchive { path: shown(path), source: source.into() })?;
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let members = Rc::new(BTreeMap::from([(name.clone(), bytes)]));
        Ok(Self { path: path.to_owned(), member: Some(name), members: Some(members) })
    }

    /// A file on the disk.
    pub fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), member: None, members: None }
    }

    /// Every file that a zip holds, those that programs put there for themselves left out.
    pub fn in_zip(path: &Path, bytes: &[u8]) -> Result<Vec<Self>, ImportError> {
        let broken =
            |source: zip::result::ZipError| ImportError::BadArchive { path: shown(path), source: source.into() };
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        let mut members = BTreeMap::new();
        let mut room = MOST_UNPACKED;
        for place in 0..archive.len() {
            let entry = archive.by_index(place).map_err(broken)?;
            let name = entry.name().map_err(broken)?.into_owned();
            let hidden = name.split(['/', '\\']).any(|part| part == "__MACOSX" || part.starts_with('.'));
            if entry.is_dir() || hidden {
                continue;
            }
            let mut unpacked = Vec::new();
            let read = entry.take(room + 1).read_to_end(&mut unpacked);
            let size =
                read.map_err(|source| ImportError::BadArchive { path: shown(path), source: source.into() })? as u64;
            room = room.checked_sub(size).ok_or_else(|| ImportError::TooLarge {
                path: shown(path),
                what: both!("déballé, il dépasse 8 Gio", "unpacked, it is larger than 8 GiB"),
            })?;
            members.insert(name, unpacked);
        }
        let members = Rc::new(members);
        let names: Vec<String> = members.keys().cloned().collect();
        let package = |name| Self { path: path.to_owned(), member: Some(name), members: Some(Rc::clone(&members)) };
        Ok(names.into_iter().map(package).collect())
    }

    /// Its path, as messages show it; of a member, after that of its zip.
    pub fn shown(&self) -> String {
        match &self.member {
            None => shown(&self.path),
            Some(member) => format!("{}/{member}", shown(&self.path)),
        }
    }

    /// Its name without the folder.
    pub fn file(&self) -> String {
        self.own_name().map_or_else(|| self.shown(), |name| name.to_string_lossy().into_owned())
    }

    fn own_name(&self) -> Option<&OsStr> {
        self.member.as_deref().map_or(self.path.as_path(), Path::new).file_name()
    }

    /// Its name without folder and ending: the name of its only layer.
    pub fn stem(&self) -> String {
        Path::new(&self.file()).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    }

    /// Its ending in lower case.
    pub fn ending(&self) -> String {
        let name = self.file();
        Path::new(&name).extension().map_or_else(String::new, |ending| ending.to_string_lossy().to_lowercase())
    }

    /// The file, or the zip that holds it, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file for what opens files by name: itself, or a copy of the member of a zip.
    pub fn on_disk(&self) -> Result<OnDisk, ImportError> {
        if self.member.is_none() {
            return Ok(OnDisk::Itself(self.path.clone()));
        }
        let unreadable =
            |source: std::io::Error| ImportError::Table(TableError::Unreadable { path: self.shown(), source });
        let copy = tempfile::NamedTempFile::new().map_err(unreadable)?;
        fs::write(copy.path(), &self.main()?.bytes).map_err(unreadable)?;
        Ok(OnDisk::Copy(copy))
    }

    /// Whether it stands in a zip.
    pub fn is_member(&self) -> bool {
        self.member.is_some()
    }

    /// The first bytes, at most 4096.
    pub fn head(&self) -> Result<Vec<u8>, ImportError> {
        match (&self.member, &self.members) {
            (Some(member), Some(members)) => {
                let bytes = members.get(member).map(Vec::as_slice).unwrap_or_default();
                Ok(bytes[..bytes.len().min(4096)].to_vec())
            }
            _ => {
                let file = fs::File::open(&self.path).map_err(|source| unreadable(&self.path, source))?;
                let mut head = Vec::new();
                file.take(4096).read_to_end(&mut head).map_err(|source| unreadable(&self.path, source))?;
                Ok(head)
            }
        }
    }

    /// The file itself.
    pub fn main(&self) -> Result<Part<'_>, ImportError> {
        let bytes = match (&self.member, &self.members) {
            (Some(member), Some(members)) => Cow::Borrowed(members.get(member).map(Vec::as_slice).unwrap_or_default()),
            _ => Cow::Owned(fs::read(&self.path).map_err(|source| unreadable(&self.path, source))?),
        };
        Ok(Part { bytes, shown: self.shown() })
    }

    /// The file of the same name with another ending, whatever its case; the first of several endings.
    pub fn beside(&self, endings: &[&str]) -> Result<Option<Part<'_>>, ImportError> {
        let names = self.neighbours();
        let stem = self.stem();
        for ending in endings {
            let wanted = |name: &String| {
                let name = Path::new(name.rsplit(['/', '\\']).next().unwrap_or(name));
                name.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
                    && name.file_stem().is_some_and(|own| own.to_string_lossy().eq_ignore_ascii_case(&stem))
            };
            // Of two that differ in their case only, that in the file's own.
            let exact = |name: &&String| Path::new(name.as_str()).file_stem().is_some_and(|own| own == stem.as_str());
            let mut found: Vec<&String> = names.iter().filter(|name| wanted(name)).collect();
            found.sort_by_key(|name| !exact(name));
            let Some(name) = found.first() else { continue };
            return match &self.members {
                Some(members) => {
                    let bytes = members.get(*name).map(Vec::as_slice).unwrap_or_default();
                    Ok(Some(Part { bytes: Cow::Borrowed(bytes), shown: format!("{}/{name}", shown(&self.path)) }))
                }
                None => {
                    let path = self.path.with_file_name(name);
                    let bytes = fs::read(&path).map_err(|source| unreadable(&path, source))?;
                    Ok(Some(Part { bytes: Cow::Owned(bytes), shown: shown(&path) }))
                }
            };
        }
        Ok(None)
    }

    /// The names of the files in the same folder.
    fn neighbours(&self) -> Vec<String> {
        if let (Some(member), Some(members)) = (&self.member, &self.members) {
            let folder = |name: &str| name.rfind(['/', '\\']).map_or("", |end| &name[..end]).to_owned();
            let own = folder(member);
            return members.keys().filter(|name| folder(name) == own).cloned().collect();
        }
        let folder = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// The path that a part of another ending would have, for messages.
    pub fn shown_with(&self, ending: &str) -> String {
        let shown = self.shown();
        Path::new(&shown).with_extension(ending).display().to_string()
    }
}
