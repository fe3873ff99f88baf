//! The file of keys: who holds which role, and the hash of each key.
//!
//! A key is `rattache_ID_SECRET`: the identifier finds its record, so that one hash is looked at and not all of them; the secret
//! is 32 random bytes. Only its argon2 hash is kept. A key is never taken out of the file: once revoked, it stays there with the
//! time, so that who held it can still be told.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use serde::{Deserialize, Serialize};

use super::{AccessError, Role};
use crate::files::{Aside, publish};

/// What every key begins with, so that scanners of sources find one that was left lying about.
const PREFIX: &str = "rattache_";
const ID_BYTES: usize = 4;
const SECRET_BYTES: usize = 32;

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// Its identifier, 8 hexadecimal digits.
    pub id: String,
    /// Who holds it: the author of what is written with it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub revoked_at: Option<String>,
    /// Its argon2 hash (PHC string).
    hash: String,
}

/// The keys of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    keys: Vec<KeyRecord>,
}

impl KeyFile {
    /// Reads a file of keys.
    ///
    /// # Errors
    /// [`AccessError::Read`], [`AccessError::NotKeys`], [`AccessError::Open`].
    pub fn read(path: &Path) -> Result<Self, AccessError> {
        let failed = |source| AccessError::Read { path: path.to_owned(), source };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode();
            if mode & 0o022 != 0 {
                return Err(AccessError::Open { path: path.to_owned() });
            }
        }
        let text = std::fs::read_to_string(path).map_err(failed)?;
        serde_json::from_str(&text).map_err(|source| AccessError::NotKeys { path: path.to_owned(), source })
    }

    /// Reads a file of keys; no keys where there is none.
    ///
    /// # Errors
    /// As [`KeyFile::read`].
    pub fn read_or_new(path: &Path) -> Result<Self, AccessError> {
        match Self::read(path) {
            Err(AccessError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            other => other,
        }
    }

    /// Writes the file, whole or not at all, for its owner only.
    ///
    /// # Errors
    /// [`AccessError::Write`].
    pub fn write(&self, path: &Path) -> Result<(), AccessError> {
        let mut aside = Aside::create(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let owner_only = std::fs::Permissions::from_mode(0o600);
            aside.file().set_permissions(owner_only).map_err(|source| aside.failed(source))?;
        }
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|source| AccessError::NotKeys { path: path.to_owned(), source })?;
        text.push('\n');
        aside.file().write_all(text.as_bytes()).map_err(|source| aside.failed(source))?;
        Ok(publish(vec![aside])?)
    }

    /// Makes a key for somebody. What is given back is the key itself, which is kept nowhere.
    ///
    /// # Errors
    /// [`AccessError::Name`], [`AccessError::Making`].
    pub fn add(&mut self, name: &str, role: Role, now: &str) -> Result<String, AccessError> {
        let name = name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(AccessError::Name);
        }
        let id = loop {
            let id = hexadecimal(&random::<ID_BYTES>()?);
            if self.find(&id).is_none() {
                break id;
            }
        };
        let secret = hexadecimal(&random::<SECRET_BYTES>()?);
        let salt = random::<16>()?;
        let hash: PasswordHash =
            Argon2::default().hash_password_with_salt(secret.as_bytes(), &salt).map_err(|_| AccessError::Making)?;
        self.keys.push(KeyRecord {
            id: id.clone(),
            name: name.to_owned(),
            role,
            created_at: now.to_owned(),
            revoked_at: None,
            hash: hash.to_string(),
        });
        Ok(format!("{PREFIX}{id}_{secret}"))
    }

    /// Revokes a key that is in force.
    ///
    /// # Errors
    /// [`AccessError::Unknown`].
    pub fn revoke(&mut self, id: &str, now: &str) -> Result<&KeyRecord, AccessError> {
        let found = self.keys.iter_mut().find(|key| key.id == id && key.revoked_at.is_none());
        let key = found.ok_or_else(|| AccessError::Unknown { id: id.to_owned() })?;
        key.revoked_at = Some(now.to_owned());
        Ok(key)
    }

    /// Every key, in order of making.
    #[must_use]
    pub fn keys(&self) -> &[KeyRecord] {
        &self.keys
    }

    /// The record of a key, by the identifier that stands in it; `None` where it is no key in force.
    pub(super) fn in_force(&self, key: &str) -> Option<&KeyRecord> {
        let (id, _) = parts(key)?;
        self.find(id).filter(|key| key.revoked_at.is_none())
    }

    fn find(&self, id: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|key| key.id == id)
    }
}

impl KeyRecord {
    /// Whether it is the record of a key. Takes some 20 ms and 19 MiB: that is what argon2 is for.
    pub(super) fn is_of(&self, key: &str) -> bool {
        let Some((_, secret)) = parts(key) else { return false };
        let Ok(hash) = PasswordHash::new(&self.hash) else { return false };
        Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok()
    }
}

/// Whether a text is meant as a key.
pub(super) fn is_key(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// The identifier and the secret of a key; `None` where a text has not its shape.
fn parts(key: &str) -> Option<(&str, &str)> {
    let (id, secret) = key.strip_prefix(PREFIX)?.split_once('_')?;
    (id.len() == 2 * ID_BYTES && secret.len() == 2 * SECRET_BYTES).then_some((id, secret))
}

pub(super) fn random<const COUNT: usize>() -> Result<[u8; COUNT], AccessError> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|_| AccessError::Making)?;
    Ok(bytes)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_once_and_only_its_hash_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let mut keys = KeyFile::default();
        let key = keys.add(" Ada ", Role::Planner, "2026-01-01T00:00:00Z").unwrap();
        keys.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let secret = key.rsplit('_').next().unwrap();
        assert!(text.contains("$argon2id$") && !text.contains(secret), "{text}");
        let read = KeyFile::read(&path).unwrap();
        assert_eq!(read, keys);
        let record = read.in_force(&key).unwrap();
        assert_eq!((record.name.as_str(), record.role), ("Ada", Role::Planner));
        assert!(record.is_of(&key));
        let other = format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
        assert!(!record.is_of(&other));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_keys_is_its_owner_s_and_one_that_others_can_write_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        KeyFile::default().write(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o622)).unwrap();
        assert!(matches!(KeyFile::read(&path), Err(AccessError::Open { .. })));
    }

    #[test]
    fn a_key_that_was_revoked_stays_in_the_file_and_is_in_force_no_more() {
        let mut keys = KeyFile::default();
        let key = keys.add("Ada", Role::Lookup, "2026-01-01T00:00:00Z").unwrap();
        let id = keys.keys()[0].id.clone();
        keys.revoke(&id, "2026-02-01T00:00:00Z").unwrap();
        assert!(keys.in_force(&key).is_none());
        assert_eq!(keys.keys()[0].revoked_at.as_deref(), Some("2026-02-01T00:00:00Z"));
        assert!(matches!(keys.revoke(&id, "x"), Err(AccessError::Unknown { .. })));
        assert!(matches!(keys.add("  ", Role::Lookup, "x"), Err(AccessError::Name)));
    }
}
