//! Work on many threads, results in order, a bounded number under way.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::BatchError;

/// Draws pieces from `next`, works on them on so many threads (with one, on the calling one alone), and hands the results
/// to `take` on the calling thread, in the order of the pieces. `Own` is what each thread keeps for itself.
///
/// At most about four pieces for each thread are under way. The first error, of whichever part, ends it all.
pub(super) fn run<Own: Default, Piece: Send, Done: Send>(
    workers: usize,
    mut next: impl FnMut() -> Result<Option<Piece>, BatchError> + Send,
    work: impl Fn(&mut Own, Piece) -> Done + Sync,
    mut take: impl FnMut(Done) -> Result<(), BatchError>,
) -> Result<(), BatchError> {
    if workers <= 1 {
        let mut own = Own::default();
        while let Some(piece) = next()? {
            take(work(&mut own, piece))?;
        }
        return Ok(());
    }
    let (give_job, take_job) = sync_channel::<(Piece, SyncSender<Done>)>(workers);
    // Every piece under way has its place here, so this bounds them all.
    let (give_promise, take_promise) = sync_channel::<Result<Receiver<Done>, BatchError>>(workers * 2);
    let take_job = Mutex::new(take_job);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (take_job, work) = (&take_job, &work);
            scope.spawn(move || {
                let mut own = Own::default();
                loop {
                    let job = take_job.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((piece, reply)) = job else { break };
                    // Nobody waits for it once writing has failed.
                    reply.send(work(&mut own, piece)).ok();
                }
            });
        }
        scope.spawn(move || {
            loop {
                let (promise, job) = match next() {
                    Ok(Some(piece)) => {
                        let (reply, promise) = sync_channel(1);
                        (Ok(promise), Some((piece, reply)))
                    }
                    Ok(None) => break,
                    Err(error) => (Err(error), None),
                };
                if give_promise.send(promise).is_err() {
                    break;
                }
                let Some(job) = job else { break };
                if give_job.send(job).is_err() {
                    break;
                }
            }
        });
        // Dropped at the end of this closure, before the scope waits for the threads.
        let take_promise = take_promise;
        while let Ok(promise) = take_promise.recv() {
            take(promise?.recv().map_err(|_| BatchError::Read(io::ErrorKind::Interrupted.into()))?)?;
        }
        Ok(())
    })
}
