//! JSON that is of the interface and not of the model.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use utoipa::openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, schema};
use utoipa::{PartialSchema, ToSchema};

use super::problem::ProblemBody;
use super::resources::resolve::{MOST_QUESTIONS, Question};
use crate::domain::{DatedEdition, FindingKind, Installation, Level, NestingBreak, Severity, Straddle, UnitKind};
use crate::resolve::{Named, Parents, Resolution, TerritoryDetail};

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

impl PartialSchema for Id<'_> {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(schema::Type::String);
        let number = ObjectBuilder::new().schema_type(schema::Type::Integer);
        let either = OneOfBuilder::new().item(text).item(number);
        either.description(Some("The identifier that a question may carry and its answer repeats")).into()
    }
}

impl ToSchema for Id<'_> {}

/// The questions of a body, each as it stands: a bad one says nothing of the others.
#[derive(Debug)]
pub enum Questions<'a> {
    /// One alone.
    One(Object<'a>),
    /// Not too many.
    Many(Vec<&'a RawValue>),
    /// How many there are where there are too many.
    TooMany(usize),
}

impl<'de: 'a, 'a> Deserialize<'de> for Questions<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Questions<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a question, or an array of them")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                read_object(map).map(Questions::One)
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
                Ok(if count > MOST_QUESTIONS { Questions::TooMany(count) } else { Questions::Many(kept) })
            }
        }
        deserializer.deserialize_any(Elements)
    }
}

/// The fields of a JSON object as they stand, repeats included.
#[derive(Debug)]
pub struct Object<'a> {
    /// Names and values.
    pub fields: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                read_object(map)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

fn read_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Object<'de>, A::Error> {
    /// A name, borrowed where nothing is escaped.
    #[derive(Deserialize)]
    struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

    let mut fields = Vec::with_capacity(6);
    while let Some(Name(name)) = map.next_key()? {
        fields.push((name, map.next_value()?));
    }
    Ok(Object { fields })
}

/// An answer, with the identifier of its question where that has one.
#[derive(ToSchema)]
pub struct Answered<'a> {
    /// The identifier of the question.
    pub id: Option<Id<'a>>,
    /// The answer.
    #[serde(flatten)]
    pub answer: Resolution<'a>,
}

/// A question of a body, with the identifier that its answer repeats.
#[derive(Debug, ToSchema)]
pub struct IdentifiedQuestion {
    /// Repeated in the answer.
    pub id: Option<Id<'static>>,
    /// The question.
    #[serde(flatten)]
    pub question: Question,
}

/// One question, or many.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
pub enum QuestionBody {
    /// One: its answer is no array, and what is wrong with it is the status.
    One(IdentifiedQuestion),
    /// Many, 10,000 at most.
    Many(Vec<IdentifiedQuestion>),
}

/// One answer, or many in the order of the questions.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum AnswerBody<'a> {
    /// To one question.
    One(Answered<'a>),
    /// To many.
    Many(Vec<Element<'a>>),
}

/// The answer to one of many questions, or what is wrong with it.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Element<'a> {
    /// The answer.
    Answer(Answered<'a>),
    /// What is wrong.
    Problem(ElementProblem<'a>),
}

/// The problem of one element of a body.
#[derive(Serialize, ToSchema)]
pub struct ElementProblem<'a> {
    /// The identifier of the question, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id<'a>>,
    /// Its place in the array, from 0.
    pub index: usize,
    /// The problem.
    #[serde(flatten)]
    pub problem: ProblemBody<'a>,
}

/// How many territories each level has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TerritoryCounts)]
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
#[derive(Debug, Serialize, ToSchema)]
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
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitSummary {
    /// What they are.
    pub kind: UnitKind,
    /// How many there are.
    pub count: usize,
}

/// How many findings of one sort there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingCount {
    /// How bad they are.
    pub severity: Severity,
    /// What they are.
    pub kind: FindingKind,
    /// How many there are.
    pub count: usize,
}

/// A file that went into an atlas.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourceFile)]
pub struct Source<'a> {
    /// What it gave.
    pub role: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Checksum of its bytes; `None` for what is no file.
    pub xxh3: Option<&'a str>,
}

/// `GET /v1/atlas`.
#[derive(Debug, Serialize, ToSchema)]
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
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitParents<'a> {
    /// Its CLSC.
    pub clsc: [Named<'a>; 1],
    /// Those above.
    #[serde(flatten)]
    pub upper: Parents<'a>,
}

/// A unit, in the form of a territory.
#[derive(Debug, Serialize, ToSchema)]
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
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = TerritoryOrUnit)]
pub enum Row<'a> {
    /// A territory.
    Territory(TerritoryDetail<'a>),
    /// A unit.
    Unit(UnitDetail<'a>),
}

/// The territories that one is made of, by level; only levels below its own are there.
#[derive(Debug, Default, Serialize, ToSchema)]
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
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacedInstallation<'a> {
    /// The installation.
    #[serde(flatten)]
    pub installation: &'a Installation,
    /// The CLSC it stands in, which may differ from the one that its register states.
    pub clsc: Named<'a>,
}

/// `GET /v1/territories/{level}/{code}`.
#[derive(Debug, Serialize, ToSchema)]
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

/// An outline as GeoJSON (RFC 7946).
#[derive(Debug, ToSchema)]
pub struct Feature<'a> {
    /// Always `Feature`.
    #[schema(pattern = "^Feature$")]
    pub r#type: &'a str,
    /// Code of the territory, or identifier of the unit.
    pub id: &'a str,
    /// West, south, east and north limits, degrees; absent where there is no outline.
    pub bbox: Option<[f64; 4]>,
    /// What it is.
    pub properties: FeatureProperties<'a>,
    /// Its outline; null where it has no unit.
    pub geometry: Option<MultiPolygon<'a>>,
}

/// What an outline is of.
#[derive(Debug, ToSchema)]
pub struct FeatureProperties<'a> {
    /// Code of the territory, or identifier of the unit.
    pub code: &'a str,
    /// Its name, in French.
    pub name: &'a str,
    /// Its level.
    pub level: Level,
    /// The edition.
    pub edition: DatedEdition<'a>,
    /// What became of it, for an outline of a revision.
    pub class: Option<crate::domain::ChangeClass>,
}

/// Polygons: of each the outer ring counterclockwise, then its holes clockwise; degrees, longitude first.
#[derive(Debug, ToSchema)]
pub struct MultiPolygon<'a> {
    /// Always `MultiPolygon`.
    #[schema(pattern = "^MultiPolygon$")]
    pub r#type: &'a str,
    /// Polygons, rings, positions, numbers.
    pub coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

/// Outlines as GeoJSON (RFC 7946).
#[derive(Debug, ToSchema)]
pub struct FeatureCollection<'a> {
    /// Always `FeatureCollection`.
    #[schema(pattern = "^FeatureCollection$")]
    pub r#type: &'a str,
    /// The outlines.
    pub features: Vec<Feature<'a>>,
}

/// All territories or units of a level with their outlines, as GeoJSON (RFC 7946).
#[derive(Debug, ToSchema)]
pub struct LevelCollection<'a> {
    /// Always `FeatureCollection`.
    #[schema(pattern = "^FeatureCollection$")]
    pub r#type: &'a str,
    /// What they are.
    pub rattache: LevelHead<'a>,
    /// The outlines.
    pub features: Vec<super::ogc::wire::OgcFeature<'a>>,
}

/// What outlines are of.
#[derive(Debug, ToSchema)]
pub struct LevelHead<'a> {
    /// The edition.
    pub edition: &'a crate::domain::EditionHeader,
    /// The level.
    pub level: Level,
}

/// What a revision does, with the new outlines where they are asked for.
#[derive(Debug, ToSchema)]
pub struct ImpactAnswer<'a> {
    /// The revision, what it does at every level, what is weighed and who must be told.
    #[serde(flatten)]
    pub dossier: crate::revision::Dossier,
    /// New outlines of the territories whose limits change, or that are new.
    pub outlines: Option<FeatureCollection<'a>>,
}

/// What operations would do.
#[derive(Debug, ToSchema)]
pub struct PreviewAnswer<'a> {
    /// What they do at every level, what is weighed and who must be told.
    #[serde(flatten)]
    pub dossier: crate::revision::Dossier,
    /// For each CLSC, by code, the units that it would have and does not have today, by number in `/v1/units`.
    pub moved: std::collections::BTreeMap<crate::domain::TerritoryCode, Vec<u32>>,
    /// Limits that would be drawn and limits that would go, level by level.
    pub limits: Vec<LevelLimits>,
    /// The whole new outlines, where they are asked for.
    pub outlines: Option<FeatureCollection<'a>>,
}

/// Limits of one level that change.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelLimits {
    /// The level.
    pub level: Level,
    /// Lines that would separate two territories and do not today: positions, longitude first.
    pub drawn: Vec<Vec<[f64; 2]>>,
    /// Lines that would no longer do so.
    pub gone: Vec<Vec<[f64; 2]>>,
}
