//! Findings, listed up to a limit and counted beyond it.

use std::collections::BTreeMap;

use super::cells::{SeriesFinding, SeriesFindingKind};

/// Findings of one kind listed at most; those beyond are counted. A table of a million bad values is told in a few hundred.
pub const MOST_FINDINGS: usize = 1_000;

/// Findings as they are made: each kind is listed up to [`MOST_FINDINGS`] and counted beyond.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    listed: Vec<SeriesFinding>,
    counts: BTreeMap<SeriesFindingKind, usize>,
    /// How many of each kind are not listed.
    beyond: BTreeMap<SeriesFindingKind, u64>,
}

impl Findings {
    /// Lists a finding, or counts it where its kind is full.
    pub fn push(&mut self, finding: SeriesFinding) {
        if self.is_full(finding.kind) {
            self.count(finding.kind, 1);
            return;
        }
        *self.counts.entry(finding.kind).or_default() += 1;
        self.listed.push(finding);
    }

    /// Whether a finding of a kind would only be counted: then its sentence need not be made.
    #[must_use]
    pub fn is_full(&self, kind: SeriesFindingKind) -> bool {
        self.counts.get(&kind).is_some_and(|&count| count >= MOST_FINDINGS)
    }

    /// Counts findings that are not listed.
    pub fn count(&mut self, kind: SeriesFindingKind, more: u64) {
        if more > 0 {
            *self.beyond.entry(kind).or_default() += more;
        }
    }

    /// Takes others in.
    pub fn extend(&mut self, others: impl IntoIterator<Item = SeriesFinding>) {
        others.into_iter().for_each(|finding| self.push(finding));
    }

    /// Those listed, and how many of each kind are not.
    #[must_use]
    pub fn into_parts(self) -> (Vec<SeriesFinding>, BTreeMap<SeriesFindingKind, u64>) {
        (self.listed, self.beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, MOST_FINDINGS};
    use crate::domain::{Place, Severity, Words};
    use crate::series::table::{SeriesFinding, SeriesFindingKind};

    #[test]
    fn findings_beyond_the_limit_are_counted() {
        let mut findings = Findings::default();
        let finding = |kind| SeriesFinding {
            severity: Severity::Note,
            kind,
            place: Place::default(),
            message: Words::same("essai"),
        };
        for _ in 0..MOST_FINDINGS + 5 {
            findings.push(finding(SeriesFindingKind::MissingCode));
        }
        findings.push(finding(SeriesFindingKind::BadCode));
        let (listed, beyond) = findings.into_parts();
        assert_eq!(listed.len(), MOST_FINDINGS + 1);
        assert_eq!(beyond.into_iter().collect::<Vec<_>>(), [(SeriesFindingKind::MissingCode, 5)]);
    }
}
