//! Maps before and after, as SVG.
//!
//! For drawing only, limits are simplified: arcs with the same territories on both sides are joined from one junction to
//! the next and each such chain is simplified once (Douglas and Peucker 1973), so that neighbours still agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::html::escape;
use crate::change::Comparison;
use crate::domain::{Edition, Language, Level, TerritoryCode, TerritoryIndex};
use crate::geometry::{CoverageView, FixedBox, FixedPoint, outline};
use crate::revision::PlacedInstallation;

/// A map before and a map after, each an SVG element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maps {
    /// The base.
    pub before: String,
    /// The revised edition.
    pub after: String,
    /// Whether installations are known, and stand on them.
    pub installations: bool,
}

/// What maps are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct MapSource<'a> {
    /// The limits of units.
    pub coverage: CoverageView<'a>,
    /// The base.
    pub base: &'a Edition,
    /// The revised edition, of the same units.
    pub revised: &'a Edition,
    /// People of each unit.
    pub people: &'a [u64],
    /// Installations to show.
    pub installations: &'a [PlacedInstallation],
}

const WIDTH: f64 = 760.0;
const TALLEST: f64 = 900.0;
const COLOURS: [&str; 8] = ["#8fb8de", "#f2c57c", "#a8d5a2", "#e3a6c1", "#c9b8e8", "#f0e08a", "#9fd8d3", "#dcb79b"];

/// What a unit is on both maps: its CLSC before and after.
type Class = (u16, u16);

/// Limits between classes, simplified: arcs with classes (as places plus one) on both sides.
struct Drawing {
    classes: Vec<Class>,
    starts: Vec<u32>,
    sides: Vec<[u32; 2]>,
    vertices: Vec<FixedPoint>,
}

struct Frame {
    origin: [f64; 2],
    scale: [f64; 2],
    size: [f64; 2],
}

impl Frame {
    fn around(extent: FixedBox) -> Self {
        let lat = f64::midpoint(f64::from(extent.y0), f64::from(extent.y1)) / 1e8 + 40.0;
        let shrink = lat.to_radians().cos();
        let (w, h) = (f64::from(extent.x1 - extent.x0).max(1.0) * shrink, f64::from(extent.y1 - extent.y0).max(1.0));
        let scale = (WIDTH / w).min(TALLEST / h);
        Self {
            origin: [f64::from(extent.x0), f64::from(extent.y1)],
            scale: [scale * shrink, scale],
            size: [w * scale, h * scale],
        }
    }

    fn at(&self, point: FixedPoint) -> [f64; 2] {
        [(f64::from(point.x) - self.origin[0]) * self.scale[0], (self.origin[1] - f64::from(point.y)) * self.scale[1]]
    }

    fn path(&self, points: &[FixedPoint], text: &mut String, close: bool) {
        for (at, &point) in points.iter().enumerate() {
            let [x, y] = self.at(point);
            let _ = write!(text, "{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" });
        }
        if close {
            text.push('Z');
        }
    }
}

impl Maps {
    /// Draws the territories whose units change, with a margin and what lies around; none where no unit changes CLSC.
    #[must_use]
    pub fn draw(source: MapSource<'_>, language: Language) -> Option<Self> {
        let (before, after) = (source.base.attachment.as_slice(), source.revised.attachment.as_slice());
        let old = source.base.hierarchy.territories(Level::Clsc);
        let new = source.revised.hierarchy.territories(Level::Clsc);
        let class = |side: u32| (before[side as usize - 1], after[side as usize - 1]);
        let comparison = Comparison::of_editions(source.base, source.revised, source.people);
        let moved = |(from, to): Class| comparison.is_affected(Level::Clsc, TerritoryIndex(from), TerritoryIndex(to));
        let mut codes: BTreeSet<&TerritoryCode> = BTreeSet::new();
        for pair in before.iter().copied().zip(after.iter().copied()).filter(|&pair| moved(pair)) {
            codes.extend([&old[usize::from(pair.0)].code, &new[usize::from(pair.1)].code]);
        }
        if codes.is_empty() {
            return None;
        }
        let inside = |side: u32| {
            side > 0 && {
                let (from, to) = class(side);
                codes.contains(&old[usize::from(from)].code) || codes.contains(&new[usize::from(to)].code)
            }
        };
        let mut extent: Option<FixedBox> = None;
        for (arc, &[left, right]) in source.coverage.sides.iter().enumerate() {
            if inside(left) || inside(right) {
                let around = FixedBox::around(source.coverage.arc(arc));
                extent.get_or_insert(around).add(around);
            }
        }
        let extent = extent?;
        let margin = ((extent.x1 - extent.x0).max(extent.y1 - extent.y0) / 20).max(1);
        let extent = extent.grown(margin, margin);
        let frame = Frame::around(extent);
        let drawing = Drawing::new(source.coverage, extent, class, 0.6 / frame.scale[1]);
        let render = |place: usize| {
            let edition = [source.base, source.revised][place];
            drawing.svg(&frame, edition, (place, &codes), &moved, source.installations, language)
        };
        Some(Self { before: render(0), after: render(1), installations: !source.installations.is_empty() })
    }
}

impl Drawing {
    fn new(coverage: CoverageView<'_>, extent: FixedBox, class: impl Fn(u32) -> Class, tolerance: f64) -> Self {
        let mut numbers: BTreeMap<Class, u32> = BTreeMap::new();
        let mut classes = Vec::new();
        let mut number = |side: u32| {
            if side == 0 {
                return 0;
            }
            let class = class(side);
            *numbers.entry(class).or_insert_with(|| {
                classes.push(class);
                classes.len() as u32
            })
        };
        let mut arcs: Vec<(u32, [u32; 2])> = Vec::new();
        for (arc, &[left, right]) in (0_u32..).zip(coverage.sides) {
            let sides = [number(left), number(right)];
            if sides[0] != sides[1] && FixedBox::around(coverage.arc(arc as usize)).meets(&extent) {
                arcs.push((arc, sides));
            }
        }
        let mut ends: BTreeMap<FixedPoint, Vec<usize>> = BTreeMap::new();
        for (place, &(arc, _)) in arcs.iter().enumerate() {
            let points = coverage.arc(arc as usize);
            ends.entry(points[0]).or_default().push(place);
            ends.entry(points[points.len() - 1]).or_default().push(place);
        }
        let mut drawing = Self { classes: Vec::new(), starts: vec![0], sides: Vec::new(), vertices: Vec::new() };
        let mut used = vec![false; arcs.len()];
        // Chains between junctions first, then what is left: closed loops.
        for loops in [false, true] {
            for place in 0..arcs.len() {
                let points = coverage.arc(arcs[place].0 as usize);
                let first_is_junction = ends[&points[0]].len() != 2;
                let last_is_junction = ends[&points[points.len() - 1]].len() != 2;
                if used[place] || !(loops || first_is_junction || last_is_junction) {
                    continue;
                }
                let forward = first_is_junction || !last_is_junction;
                let chain = walk(coverage, &arcs, &ends, &mut used, (place, forward));
                let [left, right] = arcs[place].1;
                drawing.sides.push(if forward { [left, right] } else { [right, left] });
                simplify(&chain, tolerance, &mut drawing.vertices);
                drawing.starts.push(drawing.vertices.len() as u32);
            }
        }
        drawing.classes = classes;
        drawing
    }

    fn view(&self) -> CoverageView<'_> {
        CoverageView { starts: &self.starts, sides: &self.sides, vertices: &self.vertices }
    }

    fn svg(
        &self,
        frame: &Frame,
        edition: &Edition,
        (place, codes): (usize, &BTreeSet<&TerritoryCode>),
        moved: &dyn Fn(Class) -> bool,
        installations: &[PlacedInstallation],
        language: Language,
    ) -> String {
        let hierarchy = &edition.hierarchy;
        let clsc = |side: u32| {
            (side > 0).then(|| [self.classes[side as usize - 1].0, self.classes[side as usize - 1].1][place])
        };
        let title = if place == 0 {
            language.pick("Carte avant", "Map before")
        } else {
            language.pick("Carte après", "Map after")
        };
        let mut svg = format!(
            "<svg viewBox=\"0 0 {:.0} {:.0}\" role=\"img\" aria-label=\"{title}\" xmlns=\"http://www.w3.org/2000/svg\"><title>{title}</title>\
             <defs><pattern id=\"h{place}\" width=\"6\" height=\"6\" patternTransform=\"rotate(45)\" patternUnits=\"userSpaceOnUse\">\
             <path d=\"M0 0V6\" stroke=\"#333\" stroke-width=\"1.6\"/></pattern></defs>",
            frame.size[0], frame.size[1]
        );
        let mut labels = String::new();
        for (number, code) in codes.iter().enumerate() {
            let Some(own) = hierarchy.find(Level::Clsc, code.as_str()).map(|own| own as u16) else { continue };
            let arcs = outline::limit_arcs(self.view(), |side| clsc(side) == Some(own));
            let polygons = outline::polygons(self.view(), &arcs);
            let mut path = String::new();
            for polygon in &polygons {
                frame.path(&polygon.shell, &mut path, true);
                polygon.holes.iter().for_each(|hole| frame.path(hole, &mut path, true));
            }
            let colour = COLOURS[number % COLOURS.len()];
            let _ = write!(svg, "<path d=\"{path}\" fill=\"{colour}\" fill-rule=\"evenodd\"/>");
            if let Some(largest) = polygons.iter().max_by_key(|polygon| outline::doubled_area(&polygon.shell)) {
                let shell: Vec<[f64; 2]> = largest.shell.iter().map(|&vertex| frame.at(vertex)).collect();
                let [x, y] = roomiest(&shell);
                let known = &hierarchy.territories(Level::Clsc)[usize::from(own)];
                let _ = write!(
                    labels,
                    "<text x=\"{x:.0}\" y=\"{y:.0}\">{}<tspan x=\"{x:.0}\" dy=\"1.1em\">{}</tspan></text>",
                    escape(known.code.as_str()),
                    escape(&known.name)
                );
            }
        }
        let hatched = outline::limit_arcs(self.view(), |side| side > 0 && moved(self.classes[side as usize - 1]));
        let mut path = String::new();
        for polygon in outline::polygons(self.view(), &hatched) {
            frame.path(&polygon.shell, &mut path, true);
            polygon.holes.iter().for_each(|hole| frame.path(hole, &mut path, true));
        }
        let _ = write!(svg, "<path d=\"{path}\" fill=\"url(#h{place})\" fill-rule=\"evenodd\"/>");
        let mut lines = [String::new(), String::new(), String::new(), String::new()];
        for (arc, &[left, right]) in self.sides.iter().enumerate() {
            let (a, b) = (clsc(left), clsc(right));
            if a == b {
                continue;
            }
            let differs = |level: Level| match (a, b) {
                (Some(a), Some(b)) => {
                    hierarchy.parent(usize::from(a), level) != hierarchy.parent(usize::from(b), level)
                }
                _ => false,
            };
            let weight = match (a, b) {
                (None, _) | (_, None) => 3,
                _ if differs(Level::Rts) => 2,
                _ if differs(Level::Rls) => 1,
                _ => 0,
            };
            frame.path(self.view().arc(arc), &mut lines[weight], false);
        }
        for (path, (colour, width)) in lines.iter().zip([("#666", 0.8), ("#333", 1.4), ("#111", 2.4), ("#4a6f8a", 1.2)])
        {
            let _ = write!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>");
        }
        for known in installations {
            let Some(point) = FixedPoint::from_degrees(known.lon, known.lat) else { continue };
            let [x, y] = frame.at(point);
            if known.is_clsc && (0.0..=frame.size[0]).contains(&x) && (0.0..=frame.size[1]).contains(&y) {
                let name = escape(&known.name);
                let _ = write!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#b00020\"><title>{name}</title></circle>"
                );
            }
        }
        let _ = write!(svg, "<g class=\"labels\">{labels}</g>{}</svg>", scale_bar(frame, language));
        svg
    }
}

/// Where a label has most room in a ring: the middle of the widest stretch inside, of a few level lines.
fn roomiest(ring: &[[f64; 2]]) -> [f64; 2] {
    const LINES: u32 = 24;
    let (low, high) =
        ring.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v[1]), high.max(v[1])));
    let mut best = (f64::NEG_INFINITY, ring.first().copied().unwrap_or_default());
    for line in 1..LINES {
        let y = low + (high - low) * f64::from(line) / f64::from(LINES);
        let mut crossings: Vec<f64> = (ring.windows(2))
            .filter(|edge| (edge[0][1] > y) != (edge[1][1] > y))
            .map(|edge| edge[0][0] + (y - edge[0][1]) / (edge[1][1] - edge[0][1]) * (edge[1][0] - edge[0][0]))
            .collect();
        crossings.sort_by(f64::total_cmp);
        for &[from, to] in crossings.as_chunks::<2>().0 {
            // Of two stretches as wide, the one nearer the middle.
            let room = to - from - 0.1 * (y - f64::midpoint(low, high)).abs();
            if room > best.0 {
                best = (room, [f64::midpoint(from, to), y]);
            }
        }
    }
    best.1
}

/// Follows arcs from one to the next through vertices where only two meet.
fn walk(
    coverage: CoverageView<'_>,
    arcs: &[(u32, [u32; 2])],
    ends: &BTreeMap<FixedPoint, Vec<usize>>,
    used: &mut [bool],
    (mut place, mut forward): (usize, bool),
) -> Vec<FixedPoint> {
    let mut chain: Vec<FixedPoint> = Vec::new();
    loop {
        used[place] = true;
        let points = coverage.arc(arcs[place].0 as usize);
        let skip = usize::from(!chain.is_empty());
        if forward {
            chain.extend(points.iter().skip(skip));
        } else {
            chain.extend(points.iter().rev().skip(skip));
        }
        let end = chain[chain.len() - 1];
        let meeting = &ends[&end];
        let next = meeting.iter().copied().find(|&other| !used[other]);
        match next {
            Some(next) if meeting.len() == 2 => {
                place = next;
                forward = coverage.arc(arcs[place].0 as usize)[0] == end;
            }
            _ => return chain,
        }
    }
}

/// Keeps both ends and every vertex farther than the tolerance (in grid units of latitude) from the line of those kept. A
/// loop keeps at least a triangle.
fn simplify(chain: &[FixedPoint], tolerance: f64, kept: &mut Vec<FixedPoint>) {
    let last = chain.len() - 1;
    let mut keep = vec![false; chain.len()];
    (keep[0], keep[last]) = (true, true);
    let mut spans = vec![(0, last)];
    if chain[0] == chain[last] && last >= 3 {
        let thirds = [0, last / 3, 2 * last / 3, last];
        spans.clear();
        for pair in thirds.windows(2) {
            keep[pair[0]] = true;
            spans.push((pair[0], pair[1]));
        }
    }
    while let Some((from, to)) = spans.pop() {
        let farthest =
            (from + 1..to).map(|at| (away(chain[from], chain[to], chain[at]), at)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((distance, at)) = farthest
            && distance > tolerance
        {
            keep[at] = true;
            spans.push((from, at));
            spans.push((at, to));
        }
    }
    kept.extend(chain.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point));
}

/// Distance of a point from a segment, in grid units of latitude, longitudes shortened as around 49° N.
fn away(a: FixedPoint, b: FixedPoint, p: FixedPoint) -> f64 {
    let at = |p: FixedPoint| [f64::from(p.x) * 0.656, f64::from(p.y)];
    let ([ax, ay], [bx, by], [px, py]) = (at(a), at(b), at(p));
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 { (((px - ax) * dx + (py - ay) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (px - ax - along * dx).hypot(py - ay - along * dy)
}

/// A bar of a round number of kilometres, in the lower left corner.
fn scale_bar(frame: &Frame, language: Language) -> String {
    // A degree of latitude is 111.2 km within 0.6 % over Québec.
    let per_km = frame.scale[1] * 1e8 / 111.2;
    let length = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]
        .into_iter()
        .rfind(|km| km * per_km < WIDTH / 4.0)
        .unwrap_or(0.1);
    let decimals = usize::from(length < 1.0);
    format!(
        "<g class=\"scale\"><path d=\"M10 {y:.0}h{w:.1}\" stroke=\"#000\" stroke-width=\"3\"/><text x=\"10\" y=\"{t:.0}\">{} km</text></g>",
        language.decimal(length, decimals),
        y = frame.size[1] - 10.0,
        t = frame.size[1] - 16.0,
        w = length * per_km
    )
}
