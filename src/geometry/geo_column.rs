//! Which column of a Parquet file holds its geometry, and in which coordinate system: what the metadata of `GeoParquet` 1.1, the
//! logical types of Parquet 2.11 and the extension types of `GeoArrow` say of it.

use serde_json::Value;

/// A column of geometry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeoColumn {
    /// Its name.
    pub name: String,
    /// How shapes are encoded: `WKB`, `point`, `polygon`...
    pub encoding: String,
    /// The kinds of shapes that it says it holds; none where it does not say.
    pub kinds: Vec<String>,
    /// Its coordinate system.
    pub crs: GeoCrs,
}

/// The coordinate system of a column of geometry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeoCrs {
    /// Longitude and latitude: stated, or the default of the format.
    LonLat,
    /// A code such as `EPSG:32198`, or the whole PROJJSON where it has none.
    Named(String),
    /// Stated as unknown.
    Unknown,
}

/// What a schema says of one column.
#[derive(Debug, Clone, Default)]
pub struct ColumnFacts<'a> {
    /// Its name.
    pub name: &'a str,
    /// The system of its logical type `GEOMETRY` or `GEOGRAPHY`, where it has one of these; empty for the default.
    pub logical: Option<&'a str>,
    /// The name of its extension type.
    pub extension: Option<&'a str>,
    /// The metadata of its extension type.
    pub about: Option<&'a str>,
}

/// Systems whose longitudes and latitudes are taken as they stand: NAD83 and WGS 84 are taken as equal.
const DEGREES: [&str; 6] = ["OGC:CRS84", "OGC:CRS83", "EPSG:4326", "EPSG:4269", "EPSG:4617", "EPSG:4979"];

impl GeoColumn {
    /// The column of geometry; `None` where the file has none.
    ///
    /// `metadata` gives the file's own values by their keys; `geo` is that of `GeoParquet`, which goes before the others.
    pub fn find<'a>(
        columns: impl IntoIterator<Item = ColumnFacts<'a>>,
        metadata: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        if let Some(found) = metadata("geo").and_then(|geo| Self::of_metadata(&geo)) {
            return Some(found);
        }
        columns.into_iter().find_map(|column| {
            let (encoding, crs) = match (column.logical, column.extension) {
                (Some(crs), _) => ("WKB".to_owned(), of_text(crs, &metadata)),
                (None, Some(extension)) => {
                    let encoding = match extension.strip_prefix("geoarrow.")? {
                        "wkb" => "WKB",
                        native => native,
                    };
                    let about: Value =
                        column.about.and_then(|about| serde_json::from_str(about).ok()).unwrap_or_default();
                    let crs = match about.get("crs") {
                        None | Some(Value::Null) => GeoCrs::LonLat,
                        Some(Value::String(text)) => of_text(text, &metadata),
                        Some(crs) => of_projjson(crs),
                    };
                    (encoding.to_owned(), crs)
                }
                (None, None) => return None,
            };
            Some(Self { name: column.name.to_owned(), encoding, kinds: Vec::new(), crs })
        })
    }

    fn of_metadata(geo: &str) -> Option<Self> {
        let geo: Value = serde_json::from_str(geo).ok()?;
        let name = geo.get("primary_column")?.as_str()?;
        let about = geo.get("columns")?.get(name)?;
        let kinds = about.get("geometry_types").and_then(Value::as_array).into_iter().flatten();
        let crs = match about.get("crs") {
            None => GeoCrs::LonLat,
            Some(Value::Null) => GeoCrs::Unknown,
            Some(crs) => of_projjson(crs),
        };
        Some(Self {
            name: name.to_owned(),
            encoding: about.get("encoding")?.as_str()?.to_owned(),
            kinds: kinds.filter_map(Value::as_str).map(str::to_owned).collect(),
            crs,
        })
    }

    /// Whether its shapes may be of a kind, such as `Point`.
    #[must_use]
    pub fn may_hold(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|own| own.starts_with(kind))
    }
}

fn of_projjson(crs: &Value) -> GeoCrs {
    let id = crs.get("id").and_then(|id| {
        let authority = id.get("authority")?.as_str()?;
        let code = id.get("code")?;
        let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
        Some(format!("{authority}:{code}"))
    });
    match id {
        Some(id) => of_code(&id),
        None => GeoCrs::Named(crs.to_string()),
    }
}

fn of_code(code: &str) -> GeoCrs {
    if DEGREES.contains(&code) { GeoCrs::LonLat } else { GeoCrs::Named(code.to_owned()) }
}

/// A system as the logical types name it: nothing, a code, `srid:4326`, `projjson:KEY` of the file's metadata, or PROJJSON itself.
fn of_text(text: &str, metadata: &impl Fn(&str) -> Option<String>) -> GeoCrs {
    let text = text.trim();
    let json = text.strip_prefix("projjson:").map_or_else(|| Some(text.to_owned()), metadata);
    if let Some(crs) = json.and_then(|json| serde_json::from_str::<Value>(&json).ok()).filter(Value::is_object) {
        return of_projjson(&crs);
    }
    match text.strip_prefix("srid:") {
        Some("0") => GeoCrs::Unknown,
        Some(number) => of_code(&format!("EPSG:{number}")),
        None if text.is_empty() => GeoCrs::LonLat,
        None if text.starts_with("projjson:") => GeoCrs::Unknown,
        None => of_code(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(logical: Option<&str>, extension: Option<&str>, about: Option<&str>) -> Option<GeoColumn> {
        let metadata =
            |key: &str| (key == "mtq").then(|| "{\"id\":{\"authority\":\"EPSG\",\"code\":32198}}".to_owned());
        GeoColumn::find(
            [
                ColumnFacts { name: "id", ..ColumnFacts::default() },
                ColumnFacts { name: "g", logical, extension, about },
            ],
            metadata,
        )
    }

    #[test]
    fn a_logical_type_or_an_extension_says_where_the_geometry_is_and_in_which_system() {
        let named = |crs: &str| GeoCrs::Named(crs.to_owned());
        for (text, crs) in [
            ("", GeoCrs::LonLat),
            ("OGC:CRS84", GeoCrs::LonLat),
            ("srid:4269", GeoCrs::LonLat),
            ("srid:3347", named("EPSG:3347")),
            ("projjson:mtq", named("EPSG:32198")),
            ("projjson:nowhere", GeoCrs::Unknown),
            ("{\"id\":{\"authority\":\"EPSG\",\"code\":\"4326\"}}", GeoCrs::LonLat),
        ] {
            let found = of(Some(text), None, None).unwrap();
            assert_eq!((found.name.as_str(), found.encoding.as_str(), found.crs), ("g", "WKB", crs), "{text}");
        }
        let found = of(None, Some("geoarrow.wkb"), Some("{\"crs\":\"EPSG:3347\"}")).unwrap();
        assert_eq!((found.encoding.as_str(), found.crs), ("WKB", named("EPSG:3347")));
        assert_eq!(of(None, Some("geoarrow.point"), None).unwrap().crs, GeoCrs::LonLat);
        assert_eq!(of(None, Some("arrow.uuid"), None), None);
        assert_eq!(of(None, None, None), None);
    }

    #[test]
    fn the_metadata_of_geoparquet_goes_first() {
        let geo = "{\"primary_column\":\"g\",\"columns\":{\"g\":{\"encoding\":\"WKB\",\"geometry_types\":[\"MultiPolygon\"],\"crs\":null}}}";
        let facts = ColumnFacts { name: "other", logical: Some(""), ..ColumnFacts::default() };
        let found = GeoColumn::find([facts], |key| (key == "geo").then(|| geo.to_owned())).unwrap();
        assert_eq!((found.name.as_str(), &found.crs), ("g", &GeoCrs::Unknown));
        assert!(found.may_hold("MultiPolygon") && !found.may_hold("Point"));
    }
}
