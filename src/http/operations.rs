//! Operations of revisions as people write them in a body, and their description: that of the forms by which they are read.

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{KnownFormat, Ref, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::{Language, Level};
use crate::revision::{FORMS, FieldKind, FormField, SELECTION};

/// Operations as a body writes them: held against the forms once the edition that they change is known.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct WrittenOperations(pub Value);

impl Default for WrittenOperations {
    fn default() -> Self {
        Self(Value::Array(Vec::new()))
    }
}

const OPERATION: &str = "WrittenOperation";
const UNITS: &str = "UnitSelection";
const GEOMETRY: &str = "DrawnPolygon";

impl PartialSchema for WrittenOperations {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().description(Some("Operations, in order")).items(Ref::from_schema_name(OPERATION)).into()
    }
}

impl ToSchema for WrittenOperations {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let mut operation = OneOfBuilder::new()
            .description(Some("One step of a revision; units are named by identifier, or by what they lie in"));
        for form in FORMS {
            let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([form.word]));
            let object = fields(form.fields, ObjectBuilder::new().property("op", word).required("op"))
                .title(Some(title(form.word)))
                .description(Some(form.words(Language::English)))
                .examples(serde_json::from_str::<Value>(form.example));
            operation = operation.item(object);
        }
        schemas.push((OPERATION.to_owned(), operation.into()));
        let selection = fields(SELECTION, ObjectBuilder::new())
            .description(Some("Units by what they lie in: those that everything stated names"));
        schemas.push((UNITS.to_owned(), selection.into()));
        let coordinates = ArrayBuilder::new()
            .description(Some("Rings of [longitude, latitude]; of a MultiPolygon, lists of rings"))
            .items(ArrayBuilder::new().items(ObjectBuilder::new().schema_type(SchemaType::AnyValue)));
        let kinds = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Polygon", "MultiPolygon"]));
        let geometry = ObjectBuilder::new()
            .description(Some("A geometry as GeoJSON has it"))
            .property("type", kinds)
            .required("type")
            .property("coordinates", coordinates)
            .required("coordinates");
        schemas.push((GEOMETRY.to_owned(), geometry.into()));
    }
}

/// `WrittenMoveUnits` of `move_units`.
fn title(word: &str) -> String {
    let parts = word.split('_').map(|part| {
        let mut letters = part.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    std::iter::once("Written".to_owned()).chain(parts).collect()
}

fn fields(list: &[FormField], mut object: ObjectBuilder) -> ObjectBuilder {
    for field in list {
        object = object.property(field.name, described(&field.kind, field.words(Language::English)));
        if field.required {
            object = object.required(field.name);
        }
    }
    object.additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

fn described(kind: &FieldKind, words: &str) -> RefOr<Schema> {
    let plain = |kind: Type| ObjectBuilder::new().schema_type(kind).description(Some(words));
    match kind {
        FieldKind::Text | FieldKind::Code(_) | FieldKind::Unit => plain(Type::String).into(),
        FieldKind::Level => plain(Type::String).enum_values(Some(Level::TERRITORIAL.map(Level::as_str))).into(),
        FieldKind::Date => plain(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into(),
        FieldKind::YesNo => plain(Type::Boolean).into(),
        FieldKind::Whole => plain(Type::Integer).minimum(Some(0)).into(),
        FieldKind::Number => plain(Type::Number).into(),
        FieldKind::Texts => AnyOfBuilder::new()
            .description(Some(words))
            .item(ObjectBuilder::new().schema_type(Type::String))
            .item(ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)).min_items(Some(1)))
            .into(),
        FieldKind::Line => {
            let numbers = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::Number));
            let point = numbers.min_items(Some(2)).max_items(Some(2));
            ArrayBuilder::new().description(Some(words)).items(point).min_items(Some(2)).into()
        }
        // No file can be named in a body.
        FieldKind::Polygon => Ref::from_schema_name(GEOMETRY).into(),
        FieldKind::Units => {
            let one = AnyOfBuilder::new()
                .item(ObjectBuilder::new().schema_type(Type::String))
                .item(Ref::from_schema_name(UNITS));
            AnyOfBuilder::new()
                .description(Some(words))
                .item(ArrayBuilder::new().items(one))
                .item(Ref::from_schema_name(UNITS))
                .into()
        }
        FieldKind::List(kind) => ArrayBuilder::new().description(Some(words)).items(described(kind, "")).into(),
        FieldKind::Table(list) => fields(list, ObjectBuilder::new()).description(Some(words)).into(),
    }
}
