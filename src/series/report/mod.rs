//! A checked and bridged table on one page.

mod charts;
mod page;

pub use page::report;
