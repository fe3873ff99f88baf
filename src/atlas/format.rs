//! The layout of an atlas file: a header, a table of sections, the sections.
//!
//! Everything is little-endian; every section starts at a multiple of 64 bytes. The header holds a magic word, the version,
//! the length of the file and a checksum (XXH3, 64 bits) of every byte after the header. A reader knows a section by its tag
//! and the edition it is of ([`ALL`] where it is of none), passes over tags it does not know, and reads arrays in place.

use bytemuck::{Pod, Zeroable};
use xxhash_rust::xxh3::xxh3_64;

use super::AtlasError;

/// First bytes of every atlas.
pub const MAGIC: [u8; 8] = *b"RATTACHE";
/// The version that this program writes, and the only one it reads.
pub const VERSION: u32 = 3;
/// The edition of sections that are of none.
pub const ALL: u32 = u32::MAX;
const ALIGN: usize = 64;
const HEADER: usize = 64;

/// What a section holds; four letters.
pub type Tag = [u8; 4];

/// Tags of the sections.
pub mod tag {
    use super::Tag;
    /// Names, dates, hierarchies, straddles, installations, findings: JSON.
    pub const META: Tag = *b"META";
    /// Where each unit identifier ends in `UNIT_NAMES`: `u32` each.
    pub const UNIT_ENDS: Tag = *b"UIDE";
    /// Unit identifiers, one after the other: UTF-8.
    pub const UNIT_NAMES: Tag = *b"UIDN";
    /// Units in order of identifier: `u32` each.
    pub const UNIT_ORDER: Tag = *b"UIDO";
    /// People of each unit: `u32` each, the highest value where not known.
    pub const UNIT_PEOPLE: Tag = *b"UPOP";
    /// People of each unit in one more year, numbered in the order of the manifest's years: `u32` each, as in `UNIT_PEOPLE`.
    pub const UNIT_PEOPLE_OF_YEAR: Tag = *b"UPYR";
    /// Area of each unit in square metres: `f64` each.
    pub const UNIT_AREA: Tag = *b"UARE";
    /// Box around each unit.
    pub const UNIT_BOX: Tag = *b"UBOX";
    /// A point inside each unit.
    pub const UNIT_POINT: Tag = *b"UPNT";
    /// Start of each arc among the vertices: `u32` each, one more than there are arcs.
    pub const ARC_STARTS: Tag = *b"ARCS";
    /// What is left and right of each arc: two `u32` each.
    pub const ARC_SIDES: Tag = *b"SIDE";
    /// Vertices of all arcs.
    pub const VERTICES: Tag = *b"VERT";
    /// Where the root cells lie.
    pub const GRID: Tag = *b"GRID";
    /// Root cells.
    pub const ROOTS: Tag = *b"ROOT";
    /// Cells of nodes.
    pub const NODES: Tag = *b"NODE";
    /// Edges of leaves.
    pub const LEAVES: Tag = *b"LEAF";
    /// Coarse edges.
    pub const COARSE: Tag = *b"CRSE";
    /// CLSC of each unit, for one edition: `u16` each.
    pub const ATTACHMENT: Tag = *b"ATTA";
    /// Coarse edges that separate two CLSC, for one edition.
    pub const LIMIT_EDGES: Tag = *b"LEDG";
    /// The tree over them: nodes.
    pub const LIMIT_NODES: Tag = *b"LNOD";
    /// Metres that each unit is at least away from any limit: `u16` each.
    pub const UNIT_CLEARANCE: Tag = *b"LCLU";
    /// The same for each root cell, in steps: `u8` each.
    pub const CELL_CLEARANCE: Tag = *b"LCLC";
    /// The limits that may be nearest, by place: words of the quadtree, then its lists, `u32` each.
    pub const NEAR_WORDS: Tag = *b"LNRW";
    /// The lists.
    pub const NEAR_LISTS: Tag = *b"LNRL";
    /// The arrays of the address registry, in the order in which
    /// [`GazetteerView`](crate::address::GazetteerView) lists them; all there, or none.
    pub const ADDRESSES: [Tag; 21] = [
        *b"ACIV", *b"ASPO", *b"AUNI", *b"APOS", *b"AAPT", *b"ASTR", *b"ANAM", *b"ANBU", *b"ANEN", *b"ANSI", *b"ALOC",
        *b"ALNA", *b"ALLI", *b"ALBU", *b"ALEN", *b"ALSI", *b"APAR", *b"ALAR", *b"ASHA", *b"AEXT", *b"ATXT",
    ];
}

#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    version: u32,
    sections: u32,
    length: u64,
    checksum: u64,
    reserved: [u64; 4],
}

/// A line of the table of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Entry {
    /// What the section holds.
    pub tag: Tag,
    /// The edition it is of, or [`ALL`].
    pub edition: u32,
    /// Where it starts.
    pub start: u64,
    /// How many bytes it has.
    pub length: u64,
}

/// Collects sections and lays them out.
#[derive(Debug, Default)]
pub struct Writer {
    sections: Vec<(Tag, u32, Vec<u8>)>,
}

impl Writer {
    /// Adds a section of plain values.
    pub fn push<T: Pod>(&mut self, tag: Tag, edition: u32, values: &[T]) {
        self.sections.push((tag, edition, bytemuck::cast_slice(values).to_vec()));
    }

    /// Lays the sections out with their header; words, and how many bytes of them count.
    #[must_use]
    pub fn finish(self) -> (Vec<u64>, usize) {
        let table = self.sections.len() * size_of::<Entry>();
        let mut at = (HEADER + table).next_multiple_of(ALIGN);
        let mut entries = Vec::with_capacity(self.sections.len());
        for (tag, edition, bytes) in &self.sections {
            entries.push(Entry { tag: *tag, edition: *edition, start: at as u64, length: bytes.len() as u64 });
            at = (at + bytes.len()).next_multiple_of(ALIGN);
        }
        let mut words = vec![0_u64; at / 8];
        let whole: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        whole[HEADER..HEADER + table].copy_from_slice(bytemuck::cast_slice(&entries));
        for (entry, (_, _, bytes)) in entries.iter().zip(self.sections) {
            let start = entry.start as usize;
            whole[start..start + bytes.len()].copy_from_slice(&bytes);
        }
        let header = Header {
            magic: MAGIC,
            version: VERSION,
            sections: entries.len() as u32,
            length: at as u64,
            checksum: xxh3_64(&whole[HEADER..]),
            reserved: [0; 4],
        };
        whole[..HEADER].copy_from_slice(bytemuck::bytes_of(&header));
        (words, at)
    }
}

/// Checks header and checksum and gives the table of sections.
///
/// # Errors
/// [`AtlasError`] for anything that is not a whole, unaltered atlas of this version.
pub fn read_table(bytes: &[u8]) -> Result<Vec<Entry>, AtlasError> {
    if bytes.is_empty() {
        return Err(AtlasError::Empty);
    }
    if bytes.len() < HEADER || bytes[..8] != MAGIC {
        return Err(AtlasError::NotAnAtlas);
    }
    let header: Header = bytemuck::pod_read_unaligned(&bytes[..HEADER]);
    if header.version != VERSION {
        return Err(AtlasError::OtherVersion { found: header.version, expected: VERSION });
    }
    if header.length != bytes.len() as u64 {
        return Err(AtlasError::Truncated { expected: header.length, found: bytes.len() as u64 });
    }
    if xxh3_64(&bytes[HEADER..]) != header.checksum {
        return Err(AtlasError::Altered);
    }
    let table = header.sections as usize * size_of::<Entry>();
    let table = bytes.get(HEADER..HEADER + table).ok_or(AtlasError::Altered)?;
    let entries: Vec<Entry> = bytemuck::pod_collect_to_vec(table);
    for entry in &entries {
        let end = entry.start.checked_add(entry.length);
        if end.is_none_or(|end| end > bytes.len() as u64) || !(entry.start as usize).is_multiple_of(ALIGN) {
            return Err(AtlasError::Altered);
        }
    }
    Ok(entries)
}

/// The checksum that the header of an atlas states; 0 for bytes too short to hold one.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    bytes.get(..HEADER).map_or(0, |header| bytemuck::pod_read_unaligned::<Header>(header).checksum)
}

/// The values of a section, in place.
///
/// # Errors
/// [`AtlasError::MissingSection`] or [`AtlasError::BadSection`].
pub fn section<'a, T: Pod>(bytes: &'a [u8], entries: &[Entry], tag: Tag, edition: u32) -> Result<&'a [T], AtlasError> {
    let name = || String::from_utf8_lossy(&tag).into_owned();
    let entry = entries
        .iter()
        .find(|entry| entry.tag == tag && entry.edition == edition)
        .ok_or_else(|| AtlasError::MissingSection { tag: name() })?;
    let part = &bytes[entry.start as usize..(entry.start + entry.length) as usize];
    bytemuck::try_cast_slice(part).map_err(|_| AtlasError::BadSection { tag: name() })
}
