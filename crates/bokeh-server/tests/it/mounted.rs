//! The router inside of somebody else's axum application.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bokeh_application::SessionContext;
use bokeh_application::auth::LoginForm;
use bokeh_document::Document;
use bokeh_protocol::{Signing, Token};
use bokeh_server::{BokehJs, Peer, Server, Settings};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::static_files::Folder;

#[tokio::test]
async fn a_host_keeps_its_routes_state_and_middleware() {
    let host = Host::start(Mounting::Merged).await;
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
    for mounting in [Mounting::Merged, Mounting::Nested] {
        let host = Host::start(mounting).await;
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
}

#[tokio::test]
async fn a_nested_router_names_the_addresses_by_which_it_is_reached() {
    for mounting in [Mounting::Merged, Mounting::Nested, Mounting::NestedTwice] {
        let host = Host::start(mounting).await;
        let base = if mounting == Mounting::NestedTwice { "/v1/plots" } else { "/plots" };
        for (path, expected) in [
            ("", vec![format!("href=\"{base}/app\""), format!("href=\"{base}/other\"")]),
            (
                "/app",
                vec![
                    format!("src=\"{base}/static/js/bokeh.min.js"),
                    format!("<title>{}:app http", base.replace('/', ":")),
                ],
            ),
            (
                "/app/autoload.js?bokeh-autoload-element=e",
                vec![format!("\"{base}/static/js/bokeh.min.js"), format!("{base}/static/js/bokeh-widgets.min.js")],
            ),
            ("/static/js/bokeh.min.js", vec!["// bokeh.min.js".to_owned()]),
            ("/app/static/js/bokeh.min.js", vec!["// bokeh.min.js".to_owned()]),
            ("/app/metadata", vec![r#"{"url": "/app", "data": {}}"#.to_owned()]),
        ] {
            let answer = host.answer(&format!("{base}{path}"), "secret").await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{mounting:?} {path}: {answer}");
            for part in expected {
                assert!(answer.contains(&part), "{mounting:?} {path}: no {part} in {answer}");
            }
        }
        host.server.shut_down().await;
    }
}

#[tokio::test]
async fn an_index_of_one_application_leads_to_it_wherever_it_is() {
    let server = Server::builder().settings(settings()).app("/app", |_: &mut Document| {}).build().unwrap();
    let host = Host::serve(server.clone(), Router::new().nest("/plots", server.router()), false).await;
    let answer = host.answer("/plots", "").await.to_lowercase();
    assert!(answer.starts_with("http/1.1 302") && answer.contains("location: /plots/app\r\n"), "{answer}");
}

#[tokio::test]
async fn applications_learn_who_asks_as_far_as_the_host_knows() {
    let from_proxy = "x-real-ip: 192.0.2.1\r\nx-scheme: https\r\n";
    for (use_xheaders, knows_addresses, headers, expected) in [
        (false, false, "", "http "),
        (false, true, "", "http 127.0.0.1"),
        (false, true, from_proxy, "http 127.0.0.1"),
        (true, true, from_proxy, "https 192.0.2.1"),
        // Nobody says that it is a proxy that says so.
        (true, false, from_proxy, "http "),
    ] {
        let settings = Settings { use_xheaders, ..settings() };
        let server = Server::builder().settings(settings).app("/app", app).build().unwrap();
        let host = Host::serve(server.clone(), server.router(), knows_addresses).await;
        let page = host.answer_with("/app", headers).await;
        let title = format!("<title>:app {expected}</title>");
        assert!(page.contains(&title), "{use_xheaders} {knows_addresses} {headers}: no {title} in {page}");
    }
    // A host that speaks TLS itself says so.
    let server = Server::builder().settings(settings()).app("/app", app).build().unwrap();
    let peer = Peer::new(Some([192, 0, 2, 7].into()), true);
    let host = Host::serve(server.clone(), server.router().layer(Extension(peer)), true).await;
    let page = host.answer("/app", "").await;
    assert!(page.contains("<title>:app https 192.0.2.7</title>"), "{page}");
}

#[tokio::test]
async fn the_way_to_the_login_begins_where_the_router_is() {
    for (base, prefix) in [("", "/plots"), ("/plots", ""), ("/v1", "/plots")] {
        let settings = Settings { prefix: prefix.to_owned(), ..settings() };
        let auth = LoginForm::new(|_, _| None);
        let server = Server::builder().settings(settings).auth(auth).app("/app", app).build().unwrap();
        let router = if base.is_empty() { server.router() } else { Router::new().nest(base, server.router()) };
        let host = Host::serve(server, router, true).await;
        let answer = host.answer(&format!("{base}{prefix}/app"), "").await.to_lowercase();
        let next = format!("{base}{prefix}/app").replace('/', "%2f");
        assert!(answer.contains(&format!("location: {base}{prefix}/login?next={next}\r\n")), "{answer}");
        assert!(host.answer(&format!("{base}{prefix}/login"), "").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn numbers_are_for_nobody_whose_address_is_not_known() {
    for (knows_addresses, expected) in [(true, "HTTP/1.1 200"), (false, "HTTP/1.1 404")] {
        let server = Server::builder().settings(settings()).app("/app", app).build().unwrap();
        let router = server.router().merge(server.operations_router());
        let host = Host::serve(server, router, knows_addresses).await;
        let answer = host.answer("/metrics", "").await;
        assert!(answer.starts_with(expected), "{knows_addresses}: {answer}");
    }
}

/// How a host takes the server's router in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mounting {
    /// The server has the prefix.
    Merged,
    /// The host has it.
    Nested,
    /// Both have a part of it, and the host another.
    NestedTwice,
}

/// A host with a route, a state, a middleware that asks for a key and marks what passes, and an application below `/plots`.
struct Host {
    server: Server,
    address: SocketAddr,
}

impl Host {
    async fn start(mounting: Mounting) -> Self {
        let prefix = if mounting == Mounting::Nested { "" } else { "plots" };
        // The server reads the files when it is built.
        let folder = Folder::new(&format!("{mounting:?}-{}", N_HOSTS.fetch_add(1, Ordering::Relaxed)));
        let bokehjs = BokehJs::Folder(folder.0.clone());
        let settings = Settings { bokehjs, prefix: prefix.to_owned(), ..settings() };
        let server = Server::builder().settings(settings).app("/app", app).app("/other", app).build().unwrap();
        let router = Router::new()
            .route("/", get(|State(name): State<&'static str>| async move { name }))
            .fallback(|| async { (StatusCode::NOT_FOUND, "the host's own page") })
            .with_state("the host");
        let router = match mounting {
            Mounting::Merged => router.merge(server.router()),
            Mounting::Nested => router.nest("/plots", server.router()),
            Mounting::NestedTwice => router.nest("/v1", Router::new().merge(server.router())),
        };
        Self::serve(server, router.layer(from_fn(with_key)), true).await
    }

    async fn serve(server: Server, router: Router, knows_addresses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            if knows_addresses {
                axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await
            } else {
                axum::serve(listener, router).await
            }
        });
        Self { server, address }
    }

    /// Status, the middleware's mark and what matters of the answer.
    async fn get(&self, path: &str, key: &str) -> String {
        let answer = self.answer(path, key).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        let mark = if head.contains("x-passed: yes") { "through " } else { "" };
        let body = if body.contains("embed_items") { "page" } else { body };
        format!("{status} {mark}{body}")
    }

    /// The whole answer.
    async fn answer(&self, path: &str, key: &str) -> String {
        self.answer_with(path, &format!("x-key: {key}\r\n")).await
    }

    async fn answer_with(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let host = self.address;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
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

/// Each has a folder of its own.
static N_HOSTS: AtomicUsize = AtomicUsize::new(0);

/// Tells in the title how it was asked for.
fn app(doc: &mut Document, session: &SessionContext) {
    let http = session.request().http().clone();
    // A slash would be escaped in the page.
    let path = http.uri.replace('/', ":");
    doc.set_title(format!("{path} {} {}", http.protocol, http.remote_ip));
}

fn settings() -> Settings {
    Settings { bokehjs: BokehJs::Cdn, session_threads: 2, ..Settings::default() }
}

async fn with_key(request: Request, next: Next) -> Response {
    if request.headers().get("x-key").is_none_or(|key| key != "secret") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-passed", HeaderValue::from_static("yes"));
    response
}
