//! Well-known binary: surfaces and points as bytes, ISO (OGC 06-103) or extended (as `PostGIS` has it), read; ISO written.

use std::fmt;

/// How deep collections may stand in one another.
const DEEPEST: usize = 8;

/// What well-known binary holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Wkb {
    /// Nothing: an empty geometry.
    Empty,
    /// One position.
    Point([f64; 2]),
    /// Polygons.
    Surface {
        /// The rings of all of them, shells and holes alike.
        rings: Vec<Vec<[f64; 2]>>,
        /// Whether points or lines beside them were left out.
        beside: bool,
    },
    /// Something that is neither, by its name.
    Other(&'static str),
}

/// Bytes that are no well-known binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct WkbError;

impl fmt::Display for WkbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of the geometry are no well-known binary (WKB)")
    }
}

/// Reads one geometry; of more than two ordinates the first two are kept.
///
/// # Errors
/// [`WkbError`] where the bytes end early or say something else.
pub fn read(bytes: &[u8]) -> Result<Wkb, WkbError> {
    let mut cursor = Cursor { bytes, little: true };
    let mut found = Found::default();
    cursor.geometry(&mut found, 0)?;
    Ok(match found {
        Found { curved: Some(name), .. } => Wkb::Other(name),
        Found { rings, other, point, .. } if !rings.is_empty() => {
            Wkb::Surface { rings, beside: other.is_some() || point.is_some() }
        }
        Found { other: Some(name), .. } => Wkb::Other(name),
        Found { point: Some(point), .. } => Wkb::Point(point),
        Found { .. } => Wkb::Empty,
    })
}

/// What was met on the way.
#[derive(Default)]
struct Found {
    rings: Vec<Vec<[f64; 2]>>,
    point: Option<[f64; 2]>,
    /// Something without an area.
    other: Option<&'static str>,
    /// A surface whose limits are no straight lines.
    curved: Option<&'static str>,
}

struct Cursor<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Cursor<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or(WkbError)?;
        self.bytes = rest;
        Ok(*head)
    }

    fn word(&mut self) -> Result<u32, WkbError> {
        let bytes = self.take()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// How many of something that takes at least `least` bytes each; never more than there is room for.
    fn count(&mut self, least: usize) -> Result<usize, WkbError> {
        let count = self.word()? as usize;
        if count.checked_mul(least).is_none_or(|bytes| bytes > self.bytes.len()) { Err(WkbError) } else { Ok(count) }
    }

    fn position(&mut self, ordinates: usize) -> Result<[f64; 2], WkbError> {
        let mut position = [0.0; 2];
        for ordinate in 0..ordinates {
            let bytes = self.take()?;
            let value = if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) };
            if let Some(place) = position.get_mut(ordinate) {
                *place = value;
            }
        }
        Ok(position)
    }

    fn positions(&mut self, ordinates: usize) -> Result<Vec<[f64; 2]>, WkbError> {
        let count = self.count(8 * ordinates)?;
        (0..count).map(|_| self.position(ordinates)).collect()
    }

    fn geometry(&mut self, found: &mut Found, depth: usize) -> Result<(), WkbError> {
        self.little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err(WkbError),
        };
        let word = self.word()?;
        // PostGIS keeps z, m and a system's number in the three highest bits.
        let (z, m, numbered) = (word & 0x8000_0000 != 0, word & 0x4000_0000 != 0, word & 0x2000_0000 != 0);
        let plain = word & 0x1FFF_FFFF;
        let (kind, more) = (plain % 1000, plain / 1000);
        if more > 3 || depth > DEEPEST {
            return Err(WkbError);
        }
        let ordinates = 2 + usize::from(z) + usize::from(m) + [0, 1, 1, 2][more as usize];
        if numbered {
            self.word()?;
        }
        match kind {
            1 => {
                // Not numbers stand for an empty point.
                let point = self.position(ordinates)?;
                found.point = found.point.or(point.iter().all(|ordinate| !ordinate.is_nan()).then_some(point));
            }
            2 | 8 => {
                self.positions(ordinates)?;
                found.other = Some(if kind == 2 { "LineString" } else { "CircularString" });
            }
            3 | 17 => {
                for _ in 0..self.count(4)? {
                    let ring = self.positions(ordinates)?;
                    found.rings.push(ring);
                }
            }
            4 | 5 | 9 | 11 => {
                let name = match kind {
                    4 => "MultiPoint",
                    5 => "MultiLineString",
                    9 => "CompoundCurve",
                    _ => "MultiCurve",
                };
                self.members(&mut Found::default(), depth)?;
                found.other = Some(name);
            }
            10 => {
                self.members(&mut Found::default(), depth)?;
                found.curved = Some("CurvePolygon");
            }
            6 | 7 | 12 | 15 | 16 => self.members(found, depth)?,
            _ => return Err(WkbError),
        }
        Ok(())
    }

    fn members(&mut self, found: &mut Found, depth: usize) -> Result<(), WkbError> {
        for _ in 0..self.count(5)? {
            self.geometry(found, depth + 1)?;
        }
        Ok(())
    }
}

/// Writes a `MultiPolygon`, little-endian: polygons, each a shell and its holes, each a closed ring.
#[must_use]
pub fn multi_polygon(polygons: &[Vec<Vec<[f64; 2]>>]) -> Vec<u8> {
    let points: usize = polygons.iter().flatten().map(Vec::len).sum();
    let mut out =
        Vec::with_capacity(9 + polygons.len() * 9 + polygons.iter().map(Vec::len).sum::<usize>() * 4 + points * 16);
    let head = |out: &mut Vec<u8>, kind: u32, count: usize| {
        out.push(1);
        out.extend(kind.to_le_bytes());
        out.extend((count as u32).to_le_bytes());
    };
    head(&mut out, 6, polygons.len());
    for polygon in polygons {
        head(&mut out, 3, polygon.len());
        for ring in polygon {
            out.extend((ring.len() as u32).to_le_bytes());
            for ordinate in ring.iter().flatten() {
                out.extend(ordinate.to_le_bytes());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes geometries by hand, in either order of bytes.
    struct Writer {
        little: bool,
        bytes: Vec<u8>,
    }

    impl Writer {
        fn word(&mut self, word: u32) -> &mut Self {
            self.bytes.extend(if self.little { word.to_le_bytes() } else { word.to_be_bytes() });
            self
        }
        fn head(&mut self, kind: u32) -> &mut Self {
            self.bytes.push(u8::from(self.little));
            self.word(kind)
        }
        fn ordinates(&mut self, values: &[f64]) -> &mut Self {
            for value in values {
                self.bytes.extend(if self.little { value.to_le_bytes() } else { value.to_be_bytes() });
            }
            self
        }
    }

    #[test]
    fn points_are_read_in_either_order_and_dialect() {
        for little in [false, true] {
            for (kind, srid) in [(1, false), (1001, false), (0x8000_0001, false), (0x2000_0001, true)] {
                let mut writer = Writer { little, bytes: Vec::new() };
                writer.head(kind);
                if srid {
                    writer.word(4326);
                }
                writer.ordinates(&[-73.5, 45.5, 12.0]);
                assert_eq!(read(&writer.bytes), Ok(Wkb::Point([-73.5, 45.5])), "{kind}");
                assert_eq!(read(&writer.bytes[..20]), Err(WkbError));
            }
        }
        let mut nothing = Writer { little: true, bytes: Vec::new() };
        nothing.head(1).ordinates(&[f64::NAN, f64::NAN]);
        assert_eq!(read(&nothing.bytes), Ok(Wkb::Empty));
        assert_eq!(read(&[]), Err(WkbError));
        assert_eq!(read(&[7, 1, 0, 0, 0]), Err(WkbError));
    }

    #[test]
    fn polygons_with_heights_in_collections_give_their_rings_in_the_plane() {
        let ring = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        for little in [false, true] {
            let mut writer = Writer { little, bytes: Vec::new() };
            writer.head(1007).word(2);
            for kind in [1003, 1006] {
                writer.head(kind).word(1);
                if kind == 1006 {
                    writer.head(1003).word(1);
                }
                writer.word(4);
                for [x, y] in ring {
                    writer.ordinates(&[x, y, 7.0]);
                }
            }
            let rings = vec![ring.to_vec(), ring.to_vec()];
            assert_eq!(read(&writer.bytes), Ok(Wkb::Surface { rings, beside: false }));
        }
        let mut line = Writer { little: true, bytes: Vec::new() };
        line.head(7).word(1).head(2).word(0);
        assert_eq!(read(&line.bytes), Ok(Wkb::Other("LineString")));
        let mut both = Writer { little: true, bytes: Vec::new() };
        both.head(7)
            .word(2)
            .head(4)
            .word(1)
            .head(1)
            .ordinates(&[1.0, 2.0])
            .head(3)
            .word(1)
            .word(1)
            .ordinates(&[5.0, 6.0]);
        assert_eq!(read(&both.bytes), Ok(Wkb::Surface { rings: vec![vec![[5.0, 6.0]]], beside: true }));
        let mut curved = Writer { little: true, bytes: Vec::new() };
        curved.head(12).word(1).head(10).word(1).head(8).word(1).ordinates(&[1.0, 2.0]);
        assert_eq!(read(&curved.bytes), Ok(Wkb::Other("CurvePolygon")));
    }

    #[test]
    fn what_is_written_is_read_back_and_no_length_is_trusted() {
        let polygons =
            vec![vec![vec![[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 0.0]], vec![[1.0, 1.0], [2.0, 1.0], [1.0, 1.0]]]];
        let bytes = multi_polygon(&polygons);
        assert_eq!(read(&bytes), Ok(Wkb::Surface { rings: polygons[0].clone(), beside: false }));
        for length in 0..bytes.len() {
            assert_eq!(read(&bytes[..length]), Err(WkbError), "{length}");
        }
        let mut huge = bytes.clone();
        huge[5..9].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(read(&huge), Err(WkbError));
        assert_eq!(read(&multi_polygon(&[])), Ok(Wkb::Empty));
        // Collections in collections, without end.
        let deep: Vec<u8> = (0..1000).flat_map(|_| [1, 7, 0, 0, 0, 1, 0, 0, 0]).collect();
        assert_eq!(read(&deep), Err(WkbError));
    }
}
