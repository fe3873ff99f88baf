//! Tails and quantiles of the distributions that tests and intervals rest on.

mod gamma;
mod student;

pub(in crate::series) use gamma::{counted_interval, standardised_interval};
pub(in crate::series) use student::two_sided_p;
