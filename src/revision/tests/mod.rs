//! Revisions held against laws: inverse, conservation, recomputation from scratch.

mod operations;
