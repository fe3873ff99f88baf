//! Bodies and answers that are held in memory, so many bytes at once.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Problem;
use super::problem::BUSY;

/// What is counted at a time, bytes.
const UNIT: usize = 1 << 10;
/// What is too small to be counted, bytes: the number of connections limits it.
const SMALL: usize = 64 << 10;

/// The memory of bodies and answers.
#[derive(Debug, Clone)]
pub struct Memory(Arc<Semaphore>);

/// Bytes that stay counted for as long as anybody holds them.
struct Held {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Room for a body that grows.
pub struct Room {
    of: Memory,
    permit: Option<OwnedSemaphorePermit>,
    counted: usize,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS))))
    }

    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        Arc::clone(&self.0).try_acquire_many_owned(units).map_err(|_| {
            Problem::new(
                BUSY,
                "Le serveur tient déjà tout ce qu'il peut en mémoire : réessayez dans un instant.",
                "the server holds all that it can in memory: try again in a moment",
            )
        })
    }

    /// Room for a body that is about to come.
    pub(super) fn room(&self) -> Room {
        Room { of: self.clone(), permit: None, counted: 0 }
    }

    /// Counts an answer for as long as it is not sent; one that there is no room for is let go.
    pub(super) fn count(&self, response: Response) -> Result<Response, Problem> {
        let Some(bytes) = response.body().size_hint().exact().filter(|&bytes| bytes as usize > SMALL) else {
            return Ok(response);
        };
        let room = self.take(bytes as usize)?;
        Ok(keep_with(response, room))
    }
}

impl Room {
    /// Makes sure that there is room for so many bytes in all.
    pub(super) fn grow(&mut self, bytes: usize) -> Result<(), Problem> {
        if bytes <= SMALL || bytes <= self.counted {
            return Ok(());
        }
        // By doublings, as a vector grows.
        let wanted = bytes.next_power_of_two();
        let more = self.of.take(wanted - self.counted)?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        self.counted = wanted;
        Ok(())
    }

    /// The bytes that came, counted until nobody holds them.
    pub(super) fn hold(self, bytes: Vec<u8>) -> Bytes {
        Bytes::from_owner(Held { bytes, _room: self.permit })
    }
}

/// A body with what is kept for as long as it is not sent.
struct With<T> {
    body: Body,
    _kept: T,
}

/// Keeps something for as long as an answer is not sent.
pub fn keep_with<T: Send + Unpin + 'static>(response: Response, kept: T) -> Response {
    response.map(|body| Body::new(With { body, _kept: kept }))
}

impl<T: Unpin> hyper::body::Body for With<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_counted_until_it_is_let_go() {
        let memory = Memory::new(1 << 20);
        let answer = || Response::new(Body::from(vec![0; 600 << 10]));
        let first = memory.count(answer()).ok().unwrap();
        assert_eq!(memory.count(answer()).err().unwrap().code.word, "busy");
        assert!(memory.count(Response::new(Body::from("small"))).is_ok());
        drop(first);
        assert!(memory.count(answer()).is_ok());
    }

    #[test]
    fn a_body_is_counted_as_it_grows_and_for_as_long_as_it_is_read() {
        let memory = Memory::new(1 << 20);
        let mut room = memory.room();
        assert!(room.grow(1000).is_ok());
        assert!(room.grow(500 << 10).is_ok());
        assert!(room.grow(1100 << 10).is_err());
        let bytes = room.hold(vec![1; 500 << 10]);
        let part = bytes.slice(0..10);
        drop(bytes);
        assert!(memory.room().grow(600 << 10).is_err());
        drop(part);
        assert!(memory.room().grow(600 << 10).is_ok());
    }
}
