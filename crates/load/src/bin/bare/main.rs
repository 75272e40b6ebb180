//! A server without documents: it answers requests with what a real server has answered, over the same libraries.
//!
//! What it costs is what sockets, HTTP and framing cost. It understands just enough to answer rightly: the id of a request,
//! and the number that a slider is moved to.

mod conversation;
mod script;

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::{Context, Result};
use bokeh::protocol::Token;
use bokeh_load::Recording;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use conversation::{Sessions, converse};
use script::Script;

/// Takes the file with the recording as its only argument.
#[tokio::main]
async fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).context("usage: bokeh-load-bare RECORDING")?;
    let recording = Recording::read(file.as_ref())?;
    let bare = Arc::new(Bare {
        page: recording.page.clone().into(),
        script: Script::new(&recording),
        sessions: Sessions::default(),
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _peer) = listener.accept().await?;
        tokio::spawn(serve(stream, bare.clone()));
    }
}

struct Bare {
    page: Bytes,
    script: Script,
    sessions: Sessions,
}

async fn serve(stream: TcpStream, bare: Arc<Bare>) {
    // Without it everything would be slower, and that would be seen.
    stream.set_nodelay(true).ok();
    let answer = service_fn(|request| {
        let response = answer(request, &bare);
        async { Ok::<_, Infallible>(response) }
    });
    // A peer that goes away is no failure.
    http1::Builder::new().serve_connection(TokioIo::new(stream), answer).with_upgrades().await.ok();
}

fn answer(mut request: Request<Incoming>, bare: &Arc<Bare>) -> Response<Full<Bytes>> {
    let protocols = request.headers().get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let token = protocols.and_then(|protocols| protocols.strip_prefix("bokeh, ")).map(Token::decode);
    let (Some(Ok(token)), Some(key)) = (token, request.headers().get(header::SEC_WEBSOCKET_KEY)) else {
        return with_headers(
            Response::new(Full::new(bare.page.clone())),
            [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))],
        );
    };
    let accept = derive_accept_key(key.as_bytes());
    let session = token.session_id().to_owned();
    let is_stream = request.uri().path().starts_with("/streaming");
    let (bare, upgrade) = (bare.clone(), hyper::upgrade::on(&mut request));
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            converse(upgraded, &bare.script, &bare.sessions, &session, is_stream).await;
        }
    });
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    with_headers(
        response,
        [
            (header::CONNECTION, HeaderValue::from_static("Upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("bokeh")),
            (header::SEC_WEBSOCKET_ACCEPT, HeaderValue::try_from(accept).expect("base64 is good in a header")),
        ],
    )
}

fn with_headers<B, const N: usize>(mut response: Response<B>, headers: [(HeaderName, HeaderValue); N]) -> Response<B> {
    response.headers_mut().extend(headers);
    response
}
