//! A whole table on one edition: exact where it can be, with an interval where it can not.

mod interval;
mod parts;
mod run;

#[cfg(test)]
mod bridge_tests;

pub use interval::{Heterogeneity, Interval, ShareSpread, spread_interval};
pub use parts::{Method, Refusal};
pub use run::{Bridge, BridgeOptions, BridgedCell, Conservation, bridge};
