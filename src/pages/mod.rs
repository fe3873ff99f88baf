//! One kit for what people read, on a page, on paper and in a terminal.
//!
//! - Numbers, shares, distances and days as each language writes them: methods of [`Language`](crate::domain::Language)
//!   (`whole`, `decimal`, `percent`, `metres`, `day`, ...);
//! - [`Noun`]: a word that agrees with a count; [`of_place`]: a name after *de*, with its elision;
//! - [`Frame`]: a page with the one style sheet ([`STYLE`]), which stands alone as a file or is served with its style apart;
//! - [`Table`], [`LineChart`]: what stands on it.
//!
//! Pages are written with `maud`, which escapes every text that is put in; nothing else in the crate escapes HTML.
//! What a page says belongs to the folder that knows it: the dossier to `revision`, the series report to `series`.

mod chart;
mod frame;
mod names;
mod noun;
mod numbers;
mod table;

pub use chart::{Band, LineChart};
pub use frame::{Frame, STYLE, style_source};
pub use names::of_place;
pub use noun::{ADDRESSES, AREAS, Noun, PEOPLE, ROWS, STREETS, TERRITORIES, VALUES};
pub use table::{Cell, Table};
