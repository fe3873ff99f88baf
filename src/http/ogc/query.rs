//! What a request for features asks for.

use std::borrow::Cow;

use serde::Deserialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, schema};
use utoipa::{IntoParams, ToSchema};

use super::{EDITION, MOST_LIMIT, USUAL_LIMIT};
use crate::atlas::Atlas;
use crate::domain::{Date, Level, UnitKind};
use crate::export::{Field, Kind, Record, Value, id_field, territory_fields};
use crate::geometry::FixedPoint;
use crate::http::fields::{self, Given, number, repeated};
use crate::http::problem::{INVALID_BBOX, INVALID_DATE, OUT_OF_RANGE};
use crate::http::systems::{self, System};
use crate::http::{Problem, bbox};

/// Steps in which the side of a projected box is followed.
const STEPS: usize = 32;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JsonFormat {
    /// JSON, or `GeoJSON` for features: all there is.
    Json,
    /// The same.
    Geojson,
}

/// Which features.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemsParameters {
    /// West, south, east and north limits (or with heights, which are not looked at): features that share a point with the box.
    #[param(example = "-73.99,45.40,-73.47,45.71")]
    bbox: Option<String>,
    /// Coordinate system of `bbox`; longitude and latitude where it is left out.
    #[serde(rename = "bbox-crs")]
    #[param(rename = "bbox-crs")]
    bbox_crs: Option<String>,
    /// A day, an instant, or an interval (`2015-01-01/..`): features of the editions that held then. Else those of the edition
    /// in force today in Québec.
    #[param(example = "2018-01-01")]
    datetime: Option<String>,
    /// Coordinate system of the outlines, of those that the collection lists; longitude and latitude where it is left out.
    crs: Option<String>,
    /// Features of a page, 10,000 at most.
    #[param(minimum = 1, maximum = 10_000, default = 1000)]
    limit: Option<u64>,
    /// Features to skip.
    #[param(minimum = 0)]
    offset: Option<u64>,
    /// How the answer is written.
    #[expect(dead_code, reason = "there is one way; what else is asked for is refused where it is read")]
    f: Option<JsonFormat>,
}

/// How one feature is given.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemParameters {
    /// Coordinate system of the outline, of those that the collection lists; longitude and latitude where it is left out.
    crs: Option<String>,
    /// How the answer is written.
    #[expect(dead_code, reason = "there is one way; what else is asked for is refused where it is read")]
    f: Option<JsonFormat>,
}

impl ItemParameters {
    /// The EPSG code of the system asked for.
    pub fn crs(&self) -> Result<Option<u32>, Problem> {
        self.crs.as_deref().map_or(Ok(None), |text| offered("crs", text))
    }
}

/// The properties that features may be asked for by, of every collection.
#[derive(Debug)]
pub struct PropertyParameters;

impl IntoParams for PropertyParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut fields: Vec<Field> = Vec::new();
        let units = [UnitKind::DisseminationArea, UnitKind::DisseminationBlock, UnitKind::Other];
        let ids = units.map(|kind| Field { name: id_field(kind), short: "", kind: Kind::Text });
        let edition = Field { name: EDITION, short: "", kind: Kind::Text };
        for field in ids.into_iter().chain(Level::TERRITORIAL.into_iter().flat_map(territory_fields)).chain([edition]) {
            if fields.iter().all(|known| known.name != field.name) {
                fields.push(field);
            }
        }
        let parameter = |field: &Field| {
            let kind = match field.kind {
                Kind::Text => schema::Type::String,
                Kind::Whole => schema::Type::Integer,
                Kind::Number => schema::Type::Number,
            };
            ParameterBuilder::new()
                .name(field.name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some("Only features with this value of the property, where the collection has it"))
                .schema(Some(ObjectBuilder::new().schema_type(kind)))
                .build()
        };
        fields.iter().map(parameter).collect()
    }
}

/// The editions whose features are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// That in force today.
    Today,
    /// One by its name.
    Named(String),
    /// Those that held on a day of an interval; without an end where none is said.
    Between(Option<Date>, Option<Date>),
}

/// A value that a property must have.
#[derive(Debug, Clone, PartialEq)]
enum Wanted {
    Text(String),
    Number(f64),
}

/// What a request for features asks for.
#[derive(Debug)]
pub struct ItemsQuery {
    /// The level of the collection.
    pub level: Level,
    /// Of which editions.
    pub when: When,
    /// Rings of which the features must meet one; `None` for everywhere.
    pub areas: Option<Vec<Vec<FixedPoint>>>,
    /// EPSG code of the system of the outlines; `None` for longitude and latitude.
    pub crs: Option<u32>,
    /// Features of a page.
    pub limit: usize,
    /// Features to skip.
    pub offset: usize,
    /// Values by the place of their property among the fields of the layer.
    filters: Vec<(usize, Wanted)>,
    /// The query as it was asked, without its offset: for links to other pages.
    pub rest: String,
}

impl ItemsQuery {
    /// Reads a query string; `system` knows the coordinate systems.
    ///
    /// # Errors
    /// A parameter that is unknown, given twice or no value of its kind.
    pub fn read(
        query: &str,
        atlas: &Atlas,
        level: Level,
        system: impl Fn(u32) -> Option<System>,
    ) -> Result<Self, Problem> {
        let known = super::fields(atlas, level);
        let mut given = Vec::new();
        let mut filters = Vec::new();
        let mut edition = None;
        for (name, value) in fields::pairs(query)? {
            match (known.iter().position(|field| field.name == name), value) {
                (Some(place), Given::Text(text)) => {
                    let field = known[place];
                    if filters.iter().any(|&(other, _)| other == place) || (field.name == EDITION && edition.is_some())
                    {
                        return Err(repeated(field.name));
                    }
                    if field.name == EDITION {
                        edition = Some(text.into_owned());
                    } else {
                        filters.push((place, wanted(field, text)?));
                    }
                }
                (_, value) => given.push((name, value)),
            }
        }
        let asked: ItemsParameters = fields::read(given)?;
        let when = match (edition, asked.datetime.as_deref()) {
            (Some(edition), _) => When::Named(edition),
            (None, Some(text)) => interval(text)?,
            (None, None) => When::Today,
        };
        let bbox_crs = asked.bbox_crs.as_deref().map_or(Ok(None), |text| offered("bbox-crs", text))?;
        let bbox_system = bbox_crs.map(|code| found("bbox-crs", code, &system)).transpose()?;
        let areas = asked.bbox.as_deref().map(|text| areas(text, bbox_system.as_ref())).transpose()?;
        let limit = asked.limit.map_or(USUAL_LIMIT, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        if limit == 0 {
            let problem = Problem::new(
                OUT_OF_RANGE,
                format!("limit « 0 » est hors limites : de 1 à {MOST_LIMIT} entités."),
                format!("limit \"0\" is out of range: expected 1 to {MOST_LIMIT} features"),
            );
            return Err(problem.about("limit"));
        }
        let rest: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("offset=")).collect();
        Ok(Self {
            level,
            when,
            areas,
            crs: asked.crs.as_deref().map_or(Ok(None), |text| offered("crs", text))?,
            // More than the most is no fault (Part 1, 7.15.3).
            limit: limit.min(MOST_LIMIT),
            offset: usize::try_from(asked.offset.unwrap_or_default()).unwrap_or(usize::MAX),
            filters,
            rest: rest.join("&"),
        })
    }

    /// Whether a row has the values that are asked for.
    pub fn takes(&self, record: &Record) -> bool {
        self.filters.iter().all(|(place, wanted)| match (&record.values[*place], wanted) {
            (Value::Text(text), Wanted::Text(wanted)) => text == wanted,
            (Value::Whole(Some(whole)), Wanted::Number(wanted)) => (*whole as f64 - wanted).abs() < 0.5,
            (Value::Number(number), Wanted::Number(wanted)) => (number - wanted).abs() < 1e-9,
            _ => false,
        })
    }
}

fn wanted(field: Field, text: Cow<'_, str>) -> Result<Wanted, Problem> {
    Ok(match field.kind {
        Kind::Text => Wanted::Text(text.into_owned()),
        Kind::Whole | Kind::Number => Wanted::Number(number(field.name, &text)?),
    })
}

/// The code of a system that is offered.
fn offered(parameter: &'static str, text: &str) -> Result<Option<u32>, Problem> {
    let code = systems::code(parameter, text)?;
    if code.is_none_or(|code| systems::OFFERED.contains(&code)) {
        return Ok(code);
    }
    Err(systems::unknown(parameter, text))
}

/// The system of a code.
pub(super) fn found(
    parameter: &'static str,
    code: u32,
    system: &impl Fn(u32) -> Option<System>,
) -> Result<System, Problem> {
    system(code).ok_or_else(|| systems::unknown(parameter, &systems::uri(code)))
}

/// Reads `2018-01-01`, `2018-01-01T00:00:00Z`, `2015-01-01/2018-01-01`, `../2018-01-01`, `2015-01-01/..`. Editions hold by whole
/// days, so that of an instant its day counts.
fn interval(text: &str) -> Result<When, Problem> {
    let bad = || {
        Problem::new(
            INVALID_DATE,
            format!("datetime « {text} » n'est ni un jour ni un intervalle : par exemple 2018-01-01 ou 2015-01-01/.."),
            format!(
                "datetime \"{text}\" is neither a day nor an interval: expected one such as 2018-01-01 or 2015-01-01/.."
            ),
        )
        .about("datetime")
    };
    let day = |part: &str| -> Result<Date, Problem> {
        let (day, time) = part.split_once(['T', 't']).map_or((part, None), |(day, time)| (day, Some(time)));
        if time.is_some_and(|time| !is_time(time)) {
            return Err(bad());
        }
        day.parse().map_err(|_| bad())
    };
    let end = |part: &str| if matches!(part, "" | "..") { Ok(None) } else { day(part).map(Some) };
    let (from, to) = match text.split_once('/') {
        None => {
            let day = day(text)?;
            (Some(day), Some(day))
        }
        Some((from, to)) => (end(from)?, end(to)?),
    };
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(bad());
    }
    Ok(When::Between(from, to))
}

/// Whether a text is the time of an instant (RFC 3339): `HH:MM:SS`, perhaps a fraction, then `Z` or an offset.
fn is_time(text: &str) -> bool {
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone);
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |part: &str, most: u8| part.len() == 2 && part.parse::<u8>().is_ok_and(|part| part <= most);
    let parts: Vec<&str> = whole.split(':').collect();
    let whole = matches!(parts[..], [h, m, s] if digits(h, 23) && digits(m, 59) && digits(s, 60));
    let fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let zone = match zone.split_at_checked(1) {
        Some(("Z" | "z", "")) => true,
        Some(("+" | "-", offset)) => {
            offset.split_once(':').is_some_and(|(hours, minutes)| digits(hours, 23) && digits(minutes, 59))
        }
        _ => false,
    };
    whole && fraction && zone
}

/// The rings of a box: two where it goes across the 180th meridian. One in a projected system has its sides followed in many
/// steps, as they are no straight lines in degrees.
fn areas(text: &str, system: Option<&System>) -> Result<Vec<Vec<FixedPoint>>, Problem> {
    let bad = || {
        Problem::new(
            INVALID_BBOX,
            format!("bbox « {text} » n'est pas un rectangle : ouest,sud,est,nord, par exemple -74,45.4,-73.4,45.7."),
            format!("bbox \"{text}\" is no box: expected west,south,east,north, such as -74,45.4,-73.4,45.7"),
        )
        .about("bbox")
    };
    let values: Vec<f64> = text.split(',').map(|value| number("bbox", value)).collect::<Result<_, _>>()?;
    let ([west, south, east, north] | [west, south, _, east, north, _]) = values[..] else { return Err(bad()) };
    if ![west, south, east, north].iter().all(|value| value.is_finite()) || south > north {
        return Err(bad());
    }
    let Some(system) = system else {
        if west.abs() > 180.0 || east.abs() > 180.0 || south.abs() > 90.0 || north.abs() > 90.0 {
            return Err(Problem { code: OUT_OF_RANGE, ..bad() });
        }
        let one = |west, east| bbox::ring(bbox::fixed([west, south, east, north]));
        return Ok(if west <= east { vec![one(west, east)] } else { vec![one(west, 180.0), one(-180.0, east)] });
    };
    if west > east {
        return Err(bad());
    }
    let corners = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    let mut points: Vec<[f64; 2]> = corners
        .windows(2)
        .flat_map(|side| {
            let [[x0, y0], [x1, y1]] = [side[0], side[1]];
            (0..STEPS).map(move |step| {
                let part = step as f64 / STEPS as f64;
                [x0 + (x1 - x0) * part, y0 + (y1 - y0) * part]
            })
        })
        .collect();
    system.projector.to_lon_lat(&mut points).map_err(|_| bad())?;
    let mut ring: Vec<FixedPoint> = points.iter().map(|&[lon, lat]| bbox::clamped(lon, lat)).collect();
    ring.extend(ring.first().copied());
    Ok(vec![ring])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_an_instant_and_an_interval_are_read_and_anything_else_is_named() {
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let (a, b) = (day("2015-01-01"), day("2018-01-01"));
        for (text, expected) in [
            ("2018-01-01", (b, b)),
            ("2018-01-01T12:00:00Z", (b, b)),
            ("2018-01-01T12:00:00.5-05:00", (b, b)),
            ("2015-01-01/2018-01-01", (a, b)),
            ("../2018-01-01", (None, b)),
            ("/2018-01-01T00:00:00Z", (None, b)),
            ("2015-01-01/..", (a, None)),
            ("../..", (None, None)),
        ] {
            assert_eq!(interval(text).ok().unwrap(), When::Between(expected.0, expected.1), "{text}");
        }
        for text in ["", "2018", "2018-13-01", "2018-01-01T", "2018-01-01T25:00:00Z", "2018-01-01/2015-01-01", "x/y"] {
            assert_eq!(interval(text).err().unwrap().code.word, "invalid-date", "{text}");
        }
    }

    #[test]
    fn a_box_across_the_180th_meridian_is_two_and_what_is_none_is_named() {
        assert_eq!(areas("170,40,-60,50", None).ok().unwrap().len(), 2);
        assert_eq!(areas("-74,45,0,-73,46,100", None).ok().unwrap(), areas("-74,45,-73,46", None).ok().unwrap());
        for (text, code) in [
            ("1,2,3", "invalid-bbox"),
            ("-74,46,-73,45", "invalid-bbox"),
            ("-200,45,-73,46", "out-of-range"),
            ("a,45,-73,46", "invalid-number"),
            ("NaN,45,-73,46", "invalid-bbox"),
        ] {
            assert_eq!(areas(text, None).err().unwrap().code.word, code, "{text}");
        }
    }
}
