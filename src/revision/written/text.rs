//! A revision as it was written, held against the forms: every fault is told, with its place.

use super::UnitChooser;
use super::form::{FORMS, Field, HEADER, Kind, SELECTION, form};
use super::node::{Node, NodeValue};
use super::select::{Selection, point, shape};
use crate::domain::{Date, Language, Level, Words, both};
use crate::revision::{Operation, Revision, RevisionError};

/// What is wrong at one place of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFault {
    /// Line in the file, from 1, where it has lines.
    pub line: Option<usize>,
    /// The operation and the field.
    pub place: Words,
    /// The value, what is wrong with it and what would do.
    pub message: Words,
}

impl WrittenFault {
    /// The fault in one sentence.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let (place, message) = match language {
            Language::French => (&self.place.french, &self.message.french),
            Language::English => (&self.place.english, &self.message.english),
        };
        let line =
            self.line.map_or(String::new(), |line| language.pick(format!("ligne {line}, "), format!("line {line}, ")));
        let colon = language.pick(" : ", ": ");
        format!("{line}{place}{colon}{message}")
    }
}

/// A revision, or a list of operations, that was read and is written as its form asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Written(Node);

/// Where a value stands.
#[derive(Clone)]
struct Place {
    /// Number and word of the operation; none at the top.
    operation: Option<(usize, String)>,
    path: String,
    line: Option<usize>,
}

impl Place {
    fn at(&self, name: &str, node: &Node) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, line: node.line.or(self.line), operation: self.operation.clone() }
    }

    fn item(&self, at: usize, node: &Node) -> Self {
        Self { path: format!("{}[{at}]", self.path), line: node.line.or(self.line), operation: self.operation.clone() }
    }

    fn fault(&self, message: Words) -> WrittenFault {
        let (mut french, mut english) = (Vec::new(), Vec::new());
        if let Some((number, word)) = &self.operation {
            let word = if word.is_empty() { String::new() } else { format!(" ({word})") };
            french.push(format!("opération {number}{word}"));
            english.push(format!("operation {number}{word}"));
        }
        if !self.path.is_empty() {
            french.push(format!("champ {}", self.path));
            english.push(format!("field {}", self.path));
        }
        if french.is_empty() {
            french.push("en tête".to_owned());
            english.push("at the top".to_owned());
        }
        WrittenFault { line: self.line, place: Words::new(french.join(", "), english.join(", ")), message }
    }
}

impl Written {
    /// Reads a revision written as TOML.
    ///
    /// # Errors
    /// [`RevisionError::Toml`] for what is no TOML, [`RevisionError::Written`] with every fault.
    pub fn of_toml(text: &str) -> Result<Self, RevisionError> {
        let node = Node::of_toml(text)?;
        let mut faults = Vec::new();
        let top = Place { operation: None, path: String::new(), line: None };
        let NodeValue::Table(fields) = &node.value else { return Ok(Self(node)) };
        let others: Vec<(String, Node)> = fields.iter().filter(|(name, _)| name != "operation").cloned().collect();
        let header = Node { line: Some(1), value: NodeValue::Table(others) };
        check_table(&header, HEADER, &["operation"], &top, &mut faults);
        if let Some(list) = node.field("operation") {
            check_operations(list, &mut faults);
        }
        if faults.is_empty() { Ok(Self(node)) } else { Err(RevisionError::Written(faults)) }
    }

    /// Reads a list of operations given as JSON.
    ///
    /// # Errors
    /// [`RevisionError::Written`] with every fault.
    pub fn of_operations(value: &serde_json::Value) -> Result<Self, RevisionError> {
        let node = Node::of_json(value);
        let mut faults = Vec::new();
        check_operations(&node, &mut faults);
        if !faults.is_empty() {
            return Err(RevisionError::Written(faults));
        }
        Ok(Self(Node { line: None, value: NodeValue::Table(vec![("operation".to_owned(), node)]) }))
    }

    /// Identifier of the edition that it starts from, where it says so.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        self.0.field("base")?.text()
    }

    /// Whether it names units by what they lie in.
    #[must_use]
    pub fn selects(&self) -> bool {
        fn within(node: &Node) -> bool {
            match &node.value {
                NodeValue::List(list) => list.iter().any(within),
                NodeValue::Table(fields) => fields.iter().any(|(name, value)| {
                    let list = if let NodeValue::List(list) = &value.value { list.as_slice() } else { &[] };
                    let tables = list.iter().chain([value]).any(|node| matches!(node.value, NodeValue::Table(_)));
                    (name == "units" && tables) || within(value)
                }),
                _ => false,
            }
        }
        within(&self.0)
    }

    /// Its operations, with units named by what they lie in replaced by their identifiers.
    ///
    /// # Errors
    /// [`RevisionError::Written`] for every selection that names no unit, or can not be told here.
    pub fn operations(&self, chooser: &UnitChooser<'_>) -> Result<Vec<Operation>, RevisionError> {
        let mut faults = Vec::new();
        let Some(Node { value: NodeValue::List(list), .. }) = self.0.field("operation") else { return Ok(Vec::new()) };
        let mut operations = Vec::with_capacity(list.len());
        for (at, node) in list.iter().enumerate() {
            let word = node.field("op").and_then(Node::text).unwrap_or_default();
            let Some(form) = form(word) else { continue };
            let place = Place { operation: Some((at + 1, word.to_owned())), path: String::new(), line: node.line };
            let fields = plain_table(node, form.fields, &place, chooser, &mut faults);
            let mut plain = serde_json::Map::from_iter([("op".to_owned(), word.into())]);
            plain.extend(fields);
            match serde_json::from_value(serde_json::Value::Object(plain)) {
                Ok(operation) => operations.push(operation),
                // The form allows nothing else; should it ever, the reader's own words are better than none.
                Err(cause) => faults.push(place.fault(Words::same(cause.to_string()))),
            }
        }
        if faults.is_empty() { Ok(operations) } else { Err(RevisionError::Written(faults)) }
    }

    /// The revision.
    ///
    /// # Errors
    /// As [`Self::operations`].
    pub fn revision(&self, chooser: &UnitChooser<'_>) -> Result<Revision, RevisionError> {
        let text = |name: &str| self.0.field(name).map(Node::shown);
        let whole = |name: &str| self.0.field(name).and_then(Node::text).map(str::to_owned).or_else(|| text(name));
        let operations = self.operations(chooser)?;
        let valid_from = whole("valid_from").and_then(|text| text.parse::<Date>().ok());
        let missing = |name: &str| {
            let place = Place { operation: None, path: name.to_owned(), line: None };
            RevisionError::Written(vec![place.fault(absent())])
        };
        Ok(Revision {
            id: whole("id").ok_or_else(|| missing("id"))?,
            label: whole("label").ok_or_else(|| missing("label"))?,
            base: whole("base").ok_or_else(|| missing("base"))?,
            valid_from: valid_from.ok_or_else(|| missing("valid_from"))?,
            official: matches!(self.0.field("official"), Some(Node { value: NodeValue::YesNo(true), .. })),
            reason: whole("reason"),
            operations,
        })
    }
}

fn absent() -> Words {
    Words::new("il manque", "it is missing")
}

fn check_operations(list: &Node, faults: &mut Vec<WrittenFault>) {
    let top = Place { operation: None, path: "operation".to_owned(), line: list.line };
    let NodeValue::List(list) = &list.value else {
        faults.push(top.fault(both!(
            "une liste d'opérations est attendue, chacune sous [[operation]]",
            "expected a list of operations, each under [[operation]]"
        )));
        return;
    };
    for (at, node) in list.iter().enumerate() {
        let mut place = Place { operation: Some((at + 1, String::new())), path: String::new(), line: node.line };
        let known = || FORMS.iter().map(|form| form.word).collect::<Vec<_>>().join(", ");
        let NodeValue::Table(_) = &node.value else {
            faults.push(place.fault(both!("une table est attendue, avec `op`", "expected a table, with `op`")));
            continue;
        };
        let Some(word) = node.field("op") else {
            faults.push(place.fault(both!(
                "`op` manque : l'un de {} est attendu",
                "`op` is missing: expected one of {}",
                known()
            )));
            continue;
        };
        let Some(form) = word.text().and_then(form) else {
            let found = word.shown();
            let near = word.text().and_then(|word| nearest(word, FORMS.iter().map(|form| form.word)));
            place = place.at("op", word);
            faults.push(place.fault(Words::new(
                format!("« {found} » n'est pas une opération{} : {}", hint(near, Language::French), known()),
                format!("\"{found}\" is no operation{}: expected one of {}", hint(near, Language::English), known()),
            )));
            continue;
        };
        place.operation = Some((at + 1, form.word.to_owned()));
        check_table(node, form.fields, &["op"], &place, faults);
    }
}

/// Holds a table against its fields; `beside` are names that stand in it for another reason.
fn check_table(node: &Node, fields: &[Field], beside: &[&str], place: &Place, faults: &mut Vec<WrittenFault>) {
    let NodeValue::Table(found) = &node.value else {
        let names = allowed(fields);
        faults.push(place.fault(both!(
            "« {} » n'est pas une table : les champs {} sont attendus",
            "\"{}\" is not a table: expected the fields {}",
            node.shown(),
            names
        )));
        return;
    };
    for (name, value) in found {
        if beside.contains(&name.as_str()) {
            continue;
        }
        if let Some(field) = fields.iter().find(|field| field.name == name) {
            check(value, &field.kind, &place.at(name, value), faults);
            continue;
        }
        let near = nearest(name, fields.iter().map(|field| field.name));
        let names = allowed(fields);
        faults.push(place.at(name, value).fault(Words::new(
            format!("ce champ n'existe pas{} ; les champs sont {names}", hint(near, Language::French)),
            format!("there is no such field{}; the fields are {names}", hint(near, Language::English)),
        )));
    }
    for field in fields.iter().filter(|field| field.required) {
        if !found.iter().any(|(name, _)| name == field.name) {
            let mut at = place.at(field.name, node);
            at.line = place.line.or(node.line);
            faults.push(at.fault(Words::new(
                format!("ce champ manque : {}", field.words(Language::French)),
                format!("this field is missing: {}", field.words(Language::English)),
            )));
        }
    }
}

fn check(node: &Node, kind: &Kind, place: &Place, faults: &mut Vec<WrittenFault>) {
    let found = || node.shown();
    let mut expected = |french: &str, english: &str| {
        faults.push(place.fault(Words::new(
            format!("« {} » ne convient pas : {french}", found()),
            format!("\"{}\" does not do: {english}", found()),
        )));
    };
    match kind {
        Kind::Text => {
            if node.text().is_none() {
                expected("un texte entre guillemets est attendu", "expected a quoted text");
            }
        }
        Kind::Date => {
            if node.text().is_none_or(|text| text.parse::<Date>().is_err()) {
                expected("une date AAAA-MM-JJ est attendue", "expected a date, YYYY-MM-DD");
            }
        }
        Kind::YesNo => {
            if !matches!(node.value, NodeValue::YesNo(_)) {
                expected("true ou false est attendu", "expected true or false");
            }
        }
        Kind::Level => {
            let known = node.text().and_then(|text| text.parse::<Level>().ok());
            if known.is_none_or(|level| level.territorial_index().is_none() || node.text() != Some(level.as_str())) {
                expected("clsc, rls, rts, rss ou ruisss est attendu", "expected clsc, rls, rts, rss or ruisss");
            }
        }
        Kind::Whole => {
            if !matches!(node.value, NodeValue::Whole(value) if value >= 0) {
                expected("un nombre entier, 0 ou plus, est attendu", "expected a whole number of 0 or more");
            }
        }
        Kind::Number => {
            if !matches!(node.value, NodeValue::Whole(_) | NodeValue::Number(_)) {
                expected("un nombre est attendu", "expected a number");
            }
        }
        Kind::Code(level) => {
            let digits = level.and_then(Level::code_length);
            let as_number = matches!(node.value, NodeValue::Whole(_));
            let length = digits.filter(|_| as_number).is_some_and(|digits| found().len() == digits);
            if node.text().is_none() && !length {
                expected(
                    "un code entre guillemets est attendu, comme \"06121\" : ses zéros comptent",
                    "expected a quoted code, such as \"06121\": its zeros matter",
                );
            }
        }
        Kind::Unit => {
            if !matches!(node.value, NodeValue::Text(_) | NodeValue::Whole(_)) {
                expected("l'identifiant d'une aire est attendu", "expected the identifier of a unit");
            }
        }
        Kind::Texts => {
            let one = |node: &Node| matches!(node.value, NodeValue::Text(_) | NodeValue::Whole(_));
            let fine = match &node.value {
                NodeValue::List(list) => !list.is_empty() && list.iter().all(one),
                _ => one(node),
            };
            if !fine {
                expected("un texte, ou une liste de textes, est attendu", "expected a text, or a list of texts");
            }
        }
        Kind::Line => {
            let fine = match &node.value {
                NodeValue::List(points) => points.len() > 1 && points.iter().all(|node| point(node).is_some()),
                _ => false,
            };
            if !fine {
                expected(
                    "deux points ou plus sont attendus, comme [[-73.60, 45.50], [-73.55, 45.52]]",
                    "expected two points or more, such as [[-73.60, 45.50], [-73.55, 45.52]]",
                );
            }
        }
        Kind::Polygon => {
            if shape(node).is_none() {
                expected(
                    "le nom d'un fichier est attendu, ou une géométrie Polygon ou MultiPolygon : type et coordinates, chaque \
                     contour de quatre points [longitude, latitude] ou plus",
                    "expected the name of a file, or a Polygon or MultiPolygon geometry: type and coordinates, each ring of \
                     four points [longitude, latitude] or more",
                );
            }
        }
        Kind::Units => check_units(node, place, faults),
        Kind::List(kind) => match &node.value {
            NodeValue::List(list) => {
                for (at, node) in list.iter().enumerate() {
                    check(node, kind, &place.item(at, node), faults);
                }
            }
            _ => expected("une liste est attendue, entre crochets", "expected a list, in brackets"),
        },
        Kind::Table(fields) => check_table(node, fields, &[], place, faults),
    }
}

/// Units: a list of identifiers and selections, or one of them.
fn check_units(node: &Node, place: &Place, faults: &mut Vec<WrittenFault>) {
    match &node.value {
        NodeValue::List(list) => {
            for (at, node) in list.iter().enumerate() {
                let place = place.item(at, node);
                match &node.value {
                    NodeValue::Text(_) | NodeValue::Whole(_) => {}
                    _ => check_selection(node, &place, faults),
                }
            }
        }
        NodeValue::Text(_) | NodeValue::Whole(_) => {}
        _ => check_selection(node, place, faults),
    }
}

fn check_selection(node: &Node, place: &Place, faults: &mut Vec<WrittenFault>) {
    match &node.value {
        NodeValue::Table(fields) if fields.is_empty() => {
            let names = allowed(SELECTION);
            faults.push(place.fault(both!(
                "rien n'y désigne des aires : l'un des champs {names} est attendu",
                "nothing in it names units: expected one of the fields {names}"
            )));
        }
        NodeValue::Table(_) => check_table(node, SELECTION, &[], place, faults),
        _ => faults.push(place.fault(both!(
            "« {} » ne désigne pas des aires : des identifiants entre guillemets, ou une table comme {{ municipality = \"66023\" }}",
            "\"{}\" does not name units: expected quoted identifiers, or a table such as {{ municipality = \"66023\" }}",
            node.shown()
        ))),
    }
}

fn allowed(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

fn hint(near: Option<&str>, language: Language) -> String {
    near.map_or(String::new(), |near| {
        language.pick(format!(" (« {near} » peut-être)"), format!(" (perhaps \"{near}\")"))
    })
}

/// The known word nearest to one that was typed: at most two letters put in, left out, changed or turned round.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|known| (distance(word, known), known)).filter(|&(apart, _)| apart <= 2).min().map(|(_, known)| known)
}

/// Edit distance (Levenshtein 1966). O(letters squared).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (place, &to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[b.len()]
}

/// A table that was held against its fields, as plain JSON.
fn plain_table(
    node: &Node,
    fields: &[Field],
    place: &Place,
    chooser: &UnitChooser<'_>,
    faults: &mut Vec<WrittenFault>,
) -> serde_json::Map<String, serde_json::Value> {
    let NodeValue::Table(found) = &node.value else { return serde_json::Map::new() };
    (found.iter())
        .filter_map(|(name, value)| {
            let field = fields.iter().find(|field| field.name == name)?;
            Some((name.clone(), plain(value, &field.kind, &place.at(name, value), chooser, faults)))
        })
        .collect()
}

fn plain(
    node: &Node,
    kind: &Kind,
    place: &Place,
    chooser: &UnitChooser<'_>,
    faults: &mut Vec<WrittenFault>,
) -> serde_json::Value {
    match (kind, &node.value) {
        (Kind::Code(_) | Kind::Unit, _) => node.text().map_or_else(|| node.shown(), str::to_owned).into(),
        (Kind::List(kind), NodeValue::List(list)) => list
            .iter()
            .enumerate()
            .map(|(at, node)| plain(node, kind, &place.item(at, node), chooser, faults))
            .collect(),
        (Kind::Table(fields), _) => plain_table(node, fields, place, chooser, faults).into(),
        (Kind::Units, NodeValue::List(list)) => {
            let mut all: Vec<serde_json::Value> = Vec::new();
            for (at, node) in list.iter().enumerate() {
                all.extend(units(node, &place.item(at, node), chooser, faults));
            }
            all.into()
        }
        (Kind::Units, _) => units(node, place, chooser, faults).into(),
        _ => node.to_json(),
    }
}

/// Identifiers that one item names.
fn units(
    node: &Node,
    place: &Place,
    chooser: &UnitChooser<'_>,
    faults: &mut Vec<WrittenFault>,
) -> Vec<serde_json::Value> {
    if !matches!(node.value, NodeValue::Table(_)) {
        return vec![node.text().map_or_else(|| node.shown(), str::to_owned).into()];
    }
    match chooser.choose(&Selection::of(node)) {
        Ok(units) => units.into_iter().map(|unit| unit.as_str().into()).collect(),
        Err(words) => {
            faults.push(place.fault(words));
            Vec::new()
        }
    }
}
