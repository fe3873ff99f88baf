//! Revisions held against laws: inverse, conservation, recomputation from scratch.

mod engine;
mod maps;
mod operations;
