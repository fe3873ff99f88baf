//! A full scan over exact edges, kept bearable by looking only at the edges that span the longitude asked about.

use rattache::geometry::fixed::is_below;
use rattache::geometry::{CoverageView, FixedPoint, Side};

/// Edges by column of longitude.
pub struct Oracle {
    x0: u32,
    shift: u32,
    columns: Vec<Vec<(FixedPoint, FixedPoint, Side)>>,
}

impl Oracle {
    pub fn new(coverage: CoverageView<'_>) -> Self {
        let x0 = coverage.vertices.iter().map(|v| v.x).min().unwrap_or(0);
        let x1 = coverage.vertices.iter().map(|v| v.x).max().unwrap_or(0);
        let shift = (32 - (x1 - x0).leading_zeros()).saturating_sub(14);
        let mut columns = vec![Vec::new(); ((x1 - x0) >> shift) as usize + 1];
        for (arc, sides) in coverage.sides.iter().enumerate() {
            for edge in coverage.arc(arc).windows(2) {
                let (low, high) = (edge[0].x.min(edge[1].x), edge[0].x.max(edge[1].x));
                for column in (low - x0) >> shift..=(high - x0) >> shift {
                    columns[column as usize].push((edge[0], edge[1], sides[0] ^ sides[1]));
                }
            }
        }
        Self { x0, shift, columns }
    }

    /// What the exclusive or over all edges above a point says; the definition of ownership.
    pub fn locate(&self, p: FixedPoint) -> Side {
        let Some(column) = p.x.checked_sub(self.x0).and_then(|x| self.columns.get((x >> self.shift) as usize)) else {
            return 0;
        };
        column.iter().filter(|(a, b, _)| is_below(*a, *b, p)).fold(0, |side, (_, _, change)| side ^ change)
    }
}
