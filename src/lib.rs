//! Rattache: which CLSC territory a place in Québec belongs to.

pub mod demo;
pub mod domain;
pub mod geometry;
pub mod lookup;
pub mod revision;
