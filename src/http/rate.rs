//! How often one key, or one address without a key, may ask.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Problem;
use super::problem::TOO_MANY_REQUESTS;

/// Parts that do not wait for one another.
const PARTS: usize = 16;
/// Most callers remembered in a part; those who have not asked for a while go first.
const MOST: usize = 4096;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Whoever has a key, by its name.
    Name(Box<str>),
    /// Whoever has none, by address.
    Address(IpAddr),
}

/// How often each may ask: a steady pace, with as many at once as a second allows.
#[derive(Debug)]
pub struct Rates {
    every: Duration,
    burst: Duration,
    state: RandomState,
    /// When each has asked all that it may, by the steady pace.
    parts: Vec<Mutex<HashMap<Counted, Instant>>>,
}

impl Rates {
    /// So many a second; `None` where there is no limit.
    pub(super) fn new(a_second: u32) -> Option<Self> {
        let every = Duration::from_secs(1).checked_div(a_second)?;
        let parts = std::iter::repeat_with(Mutex::default).take(PARTS).collect();
        Some(Self { every, burst: Duration::from_secs(1), state: RandomState::new(), parts })
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Too many requests.
    pub(super) fn count(&self, who: Counted, now: Instant) -> Result<(), Problem> {
        let part = &self.parts[self.state.hash_one(&who) as usize % PARTS];
        let mut known = part.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, until| *until > now);
        }
        let until = known.entry(who).or_insert(now);
        let next = (*until).max(now) + self.every;
        if next.duration_since(now) > self.burst {
            return Err(Problem::new(
                TOO_MANY_REQUESTS,
                "Trop de requêtes en peu de temps : attendez une seconde, ou posez plusieurs questions en une (POST /v1/resolve).",
                "too many requests in a short time: wait a second, or ask several questions in one (POST /v1/resolve)",
            ));
        }
        *until = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_count_and_gets_it_back_with_time() {
        let rates = Rates::new(5).unwrap();
        let (ada, lin) = (Counted::Name("Ada".into()), Counted::Address([10, 0, 0, 1].into()));
        let start = Instant::now();
        let asked = |who: &Counted, at: Instant| rates.count(who.clone(), at).is_ok();
        assert_eq!((0..8).filter(|_| asked(&ada, start)).count(), 5);
        assert_eq!((0..8).filter(|_| asked(&lin, start)).count(), 5);
        assert!(asked(&ada, start + Duration::from_millis(201)) && !asked(&ada, start + Duration::from_millis(202)));
        assert!(Rates::new(0).is_none());
    }
}
