//! Accepting connections.

use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use crate::hosted::Common;
use crate::peer::Peer;
use crate::prompt_stream::PromptStream;

/// Accepts connections until the server stops.
pub(crate) async fn listen(listener: TcpListener, router: Router, common: Arc<Common>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = common.stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(place) = common.sockets.clone().try_acquire_owned() else {
                    refuse(stream);
                    continue;
                };
                let served = serve(stream, Peer::new(Some(peer), false), router.clone(), common.clone());
                common.connections.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            // Connections that are gone before they are accepted are nobody's problem.
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                // Most likely there are no more file descriptors. Some will be free again.
                tracing::error!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Serves the requests of one connection. A WebSocket leaves it with the answer to its request.
async fn serve(stream: TcpStream, peer: Peer, router: Router, common: Arc<Common>) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(common.settings.request_head_timeout)
        .serve_connection(TokioIo::new(PromptStream::new(stream)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = common.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Tells a peer that there are too many, without keeping anything for it.
fn refuse(stream: TcpStream) {
    // Whoever does not take these few bytes at once sees that the connection is closed.
    stream.into_std().and_then(|mut stream| stream.write_all(TOO_MANY)).ok();
}

fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}

const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Too many connections\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
