//! The compiled atlas: one file, opened without decoding, from which every question is answered.
//!
//! [`compile`] lays out what import or the demo made; [`Atlas::open`] maps a file, checks it and hands out views;
//! [`verify`] proves the laws on it. The file is written under another name and renamed, so that a reader never sees a half.

mod bytes;
mod compile;
mod error;
pub mod format;
mod inside;
mod open;
mod outlines;
mod verify;
mod write;

pub use bytes::Bytes;
pub use compile::{AtlasSource, compile};
pub use error::AtlasError;
pub use open::{Atlas, EditionView, Manifest, SourceFile};
pub use verify::{Check, VerifyOptions, verify};
pub use write::write;
