//! The history of an edition: numbered, dated entries, each bound to the one before by a digest.
//!
//! The digest is SHA-256, so that whoever noted the last one (a published dossier prints it) can tell whether anything
//! before it was altered. An entry also records the digest of the state it leads to: replayed from the base, every past
//! state comes out byte for byte ([`state_bytes`]) or the history is refused.
//!
//! Historical numbers follow the Swiss register of communes: a territory gets a new one at every mutation, while its
//! public code may stay.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Change, MutationMode, Operation, RevisionError, UnitIndex, apply};
use crate::domain::{Date, Edition, EditionHeader, Level, TerritoryCode};

/// A SHA-256 digest, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        use std::fmt::Write as _;
        Self(Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What happened to one territory, with its historical numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Mutation {
    /// What happened.
    #[serde(flatten)]
    pub change: Change,
    /// Historical number that ends here.
    pub ended: Option<u64>,
    /// Historical number that begins here.
    pub begun: Option<u64>,
}

/// One entry of a history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number: 0 for the first entry, then one more each.
    pub number: u64,
    /// When it was made.
    pub date: Date,
    /// The entry that it cancels.
    pub cancels: Option<u64>,
    /// Name and date of the edition from here on.
    pub header: EditionHeader,
    /// What was done.
    pub operations: Vec<Operation>,
    /// What would undo it.
    pub inverse: Vec<Operation>,
    /// What it changed, territory by territory.
    pub mutations: Vec<Mutation>,
    /// Digest of the state it leads to.
    pub state: Digest,
    /// Digest of the entry before; of nothing, for the first.
    pub previous: Digest,
    /// Digest of all of the above.
    pub digest: Digest,
}

/// A base edition and all that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    base: Edition,
    current: Edition,
    entries: Vec<Entry>,
    numbers: BTreeMap<(Level, TerritoryCode), u64>,
    next_number: u64,
}

impl History {
    /// Begins a history: one entry in which every territory enters (mode 20).
    #[must_use]
    pub fn begin(base: Edition, units: &UnitIndex, date: Date) -> Self {
        let mut history =
            Self { current: base.clone(), base, entries: Vec::new(), numbers: BTreeMap::new(), next_number: 1 };
        let changes: Vec<Change> = Level::TERRITORIAL
            .into_iter()
            .flat_map(|level| history.base.hierarchy.territories(level).iter().map(move |known| (level, known)))
            .map(|(level, known)| Change {
                level,
                before: None,
                after: Some(known.code.clone()),
                modes: vec![MutationMode::FirstEntry],
            })
            .collect();
        let header = history.base.header.clone();
        history.record(units, date, None, header, (Vec::new(), Vec::new()), changes);
        history
    }

    /// The state after the last entry.
    #[must_use]
    pub fn current(&self) -> &Edition {
        &self.current
    }

    /// The state before everything.
    #[must_use]
    pub fn base(&self) -> &Edition {
        &self.base
    }

    /// All entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Digest of the last entry: whoever keeps it can tell whether anything before was altered.
    #[must_use]
    pub fn head(&self) -> &Digest {
        &self.entries[self.entries.len() - 1].digest
    }

    /// Carries out operations and records them as one entry.
    ///
    /// # Errors
    /// As [`apply`]; the history is then as it was.
    pub fn append(
        &mut self,
        units: &UnitIndex,
        date: Date,
        header: EditionHeader,
        operations: Vec<Operation>,
    ) -> Result<&Entry, RevisionError> {
        self.carry_out(units, date, None, header, operations)
    }

    /// Cancels the last entry in effect (mode 30): its inverse is carried out, and both stay in the log.
    ///
    /// To do again what was cancelled, append its operations.
    ///
    /// # Errors
    /// [`RevisionError::NoEntry`] where nothing but the first entry is in effect.
    pub fn cancel_last(&mut self, units: &UnitIndex, date: Date) -> Result<&Entry, RevisionError> {
        let mut in_effect: Vec<u64> = Vec::new();
        for entry in &self.entries {
            match entry.cancels {
                None => in_effect.push(entry.number),
                Some(_) => drop(in_effect.pop()),
            }
        }
        let last = in_effect.pop().filter(|&number| number > 0).ok_or(RevisionError::NoEntry { number: 0 })?;
        let before = in_effect.pop().unwrap_or(0);
        let header = self.entries[before as usize].header.clone();
        let inverse = self.entries[last as usize].inverse.clone();
        self.carry_out(units, date, Some(last), header, inverse)
    }

    /// The state after an entry, rebuilt from the base.
    ///
    /// # Errors
    /// [`RevisionError::NoEntry`], and [`RevisionError::OtherState`] where it is not the one recorded.
    pub fn state_at(&self, number: u64, units: &UnitIndex) -> Result<Edition, RevisionError> {
        let place = usize::try_from(number).ok().filter(|&place| place < self.entries.len());
        let place = place.ok_or(RevisionError::NoEntry { number })?;
        let mut state = self.base.clone();
        for entry in &self.entries[..=place] {
            state = apply(&state, units, entry.header.clone(), &entry.operations)?.edition;
        }
        if state_digest(&state, units) == self.entries[place].state {
            Ok(state)
        } else {
            Err(RevisionError::OtherState { number })
        }
    }

    /// Writes the log, one entry a line, as JSON.
    ///
    /// # Errors
    /// [`RevisionError::Io`].
    pub fn write_log(&self, mut writer: impl Write) -> Result<(), RevisionError> {
        for entry in &self.entries {
            let line = serde_json::to_string(entry).map_err(std::io::Error::from)?;
            writeln!(writer, "{line}")?;
        }
        Ok(())
    }

    /// Reads a log and carries it out from the base, checking the chain, every mutation and every state.
    ///
    /// # Errors
    /// [`RevisionError::BrokenChain`], [`RevisionError::OtherState`], [`RevisionError::Log`], and what [`apply`] refuses.
    pub fn read_log(base: &Edition, units: &UnitIndex, reader: impl BufRead) -> Result<Self, RevisionError> {
        let mut history: Option<Self> = None;
        for (line, text) in reader.lines().enumerate() {
            let entry: Entry =
                serde_json::from_str(&text?).map_err(|cause| RevisionError::Log { line: line + 1, cause })?;
            let number = line as u64;
            if entry.digest != digest_of(&entry) || entry.number != number {
                return Err(RevisionError::BrokenChain { number });
            }
            match &mut history {
                None => history = Some(Self::begin(base.clone(), units, entry.date)),
                Some(known) => {
                    let (header, operations) = (entry.header.clone(), entry.operations.clone());
                    known.carry_out(units, entry.date, entry.cancels, header, operations)?;
                }
            }
            let rebuilt = history.as_ref().and_then(|known| known.entries.last());
            if rebuilt.is_some_and(|rebuilt| rebuilt.state != entry.state) {
                return Err(RevisionError::OtherState { number });
            }
            if rebuilt != Some(&entry) {
                return Err(RevisionError::BrokenChain { number });
            }
        }
        history.ok_or(RevisionError::NoEntry { number: 0 })
    }

    fn carry_out(
        &mut self,
        units: &UnitIndex,
        date: Date,
        cancels: Option<u64>,
        header: EditionHeader,
        operations: Vec<Operation>,
    ) -> Result<&Entry, RevisionError> {
        let applied = apply(&self.current, units, header.clone(), &operations)?;
        self.current = applied.edition;
        let mut changes: Vec<Change> = applied.changes.into_iter().flatten().collect();
        if cancels.is_some() {
            for change in &mut changes {
                change.modes.push(MutationMode::Cancelled);
            }
        }
        Ok(self.record(units, date, cancels, header, (operations, applied.inverse), changes))
    }

    fn record(
        &mut self,
        units: &UnitIndex,
        date: Date,
        cancels: Option<u64>,
        header: EditionHeader,
        (operations, inverse): (Vec<Operation>, Vec<Operation>),
        changes: Vec<Change>,
    ) -> &Entry {
        let mutations = changes.into_iter().map(|change| self.number(change)).collect();
        let mut entry = Entry {
            number: self.entries.len() as u64,
            date,
            cancels,
            header,
            operations,
            inverse,
            mutations,
            state: state_digest(&self.current, units),
            previous: self.entries.last().map_or_else(|| Digest::of(b""), |last| last.digest.clone()),
            digest: Digest::of(b""),
        };
        entry.digest = digest_of(&entry);
        self.entries.push(entry);
        &self.entries[self.entries.len() - 1]
    }

    fn number(&mut self, change: Change) -> Mutation {
        let ended = change.before.clone().and_then(|code| self.numbers.remove(&(change.level, code)));
        let begun = change.after.clone().map(|code| {
            let number = self.next_number;
            self.next_number += 1;
            self.numbers.insert((change.level, code), number);
            number
        });
        Mutation { change, ended, begun }
    }
}

/// Digest of an entry, its own digest left out.
fn digest_of(entry: &Entry) -> Digest {
    let mut bare = entry.clone();
    bare.digest = Digest(String::new());
    Digest::of(&serde_json::to_vec(&bare).expect("an entry holds nothing that JSON can not write"))
}

/// The one way to write a state: territories, parents, shared units and the CLSC of every unit, a JSON value a line.
///
/// Two editions are the same if and only if these bytes are.
#[must_use]
pub fn state_bytes(edition: &Edition, units: &UnitIndex) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(units.len() * 20);
    let mut line = |value: serde_json::Value| {
        bytes.extend_from_slice(value.to_string().as_bytes());
        bytes.push(b'\n');
    };
    line(serde_json::json!(["edition", &edition.header]));
    for level in Level::TERRITORIAL {
        for known in edition.hierarchy.territories(level) {
            line(serde_json::json!(["territory", level, &known.code, &known.name, known.published_population]));
        }
    }
    for (clsc, row) in edition.hierarchy.rows().iter().enumerate() {
        let codes = row.territories.each_ref().map(|territory| &territory.code);
        line(serde_json::json!(["clsc", clsc, codes]));
    }
    for straddle in &edition.straddles {
        line(serde_json::json!(["straddle", straddle]));
    }
    let codes = edition.hierarchy.territories(Level::Clsc);
    for (unit, &clsc) in (0_u32..).zip(edition.attachment.as_slice()) {
        line(serde_json::json!(["unit", units.id(unit), &codes[usize::from(clsc)].code]));
    }
    bytes
}

/// Digest of [`state_bytes`].
#[must_use]
pub fn state_digest(edition: &Edition, units: &UnitIndex) -> Digest {
    Digest::of(&state_bytes(edition, units))
}
