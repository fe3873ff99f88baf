//! UTF-16 in and out, by way of UTF-8 in which a lone surrogate has its own three bytes, so that nothing is lost.

use std::io::{self, Read};

/// Reads UTF-16 as UTF-8.
#[derive(Debug)]
pub(super) struct WideReader<R> {
    inner: R,
    little: bool,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> WideReader<R> {
    pub fn new(inner: R, little: bool) -> Self {
        Self { inner, little, raw: Vec::new(), ready: Vec::new(), at: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept + (64 << 10), 0);
        let count = self.inner.read(&mut self.raw[kept..])?;
        self.raw.truncate(kept + count);
        self.ended = count == 0;
        self.ready.clear();
        self.at = 0;
        let used = to_narrow(&self.raw, self.little, self.ended, &mut self.ready);
        self.raw.drain(..used);
        Ok(())
    }
}

impl<R: Read> Read for WideReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Decodes what is whole; how many bytes that was. At the end, a lone byte becomes a replacement character.
fn to_narrow(raw: &[u8], little: bool, is_end: bool, out: &mut Vec<u8>) -> usize {
    let unit = |at: usize| {
        raw.get(at..at + 2).map(|pair| {
            let pair = [pair[0], pair[1]];
            u32::from(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
        })
    };
    let mut at = 0;
    while let Some(first) = unit(at) {
        let mut point = first;
        let mut used = 2;
        if (0xD800..0xDC00).contains(&first) {
            match unit(at + 2) {
                Some(second) if (0xDC00..0xE000).contains(&second) => {
                    point = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                    used = 4;
                }
                None if !is_end => break,
                _ => {}
            }
        }
        push(out, point);
        at += used;
    }
    if is_end && at < raw.len() {
        push(out, 0xFFFD);
        at = raw.len();
    }
    at
}

fn push(out: &mut Vec<u8>, point: u32) {
    let tail = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
    match point {
        0..0x80 => out.push(point as u8),
        0x80..0x800 => out.extend([0xC0 | (point >> 6) as u8, tail(0)]),
        0x800..0x1_0000 => out.extend([0xE0 | (point >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend([0xF0 | (point >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// Writes such UTF-8 as UTF-16.
pub(super) fn to_wide(bytes: &[u8], little: bool, out: &mut Vec<u8>) {
    out.reserve(bytes.len() * 2);
    let mut unit =
        |unit: u32| out.extend(if little { (unit as u16).to_le_bytes() } else { (unit as u16).to_be_bytes() });
    let mut at = 0;
    while at < bytes.len() {
        let tail = |place: usize| u32::from(bytes.get(at + place).copied().unwrap_or(0)) & 0x3F;
        let first = u32::from(bytes[at]);
        let (point, used) = match first {
            0..0x80 => (first, 1),
            0x80..0xE0 => ((first & 0x1F) << 6 | tail(1), 2),
            0xE0..0xF0 => ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3),
            _ => ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
        };
        if point < 0x1_0000 {
            unit(point);
        } else {
            unit(0xD800 + ((point - 0x1_0000) >> 10));
            unit(0xDC00 + ((point - 0x1_0000) & 0x3FF));
        }
        at += used;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_comes_back_even_a_lone_surrogate() {
        let units: Vec<u16> = (0..=u16::MAX).chain([0xD83D, 0xDE00, 0xD800, 0x41, 0xDC00, 0xD800]).collect();
        for little in [true, false] {
            let raw: Vec<u8> =
                units.iter().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect();
            let mut narrow = Vec::new();
            WideReader::new(&raw[..], little).read_to_end(&mut narrow).unwrap();
            let mut back = Vec::new();
            to_wide(&narrow, little, &mut back);
            assert!(back == raw);
        }
    }
}
