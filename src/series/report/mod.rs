//! A checked and bridged table on one page.

mod page;

pub use page::report;
