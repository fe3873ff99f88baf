//! Every test that holds the crate against something other than itself: one binary, one module a concern.

mod address;
mod architecture;
mod batch;
mod cli;
mod http;
mod lookup;
mod maps;
mod official;
mod oracle;
mod revision;
mod series;
mod series_wiring;
