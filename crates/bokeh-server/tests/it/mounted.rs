//! The router inside of somebody else's axum application.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bokeh_document::Document;
use bokeh_protocol::{Signing, Token};
use bokeh_server::{BokehJs, Server, Settings};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

#[tokio::test]
async fn a_host_keeps_its_routes_state_and_middleware() {
    let host = Host::start().await;
    for (path, key, expected) in [
        ("/", "secret", "200 through the host"),
        ("/plots/app", "secret", "200 through page"),
        ("/plots/app/autoload.js?bokeh-autoload-element=e", "secret", "200 through page"),
        ("/plots/app/metadata", "secret", "200 through {\"url\": \"/app\", \"data\": {}}"),
        ("/plots/nope", "secret", "404 through the host's own page"),
        ("/app", "secret", "404 through the host's own page"),
        ("/plots/app", "wrong", "401 "),
        ("/", "wrong", "401 "),
    ] {
        assert_eq!(host.get(path, key).await, expected, "{path} {key}");
    }
    host.server.shut_down().await;
}

#[tokio::test]
async fn websockets_pass_through_the_middleware_of_the_host() {
    let host = Host::start().await;
    assert_eq!(host.open("wrong").await.err(), Some(401));
    let (mut socket, mark) = host.open("secret").await.unwrap();
    assert_eq!(mark, "yes");
    let header = socket.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(header.contains("\"ACK\""), "{header}");
    for part in [r#"{"msgid":"1","msgtype":"PULL-DOC-REQ"}"#, "{}", "{}"] {
        socket.send(Message::text(part)).await.unwrap();
    }
    // What is left of the ACK, and the header of the answer.
    let mut texts = Vec::new();
    for _part in 0..3 {
        texts.push(socket.next().await.unwrap().unwrap().into_text().unwrap().to_string());
    }
    assert!(texts[2].contains("PULL-DOC-REPLY"), "{texts:?}");
    assert_eq!(host.server.sessions("/app").unwrap().len(), 1);
    host.server.shut_down().await;
}

/// A host with a route, a state, a middleware that asks for a key and marks what passes, and an application below `/plots`.
struct Host {
    server: Server,
    address: SocketAddr,
}

impl Host {
    async fn start() -> Self {
        let settings =
            Settings { bokehjs: BokehJs::Cdn, prefix: "plots".to_owned(), session_threads: 2, ..Settings::default() };
        let server = Server::builder().settings(settings).app("/app", |_: &mut Document| {}).build().unwrap();
        let router = Router::new()
            .route("/", get(|State(name): State<&'static str>| async move { name }))
            .fallback(|| async { (StatusCode::NOT_FOUND, "the host's own page") })
            .with_state("the host")
            .merge(server.router())
            .layer(from_fn(with_key));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { server, address }
    }

    /// Status, the middleware's mark and what matters of the answer.
    async fn get(&self, path: &str, key: &str) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let host = self.address;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nx-key: {key}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        let mark = if head.contains("x-passed: yes") { "through " } else { "" };
        let body = if body.contains("embed_items") { "page" } else { body };
        format!("{status} {mark}{body}")
    }

    /// A WebSocket and the middleware's mark, or the status of the refusal.
    async fn open(&self, key: &str) -> Result<(WebSocketStream<MaybeTlsStream<TcpStream>>, String), u16> {
        let mut request = format!("ws://{}/plots/app/ws", self.address).into_client_request().unwrap();
        let token = Token::new("id").expires_at(i64::MAX).encode(&Signing::Unsigned).unwrap();
        let headers = request.headers_mut();
        headers.insert("x-key", key.parse().unwrap());
        headers.insert("sec-websocket-protocol", format!("bokeh, {token}").parse().unwrap());
        match connect_async(request).await {
            Ok((socket, response)) => Ok((socket, response.headers()["x-passed"].to_str().unwrap().to_owned())),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn with_key(request: Request, next: Next) -> Response {
    if request.headers().get("x-key").is_none_or(|key| key != "secret") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-passed", HeaderValue::from_static("yes"));
    response
}
