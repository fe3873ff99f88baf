//! A tree of values with the line on which each stands, of TOML or JSON.

use toml::de::{DeTable, DeValue};

use crate::revision::RevisionError;

/// A value and its line, from 1; JSON has no lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) line: Option<usize>,
    pub(super) value: NodeValue,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeValue {
    Nothing,
    YesNo(bool),
    Whole(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    /// Fields in the order in which they were written.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// Reads TOML.
    pub(super) fn of_toml(text: &str) -> Result<Self, RevisionError> {
        let table = DeTable::parse(text)?;
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let line = |at: usize| starts.partition_point(|&start| start <= at);
        Ok(Self { line: Some(1), value: NodeValue::Table(fields(table.get_ref(), &line)) })
    }

    /// Reads JSON.
    pub(super) fn of_json(value: &serde_json::Value) -> Self {
        let value = match value {
            serde_json::Value::Null => NodeValue::Nothing,
            serde_json::Value::Bool(value) => NodeValue::YesNo(*value),
            serde_json::Value::Number(number) => {
                number.as_i64().map_or_else(|| NodeValue::Number(number.as_f64().unwrap_or(f64::NAN)), NodeValue::Whole)
            }
            serde_json::Value::String(text) => NodeValue::Text(text.clone()),
            serde_json::Value::Array(list) => NodeValue::List(list.iter().map(Self::of_json).collect()),
            serde_json::Value::Object(fields) => {
                NodeValue::Table(fields.iter().map(|(name, value)| (name.clone(), Self::of_json(value))).collect())
            }
        };
        Self { line: None, value }
    }

    /// The value as JSON.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            NodeValue::Nothing => serde_json::Value::Null,
            NodeValue::YesNo(value) => (*value).into(),
            NodeValue::Whole(value) => (*value).into(),
            NodeValue::Number(value) => (*value).into(),
            NodeValue::Text(text) => text.as_str().into(),
            NodeValue::List(list) => list.iter().map(Self::to_json).collect(),
            NodeValue::Table(fields) => fields.iter().map(|(name, node)| (name.clone(), node.to_json())).collect(),
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<&Node> {
        let NodeValue::Table(fields) = &self.value else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let NodeValue::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The value as people would write it again, cut where it is long.
    pub(super) fn shown(&self) -> String {
        let text = match &self.value {
            NodeValue::Text(text) => text.clone(),
            _ => self.to_json().to_string(),
        };
        if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text }
    }
}

fn fields(table: &DeTable<'_>, line: &dyn Fn(usize) -> usize) -> Vec<(String, Node)> {
    (table.iter())
        .map(|(name, value)| {
            let at = name.span().start;
            let mut node = of_toml(value.get_ref(), line(value.span().start), line);
            // A table under its own head stands where its head does.
            node.line = Some(node.line.unwrap_or(usize::MAX).max(line(at)));
            (name.get_ref().to_string(), node)
        })
        .collect()
}

fn of_toml(value: &DeValue<'_>, own: usize, line: &dyn Fn(usize) -> usize) -> Node {
    let value = match value {
        DeValue::String(text) => NodeValue::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            .map_or_else(|_| NodeValue::Text(number.to_string()), NodeValue::Whole),
        DeValue::Float(number) => number
            .as_str()
            .replace('_', "")
            .parse()
            .map_or_else(|_| NodeValue::Text(number.to_string()), NodeValue::Number),
        DeValue::Boolean(value) => NodeValue::YesNo(*value),
        DeValue::Datetime(moment) => NodeValue::Text(moment.to_string()),
        DeValue::Array(list) => {
            NodeValue::List(list.iter().map(|item| of_toml(item.get_ref(), line(item.span().start), line)).collect())
        }
        DeValue::Table(table) => NodeValue::Table(fields(table, line)),
    };
    Node { line: Some(own), value }
}
