//! Units named by what they lie in.

use super::node::{Node, NodeValue};

/// The points of a line, longitude first.
pub type Line = Vec<[f64; 2]>;

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
    /// A file of polygons.
    pub polygon: Option<String>,
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
            polygon: text("polygon"),
            list: text("list"),
            left_of: line("left_of"),
            right_of: line("right_of"),
        }
    }
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
