//! The service on a socket: limits on slow clients, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tower::Service as _;

use super::app::{answer_at_once, check_host, is_at_once, router};
use super::{Language, Options, State};

/// Largest head of a request (request line and header fields), bytes.
const MOST_HEAD_BYTES: usize = 32 << 10;
/// Most requests that one connection of HTTP/2 may have under way.
const MOST_STREAMS: u32 = 64;
/// How many bytes tell HTTP/2 from HTTP/1: its preface (RFC 9113, 3.4).
const PREFACE_BYTES: usize = 24;

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
    let router = router(&state);
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.as_mut() => break,
        };
        match accepted {
            Ok((stream, peer)) => serve_connection(stream, peer, &router, &state, &graceful),
            // The queue is full of connections that ended meanwhile, or there are no descriptors left: both pass.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    drop(listener);
    state.stop();
    let language = state.options.log_language;
    tracing::info!("{}", language.pick("arrêt en cours", "shutting down"));
    if tokio::time::timeout(state.options.drain_timeout, graceful.shutdown()).await.is_err() {
        let words = language.pick("des requêtes ne se sont pas terminées à temps", "some requests did not end in time");
        tracing::warn!("{words}");
    }
    Ok(())
}

fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: &Router,
    state: &Arc<State>,
    graceful: &GracefulShutdown,
) {
    stream.set_nodelay(true).ok();
    let (router, handle) = (router.clone(), Arc::clone(state));
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let answer = if let Err(problem) = check_host(request.version(), request.uri(), request.headers()) {
            Ok(problem.to_response(Language::of_request(request.uri(), request.headers())))
        } else if is_at_once(&handle, request.method(), request.uri().path(), request.headers()) {
            Ok(answer_at_once(&handle, &request.into_parts().0))
        } else {
            let mut request = request.map(Body::new);
            // Only the routes under /admin ask who the peer is; the others are spared the allocation.
            if request.uri().path().starts_with("/admin/") {
                request.extensions_mut().insert(ConnectInfo(peer));
            }
            Err(router.clone().call(request))
        };
        async move {
            match answer {
                Ok(response) => Ok(response),
                Err(answer) => answer.await as Result<Response, Infallible>,
            }
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(state.options.head_timeout)
        .max_buf_size(MOST_HEAD_BYTES)
        .http2()
        .timer(TokioTimer::new())
        // A connection that no longer answers is closed, as one whose peer reads nothing is.
        .keep_alive_interval(Some(state.options.head_timeout))
        .keep_alive_timeout(state.options.write_timeout)
        .max_header_list_size(MOST_HEAD_BYTES as u32)
        .max_concurrent_streams(MOST_STREAMS);
    let connection = builder.serve_connection(TokioIo::new(Patient::new(stream, &state.options)), service);
    let watched = graceful.watch(connection.into_owned());
    tokio::spawn(async move {
        // What breaks a connection is the client's affair, and may hold what it sent.
        watched.await.ok();
    });
}

/// A stream whose peer may only keep a write waiting for so long, and be so slow to begin.
struct Patient {
    stream: TcpStream,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    /// Until the first bytes are there, which tell the version of HTTP: when they must be.
    beginning: Option<(Pin<Box<Sleep>>, usize)>,
}

impl Patient {
    fn new(stream: TcpStream, options: &Options) -> Self {
        let beginning = Some((Box::pin(tokio::time::sleep(options.head_timeout)), 0));
        Self { stream, patience: options.write_timeout, deadline: None, beginning }
    }

    /// Passes on a write that went through; fails one that has waited too long.
    fn judge<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
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
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
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
