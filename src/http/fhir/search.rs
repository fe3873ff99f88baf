//! What a search asks for, and what it finds.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::directory::{Directory, Spot, id};
use super::outcome::issue;
use super::wire::{Bundle, Entry, Link, OperationOutcome, Resource, SearchEntry};
use super::{LEVELS, ORGANIZATIONS, TERRITORIES};
use crate::domain::{Level, LonLat};
use crate::http::fields::number;
use crate::http::problem::{INVALID_CHOICE, INVALID_QUESTION, OUT_OF_RANGE};
use crate::http::{Language, Problem};
use crate::resolve::{MOST_UNCERTAINTY_M, Placement, Resolution};
use crate::tables::columns::fold;

/// Resources of a page where nothing is said.
const USUAL_COUNT: usize = 100;
/// Most resources of a page.
const MOST_COUNT: usize = 1000;
/// How far `near` looks where no distance is said, metres.
const USUAL_DISTANCE_M: f64 = 10_000.0;

/// Which territories.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = FhirLocationSearch)]
pub struct LocationSearch {
    /// Identifiers of resources, such as `clsc-06122`, with commas between them.
    #[serde(rename = "_id")]
    id: Option<String>,
    /// Public codes, alone or after their system and a bar (`urn:rattache:territoire:clsc|06122`), with commas between them.
    identifier: Option<String>,
    /// How the name begins, whatever its case and accents.
    name: Option<String>,
    /// What the name contains, whatever its case and accents.
    #[serde(rename = "name:contains")]
    name_contains: Option<String>,
    /// The level: `clsc`, `rls`, `rts`, `rss` or `ruisss`, with commas between them.
    r#type: Option<String>,
    /// The territory that it directly lies in: `Location/rls-0612`.
    partof: Option<String>,
    /// The établissement: `Organization/rts-061`.
    organization: Option<String>,
    /// A position that it holds: latitude and longitude with a bar between them (of R5). For people's places, ask with POST.
    contains: Option<String>,
    /// A position that it lies near: latitude, longitude, distance and its unit (`km` or `m`), with bars between them; 10 km
    /// where no distance is said, 100 km at most. For people's places, ask with POST.
    near: Option<String>,
    /// Always `active`.
    status: Option<String>,
    /// Resources of a page, 1,000 at most; 0 for their number alone.
    #[serde(rename = "_count")]
    count: Option<u64>,
    /// Resources to skip.
    #[serde(rename = "_offset")]
    offset: Option<u64>,
    /// How the answer is written: `json`.
    #[serde(rename = "_format")]
    format: Option<String>,
}

/// Which établissements.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = FhirOrganizationSearch)]
pub struct OrganizationSearch {
    /// Identifiers of resources, such as `rts-061`, with commas between them.
    #[serde(rename = "_id")]
    id: Option<String>,
    /// Public codes, alone or after their system and a bar, with commas between them.
    identifier: Option<String>,
    /// How the name begins, whatever its case and accents.
    name: Option<String>,
    /// What the name contains, whatever its case and accents.
    #[serde(rename = "name:contains")]
    name_contains: Option<String>,
    /// Resources of a page, 1,000 at most; 0 for their number alone.
    #[serde(rename = "_count")]
    count: Option<u64>,
    /// Resources to skip.
    #[serde(rename = "_offset")]
    offset: Option<u64>,
    /// How the answer is written: `json`.
    #[serde(rename = "_format")]
    format: Option<String>,
}

/// Which page of what was found, and how it was asked for.
#[derive(Debug)]
pub struct Page<'a> {
    /// The query string, where it was asked for by one; `None` for a body, of which nothing is repeated in a URL.
    pub query: Option<&'a str>,
    /// The language of what there is to say.
    pub language: Language,
}

/// Searches territories.
///
/// # Errors
/// A value that makes no sense.
pub fn search_locations(directory: &Directory<'_>, asked: &LocationSearch, page: &Page<'_>) -> Result<Bundle, Problem> {
    check_format(asked.format.as_deref())?;
    let mut said = None;
    let mut spots: Vec<Spot> = match (&asked.contains, &asked.near) {
        (None, None) => directory.spots().collect(),
        (contains, near) => {
            let mut held = match contains {
                Some(text) => {
                    let held = holding(directory, position("contains", text)?.0)?;
                    said = doubt(&held);
                    above(directory, held.lineage.iter().map(|lineage| lineage.clsc.code))
                }
                None => directory.spots().collect(),
            };
            if let Some(text) = near {
                let (place, distance) = position("near", text)?;
                let distance = distance.unwrap_or(USUAL_DISTANCE_M);
                let around = directory.edition().resolver().resolve(place, Some(distance))?;
                let certainty = around.certainty.iter().flat_map(|certainty| &certainty.clsc);
                let near = above(directory, certainty.map(|clsc| clsc.code));
                held.retain(|spot| near.contains(spot));
            }
            held
        }
    };
    let one_of = |list: &str, takes: &dyn Fn(&str) -> bool| list.split(',').map(str::trim).any(takes);
    spots.retain(|&spot| {
        let (level, named) = (spot.0, directory.named(spot));
        let own = id(level, named.code);
        let is_own = |text: &str| text.strip_prefix("Location/").unwrap_or(text) == own;
        let is_code = |text: &str| match text.split_once('|') {
            None => text == named.code,
            Some((system, "")) => system.strip_prefix(TERRITORIES) == Some(level.as_str()),
            Some((system, code)) => system.strip_prefix(TERRITORIES) == Some(level.as_str()) && code == named.code,
        };
        let is_level =
            |text: &str| text.strip_prefix(LEVELS).map_or(text, |rest| rest.trim_start_matches('|')) == level.as_str();
        let is_parent = |text: &str| {
            let wanted = last_of(text, "Location/");
            directory.parent(spot).is_some_and(|(level, parent)| id(level, parent.code) == wanted)
        };
        let is_of = |text: &str| {
            let wanted = last_of(text, "Organization/");
            directory.organization_of(spot).is_some_and(|named| id(Level::Rts, named.code) == wanted)
        };
        asked.id.as_deref().is_none_or(|list| one_of(list, &is_own))
            && asked.identifier.as_deref().is_none_or(|list| one_of(list, &is_code))
            && asked.r#type.as_deref().is_none_or(|list| one_of(list, &is_level))
            && asked.partof.as_deref().is_none_or(|list| one_of(list, &is_parent))
            && asked.organization.as_deref().is_none_or(|list| one_of(list, &is_of))
            && asked.status.as_deref().is_none_or(|list| one_of(list, &|text| text == "active"))
            && has_name(named.name, asked.name.as_deref(), asked.name_contains.as_deref())
    });
    let said = said.map(|problem| {
        let issue = vec![issue("warning", "informational", &problem, page.language)];
        OperationOutcome { resource_type: "OperationOutcome", issue }
    });
    Ok(bundle(directory, "Location", &spots, (asked.count, asked.offset), page, said, |&spot| {
        let location = directory.location(spot);
        (location.id.clone(), location.into())
    }))
}

/// Searches établissements.
///
/// # Errors
/// A value that makes no sense.
pub fn search_organizations(
    directory: &Directory<'_>,
    asked: &OrganizationSearch,
    page: &Page<'_>,
) -> Result<Bundle, Problem> {
    check_format(asked.format.as_deref())?;
    let one_of = |list: &str, takes: &dyn Fn(&str) -> bool| list.split(',').map(str::trim).any(takes);
    let mut found: Vec<usize> =
        directory.spots().filter(|(level, _)| *level == Level::Rts).map(|(_, place)| place).collect();
    found.retain(|&place| {
        let named = directory.named((Level::Rts, place));
        let own = id(Level::Rts, named.code);
        let is_code = |text: &str| match text.split_once('|') {
            None => text == named.code,
            Some((system, code)) => system == ORGANIZATIONS && (code.is_empty() || code == named.code),
        };
        asked.id.as_deref().is_none_or(|list| one_of(list, &|text| last_of(text, "Organization/") == own))
            && asked.identifier.as_deref().is_none_or(|list| one_of(list, &is_code))
            && has_name(named.name, asked.name.as_deref(), asked.name_contains.as_deref())
    });
    Ok(bundle(directory, "Organization", &found, (asked.count, asked.offset), page, None, |&place| {
        let organization = directory.organization(place);
        (organization.id.clone(), organization.into())
    }))
}

/// The identifier of a reference, relative or absolute.
fn last_of<'t>(text: &'t str, kind: &str) -> &'t str {
    text.rsplit_once(kind).map_or(text, |(_, id)| id)
}

fn has_name(name: &str, begins: Option<&str>, contains: Option<&str>) -> bool {
    let name = fold(name);
    let one_of = |list: &str, takes: &dyn Fn(&str) -> bool| list.split(',').any(|text| takes(&fold(text)));
    begins.is_none_or(|list| one_of(list, &|text| name.starts_with(text)))
        && contains.is_none_or(|list| one_of(list, &|text| name.contains(text)))
}

fn check_format(format: Option<&str>) -> Result<(), Problem> {
    match format {
        None | Some("json" | "application/json" | "application/fhir+json" | "application/fhir json") => Ok(()),
        Some(other) => Err(Problem::new(
            INVALID_CHOICE,
            format!("_format « {other} » est inconnu : json est tout ce qu'il y a."),
            format!("unknown _format \"{other}\": json is all there is"),
        )
        .about("_format")),
    }
}

/// Reads `lat|lon` or `lat|lon|distance|unit`: the position, and the distance in metres.
fn position(parameter: &'static str, text: &str) -> Result<(LonLat, Option<f64>), Problem> {
    let bad = || {
        Problem::new(
            INVALID_QUESTION,
            format!("{parameter} doit être latitude|longitude, par exemple 45.5088|-73.5542."),
            format!("{parameter} must be latitude|longitude, such as 45.5088|-73.5542"),
        )
        .about(parameter)
    };
    let parts: Vec<&str> = text.split('|').collect();
    let (lat, lon, rest) = match parts.as_slice() {
        [lat, lon, rest @ ..] if rest.is_empty() || (parameter == "near" && rest.len() <= 2) => (lat, lon, rest),
        _ => return Err(bad()),
    };
    let place = LonLat::new(number(parameter, lon)?, number(parameter, lat)?)
        .map_err(|error| Problem::from(error).about(parameter))?;
    let Some(distance) = rest.first().filter(|text| !text.is_empty()) else { return Ok((place, None)) };
    let metres = match rest.get(1).copied().unwrap_or("km") {
        "km" | "" => 1000.0,
        "m" => 1.0,
        _ => return Err(bad()),
    };
    let distance = number(parameter, distance)? * metres;
    if !(0.0..=MOST_UNCERTAINTY_M).contains(&distance) {
        let problem = Problem::new(
            OUT_OF_RANGE,
            format!("La distance est hors limites : de 0 à {} km.", MOST_UNCERTAINTY_M / 1000.0),
            format!("the distance is out of range: expected 0 to {} km", MOST_UNCERTAINTY_M / 1000.0),
        );
        return Err(problem.about(parameter));
    }
    Ok((place, Some(distance)))
}

fn holding<'a>(directory: &Directory<'a>, place: LonLat) -> Result<Resolution<'a>, Problem> {
    Ok(directory.edition().resolver().resolve(place, None)?)
}

/// What there is to say of a position that lies in no territory.
fn doubt(held: &Resolution<'_>) -> Option<Problem> {
    let metres = held.distance_m.unwrap_or_default();
    (held.placement == Placement::Nearest).then(|| {
        Problem::new(
            OUT_OF_RANGE,
            format!("La position est hors des territoires, à {metres:.0} m du plus proche, qui est donné."),
            format!("the position lies outside the territories, {metres:.0} m from the nearest one, which is given"),
        )
    })
}

/// CLSC and all that is above them, finest level first.
fn above<'c>(directory: &Directory<'_>, clsc: impl Iterator<Item = &'c str>) -> Vec<Spot> {
    let hierarchy = directory.edition().view().hierarchy;
    let mut spots: Vec<Spot> = Vec::new();
    for place in clsc.filter_map(|code| hierarchy.find(Level::Clsc, code)) {
        spots.extend(Level::TERRITORIAL.map(|level| (level, hierarchy.parent(place, level))));
    }
    spots.sort_unstable();
    spots.dedup();
    spots
}

fn bundle<T>(
    directory: &Directory<'_>,
    kind: &str,
    found: &[T],
    (count, offset): (Option<u64>, Option<u64>),
    page: &Page<'_>,
    said: Option<OperationOutcome>,
    resource: impl Fn(&T) -> (String, Resource),
) -> Bundle {
    let whole = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let count = count.map_or(USUAL_COUNT, whole).min(MOST_COUNT);
    let offset = offset.map_or(0, whole);
    let url = directory.url(kind);
    let mut entry: Vec<Entry> = found
        .iter()
        .skip(offset)
        .take(count)
        .map(|one| {
            let (id, resource) = resource(one);
            Entry { full_url: Some(format!("{url}/{id}")), resource, search: SearchEntry { mode: "match" } }
        })
        .collect();
    let next = offset.saturating_add(entry.len());
    let at = |query: &str, offset: usize| {
        let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("_offset="));
        let mut parts: Vec<String> = kept.map(str::to_owned).collect();
        if offset > 0 {
            parts.push(format!("_offset={offset}"));
        }
        if parts.is_empty() { url.clone() } else { format!("{url}?{}", parts.join("&")) }
    };
    let mut link = vec![Link {
        relation: "self",
        url: page.query.map_or_else(|| format!("{url}/_search"), |query| at(query, offset)),
    }];
    // Other pages of what a body asked for are asked for by a body.
    if let Some(query) = page.query {
        if count > 0 && next < found.len() {
            link.push(Link { relation: "next", url: at(query, next) });
        }
        if offset > 0 {
            link.push(Link { relation: "previous", url: at(query, offset.saturating_sub(count)) });
        }
    }
    entry.extend(said.map(|outcome| Entry {
        full_url: None,
        resource: Resource::Outcome(Box::new(outcome)),
        search: SearchEntry { mode: "outcome" },
    }));
    Bundle { resource_type: "Bundle", kind: "searchset", total: found.len(), link, entry }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_latitude_then_longitude_and_only_near_takes_a_distance() {
        let read =
            |parameter, text| position(parameter, text).map(|(place, distance)| (place.lat(), place.lon(), distance));
        assert_eq!(read("contains", "45.5|-73.5").ok(), Some((45.5, -73.5, None)));
        assert_eq!(read("near", "45.5|-73.5|2").ok(), Some((45.5, -73.5, Some(2000.0))));
        assert_eq!(read("near", "45.5|-73.5|250|m").ok(), Some((45.5, -73.5, Some(250.0))));
        for (parameter, text, code) in [
            ("contains", "45.5", "invalid-question"),
            ("contains", "45.5|-73.5|2", "invalid-question"),
            ("contains", "45.5,-73.5", "invalid-question"),
            ("contains", "-73.5|45.5", "swapped-coordinates"),
            ("contains", "95|-73.5", "out-of-range"),
            ("near", "45.5|-73.5|2|mi", "invalid-question"),
            ("near", "45.5|-73.5|200|km", "out-of-range"),
            ("near", "45.5|x", "invalid-number"),
        ] {
            let problem = read(parameter, text).err().unwrap();
            assert_eq!((problem.code.word, problem.parameter), (code, Some(parameter)), "{text}");
        }
    }

    #[test]
    fn names_are_found_whatever_their_case_and_accents() {
        assert!(has_name("Montréal - Centre-Ville", Some("montreal"), None));
        assert!(has_name("Montréal - Centre-Ville", None, Some("CENTRE VILLE")));
        assert!(!has_name("Montréal - Centre-Ville", Some("Centre"), None));
        assert!(has_name("Laval", Some("Montréal,Laval"), None));
    }
}
