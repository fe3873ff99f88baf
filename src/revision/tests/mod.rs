//! Revisions held against laws: inverse, conservation, recomputation from scratch.

mod dossier;
mod engine;
mod impact;
pub(super) mod maps;
pub(super) mod operations;
mod proposals;
