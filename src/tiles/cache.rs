//! What was written, kept within a bound of bytes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Values by key, of which those that nobody asked for longest are forgotten where all of them together would be over a bound.
#[derive(Debug)]
pub struct TileCache<K> {
    most_bytes: usize,
    kept: Mutex<Kept<K>>,
}

#[derive(Debug)]
struct Kept<K> {
    values: HashMap<K, (Arc<[u8]>, u64)>,
    bytes: usize,
    /// Counts questions, which is what tells an old value from a new one.
    clock: u64,
}

impl<K: Hash + Eq + Clone> TileCache<K> {
    /// Keeps values of so many bytes together.
    #[must_use]
    pub fn new(most_bytes: usize) -> Self {
        Self { most_bytes, kept: Mutex::new(Kept { values: HashMap::new(), bytes: 0, clock: 0 }) }
    }

    /// The value of a key, where it is kept.
    #[must_use]
    pub fn find(&self, key: &K) -> Option<Arc<[u8]>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        let (value, asked) = kept.values.get_mut(key)?;
        *asked = now;
        Some(Arc::clone(value))
    }

    /// Keeps a value; one that is larger than the bound by itself is not kept.
    pub fn keep(&self, key: K, value: Arc<[u8]>) {
        if value.len() > self.most_bytes {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = &mut *kept;
        kept.clock += 1;
        kept.bytes += value.len();
        if let Some((old, _)) = kept.values.insert(key, (value, kept.clock)) {
            kept.bytes -= old.len();
        }
        if kept.bytes > self.most_bytes {
            // A quarter goes at once, so that the search for what is oldest is seldom.
            let mut ages: Vec<(u64, K)> = kept.values.iter().map(|(key, (_, asked))| (*asked, key.clone())).collect();
            ages.sort_unstable_by_key(|(asked, _)| *asked);
            for (_, key) in ages {
                if kept.bytes <= self.most_bytes - self.most_bytes / 4 {
                    break;
                }
                kept.bytes -= kept.values.remove(&key).map_or(0, |(value, _)| value.len());
            }
        }
    }

    /// Bytes of all values kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_never_exceeds_its_bound_and_what_was_asked_for_last_stays() {
        let cache = TileCache::new(1000);
        for key in 0..50 {
            cache.keep(key, vec![7; 90].into());
            assert!(cache.bytes() <= 1000, "{}", cache.bytes());
            assert!(key == 0 || cache.find(&0).is_some(), "the first was asked for all the time, and went at {key}");
        }
        assert!(cache.find(&20).is_none() && cache.find(&49).is_some());
        cache.keep(99, vec![7; 2000].into());
        assert!(cache.find(&99).is_none());
        cache.keep(49, vec![7; 10].into());
        assert_eq!(cache.find(&49).unwrap().len(), 10);
    }
}
