//! A whole table on one edition: exact where it can be, with an interval where it can not.

mod drift;
mod family;
mod fill;
mod interval;
mod method;
mod parts;
mod plan;
mod run;
mod seen;
mod standardised;
mod worker;

#[cfg(test)]
mod bridge_tests;
#[cfg(test)]
mod level_tests;

pub use interval::{Heterogeneity, Interval, ShareSpread, spread_interval};
pub use method::{Method, Refusal};
pub use run::{Bridge, BridgeOptions, BridgedCell, Conservation, DriftUsed, bridge};
pub use standardised::{StandardPopulation, StandardisedRate, standardise};
