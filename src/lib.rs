//! Rattache: which CLSC territory a place in Québec belongs to, and what happens when a boundary moves.
//!
//! # Asking
//!
//! An atlas is one file, opened without decoding; a resolver answers on the edition that a choice means. Here the embedded model
//! of Québec stands in for a file: its limits are imaginary.
//!
//! ```
//! use rattache::atlas::Atlas;
//! use rattache::domain::{EditionChoice, LonLat, Timestamp};
//! use rattache::resolve::Resolver;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("quebec.atlas");
//! # let kept = rattache::demo::cache_folder(|name| std::env::var_os(name));
//! # std::fs::write(&path, rattache::demo::open(kept.as_deref(), Atlas::load, || ())?.bytes())?;
//! let atlas = Atlas::open(&path)?;
//! // What is in force depends on the day, which the caller tells: here the one of the system's clock, in Québec.
//! let today = Timestamp::from(std::time::SystemTime::now()).day_in_quebec();
//! let resolver = Resolver::new(&atlas, &EditionChoice::InForce(today))?;
//! // Longitude first; with the error of the position in metres.
//! let answer = resolver.resolve(LonLat::new(-73.5542, 45.5088)?, Some(50.0))?;
//! let clsc = answer.lineage.expect("the position lies in Montréal").clsc;
//! assert_eq!((clsc.code, clsc.name), ("06324", "Montréal - Centre-Ville"));
//! assert!(answer.certainty.is_some_and(|certainty| certainty.stable));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Resolver::resolve_place`](resolve::Resolver::resolve_place) takes addresses, postal codes and installations. Where revisions
//! of the territories are kept in a store, ask a [`catalogue::Catalogue`], which knows which of them are in force. Files of rows go
//! through [`batch`].
//!
//! # What stands where
//!
//! The finest units, dissemination areas, are indexed once, as shared arcs ([`geometry`], [`lookup`]). Every level, edition
//! and date is a table on top ([`domain`]), and all of it is one file ([`atlas`]) made from official files ([`import`]) or from
//! the embedded model ([`demo`]). One path answers every question ([`resolve`]) on the edition that [`catalogue`] says, whoever
//! asks: [`http`], [`cli`], or every row of a file ([`batch`]). [`revision`] changes an edition, [`series`] compares several.
//!
//! What became of a territory between two editions is told in one place ([`change`]), whether a revision ([`revision`]) or a
//! series ([`series`]) asks.
//!
//! What people read is in French first ([`domain::French`], [`domain::Words`]), in English where it is asked for.
//!
//! # Features
//!
//! All are on by default; without any, what remains is the core, which reads atlases and answers. `import` reads official files
//! (PROJ, shapefile, `GeoJSON`, `GeoPackage`), `export` writes such, `batch` answers whole files of rows (Excel, Parquet), `store`
//! keeps revisions in a database, `demo` holds the embedded model, `http` is the service and `cli` the program.
//!
//! # Who may know whom
//!
//! Folders import downwards only, and every dependency has one home; the test `architecture` holds both. From the bottom: `domain`;
//! `geometry`, `tables`, `pages` and `files`; `lookup` and `address`; `change`; `atlas`; `resolve`, `series` and `revision`; `store`
//! (over `revision`); `catalogue`, which joins all of these; `export`, `batch`, and `tiles` over `geometry`; `access`; `http`; `cli`, which assembles, and which
//! nothing knows. `import` and `demo` produce what `atlas` compiles, and only `cli` knows them.

#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unused_imports,
        reason = "what only readers and writers of files use stands beside what the core uses"
    )
)]

#[cfg(feature = "http")]
pub mod access;
pub mod address;
pub mod atlas;
#[cfg(feature = "arrow")]
pub mod batch;
pub mod catalogue;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "demo")]
pub mod demo;
pub mod domain;
#[cfg(feature = "export")]
pub mod export;
pub mod files;
pub mod geometry;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "import")]
pub mod import;
pub mod lookup;
pub mod pages;
pub mod resolve;
pub mod revision;
pub mod series;
pub mod store;
pub mod tables;
#[cfg(feature = "http")]
pub mod tiles;
