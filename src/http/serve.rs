//! The service on a socket: limits on slow clients, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::{Body as _, Incoming};
use hyper::http::HeaderValue;
use hyper::http::header::HOST;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tower::Service as _;

use super::app::{answer_at_once, check_host, is_at_once, router};
use super::connections::{Connections, Entry};
use super::guard::Peer;
use super::memory::keep_with;
use super::{Language, Options, State};

/// Largest head of a request (request line and header fields), bytes.
const MOST_HEAD_BYTES: usize = 32 << 10;
/// Most requests that one connection of HTTP/2 may have under way.
const MOST_STREAMS: u32 = 64;
/// How many bytes tell HTTP/2 from HTTP/1: its preface (RFC 9113, 3.4).
const PREFACE_BYTES: usize = 24;
/// What the system answers where a process has opened all that it may (`EMFILE`).
const TOO_MANY_OPEN: i32 = 24;
/// How often a lack of descriptors is told.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Serves until `shutdown` is done, then lets the requests under way end, for as long as the options allow.
///
/// A client that is slow to send or to read is cut off after the times that the options set. HTTP/1.1, and HTTP/2 for who begins
/// with it.
///
/// # Errors
/// None today: a connection that fails is that client's own affair, and running out of descriptors is waited out.
pub async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let desk = Desk { router: router(&state), state: Arc::clone(&state) };
    let graceful = GracefulShutdown::new();
    let connections = Connections::new(&state);
    let mut shutdown = std::pin::pin!(shutdown);
    let language = state.options.log_language;
    let mut last_told: Option<Instant> = None;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.as_mut() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let address = peer.ip().to_canonical();
                // One that is not let in is closed.
                if let Some(entry) = connections.enter(address, state.front().proxies.contains(&address)) {
                    desk.take(stream, entry, address, graceful.watcher());
                }
                if let Some((refused, open)) = connections.to_tell() {
                    let words =
                        language.pick("connexions refusées, faute de place", "connections refused for lack of room");
                    tracing::warn!(refused, open, "{words}");
                }
            }
            // The queue is full of connections that ended meanwhile, or there are no descriptors left: both pass.
            Err(error) => {
                if error.raw_os_error() == Some(TOO_MANY_OPEN)
                    && last_told.is_none_or(|told| told.elapsed() > TELL_EVERY)
                {
                    last_told = Some(Instant::now());
                    let words = language.pick(
                        "il ne reste pas de descripteurs : relevez LimitNOFILE, ou baissez --most-connections",
                        "no descriptors are left: raise LimitNOFILE, or lower --most-connections",
                    );
                    tracing::error!("{words}");
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    state.stop();
    tracing::info!("{}", language.pick("arrêt en cours", "shutting down"));
    if tokio::time::timeout(state.options.drain_timeout, graceful.shutdown()).await.is_err() {
        let words = language.pick("des requêtes ne se sont pas terminées à temps", "some requests did not end in time");
        tracing::warn!("{words}");
    }
    // What goes on now is for nobody.
    state.queues.ended().store(true, Ordering::Relaxed);
    Ok(())
}

/// What a connection is served with.
#[derive(Clone)]
struct Desk {
    router: Router,
    state: Arc<State>,
}

impl Desk {
    /// Takes a connection that was let in.
    fn take(&self, stream: TcpStream, entry: Entry, peer: IpAddr, watcher: Watcher) {
        stream.set_nodelay(true).ok();
        let desk = self.clone();
        let Some(tls) = self.state.tls() else {
            let served = self.connection(stream, entry, peer, watcher);
            tokio::spawn(served);
            return;
        };
        let acceptor = tls.acceptor(self.state.options.log_language);
        tokio::spawn(async move {
            // Whoever does not agree on how to talk in the time of a head is let go.
            let met = tokio::time::timeout(desk.state.options.head_timeout, acceptor.accept(stream)).await;
            if let Ok(Ok(stream)) = met {
                desk.connection(stream, entry, peer, watcher).await;
            }
        });
    }

    fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        entry: Entry,
        peer: IpAddr,
        watcher: Watcher,
    ) -> impl Future<Output = ()> + Send + 'static {
        let Self { router, state } = self.clone();
        let entry = Arc::new(entry);
        let closing = Arc::clone(&entry.connection);
        let options = state.options;
        let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            // In HTTP/2 the host stands in the URL (RFC 9113, 8.3.1): it is looked at where that of HTTP/1 is.
            let authority =
                request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
            if request.version() == hyper::Version::HTTP_2 {
                request.headers_mut().extend(authority.map(|authority| (HOST, authority)));
            }
            let busy = entry.busy();
            let host = check_host(request.version(), request.headers());
            let answer = if let Err(problem) = host.and_then(|()| state.front().check_host(request.headers())) {
                Ok(problem.to_response(Language::of_request(request.uri(), request.headers())))
            } else if is_at_once(&state, request.method(), request.uri(), request.headers()) {
                Ok(answer_at_once(&state, &request.into_parts().0))
            } else {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Peer(peer));
                Err(router.clone().call(request))
            };
            async move {
                let response = match answer {
                    Ok(response) => response,
                    Err(answer) => (answer.await as Result<Response, Infallible>)?,
                };
                // A stream goes on for long: its connection is not idle meanwhile.
                let streams = response.body().size_hint().exact().is_none();
                Ok::<_, Infallible>(if streams { keep_with(response, busy) } else { response })
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(options.head_timeout)
            .max_buf_size(MOST_HEAD_BYTES)
            .http2()
            .timer(TokioTimer::new())
            // A connection that no longer answers is closed, as one whose peer reads nothing is.
            .keep_alive_interval(Some(options.head_timeout))
            .keep_alive_timeout(options.write_timeout)
            .max_header_list_size(MOST_HEAD_BYTES as u32)
            .max_concurrent_streams(MOST_STREAMS);
        let connection = builder.serve_connection(TokioIo::new(Patient::new(stream, &options)), service);
        let watched = watcher.watch(connection.into_owned());
        async move {
            // What breaks a connection is the client's affair, and may hold what it sent.
            tokio::select! {
                broken = watched => drop(broken),
                () = closing.close.notified() => {}
            }
        }
    }
}

/// A stream whose peer may only keep a write waiting for so long, and all writes together for no longer than that and what
/// their bytes take at the least pace.
struct Patient<S> {
    stream: S,
    patience: Duration,
    least_pace: u64,
    deadline: Option<Pin<Box<Sleep>>>,
    /// Until the first bytes are there, which tell the version of HTTP: when they must be.
    beginning: Option<(Pin<Box<Sleep>>, usize)>,
    /// Since when a write waits.
    waiting: Option<Instant>,
    waited: Duration,
    written: u64,
}

impl<S> Patient<S> {
    fn new(stream: S, options: &Options) -> Self {
        Self {
            stream,
            patience: options.write_timeout,
            least_pace: options.least_pace.max(1),
            deadline: None,
            beginning: Some((Box::pin(tokio::time::sleep(options.head_timeout)), 0)),
            waiting: None,
            waited: Duration::ZERO,
            written: 0,
        }
    }

    /// How long this write may still wait.
    fn left(&self) -> Duration {
        let allowed = self.patience + Duration::from_secs(self.written / self.least_pace);
        self.patience.min(allowed.saturating_sub(self.waited))
    }

    fn count(&mut self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            self.written += *bytes as u64;
        }
    }

    /// Passes on a write that went through; fails one that has waited too long.
    fn judge<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            self.waited += self.waiting.take().map_or(Duration::ZERO, |since| since.elapsed());
            return written;
        }
        self.waiting.get_or_insert_with(Instant::now);
        let patience = self.left();
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if let Some((deadline, count)) = &mut self.beginning {
            if read.is_pending() {
                ready!(deadline.as_mut().poll(cx));
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            *count += buf.filled().len() - before;
            if *count >= PREFACE_BYTES {
                self.beginning = None;
            }
        }
        // Who is still sending has not gone to sleep: many read nothing before all is sent.
        if buf.filled().len() > before {
            self.deadline = None;
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.count(&written);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.count(&written);
        self.judge(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.judge(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.judge(cx, shut)
    }
}
