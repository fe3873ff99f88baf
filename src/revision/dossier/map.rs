//! Maps before and after, as SVG.
//!
//! For drawing only, limits are simplified: arcs with the same territories on both sides are joined from one junction to
//! the next and each such chain is simplified once (Douglas and Peucker 1973), so that neighbours still agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use maud::{Markup, html};

use crate::change::Comparison;
use crate::domain::{Edition, Language, Level, TerritoryCode, TerritoryIndex, Words, both};
use crate::geometry::{CoverageView, FixedBox, FixedPoint, outline};
use crate::revision::PlacedInstallation;

/// A map before, a map after and what moves drawn larger, each an SVG element.
#[derive(Debug, Clone)]
pub struct Maps {
    /// The base.
    pub before: Markup,
    /// The revised edition.
    pub after: Markup,
    /// What moves, at its own scale; none where the maps show it as large.
    pub insets: Vec<Inset>,
    /// Whether installations are known, and stand on them.
    pub installations: bool,
}

/// What goes from a CLSC to another, drawn at its own scale.
#[derive(Debug, Clone)]
pub struct Inset {
    /// The drawing.
    pub drawing: Markup,
    /// What it shows.
    pub caption: Words,
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
/// Insets drawn at most; the largest flows first.
const MOST_INSETS: usize = 4;
/// What moves is drawn again where it is smaller than this part of the maps.
const SMALL: f64 = 0.35;
const COLOURS: [&str; 8] = ["#8fb8de", "#f2c57c", "#a8d5a2", "#e3a6c1", "#c9b8e8", "#f0e08a", "#9fd8d3", "#dcb79b"];

/// What a unit is on both maps: its CLSC before and after.
type Class = (u16, u16);

/// A name on a map.
struct Label {
    at: [f64; 2],
    code: TerritoryCode,
    name: String,
}

impl Label {
    /// Half of what it takes, about: two lines of letters.
    fn half_size(&self) -> [f64; 2] {
        const LETTER: f64 = 11.0;
        const LINE: f64 = 24.0;
        [self.name.chars().count().max(5) as f64 * LETTER / 2.0, LINE]
    }

    fn covers(&self, other: &Self) -> bool {
        let ([w, h], [v, g]) = (self.half_size(), other.half_size());
        (self.at[0] - other.at[0]).abs() < w + v && (self.at[1] - other.at[1]).abs() < h + g
    }

    fn fits(&self, frame: &Frame) -> bool {
        let [w, h] = self.half_size();
        (w..=frame.size[0] - w).contains(&self.at[0]) && (h..=frame.size[1] - h).contains(&self.at[1])
    }

    fn text(&self) -> Markup {
        let [x, y] = self.at.map(|value| format!("{value:.0}"));
        html! { text x=(x) y=(y) { (self.code.as_str()) tspan x=(x) dy="1.1em" { (self.name) } } }
    }
}

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

    fn view_box(&self) -> String {
        format!("0 0 {:.0} {:.0}", self.size[0], self.size[1])
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
    /// Draws the territories whose units change territory at any level, with a margin and what lies around; none where no
    /// unit does.
    #[must_use]
    pub fn draw(source: MapSource<'_>, language: Language) -> Option<Self> {
        let (before, after) = (source.base.attachment.as_slice(), source.revised.attachment.as_slice());
        let old = source.base.hierarchy.territories(Level::Clsc);
        let new = source.revised.hierarchy.territories(Level::Clsc);
        let class = |side: u32| (before[side as usize - 1], after[side as usize - 1]);
        let comparison = Comparison::of_editions(source.base, source.revised, source.people);
        let moved = |(from, to): Class| {
            Level::TERRITORIAL.into_iter().any(|level| {
                let was = source.base.hierarchy.parent(usize::from(from), level);
                let is = source.revised.hierarchy.parent(usize::from(to), level);
                comparison.is_affected(level, TerritoryIndex::new(was), TerritoryIndex::new(is))
            })
        };
        let mut codes: BTreeSet<&TerritoryCode> = BTreeSet::new();
        let mut flows: BTreeMap<Class, (u64, u32)> = BTreeMap::new();
        for ((from, to), people) in before.iter().copied().zip(after.iter().copied()).zip(source.people) {
            if moved((from, to)) {
                codes.extend([&old[usize::from(from)].code, &new[usize::from(to)].code]);
                let sum = flows.entry((from, to)).or_default();
                *sum = (sum.0 + people, sum.1 + 1);
            }
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
        let extent = extent_of(source.coverage, &inside)?;
        let frame = Frame::around(extent);
        let drawing = Drawing::new(source.coverage, extent, (&class, &moved), 0.6 / frame.scale[1]);
        let render = |place: usize| {
            let edition = [source.base, source.revised][place];
            let around = source.labels(&frame, extent, edition, &|code| !codes.contains(code));
            drawing.svg(&frame, edition, (place, &codes), (&moved, &around), source.installations, language)
        };
        let (before, after) = (render(0), render(1));
        let mut largest: Vec<(Class, (u64, u32))> = flows.into_iter().collect();
        largest.sort_by_key(|&(pair, size)| (std::cmp::Reverse(size), pair));
        let insets = (largest.into_iter().take(MOST_INSETS).enumerate())
            .filter_map(|(number, (pair, _))| source.inset((number, pair), extent, &moved, language))
            .collect();
        Some(Self { before, after, insets, installations: !source.installations.is_empty() })
    }
}

impl MapSource<'_> {
    /// What goes from one CLSC to another, where the maps show it too small.
    fn inset(
        &self,
        (number, pair): (usize, Class),
        whole: FixedBox,
        moved: &dyn Fn(Class) -> bool,
        language: Language,
    ) -> Option<Inset> {
        let (before, after) = (self.base.attachment.as_slice(), self.revised.attachment.as_slice());
        let class = |side: u32| (before[side as usize - 1], after[side as usize - 1]);
        let extent = extent_of(self.coverage, &|side: u32| side > 0 && class(side) == pair)?;
        let part = |of: fn(&FixedBox) -> f64| of(&extent) / of(&whole).max(1.0);
        let width = |around: &FixedBox| f64::from(around.x1 - around.x0);
        let height = |around: &FixedBox| f64::from(around.y1 - around.y0);
        if part(width) > SMALL || part(height) > SMALL {
            return None;
        }
        // Room around what moves, to see what it lies between.
        let margin = (extent.x1 - extent.x0).max(extent.y1 - extent.y0) / 2;
        let extent = extent.grown(margin, margin);
        let frame = Frame::around(extent);
        let drawing = Drawing::new(self.coverage, extent, (&class, moved), 0.4 / frame.scale[1]);
        let (from, to) = (
            &self.base.hierarchy.territories(Level::Clsc)[usize::from(pair.0)],
            &self.revised.hierarchy.territories(Level::Clsc)[usize::from(pair.1)],
        );
        let labels = self.labels(&frame, extent, self.revised, &|_| true);
        let caption = if from.code == to.code {
            both!("{} {}", "{} {}", from.code, from.name)
        } else {
            both!("De {} {} à {} {}", "From {} {} to {} {}", from.code, from.name, to.code, to.name)
        };
        let drawing = drawing.inset(&frame, self, (number, caption.pick(language)), moved, &labels, language);
        Some(Inset { drawing, caption })
    }

    /// The names of CLSC of an edition in a frame, each on the largest unit of it that lies in the frame; those with most
    /// room first, and none over another.
    fn labels(
        &self,
        frame: &Frame,
        extent: FixedBox,
        edition: &Edition,
        wanted: &dyn Fn(&TerritoryCode) -> bool,
    ) -> Vec<Label> {
        let mut boxes: BTreeMap<u32, FixedBox> = BTreeMap::new();
        for (arc, sides) in self.coverage.sides.iter().enumerate() {
            let around = FixedBox::around(self.coverage.arc(arc));
            if around.meets(&extent) {
                for &side in sides.iter().filter(|&&side| side > 0) {
                    boxes.entry(side).or_insert(around).add(around);
                }
            }
        }
        let mut largest: BTreeMap<u16, (i64, FixedBox)> = BTreeMap::new();
        for (side, around) in boxes {
            let within =
                around.x0 >= extent.x0 && around.x1 <= extent.x1 && around.y0 >= extent.y0 && around.y1 <= extent.y1;
            let size = i64::from(around.x1 - around.x0) * i64::from(around.y1 - around.y0);
            let clsc = edition.attachment.as_slice()[side as usize - 1];
            if within && largest.get(&clsc).is_none_or(|known| known.0 < size) {
                largest.insert(clsc, (size, around));
            }
        }
        let territories = edition.hierarchy.territories(Level::Clsc);
        let mut largest: Vec<(u16, (i64, FixedBox))> = largest.into_iter().collect();
        largest.sort_by_key(|&(clsc, (size, _))| (std::cmp::Reverse(size), clsc));
        let mut kept: Vec<Label> = Vec::new();
        let labels = (largest.into_iter()).filter(|(clsc, _)| wanted(&territories[usize::from(*clsc)].code)).map(
            |(clsc, (_, around))| {
                let corner = |x: u32, y: u32| frame.at(FixedPoint { x, y });
                let ([x0, y0], [x1, y1]) = (corner(around.x0, around.y0), corner(around.x1, around.y1));
                let known = &territories[usize::from(clsc)];
                let at = [f64::midpoint(x0, x1), f64::midpoint(y0, y1)];
                Label { at, code: known.code.clone(), name: known.name.clone() }
            },
        );
        for label in labels {
            if label.fits(frame) && kept.iter().all(|other| !label.covers(other)) {
                kept.push(label);
            }
        }
        kept
    }
}

/// The box of the arcs that have a wanted side, with a margin.
fn extent_of(coverage: CoverageView<'_>, wanted: &dyn Fn(u32) -> bool) -> Option<FixedBox> {
    let mut extent: Option<FixedBox> = None;
    for (arc, &[left, right]) in coverage.sides.iter().enumerate() {
        if wanted(left) || wanted(right) {
            let around = FixedBox::around(coverage.arc(arc));
            extent.get_or_insert(around).add(around);
        }
    }
    let extent = extent?;
    let margin = ((extent.x1 - extent.x0).max(extent.y1 - extent.y0) / 20).max(1);
    Some(extent.grown(margin, margin))
}

impl Drawing {
    /// `whole` says which classes are to be drawn whole, in the extent or out of it: a polygon can not be made of a part.
    fn new(
        coverage: CoverageView<'_>,
        extent: FixedBox,
        (class, whole): (&dyn Fn(u32) -> Class, &dyn Fn(Class) -> bool),
        tolerance: f64,
    ) -> Self {
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
            let is_whole = [left, right].into_iter().any(|side| side > 0 && whole(class(side)));
            if sides[0] != sides[1] && (is_whole || FixedBox::around(coverage.arc(arc as usize)).meets(&extent)) {
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
        (moved, around): (&dyn Fn(Class) -> bool, &[Label]),
        installations: &[PlacedInstallation],
        language: Language,
    ) -> Markup {
        let hierarchy = &edition.hierarchy;
        let clsc = |side: u32| (side > 0).then(|| self.clsc(side, place));
        let title = match place {
            0 => language.pick("Carte avant", "Map before"),
            _ => language.pick("Carte après", "Map after"),
        };
        let mut filled: Vec<(String, &'static str)> = Vec::new();
        let mut labels: Vec<Label> = Vec::new();
        for (number, code) in codes.iter().enumerate() {
            let Some(own) = hierarchy.find(Level::Clsc, code.as_str()).map(|own| own as u16) else { continue };
            let arcs = outline::limit_arcs(self.view(), |side| clsc(side) == Some(own));
            let polygons = outline::polygons(self.view(), &arcs);
            let mut path = String::new();
            for polygon in &polygons {
                frame.path(&polygon.shell, &mut path, true);
                polygon.holes.iter().for_each(|hole| frame.path(hole, &mut path, true));
            }
            filled.push((path, COLOURS[number % COLOURS.len()]));
            if let Some(largest) = polygons.iter().max_by_key(|polygon| outline::doubled_area(&polygon.shell)) {
                let shell: Vec<[f64; 2]> = largest.shell.iter().map(|&vertex| frame.at(vertex)).collect();
                let known = &hierarchy.territories(Level::Clsc)[usize::from(own)];
                labels.push(Label { at: roomiest(&shell), code: known.code.clone(), name: known.name.clone() });
            }
        }
        let hatching = format!("hatching-{place}");
        html! {
            svg class="map" viewBox=(frame.view_box()) role="img" aria-label=(title) {
                title { (title) }
                (pattern(&hatching))
                @for (path, colour) in &filled { path d=(path) fill=(colour) fill-rule="evenodd" {} }
                path d=(self.hatched(frame, moved)) fill=(format!("url(#{hatching})")) fill-rule="evenodd" {}
                (self.limits(frame, edition, place))
                (dots(frame, installations))
                g class="around" { @for label in around { (label.text()) } }
                g { @for label in &labels { (label.text()) } }
                (scale_bar(frame, language))
            }
        }
    }

    /// What moves drawn large: the limits after, those before dashed, and the names around.
    fn inset(
        &self,
        frame: &Frame,
        source: &MapSource<'_>,
        (number, title): (usize, &str),
        moved: &dyn Fn(Class) -> bool,
        labels: &[Label],
        language: Language,
    ) -> Markup {
        let hatching = format!("hatching-inset-{number}");
        let (mut gone, mut new) = (String::new(), String::new());
        for (arc, &[left, right]) in self.sides.iter().enumerate() {
            let at = |place: usize| [left, right].map(|side| (side > 0).then(|| self.clsc(side, place)));
            let ([a, b], [c, d]) = (at(0), at(1));
            if a != b && c == d {
                frame.path(self.view().arc(arc), &mut gone, false);
            }
            if a == b && c != d {
                frame.path(self.view().arc(arc), &mut new, false);
            }
        }
        html! {
            svg class="map" viewBox=(frame.view_box()) role="img" aria-label=(title) {
                title { (title) }
                (pattern(&hatching))
                path d=(self.hatched(frame, moved)) fill="#f2c57c" fill-opacity="0.6" fill-rule="evenodd" {}
                path d=(self.hatched(frame, moved)) fill=(format!("url(#{hatching})")) fill-rule="evenodd" {}
                (self.limits(frame, source.revised, 1))
                path d=(gone) fill="none" stroke="#b00020" stroke-width="3" stroke-dasharray="9 5" {}
                path d=(new) fill="none" stroke="#24507a" stroke-width="3" {}
                (dots(frame, source.installations))
                g { @for label in labels { (label.text()) } }
                (scale_bar(frame, language))
            }
        }
    }

    /// The CLSC of a side, before (0) or after (1).
    fn clsc(&self, side: u32, place: usize) -> u16 {
        let (before, after) = self.classes[side as usize - 1];
        [before, after][place]
    }

    /// What moves, as one path.
    fn hatched(&self, frame: &Frame, moved: &dyn Fn(Class) -> bool) -> String {
        let arcs = outline::limit_arcs(self.view(), |side| side > 0 && moved(self.classes[side as usize - 1]));
        let mut path = String::new();
        for polygon in outline::polygons(self.view(), &arcs) {
            frame.path(&polygon.shell, &mut path, true);
            polygon.holes.iter().for_each(|hole| frame.path(hole, &mut path, true));
        }
        path
    }

    /// Limits of CLSC, heavier where they are limits of an RLS, of an RTS.
    fn limits(&self, frame: &Frame, edition: &Edition, place: usize) -> Markup {
        let hierarchy = &edition.hierarchy;
        let mut lines = [String::new(), String::new(), String::new(), String::new()];
        for (arc, &[left, right]) in self.sides.iter().enumerate() {
            let [a, b] = [left, right].map(|side| (side > 0).then(|| self.clsc(side, place)));
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
        let pens = [("#666", 0.8), ("#333", 1.4), ("#111", 2.4), ("#4a6f8a", 1.2)];
        html! {
            @for (path, (colour, width)) in lines.iter().zip(pens) {
                path d=(path) fill="none" stroke=(colour) stroke-width=(width) {}
            }
        }
    }
}

/// Hatching to fill with.
fn pattern(id: &str) -> Markup {
    html! {
        defs {
            pattern id=(id) width="6" height="6" patternTransform="rotate(45)" patternUnits="userSpaceOnUse" {
                path d="M0 0V6" stroke="#333" stroke-width="1.6" {}
            }
        }
    }
}

/// Installations with a CLSC mission that lie in the frame.
fn dots(frame: &Frame, installations: &[PlacedInstallation]) -> Markup {
    let placed = installations.iter().filter(|known| known.is_clsc).filter_map(|known| {
        let [x, y] = frame.at(FixedPoint::from_degrees(known.lon, known.lat)?);
        ((0.0..=frame.size[0]).contains(&x) && (0.0..=frame.size[1]).contains(&y)).then_some((x, y, &known.name))
    });
    html! {
        @for (x, y, name) in placed {
            circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" fill="#b00020" { title { (name) } }
        }
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
fn scale_bar(frame: &Frame, language: Language) -> Markup {
    // A degree of latitude is 111.2 km within 0.6 % over Québec.
    let per_km = frame.scale[1] * 1e8 / 111.2;
    let length = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]
        .into_iter()
        .rfind(|km| km * per_km < WIDTH / 4.0)
        .unwrap_or(0.02);
    let text = if length < 1.0 { language.metres(length * 1000.0) } else { language.kilometres(length * 1000.0, 0) };
    let (bar, above) = (frame.size[1] - 10.0, frame.size[1] - 16.0);
    html! {
        g class="scale" {
            path d=(format!("M10 {bar:.0}h{:.1}", length * per_km)) stroke="#000" stroke-width="3" {}
            text x="10" y=(format!("{above:.0}")) { (text) }
        }
    }
}
