//! From a position and an edition to a resolution.

use super::DraftEdition;
use super::QueryError;
use super::answer::{Certainty, Lineage, Named, Placement, Resolution};
use super::place::{Basis, Place};
use crate::atlas::{Atlas, EditionView};
use crate::domain::{EditionChoice, EditionError, Level, LonLat, UnitKind, Validity};
use crate::geometry::surroundings::beyond;
use crate::geometry::{FixedPoint, Side};
use crate::lookup::{Border, Class, LimitsView, OUTSIDE, PointIndexView};

/// Largest error of position that can be asked about, metres.
pub const MOST_UNCERTAINTY_M: f64 = 100_000.0;

/// A question about a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The place.
    pub place: Place,
    /// On what ground a person is attached there, where that is stated.
    pub basis: Option<Basis>,
    /// The edition asked for.
    pub edition: EditionChoice,
    /// The stated error of position in metres, if any.
    pub uncertainty_m: Option<f64>,
}

/// Answers questions on one edition of an atlas.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    pub(super) atlas: &'a Atlas,
    pub(super) edition: EditionView<'a>,
    pub(super) index: PointIndexView<'a>,
    limits: LimitsView<'a>,
}

impl<'a> Resolver<'a> {
    /// A resolver for the edition that a choice means.
    ///
    /// # Errors
    /// [`EditionError`].
    pub fn new(atlas: &'a Atlas, choice: &EditionChoice) -> Result<Self, EditionError> {
        Ok(Self::of_edition(atlas, atlas.choose(choice)?))
    }

    /// A resolver for an edition of an atlas.
    #[must_use]
    pub fn of_edition(atlas: &'a Atlas, edition: EditionView<'a>) -> Self {
        Self { atlas, edition, index: atlas.index(), limits: atlas.limits(edition.number) }
    }

    /// A resolver for an edition that is in no atlas; `atlas` is the one it was made on.
    #[must_use]
    pub fn of_draft(atlas: &'a Atlas, draft: &'a DraftEdition) -> Self {
        let index = atlas.index();
        Self { atlas, edition: draft.view(), index, limits: draft.limits(atlas) }
    }

    /// The same, which says of its edition that it holds so long.
    #[must_use]
    pub fn with_validity(mut self, validity: Validity) -> Self {
        self.edition.validity = validity;
        self
    }

    /// The edition that answers.
    #[must_use]
    pub fn edition(&self) -> EditionView<'a> {
        self.edition
    }

    /// Answers one question of an atlas.
    ///
    /// # Errors
    /// [`QueryError`]; being outside, near a limit or doubtful is an answer, not an error.
    pub fn answer(atlas: &'a Atlas, query: &Query) -> Result<Resolution<'a>, QueryError> {
        Self::new(atlas, &query.edition)?.resolve_place(&query.place, query.basis, query.uncertainty_m)
    }

    /// Answers for a position, with the error of position in metres if one is stated.
    ///
    /// # Errors
    /// [`QueryError::Uncertainty`] for an error that is negative, not finite or above [`MOST_UNCERTAINTY_M`].
    pub fn resolve(&self, position: LonLat, uncertainty_m: Option<f64>) -> Result<Resolution<'a>, QueryError> {
        if let Some(value) = uncertainty_m.filter(|value| !(0.0..=MOST_UNCERTAINTY_M).contains(value)) {
            return Err(QueryError::Uncertainty { value });
        }
        let Some(p) = FixedPoint::from_lon_lat(position) else {
            return Ok(self.outside(None));
        };
        let side = self.index.locate(p);
        if side == 0 {
            return Ok(self.off_coverage(p, uncertainty_m));
        }
        let class = self.class(side);
        let border = self.border(p, class);
        let (border_m, runner_up) = border.map_or((None, None), |border| self.limit(class, border));
        Ok(Resolution {
            border_m,
            runner_up,
            certainty: uncertainty_m.map(|radius| self.certainty(p, side, class, border, radius)),
            ..self.placed(Placement::Inside, side, class)
        })
    }

    /// The limits of that edition.
    #[must_use]
    pub fn limits(&self) -> &LimitsView<'a> {
        &self.limits
    }

    /// The unit (plus one) of a position in the coverage, or 0: what [`Self::resolve`] starts from.
    #[must_use]
    #[inline]
    pub fn locate(&self, p: FixedPoint) -> Side {
        self.index.locate(p)
    }

    /// Whether every position within `radius_m` of a position in the coverage has the same CLSC.
    ///
    /// `side` is what [`Self::locate`] gave for it. Most positions are settled by how far their unit is from any limit; only
    /// the others cost a search.
    #[must_use]
    #[inline]
    pub fn is_stable(&self, p: FixedPoint, side: Side, radius_m: f64) -> bool {
        side > 0 && (self.limits.clearance_m(p, side as usize - 1) > radius_m || self.is_stable_near(p, side, radius_m))
    }

    fn is_stable_near(&self, p: FixedPoint, side: Side, radius_m: f64) -> bool {
        if !self.limits.any_within(p, radius_m) {
            return true;
        }
        let own = self.class(side);
        let (near, outside) = self.candidates(p, own, radius_m);
        near.len() == 1 && (!outside || self.is_stable_beyond(p, own, radius_m))
    }

    /// The nearest limit of the CLSC that a position lies in.
    ///
    /// The way to the nearest limit of any CLSC stays in the position's own, so that limit is one of its own too, unless
    /// several are as near (at a vertex). Asking for any is some 40 times faster than asking for its own alone.
    fn border(&self, p: FixedPoint, own: Class) -> Option<Border> {
        self.own_border(p, own, self.limits.nearest(p))
    }

    /// The nearest limit of a CLSC, given the nearest of any.
    #[inline]
    fn own_border(&self, p: FixedPoint, own: Class, nearest: Option<Border>) -> Option<Border> {
        let is_own = |classes: [Class; 2]| classes.contains(&own);
        nearest
            .filter(|border| is_own(border.classes))
            .or_else(|| self.limits.nearest_where(p, |limit| is_own(limit.classes)))
    }

    /// Of many positions in the coverage, `border_m` and `runner_up` as [`Self::resolve`] gives them, and nothing else: calls
    /// `take` with the place of each, in order.
    ///
    /// `sides` are what [`Self::locate`] gave for them.
    pub fn nearest_limits(
        &self,
        points: &[FixedPoint],
        sides: &[Side],
        mut take: impl FnMut(usize, Option<f64>, Option<Named<'a>>),
    ) {
        self.limits.nearest_all(points, |place, nearest| {
            let class = self.class(sides[place]);
            let border = self.own_border(points[place], class, nearest);
            let (border_m, beyond) = border.map_or((None, None), |border| self.limit(class, border));
            take(place, border_m, beyond);
        });
    }

    fn limit(&self, own: Class, border: Border) -> (Option<f64>, Option<Named<'a>>) {
        let beyond = border.beyond(own).map(|beyond| self.named(Level::Clsc, beyond));
        (Some(millimetres(border.distance_m)), beyond)
    }

    fn class(&self, side: Side) -> Class {
        self.edition.clsc_of_unit[side as usize - 1]
    }

    /// Every CLSC with some place within `radius_m`, `own` first, and whether the outside is that near.
    fn candidates(&self, p: FixedPoint, own: Class, radius_m: f64) -> (Vec<Class>, bool) {
        let mut near = self.limits.classes_within(p, radius_m);
        let outside = near.contains(&OUTSIDE);
        near.retain(|&class| class != OUTSIDE && class != own);
        near.insert(0, own);
        (near, outside)
    }

    /// Whether every position within `radius_m` is answered with `own`, where the outside is that near: a position outside goes
    /// to the nearest unit, which lies no farther from it than `own` does, so within twice the radius of `p`.
    fn is_stable_beyond(&self, p: FixedPoint, own: Class, radius_m: f64) -> bool {
        self.limits.classes_within(p, 2.0 * radius_m).iter().all(|&class| class == OUTSIDE || class == own)
    }

    fn certainty(&self, p: FixedPoint, side: Side, own: Class, border: Option<Border>, radius_m: f64) -> Certainty<'a> {
        let clear = self.limits.clearance_m(p, side as usize - 1) > radius_m
            || border.is_none_or(|border| border.distance_m > radius_m);
        let (classes, outside) = if clear { (vec![own], false) } else { self.candidates(p, own, radius_m) };
        Certainty {
            uncertainty_m: radius_m,
            stable: classes.len() == 1 && (!outside || self.is_stable_beyond(p, own, radius_m)),
            clsc: classes.into_iter().map(|class| self.named(Level::Clsc, class)).collect(),
            outside,
        }
    }

    fn off_coverage(&self, p: FixedPoint, uncertainty_m: Option<f64>) -> Resolution<'a> {
        let Some(nearby) = self.limits.nearest_coverage(p, f64::INFINITY) else {
            return self.outside(None);
        };
        if nearby.distance_m > self.atlas.manifest().nearest_m {
            return self.outside(Some(millimetres(nearby.distance_m)));
        }
        let class = self.class(nearby.side);
        let other = self.limits.nearest_where(p, |limit| limit.classes.iter().any(|&c| c != class && c != OUTSIDE));
        let runner_up = other
            .and_then(|border| border.classes.into_iter().find(|&c| c != class && c != OUTSIDE))
            .map(|beyond| self.named(Level::Clsc, beyond));
        let certainty = uncertainty_m.map(|radius| {
            let (near, _) = self.candidates(p, class, radius);
            // The nearest territory stays the nearest for every position within the error unless another one is at most twice
            // the error farther.
            let others = self.limits.classes_within(p, nearby.distance_m + 2.0 * radius);
            let alone = others.iter().all(|&other| other == OUTSIDE || other == class);
            Certainty {
                uncertainty_m: radius,
                stable: alone && nearby.distance_m + radius <= self.atlas.manifest().nearest_m,
                clsc: near.into_iter().map(|class| self.named(Level::Clsc, class)).collect(),
                outside: true,
            }
        });
        Resolution {
            border_m: Some(millimetres(nearby.distance_m)),
            runner_up,
            distance_m: Some(millimetres(nearby.distance_m)),
            beyond: Some(beyond(p.lon(), p.lat())),
            certainty,
            ..self.placed(Placement::Nearest, nearby.side, class)
        }
    }

    fn placed(&self, placement: Placement, side: Side, class: Class) -> Resolution<'a> {
        let id = self.atlas.unit_id(side as usize - 1);
        let kind = self.atlas.manifest().unit_kind;
        Resolution {
            edition: self.edition.dated(),
            placement,
            dissemination_area: Some(kind.dissemination_area(id)),
            unit: (kind != UnitKind::DisseminationArea).then_some(id),
            lineage: Some(self.lineage(class)),
            border_m: None,
            runner_up: None,
            distance_m: None,
            beyond: None,
            certainty: None,
            territories: None,
            basis: None,
            matched: None,
            postal_code: None,
            installation: None,
        }
    }

    pub(super) fn outside(&self, distance_m: Option<f64>) -> Resolution<'a> {
        Resolution {
            edition: self.edition.dated(),
            placement: Placement::Outside,
            dissemination_area: None,
            unit: None,
            lineage: None,
            border_m: None,
            runner_up: None,
            distance_m,
            beyond: None,
            certainty: None,
            territories: None,
            basis: None,
            matched: None,
            postal_code: None,
            installation: None,
        }
    }

    /// A CLSC, by its place in the list, and all above it.
    #[must_use]
    pub fn lineage(&self, clsc: Class) -> Lineage<'a> {
        let at = |level: Level| {
            let place = self.edition.hierarchy.parent(usize::from(clsc), level);
            self.named(level, place as Class)
        };
        Lineage {
            clsc: at(Level::Clsc),
            rls: at(Level::Rls),
            rts: at(Level::Rts),
            rss: at(Level::Rss),
            ruisss: at(Level::Ruisss),
        }
    }

    pub(super) fn named(&self, level: Level, place: Class) -> Named<'a> {
        let territory = &self.edition.hierarchy.territories(level)[usize::from(place)];
        Named { code: territory.code.as_str(), name: &territory.name }
    }
}

/// Rounded to the millimetre, which is what the grid can tell apart.
fn millimetres(metres: f64) -> f64 {
    (metres * 1000.0).round() / 1000.0
}
