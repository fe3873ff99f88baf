//! What anybody can make the service do, at most.

use std::time::Duration;

/// How the server behaves, and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether pages of other origins may ask (`Access-Control-Allow-Origin: *`). Off unless told otherwise.
    pub cors: bool,
    /// How long a client may take to send a request's head, and a connection may stay idle.
    pub head_timeout: Duration,
    /// How long a client may take to send a body, and to send or read a stream beside what its pace allows for.
    pub body_timeout: Duration,
    /// How long a client may leave an answer unread.
    pub write_timeout: Duration,
    /// How long work on one request may take.
    pub request_timeout: Duration,
    /// How long requests under way may take to end once the server is told to stop.
    pub drain_timeout: Duration,
    /// Slowest pace of a stream that goes on for long, bytes a second.
    pub least_pace: u64,
    /// Largest body of a table, bytes.
    pub most_table_bytes: usize,
    /// Connections at once; 0 is three quarters of the descriptors that the process may open.
    pub most_connections: usize,
    /// Connections of one address at once, trusted proxies aside; 0 is a quarter of all.
    pub most_connections_of_one: usize,
    /// Heavy work done at once; 0 is one a core.
    pub heavy_jobs: usize,
    /// Heavy work that may wait for its turn; what comes beyond is told to come again.
    pub most_waiting: usize,
    /// Files of rows under way at once.
    pub most_batches: usize,
    /// Bodies and answers held at once, bytes.
    pub memory: usize,
    /// Requests a second of one key, or of one address without a key; 0 is as many as it likes.
    pub rate: u32,
    /// The language of the log, which whoever runs the server reads.
    pub log_language: crate::domain::Language,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cors: false,
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(60),
            drain_timeout: Duration::from_secs(10),
            least_pace: 4 << 10,
            most_table_bytes: super::MOST_TABLE_BYTES,
            most_connections: 0,
            most_connections_of_one: 0,
            heavy_jobs: 0,
            most_waiting: 64,
            most_batches: 8,
            memory: 512 << 20,
            rate: 0,
            log_language: crate::domain::Language::default(),
        }
    }
}

impl Options {
    /// Connections at once.
    pub(super) fn connections(&self) -> usize {
        if self.most_connections > 0 { self.most_connections } else { (descriptors() / 4 * 3).max(16) }
    }

    /// Connections of one address at once.
    pub(super) fn connections_of_one(&self) -> usize {
        if self.most_connections_of_one > 0 { self.most_connections_of_one } else { (self.connections() / 4).max(16) }
    }

    /// Heavy work done at once.
    pub(super) fn heavy(&self) -> usize {
        if self.heavy_jobs > 0 { self.heavy_jobs } else { std::thread::available_parallelism().map_or(2, usize::from) }
    }
}

/// How many descriptors the process may open; 1024 where the system does not say.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|rest| rest.split_whitespace().next());
    soft.and_then(|number| number.parse::<usize>().ok()).unwrap_or(1024).min(65_536)
}
