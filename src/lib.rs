//! Rattache: which CLSC territory a place in Québec belongs to, and what happens when a boundary moves.
//!
//! The finest units, dissemination areas, are indexed once, as shared arcs ([`geometry`], [`lookup`]). Every level, edition
//! and date is a table on top ([`domain`]), and all of it is one file ([`atlas`]) made from official files ([`import`]) or from
//! the embedded model ([`demo`]). One path answers every question ([`resolve`]), whoever asks: [`http`], [`cli`], or every
//! row of a file ([`batch`]).
//!
//! What became of a territory between two editions is told in one place ([`change`]), whether a revision ([`revision`]) or a
//! series ([`series`]) asks.
//!
//! What people read is in French first ([`domain::French`], [`domain::Words`]), in English where it is asked for.
//!
//! Who may know whom: `domain` knows nobody; `geometry`, `pages`, `tables` and `demo` know `domain`; `lookup` knows `domain` and `geometry`;
//! `address`, `change` and `files` know `domain`; `series` knows `domain`, `change`, `pages` and `tables`; `revision` knows `domain`,
//! `geometry`, `change`, `pages`, `tables` and `atlas`; `import` knows `domain`,
//! `geometry`, `lookup`, `address` and `tables`; `atlas` knows `domain`, `geometry`, `lookup`, `address` and `files`; `export` knows
//! `domain`, `geometry`, `atlas`, `resolve` and `files`; `resolve` knows all of
//! these but `import` and `series`; `compare` joins `series` to an `atlas`; `store` knows `domain` and `revision`; `http` knows all but `import`, `demo` and `cli`;
//! `cli` assembles, and nothing knows `cli`. The test `architecture` holds this.

pub mod address;
pub mod atlas;
pub mod batch;
pub mod catalogue;
pub mod change;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod export;
pub mod files;
pub mod geometry;
pub mod http;
pub mod import;
pub mod lookup;
pub mod pages;
pub mod resolve;
pub mod revision;
pub mod series;
pub mod store;
pub mod tables;
