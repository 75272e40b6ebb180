//! Accepting connections.

use std::io;
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
use crate::http_request::Peer;
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
                common.connections.spawn(serve(stream, Peer(peer), router.clone(), common.clone()));
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

fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}
