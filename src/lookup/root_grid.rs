//! The grid of root cells over a coverage.

use std::ops::Range;

use crate::geometry::FixedPoint;

/// A root cell is `1 << ROOT_BITS` grid units wide: 3.2 km by 4.7 km at 46° N.
pub(super) const ROOT_BITS: u32 = 22;

/// Where the root cells lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct RootGrid {
    /// West of the first column.
    pub(super) x0: u32,
    /// South of the first row.
    pub(super) y0: u32,
    pub(super) columns: u32,
    pub(super) rows: u32,
}

impl RootGrid {
    /// How many cells there are.
    #[must_use]
    pub fn cell_count(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// The cell of a position; `None` off the grid.
    #[must_use]
    #[inline]
    pub fn cell_of(&self, p: FixedPoint) -> Option<usize> {
        let (column, row) = (p.x.wrapping_sub(self.x0) >> ROOT_BITS, p.y.wrapping_sub(self.y0) >> ROOT_BITS);
        (column < self.columns && row < self.rows).then(|| row as usize * self.columns as usize + column as usize)
    }

    /// The south-west corner of a cell.
    #[must_use]
    pub(super) fn corner(&self, cell: usize) -> [u32; 2] {
        let (column, row) = (cell as u32 % self.columns, cell as u32 / self.columns);
        [self.x0 + (column << ROOT_BITS), self.y0 + (row << ROOT_BITS)]
    }

    /// How far east and north of the corner of its cell a position is, in grid units.
    #[must_use]
    #[inline]
    pub(super) fn within_cell(&self, p: FixedPoint) -> [u32; 2] {
        let mask = (1 << ROOT_BITS) - 1;
        [p.x.wrapping_sub(self.x0) & mask, p.y.wrapping_sub(self.y0) & mask]
    }

    /// How many columns and rows there are.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.columns, self.rows)
    }

    /// The middle and the corners of a block of cells.
    #[must_use]
    pub fn block(&self, columns: Range<u32>, rows: Range<u32>) -> (FixedPoint, [FixedPoint; 4]) {
        let x = |column: u32| (u64::from(self.x0) + (u64::from(column) << ROOT_BITS)).min(u64::from(u32::MAX)) as u32;
        let y = |row: u32| (u64::from(self.y0) + (u64::from(row) << ROOT_BITS)).min(u64::from(u32::MAX)) as u32;
        let (west, east, south, north) = (x(columns.start), x(columns.end), y(rows.start), y(rows.end));
        let at = |x: u32, y: u32| FixedPoint { x, y };
        let middle = at(west / 2 + east / 2, south / 2 + north / 2);
        (middle, [at(west, south), at(east, south), at(west, north), at(east, north)])
    }
}
