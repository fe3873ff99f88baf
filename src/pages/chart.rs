//! Small line charts as SVG: lines over the same periods, bands, breaks marked. Colours are the style sheet's.

use maud::{Markup, html};

use crate::domain::Language;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 130.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 18.0;

/// From where to where a value may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// A chart of two lines; lists are as long as there are labels.
#[derive(Debug, Clone)]
pub struct LineChart {
    /// What it shows: read out where it can not be seen.
    pub title: String,
    /// Periods.
    pub labels: Vec<String>,
    /// The line of class `published`, cut at breaks.
    pub published: Vec<Option<f64>>,
    /// The line of class `bridged`.
    pub bridged: Vec<Option<f64>>,
    /// Where the second may lie.
    pub bands: Vec<Option<Band>>,
    /// Periods that are the first on other limits.
    pub breaks: Vec<usize>,
}

impl LineChart {
    /// The chart as an SVG element.
    #[must_use]
    pub fn svg(&self, language: Language) -> Markup {
        let ends = self.bands.iter().flatten().flat_map(|band| [band.low, band.high]);
        let values: Vec<f64> = self.published.iter().chain(&self.bridged).flatten().copied().chain(ends).collect();
        let top = values.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        // From zero unless all values are close together, when the change would not be seen.
        let floor = if low > 0.6 * top { low - (top - low) * 0.3 } else { 0.0 };
        let span = (top - floor).max(f64::MIN_POSITIVE);
        let steps = (self.labels.len().max(2) - 1) as f64;
        let x = |at: usize| LEFT + (WIDTH - LEFT - RIGHT) * at as f64 / steps;
        let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value - floor) / span);
        let at = |value: f64| format!("{value:.1}");
        let ticks = [floor, floor + span / 2.0, top];
        let last = self.labels.len().saturating_sub(1);
        html! {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(self.title) {
                @for value in ticks {
                    line class="grid" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(at(y(value))) y2=(at(y(value))) {}
                    text class="tick" x=(LEFT - 4.0) y=(at(y(value) + 3.0)) text-anchor="end" {
                        (language.decimal(value, usize::from(span < 10.0)))
                    }
                }
                @for (place, anchor) in [(0, "start"), (last, "end")] {
                    @if let Some(label) = self.labels.get(place) {
                        text class="tick" x=(at(x(place))) y=(HEIGHT - 4.0) text-anchor=(anchor) { (label) }
                    }
                }
                @for &place in &self.breaks {
                    @let between = at(f64::midpoint(x(place), x(place.saturating_sub(1))));
                    line class="break" x1=(between) x2=(between) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
                }
                @for (place, band) in self.bands.iter().enumerate() {
                    @if let Some(band) = band {
                        line class="band" x1=(at(x(place))) x2=(at(x(place))) y1=(at(y(band.low))) y2=(at(y(band.high))) {}
                    }
                }
                @for (class, list) in [("published", &self.published), ("bridged", &self.bridged)] {
                    @for (place, value) in list.iter().enumerate() {
                        @if let Some(value) = value {
                            circle class=(class) cx=(at(x(place))) cy=(at(y(*value))) r="1.6" {}
                        }
                    }
                    path class=(class) d=(self.path(class == "published", list, &x, &y)) {}
                }
            }
        }
    }

    fn path(&self, cut: bool, list: &[Option<f64>], x: &dyn Fn(usize) -> f64, y: &dyn Fn(f64) -> f64) -> String {
        let (mut path, mut pen_down) = (String::new(), false);
        for (place, value) in list.iter().enumerate() {
            let Some(value) = value else {
                pen_down = false;
                continue;
            };
            let starts = !pen_down || (cut && self.breaks.contains(&place));
            path.push_str(&format!("{}{:.1} {:.1}", if starts { 'M' } else { 'L' }, x(place), y(*value)));
            pen_down = true;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_line_is_cut_at_a_break_and_a_bridged_one_is_not() {
        let values = vec![Some(1.0), Some(2.0), None, Some(4.0), Some(5.0)];
        let chart = LineChart {
            title: "A & B".to_owned(),
            labels: (2001..2006).map(|year| year.to_string()).collect(),
            published: values.clone(),
            bridged: values,
            bands: vec![Some(Band { low: 0.5, high: 1.5 }), None, None, None, None],
            breaks: vec![1],
        };
        let svg = chart.svg(Language::French).into_string();
        let path = |class: &str| {
            let start = svg.split(&format!("path class=\"{class}\" d=\"")).nth(1).unwrap();
            start.split('"').next().unwrap().matches('M').count()
        };
        assert_eq!((path("published"), path("bridged")), (3, 2));
        assert_eq!((svg.matches("class=\"band\"").count(), svg.matches("class=\"break\"").count()), (1, 1));
        assert!(svg.contains("aria-label=\"A &amp; B\"") && svg.contains("5,0"));
    }
}
