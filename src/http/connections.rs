//! Connections: so many at once, so many of one address, and one that idles makes room for one that asks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::State;

/// How often a lack of room is told.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// The connections that are open.
#[derive(Debug)]
pub struct Connections {
    most: usize,
    most_of_one: usize,
    started: Instant,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    all: HashMap<u64, Arc<Connection>>,
    of_one: HashMap<IpAddr, usize>,
    told: Option<Instant>,
    refused: u64,
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    peer: IpAddr,
    /// Since when it waits for a request, milliseconds from the start and one; 0 while it is answered.
    idle_since: AtomicU64,
    /// Told to close.
    pub close: Notify,
}

/// A connection for as long as it is open.
#[derive(Debug)]
pub struct Entry {
    of: Arc<Connections>,
    number: u64,
    /// The connection.
    pub connection: Arc<Connection>,
}

impl Connections {
    pub(super) fn new(state: &State) -> Arc<Self> {
        let (most, most_of_one) = (state.options.connections(), state.options.connections_of_one());
        Arc::new(Self { most, most_of_one, started: Instant::now(), open: Mutex::default() })
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64 + 1
    }

    /// Lets a connection in; `None` where there is no room. Where all room is taken, the one that has idled longest is told to
    /// close, and the new one has its place.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr, is_proxy: bool) -> Option<Entry> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.of_one.get(&peer).copied().unwrap_or_default();
        if own >= self.most_of_one && !is_proxy {
            open.refused += 1;
            return None;
        }
        if open.all.len() >= self.most {
            let idle = open.all.iter().filter_map(|(&number, connection)| {
                let since = connection.idle_since.load(Ordering::Relaxed);
                (since > 0).then_some((since, number))
            });
            let Some((_, number)) = idle.min() else {
                open.refused += 1;
                return None;
            };
            // Its place is free from now on, though it takes a moment to close.
            if let Some(connection) = open.remove(number) {
                connection.close.notify_one();
            }
        }
        let number = open.next;
        open.next += 1;
        let connection = Arc::new(Connection { peer, idle_since: AtomicU64::new(self.now()), close: Notify::new() });
        open.all.insert(number, Arc::clone(&connection));
        *open.of_one.entry(peer).or_default() += 1;
        Some(Entry { of: Arc::clone(self), number, connection })
    }

    /// How many were refused, where it is time to tell: a lack of room is never silent, and never fills the log either.
    pub(super) fn to_tell(&self) -> Option<(u64, usize)> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.refused == 0 || open.told.is_some_and(|told| told.elapsed() < TELL_EVERY) {
            return None;
        }
        open.told = Some(Instant::now());
        Some((std::mem::take(&mut open.refused), open.all.len()))
    }
}

impl Open {
    fn remove(&mut self, number: u64) -> Option<Arc<Connection>> {
        let connection = self.all.remove(&number)?;
        if let Some(count) = self.of_one.get_mut(&connection.peer) {
            *count -= 1;
            if *count == 0 {
                self.of_one.remove(&connection.peer);
            }
        }
        Some(connection)
    }
}

impl Entry {
    /// Says that a request is being answered, until what is given back is dropped.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        self.connection.idle_since.store(0, Ordering::Relaxed);
        Busy(Arc::clone(self))
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.of.open.lock().unwrap_or_else(PoisonError::into_inner).remove(self.number);
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub struct Busy(Arc<Entry>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.connection.idle_since.store(self.0.of.now(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(most: usize, most_of_one: usize) -> Arc<Connections> {
        Arc::new(Connections { most, most_of_one, started: Instant::now(), open: Mutex::default() })
    }

    fn address(number: u8) -> IpAddr {
        [10, 0, 0, number].into()
    }

    #[test]
    fn one_address_has_so_many_and_a_trusted_proxy_as_many_as_it_likes() {
        let all = with(10, 2);
        let mine: Vec<Entry> = (0..4).filter_map(|_| all.enter(address(1), false)).collect();
        assert_eq!(mine.len(), 2);
        let others: Vec<Entry> = (0..4).filter_map(|_| all.enter(address(2), true)).collect();
        assert_eq!(others.len(), 4);
        assert_eq!(all.to_tell(), Some((2, 6)));
        drop(mine);
        assert!(all.enter(address(1), false).is_some());
    }

    #[test]
    fn where_all_room_is_taken_the_one_that_idled_longest_makes_room_and_one_that_is_answered_stays() {
        let all = with(2, 2);
        let first = Arc::new(all.enter(address(1), false).unwrap());
        let second = Arc::new(all.enter(address(2), false).unwrap());
        let busy = first.busy();
        let third = all.enter(address(3), false).unwrap();
        assert!(all.open.lock().unwrap().all.values().any(|one| one.peer == address(1)));
        assert!(!all.open.lock().unwrap().all.values().any(|one| one.peer == address(2)));
        let (second, third) = ((second, true), Arc::new(third));
        let also = third.busy();
        assert!(all.enter(address(4), false).is_none(), "all are answered");
        drop((busy, also, second));
    }
}
