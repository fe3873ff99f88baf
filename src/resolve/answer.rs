//! The shape of an answer, the same in every interface.

use serde::Serialize;

use super::found::{InstallationRef, MatchReport, PostalReport, TerritoryShare};
use super::place::Basis;
use crate::domain::DatedEdition;
use crate::geometry::surroundings::Beyond;

/// How a point came to its CLSC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// It lies in the territory.
    Inside,
    /// It lies outside the coverage (in the water, off a simplified shore, across the limit of the province), and the territory
    /// is the nearest one; [`Resolution::beyond`] says which of these.
    Nearest,
    /// It lies too far outside, or in another province.
    Outside,
    /// It is no point but a street, an area or several places as good: see the territories with their shares.
    Spread,
    /// Nothing in the registry is what was asked.
    NotFound,
}

impl Placement {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Inside, Self::Nearest, Self::Outside, Self::Spread, Self::NotFound];
}

/// A territory by code and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Named<'a> {
    /// Public code.
    pub code: &'a str,
    /// Name, in French.
    pub name: &'a str,
}

/// A CLSC and all above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Lineage<'a> {
    /// Its CLSC.
    pub clsc: Named<'a>,
    /// Its RLS.
    pub rls: Named<'a>,
    /// Its RTS.
    pub rts: Named<'a>,
    /// Its RSS.
    pub rss: Named<'a>,
    /// Its RUISSS.
    pub ruisss: Named<'a>,
}

/// The territory beyond the nearest limit.
pub type RunnerUp<'a> = Named<'a>;

/// What a stated error of position does to the answer.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Certainty<'a> {
    /// The stated error, metres.
    pub uncertainty_m: f64,
    /// Whether every point within it has the same CLSC.
    pub stable: bool,
    /// Every CLSC with some place within it, the answered one first, the others by code; none that lies farther.
    pub clsc: Vec<Named<'a>>,
    /// Whether points outside the coverage are within it.
    pub outside: bool,
}

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Resolution<'a> {
    /// The edition that answers, and until when it holds.
    pub edition: DatedEdition<'a>,
    /// How the point came to its CLSC.
    pub placement: Placement,
    /// Its dissemination area; `None` outside.
    pub dissemination_area: Option<&'a str>,
    /// Its unit, where units are finer than dissemination areas or something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'a str>,
    /// Its CLSC and all above; `None` outside.
    pub lineage: Option<Lineage<'a>>,
    /// Distance to the nearest limit of the answered CLSC, metres on the ellipsoid, to the millimetre.
    pub border_m: Option<f64>,
    /// The CLSC beyond that limit; `None` where it is the limit of the coverage.
    pub runner_up: Option<RunnerUp<'a>>,
    /// For [`Placement::Nearest`], distance to the territory, metres; for [`Placement::Outside`], to the nearest one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// For [`Placement::Nearest`], what lies beyond the outer limit there: on the land side the place is not Québec's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Beyond>,
    /// What the stated error of position does to the answer; `None` where none was stated.
    pub certainty: Option<Certainty<'a>>,
    /// For an address or a postal code: every CLSC it could be with its share, largest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territories: Option<Vec<TerritoryShare<'a>>>,
    /// On what ground a person is attached there, where that was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// How an address was matched.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub matched: Option<Box<MatchReport<'a>>>,
    /// Where the addresses of a postal code are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Box<PostalReport<'a>>>,
    /// The point of service asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installation: Option<InstallationRef<'a>>,
}
