//! Coordinate systems: from what a file says to longitude and latitude, and back.
//!
//! The rule: **NAD83, NAD83(CSRS) and WGS 84 are taken as equal**, zero shift, in both directions. Left to itself the
//! library picks an operation between datums by its version and the grids at hand, which moves points by up to a metre;
//! so it is only ever asked to go between a projected system and *that system's own* geographic base.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use proj::Proj;
use proj::wkt::WktVersion;
use serde_json::Value;

use super::ImportError;
use crate::domain::both;
use crate::geometry::{CrsDescription, FromLonLat, ProjectionError, Projector};
use crate::tables::encoding::decode;
use crate::tables::file::read_bytes;

/// How many points go over at once; bounds the copy that the library's interface asks for.
const CHUNK: usize = 4096;
/// How many systems a thread keeps ready.
const KEPT: usize = 8;

/// Methods of projection whose systems have a well-known text in ESRI's dialect and in that of OGC 01-009.
const METHODS_WITH_WKT: &[&str] = &[
    "Albers Equal Area",
    "Equidistant Cylindrical",
    "Hotine Oblique Mercator (variant A)",
    "Hotine Oblique Mercator (variant B)",
    "Lambert Azimuthal Equal Area",
    "Lambert Conic Conformal (1SP)",
    "Lambert Conic Conformal (2SP)",
    "Mercator (variant A)",
    "Mercator (variant B)",
    "Oblique Stereographic",
    "Polar Stereographic (variant A)",
    "Polar Stereographic (variant B)",
    "Popular Visualisation Pseudo Mercator",
    "Transverse Mercator",
];

/// A coordinate system as a file or a flag states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crs {
    definition: String,
}

impl Crs {
    /// Takes an ESRI WKT text, a code such as `EPSG:3347`, or a PROJ string.
    #[must_use]
    pub fn new(definition: &str) -> Self {
        let definition = definition.trim().trim_start_matches('\u{feff}').to_owned();
        let code = definition.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("EPSG:"));
        if code {
            return Self { definition: definition.to_ascii_uppercase() };
        }
        // A PROJ string is an operation unless it says that it is a system.
        if definition.starts_with('+') && !definition.contains("+type=crs") {
            return Self { definition: format!("{definition} +type=crs") };
        }
        Self { definition }
    }

    /// Longitude and latitude in degrees, WGS 84: what RFC 7946 says of GeoJSON.
    #[must_use]
    pub fn lon_lat() -> Self {
        Self::new("EPSG:4326")
    }

    /// Reads a `.prj`; in UTF-8, in UTF-16, or with accents of another encoding in its names.
    ///
    /// # Errors
    /// [`ImportError`] where the file is missing or empty.
    pub fn from_prj(path: &Path) -> Result<Self, ImportError> {
        Ok(Self::new(&Self::definition_of_prj(read_bytes(path)?, path)?))
    }

    /// The text of a `.prj`.
    pub(super) fn definition_of_prj(bytes: Vec<u8>, path: &Path) -> Result<String, ImportError> {
        Ok(decode(bytes, path, None)?.0.replace('\0', ""))
    }

    fn unknown(&self, reason: impl Into<String>) -> ImportError {
        ImportError::UnknownCrs {
            definition: self.definition.chars().take(120).collect::<String>(),
            reason: reason.into(),
        }
    }

    /// The part that holds x and y, as PROJJSON.
    fn projjson(&self) -> Result<Value, ImportError> {
        if self.definition.is_empty() {
            return Err(self.unknown("nothing is stated"));
        }
        let object = Proj::new(&ascii(&self.definition)).map_err(|error| self.unknown(error.to_string()))?;
        let json = object.to_projjson(Some(false), None, None).map_err(|error| self.unknown(error.to_string()))?;
        let json: Value = serde_json::from_str(&json).map_err(|error| self.unknown(error.to_string()))?;
        Ok(horizontal(&json).clone())
    }

    /// How files of others name it.
    ///
    /// # Errors
    /// [`ImportError`] where the text is no coordinate system, or one that has no well-known text.
    pub fn describe(&self) -> Result<CrsDescription, ImportError> {
        let crs = self.projjson()?;
        // The library panics where a system has no well-known text, so it is only asked for those that are known to have one.
        let method =
            crs.get("conversion").and_then(|conversion| conversion.get("method")).map_or("", |m| text(m, "name"));
        let known = match text(&crs, "type") {
            "GeographicCRS" => true,
            "ProjectedCRS" => METHODS_WITH_WKT.contains(&method),
            _ => false,
        };
        if !known {
            let kind = both!("d'une méthode sans texte WKT, « {} »", "of a method without WKT text, \"{}\"", method);
            return Err(ImportError::UnsupportedCrs { crs: text(&crs, "name").to_owned(), kind });
        }
        let object = Proj::new(&crs.to_string()).map_err(|error| self.unknown(error.to_string()))?;
        let wkt = |version| {
            let text = object.as_wkt(Some(version), None).map_err(|error| self.unknown(error.to_string()))?;
            // The library breaks lines and sets them in, which names never hold.
            Ok::<_, ImportError>(text.lines().map(str::trim_start).collect::<String>())
        };
        let id = crs.get("id").and_then(|id| {
            let code = id.get("code")?;
            let number = code.as_i64().or_else(|| code.as_str()?.parse().ok())?;
            Some((text(id, "authority").to_owned(), i32::try_from(number).ok()?))
        });
        Ok(CrsDescription {
            name: text(&crs, "name").to_owned(),
            authority: id,
            geographic: text(&crs, "type") == "GeographicCRS",
            esri_wkt: wkt(WktVersion::Wkt1_Esri)?,
            wkt: wkt(WktVersion::Wkt1_Gdal)?,
            projjson: crs.to_string(),
        })
    }

    /// Makes it ready to bring points over.
    ///
    /// # Errors
    /// [`ImportError`] where the text is no coordinate system, or one whose base is none of the three datums.
    pub fn projection(&self) -> Result<Projection, ImportError> {
        let unknown = |reason: String| self.unknown(reason);
        let json = self.projjson()?;
        let crs = &json;
        let name = text(crs, "name").to_owned();
        match text(crs, "type") {
            "GeographicCRS" => {
                accept_datum(crs, &name)?;
                accept_degrees(crs, &name)?;
                Ok(Projection { name, kind: Kind::Geographic })
            }
            "ProjectedCRS" => {
                let base = crs.get("base_crs").ok_or_else(|| unknown("it has no geographic base".to_owned()))?;
                accept_datum(base, &name)?;
                Ok(Projection { name, kind: Kind::Projected { crs: crs.to_string().into(), base: geographic(base) } })
            }
            kind => Err(ImportError::UnsupportedCrs { crs: name, kind: both!("du type {}", "{}", kind) }),
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.definition)
    }
}

/// A coordinate system made ready: points to longitude and latitude in degrees, and back.
///
/// Usable from several threads: each keeps its own library context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// Longitude and latitude already.
    Geographic,
    /// A projected system and its own geographic base, both as PROJJSON.
    Projected { crs: Arc<str>, base: Arc<str> },
}

impl Projection {
    /// Longitude and latitude in degrees: the identity.
    #[must_use]
    pub fn lon_lat() -> Self {
        Self { name: "WGS 84".to_owned(), kind: Kind::Geographic }
    }

    /// Name of the coordinate system, as its definition has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether coordinates are longitude and latitude already.
    #[must_use]
    pub fn is_geographic(&self) -> bool {
        self.kind == Kind::Geographic
    }
}

impl FromLonLat for Projection {
    fn from_lon_lat(&self, points: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        match &self.kind {
            Kind::Geographic => Ok(()),
            Kind::Projected { crs, base } => bring(base, crs, points),
        }
    }
}

impl Projector for Projection {
    fn to_lon_lat(&self, points: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        match &self.kind {
            Kind::Geographic => Ok(()),
            Kind::Projected { crs, base } => bring(crs, base, points),
        }
    }
}

/// One point, as the library wants it.
#[derive(Clone, Copy)]
struct Point([f64; 2]);

impl proj::Coord<f64> for Point {
    fn x(&self) -> f64 {
        self.0[0]
    }
    fn y(&self) -> f64 {
        self.0[1]
    }
    fn from_xy(x: f64, y: f64) -> Self {
        Self([x, y])
    }
}

struct Ready {
    from: Arc<str>,
    to: Arc<str>,
    operation: Proj,
}

thread_local! {
    /// Operations of this thread, latest last: a library context must not cross threads.
    static READY: RefCell<Vec<Ready>> = const { RefCell::new(Vec::new()) };
}

fn bring(from: &Arc<str>, to: &Arc<str>, points: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
    let Some(&[x, y]) = points.first() else {
        return Ok(());
    };
    READY.with_borrow_mut(|ready| {
        let known = ready.iter().position(|known| known.from == *from && known.to == *to);
        let place = if let Some(place) = known {
            place
        } else {
            let operation = Proj::new_known_crs(from, to, None).map_err(|error| ProjectionError {
                x,
                y,
                reason: error.to_string(),
            })?;
            if ready.len() == KEPT {
                ready.remove(0);
            }
            ready.push(Ready { from: Arc::clone(from), to: Arc::clone(to), operation });
            ready.len() - 1
        };
        let operation = &ready[place].operation;
        let mut buffer = Vec::with_capacity(points.len().min(CHUNK));
        for chunk in points.chunks_mut(CHUNK) {
            buffer.clear();
            buffer.extend(chunk.iter().copied().map(Point));
            let whole = operation.convert_array(&mut buffer).is_ok();
            if !whole || buffer.iter().any(|point| !point.0[0].is_finite() || !point.0[1].is_finite()) {
                return Err(first_failure(operation, chunk));
            }
            for (point, brought) in chunk.iter_mut().zip(&buffer) {
                *point = brought.0;
            }
        }
        Ok(())
    })
}

/// Which point of a chunk fails, and why.
fn first_failure(operation: &Proj, chunk: &[[f64; 2]]) -> ProjectionError {
    let mut last = [f64::NAN; 2];
    for &[x, y] in chunk {
        match operation.convert(Point([x, y])) {
            Ok(Point([u, v])) if u.is_finite() && v.is_finite() => last = [x, y],
            Ok(_) => return ProjectionError { x, y, reason: "it lies outside the coordinate system".to_owned() },
            Err(error) => return ProjectionError { x, y, reason: error.to_string() },
        }
    }
    ProjectionError { x: last[0], y: last[1], reason: "it lies outside the coordinate system".to_owned() }
}

/// A definition without the accents (whole or broken) that only its names have.
fn ascii(definition: &str) -> String {
    definition.chars().map(|letter| if letter.is_ascii() && letter != '\0' { letter } else { '_' }).collect()
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The part of a system that holds x and y: without heights, and without a transformation tied to it.
fn horizontal(json: &Value) -> &Value {
    let inner = match text(json, "type") {
        "BoundCRS" => json.get("source_crs"),
        "CompoundCRS" => json.get("components").and_then(|parts| parts.get(0)),
        _ => None,
    };
    inner.map_or(json, horizontal)
}

/// The base as a system of its own; inside a projected one its kind may be left unsaid.
fn geographic(base: &Value) -> Arc<str> {
    let mut base = base.clone();
    if let Some(object) = base.as_object_mut() {
        object.entry("type").or_insert_with(|| Value::from("GeographicCRS"));
    }
    base.to_string().into()
}

/// Refuses a datum that is none of the three taken as equal.
fn accept_datum(base: &Value, crs: &str) -> Result<(), ImportError> {
    let frame = base.get("datum").or_else(|| base.get("datum_ensemble")).unwrap_or(&Value::Null);
    let datum = text(frame, "name");
    let folded: String = datum.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let ellipsoid = frame.get("ellipsoid").map_or("", |ellipsoid| text(ellipsoid, "name"));
    let name = folded.strip_prefix("dn").map_or(folded.as_str(), |_| &folded[1..]);
    let equal = matches!(
        name,
        "northamericandatum1983" | "northamericandatumof1983" | "northamerican1983" | "nad83" | "nad1983"
    ) || [
        "northamerican1983csrs",
        "northamericandatumof1983csrs",
        "nad83csrs",
        "nad83canadianspatialreferencesystem",
        "worldgeodeticsystem1984",
        "wgs1984",
        "dwgs1984",
        "wgs84",
    ]
    .iter()
    .any(|start| name.starts_with(start))
        // A PROJ string with an ellipsoid and no datum states no other one.
        || (folded.starts_with("unknown") && matches!(ellipsoid, "GRS 1980" | "GRS80" | "WGS 84"));
    if equal { Ok(()) } else { Err(ImportError::UnsupportedDatum { crs: crs.to_owned(), datum: datum.to_owned() }) }
}

/// Refuses geographic coordinates in anything but degrees.
fn accept_degrees(crs: &Value, name: &str) -> Result<(), ImportError> {
    let axes = crs.get("coordinate_system").and_then(|system| system.get("axis")).and_then(Value::as_array);
    for axis in axes.into_iter().flatten().take(2) {
        let unit = axis.get("unit").unwrap_or(&Value::Null);
        let unit_name = unit.as_str().unwrap_or_else(|| text(unit, "name"));
        if !unit_name.to_ascii_lowercase().starts_with("degree") {
            let kind =
                both!("un système géographique dans l'unité « {} »", "geographic system in the unit \"{}\"", unit_name);
            return Err(ImportError::UnsupportedCrs { crs: name.to_owned(), kind });
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "crs_tests.rs"]
mod tests;
