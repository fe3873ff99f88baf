//! What lies around Québec: another province, another country, water.
//!
//! Facts of the project's own, `data/outline.csv`: the outer limit, rounded to 0.01 degree and heavily simplified, each of its
//! edges with what lies beyond. No statement about any border: it tells Hawkesbury from the estuary, and nothing finer.

use serde::Serialize;

const OUTLINE: &str = include_str!("../../data/outline.csv");

/// How far inside the simplified outline, in metres, a position outside the units may still be beyond the limit.
const SIMPLIFIED_M: f64 = 3_000.0;

/// What lies beyond the outer limit at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Ontario, its half of the rivers included.
    Ontario,
    /// New Brunswick.
    NewBrunswick,
    /// Newfoundland and Labrador.
    NewfoundlandAndLabrador,
    /// The United States.
    UnitedStates,
    /// Open water: the gulf, the bays, the sea.
    Water,
}

impl Beyond {
    /// Its word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ontario => "ontario",
            Self::NewBrunswick => "new_brunswick",
            Self::NewfoundlandAndLabrador => "newfoundland_and_labrador",
            Self::UnitedStates => "united_states",
            Self::Water => "water",
        }
    }

    /// Whether people live there: the limit is one of land.
    #[must_use]
    pub const fn is_land(self) -> bool {
        !matches!(self, Self::Water)
    }

    fn of_word(word: &str) -> Self {
        [Self::Ontario, Self::NewBrunswick, Self::NewfoundlandAndLabrador, Self::UnitedStates]
            .into_iter()
            .find(|beyond| beyond.as_str() == word)
            .unwrap_or(Self::Water)
    }
}

/// A vertex of the outline, and what lies beyond the edge to the next one of its ring.
#[derive(Debug, Clone, Copy)]
struct Vertex {
    part: usize,
    at: [f64; 2],
    beyond: Beyond,
}

fn vertices() -> impl Iterator<Item = Vertex> {
    OUTLINE.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        let part = fields.next()?.parse().ok()?;
        let at = [fields.next()?.parse().ok()?, fields.next()?.parse().ok()?];
        Some(Vertex { part, at, beyond: Beyond::of_word(fields.next()?) })
    })
}

/// The outline, ring by ring: longitude and latitude of each vertex.
#[must_use]
pub fn outline() -> Vec<Vec<[f64; 2]>> {
    let mut rings: Vec<Vec<[f64; 2]>> = Vec::new();
    for vertex in vertices() {
        rings.resize(rings.len().max(vertex.part), Vec::new());
        rings[vertex.part - 1].push(vertex.at);
    }
    rings
}

/// What a position outside the units lies in: what is beyond the nearest edge of the outline, and water well inside it.
#[must_use]
pub fn beyond(lon: f64, lat: f64) -> Beyond {
    let all: Vec<Vertex> = vertices().collect();
    let east_m = 111_320.0 * lat.to_radians().cos();
    let flat = |at: [f64; 2]| [(at[0] - lon) * east_m, (at[1] - lat) * 111_320.0];
    let mut nearest = (f64::INFINITY, Beyond::Water);
    let mut inside = false;
    for ring in all.chunk_by(|a, b| a.part == b.part) {
        for (place, vertex) in ring.iter().enumerate() {
            let [a, b] = [flat(vertex.at), flat(ring[(place + 1) % ring.len()].at)];
            let d = [b[0] - a[0], b[1] - a[1]];
            let along = (-(a[0] * d[0] + a[1] * d[1]) / (d[0] * d[0] + d[1] * d[1])).clamp(0.0, 1.0);
            let away = (a[0] + along * d[0]).hypot(a[1] + along * d[1]);
            if away < nearest.0 {
                nearest = (away, vertex.beyond);
            }
            if (a[1] > 0.0) != (b[1] > 0.0) && 0.0 < (b[0] - a[0]) * -a[1] / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
        }
    }
    if inside && nearest.0 > SIMPLIFIED_M { Beyond::Water } else { nearest.1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neighbours_are_told_from_the_water() {
        for (lon, lat, expected) in [
            (-75.690, 45.421, Beyond::Ontario),
            (-74.604, 45.607, Beyond::Ontario),
            (-79.68, 48.5, Beyond::Ontario),
            (-72.098, 45.005, Beyond::UnitedStates),
            (-73.45, 44.99, Beyond::UnitedStates),
            (-70.26, 45.62, Beyond::UnitedStates),
            (-68.32, 47.36, Beyond::NewBrunswick),
            (-66.67, 47.99, Beyond::NewBrunswick),
            (-66.91, 52.94, Beyond::NewfoundlandAndLabrador),
            (-56.99, 51.42, Beyond::NewfoundlandAndLabrador),
            (-62.5, 48.2, Beyond::Water),
            (-64.0, 48.5, Beyond::Water),
            (-80.5, 54.0, Beyond::Water),
            (-68.5, 59.3, Beyond::Water),
            (-73.5, 45.55, Beyond::Water),
            (-70.5, 47.3, Beyond::Water),
        ] {
            assert_eq!(beyond(lon, lat), expected, "{lon} {lat}");
        }
    }

    #[test]
    fn the_outline_has_a_ring_for_the_mainland_and_one_for_the_islands() {
        let rings = outline();
        assert_eq!(rings.len(), 2);
        assert!(rings[0].len() > 200 && rings[1].len() > 5);
    }
}
