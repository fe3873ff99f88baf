//! Makes edges meet at vertices only.
//!
//! Where two edges cross, overlap or one's vertex lies on the other, both are cut there, on the nearest grid position; this
//! is repeated until nothing is left to cut. In a clean coverage nothing is ever cut.

use rayon::prelude::*;

use super::chains::Chains;
use super::edges::{Edge, SharedEdges};
use super::fixed::orientation;
use super::{CoverageError, FixedPoint};

const PIECE: u32 = 16;
const MOST_ROUNDS: usize = 30;

/// What was cut in all rounds together.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// Positions where two edges crossed, with the sides of both.
    pub crossings: Vec<(FixedPoint, u32, u32)>,
    /// Vertices that lay on another's edge, with the sides of the edge.
    pub touches: Vec<(FixedPoint, u32)>,
}

/// Cuts edges until they meet at vertices only.
///
/// # Errors
/// [`CoverageError::Unnodable`] where cutting does not come to an end.
pub(super) fn node(shared: &mut SharedEdges) -> Result<(Chains, Cuts), CoverageError> {
    let mut all = Cuts::default();
    for _ in 0..MOST_ROUNDS {
        let chains = Chains::trace(shared);
        let cuts = find_cuts(shared, &chains);
        if cuts.is_empty() {
            return Ok((chains, all));
        }
        let mut by_edge: Vec<((u32, u32), FixedPoint)> = Vec::new();
        for cut in cuts {
            let sides = |(a, b): (u32, u32)| {
                let place = shared.edges.partition_point(|edge| (edge.a, edge.b) < (a, b));
                shared.edges[place].sides
            };
            match cut.other {
                Some(other) => {
                    all.crossings.push((cut.at, sides(cut.edge), sides(other)));
                    by_edge.push((other, cut.at));
                }
                None => all.touches.push((cut.at, sides(cut.edge))),
            }
            by_edge.push((cut.edge, cut.at));
        }
        cut_edges(shared, by_edge);
    }
    Err(CoverageError::Unnodable { rounds: MOST_ROUNDS })
}

/// One place where an edge is to be cut; `other` is cut there too where both cross.
struct Cut {
    edge: (u32, u32),
    other: Option<(u32, u32)>,
    at: FixedPoint,
}

fn find_cuts(shared: &SharedEdges, chains: &Chains) -> Vec<Cut> {
    let (pieces, boxes, tree) = chains.pieces(&shared.vertices, PIECE);
    let vertex = |place: u32| shared.vertices[chains.vertices[place as usize] as usize];
    let mut cuts: Vec<Cut> = (0..pieces.len())
        .into_par_iter()
        .fold(Vec::new, |mut cuts, piece| {
            let own = boxes[piece];
            let (start, stop) = pieces[piece];
            tree.view().search(&own, |place| {
                let other = tree.items[place];
                if (other as usize) < piece {
                    return true;
                }
                let (other_start, other_stop) = pieces[other as usize];
                let common = boxes[other as usize];
                for e in start..stop {
                    let (a, b) = (vertex(e), vertex(e + 1));
                    let (ex0, ex1) = (a.x.min(b.x), a.x.max(b.x));
                    let (ey0, ey1) = (a.y.min(b.y), a.y.max(b.y));
                    if ex1 < common.x0 || common.x1 < ex0 || ey1 < common.y0 || common.y1 < ey0 {
                        continue;
                    }
                    let from = if other as usize == piece { e + 1 } else { other_start };
                    for f in from..other_stop {
                        let (c, d) = (vertex(f), vertex(f + 1));
                        if ex1 < c.x.min(d.x) || c.x.max(d.x) < ex0 || ey1 < c.y.min(d.y) || c.y.max(d.y) < ey0 {
                            continue;
                        }
                        meet(chains, shared, e, f, &mut cuts);
                    }
                }
                true
            });
            cuts
        })
        .reduce(Vec::new, |mut a, mut b| {
            a.append(&mut b);
            a
        });
    cuts.sort_unstable_by_key(|cut| (cut.edge, cut.at, cut.other));
    cuts.dedup_by(|a, b| (a.edge, a.at, a.other) == (b.edge, b.at, b.other));
    cuts
}

fn meet(chains: &Chains, shared: &SharedEdges, e: u32, f: u32, cuts: &mut Vec<Cut>) {
    let ids = |place: u32| (chains.vertices[place as usize], chains.vertices[place as usize + 1]);
    let ((ai, bi), (ci, di)) = (ids(e), ids(f));
    let key = |a: u32, b: u32| (a.min(b), a.max(b));
    let at = |id: u32| shared.vertices[id as usize];
    let (a, b, c, d) = (at(ai), at(bi), at(ci), at(di));
    let (oc, od) = (orientation(a, b, c), orientation(a, b, d));
    let (oa, ob) = (orientation(c, d, a), orientation(c, d, b));
    let mut touched = false;
    for (id, on, p, q, o) in
        [(ci, (ai, bi), a, b, oc), (di, (ai, bi), a, b, od), (ai, (ci, di), c, d, oa), (bi, (ci, di), c, d, ob)]
    {
        if o != 0 {
            continue;
        }
        touched = true;
        let v = at(id);
        if id != on.0 && id != on.1 && in_box(v, p, q) {
            cuts.push(Cut { edge: key(on.0, on.1), other: None, at: v });
        }
    }
    if !touched && (oc > 0) != (od > 0) && (oa > 0) != (ob > 0) {
        cuts.push(Cut { edge: key(ai, bi), other: Some(key(ci, di)), at: crossing(a, b, oa, ob) });
    }
}

fn in_box(v: FixedPoint, p: FixedPoint, q: FixedPoint) -> bool {
    p.x.min(q.x) <= v.x && v.x <= p.x.max(q.x) && p.y.min(q.y) <= v.y && v.y <= p.y.max(q.y)
}

/// The grid position nearest to where `a b` crosses the line that has `a` and `b` at signed areas `oa` and `ob`.
fn crossing(a: FixedPoint, b: FixedPoint, oa: i128, ob: i128) -> FixedPoint {
    let whole = oa - ob;
    let along = |from: u32, to: u32| {
        let reach = (i128::from(to) - i128::from(from)) * oa;
        // Rounds half up, whatever the sign of the denominator.
        let (reach, whole) = if whole < 0 { (-reach, -whole) } else { (reach, whole) };
        (i128::from(from) + (2 * reach + whole).div_euclid(2 * whole)) as u32
    };
    FixedPoint { x: along(a.x, b.x), y: along(a.y, b.y) }
}

fn cut_edges(shared: &mut SharedEdges, mut cuts: Vec<((u32, u32), FixedPoint)>) {
    cuts.sort_unstable();
    cuts.dedup();
    let mut added = Vec::new();
    for group in cuts.chunk_by(|a, b| a.0 == b.0) {
        let (a, b) = group[0].0;
        let place = shared.edges.partition_point(|edge| (edge.a, edge.b) < (a, b));
        let sides = shared.edges[place].sides;
        let from = shared.vertices[a as usize];
        let mut points: Vec<FixedPoint> = group.iter().map(|cut| cut.1).collect();
        let far = |p: &FixedPoint| {
            (i64::from(p.x) - i64::from(from.x)).unsigned_abs() + (i64::from(p.y) - i64::from(from.y)).unsigned_abs()
        };
        points.sort_unstable_by_key(|p| (far(p), *p));
        let mut at = a;
        for point in points {
            shared.vertices.push(point);
            let id = shared.vertices.len() as u32 - 1;
            added.push(Edge { a: at, b: id, sides });
            at = id;
        }
        added.push(Edge { a: at, b, sides });
        shared.edges[place].b = a;
    }
    shared.edges.extend(added);
    shared.merge_vertices();
}
