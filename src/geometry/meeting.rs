//! Whether an outline shares a point with an area that somebody drew: a box, or any simple ring.

use super::fixed::{is_below, orientation};
use super::outline::Polygon;
use super::{FixedBox, FixedPoint};

/// Whether an outline and the area within a closed ring share a point, limits included. Exact.
///
/// O(n m) at worst, in practice the edges of the outline that meet the ring's box times those of the ring.
#[must_use]
pub fn meets(outline: &[Polygon], ring: &[FixedPoint]) -> bool {
    let around = FixedBox::around(ring);
    let rings = || outline.iter().flat_map(|polygon| std::iter::once(&polygon.shell).chain(&polygon.holes));
    let touches = |edge: &[FixedPoint]| {
        FixedBox::around(edge).meets(&around)
            && ring.windows(2).any(|other| share_a_point([edge[0], edge[1]], [other[0], other[1]]))
    };
    if rings().any(|ring| ring.windows(2).any(touches)) {
        return true;
    }
    // No limit meets another: one lies within the other, or they are apart.
    let within = |point: FixedPoint, rings: &mut dyn Iterator<Item = &[FixedPoint]>| {
        let crossed = rings.flat_map(|ring| ring.windows(2)).filter(|edge| is_below(edge[0], edge[1], point)).count();
        crossed % 2 == 1
    };
    ring.first().is_some_and(|&corner| within(corner, &mut rings().map(Vec::as_slice)))
        || outline
            .iter()
            .filter_map(|polygon| polygon.shell.first())
            .any(|&vertex| within(vertex, &mut std::iter::once(ring)))
}

/// Whether two edges share a point, ends included.
fn share_a_point([a, b]: [FixedPoint; 2], [c, d]: [FixedPoint; 2]) -> bool {
    let sides = [orientation(a, b, c), orientation(a, b, d), orientation(c, d, a), orientation(c, d, b)];
    let apart = |one: i128, other: i128| (one > 0 && other > 0) || (one < 0 && other < 0);
    if apart(sides[0], sides[1]) || apart(sides[2], sides[3]) {
        return false;
    }
    // On one line: their boxes tell.
    FixedBox::around(&[a, b]).meets(&FixedBox::around(&[c, d]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(u32, u32)]) -> Vec<FixedPoint> {
        points.iter().chain(points.first()).map(|&(x, y)| FixedPoint { x, y }).collect()
    }

    fn square(low: u32, high: u32) -> Vec<FixedPoint> {
        ring(&[(low, low), (high, low), (high, high), (low, high)])
    }

    #[test]
    fn an_area_meets_an_outline_that_it_crosses_touches_holds_or_lies_in() {
        let outline = [Polygon { shell: square(100, 200), holes: vec![square(120, 180)] }];
        for (what, area, expected) in [
            ("across a corner", ring(&[(190, 190), (300, 190), (300, 300)]), true),
            ("at one vertex", square(200, 250), true),
            ("at a part of an edge", ring(&[(200, 120), (260, 120), (260, 140), (200, 140)]), true),
            ("around it all", square(0, 1000), true),
            ("inside, touching nothing", square(105, 110), true),
            ("in the hole, touching nothing", square(130, 170), false),
            ("in the hole, touching its edge", square(120, 170), true),
            ("across a hole only by its box", ring(&[(90, 90), (90, 99), (99, 90)]), false),
            ("one unit beside", square(201, 250), false),
            ("a point on the limit", square(100, 100), true),
            ("a point in the hole", square(150, 150), false),
        ] {
            assert_eq!(meets(&outline, &area), expected, "{what}");
        }
        assert!(!meets(&[], &square(0, 1000)));
    }

    #[test]
    fn coordinates_at_the_ends_of_the_grid_do_not_overflow() {
        let whole = [Polygon { shell: square(0, u32::MAX), holes: Vec::new() }];
        assert!(meets(&whole, &square(5, 6)));
        assert!(meets(&[Polygon { shell: square(5, 6), holes: Vec::new() }], &square(0, u32::MAX)));
    }
}
