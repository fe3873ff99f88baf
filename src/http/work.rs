//! Work that takes more than a few microseconds, away from the threads that serve connections: so much at a time, for so long,
//! and not for a client that has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::problem::{BUSY, TOO_LONG};
use super::{Options, Problem, State};

/// How long work may wait for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How much less than threads that serve connections a thread of heavy work gets, as `nice` counts.
const NICENESS: i32 = 10;

/// The queues of work, apart from one another.
#[derive(Debug)]
pub struct Queues {
    /// What takes a core for long.
    heavy: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Searches for one address, which are short and many.
    lookups: Arc<Semaphore>,
    /// Set once the server has waited long enough for what is under way.
    ended: Arc<AtomicBool>,
}

/// Work under way.
#[derive(Debug, Clone)]
pub struct Work {
    left: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
    deadline: Instant,
}

impl Work {
    /// Whether somebody still waits for it: asked between its steps.
    ///
    /// # Errors
    /// Too long, where the client has left, the time is over or the server ends.
    pub fn check(&self) -> Result<(), Problem> {
        if self.left.load(Ordering::Relaxed) || self.ended.load(Ordering::Relaxed) || Instant::now() >= self.deadline {
            return Err(too_long());
        }
        Ok(())
    }
}

fn too_long() -> Problem {
    Problem::new(
        TOO_LONG,
        "La réponse demande plus de temps qu'il n'en est donné à une requête : posez-la en plusieurs parties.",
        "the answer takes more time than a request is given: ask it in several parts",
    )
}

fn busy() -> Problem {
    Problem::new(
        BUSY,
        "Trop de travaux lourds sont en cours : réessayez dans un instant.",
        "too much heavy work is under way: try again in a moment",
    )
}

/// Says that the client has left, unless the work was done before.
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One that waits for its turn.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queues {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            heavy: Arc::new(Semaphore::new(options.heavy())),
            waiting: AtomicUsize::new(0),
            lookups: Arc::new(Semaphore::new(options.heavy() * 2)),
            ended: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Places that are free for heavy work.
    pub(super) fn free(&self) -> usize {
        self.heavy.available_permits()
    }

    /// What says that the server has waited long enough.
    pub(super) fn ended(&self) -> &Arc<AtomicBool> {
        &self.ended
    }
}

impl State {
    /// Runs work that takes more than a few microseconds away from the threads that serve connections.
    ///
    /// # Errors
    /// As [`State::run_long`].
    pub(super) async fn run_heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run_long(|_| work()).await
    }

    /// The same for work of many steps, which asks between them whether it is still wanted.
    ///
    /// # Errors
    /// A problem of the work itself; busy, where too many wait or no place gets free; too long, where its time is over;
    /// internal, where the work panicked.
    pub(super) async fn run_long<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Work) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let queues = &self.queues;
        if queues.heavy.available_permits() == 0 && queues.waiting.load(Ordering::Relaxed) >= self.options.most_waiting
        {
            return Err(busy());
        }
        queues.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(&queues.waiting);
        let deadline = Instant::now() + self.options.request_timeout;
        let most = LONGEST_WAIT.min(self.options.request_timeout);
        let permit = tokio::time::timeout(most, Arc::clone(&queues.heavy).acquire_owned()).await;
        drop(waiting);
        let Ok(Ok(permit)) = permit else { return Err(busy()) };
        let left = Arc::new(AtomicBool::new(false));
        let of = Work { left: Arc::clone(&left), ended: Arc::clone(&queues.ended), deadline };
        let leaving = Leaving(left);
        let task = tokio::task::spawn_blocking(move || {
            // Kept to the end of the work, whether or not anybody waits for it.
            let _permit = permit;
            step_back();
            of.check()?;
            work(&of)
        });
        let done = tokio::time::timeout_at(deadline.into(), task).await;
        drop(leaving);
        match done {
            Err(_) => Err(too_long()),
            Ok(done) => done.unwrap_or_else(|_| Err(Problem::internal())),
        }
    }

    /// Runs a search for one address, which is short, on a queue of its own.
    ///
    /// # Errors
    /// As [`State::run_long`].
    pub(super) async fn run_lookup<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let wait = tokio::time::timeout(LONGEST_WAIT, Arc::clone(&self.queues.lookups).acquire_owned());
        let Ok(Ok(permit)) = wait.await else { return Err(busy()) };
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.unwrap_or_else(|_| Err(Problem::internal()))
    }
}

/// Lets the threads that serve connections go first. A thread that may not say so works as it is.
fn step_back() {
    #[cfg(target_os = "linux")]
    {
        thread_local!(static DONE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
        if !DONE.replace(true) {
            // Linux keeps the priority by thread.
            rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS).ok();
        }
    }
}
