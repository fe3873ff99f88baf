//! Who is let in.

use super::keys::is_key;
use super::{Caller, KeyRing, Role, Tokens};

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
    tokens: Option<Tokens>,
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
        Self { strangers, keys: None, tokens: None }
    }

    /// The same, with keys.
    #[must_use]
    pub fn with_keys(mut self, keys: KeyRing) -> Self {
        self.keys = Some(keys);
        self
    }

    /// The same, with tokens of an identity provider.
    #[must_use]
    pub fn with_tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = Some(tokens);
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
        if !is_key(token) {
            let Some(tokens) = &self.tokens else { return Admission::Refused };
            return tokens.known(token).map_or(Admission::Unverified, Admission::Known);
        }
        let Some(keys) = &self.keys else { return Admission::Refused };
        match keys.known(token) {
            None => Admission::Unverified,
            Some(None) => Admission::Refused,
            Some(Some(caller)) => Admission::Known(caller),
        }
    }

    /// Whose token it is that was not seen before; `None` where it is refused. A key takes some 20 ms and 19 MiB.
    pub fn verify(&self, token: &str) -> Option<Caller> {
        if is_key(token) { self.keys.as_ref()?.verify(token) } else { self.tokens.as_ref()?.verify(token) }
    }

    /// Whether a caller is one of those who are let in without a key.
    #[must_use]
    pub fn is_stranger(&self, caller: &Caller) -> bool {
        matches!(&self.strangers, Strangers::All(known) | Strangers::Near(known) if known == caller)
    }

    /// Whether strangers may ask everything that is asked with a role, whatever they show: no header need be looked at.
    #[must_use]
    pub fn is_open(&self, role: Role) -> bool {
        self.keys.is_none()
            && self.tokens.is_none()
            && matches!(&self.strangers, Strangers::All(caller) if caller.role() >= role)
    }
}
