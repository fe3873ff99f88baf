//! What the service counts of itself, in the text that Prometheus reads (exposition format 0.0.4).
//!
//! Requests by route, method and status with how long they took; answers by what became of the place; rows of files by their
//! status; the atlas and the edition in force with their age; work under way. **Never a place**: no label holds anything that
//! a caller wrote. Counting is an addition to a number of its own (no lock, nothing on the heap), so that a question costs the
//! same.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{Method, StatusCode};

use super::State;
use super::resources::resolve;
use crate::batch::{Status, Tally};
use crate::domain::Date;
use crate::resolve::Placement;

/// Methods that are counted each by itself; any other is `other`.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other"];
/// Statuses that are counted each by itself; any other is 0.
const STATUSES: [u16; 26] = [
    0, 200, 201, 202, 204, 206, 303, 304, 400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 414, 415, 422, 429,
    500, 503, 504,
];
/// Upper ends of the classes of duration, microseconds.
const CLASSES: [u64; 16] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];
/// What became of the place of a question, with its word.
const PLACEMENTS: [(Placement, &str); 5] = [
    (Placement::Inside, "inside"),
    (Placement::Nearest, "nearest"),
    (Placement::Outside, "outside"),
    (Placement::Spread, "spread"),
    (Placement::NotFound, "not_found"),
];

/// The counters of one route.
#[derive(Debug)]
struct RouteCounts {
    by_status: [[AtomicU64; STATUSES.len()]; METHODS.len()],
    /// By class of duration; the last is beyond them all.
    durations: [AtomicU64; CLASSES.len() + 1],
    micros: AtomicU64,
}

impl RouteCounts {
    fn new() -> Self {
        Self {
            by_status: std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0))),
            durations: std::array::from_fn(|_| AtomicU64::new(0)),
            micros: AtomicU64::new(0),
        }
    }
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    /// By route; the last one is for what is none.
    routes: Vec<(String, RouteCounts)>,
    places: HashMap<String, usize>,
    asked_most: usize,
    placements: [AtomicU64; PLACEMENTS.len()],
    rows: Vec<AtomicU64>,
    started: SystemTime,
    taken: AtomicU64,
    reloads: [AtomicU64; 2],
}

fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl Metrics {
    /// Nothing counted yet, for routes by their pattern.
    pub fn new(routes: impl IntoIterator<Item = String>, now: SystemTime) -> Self {
        let routes: Vec<_> =
            routes.into_iter().chain(["-".to_owned()]).map(|route| (route, RouteCounts::new())).collect();
        let places: HashMap<String, usize> =
            routes.iter().enumerate().map(|(place, (route, _))| (route.clone(), place)).collect();
        let none = routes.len() - 1;
        Self {
            asked_most: places.get(resolve::PATH).copied().unwrap_or(none),
            routes,
            places,
            placements: std::array::from_fn(|_| AtomicU64::new(0)),
            rows: Status::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
            started: now,
            taken: AtomicU64::new(seconds(now)),
            reloads: [AtomicU64::new(0), AtomicU64::new(0)],
        }
    }

    /// Counts a request to a route; `None` for what is no route.
    pub fn request(&self, route: Option<&str>, method: &Method, status: StatusCode, took: Duration) {
        let none = self.routes.len() - 1;
        self.count(route.and_then(|route| self.places.get(route).copied()).unwrap_or(none), method, status, took);
    }

    /// Counts a request to the route that is asked most.
    pub fn request_at_once(&self, status: StatusCode, took: Duration) {
        self.count(self.asked_most, &Method::GET, status, took);
    }

    fn count(&self, place: usize, method: &Method, status: StatusCode, took: Duration) {
        let counts = &self.routes[place].1;
        let method = METHODS.iter().position(|&name| name == method.as_str()).unwrap_or(METHODS.len() - 1);
        let status = STATUSES.binary_search(&status.as_u16()).unwrap_or(0);
        let micros = took.as_micros() as u64;
        add(&counts.by_status[method][status], 1);
        add(&counts.durations[CLASSES.partition_point(|&end| end < micros)], 1);
        add(&counts.micros, micros);
    }

    /// Counts an answer by what became of its place.
    pub fn answer(&self, placement: Placement) {
        let place = PLACEMENTS.iter().position(|(known, _)| *known == placement).unwrap_or_default();
        add(&self.placements[place], 1);
    }

    /// Counts the rows of a file.
    pub fn rows(&self, tally: &Tally) {
        for (counter, &more) in self.rows.iter().zip(&tally.statuses) {
            add(counter, more);
        }
    }

    /// Counts a try to take another atlas.
    pub fn reload(&self, taken: bool, now: SystemTime) {
        add(&self.reloads[usize::from(!taken)], 1);
        if taken {
            self.taken.store(seconds(now), Ordering::Relaxed);
        }
    }

    /// Everything as text.
    pub fn text(&self, state: &State) -> String {
        let mut out = Text(String::with_capacity(16 << 10));
        self.write_requests(&mut out);
        out.head("rattache_answers_total", "counter", "Answers by what became of the place that was asked about.");
        for ((_, word), counter) in PLACEMENTS.iter().zip(&self.placements) {
            out.line("rattache_answers_total", &[("placement", word)], read(counter));
        }
        out.head("rattache_batch_rows_total", "counter", "Rows of files by their status.");
        for (status, counter) in Status::ALL.iter().zip(&self.rows) {
            out.line("rattache_batch_rows_total", &[("status", status.word())], read(counter));
        }
        self.write_atlas(&mut out, state);
        out.head("rattache_jobs_under_way", "gauge", "Work under way away from the threads of connections.");
        for (kind, under_way, _) in state.jobs() {
            out.line("rattache_jobs_under_way", &[("kind", kind)], under_way as u64);
        }
        out.head("rattache_jobs_most", "gauge", "How many of them there may be at once.");
        for (kind, _, most) in state.jobs() {
            out.line("rattache_jobs_most", &[("kind", kind)], most as u64);
        }
        out.head("rattache_start_time_seconds", "gauge", "When the service started, seconds since 1970.");
        out.line("rattache_start_time_seconds", &[], seconds(self.started));
        out.0
    }

    fn write_requests(&self, out: &mut Text) {
        let name = "rattache_http_requests_total";
        out.head(name, "counter", "Requests by route, method and status; route - is none of the service's.");
        for (route, counts) in &self.routes {
            for (method, by_status) in METHODS.iter().zip(&counts.by_status) {
                for (status, counter) in STATUSES.iter().zip(by_status) {
                    let count = read(counter);
                    if count > 0 {
                        let status = status.to_string();
                        out.line(name, &[("route", route), ("method", method), ("status", &status)], count);
                    }
                }
            }
        }
        let name = "rattache_http_request_duration_seconds";
        out.head(name, "histogram", "How long requests took, from their head to the head of their answer, by route.");
        for (route, counts) in &self.routes {
            let durations = counts.durations.each_ref().map(read);
            let all: u64 = durations.iter().sum();
            if all == 0 {
                continue;
            }
            let mut sum = 0;
            for (end, count) in CLASSES.iter().zip(durations) {
                sum += count;
                let end = (*end as f64 / 1e6).to_string();
                out.line(&format!("{name}_bucket"), &[("route", route), ("le", &end)], sum);
            }
            out.line(&format!("{name}_bucket"), &[("route", route), ("le", "+Inf")], all);
            out.line(&format!("{name}_sum"), &[("route", route)], read(&counts.micros) as f64 / 1e6);
            out.line(&format!("{name}_count"), &[("route", route)], all);
        }
    }

    fn write_atlas(&self, out: &mut Text, state: &State) {
        let (served, now) = (state.served(), state.time());
        let checksum = served.checksum();
        out.head("rattache_atlas_info", "gauge", "The atlas in service, by its checksum, and the program.");
        let version = env!("CARGO_PKG_VERSION");
        out.line("rattache_atlas_info", &[("checksum", &checksum), ("version", version)], 1);
        out.head("rattache_atlas_editions", "gauge", "Editions of the atlas in service.");
        out.line("rattache_atlas_editions", &[], served.atlas.edition_count() as u64);
        out.head("rattache_atlas_age_seconds", "gauge", "For how long the atlas has been in service.");
        out.line("rattache_atlas_age_seconds", &[], seconds(now).saturating_sub(read(&self.taken)));
        out.head("rattache_atlas_reloads_total", "counter", "Times that another atlas was asked for, by outcome.");
        for (outcome, counter) in ["taken", "refused"].iter().zip(&self.reloads) {
            out.line("rattache_atlas_reloads_total", &[("outcome", outcome)], read(counter));
        }
        // A store that can not be read is told by its own routes.
        let Ok(timetable) = served.timetable() else { return };
        let Ok(header) = timetable.in_force(state.today()) else { return };
        let (from, official) = (header.valid_from.to_string(), header.official.to_string());
        let labels = [("edition", header.id.as_str()), ("valid_from", from.as_str()), ("official", official.as_str())];
        out.head("rattache_edition_in_force_info", "gauge", "The edition in force today in Québec.");
        out.line("rattache_edition_in_force_info", &labels, 1);
        out.head("rattache_edition_in_force_age_seconds", "gauge", "For how long it has been in force, in whole days.");
        let days = days_between(header.valid_from, state.today());
        out.line("rattache_edition_in_force_age_seconds", &[], days * 86_400);
    }
}

/// Days from one day to a later one; 0 to an earlier one.
fn days_between(from: Date, to: Date) -> u64 {
    // By the numbers of days since 0000-03-01 (Howard Hinnant, days_from_civil).
    let number = |day: Date| {
        let (year, month) = (i64::from(day.year()), i64::from(day.month()));
        let year = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day.day()) - 1;
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
    };
    (number(to) - number(from)).max(0) as u64
}

struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to memory does not fail.
        write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n").unwrap_or_default();
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (place, (label, text)) in labels.iter().enumerate() {
            self.0.push(if place == 0 { '{' } else { ',' });
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            write!(self.0, "{label}=\"{text}\"").unwrap_or_default();
        }
        let close = if labels.is_empty() { "" } else { "}" };
        writeln!(self.0, "{close} {value}").unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_under_its_route_method_status_and_class_of_duration() {
        let metrics = Metrics::new(["/a".to_owned(), "/b".to_owned()], UNIX_EPOCH);
        let took = Duration::from_micros(300);
        metrics.request(Some("/b"), &Method::POST, StatusCode::OK, took);
        metrics.request(Some("/b"), &Method::POST, StatusCode::OK, Duration::from_secs(100));
        metrics.request(Some("/b"), &Method::POST, StatusCode::IM_A_TEAPOT, took);
        metrics.request(None, &Method::TRACE, StatusCode::NOT_FOUND, took);
        let mut text = Text(String::new());
        metrics.write_requests(&mut text);
        for line in [
            "rattache_http_requests_total{route=\"/b\",method=\"POST\",status=\"200\"} 2",
            "rattache_http_requests_total{route=\"/b\",method=\"POST\",status=\"0\"} 1",
            "rattache_http_requests_total{route=\"-\",method=\"other\",status=\"404\"} 1",
            "rattache_http_request_duration_seconds_bucket{route=\"/b\",le=\"0.00025\"} 0",
            "rattache_http_request_duration_seconds_bucket{route=\"/b\",le=\"0.0005\"} 2",
            "rattache_http_request_duration_seconds_bucket{route=\"/b\",le=\"10\"} 2",
            "rattache_http_request_duration_seconds_bucket{route=\"/b\",le=\"+Inf\"} 3",
            "rattache_http_request_duration_seconds_count{route=\"/b\"} 3",
        ] {
            assert!(text.0.lines().any(|known| known == line), "{line} in\n{}", text.0);
        }
        assert!(!text.0.contains("\"/a\""), "a route without a request is not told:\n{}", text.0);
    }

    #[test]
    fn days_between_two_days_count_leap_days() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(days_between(day("2022-04-01"), day("2022-04-01")), 0);
        assert_eq!(days_between(day("2024-02-28"), day("2024-03-01")), 2);
        assert_eq!(days_between(day("2017-07-01"), day("2026-11-27")), 3436);
        assert_eq!(days_between(day("2028-04-01"), day("2026-11-27")), 0);
    }

    #[test]
    fn statuses_stand_in_order_so_that_they_are_found() {
        assert!(STATUSES.is_sorted() && CLASSES.is_sorted());
    }
}
