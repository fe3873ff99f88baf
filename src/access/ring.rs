//! The keys that a service takes: those of a file, followed as the file changes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest as _, Sha256};

use super::keys::random;
use super::{AccessError, Caller, KeyFile, KeyRecord};

/// How long a change of the file may stay unseen.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Most keys that were refused and are remembered.
const MOST_REFUSED: usize = 4096;

/// What a key is told again by: a digest that nobody can compute who does not know the ring's own secret.
type Mark = [u8; 32];

/// The keys of a file. A key costs a verification once; from then on a digest tells it.
pub struct KeyRing {
    path: PathBuf,
    secret: [u8; 32],
    started: Instant,
    /// When the file is looked at next, milliseconds since the start.
    next_look: AtomicU64,
    looking: Mutex<Stamp>,
    held: RwLock<Held>,
}

/// What is known at one moment.
struct Held {
    file: Arc<KeyFile>,
    /// `None` is a key that was refused.
    known: HashMap<Mark, Option<Caller>>,
    refused: usize,
}

/// What tells one writing of a file from another.
type Stamp = Option<(SystemTime, u64, u64)>;

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("path", &self.path).finish_non_exhaustive()
    }
}

impl KeyRing {
    /// The keys of a file that there is.
    ///
    /// # Errors
    /// As [`KeyFile::read`].
    pub fn open(path: &Path) -> Result<Self, AccessError> {
        let stamp = stamp_of(path);
        let file = Arc::new(KeyFile::read(path)?);
        Ok(Self {
            path: path.to_owned(),
            secret: random()?,
            started: Instant::now(),
            next_look: AtomicU64::new(LOOK_EVERY.as_millis() as u64),
            looking: Mutex::new(stamp),
            held: RwLock::new(Held { file, known: HashMap::new(), refused: 0 }),
        })
    }

    /// Whose key it is, where that is known without verifying it: `None` is unknown, `Some(None)` refused.
    pub fn known(&self, key: &str) -> Option<Option<Caller>> {
        self.follow();
        let mark = self.mark(key);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.known.get(&mark) {
            return Some(known.clone());
        }
        // What has not the shape of a key, or the identifier of one in force, is refused without a hash.
        held.file.in_force(key).is_none().then_some(None)
    }

    /// Whose key it is; `None` where it is refused. Verifies a key that was not seen before, which takes some 20 ms.
    pub fn verify(&self, key: &str) -> Option<Caller> {
        if let Some(known) = self.known(key) {
            return known;
        }
        let file = Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).file);
        let record = file.in_force(key)?;
        let caller = record.is_of(key).then(|| Caller::new(&record.name, record.role));
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        // The file may have changed while the key was verified: what was found then is not kept.
        if Arc::ptr_eq(&held.file, &file) {
            if caller.is_none() {
                if held.refused >= MOST_REFUSED {
                    held.known.retain(|_, known| known.is_some());
                    held.refused = 0;
                }
                held.refused += 1;
            }
            held.known.insert(self.mark(key), caller.clone());
        }
        caller
    }

    /// How many keys are in force.
    #[must_use]
    pub fn count(&self) -> usize {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.file.keys().iter().filter(|key: &&KeyRecord| key.revoked_at.is_none()).count()
    }

    fn mark(&self, key: &str) -> Mark {
        Sha256::new().chain_update(self.secret).chain_update(key.as_bytes()).finalize().into()
    }

    /// Reads the file again where it has changed, looking at most once a second. A file that can not be read leaves no key in
    /// force: whoever takes it away means that.
    fn follow(&self) {
        let now = self.started.elapsed().as_millis() as u64;
        if now < self.next_look.load(Ordering::Relaxed) {
            return;
        }
        // One looks, the others go on with what is known.
        let Ok(mut last) = self.looking.try_lock() else { return };
        self.next_look.store(now + LOOK_EVERY.as_millis() as u64, Ordering::Relaxed);
        let stamp = stamp_of(&self.path);
        if stamp == *last {
            return;
        }
        *last = stamp;
        let file = Arc::new(KeyFile::read(&self.path).unwrap_or_default());
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Held { file, known: HashMap::new(), refused: 0 };
    }
}

fn stamp_of(path: &Path) -> Stamp {
    let meta = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let node = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let node = 0;
    Some((meta.modified().ok()?, meta.len(), node))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    #[test]
    fn a_key_is_verified_once_and_one_that_is_revoked_is_refused_within_two_seconds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let mut keys = KeyFile::default();
        let key = keys.add("Ada", Role::Planner, "t").unwrap();
        keys.write(&path).unwrap();
        let ring = KeyRing::open(&path).unwrap();
        assert_eq!(ring.known(&key), None);
        assert_eq!(ring.verify(&key), Some(Caller::new("Ada", Role::Planner)));
        assert_eq!(ring.known(&key), Some(Some(Caller::new("Ada", Role::Planner))));
        let wrong = format!("{}0", &key[..key.len() - 1]);
        let wrong = if wrong == key { format!("{}1", &key[..key.len() - 1]) } else { wrong };
        assert_eq!((ring.known(&wrong), ring.verify(&wrong), ring.known(&wrong)), (None, None, Some(None)));
        assert_eq!(ring.known("rattache_00000000_x"), Some(None));
        assert_eq!(ring.count(), 1);

        let id = keys.keys()[0].id.clone();
        keys.revoke(&id, "u").unwrap();
        keys.write(&path).unwrap();
        std::thread::sleep(LOOK_EVERY + Duration::from_millis(100));
        assert_eq!(ring.known(&key), Some(None));
    }
}
