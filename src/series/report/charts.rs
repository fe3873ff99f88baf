//! Small charts as SVG text: one series in one territory, published against bridged, breaks marked.

use std::fmt::Write as _;

use crate::series::bridge::Interval;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 130.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 18.0;

/// What a small chart shows; lists are as long as there are periods.
pub(super) struct Chart {
    pub(super) labels: Vec<String>,
    pub(super) published: Vec<Option<f64>>,
    pub(super) bridged: Vec<Option<f64>>,
    pub(super) intervals: Vec<Option<Interval>>,
    /// Periods that are the first on other limits.
    pub(super) breaks: Vec<usize>,
}

impl Chart {
    /// The chart as an SVG element; `title` is read out where it can not be seen.
    pub(super) fn svg(&self, title: &str, french: bool) -> String {
        let ends = self.intervals.iter().flatten().flat_map(|interval| [interval.low, interval.high]);
        let values: Vec<f64> = self.published.iter().chain(&self.bridged).flatten().copied().chain(ends).collect();
        let top = values.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        // From zero unless all values are close together, when the change would not be seen.
        let floor = if low > 0.6 * top { low - (top - low) * 0.3 } else { 0.0 };
        let span = (top - floor).max(f64::MIN_POSITIVE);
        let steps = (self.labels.len().max(2) - 1) as f64;
        let x = |at: usize| LEFT + (WIDTH - LEFT - RIGHT) * at as f64 / steps;
        let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value - floor) / span);
        let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", escape(title));
        for value in [floor, floor + span / 2.0, top] {
            let at = y(value);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 4.0,
                at + 3.0,
                number(value, u8::from(span < 10.0), french)
            );
        }
        for (at, anchor) in [(0, "start"), (self.labels.len().saturating_sub(1), "end")] {
            if let Some(label) = self.labels.get(at) {
                let _ = write!(
                    svg,
                    "<text class=\"tick\" x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                    x(at),
                    HEIGHT - 4.0,
                    escape(label)
                );
            }
        }
        for &at in &self.breaks {
            let between = f64::midpoint(x(at), x(at.saturating_sub(1)));
            let _ = write!(
                svg,
                "<line class=\"break\" x1=\"{between:.1}\" x2=\"{between:.1}\" y1=\"{TOP}\" y2=\"{}\"/>",
                HEIGHT - BOTTOM
            );
        }
        for (at, interval) in self.intervals.iter().enumerate() {
            if let Some(interval) = interval {
                let _ = write!(
                    svg,
                    "<line class=\"interval\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" y2=\"{2:.1}\"/>",
                    x(at),
                    y(interval.low),
                    y(interval.high)
                );
            }
        }
        for (class, list) in [("published", &self.published), ("bridged", &self.bridged)] {
            let mut path = String::new();
            let mut pen_down = false;
            for (at, value) in list.iter().enumerate() {
                let Some(value) = value else {
                    pen_down = false;
                    continue;
                };
                let cut = class == "published" && self.breaks.contains(&at);
                let command = if pen_down && !cut { 'L' } else { 'M' };
                let _ = write!(path, "{command}{:.1} {:.1}", x(at), y(*value));
                pen_down = true;
                let _ =
                    write!(svg, "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"1.6\"/>", x(at), y(*value));
            }
            let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
        }
        svg.push_str("</svg>");
        svg
    }
}

/// A number for people: in French, a decimal comma and narrow no-break spaces between thousands.
pub(super) fn number(value: f64, decimals: u8, french: bool) -> String {
    let text = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(if french { '\u{202f}' } else { ',' });
        }
        grouped.push(digit);
    }
    if !rest.is_empty() {
        grouped.push(if french { ',' } else { '.' });
        grouped.push_str(rest);
    }
    if value < 0.0 { format!("−{grouped}") } else { grouped }
}

/// A text with the signs of HTML replaced.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
