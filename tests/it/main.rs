//! Every test that holds the crate against something other than itself: one binary, one module a concern.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::panic, reason = "tests stop at once and tell numbers")]

mod address;
mod altered;
mod answers;
mod architecture;
mod batch;
mod bilingual;
mod catalogue;
mod change;
mod cli;
mod demo_atlas;
mod examples;
mod exports;
mod guides;
mod help;
mod http;
mod lookup;
mod maps;
mod official;
mod oracle;
mod revision;
mod series;
mod series_drawn;
mod series_parquet;
mod series_weights;
mod series_wiring;
