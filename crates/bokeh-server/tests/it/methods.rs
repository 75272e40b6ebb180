//! Methods other than GET, and requests that are wrong in themselves.

use axum::body::Body;
use axum::http::{Request, Response};
use bokeh_document::Document;
use bokeh_protocol::{Secret, Signing};
use bokeh_server::{BokehJs, Server, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn asking_whether_a_page_is_there_makes_no_session() {
    let server = server();
    for (path, expected) in [
        ("/app", 200),
        ("/app/", 200),
        ("/app?bokeh-session-id=a", 200),
        ("/app?bokeh-session-id=", 403),
        ("/app/autoload.js?bokeh-autoload-element=E", 200),
        ("/app/autoload.js", 400),
        ("/app/metadata", 200),
        ("/", 302),
        ("/favicon.ico", 200),
        ("/app/ws", 405),
        ("/nope", 404),
    ] {
        assert_eq!(ask(&server, "HEAD", path).await.status(), expected, "{path}");
    }
    let page = ask(&server, "HEAD", "/app").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=UTF-8");
    // How long it would be is not known.
    assert!(!page.headers().contains_key("content-length"));
    assert!(page.into_body().collect().await.unwrap().to_bytes().is_empty());
    assert!(server.sessions("/app").unwrap().is_empty());

    server.drain();
    assert_eq!(ask(&server, "HEAD", "/app").await.status(), 503);
}

#[tokio::test]
async fn addresses_say_what_they_answer() {
    let server = server();
    for path in ["/", "/app", "/app/metadata", "/app/ws", "/favicon.ico", "/app/static/a.css", "/static/extensions/a/b"]
    {
        for (method, expected) in [("OPTIONS", 204), ("POST", 405), ("PUT", 405), ("DELETE", 405)] {
            let answer = ask(&server, method, path).await;
            assert_eq!(answer.status(), expected, "{method} {path}");
            assert_eq!(answer.headers()["allow"], "GET,HEAD,OPTIONS", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_refused_with_a_page() {
    let server = server();
    for path in ["/app/static/%ff", "/static/extensions/a/%ff"] {
        let answer = ask(&server, "GET", path).await;
        assert_eq!(answer.status(), 400, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=UTF-8", "{path}");
    }
}

#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    for (hosts, expected) in [(&["example.com:80"][..], 200), (&["a b"], 400), (&["a/b"], 400), (&["a", "b"], 400)] {
        let request = hosts.iter().fold(Request::get("/app"), |request, host| request.header("host", *host));
        let answer = server().router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), expected, "{hosts:?}");
    }
}

#[tokio::test]
async fn a_server_that_makes_no_ids_says_so_to_those_who_only_ask() {
    let signing = Some(Signing::ExternalSigned(Secret::new("0123456789abcdef0123456789abcdef")));
    let server = Server::builder().settings(Settings { signing, ..settings() }).app("/app", empty).build().unwrap();
    assert_eq!(ask(&server, "HEAD", "/app").await.status(), 403);
}

async fn ask(server: &Server, method: &str, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    server.router().oneshot(request).await.unwrap()
}

fn server() -> Server {
    Server::builder().settings(settings()).app("/app", empty).build().unwrap()
}

fn settings() -> Settings {
    Settings { bokehjs: BokehJs::Cdn, session_threads: 2, ..Settings::default() }
}

fn empty(_: &mut Document) {}
