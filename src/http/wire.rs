//! JSON that is of the interface and not of the model.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::ProblemBody;
use super::resolve::MOST_QUESTIONS;
use crate::domain::{DatedEdition, FindingKind, Installation, Level, NestingBreak, Severity, Straddle, UnitKind};
use crate::resolve::{Named, Parents, TerritoryDetail};

/// The identifier that a question may carry and its answer repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id<'a> {
    /// A whole number from 0.
    Natural(u64),
    /// A whole number below 0.
    Negative(i64),
    /// A text.
    Text(Cow<'a, str>),
}

/// A text, borrowed where nothing is escaped.
#[derive(Debug, Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The questions of a body, each as it stands: a bad one says nothing of the others.
#[derive(Debug)]
pub enum Questions<'a> {
    /// Not too many.
    Some(Vec<&'a RawValue>),
    /// How many there are where there are too many.
    TooMany(usize),
}

impl<'de: 'a, 'a> Deserialize<'de> for Questions<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Questions<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of questions")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
                let mut kept = Vec::new();
                while let Some(element) = elements.next_element()? {
                    kept.push(element);
                    if kept.len() == MOST_QUESTIONS {
                        break;
                    }
                }
                let mut count = kept.len();
                while count >= MOST_QUESTIONS && elements.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(if count > MOST_QUESTIONS { Questions::TooMany(count) } else { Questions::Some(kept) })
            }
        }
        deserializer.deserialize_seq(Elements)
    }
}

/// The fields of one question as they stand, repeats included.
#[derive(Debug)]
pub struct Question<'a> {
    /// Names and values.
    pub fields: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Question<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Question<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(6);
                while let Some(Text(name)) = map.next_key()? {
                    fields.push((name, map.next_value()?));
                }
                Ok(Question { fields })
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// The problem of one element of a body.
#[derive(Serialize)]
pub(super) struct ElementProblem<'a> {
    /// Its place in the array, from 0.
    pub index: usize,
    /// The problem.
    #[serde(flatten)]
    pub problem: ProblemBody<'a>,
}

/// How many territories each level has.
#[derive(Debug, Serialize)]
pub struct Counts {
    /// CLSC.
    pub clsc: usize,
    /// RLS.
    pub rls: usize,
    /// RTS.
    pub rts: usize,
    /// RSS.
    pub rss: usize,
    /// RUISSS.
    pub ruisss: usize,
}

/// An edition in a list.
#[derive(Debug, Serialize)]
pub struct EditionSummary<'a> {
    /// Its name, its first day and its last where it is known.
    #[serde(flatten)]
    pub edition: DatedEdition<'a>,
    /// Whether it is in force on the day of the question: what answers where none is named.
    pub in_force: bool,
    /// Whether it is the newest: what `edition=latest` means.
    pub latest: bool,
    /// How many territories each level has.
    pub counts: Counts,
    /// Units that its table shares between several CLSC.
    pub straddles: usize,
    /// Territories that do not nest in a level above.
    pub nesting_breaks: Vec<NestingBreak>,
}

/// The units of an atlas.
#[derive(Debug, Serialize)]
pub struct UnitSummary {
    /// What they are.
    pub kind: UnitKind,
    /// How many there are.
    pub count: usize,
}

/// How many findings of one sort there are.
#[derive(Debug, Serialize)]
pub struct FindingCount {
    /// How bad they are.
    pub severity: Severity,
    /// What they are.
    pub kind: FindingKind,
    /// How many there are.
    pub count: usize,
}

/// A file that went into an atlas.
#[derive(Debug, Serialize)]
pub struct Source<'a> {
    /// What it gave.
    pub role: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Checksum of its bytes; `None` for what is no file.
    pub xxh3: Option<&'a str>,
}

/// `GET /v1/atlas`.
#[derive(Debug, Serialize)]
pub struct AtlasSummary<'a> {
    /// The program that wrote it.
    pub program: &'a str,
    /// The version of its format.
    pub format_version: u32,
    /// Its checksum, 16 hexadecimal digits.
    pub checksum: String,
    /// Its size.
    pub bytes: usize,
    /// Its units.
    pub units: UnitSummary,
    /// Shared limits between two units.
    pub arcs: usize,
    /// Vertices of all of them.
    pub vertices: usize,
    /// How far outside the coverage a point still gets the nearest unit, metres.
    pub nearest_m: f64,
    /// How many points of service it holds.
    pub installations: usize,
    /// How many addresses it holds; `None` for an atlas without any.
    pub addresses: Option<usize>,
    /// Its editions, in order of date.
    pub editions: Vec<EditionSummary<'a>>,
    /// The files it comes from.
    pub sources: Vec<Source<'a>>,
    /// What was found in them, by severity and kind.
    pub findings: Vec<FindingCount>,
}

/// The territories above a unit, one a level.
#[derive(Debug, Serialize)]
pub struct UnitParents<'a> {
    /// Its CLSC.
    pub clsc: [Named<'a>; 1],
    /// Those above.
    #[serde(flatten)]
    pub upper: Parents<'a>,
}

/// A unit, in the form of a territory.
#[derive(Debug, Serialize)]
pub struct UnitDetail<'a> {
    /// Its identifier.
    pub code: &'a str,
    /// Its identifier again: units have no name.
    pub name: &'a str,
    /// Always `da`.
    pub level: Level,
    /// The territories above it.
    pub parents: UnitParents<'a>,
    /// People, where known.
    pub population: Option<u32>,
    /// Area in square kilometres.
    pub area_km2: f64,
    /// West, south, east and north limits, degrees.
    pub bbox: [f64; 4],
}

/// A territory or a unit in a list.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Row<'a> {
    /// A territory.
    Territory(TerritoryDetail<'a>),
    /// A unit.
    Unit(UnitDetail<'a>),
}

/// The territories that one is made of, by level; only levels below its own are there.
#[derive(Debug, Default, Serialize)]
pub struct Children<'a> {
    /// RSS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rss: Vec<Named<'a>>,
    /// RTS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rts: Vec<Named<'a>>,
    /// RLS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rls: Vec<Named<'a>>,
    /// CLSC.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clsc: Vec<Named<'a>>,
    /// Identifiers of the units, for a CLSC.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub da: Vec<&'a str>,
}

/// An installation and the CLSC that it stands in.
#[derive(Debug, Serialize)]
pub struct PlacedInstallation<'a> {
    /// The installation.
    #[serde(flatten)]
    pub installation: &'a Installation,
    /// The CLSC it stands in, which may differ from the one that its register states.
    pub clsc: Named<'a>,
}

/// `GET /v1/territories/{level}/{code}`.
#[derive(Debug, Serialize)]
pub struct TerritoryPage<'a> {
    /// The edition.
    pub edition: DatedEdition<'a>,
    /// The territory, as in a list.
    #[serde(flatten)]
    pub row: Row<'a>,
    /// What it is made of.
    pub children: Children<'a>,
    /// Those of its level that share a limit with it.
    pub neighbours: Vec<Named<'a>>,
    /// Points of service in it.
    pub installations: Vec<PlacedInstallation<'a>>,
    /// Units that the edition's table shares, where a share is of one of its CLSC.
    pub straddles: Vec<&'a Straddle>,
}
