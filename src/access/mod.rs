//! Who may ask what: roles, keys, and what is told of whoever shows one.
//!
//! A [`Role`] holds all that the roles below it hold. A [`KeyFile`] keeps the keys, each as an argon2 hash, with the name of who
//! holds it: that name is the author of all that is written with it. [`Access`] tells the [`Caller`] of a request from what it
//! shows, at once where the key was seen before.
//!
//! It knows no HTTP: it is handed the text that a request shows and says who that is. Times that are kept are arguments; tokens of
//! an identity provider ([`Tokens`]) are held against the clock of the machine.

mod caller;
mod error;
mod gate;
mod keys;
mod ring;
mod role;
mod tokens;

pub use caller::Caller;
pub use error::AccessError;
pub use gate::{Access, Admission, Strangers};
pub use keys::{KeyFile, KeyRecord};
pub use ring::KeyRing;
pub use role::{Role, UnknownRole};
pub use tokens::{Issuer, KeySet, Tokens};
