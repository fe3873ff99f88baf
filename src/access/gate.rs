//! Who is let in.

use super::{Caller, KeyRing, Role};

/// Who is let in without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strangers {
    /// Nobody.
    None,
    /// Whoever reaches the service on the machine itself, but not what a proxy passes on.
    Near(Caller),
    /// Everybody.
    All(Caller),
}

/// What is told of a request from what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Who it is.
    Known(Caller),
    /// A key that was not seen before: [`Access::verify`] tells, away from the threads that serve.
    Unverified,
    /// A key that is none.
    Refused,
    /// Nothing is shown, and without that nobody is let in.
    Nobody,
}

/// Who may ask.
#[derive(Debug)]
pub struct Access {
    strangers: Strangers,
    keys: Option<KeyRing>,
}

impl Default for Access {
    /// Questions from the machine itself, and nothing else.
    fn default() -> Self {
        Self::new(Strangers::Near(Caller::new(ANONYMOUS, Role::Lookup)))
    }
}

/// The name of whoever asks without a key: it never stands as an author, as strangers do not write.
const ANONYMOUS: &str = "anonymous";

impl Strangers {
    /// Everybody may ask, and nothing else.
    #[must_use]
    pub fn may_look_up() -> Self {
        Self::All(Caller::new(ANONYMOUS, Role::Lookup))
    }
}

impl Access {
    /// Access for those who are let in without a key.
    #[must_use]
    pub const fn new(strangers: Strangers) -> Self {
        Self { strangers, keys: None }
    }

    /// The same, with keys.
    #[must_use]
    pub fn with_keys(mut self, keys: KeyRing) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Who a request comes from, by the token that it shows if any. `forwarded` says whether a proxy has passed it on; it is
    /// asked only where that matters.
    pub fn admit(&self, token: Option<&str>, forwarded: impl FnOnce() -> bool) -> Admission {
        let stranger = || match &self.strangers {
            Strangers::All(caller) => Some(caller),
            Strangers::Near(caller) if !forwarded() => Some(caller),
            Strangers::Near(_) | Strangers::None => None,
        };
        let Some(token) = token else {
            return stranger().map_or(Admission::Nobody, |caller| Admission::Known(caller.clone()));
        };
        let Some(keys) = &self.keys else { return Admission::Refused };
        match keys.known(token) {
            None => Admission::Unverified,
            Some(None) => Admission::Refused,
            Some(Some(caller)) => Admission::Known(caller),
        }
    }

    /// Whose token it is that was not seen before; `None` where it is refused. Takes some 20 ms and 19 MiB.
    pub fn verify(&self, token: &str) -> Option<Caller> {
        self.keys.as_ref()?.verify(token)
    }

    /// Whether strangers may ask everything that is asked with a role, whatever they show: no header need be looked at.
    #[must_use]
    pub fn is_open(&self, role: Role) -> bool {
        self.keys.is_none() && matches!(&self.strangers, Strangers::All(caller) if caller.role() >= role)
    }
}
