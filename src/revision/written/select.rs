//! Units named by what they lie in.

use super::node::{Node, NodeValue};

/// The points of a line, longitude first.
pub type Line = Vec<[f64; 2]>;

/// The rings of polygons, longitude first: what is inside is told by the even-odd rule over all of them.
pub type Rings = Vec<Vec<[f64; 2]>>;

/// Polygons that units lie in.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Those of a file.
    File(String),
    /// Those that are written out.
    Drawn(Rings),
}

/// Units named by what they lie in: those that everything stated names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// Codes of CLSC of the base.
    pub clsc: Option<Vec<String>>,
    /// Codes or names of municipalities.
    pub municipality: Option<Vec<String>>,
    /// Codes or names of MRC.
    pub mrc: Option<Vec<String>>,
    /// Numbers of census tracts.
    pub tract: Option<Vec<String>>,
    /// Polygons.
    pub polygon: Option<Shape>,
    /// A file of identifiers.
    pub list: Option<String>,
    /// A line on whose left they are.
    pub left_of: Option<Line>,
    /// A line on whose right they are.
    pub right_of: Option<Line>,
}

impl Selection {
    /// Reads a table that was held against its form.
    pub(super) fn of(node: &Node) -> Self {
        let text = |name: &str| node.field(name).and_then(Node::text).map(str::to_owned);
        let texts = |name: &str| {
            node.field(name).map(|node| match &node.value {
                NodeValue::List(list) => list.iter().map(Node::shown).collect(),
                _ => vec![node.shown()],
            })
        };
        let line = |name: &str| {
            let NodeValue::List(points) = &node.field(name)?.value else { return None };
            points.iter().map(point).collect()
        };
        Self {
            clsc: texts("clsc"),
            municipality: texts("municipality"),
            mrc: texts("mrc"),
            tract: texts("tract"),
            polygon: node.field("polygon").and_then(shape),
            list: text("list"),
            left_of: line("left_of"),
            right_of: line("right_of"),
        }
    }
}

/// The polygons that a node names or writes out; none where it does neither.
pub(super) fn shape(node: &Node) -> Option<Shape> {
    if let Some(file) = node.text() {
        return Some(Shape::File(file.to_owned()));
    }
    let list = |node: &Node| if let NodeValue::List(list) = &node.value { Some(list.clone()) } else { None };
    let rings = |polygon: &Node| -> Option<Rings> {
        list(polygon)?.iter().map(|ring| list(ring)?.iter().map(position).collect()).collect()
    };
    let coordinates = node.field("coordinates")?;
    let rings: Rings = match node.field("type").and_then(Node::text)? {
        "Polygon" => rings(coordinates)?,
        "MultiPolygon" => list(coordinates)?.iter().map(rings).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    };
    (!rings.is_empty() && rings.iter().all(|ring| ring.len() >= 4)).then_some(Shape::Drawn(rings))
}

/// A position of `GeoJSON`, whose height does not matter.
fn position(node: &Node) -> Option<[f64; 2]> {
    let NodeValue::List(numbers) = &node.value else { return None };
    let pair = Node { line: node.line, value: NodeValue::List(numbers.get(..2)?.to_vec()) };
    point(&pair)
}

/// Longitude and latitude of a list of two numbers.
pub(super) fn point(node: &Node) -> Option<[f64; 2]> {
    let NodeValue::List(pair) = &node.value else { return None };
    let number = |node: &Node| match node.value {
        NodeValue::Whole(value) => Some(value as f64),
        NodeValue::Number(value) => Some(value),
        _ => None,
    };
    match pair.as_slice() {
        [lon, lat] => Some([number(lon)?, number(lat)?]),
        _ => None,
    }
}
