//! Serving the requests of connections.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::counted::Counted;
use crate::due_body::DueBody;
use crate::hosted::Common;
use crate::listener::{Listener, Stream, is_the_peers};
use crate::peer::Peer;
use crate::prompt_stream::PromptStream;
use crate::tls::HTTP_2;

/// Accepts connections until the server stops.
pub(crate) async fn listen(listener: Listener, router: Router, common: Arc<Common>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = common.stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, address)) => {
                let Ok(place) = common.sockets.clone().try_acquire_owned() else {
                    stream.refuse();
                    continue;
                };
                let peer = Peer::new(address.map(|address| address.ip()), common.tls.is_some());
                let has_asked = Arc::new(AtomicBool::new(false));
                let connection = Connection { peer, router: router.clone(), common: common.clone(), has_asked };
                common.connections.spawn(connection.begin(stream, place));
            }
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                // Most likely there are no more file descriptors. Some will be free again.
                tracing::error!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// A connection that has been accepted.
struct Connection {
    peer: Peer,
    router: Router,
    common: Arc<Common>,
    /// Whether a request has come.
    has_asked: Arc<AtomicBool>,
}

impl Connection {
    async fn begin(self, stream: Stream, place: OwnedSemaphorePermit) {
        match stream {
            Stream::Tcp(stream) => self.greet(Counted::new(PromptStream::new(stream), place)).await,
            #[cfg(unix)]
            Stream::Unix(stream) => self.http1(Counted::new(stream, place)).await,
        }
    }

    /// Agrees with the peer on keys and on the version of HTTP, if the server has a certificate.
    async fn greet(self, stream: Counted<PromptStream>) {
        let Some(tls) = &self.common.tls else { return self.http1(stream).await };
        let greeting = TlsAcceptor::from(tls.config()).accept(stream);
        let greeted = tokio::select! {
            greeted = timeout(self.common.settings.request_head_timeout, greeting) => greeted,
            () = self.common.stop.cancelled() => return,
        };
        match greeted {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(HTTP_2) => self.http2(stream).await,
            Ok(Ok(stream)) => self.http1(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "a peer could not agree on TLS"),
            Err(_late) => tracing::debug!("a peer took too long to agree on TLS"),
        }
    }

    /// Serves requests one after the other. A WebSocket leaves the connection with the answer to its request.
    async fn http1(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.common.settings.request_head_timeout)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), self.service())
            .with_upgrades();
        let mut connection = pin!(connection);
        let served = tokio::select! {
            served = connection.as_mut() => served,
            () = self.common.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        log(served);
    }

    /// Serves requests beside each other. No WebSockets: browsers open them elsewhere.
    async fn http2(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let timeout = self.common.settings.request_head_timeout;
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            // A peer that is gone without a word does not answer.
            .keep_alive_interval(Some(timeout))
            .keep_alive_timeout(timeout)
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD_BYTES as u32)
            .serve_connection(TokioIo::new(stream), self.service());
        let mut connection = pin!(connection);
        let served = tokio::select! {
            served = connection.as_mut() => served,
            () = self.silence() => return tracing::debug!("a peer took too long to ask for something"),
            () = self.common.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        log(served);
    }

    /// Returns when a peer has asked for nothing, although it has had the time for it.
    async fn silence(&self) {
        tokio::time::sleep(self.common.settings.request_head_timeout).await;
        if self.has_asked.load(Ordering::Relaxed) {
            pending().await
        }
    }

    fn service(
        &self,
    ) -> impl Service<
        Request<Incoming>,
        Response = axum::response::Response,
        Error = std::convert::Infallible,
        Future: Send,
    > + Send
    + use<> {
        let (router, peer) = (TowerToHyperService::new(self.router.clone()), self.peer);
        let (patience, has_asked) = (self.common.settings.request_head_timeout, self.has_asked.clone());
        service_fn(move |mut request: Request<Incoming>| {
            has_asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(peer);
            router.call(request.map(|body| DueBody::new(body, patience)))
        })
    }
}

fn log(served: Result<(), hyper::Error>) {
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// How long the head of a request may be, as under Bokeh. It also bounds what is buffered of an answer.
const MAX_HEAD_BYTES: usize = 64 << 10;
/// How many requests one connection may have under way.
const MAX_STREAMS: u32 = 100;
