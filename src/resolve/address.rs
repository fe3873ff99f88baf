//! From an address, a postal code or a point of service to a resolution.
//!
//! 1. The registry of the atlas finds the place, with its uncertainty ([`crate::address`]);
//! 2. a place at a point is resolved as a position with that uncertainty; one that is a street, a postal code or a
//!    municipality is resolved by the units of its addresses;
//! 3. every CLSC that it could be is told with its share. Several places as good are all counted, none is picked.

use std::collections::BTreeMap;

use super::QueryError;
use super::answer::{Certainty, Named, Placement, Resolution};
use super::found::{
    AreaShare, FoundPlace, InstallationRef, MatchReport, PostalGround, PostalReport, PostalStatus, TerritoryShare,
    millimetres,
};
use super::locate::{MOST_UNCERTAINTY_M, Resolver};
use super::place::{Basis, Place};
use crate::address::{
    AddressMatch, Fault, GazetteerView, MatchType, NO_UNIT, Outcome, PostalBasis, PostalCode, UnitCount, parse,
};
use crate::domain::{Level, LonLat};
use crate::geometry::FixedPoint;
use crate::geometry::ellipsoid::LocalPlane;
use crate::lookup::Class;

/// Points by which a disc of uncertainty is shared between CLSC.
const DISC_POINTS: u32 = 256;
/// Faults with which no answer is said to be stable: where the true place lies is then anybody's guess.
const NEVER_STABLE: [Fault; 3] = [Fault::CivicOutOfRange, Fault::NeighboursFar, Fault::PartialName];
/// Weight, beside that of the addresses of a street, of a CLSC that the street may reach beyond them.
const LITTLE: f64 = 0.001;
/// Angle between two of them.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// Weight and addresses by CLSC. Weights need not add up to 1.
#[derive(Debug, Clone, Default)]
struct Weights {
    clsc: BTreeMap<Class, (f64, u64)>,
    /// Whether addresses were counted.
    counted: bool,
    /// Whether some of it lies outside every territory.
    outside: bool,
}

impl Weights {
    fn total(&self) -> f64 {
        self.clsc.values().map(|&(weight, _)| weight).sum()
    }

    /// Takes another one in, brought to a total of 1.
    fn absorb(&mut self, other: &Self) {
        let total = other.total();
        for (&class, &(weight, addresses)) in &other.clsc {
            let mine = self.clsc.entry(class).or_default();
            mine.0 += weight / total;
            mine.1 += addresses;
        }
        self.outside |= other.outside;
    }
}

impl<'a> Resolver<'a> {
    /// Answers for a place on the ground stated, if any. A stated error of position widens that of an address; postal codes
    /// have their own.
    ///
    /// # Errors
    /// [`QueryError`]: an atlas without addresses, a text that is no postal code, an unknown installation, a basis that does
    /// not go with the place, an error of position that makes no sense. No match, several matches, another province, nothing
    /// to read: these are answers.
    pub fn resolve_place(
        &self,
        place: &Place,
        basis: Option<Basis>,
        uncertainty_m: Option<f64>,
    ) -> Result<Resolution<'a>, QueryError> {
        if let Some(value) = uncertainty_m.filter(|value| !(0.0..=MOST_UNCERTAINTY_M).contains(value)) {
            return Err(QueryError::Uncertainty { value });
        }
        let by_installation = matches!(place, Place::Installation(_));
        if let Some(basis) = basis
            && (basis == Basis::ServicePoint) != by_installation
        {
            return Err(QueryError::Basis { basis });
        }
        let mut resolution = match place {
            Place::Position(position) => self.resolve(*position, uncertainty_m)?,
            Place::Address(text) => self.resolve_address(text, uncertainty_m)?,
            Place::PostalCode(text) => self.resolve_postal_code(text)?,
            Place::Installation(code) => self.resolve_installation(code, uncertainty_m)?,
        };
        resolution.basis = basis.or(by_installation.then_some(Basis::ServicePoint));
        Ok(resolution)
    }

    fn gazetteer(&self) -> Result<GazetteerView<'a>, QueryError> {
        self.atlas.gazetteer().ok_or(QueryError::NoAddresses)
    }

    fn resolve_installation(&self, code: &str, uncertainty_m: Option<f64>) -> Result<Resolution<'a>, QueryError> {
        let wanted = code.trim();
        let unknown = || QueryError::UnknownInstallation { code: wanted.chars().take(40).collect() };
        let all = &self.atlas.manifest().installations;
        let found = all.iter().find(|installation| installation.code == wanted).ok_or_else(unknown)?;
        let position = LonLat::new(found.lon, found.lat).map_err(|_| unknown())?;
        Ok(Resolution {
            installation: Some(InstallationRef { code: &found.code, name: &found.name }),
            ..self.resolve(position, uncertainty_m)?
        })
    }

    fn resolve_postal_code(&self, text: &str) -> Result<Resolution<'a>, QueryError> {
        let gazetteer = self.gazetteer()?;
        let code = PostalCode::parse(text).ok_or(QueryError::PostalCode)?;
        let found = gazetteer.find_postal_code(code);
        let weights = self.weigh_units(&found.units);
        let mut areas: BTreeMap<&str, (u64, Class)> = BTreeMap::new();
        for unit in found.units.iter().filter(|unit| unit.unit != NO_UNIT) {
            let class = self.edition.clsc_of_unit[unit.unit as usize];
            areas.entry(self.area_of(unit.unit)).or_insert((0, class)).0 += u64::from(unit.addresses);
        }
        let counted: u64 = areas.values().map(|&(addresses, _)| addresses).sum();
        let single_area = areas.len() == 1;
        let mut dissemination_areas: Vec<AreaShare<'a>> = areas
            .into_iter()
            .map(|(code, (addresses, class))| AreaShare {
                code,
                share: rounded(addresses as f64 / counted as f64),
                addresses,
                clsc: self.named(Level::Clsc, class),
            })
            .collect();
        dissemination_areas.sort_by(|a, b| b.addresses.cmp(&a.addresses).then_with(|| a.code.cmp(b.code)));
        let ground = match found.basis {
            PostalBasis::Code => PostalGround::Code,
            PostalBasis::Fsa => PostalGround::Fsa,
            PostalBasis::Unknown => PostalGround::Unknown,
            PostalBasis::OtherProvince(_) => PostalGround::OtherProvince,
        };
        let status = match weights.clsc.len() {
            0 => PostalStatus::None,
            1 => PostalStatus::Single,
            _ => PostalStatus::Split,
        };
        let radius = found.position.map(|_| found.uncertainty_m);
        let mut resolution = match ground {
            PostalGround::OtherProvince => self.placeless(Placement::Outside),
            PostalGround::Unknown => self.placeless(Placement::NotFound),
            // The code is in no address of the registry: it may lie anywhere in its area, and beyond what is known of that.
            ground => self.spread(&weights, radius.unwrap_or(0.0), ground == PostalGround::Code),
        };
        resolution.dissemination_area = dissemination_areas.first().filter(|_| single_area).map(|area| area.code);
        resolution.postal_code = Some(Box::new(PostalReport {
            code,
            ground,
            province: code.province(),
            status,
            single_dissemination_area: single_area,
            rural: found.rural,
            addresses: counted,
            position: found.position,
            spread_m: radius,
            dissemination_areas,
        }));
        Ok(resolution)
    }

    fn resolve_address(&self, text: &str, uncertainty_m: Option<f64>) -> Result<Resolution<'a>, QueryError> {
        let gazetteer = self.gazetteer()?;
        let result = gazetteer.find_address(&parse(text));
        let stated = uncertainty_m.unwrap_or(0.0);
        let mut report = MatchReport::nothing(result.outcome, result.remarks.clone());
        report.auto_accepted = result.is_auto_accepted();
        report.tied = result.tied;
        let Some(best) = result.best else {
            let elsewhere = matches!(result.outcome, Outcome::OtherProvince(_) | Outcome::OtherCountry);
            let placement = if elsewhere { Placement::Outside } else { Placement::NotFound };
            return Ok(Resolution { matched: Some(Box::new(report)), ..self.placeless(placement) });
        };
        let alternatives: Vec<(AddressMatch, Weights)> = result
            .alternatives
            .into_iter()
            .map(|found| {
                let weights = self.weigh(&found, stated);
                (found, weights)
            })
            .collect();
        let mut resolution = if result.outcome == Outcome::Ambiguous {
            let mut all = self.weigh(&best, stated);
            let own = all.clone();
            all = Weights { counted: false, ..Weights::default() };
            let mut reach: f64 = 0.0;
            for (found, weights) in alternatives.iter().map(|(found, weights)| (found, weights)).chain([(&best, &own)])
            {
                all.absorb(weights);
                reach = reach.max(distance_m(best.position, found.position) + found.uncertainty_m.max(stated));
            }
            let complete = result.tied == alternatives.len() + 1;
            report.result_score = best.result_score;
            report.faults.clone_from(&best.faults);
            report.alternatives.push(FoundPlace::new(best, self.clsc_names(&own)));
            self.spread(&all, reach, complete)
        } else if is_point(&best) {
            let radius = best.uncertainty_m.max(stated).min(MOST_UNCERTAINTY_M);
            let mut resolution = self.resolve(best.position, Some(radius))?;
            if resolution.lineage.is_some() {
                resolution.territories = Some(self.shares(&self.weigh(&best, stated)));
            }
            report = report.found(best);
            resolution
        } else {
            let weights = self.weigh(&best, stated);
            let mut resolution = self.spread(&weights, best.uncertainty_m, true);
            let mut areas: Vec<&str> =
                best.units.iter().filter(|unit| unit.unit != NO_UNIT).map(|unit| self.area_of(unit.unit)).collect();
            areas.dedup();
            resolution.dissemination_area = areas.first().copied().filter(|_| areas.len() == 1);
            report = report.found(best);
            resolution
        };
        // Limits are looked for up to the most that may be asked about: what may lie farther is not sure, whatever is near.
        let beyond_reach = matches!(report.result_type, Some(kind) if kind != MatchType::Municipality)
            && report.uncertainty_m.is_some_and(|radius| radius > MOST_UNCERTAINTY_M);
        if (beyond_reach || report.faults.iter().any(|fault| NEVER_STABLE.contains(fault)))
            && let Some(certainty) = &mut resolution.certainty
        {
            certainty.stable = false;
            if resolution.placement == Placement::Spread {
                resolution.lineage = None;
            }
        }
        for (found, weights) in alternatives {
            report.alternatives.push(FoundPlace::new(found, self.clsc_names(&weights)));
        }
        resolution.matched = Some(Box::new(report));
        Ok(resolution)
    }

    /// The CLSC that a place of the registry could be.
    fn weigh(&self, found: &AddressMatch, stated_m: f64) -> Weights {
        if found.result_type == MatchType::Street && !is_point(found) {
            return self.weigh_street(found);
        }
        if !is_point(found) {
            return self.weigh_units(&found.units);
        }
        let radius = found.uncertainty_m.max(stated_m).min(MOST_UNCERTAINTY_M);
        let mut weights = Weights::default();
        let Ok(resolution) = self.resolve(found.position, Some(radius)) else { return weights };
        let Some(certainty) = resolution.certainty else {
            weights.outside = true;
            return weights;
        };
        weights.outside = certainty.outside;
        let class_of = |named: &Named<'_>| self.edition.hierarchy.find(Level::Clsc, named.code).map(|at| at as Class);
        let classes: Vec<Class> = certainty.clsc.iter().filter_map(class_of).collect();
        if let [only] = classes[..] {
            weights.clsc.insert(only, (1.0, 0));
            return weights;
        }
        // Each of them is possible, however small its part of the disc.
        for &class in &classes {
            weights.clsc.insert(class, (0.5 / f64::from(DISC_POINTS), 0));
        }
        let Some(middle) = FixedPoint::from_lon_lat(found.position) else { return weights };
        let scale = LocalPlane::around(middle).scale();
        for point in 0..DISC_POINTS {
            let out = radius * ((f64::from(point) + 0.5) / f64::from(DISC_POINTS)).sqrt();
            let angle = f64::from(point) * GOLDEN_ANGLE;
            let x = f64::from(middle.x) + out * angle.cos() / scale.east_m;
            let y = f64::from(middle.y) + out * angle.sin() / scale.north_m;
            let side = self.index.locate(FixedPoint { x: x as u32, y: y as u32 });
            if side > 0
                && let Some(weight) = weights.clsc.get_mut(&self.edition.clsc_of_unit[side as usize - 1])
            {
                weight.0 += 1.0 / f64::from(DISC_POINTS);
            }
        }
        weights
    }

    fn weigh_units(&self, units: &[UnitCount]) -> Weights {
        let mut weights = Weights { counted: true, ..Weights::default() };
        for unit in units {
            if unit.unit == NO_UNIT {
                weights.outside = true;
                continue;
            }
            let weight = weights.clsc.entry(self.edition.clsc_of_unit[unit.unit as usize]).or_default();
            weight.0 += f64::from(unit.addresses);
            weight.1 += u64::from(unit.addresses);
        }
        weights
    }

    /// The CLSC of a street's addresses, and, with little weight, those that it may reach where no address is known.
    fn weigh_street(&self, found: &AddressMatch) -> Weights {
        let mut weights = self.weigh_units(&found.units);
        let radius = found.uncertainty_m.min(MOST_UNCERTAINTY_M);
        let Some(certainty) = self.resolve(found.position, Some(radius)).ok().and_then(|there| there.certainty) else {
            return weights;
        };
        let little = weights.total() * LITTLE;
        for named in certainty.clsc {
            if let Some(class) = self.edition.hierarchy.find(Level::Clsc, named.code) {
                weights.clsc.entry(class as Class).or_insert((little, 0));
            }
        }
        weights
    }

    fn area_of(&self, unit: u32) -> &'a str {
        self.atlas.manifest().unit_kind.dissemination_area(self.atlas.unit_id(unit as usize))
    }

    fn clsc_names(&self, weights: &Weights) -> Vec<Named<'a>> {
        weights.clsc.keys().map(|&class| self.named(Level::Clsc, class)).collect()
    }

    /// Shares of CLSC, largest first, then by code.
    fn shares(&self, weights: &Weights) -> Vec<TerritoryShare<'a>> {
        let total = weights.total();
        let mut list: Vec<(f64, Class, u64)> =
            weights.clsc.iter().map(|(&class, &(weight, addresses))| (weight / total, class, addresses)).collect();
        list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        list.into_iter()
            .map(|(share, class, addresses)| TerritoryShare {
                share: rounded(share),
                addresses: weights.counted.then_some(addresses),
                lineage: self.lineage(class),
            })
            .collect()
    }

    /// The answer for a place that is no point: its CLSC where there is only one, all of them with their shares in any case.
    fn spread(&self, weights: &Weights, radius_m: f64, complete: bool) -> Resolution<'a> {
        let territories = self.shares(weights);
        let stable = complete && territories.len() == 1;
        Resolution {
            lineage: territories.first().filter(|_| stable).map(|only| only.lineage),
            certainty: Some(Certainty {
                uncertainty_m: millimetres(radius_m),
                stable,
                clsc: territories.iter().map(|share| share.lineage.clsc).collect(),
                outside: weights.outside,
            }),
            territories: Some(territories),
            ..self.placeless(if weights.clsc.is_empty() { Placement::Outside } else { Placement::Spread })
        }
    }

    fn placeless(&self, placement: Placement) -> Resolution<'a> {
        Resolution { placement, ..self.outside(None) }
    }
}

/// Whether it is a point with an uncertainty; a corner is one, a street is none.
fn is_point(found: &AddressMatch) -> bool {
    matches!(found.result_type, MatchType::Civic | MatchType::Interpolated) || found.faults.contains(&Fault::Corner)
}

fn distance_m(a: LonLat, b: LonLat) -> f64 {
    match (FixedPoint::from_lon_lat(a), FixedPoint::from_lon_lat(b)) {
        (Some(a), Some(b)) => crate::geometry::ellipsoid::distance_m(a, b),
        _ => f64::INFINITY,
    }
}

/// A share to the millionth.
fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
