//! `/v1/territories`: lists, and one territory with all that is around it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::atlas::EditionView;
use crate::domain::{Date, EditionChoice, Level};
use crate::geometry::{FixedBox, FixedPoint};
use crate::http::drafts::Chosen;
use crate::http::extract::{StrictPath, StrictQuery};
use crate::http::fields::{edition_choice, number};
use crate::http::problem::{
    EDITION, HEAVY, INVALID_BBOX, INVALID_NUMBER, OUT_OF_RANGE, Problem, UNKNOWN_LEVEL, UNKNOWN_TERRITORY, problems,
};
use crate::http::wire::{Children, PlacedInstallation, Row, TerritoryPage, UnitDetail, UnitParents};
use crate::http::{Served, State, bbox, reply};
use crate::resolve::{Named, Parents, neighbours};

/// Which territories.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// Level; all but the dissemination area where it is left out.
    #[param(value_type = Option<Level>)]
    level: Option<String>,
    /// Identifier of an edition, or `latest` for the newest; not with `as_of`. Neither: the one in force today in Québec.
    edition: Option<String>,
    /// Day on which an edition holds; not with `edition`.
    #[param(value_type = Option<Date>)]
    as_of: Option<String>,
    /// West, south, east and north limits in degrees: territories whose own box shares a point with it.
    #[param(example = "-74,45.4,-73.4,45.7")]
    bbox: Option<String>,
}

/// Which territory.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TerritoryPath {
    /// Level.
    #[param(value_type = Level)]
    level: String,
    /// Code of the territory, or identifier of the unit.
    #[param(min_length = 1, example = "06122")]
    code: String,
}

/// Which edition.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EditionParameters {
    /// Identifier of an edition, or `latest` for the newest; not with `as_of`. Neither: the one in force today in Québec.
    edition: Option<String>,
    /// Day on which an edition holds; not with `edition`.
    #[param(value_type = Option<Date>)]
    as_of: Option<String>,
}

impl EditionParameters {
    /// The edition asked for.
    pub(super) fn choice(&self, today: Date) -> Result<EditionChoice, Problem> {
        edition_choice(self.as_of.as_deref(), self.edition.as_deref(), today)
    }
}

problems!(ListProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL, INVALID_BBOX, INVALID_NUMBER, OUT_OF_RANGE]);
problems!(TerritoryProblems: EDITION, HEAVY, &[UNKNOWN_LEVEL, UNKNOWN_TERRITORY]);

/// A territory or unit that a path names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found {
    /// A territory, by its place in its level's list.
    Territory(Level, usize),
    /// A unit, by number.
    Unit(usize),
}

/// Territories of one level, or of all but the dissemination area, in order of level, finest first, and of code
#[utoipa::path(get, path = "/v1/territories", tag = "territories", params(ListParameters),
    responses(
        (status = 200, description = "The territories", body = Vec<Row>, headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        ListProblems))]
pub async fn list_territories(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictQuery(asked): StrictQuery<ListParameters>,
) -> Result<Response, Problem> {
    let level = asked.level.map(|level| level.parse::<Level>()).transpose()?;
    let choice = edition_choice(asked.as_of.as_deref(), asked.edition.as_deref(), state.today())?;
    let bbox = asked.bbox.as_deref().map(parse_bbox).transpose()?;
    let served = state.served();
    let chosen = State::choose(served, &choice)?;
    let tag = chosen.tag();
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(response);
    }
    let work = move || {
        let levels = level.map_or(Level::TERRITORIAL.to_vec(), |level| vec![level]);
        let rows: Vec<Row<'_>> = levels.into_iter().flat_map(|level| rows(&chosen, level, bbox)).collect();
        reply::to_bytes(&rows)
    };
    let bytes = state.run_heavy(work).await?;
    Ok(reply::tagged(reply::bytes(bytes, "application/json"), &tag))
}

fn rows(chosen: &Chosen, level: Level, bbox: Option<FixedBox>) -> Vec<Row<'_>> {
    let (served, edition) = (&chosen.served, chosen.view());
    let count = match level {
        Level::Da => served.atlas.unit_count(),
        _ => edition.hierarchy.territories(level).len(),
    };
    let mut places = match bbox {
        Some(bbox) => chosen.boxes(level).meeting(bbox),
        None => (0..count).collect(),
    };
    if level == Level::Da {
        places.sort_unstable_by_key(|&unit| served.atlas.unit_id(unit));
        return places.into_iter().map(|unit| Row::Unit(unit_detail(served, edition, unit))).collect();
    }
    let table = chosen.table();
    places.into_iter().filter_map(|place| table.detail(edition, level, place)).map(Row::Territory).collect()
}

/// A territory, with what is above, below, beside and in it
#[utoipa::path(get, path = "/v1/territories/{level}/{code}", tag = "territories", params(TerritoryPath, EditionParameters),
    responses(
        (status = 200, description = "The territory", body = TerritoryPage, headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "Unchanged since the ETag of If-None-Match"),
        TerritoryProblems))]
pub async fn show_territory(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    StrictPath(path): StrictPath<TerritoryPath>,
    StrictQuery(edition): StrictQuery<EditionParameters>,
) -> Result<Response, Problem> {
    let asked = Asked::new(path, &edition, state.today())?;
    let served = state.served();
    let chosen = State::choose(served, &asked.choice)?;
    let found = asked.find(&chosen.served, chosen.view())?;
    let tag = chosen.tag();
    if let Some(response) = reply::not_modified(&headers, &tag) {
        return Ok(response);
    }
    let work = move || reply::to_bytes(&page(&chosen, found)?);
    let bytes = state.run_heavy(work).await?;
    Ok(reply::tagged(reply::bytes(bytes, "application/json"), &tag))
}

/// What the path and query of one territory ask for.
pub(super) struct Asked {
    level: Level,
    code: String,
    /// The edition asked for.
    pub choice: EditionChoice,
}

impl Asked {
    /// Reads a path and a query.
    pub fn new(path: TerritoryPath, edition: &EditionParameters, today: Date) -> Result<Self, Problem> {
        let level = path.level.parse::<Level>()?;
        Ok(Self { level, code: path.code, choice: edition.choice(today)? })
    }

    /// The territory or unit of that code.
    pub fn find(&self, served: &Served, edition: EditionView<'_>) -> Result<Found, Problem> {
        let found = match self.level {
            Level::Da => served.atlas.find_unit(&self.code).map(Found::Unit),
            level => edition.hierarchy.find(level, &self.code).map(|place| Found::Territory(level, place)),
        };
        found.ok_or_else(|| Problem::unknown_territory(self.level, &self.code, &edition.header.id))
    }
}

fn page(chosen: &Chosen, found: Found) -> Result<TerritoryPage<'_>, Problem> {
    let (served, edition) = (&*chosen.served, chosen.view());
    let atlas = &served.atlas;
    let (row, children, neighbours) = match found {
        Found::Territory(level, place) => {
            let list = edition.hierarchy.territories(level);
            let detail = chosen.table().detail(edition, level, place).ok_or_else(Problem::internal)?;
            let beside = neighbours(atlas, edition, level, place).into_iter();
            (
                Row::Territory(detail),
                children(served, edition, level, place),
                beside.map(|place| Named { code: list[place].code.as_str(), name: &list[place].name }).collect(),
            )
        }
        Found::Unit(unit) => {
            let beside = units_beside(served, unit).into_iter().map(|unit| atlas.unit_id(unit));
            let beside = beside.map(|id| Named { code: id, name: id }).collect();
            (Row::Unit(unit_detail(served, edition, unit)), Children::default(), beside)
        }
    };
    let clsc_list = edition.hierarchy.territories(Level::Clsc);
    let installations = served
        .installation_sides()
        .iter()
        .zip(&atlas.manifest().installations)
        .filter(|&(&side, _)| side > 0 && holds_unit(edition, found, side as usize - 1))
        .map(|(&side, installation)| {
            let clsc = &clsc_list[usize::from(edition.clsc_of_unit[side as usize - 1])];
            PlacedInstallation { installation, clsc: Named { code: clsc.code.as_str(), name: &clsc.name } }
        })
        .collect();
    let holds_share = |clsc: &str| {
        edition.hierarchy.find(Level::Clsc, clsc).is_some_and(|clsc| match found {
            Found::Territory(level, place) => edition.hierarchy.parent(clsc, level) == place,
            Found::Unit(_) => false,
        })
    };
    let straddles = edition
        .straddles
        .iter()
        .filter(|straddle| match found {
            Found::Unit(unit) => straddle.unit.as_str() == atlas.unit_id(unit),
            Found::Territory(..) => straddle.shares.iter().any(|share| holds_share(share.clsc.as_str())),
        })
        .collect();
    Ok(TerritoryPage { edition: edition.dated(), row, children, neighbours, installations, straddles })
}

fn holds_unit(edition: EditionView<'_>, found: Found, unit: usize) -> bool {
    match found {
        Found::Territory(level, place) => {
            edition.hierarchy.parent(usize::from(edition.clsc_of_unit[unit]), level) == place
        }
        Found::Unit(own) => own == unit,
    }
}

fn children<'a>(served: &'a Served, edition: EditionView<'a>, level: Level, place: usize) -> Children<'a> {
    let clsc: Vec<usize> = edition.hierarchy.clsc_of(level, place).collect();
    let below = |lower: Level| -> Vec<Named<'a>> {
        if lower >= level {
            return Vec::new();
        }
        let list = edition.hierarchy.territories(lower);
        let places: BTreeSet<usize> = clsc.iter().map(|&clsc| edition.hierarchy.parent(clsc, lower)).collect();
        places.into_iter().map(|place| Named { code: list[place].code.as_str(), name: &list[place].name }).collect()
    };
    let mut da = Vec::new();
    if level == Level::Clsc {
        let units = (0..served.atlas.unit_count()).filter(|&unit| usize::from(edition.clsc_of_unit[unit]) == place);
        da.extend(units.map(|unit| served.atlas.unit_id(unit)));
        da.sort_unstable();
    }
    Children { rss: below(Level::Rss), rts: below(Level::Rts), rls: below(Level::Rls), clsc: below(Level::Clsc), da }
}

fn unit_detail<'a>(served: &'a Served, edition: EditionView<'a>, unit: usize) -> UnitDetail<'a> {
    let clsc = usize::from(edition.clsc_of_unit[unit]);
    let above = |level| {
        let territory = &edition.hierarchy.territories(level)[edition.hierarchy.parent(clsc, level)];
        Named { code: territory.code.as_str(), name: &territory.name }
    };
    let id = served.atlas.unit_id(unit);
    UnitDetail {
        code: id,
        name: id,
        level: Level::Da,
        parents: UnitParents {
            clsc: [above(Level::Clsc)],
            upper: Parents {
                rls: vec![above(Level::Rls)],
                rts: vec![above(Level::Rts)],
                rss: vec![above(Level::Rss)],
                ruisss: vec![above(Level::Ruisss)],
            },
        },
        population: served.atlas.people(unit),
        area_km2: (served.atlas.areas_m2()[unit] / 10.0).round() / 1e5,
        bbox: degrees(served.atlas.unit_boxes()[unit]),
    }
}

fn units_beside(served: &Served, unit: usize) -> BTreeSet<usize> {
    let own = unit as u32 + 1;
    let beside = served.atlas.coverage().sides.iter().filter_map(|&[left, right]| match (left == own, right == own) {
        (true, false) => Some(right),
        (false, true) => Some(left),
        _ => None,
    });
    beside.filter(|&side| side > 0).map(|side| side as usize - 1).collect()
}

/// A box in degrees: west, south, east, north.
pub fn degrees(b: FixedBox) -> [f64; 4] {
    let (low, high) = (FixedPoint { x: b.x0, y: b.y0 }, FixedPoint { x: b.x1, y: b.y1 });
    [low.lon(), low.lat(), high.lon(), high.lat()].map(|degrees| (degrees * 1e8).round() / 1e8)
}

/// Reads `west,south,east,north`; what lies beyond the grid is cut off.
pub(super) fn parse_bbox(text: &str) -> Result<FixedBox, Problem> {
    let values: Vec<f64> = text.split(',').map(|value| number("bbox", value)).collect::<Result<_, _>>()?;
    let refused = |french: &str, english: &str| {
        Problem::new(
            INVALID_BBOX,
            format!("bbox « {text} » {french} : ouest,sud,est,nord en degrés, par exemple -74,45.4,-73.4,45.7."),
            format!(
                "bbox \"{text}\" {english}: expected west,south,east,north in degrees, such as -74,45.4,-73.4,45.7"
            ),
        )
        .about("bbox")
    };
    let Ok([west, south, east, north]) = <[f64; 4]>::try_from(values) else {
        return Err(refused("n'a pas quatre nombres", "does not have four numbers"));
    };
    let in_range = |value: f64, most: f64| (-most..=most).contains(&value);
    if ![west, east].iter().all(|&lon| in_range(lon, 180.0)) || ![south, north].iter().all(|&lat| in_range(lat, 90.0)) {
        let problem = refused("est hors limites", "is out of range");
        return Err(Problem { code: OUT_OF_RANGE, ..problem });
    }
    if west > east || south > north {
        return Err(refused("est à l'envers", "is the wrong way round"));
    }
    Ok(bbox::fixed([west, south, east, north]))
}
