//! Who asks.

use std::sync::Arc;

use super::Role;

/// Somebody who asks, by the name that the key or token gives, with a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    name: Arc<str>,
    role: Role,
}

impl Caller {
    /// Somebody of a name and a role: for whoever has told them by other means than a key.
    #[must_use]
    pub fn new(name: &str, role: Role) -> Self {
        Self { name: name.into(), role }
    }

    /// The author of what they write.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What they may do.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }
}
