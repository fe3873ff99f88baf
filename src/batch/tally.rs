//! What came of the rows, counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Method, Reason, Status};

/// Counts over rows. Sums of parts are the sums of the whole, whatever the parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows, without the header and blank lines.
    pub rows: u64,
    /// By status, in the order of [`Status::ALL`].
    pub statuses: Vec<u64>,
    /// By edition, then by place in its list of CLSC.
    pub clsc: Vec<Vec<u64>>,
    /// Reasons and faults by word.
    pub faults: BTreeMap<String, u64>,
    /// By method, in the order of [`Method::ALL`].
    #[serde(default)]
    pub methods: Vec<u64>,
    /// The same while they are counted, by place in [`Reason::ALL`].
    #[serde(skip)]
    reasons: Vec<u64>,
}

impl Tally {
    /// Nothing yet, for editions with so many CLSC.
    #[must_use]
    pub fn new(clsc_counts: &[usize]) -> Self {
        Self {
            statuses: vec![0; Status::ALL.len()],
            methods: vec![0; Method::ALL.len()],
            reasons: vec![0; Reason::ALL.len()],
            clsc: clsc_counts.iter().map(|&count| vec![0; count]).collect(),
            ..Self::default()
        }
    }

    #[inline]
    pub(super) fn plain(&mut self, edition: usize, class: u16) {
        self.rows += 1;
        self.statuses[Status::Resolved as usize] += 1;
        self.methods[Method::Point as usize] += 1;
        self.clsc[edition][usize::from(class)] += 1;
    }

    pub(super) fn row(&mut self, edition: usize, class: Option<usize>, answer: &Answer<'_>) {
        self.rows += 1;
        self.statuses[answer.status as usize] += 1;
        self.reasons[answer.reason as usize] += 1;
        if let Some(method) = answer.method {
            self.methods[method as usize] += 1;
        }
        if let Some(class) = class {
            self.clsc[edition][class] += 1;
        }
        for &fault in &answer.faults {
            *self.faults.entry(fault.to_owned()).or_default() += 1;
        }
    }

    /// Adds the counts of other rows.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        let sum = |into: &mut Vec<u64>, from: &[u64]| {
            into.resize(into.len().max(from.len()), 0);
            for (into, from) in into.iter_mut().zip(from) {
                *into += from;
            }
        };
        sum(&mut self.statuses, &other.statuses);
        sum(&mut self.methods, &other.methods);
        self.clsc.resize(self.clsc.len().max(other.clsc.len()), Vec::new());
        for (into, from) in self.clsc.iter_mut().zip(&other.clsc) {
            sum(into, from);
        }
        for (word, count) in &other.faults {
            *self.faults.entry(word.clone()).or_default() += count;
        }
        for (reason, &count) in Reason::ALL.iter().zip(&other.reasons) {
            if count > 0 && *reason != Reason::None {
                *self.faults.entry(reason.word().to_owned()).or_default() += count;
            }
        }
    }

    /// How many rows have a status.
    #[must_use]
    pub fn count(&self, status: Status) -> u64 {
        self.statuses.get(status as usize).copied().unwrap_or(0)
    }

    /// The commonest reasons and faults, the commonest first.
    #[must_use]
    pub fn commonest_faults(&self, most: usize) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.faults.iter().map(|(word, &count)| (word.as_str(), count)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(most);
        all
    }
}
