//! A fence around the code of others that reads files made to harm.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// The code inside gave up on what it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GaveUp;

/// Runs the code of a library that ends with a panic on some bytes, and tells that as an error.
///
/// What it worked on must not be used afterwards.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, GaveUp> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.map_err(|_| GaveUp)
}

/// Whether the present thread is inside: a program's panic hook then has nothing to say.
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_is_an_error_outside() {
        let empty: Vec<u8> = Vec::new();
        assert_eq!(guarded(|| empty[3]), Err(GaveUp));
        assert_eq!(guarded(|| 3), Ok(3));
        assert!(!is_guarded());
    }
}
