//! Revisions held against laws: inverse, conservation, recomputation from scratch.

mod dossier;
mod engine;
mod impact;
mod maps;
mod operations;
mod proposals;
