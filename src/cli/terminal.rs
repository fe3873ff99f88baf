//! What is written for people: names come from files of others, and a terminal obeys what it is sent.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a character commands a terminal instead of being shown by it; ends of lines and tabs are text.
fn commands(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

/// A text with what commands a terminal shown as unreadable.
pub fn shown(text: &str) -> Cow<'_, str> {
    if text.contains(commands) { Cow::Owned(text.replace(commands, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// A writer to a terminal, that shows what commands it as unreadable.
#[derive(Debug)]
pub struct Shown<W> {
    to: W,
    /// The first byte of a character of two bytes that may command: `C2`, of U+0080 to U+009F.
    waiting: bool,
}

impl<W: Write> Shown<W> {
    /// Writes to a terminal.
    pub const fn new(to: W) -> Self {
        Self { to, waiting: false }
    }
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if std::mem::take(&mut self.waiting) {
                if matches!(byte, 0x80..=0x9F) {
                    out.extend_from_slice("\u{fffd}".as_bytes());
                    continue;
                }
                out.push(0xC2);
            }
            match byte {
                b'\n' | b'\r' | b'\t' => out.push(byte),
                0..=0x1F | 0x7F => out.extend_from_slice("\u{fffd}".as_bytes()),
                0xC2 => self.waiting = true,
                _ => out.push(byte),
            }
        }
        self.to.write_all(&out)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.waiting) {
            self.to.write_all(&[0xC2])?;
        }
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_commands_a_terminal_however_it_is_cut() {
        let hostile = "Saint-\u{1b}]0;x\u{7}Jérôme\u{9b}2J\tà\r\n\u{7f}";
        let safe = "Saint-\u{fffd}]0;x\u{fffd}Jérôme\u{fffd}2J\tà\r\n\u{fffd}";
        assert_eq!(shown(hostile), safe);
        assert_eq!(shown("Montréal — « Centre »"), "Montréal — « Centre »");
        for piece in 1..hostile.len() {
            let mut shown = Shown::new(Vec::new());
            for part in hostile.as_bytes().chunks(piece) {
                shown.write_all(part).unwrap();
            }
            shown.flush().unwrap();
            assert_eq!(String::from_utf8(shown.to).unwrap(), safe);
        }
    }
}
