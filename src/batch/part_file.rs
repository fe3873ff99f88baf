//! The output on its way: a `.part` file beside the final name, and a journal of how far it has come.
//!
//! The journal is written after the bytes it speaks of are on the disk, by a rename, so that at any moment the two agree up
//! to what it says. What the part file has beyond that is cut off on resume. The final name only ever stands on a whole file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::{BatchError, Checkpoint, Sink};
use crate::domain::both;

#[derive(Serialize, Deserialize)]
struct Journal {
    /// What tells this job from another; see [`fingerprint`].
    job: String,
    /// Bytes of the part file that are good.
    output: u64,
    done: Checkpoint,
}

/// A file that is being written.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    path: PathBuf,
    job: String,
    written: u64,
    saved: Instant,
    every: Duration,
    /// Whether the name is that of a device or a pipe, which is written to as it is.
    through: bool,
}

/// Whether something stands under a name that is no file: a device, a pipe. It is written to, never replaced.
pub(super) fn is_through(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir())
}

/// Opens what is written to as it is.
pub(super) fn open_through(path: &Path) -> Result<File, BatchError> {
    OpenOptions::new().write(true).open(path).map_err(BatchError::Write)
}

/// Refuses, before work, an output that can not be written, or whose file something would be lost of.
///
/// # Errors
/// [`BatchError::OutputIsFolder`], [`BatchError::NoFolder`], [`BatchError::OutputExists`].
pub fn check_output(path: &Path, may_replace: bool) -> Result<(), BatchError> {
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => Err(BatchError::OutputIsFolder { path: path.to_owned() }),
        Ok(about) if about.is_file() && about.len() > 0 && !may_replace => {
            Err(BatchError::OutputExists { path: path.to_owned() })
        }
        Ok(_) => Ok(()),
        Err(_) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let missing = folder.is_some_and(|folder| !folder.is_dir());
            if missing { Err(BatchError::NoFolder { path: path.to_owned() }) } else { Ok(()) }
        }
    }
}

/// Gives a new file the rights of the file that its rows come from: who may not read the one may not read the other.
pub(super) fn take_rights(file: &File, input: Option<&Path>) {
    #[cfg(unix)]
    if let Some(about) = input.and_then(|input| fs::metadata(input).ok()).filter(fs::Metadata::is_file) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = about.permissions().mode() & 0o777 | 0o600;
        // Not every file system has them.
        file.set_permissions(fs::Permissions::from_mode(mode)).ok();
    }
    #[cfg(not(unix))]
    let _ = (file, input);
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Makes a file, or empties it, that no other job is writing.
pub(super) fn create_alone(path: &Path) -> Result<File, BatchError> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(BatchError::Write)?;
    lock(&file, path)?;
    file.set_len(0).map_err(BatchError::Write)?;
    Ok(file)
}

/// Holds a file until it is closed, where no other job does.
fn lock(file: &File, path: &Path) -> Result<(), BatchError> {
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Err(BatchError::Busy { path: path.to_owned() }),
        // Not every file system can; what then stands between two jobs is care alone.
        Err(fs::TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

impl PartFile {
    /// Starts a file anew. The journal is kept up to date `every` so often.
    ///
    /// # Errors
    /// [`BatchError::Write`].
    pub fn create(path: &Path, job: String, every: Duration) -> Result<Self, BatchError> {
        if is_through(path) {
            let file = open_through(path)?;
            return Ok(Self {
                file,
                path: path.to_owned(),
                job,
                written: 0,
                saved: Instant::now(),
                every,
                through: true,
            });
        }
        let file = create_alone(&beside(path, ".part"))?;
        match fs::remove_file(beside(path, ".journal")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(BatchError::Write(error)),
            _ => {}
        }
        Ok(Self { file, path: path.to_owned(), job, written: 0, saved: Instant::now(), every, through: false })
    }

    /// Takes a file up again where its journal says; `None` where there is nothing to take up.
    ///
    /// # Errors
    /// [`BatchError::CanNotResume`] where it is of another job or damaged.
    pub fn resume(path: &Path, job: String, every: Duration) -> Result<Option<(Self, Checkpoint)>, BatchError> {
        let text = match fs::read(beside(path, ".journal")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(BatchError::Write)?,
        };
        let journal: Journal = serde_json::from_slice(&text).map_err(|_| BatchError::CanNotResume {
            why: both!(
                "le journal à côté de la sortie n'est pas compris",
                "the journal beside the output is not understood"
            ),
        })?;
        if journal.job != job {
            return Err(BatchError::CanNotResume {
                why: both!(
                    "ce qui a été commencé vient d'une autre entrée, d'un autre atlas ou d'un autre choix de colonnes",
                    "what was begun is of another input, atlas or choice of columns"
                ),
            });
        }
        let part = beside(path, ".part");
        let mut file = OpenOptions::new().write(true).open(&part).map_err(BatchError::Write)?;
        lock(&file, &part)?;
        if file.metadata().map_err(BatchError::Write)?.len() < journal.output {
            return Err(BatchError::CanNotResume {
                why: both!(
                    "le fichier .part est plus court que ce qu'en dit son journal",
                    "the part file is shorter than its journal says"
                ),
            });
        }
        file.set_len(journal.output).map_err(BatchError::Write)?;
        file.seek(SeekFrom::End(0)).map_err(BatchError::Write)?;
        let saved = Instant::now();
        let part = Self { file, path: path.to_owned(), job, written: journal.output, saved, every, through: false };
        Ok(Some((part, journal.done)))
    }

    /// Gives the file the rights of the one that its rows come from.
    pub fn take_rights(&self, input: Option<&Path>) {
        if !self.through {
            take_rights(&self.file, input);
        }
    }

    /// Leaves nothing of it behind.
    pub fn discard(self) {
        if !self.through {
            // The error that led here is the one to tell.
            for end in [".part", ".journal", ".journal.new"] {
                fs::remove_file(beside(&self.path, end)).ok();
            }
        }
    }

    /// Whether something was begun under a name that can be gone on with.
    #[must_use]
    pub fn is_begun(path: &Path) -> bool {
        beside(path, ".journal").is_file()
    }

    fn save(&mut self, done: &Checkpoint) -> io::Result<()> {
        self.file.sync_data()?;
        let journal = Journal { job: self.job.clone(), output: self.written, done: done.clone() };
        let fresh = beside(&self.path, ".journal.new");
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec(&journal)?)?;
        file.sync_data()?;
        fs::rename(fresh, beside(&self.path, ".journal"))?;
        self.saved = Instant::now();
        Ok(())
    }

    /// Gives the file its final name.
    ///
    /// # Errors
    /// [`BatchError::Write`].
    pub fn finish(self) -> Result<(), BatchError> {
        if self.through {
            return Ok(());
        }
        let finished = || {
            self.file.sync_all()?;
            fs::rename(beside(&self.path, ".part"), &self.path)?;
            match fs::remove_file(beside(&self.path, ".journal")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        };
        finished().map_err(BatchError::Write)
    }
}

impl Sink for PartFile {
    fn write(&mut self, bytes: &[u8], done: &Checkpoint) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        if !self.through && self.saved.elapsed() >= self.every {
            self.save(done)?;
        }
        Ok(())
    }
}

/// What tells a job from another: the input by its size, its first and its last bytes, and `settings`.
///
/// # Errors
/// [`BatchError::Read`].
pub fn fingerprint(input: &Path, settings: &str) -> Result<String, BatchError> {
    let hash = || -> io::Result<String> {
        let mut file = File::open(input)?;
        let size = file.metadata()?.len();
        let mut hash = Xxh3::new();
        hash.update(&size.to_le_bytes());
        hash.update(settings.as_bytes());
        let mut bytes = Vec::new();
        (&mut file).take(1 << 20).read_to_end(&mut bytes)?;
        hash.update(&bytes);
        file.seek(SeekFrom::Start(size.saturating_sub(1 << 16)))?;
        bytes.clear();
        file.read_to_end(&mut bytes)?;
        hash.update(&bytes);
        Ok(format!("{:016x}", hash.digest()))
    };
    hash().map_err(BatchError::Read)
}
