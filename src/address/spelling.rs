//! Finding keys by hash: exact forms, sounds, and keys one or two slips away.
//!
//! Slips are found by symmetric deletion (Garbe's SymSpell): whatever the slip, two keys that differ little meet once a
//! letter or two is struck from the beginning of each. The index stores only hashes and numbers, in two flat arrays: an
//! entry is a number of 24 bits and 8 bits of hash, so a caller verifies what comes back.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// How many bytes of a key slips are looked for in; the rest is left to the caller's comparison.
const PREFIX: usize = 7;
/// Longest key compared for slips.
pub(super) const LONGEST: usize = 60;
/// How many things an index can tell apart.
pub(super) const MOST: usize = 1 << 24;

/// What an entry was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trace {
    /// A form as it stands.
    Form,
    /// A shorter form.
    Partial,
    /// A sound.
    Sound,
    /// A form with letters struck.
    Struck,
}

fn hash(trace: Trace, key: &[u8]) -> u64 {
    xxh3_64_with_seed(key, trace as u64 + 1)
}

/// Calls with every way to strike up to two bytes from the beginning of a key, the key itself among them.
fn struck(key: &str, mut call: impl FnMut(&[u8])) {
    let bytes = &key.as_bytes()[..key.len().min(PREFIX)];
    call(bytes);
    let n = bytes.len();
    let mut out = [0_u8; PREFIX];
    for i in 0..n {
        out[..i].copy_from_slice(&bytes[..i]);
        out[i..n - 1].copy_from_slice(&bytes[i + 1..]);
        if n >= 3 {
            call(&out[..n - 1]);
        }
        if n >= 5 {
            for j in i..n - 1 {
                let mut twice = out;
                twice.copy_within(j + 1..n - 1, j);
                call(&twice[..n - 2]);
            }
        }
    }
}

/// Which letters a key has, and how many bytes: enough to leave most strangers out without reading them.
fn signature(key: &str) -> u32 {
    let letters = key.bytes().filter(u8::is_ascii_lowercase).fold(0, |mask, letter| mask | 1 << (letter - b'a'));
    letters | (key.len().min(63) as u32) << 26
}

/// Whether keys of these signatures may be within a number of slips: each slip changes two letters at most.
fn may_be_near(a: u32, b: u32, limit: usize) -> bool {
    let letters = (a ^ b) & ((1 << 26) - 1);
    letters.count_ones() as usize <= 2 * limit && (a >> 26).abs_diff(b >> 26) as usize <= limit
}

/// The arrays of an index, as stored.
#[derive(Debug, Default)]
pub(super) struct SpellingArrays {
    /// Where each bucket begins, one more than there are.
    pub buckets: Vec<u32>,
    /// Numbers with 8 bits of hash.
    pub entries: Vec<u32>,
    /// The signature of each entry's key.
    pub signatures: Vec<u32>,
}

/// Gathers entries, then lays them out.
#[derive(Debug, Default)]
pub(super) struct SpellingBuilder {
    entries: Vec<(u64, u32, u32)>,
}

impl SpellingBuilder {
    /// Adds one key of a thing.
    pub fn add(&mut self, trace: Trace, key: &str, id: u32) {
        if trace == Trace::Struck {
            let entries = &mut self.entries;
            struck(key, |bytes| entries.push((hash(trace, bytes), id, signature(key))));
        } else {
            self.entries.push((hash(trace, key.as_bytes()), id, signature(key)));
        }
    }

    /// Sorts the entries into buckets by their hash.
    pub fn finish(mut self) -> SpellingArrays {
        self.entries.sort_unstable();
        self.entries.dedup();
        let bits = (usize::BITS - self.entries.len().leading_zeros()).clamp(1, 26);
        let mut buckets = vec![0_u32; (1 << bits) + 1];
        let mut entries = Vec::with_capacity(self.entries.len());
        let mut signatures = Vec::with_capacity(self.entries.len());
        for &(hash, id, signature) in &self.entries {
            buckets[(hash >> (64 - bits)) as usize + 1] += 1;
            signatures.push(signature);
            entries.push((id << 8) | (hash & 0xff) as u32);
        }
        for i in 1..buckets.len() {
            buckets[i] += buckets[i - 1];
        }
        SpellingArrays { buckets, entries, signatures }
    }
}

/// An index read where it lies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SpellingView<'a> {
    /// Where each bucket begins.
    pub buckets: &'a [u32],
    /// Numbers with 8 bits of hash.
    pub entries: &'a [u32],
    /// The signature of each entry's key.
    pub signatures: &'a [u32],
}

impl SpellingView<'_> {
    /// Whether the arrays belong together and every number is below a limit.
    pub fn is_sound(&self, ids: usize) -> bool {
        let buckets = self.buckets.len().wrapping_sub(1);
        buckets.is_power_of_two()
            && buckets > 1
            && self.buckets.first() == Some(&0)
            && self.buckets.is_sorted()
            && self.signatures.len() == self.entries.len()
            && self.buckets.last().is_some_and(|&last| last as usize == self.entries.len())
            && self.entries.iter().all(|&entry| ((entry >> 8) as usize) < ids)
    }

    fn probe(&self, hash: u64, fits: impl Fn(u32) -> bool, call: &mut impl FnMut(u32)) {
        let bits = (self.buckets.len() - 1).trailing_zeros();
        let bucket = (hash >> (64 - bits)) as usize;
        let (start, end) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        for (&entry, &signature) in self.entries[start..end].iter().zip(&self.signatures[start..end]) {
            if u64::from(entry & 0xff) == hash & 0xff && fits(signature) {
                call(entry >> 8);
            }
        }
    }

    /// Calls with every thing that may have this key; the same one may come more than once, and a stranger at times.
    pub fn find(&self, trace: Trace, key: &str, mut call: impl FnMut(u32)) {
        if self.buckets.len() < 3 {
            return;
        }
        self.probe(hash(trace, key.as_bytes()), |_| true, &mut call);
    }

    /// Calls with every thing whose key may be within a number of slips (3 at most) of this one; as above.
    pub fn find_near(&self, key: &str, limit: usize, mut call: impl FnMut(u32)) {
        if self.buckets.len() < 3 {
            return;
        }
        let own = signature(key);
        struck(key, |bytes| {
            self.probe(hash(Trace::Struck, bytes), |other| may_be_near(own, other, limit), &mut call);
        });
    }
}

/// Insertions, deletions, substitutions and swaps of neighbours between two keys (optimal string alignment), or `None`
/// beyond a limit of at most 3. Digits must agree: `8e Avenue` is no slip for `9e Avenue`.
///
/// Time is the product of the length and of twice the limit.
pub(super) fn slips(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let digits = |key: &'_ [u8]| key.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let digit = |key: &[u8]| key.iter().any(u8::is_ascii_digit);
    if (digit(a) || digit(b)) && digits(a) != digits(b) {
        return None;
    }
    // What both begin and end with can not slip.
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.is_empty() || b.is_empty() {
        return Some(a.len().max(b.len()));
    }
    let far = limit as u8 + 1;
    let mut rows = [[far; LONGEST + 1]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate().take(limit.min(b.len()) + 1) {
        *cell = j as u8;
    }
    for i in 1..=a.len() {
        let (this, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        let low = i.saturating_sub(limit).max(1);
        let high = (i + limit).min(b.len());
        rows[this].fill(far);
        if i <= limit {
            rows[this][0] = i as u8;
        }
        let mut least = rows[this][0];
        for j in low..=high {
            let same = a[i - 1] == b[j - 1];
            let mut cost = rows[last][j - 1] + u8::from(!same);
            cost = cost.min(rows[last][j] + 1).min(rows[this][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[before][j - 2] + 1);
            }
            rows[this][j] = cost;
            least = least.min(cost);
        }
        if usize::from(least) > limit {
            return None;
        }
    }
    let distance = usize::from(rows[a.len() % 3][b.len()]);
    (distance <= limit).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_people_make_them() {
        assert_eq!(slips("laurent", "laurent", 2), Some(0));
        assert_eq!(slips("laurent", "laurnet", 2), Some(1));
        assert_eq!(slips("laurent", "lauren", 2), Some(1));
        assert_eq!(slips("laurent", "florent", 2), None);
        assert_eq!(slips("8", "9", 2), None);
        assert_eq!(slips("", "ab", 2), Some(2));
    }

    #[test]
    fn a_key_two_slips_away_is_always_found() {
        let names = ["notredame", "papineau", "sherbrooke", "gouin", "$laurent", "cotedesneiges"];
        let mut builder = SpellingBuilder::default();
        for (id, name) in names.iter().enumerate() {
            builder.add(Trace::Struck, name, id as u32);
        }
        let arrays = builder.finish();
        let view = SpellingView { buckets: &arrays.buckets, entries: &arrays.entries, signatures: &arrays.signatures };
        assert!(view.is_sound(names.len()) && !view.is_sound(1));
        for (id, name) in names.iter().enumerate() {
            for i in 0..name.len() {
                for j in 0..name.len() - 1 {
                    let mut wrong = (*name).to_owned();
                    wrong.remove(i);
                    wrong.insert(j, 'z');
                    let mut found = false;
                    view.find_near(&wrong, 2, |other| found |= other == id as u32);
                    assert!(found || name.len() < 5, "{wrong} for {name}");
                }
            }
        }
    }
}
