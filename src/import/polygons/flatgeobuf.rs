//! `FlatGeobuf` 3 (flatgeobuf.org): features in the order of the file, every table checked before it is looked at.

use flatgeobuf::{ColumnType, Feature, Geometry, GeometryType, Header};
use flatgeobuf::{size_prefixed_root_as_feature, size_prefixed_root_as_header};

use super::super::ImportError;
use super::formats::{Head, Opened, Purpose, StatedCrs, Wanted};
use super::held::{Held, HeldShape, number};
use super::package::Package;
use crate::domain::{Words, both};

/// What a file starts with; the fourth and the last byte are versions.
pub(super) const MAGIC: &[u8] = b"fgb";
/// How deep collections may stand in one another.
const DEEPEST: usize = 8;

/// One layer.
pub(super) fn layers(package: &Package, _: Purpose) -> Result<Vec<Head>, ImportError> {
    let main = package.main()?;
    let broken = |reason: Words| ImportError::Broken { path: package.shown(), format: "FlatGeobuf", reason };
    let (header, _) = split(&main.bytes).ok_or_else(|| broken(ends_early()))?;
    let header = size_prefixed_root_as_header(header).map_err(|error| broken(Words::same(error.to_string())))?;
    Ok(vec![Head { name: package.stem(), columns: columns(&header) }])
}

fn ends_early() -> Words {
    both!("il finit trop tôt", "it ends early")
}

fn columns(header: &Header<'_>) -> Vec<String> {
    header.columns().into_iter().flatten().map(|column| column.name().to_owned()).collect()
}

/// The size-prefixed header, and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    prefixed(bytes.get(8..)?)
}

/// A size-prefixed table, and what follows it.
fn prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    bytes.split_at_checked(size.checked_add(4)?).filter(|_| size >= 8)
}

/// Opens it.
pub(super) fn open(package: &Package, _: Wanted<'_>) -> Result<Opened, ImportError> {
    let main = package.main()?;
    let broken = |reason: Words| ImportError::Broken { path: package.shown(), format: "FlatGeobuf", reason };
    let (header, rest) = split(&main.bytes).ok_or_else(|| broken(ends_early()))?;
    let header = size_prefixed_root_as_header(header).map_err(|error| broken(Words::same(error.to_string())))?;
    let crs = header.crs().and_then(|crs| {
        let organization = crs.org().unwrap_or("EPSG");
        match crs.code() {
            code if code > 0 && organization.eq_ignore_ascii_case("EPSG") => Some(format!("EPSG:{code}")),
            _ => crs.wkt().filter(|wkt| !wkt.is_empty()).map(str::to_owned),
        }
    });
    let index = index_bytes(header.features_count(), header.index_node_size());
    let mut rest =
        usize::try_from(index).ok().and_then(|index| rest.get(index..)).ok_or_else(|| broken(ends_early()))?;
    let mut held = Held { columns: columns(&header), ..Held::default() };
    while !rest.is_empty() {
        let (feature, after) = prefixed(rest).ok_or_else(|| broken(ends_early()))?;
        rest = after;
        let feature = size_prefixed_root_as_feature(feature).map_err(|error| broken(Words::same(error.to_string())))?;
        held.rows.push(texts(&feature, &header).ok_or_else(|| {
            let record = held.rows.len() + 1;
            broken(both!(
                "les valeurs de l'entité {record} ne se lisent pas",
                "the values of feature {record} can not be read"
            ))
        })?);
        held.shapes
            .push(feature.geometry().map_or(HeldShape::Null, |geometry| shape(&geometry, header.geometry_type())));
    }
    Ok(Opened { held, crs: crs.map_or(StatedCrs::Unknown, StatedCrs::Named), note: None })
}

/// Bytes of the packed tree between header and features: 40 a node, levels of `node_size` to one.
fn index_bytes(features: u64, node_size: u16) -> u64 {
    if node_size == 0 || features == 0 {
        return 0;
    }
    let (mut level, mut nodes) = (features, features);
    // A tree of one leaf has a root of its own, too.
    loop {
        level = level.div_ceil(u64::from(node_size.max(2)));
        nodes = nodes.saturating_add(level);
        if level == 1 {
            return nodes.saturating_mul(40);
        }
    }
}

/// The values of a feature as text, one a column.
fn texts(feature: &Feature<'_>, header: &Header<'_>) -> Option<Vec<String>> {
    let columns = feature.columns().or_else(|| header.columns());
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the type's own name is that of a crate below flatgeobuf"
    )]
    let count = columns.as_ref().map_or(0, |columns| columns.len());
    let mut row = vec![String::new(); count];
    let Some(properties) = feature.properties() else { return Some(row) };
    let mut bytes = properties.bytes();
    // Some writers leave one byte behind the last value.
    while bytes.len() > 1 {
        let column = usize::from(u16::from_le_bytes(take(&mut bytes)?));
        if column >= count {
            return None;
        }
        let text = match columns.as_ref()?.get(column).type_() {
            ColumnType::Byte => i8::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::UByte => u8::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Bool => (take::<1>(&mut bytes)? != [0]).to_string(),
            ColumnType::Short => i16::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::UShort => u16::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Int => i32::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::UInt => u32::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Long => i64::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::ULong => u64::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Float => number(f64::from(f32::from_le_bytes(take(&mut bytes)?))),
            ColumnType::Double => number(f64::from_le_bytes(take(&mut bytes)?)),
            kind @ (ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary) => {
                let length = u32::from_le_bytes(take(&mut bytes)?) as usize;
                let (text, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                if kind == ColumnType::Binary { String::new() } else { String::from_utf8_lossy(text).into_owned() }
            }
            _ => return None,
        };
        row[column] = text;
    }
    Some(row)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

fn shape(geometry: &Geometry<'_>, of_file: GeometryType) -> HeldShape {
    let mut rings = Vec::new();
    let mut beside = None;
    match collect(geometry, of_file, &mut rings, &mut beside, 0) {
        None => HeldShape::Broken(both!("ses anneaux dépassent ses points", "its rings go beyond its points")),
        Some(()) => match beside {
            Some(name) if rings.is_empty() => HeldShape::Other(name),
            beside => HeldShape::Surface { rings, beside: beside.is_some() },
        },
    }
}

/// The rings of a geometry, and the name of what is no polygon in it; `None` where it makes no sense.
fn collect(
    geometry: &Geometry<'_>,
    of_file: GeometryType,
    rings: &mut Vec<Vec<[f64; 2]>>,
    beside: &mut Option<String>,
    depth: usize,
) -> Option<()> {
    // A file of one kind leaves it out of its features.
    let kind = match geometry.type_() {
        GeometryType::Unknown => of_file,
        kind => kind,
    };
    match kind {
        GeometryType::Polygon => {
            let ordinates: Vec<f64> = geometry.xy().into_iter().flatten().collect();
            let points: Vec<[f64; 2]> = ordinates.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
            let ends: Vec<usize> = match geometry.ends() {
                Some(ends) if !ends.is_empty() => ends.iter().map(|end| end as usize).collect(),
                _ => vec![points.len()],
            };
            let mut start = 0;
            for end in ends {
                rings.push(points.get(start..end)?.to_vec());
                start = end;
            }
        }
        GeometryType::MultiPolygon | GeometryType::GeometryCollection | GeometryType::MultiSurface => {
            if depth == DEEPEST {
                return None;
            }
            let inner = if kind == GeometryType::MultiPolygon { GeometryType::Polygon } else { GeometryType::Unknown };
            for part in geometry.parts().into_iter().flatten() {
                collect(&part, inner, rings, beside, depth + 1)?;
            }
        }
        other => *beside = Some(other.variant_name().unwrap_or("Unknown").to_owned()),
    }
    Some(())
}
