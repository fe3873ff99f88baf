//! Every test that holds the crate against something other than itself: one binary, one module a concern.

mod address;
mod batch;
mod http;
mod lookup;
mod maps;
mod oracle;
mod series;
