//! The limits between territories of one edition: how far the nearest one is, and what lies beyond.

use std::ops::Range;

use rayon::prelude::*;
use smallvec::SmallVec;

use super::coarse::{COARSE_SHIFT, CoarseEdge};
use super::near_cells::{NearCells, NearCellsView};
use super::point_index::PointIndexView;
use super::root_grid::RootGrid;
use super::ruler::{Ruler, SAG, flat_offset, reach_m, shrink};
use crate::geometry::ellipsoid::{LocalPlane, LocalScale, distance_m};
use crate::geometry::{CoverageView, FixedBox, FixedPoint, Node, PackedTree, PackedTreeView, Side};

/// A territory's place in its list; [`OUTSIDE`] for what belongs to none.
pub type Class = u16;
/// The class of the outside.
pub const OUTSIDE: Class = Class::MAX;

/// Below this distance the local plane is good to a fifth of a millimetre, and no geodesic is needed.
const PLANE_M: f64 = 15_000.0;
/// Metres in a step of the clearance of a cell.
pub const CELL_STEP_M: f64 = 50.0;

/// A coarse edge that separates two territories.
#[derive(Debug, Clone, Copy, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct LimitEdge {
    /// Its ends in coarse coordinates, x first.
    ends: [[u32; 2]; 2],
    /// Metres that anything on the exact edges behind it is at most away from it, and the other way round.
    pub reach_m: f32,
    /// Its number among the coarse edges.
    pub coarse: u32,
    /// Territories left and right of it.
    pub classes: [Class; 2],
}

impl LimitEdge {
    /// Its ends in grid units, x first.
    #[inline]
    pub(super) fn fixed_ends(&self) -> [[u32; 2]; 2] {
        self.ends.map(|end| end.map(|c| c << COARSE_SHIFT))
    }

    /// Metres that the exact edges behind it are at most away from it, whether it is taken as straight in degrees or in a plane.
    pub(super) fn slack_m(&self) -> f64 {
        let [a, b] = self.fixed_ends();
        let scale = LocalScale::at(FixedPoint { x: a[0], y: a[1] }.lat());
        let [dx, dy] = flat_offset(FixedPoint { x: a[0], y: a[1] }, scale, b);
        f64::from(self.reach_m) + 2.0 * SAG * (dx * dx + dy * dy)
    }
}

/// The limits of one edition, owned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The edges, in the order of the tree.
    pub edges: Vec<LimitEdge>,
    /// The nodes of a tree over their exact edges.
    pub nodes: Vec<Node>,
    /// For each unit, metres that any point of it is at least away from every limit; rounded down.
    pub unit_clearance: Vec<u16>,
    /// The same for each root cell of the point index, in steps of `CELL_STEP_M` (50 m).
    pub cell_clearance: Vec<u8>,
    /// The edges that may be nearest, by place.
    pub near: NearCells,
}

/// Places of edges with a lower bound of their distance in metres.
type Candidates = SmallVec<[(f64, u32); 24]>;

/// The limits of one edition over borrowed arrays, with the arcs that they are of.
#[derive(Debug, Clone, Copy)]
pub struct LimitsView<'a> {
    edges: &'a [LimitEdge],
    tree: PackedTreeView<'a>,
    unit_clearance: &'a [u16],
    cell_clearance: &'a [u8],
    near: NearCellsView<'a>,
    grid: RootGrid,
    coarse: &'a [CoarseEdge],
    coverage: CoverageView<'a>,
}

/// The nearest limit to a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Border {
    /// Metres on the ellipsoid, along the geodesic.
    pub distance_m: f64,
    /// The position on the limit that is nearest.
    pub at: FixedPoint,
    /// Territories left and right of it.
    pub classes: [Class; 2],
    /// Units (plus one) left and right of it, 0 for the outside.
    pub sides: [Side; 2],
}

impl Border {
    /// The territory beyond the limit, seen from one of its two.
    #[must_use]
    pub fn beyond(&self, own: Class) -> Option<Class> {
        let other = if self.classes[0] == own { self.classes[1] } else { self.classes[0] };
        (other != OUTSIDE).then_some(other)
    }
}

/// The part of the coverage that is nearest to a point outside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearbyCoverage {
    /// Metres on the ellipsoid.
    pub distance_m: f64,
    /// The unit (plus one).
    pub side: Side,
}

impl Limits {
    /// Finds the limits of an edition. `class` tells the territory of a unit.
    ///
    /// O(n log n) in the number of coarse edges.
    #[must_use]
    pub fn build(index: PointIndexView<'_>, coverage: CoverageView<'_>, class: impl Fn(usize) -> Class + Sync) -> Self {
        let mut limits = Self::without_clearance(index.coarse(), coverage, &class);
        limits.unit_clearance = limits.measure_units(index, coverage);
        limits.cell_clearance = limits.measure_cells(index, coverage);
        limits.near = limits.list_near(index, coverage);
        limits
    }

    /// The same, without the clearances: quicker to build, slower to ask whether an answer is stable.
    #[must_use]
    pub fn without_clearance(
        coarse: &[CoarseEdge],
        coverage: CoverageView<'_>,
        class: &impl Fn(usize) -> Class,
    ) -> Self {
        let class_of = |side: Side| if side == 0 { OUTSIDE } else { class(side as usize - 1) };
        let mut edges = Vec::new();
        let mut boxes = Vec::new();
        for (number, edge) in (0_u32..).zip(coarse) {
            let classes = coverage.sides[edge.arc as usize].map(class_of);
            if classes[0] != classes[1] {
                let ends = edge.ends(coverage.vertices).map(|end| end.map(|c| c as u32));
                let run = edge.run(coverage.vertices);
                let mut limit = LimitEdge { ends, reach_m: 0.0, coarse: number, classes };
                limit.reach_m = reach_m(&limit, run);
                edges.push(limit);
                boxes.push(FixedBox::around(run));
            }
        }
        let PackedTree { nodes, items } = PackedTree::new(&boxes);
        let edges = items.into_iter().map(|item| edges[item as usize]).collect();
        Self { edges, nodes, ..Self::default() }
    }

    fn measure_units(&self, index: PointIndexView<'_>, coverage: CoverageView<'_>) -> Vec<u16> {
        let units = coverage.sides.iter().flatten().copied().max().unwrap_or(0) as usize;
        // A unit that touches a limit has no clearance, and needs no search.
        let mut clearance = vec![u16::MAX; units];
        for edge in &self.edges {
            for side in coverage.sides[index.coarse()[edge.coarse as usize].arc as usize] {
                if side > 0 {
                    clearance[side as usize - 1] = 0;
                }
            }
        }
        let view = self.view(index, coverage);
        let clear = |side: Side| side == 0 || clearance[side as usize - 1] == 0;
        let by_arc: Vec<(usize, u16)> = (0..coverage.arc_count())
            .into_par_iter()
            .with_min_len(64)
            .filter(|&arc| !coverage.sides[arc].into_iter().all(clear))
            .map(|arc| {
                let vertices = coverage.arc(arc);
                let middle = vertices[vertices.len() / 2];
                let plane = LocalPlane::around(middle);
                let far2 = |&v: &FixedPoint| {
                    let [x, y] = plane.offset(v);
                    x * x + y * y
                };
                let reach = vertices.iter().map(far2).fold(0.0, f64::max).sqrt() * 1.001;
                let most = f64::from(u16::MAX) + reach;
                let free = view.nearest_bound(middle, most).unwrap_or(f64::INFINITY) - reach - 0.01;
                (arc, free.clamp(0.0, f64::from(u16::MAX)) as u16)
            })
            .collect();
        for (arc, free) in by_arc {
            for side in coverage.sides[arc] {
                if side > 0 {
                    let slot = &mut clearance[side as usize - 1];
                    *slot = free.min(*slot);
                }
            }
        }
        clearance
    }

    fn measure_cells(&self, index: PointIndexView<'_>, coverage: CoverageView<'_>) -> Vec<u8> {
        // Blocks of cells that are far from every limit need one search for all of them.
        const BLOCK: u32 = 8;
        let view = self.view(index, coverage);
        let grid = index.grid();
        let mut crossed = vec![false; grid.cell_count()];
        for edge in &self.edges {
            for [x, y] in edge.ends {
                let end = FixedPoint { x: x << COARSE_SHIFT, y: y << COARSE_SHIFT };
                if let Some(cell) = grid.cell_of(end) {
                    crossed[cell] = true;
                }
            }
        }
        let clearance = |columns: Range<u32>, rows: Range<u32>| {
            let (middle, corners) = grid.block(columns, rows);
            let plane = LocalPlane::around(middle);
            let reach = corners.iter().map(|&corner| {
                let [x, y] = plane.offset(corner);
                x.hypot(y)
            });
            let reach = reach.fold(0.0, f64::max) * 1.001;
            // Above the most that a byte can say, how far does not matter.
            let most = reach + CELL_STEP_M * 256.0;
            let distance = view.nearest_bound(middle, most).unwrap_or(f64::INFINITY);
            ((distance - reach - 0.01) / CELL_STEP_M).clamp(0.0, 255.0) as u8
        };
        let (columns, rows) = grid.size();
        let by_block: Vec<Vec<(usize, u8)>> = (0..rows.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let rows = block * BLOCK..((block + 1) * BLOCK).min(rows);
                let mut known = Vec::with_capacity((columns * BLOCK) as usize);
                for first in (0..columns).step_by(BLOCK as usize) {
                    let block = first..(first + BLOCK).min(columns);
                    let all = clearance(block.clone(), rows.clone());
                    for row in rows.clone() {
                        for column in block.clone() {
                            let cell = (row * columns + column) as usize;
                            let own = match (all, crossed[cell]) {
                                (u8::MAX, _) => all,
                                (_, true) => 0,
                                _ => clearance(column..column + 1, row..row + 1),
                            };
                            known.push((cell, own));
                        }
                    }
                }
                known
            })
            .collect();
        let mut cells = vec![0; grid.cell_count()];
        for (cell, clear) in by_block.into_iter().flatten() {
            cells[cell] = clear;
        }
        cells
    }

    fn list_near(&self, index: PointIndexView<'_>, coverage: CoverageView<'_>) -> NearCells {
        let view = self.view(index, coverage);
        NearCells::build(
            index.grid(),
            &self.edges,
            |root| !index.is_outside(root),
            |middle, radius_m, most_m| view.may_be_nearest(middle, radius_m, most_m),
        )
    }

    /// The limits as a view.
    #[must_use]
    pub fn view<'a>(&'a self, index: PointIndexView<'a>, coverage: CoverageView<'a>) -> LimitsView<'a> {
        LimitsView {
            edges: &self.edges,
            tree: PackedTreeView::new(&self.nodes, self.edges.len()).expect("the nodes were made for these edges"),
            unit_clearance: &self.unit_clearance,
            cell_clearance: &self.cell_clearance,
            near: self.near.view(),
            grid: index.grid(),
            coarse: index.coarse(),
            coverage,
        }
    }
}

/// Reads words that will be asked for soon, all at once: so they are in the cache together.
pub(super) fn touch(words: impl Iterator<Item = u32>) {
    std::hint::black_box(words.fold(0, |all, word| all ^ word));
}

impl<'a> LimitsView<'a> {
    /// A view over arrays that a [`Limits`] was made of; `None` where they do not fit together.
    #[must_use]
    pub fn new(
        edges: &'a [LimitEdge],
        nodes: &'a [Node],
        unit_clearance: &'a [u16],
        cell_clearance: &'a [u8],
        near: NearCellsView<'a>,
        index: PointIndexView<'a>,
        coverage: CoverageView<'a>,
    ) -> Option<Self> {
        let tree = PackedTreeView::new(nodes, edges.len())?;
        let (grid, coarse) = (index.grid(), index.coarse());
        Some(Self { edges, tree, unit_clearance, cell_clearance, near, grid, coarse, coverage })
    }

    /// The edges, in the order of the tree.
    #[must_use]
    pub fn edges(&self) -> &'a [LimitEdge] {
        self.edges
    }

    /// How many coarse edges the coverage has.
    pub(super) fn coarse_count(&self) -> usize {
        self.coarse.len()
    }

    /// How many root cells there are.
    pub(super) fn roots(&self) -> usize {
        self.grid.cell_count()
    }

    /// The edges that may be nearest, by place.
    pub(super) fn near(&self) -> NearCellsView<'a> {
        self.near
    }

    /// Metres that a point of a unit is at least away from every limit, as far as tables tell without a search.
    #[must_use]
    #[inline]
    pub fn clearance_m(&self, p: FixedPoint, unit: usize) -> f64 {
        let of_unit = self.unit_clearance.get(unit).map_or(0.0, |&metres| f64::from(metres));
        let of_cell = || {
            let steps = self.grid.cell_of(p).and_then(|cell| self.cell_clearance.get(cell));
            steps.map_or(0.0, |&steps| f64::from(steps) * CELL_STEP_M)
        };
        if of_unit > 0.0 { of_unit } else { of_cell() }
    }

    /// The nearest limit; `None` where there is none at all.
    ///
    /// Exact on the ellipsoid: to a fifth of a millimetre below 15 km, along the geodesic beyond. Where several are as
    /// near, the one that comes first along the arcs.
    #[must_use]
    pub fn nearest(&self, p: FixedPoint) -> Option<Border> {
        let Some(list) = self.near.list(self.grid, p) else { return self.nearest_where(p, |_| true) };
        let ruler = Ruler::at(p);
        let mut candidates = Candidates::new();
        if self.listed_candidates(&ruler, list, &mut candidates) {
            self.nearest_of(p, &ruler, &mut candidates)
        } else {
            self.nearest_where(p, |_| true)
        }
    }

    /// Edges of a list that may be the nearest; `false` where the list can not tell.
    #[inline]
    fn listed_candidates(&self, ruler: &Ruler, list: &[u32], candidates: &mut Candidates) -> bool {
        candidates.clear();
        let known = ruler.coarse_list(self.edges, list, |low, place| candidates.push((f64::from(low), place)));
        let Some(least_high) = known else { return false };
        candidates.retain(|&mut (low, _)| low <= f64::from(least_high));
        true
    }

    /// [`Self::nearest`] for many positions: calls `take` with the place of each and its answer, in order.
    ///
    /// Positions are taken in groups so that the memory reads of one overlap those of the others.
    pub fn nearest_all(&self, points: &[FixedPoint], mut take: impl FnMut(usize, Option<Border>)) {
        const GROUP: usize = 32;
        let mut found: [Candidates; GROUP] = std::array::from_fn(|_| Candidates::new());
        for (group, points) in points.chunks(GROUP).enumerate() {
            let lists = self.near.lists_of::<GROUP>(self.grid, points);
            let edges = lists.iter().flat_map(|list| list.unwrap_or_default());
            touch(edges.map(|&place| self.edges[place as usize].coarse));
            let rulers: SmallVec<[Option<Ruler>; GROUP]> = points
                .iter()
                .zip(&lists)
                .zip(&mut found)
                .map(|((&p, list), candidates)| {
                    let ruler = Ruler::at(p);
                    self.listed_candidates(&ruler, (*list)?, candidates).then_some(ruler)
                })
                .collect();
            let runs = |place: u32| self.coarse[self.edges[place as usize].coarse as usize];
            let near = || found[..points.len()].iter().flatten();
            touch(near().map(|&(_, place)| runs(place).first));
            touch(near().map(|&(_, place)| self.coverage.vertices[runs(place).first as usize].x));
            for (place, ((&p, ruler), candidates)) in points.iter().zip(&rulers).zip(&mut found).enumerate() {
                let border = match ruler {
                    Some(ruler) => self.nearest_of(p, ruler, candidates),
                    None => self.nearest_where(p, |_| true),
                };
                take(group * GROUP + place, border);
            }
        }
    }

    /// The nearest limit among those that pass a test.
    ///
    /// First the coarse edges that may be nearest, then the exact edges behind these few.
    #[must_use]
    pub fn nearest_where(&self, p: FixedPoint, wanted: impl Fn(&LimitEdge) -> bool) -> Option<Border> {
        let ruler = Ruler::at(p);
        let mut candidates = Candidates::new();
        self.coarse_candidates(p, &ruler, f64::INFINITY, wanted, &mut candidates);
        self.nearest_of(p, &ruler, &mut candidates)
    }

    /// The nearest of the exact edges behind some coarse ones, each with a lower bound of its distance.
    #[inline]
    fn nearest_of(&self, p: FixedPoint, ruler: &Ruler, candidates: &mut Candidates) -> Option<Border> {
        candidates.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut best: Option<(f64, LimitEdge, FixedPoint)> = None;
        for &(low, place) in candidates.iter() {
            if best.is_some_and(|(distance, ..)| low > distance) {
                break;
            }
            let edge = &self.edges[place as usize];
            let (at, distance) =
                ruler.nearest_in_run(self.coarse[edge.coarse as usize].run(self.coverage.vertices), low);
            if best.is_none_or(|(far, other, _)| (distance, edge.coarse) < (far, other.coarse)) {
                best = Some((distance, *edge, at));
            }
        }
        best.map(|(distance, edge, at)| {
            let distance_m = if distance > PLANE_M { distance_m(p, at) } else { distance };
            let sides = self.coverage.sides[self.coarse[edge.coarse as usize].arc as usize];
            Border { distance_m, at, classes: edge.classes, sides }
        })
    }

    /// The edges that may be the nearest one to a point within `radius_m` of a position; `None` where the nearest to the
    /// position itself is farther than `most_m`.
    fn may_be_nearest(&self, p: FixedPoint, radius_m: f64, most_m: f64) -> Option<Vec<u32>> {
        let nearest_m = self.nearest_bound(p, most_m).filter(|&low| low <= most_m)?;
        // Both bounds of an edge are well within this of one another.
        let farthest_m = nearest_m + 2.0 * radius_m + 100.0;
        let mut found = Vec::new();
        self.visit_near(p, &Ruler::at(p), farthest_m, |place, _| {
            found.push(place as u32);
            true
        });
        found.sort_unstable();
        Some(found)
    }

    /// Metres that every limit is at least away, where one is within about `most_m`.
    fn nearest_bound(&self, p: FixedPoint, most_m: f64) -> Option<f64> {
        let mut candidates = Candidates::new();
        self.coarse_candidates(p, &Ruler::at(p), most_m, |_| true, &mut candidates);
        candidates.into_iter().map(|(low, _)| low).min_by(f64::total_cmp)
    }

    /// Edges that may be the nearest one, each with a lower bound of its distance in metres.
    #[inline]
    fn coarse_candidates(
        &self,
        p: FixedPoint,
        ruler: &Ruler,
        most_m: f64,
        wanted: impl Fn(&LimitEdge) -> bool,
        candidates: &mut Candidates,
    ) {
        let mut least_high = most_m;
        self.tree.nearest(
            p,
            |east, north| ruler.gap_bound2(east, north),
            |place| {
                let edge = &self.edges[place];
                if wanted(edge) {
                    let [low, high] = ruler.coarse_m(edge);
                    if low <= least_high {
                        candidates.push((low, place as u32));
                        least_high = least_high.min(high);
                    }
                }
                (least_high * least_high) as f32
            },
        );
        candidates.retain(|&mut (low, _)| low <= least_high);
    }

    /// The unit that is nearest to a point outside the coverage, where it is within `most_m`.
    #[must_use]
    pub fn nearest_coverage(&self, p: FixedPoint, most_m: f64) -> Option<NearbyCoverage> {
        let border = self.nearest_where(p, |limit| limit.classes.contains(&OUTSIDE))?;
        let [left, right] = border.sides;
        let side = if left == 0 { right } else { left };
        (border.distance_m <= most_m).then_some(NearbyCoverage { distance_m: border.distance_m, side })
    }

    /// Every territory (the outside included) with a limit within `radius_m` of a point, in order, without repeats.
    ///
    /// The territory of the point itself is only among them where one of its limits is that near.
    #[must_use]
    pub fn classes_within(&self, p: FixedPoint, radius_m: f64) -> Vec<Class> {
        let mut found: Vec<Class> = Vec::new();
        self.visit_within(p, radius_m, |limit| {
            for class in limit.classes {
                if let Err(place) = found.binary_search(&class) {
                    found.insert(place, class);
                }
            }
            true
        });
        found
    }

    /// Whether any limit is within `radius_m` of a point.
    #[must_use]
    pub fn any_within(&self, p: FixedPoint, radius_m: f64) -> bool {
        let mut any = false;
        self.visit_within(p, radius_m, |_| {
            any = true;
            false
        });
        any
    }

    fn visit_within(&self, p: FixedPoint, radius_m: f64, mut visit: impl FnMut(&LimitEdge) -> bool) {
        let ruler = Ruler::at(p);
        self.visit_near(p, &ruler, radius_m, |place, [low, high]| {
            let edge = &self.edges[place];
            let within = high <= radius_m || {
                let run = self.coarse[edge.coarse as usize].run(self.coverage.vertices);
                ruler.nearest_in_run(run, low).1 <= radius_m
            };
            !within || visit(edge)
        });
    }

    /// Calls `visit` with the edges that may be within `radius_m`, and the bounds of their distance; stops where it says
    /// `false`.
    #[inline]
    fn visit_near(&self, p: FixedPoint, ruler: &Ruler, radius_m: f64, mut visit: impl FnMut(usize, [f64; 2]) -> bool) {
        let reach = |metres_per_unit: f64| (radius_m / metres_per_unit * 1.02).min(4e9) as u32 + 1;
        let north = reach(ruler.scale.north_m);
        let around = FixedBox { x0: p.x, y0: p.y, x1: p.x, y1: p.y };
        let asked = around.grown(reach(ruler.scale.east_m * shrink(north)), north);
        self.tree.search(&asked, |place| {
            let bounds = ruler.coarse_m(&self.edges[place]);
            bounds[0] > radius_m || visit(place, bounds)
        });
    }
}
