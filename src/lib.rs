//! Rattache: which CLSC territory a place in Québec belongs to.

pub mod domain;
pub mod geometry;
pub mod import;
