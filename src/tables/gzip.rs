//! gzip, with what is put behind it: more members are read on, zeros and other padding are not.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

/// Unpacks gzip of one or more members. What follows the last one and is no gzip ends it (`tar` and some drives pad with zeros).
pub(crate) struct Gunzip<R: Read> {
    member: Option<GzDecoder<BufReader<R>>>,
}

impl<R: Read> Gunzip<R> {
    pub fn new(inner: R) -> Self {
        Self { member: Some(GzDecoder::new(BufReader::with_capacity(64 << 10, inner))) }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let Some(member) = &mut self.member else { return Ok(0) };
            let count = member.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            let Some(member) = self.member.take() else { return Ok(0) };
            let mut rest = member.into_inner();
            let next = rest.fill_buf()?;
            if next.first() != Some(&0x1F) {
                return Ok(0);
            }
            self.member = Some(GzDecoder::new(rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn several_members_are_one_text_and_padding_is_none_of_it() {
        let mut bytes = packed("a,b\n");
        bytes.extend(packed("1,2\n"));
        bytes.extend([0; 700]);
        let mut text = String::new();
        Gunzip::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "a,b\n1,2\n");
        let half = &packed("a,b\n1,2\n3,4\n")[..12];
        assert!(Gunzip::new(half).read_to_string(&mut text).is_err(), "cut short");
    }
}
