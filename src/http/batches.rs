//! Files of rows under way: so many at once, and of one who asks a fair share of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Problem;
use super::problem::BUSY;
use super::rate::Counted;

/// Places for files of rows.
#[derive(Debug, Clone)]
pub struct Batches {
    places: Arc<Semaphore>,
    of_one: usize,
    held: Arc<Mutex<HashMap<Counted, usize>>>,
}

/// A place, held until it is dropped.
#[derive(Debug)]
pub struct Place {
    of: Batches,
    who: Counted,
    _permit: OwnedSemaphorePermit,
}

impl Batches {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        // Half of the places are never of one alone.
        Self { places: Arc::new(Semaphore::new(most)), of_one: most.div_ceil(2), held: Arc::default() }
    }

    /// Places that are free.
    pub(super) fn free(&self) -> usize {
        self.places.available_permits()
    }

    /// Takes a place.
    ///
    /// # Errors
    /// Busy, where there is none, or who asks has a fair share of them.
    pub(super) fn take(&self, who: Counted) -> Result<Place, Problem> {
        let busy = || {
            Problem::new(
                BUSY,
                "Trop de fichiers sont en cours : réessayez plus tard.",
                "too many files are under way: try again later",
            )
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.get(&who).copied().unwrap_or_default();
        if own >= self.of_one {
            return Err(busy());
        }
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        held.insert(who.clone(), own + 1);
        Ok(Place { of: self.clone(), who, _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_asks_never_holds_every_place() {
        let batches = Batches::new(4);
        let who = |number: u8| Counted::Address([10, 0, 0, number].into());
        let mine: Vec<Place> = (0..4).filter_map(|_| batches.take(who(1)).ok()).collect();
        assert_eq!(mine.len(), 2);
        let others = (batches.take(who(2)).ok().unwrap(), batches.take(who(3)).ok().unwrap());
        assert!(batches.take(who(4)).is_err());
        drop((mine, others));
        assert!(batches.take(who(1)).is_ok());
    }
}
