//! Rings cut to a box (Sutherland and Hodgman), on whole numbers.
//!
//! Where a limit leaves the box, it is cut at the same position for both of its neighbours, whichever way each runs along it.

use super::simplify::Point;

/// West, north, east and south limits, all of them part of the box.
pub(super) type Frame = [i32; 4];

/// The part of a ring that is in a box; the ring is not closed by a repeated vertex, and neither is what is given.
pub(super) fn clip(ring: Vec<Point>, frame: Frame) -> Vec<Point> {
    let mut ring = ring;
    for side in 0..4 {
        if ring.is_empty() {
            break;
        }
        let (axis, limit, is_low) = (side % 2, frame[side], side < 2);
        let inside = |p: Point| if is_low { p[axis] >= limit } else { p[axis] <= limit };
        if ring.iter().all(|&p| inside(p)) {
            continue;
        }
        let mut cut = Vec::with_capacity(ring.len() + 4);
        let mut before = ring[ring.len() - 1];
        for &point in &ring {
            if inside(before) != inside(point) {
                cut.push(crossing(before, point, axis, limit));
            }
            if inside(point) {
                cut.push(point);
            }
            before = point;
        }
        ring = cut;
    }
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// Where a straight line meets a limit: the same from both its ends.
fn crossing(a: Point, b: Point, axis: usize, limit: i32) -> Point {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let (from, to) = (i64::from(a[axis]), i64::from(b[axis]));
    let (other_from, other_to) = (i64::from(a[1 - axis]), i64::from(b[1 - axis]));
    let (part, whole) = (i64::from(limit) - from, to - from);
    let other = other_from + (part * (other_to - other_from)).div_euclid(whole);
    let mut point = [0; 2];
    point[axis] = limit;
    point[1 - axis] = other as i32;
    point
}
