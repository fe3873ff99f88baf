//! HTTP: questions in, answers out, on a ready [`State`].
//!
//! Every route stands in one table (`app`); a file per resource (`resources`) holds its handlers, each with its description:
//! the whole of them is the [`document`] that programs read. What handlers take is typed and strict (`extract`). What goes
//! out is [`wire`]'s or the model's own JSON; what goes wrong is a problem detail (RFC 9457) from one table of codes
//! ([`CODES`]), in French or in English. [`router`] is the service, [`serve`] runs it on a socket with limits on slow clients
//! and an orderly end. Every route takes a role (`guard`), which the request's key gives.
//!
//! **Positions are personal information.** The log has the method, the route's pattern, the status and the duration of a
//! request, under the target [`ACCESS_LOG`], and nothing else of it. A problem may repeat a value to who sent it; no problem
//! is ever logged, which is why [`Problem`] has no `Display`.

mod app;
mod base;
mod batches;
mod bbox;
mod compression;
mod connections;
mod docs;
mod document;
mod document_3_0;
mod drafts;
mod explain;
mod extract;
mod fhir;
mod fields;
mod fragments;
mod front;
mod guard;
mod language;
mod layers;
mod limits;
mod memory;
mod metrics;
mod ogc;
mod operations;
mod page;
mod page_answer;
mod problem;
mod rate;
mod refusals;
mod reply;
mod resources;
mod series_problems;
mod serve;
mod state;
mod systems;
mod tile_store;
mod tls;
mod web;
pub mod wire;
mod work;

use crate::domain::Language;
pub use app::{ACCESS_LOG, roles, router};
pub use base::{Base, NoBase};
pub use document::document;
pub use document_3_0::document_3_0;
pub use front::Front;
pub use limits::Options;
pub use problem::{CODES, Code, Problem};
pub use resources::resolve::{MOST_BODY_BYTES, MOST_QUESTIONS};
pub use resources::series::MOST_TABLE_BYTES;
pub use serve::serve;
pub use state::{Clock, Outfit, ReloadError, Reloaded, Served, State};
pub use systems::{System, Systems};
pub use tls::{Tls, TlsError};
