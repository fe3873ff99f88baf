//! HTTP: questions in, answers out, on a ready [`State`].
//!
//! Every route stands in one table ([`ROUTES`]); a file per resource answers it. What goes out is [`wire`]'s or the model's
//! own JSON; what goes wrong is a problem detail (RFC 9457) from one table of codes ([`CODES`]), in French or in English.
//! [`router`] is the service, [`serve`] runs it on a socket with limits on slow clients and an orderly end.
//!
//! **Positions are personal information.** The log has the method, the route's pattern, the status and the duration of a
//! request, under the target [`ACCESS_LOG`], and nothing else of it. A problem may repeat a value to who sent it; no problem
//! is ever logged, which is why [`Problem`] has no `Display`.

mod admin;
mod batch;
mod drafts;
mod editions;
mod error;
mod explain;
mod fragments;
mod geometry;
mod health;
mod language;
mod openapi;
mod openapi_addresses;
mod openapi_series;
mod page;
mod page_answer;
mod parameters;
mod places;
mod refusals;
mod reply;
mod resolve;
mod revision_paths;
mod revisions;
mod router;
mod series;
mod series_problems;
mod serve;
mod state;
mod territories;
pub mod wire;

use crate::domain::Language;
pub use error::{CODES, Code, Problem};
pub use resolve::{MOST_BODY_BYTES, MOST_QUESTIONS};
pub use router::{ACCESS_LOG, Action, ROUTES, Route, router};
pub use series::MOST_TABLE_BYTES;
pub use serve::serve;
pub use state::{Clock, Options, Outfit, ReloadError, Reloaded, Served, State};
