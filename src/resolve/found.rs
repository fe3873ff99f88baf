//! The parts of an answer that only addresses, postal codes and points of service have.

use serde::Serialize;

use super::answer::{Lineage, Named};
use crate::address::{AddressMatch, Fault, MatchType, Outcome, PostalCode, Province, Remark};
use crate::domain::LonLat;

/// A CLSC that an answer could be, with its share.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TerritoryShare<'a> {
    /// Its share, 0 to 1: of the addresses, or of the disc in which the true position lies. Shares add up to 1.
    pub share: f64,
    /// Addresses counted, where shares are of addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<u64>,
    /// It, and all above it.
    #[serde(flatten)]
    pub lineage: Lineage<'a>,
}

/// A dissemination area that holds addresses of a postal code.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AreaShare<'a> {
    /// Its identifier.
    pub code: &'a str,
    /// Its share of the addresses, 0 to 1.
    pub share: f64,
    /// Its addresses.
    pub addresses: u64,
    /// Its CLSC in the edition that answers.
    pub clsc: Named<'a>,
}

/// A place of the registry.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FoundPlace<'a> {
    /// The address as the registry has it.
    pub result_label: String,
    /// 0 to 1.
    pub result_score: f32,
    /// What kind of place.
    pub result_type: MatchType,
    /// Made of the street, number and municipality: the same in every edition of every registry that has them.
    pub result_id: String,
    /// What differs from what was asked, by name.
    pub faults: Vec<Fault>,
    /// Where.
    pub position: LonLat,
    /// How far the true place may be, metres.
    pub uncertainty_m: f64,
    /// Every CLSC it could be.
    pub clsc: Vec<Named<'a>>,
}

/// How an address was matched.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct MatchReport<'a> {
    /// How it was answered, with the province where it is another one.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Whether it may be taken without a person looking at it.
    pub auto_accepted: bool,
    /// The address as the registry has it; `None` where nothing, or no single place, was found.
    pub result_label: Option<String>,
    /// 0 to 1; 0 where nothing was found.
    pub result_score: f32,
    /// What kind of place.
    pub result_type: Option<MatchType>,
    /// Its identifier, as that of an alternative.
    pub result_id: Option<String>,
    /// What differs from what was asked, by name.
    pub faults: Vec<Fault>,
    /// Where; `None` for several places as good.
    pub position: Option<LonLat>,
    /// How far the true place may be, metres.
    pub uncertainty_m: Option<f64>,
    /// Its postal code in the registry.
    pub postal_code: Option<PostalCode>,
    /// How many places are as good as the best one, itself included.
    pub tied: usize,
    /// Places as good where there are several (all of them, up to nine, none preferred), next best ones otherwise.
    pub alternatives: Vec<FoundPlace<'a>>,
    /// What is worth saying of the text: a box, another province, a range.
    pub remarks: Vec<Remark>,
}

impl MatchReport<'_> {
    /// A report without any place.
    pub(super) fn nothing(outcome: Outcome, remarks: Vec<Remark>) -> Self {
        Self {
            outcome,
            auto_accepted: false,
            result_label: None,
            result_score: 0.0,
            result_type: None,
            result_id: None,
            faults: Vec::new(),
            position: None,
            uncertainty_m: None,
            postal_code: None,
            tied: 0,
            alternatives: Vec::new(),
            remarks,
        }
    }

    pub(super) fn found(mut self, best: AddressMatch) -> Self {
        self.result_label = Some(best.result_label);
        self.result_score = best.result_score;
        self.result_type = Some(best.result_type);
        self.result_id = Some(best.result_id);
        self.faults = best.faults;
        self.position = Some(best.position);
        self.uncertainty_m = Some(millimetres(best.uncertainty_m));
        self.postal_code = best.postal_code;
        self
    }
}

impl<'a> FoundPlace<'a> {
    pub(super) fn new(found: AddressMatch, clsc: Vec<Named<'a>>) -> Self {
        Self {
            result_label: found.result_label,
            result_score: found.result_score,
            result_type: found.result_type,
            result_id: found.result_id,
            faults: found.faults,
            position: found.position,
            uncertainty_m: millimetres(found.uncertainty_m),
            clsc,
        }
    }
}

/// What the answer to a postal code stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostalGround {
    /// The addresses of the code itself.
    Code,
    /// The code is not in the registry: the addresses of its forward sortation area.
    Fsa,
    /// Neither is in the registry.
    Unknown,
    /// The code is of another province.
    OtherProvince,
}

/// Whether a postal code means one CLSC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostalStatus {
    /// All of its addresses are in one CLSC.
    Single,
    /// They are in several.
    Split,
    /// There is none.
    None,
}

/// Where the addresses of a postal code are.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PostalReport<'a> {
    /// The code as it is written.
    pub code: PostalCode,
    /// What the rest stands on.
    pub ground: PostalGround,
    /// The province it is of.
    pub province: Province,
    /// Whether it means one CLSC.
    pub status: PostalStatus,
    /// Whether all addresses are in one dissemination area.
    pub single_dissemination_area: bool,
    /// Whether it is a rural code, which covers a countryside.
    pub rural: bool,
    /// Addresses counted.
    pub addresses: u64,
    /// The middle of its addresses.
    pub position: Option<LonLat>,
    /// Metres from the middle to the farthest address.
    pub spread_m: Option<f64>,
    /// Every dissemination area with its share, those with most first.
    pub dissemination_areas: Vec<AreaShare<'a>>,
}

/// A point of service that was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstallationRef<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// Rounded to the millimetre.
pub(super) fn millimetres(metres: f64) -> f64 {
    (metres * 1000.0).round() / 1000.0
}
