//! WebSockets over real connections.

use std::time::Duration;

use bokeh_document::Document;
use bokeh_protocol::{Limits, Object, Secret, Signing, Token};
use bokeh_server::{BokehJs, RunningServer, Server, Settings};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

#[tokio::test]
async fn a_page_is_greeted_and_gets_its_document() {
    let server = start(settings()).await;
    let mut socket = Client::open(&server, &good_token("abc")).await.unwrap();
    assert_eq!(socket.protocol, "bokeh");
    assert_eq!(socket.message().await["msgtype"], "ACK");
    socket.request("PULL-DOC-REQ").await;
    let header = socket.message().await;
    assert_eq!((header["msgtype"].as_str(), header["reqid"].as_str()), (Some("PULL-DOC-REPLY"), Some("r1")));
    assert_eq!(server.sessions("/app").unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_handshake_that_is_not_good_is_refused() {
    let signing = Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef"));
    let id = signing.generate_session_id().unwrap();
    let token = |signing: &Signing, id: &str, expiry: i64| Token::new(id).expires_at(expiry).encode(signing).unwrap();
    let other = Signing::Signed(Secret::new("another secret of 32 characters!"));
    let future = now() + 300;
    for (server_signing, protocols, expected) in [
        (&Signing::Unsigned, format!("bokeh, {}", token(&Signing::Unsigned, "x", future)), 101),
        (&Signing::Unsigned, "bokeh".to_owned(), 400),
        (&Signing::Unsigned, format!("{}, bokeh", token(&Signing::Unsigned, "x", future)), 400),
        (&Signing::Unsigned, format!("bokeh, {}, more", token(&Signing::Unsigned, "x", future)), 400),
        (&Signing::Unsigned, "bokeh, notatoken".to_owned(), 403),
        (&Signing::Unsigned, format!("bokeh, {}", token(&Signing::Unsigned, "", future)), 403),
        (&Signing::Unsigned, format!("bokeh, {}", token(&Signing::Unsigned, "x", now())), 403),
        (&Signing::Unsigned, format!("bokeh, {}", Token::new("x").encode(&Signing::Unsigned).unwrap()), 403),
        (&signing, format!("bokeh, {}", token(&signing, &id, future)), 101),
        (&signing, format!("bokeh, {}", token(&signing, "plain", future)), 403),
        (&signing, format!("bokeh, {}", token(&Signing::Unsigned, &id, future)), 403),
        (&signing, format!("bokeh, {}", token(&other, &id, future)), 403),
        (&signing, format!("bokeh, {}", token(&signing, &id, now() - 1)), 403),
    ] {
        let server = start(Settings { signing: Some(server_signing.clone()), ..settings() }).await;
        let outcome = Client::open_with(&server, &[("sec-websocket-protocol", &protocols)]).await;
        assert_eq!(status(&outcome), expected, "{protocols}");
        assert_eq!(server.sessions("/app").unwrap().len(), usize::from(expected == 101));
    }
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_unless_it_is_allowed() {
    for (allowed, origin, fetch_site, expected) in [
        (None, Some("http://evil.com"), None, 403),
        (None, Some("http://localhost:{port}"), None, 101),
        (None, Some("http://localhost:{port}"), Some("cross-site"), 101),
        (None, Some("http://evil.com"), Some("same-origin"), 101),
        (None, None, None, 101),
        (None, None, Some("cross-site"), 403),
        (Some("good.com"), Some("http://good.com"), None, 101),
        (Some("good.com"), Some("http://good.com.evil.com"), None, 403),
        (Some("good.com"), Some("null"), None, 403),
        (Some("*"), Some("http://any.org:1234"), None, 101),
    ] {
        let mut builder = Server::builder().settings(settings()).app("/app", app);
        if let Some(host) = allowed {
            builder = builder.allow_websocket_origin(host);
        }
        let server = builder.start().await.unwrap();
        let protocols = format!("bokeh, {}", good_token("x"));
        let mut headers = vec![("sec-websocket-protocol", protocols.as_str())];
        let origin = origin.map(|origin| origin.replace("{port}", &server.port().to_string()));
        headers.extend(origin.as_deref().map(|origin| ("origin", origin)));
        headers.extend(fetch_site.map(|site| ("sec-fetch-site", site)));
        assert_eq!(status(&Client::open_with(&server, &headers).await), expected, "{allowed:?} {headers:?}");
    }
}

#[tokio::test]
async fn a_page_can_come_back_with_an_old_token_while_its_session_lives() {
    let server = start(settings()).await;
    let expired = Token::new("abc").expires_at(now() - 1).encode(&Signing::Unsigned).unwrap();
    assert_eq!(status(&Client::open(&server, &expired).await), 403);
    let first = Client::open(&server, &good_token("abc")).await.unwrap();
    assert_eq!(status(&Client::open(&server, &expired).await), 101);
    drop(first);
}

#[tokio::test]
async fn what_breaks_the_grammar_ends_the_connection_with_a_reason() {
    let text = |text: &str| Message::text(text.to_owned());
    for (frames, code, reason) in [
        (vec![text("not json")], 1007, "server failed to parse a message"),
        (vec![text("[1]")], 1002, "No 'msgtype' in header"),
        (vec![text(r#"{"msgid":"1","msgtype":"OK"}"#)], 1002, "Message 'OK' not expected on server"),
        (vec![Message::binary(vec![1])], 1002, "expected text fragment but received binary fragment for _HEADER"),
        (vec![Message::binary(vec![0; 5000])], 1009, "message too big"),
        (vec![Message::text("x".repeat(3_000_000))], 1009, "message too big"),
    ] {
        let limits = Limits { max_fragment_bytes: 4000, ..Limits::default() };
        let server = start(Settings { message_limits: limits, ..settings() }).await;
        let mut other = Client::open(&server, &good_token("x")).await.unwrap();
        let mut socket = Client::open(&server, &good_token("x")).await.unwrap();
        other.message().await;
        socket.message().await;
        for frame in frames {
            // The server may hang up before all is sent.
            socket.stream.send(frame).await.ok();
        }
        assert_eq!(socket.close().await, Some((code, reason.to_owned())));
        other.request("PULL-DOC-REQ").await;
        assert_eq!(other.message().await["msgtype"], "PULL-DOC-REPLY");
    }
}

#[tokio::test]
async fn connections_are_pinged_with_a_counter() {
    let server = start(Settings { keep_alive: Some(Duration::from_millis(20)), ..settings() }).await;
    let mut socket = Client::open(&server, &good_token("x")).await.unwrap();
    let mut pings = Vec::new();
    while pings.len() < 3 {
        if let Message::Ping(payload) = socket.stream.next().await.unwrap().unwrap() {
            pings.push(payload);
        }
    }
    assert_eq!(pings, ["0", "1", "2"]);
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye() {
    let server = start(settings()).await;
    let mut socket = Client::open(&server, &good_token("x")).await.unwrap();
    socket.message().await;
    let (close, ()) = tokio::join!(socket.close(), server.stop());
    assert_eq!(close.map(|(code, _)| code), Some(1012));
}

fn app(doc: &mut Document) {
    doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
}

async fn start(settings: Settings) -> RunningServer {
    Server::builder().settings(settings).app("/app", app).start().await.unwrap()
}

pub(crate) fn settings() -> Settings {
    Settings { port: 0, bokehjs: BokehJs::Cdn, session_threads: 2, ..Settings::default() }
}

pub(crate) fn good_token(id: &str) -> String {
    Token::new(id).expires_at(now() + 300).encode(&Signing::Unsigned).unwrap()
}

pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// The status with which the server answered the handshake.
pub(crate) fn status(outcome: &Result<Client, Error>) -> u16 {
    match outcome {
        Ok(_) => 101,
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) struct Client {
    pub(crate) stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    protocol: String,
}

impl Client {
    pub(crate) async fn open(server: &RunningServer, token: &str) -> Result<Self, Error> {
        Self::open_with(server, &[("sec-websocket-protocol", &format!("bokeh, {token}"))]).await
    }

    pub(crate) async fn open_with(server: &RunningServer, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request =
            format!("ws://localhost:{}{}/app/ws", server.port(), server.prefix()).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::try_from(*value).unwrap());
        }
        let (stream, response) = connect_async(request).await?;
        let protocol = response.headers()["sec-websocket-protocol"].to_str().unwrap().to_owned();
        Ok(Self { stream, protocol })
    }

    /// The header of the next message, whose buffers are passed over.
    pub(crate) async fn message(&mut self) -> Value {
        let header: Value = serde_json::from_str(&self.text().await).unwrap();
        let n_buffers = header["num_buffers"].as_u64().unwrap_or(0);
        for _fragment in 0..2 + 2 * n_buffers {
            self.stream.next().await.unwrap().unwrap();
        }
        header
    }

    pub(crate) async fn text(&mut self) -> String {
        loop {
            match self.stream.next().await.unwrap().unwrap() {
                Message::Text(text) => return text.as_str().to_owned(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) async fn request(&mut self, msgtype: &str) {
        for text in [format!(r#"{{"msgid":"r1","msgtype":"{msgtype}"}}"#), "{}".to_owned(), "{}".to_owned()] {
            self.stream.send(Message::text(text)).await.unwrap();
        }
    }

    /// The Close frame at the end.
    pub(crate) async fn close(&mut self) -> Option<(u16, String)> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Close(frame))) => {
                    return frame.map(|frame| (frame.code.into(), frame.reason.as_str().to_owned()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
