//! Files that stand under their name whole or not at all, one by one or as a set.
//!
//! [`write()`] is for bytes at hand; [`Aside`] is a file that is written under another name in the same folder; and
//! [`publish`] gives several of them their names together: where one can not have it, those before it give theirs back. A
//! [`Spool`] holds bytes that wait to be read, in a file without a name.

mod aside;
mod error;
mod scratch;
mod spool;

pub use aside::{Aside, publish, write};
pub use error::FilesError;
pub use scratch::bytes_of;
pub use spool::Spool;
