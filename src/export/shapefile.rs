//! ESRI shapefiles: `.shp`, `.shx`, `.dbf`, `.prj` and `.cpg`, as the ESRI white paper of July 1998 has them.

use std::io::Write;
use std::path::Path;

use super::format::{Edition, Format, Writer};
use super::system::{Rings, around, grow};
use super::{ExportError, Layer, dbf};
use crate::domain::Words;
use crate::files::Aside;

pub(super) const FORMAT: Format =
    Format { word: "shapefile", name: "Shapefile", endings: &["shp"], outlines: true, writer: Writer::Files(write) };

/// Bytes of the header of a `.shp` and a `.shx`.
const HEADER: usize = 100;

fn write(edition: Edition<'_>, layer: &Layer, name: &Path, notes: &mut Vec<Words>) -> Result<Vec<Aside>, ExportError> {
    let too_large = || ExportError::TooLarge { path: name.to_owned(), format: FORMAT.name, most: "2 GiB" };
    let (mut shp, mut shx) = (vec![0; HEADER], vec![0; HEADER]);
    let mut whole: Option<[f64; 4]> = None;
    for (place, record) in layer.records.iter().enumerate() {
        let content = shape(&edition.system.rings(&record.outline)?, &mut whole);
        let (offset, words) = ((shp.len() / 2) as u32, (content.len() / 2) as u32);
        for number in [place as u32 + 1, words] {
            shp.extend(number.to_be_bytes());
        }
        for number in [offset, words] {
            shx.extend(number.to_be_bytes());
        }
        shp.extend(content);
        if i32::try_from(shp.len()).is_err() {
            return Err(too_large());
        }
    }
    for bytes in [&mut shp, &mut shx] {
        let head = header(bytes.len(), whole.unwrap_or_default());
        bytes[..HEADER].copy_from_slice(&head);
    }
    let table = dbf::table(layer, edition.header.valid_from, notes);
    if i32::try_from(table.len()).is_err() {
        return Err(too_large());
    }
    // The one that names the set gets its name last.
    let prj = edition.system.description().esri_wkt.as_bytes();
    [("shx", shx.as_slice()), ("dbf", &table), ("prj", prj), ("cpg", b"UTF-8"), ("shp", &shp)]
        .into_iter()
        .map(|(extension, bytes)| {
            let own = if extension == "shp" { name.to_owned() } else { name.with_extension(extension) };
            let mut aside = Aside::create(&own)?;
            aside.file().write_all(bytes).map_err(|source| aside.failed(source))?;
            Ok(aside)
        })
        .collect()
}

/// One shape: a null shape without rings, else a polygon; `whole` grows by its box.
fn shape(polygons: &Rings, whole: &mut Option<[f64; 4]>) -> Vec<u8> {
    let Some(own) = around(polygons) else {
        return 0_u32.to_le_bytes().to_vec();
    };
    grow(whole, own);
    let rings: Vec<&Vec<[f64; 2]>> = polygons.iter().flatten().collect();
    let points: usize = rings.iter().map(|ring| ring.len()).sum();
    let mut out = Vec::with_capacity(44 + 4 * rings.len() + 16 * points);
    out.extend(5_u32.to_le_bytes());
    for value in own {
        out.extend(value.to_le_bytes());
    }
    out.extend((rings.len() as u32).to_le_bytes());
    out.extend((points as u32).to_le_bytes());
    let mut start = 0_u32;
    for ring in &rings {
        out.extend(start.to_le_bytes());
        start += ring.len() as u32;
    }
    // Shells turn clockwise in a shapefile and holes the other way: the reverse of the atlas's.
    for ordinate in rings.iter().flat_map(|ring| ring.iter().rev()).flatten() {
        out.extend(ordinate.to_le_bytes());
    }
    out
}

fn header(bytes: usize, around: [f64; 4]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&9994_u32.to_be_bytes());
    header[24..28].copy_from_slice(&((bytes / 2) as u32).to_be_bytes());
    header[28..32].copy_from_slice(&1000_u32.to_le_bytes());
    header[32..36].copy_from_slice(&5_u32.to_le_bytes());
    for (place, value) in around.iter().enumerate() {
        header[36 + 8 * place..44 + 8 * place].copy_from_slice(&value.to_le_bytes());
    }
    header
}
