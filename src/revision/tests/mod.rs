//! Revisions held against laws: inverse, conservation, recomputation from scratch.

mod engine;
mod impact;
mod maps;
mod operations;
mod proposals;
