//! Routes and pages, asked for without a socket.

use axum::body::Body;
use axum::http::{Request, Response};
use bokeh_application::{Application, SessionContext};
use bokeh_document::Document;
use bokeh_protocol::{Object, Secret, Signing, Token};
use bokeh_server::{BokehJs, BuildError, Bundle, Server, ServerBuilder, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn addresses_are_those_of_bokeh() {
    let (none, one, two) = (&[][..], &["/one"][..], &["/one", "/two"][..]);
    for (routes, prefix, request, expected) in [
        (one, "", "GET /", "302 -> /one"),
        (one, "", "GET /one", "200 page"),
        (one, "", "GET /one/", "200 page"),
        (one, "", "GET /one//", "404"),
        (one, "", "GET //one", "404"),
        (one, "", "GET /ONE", "404"),
        (one, "", "GET /one?a=1&a=2&b=%C3%A9", "200 page"),
        (one, "", "HEAD /one", "200"),
        (one, "", "POST /one", "405"),
        (one, "", "OPTIONS /one", "204"),
        (one, "", "GET /nope", "404"),
        (one, "", "GET /one/metadata", "200 {\"url\": \"/one\", \"data\": {}}"),
        (one, "", "GET /one/metadata/", "404"),
        (one, "", "GET /one/ws", "400 Can \"Upgrade\" only to \"WebSocket\"."),
        (one, "", "POST /one/ws", "405"),
        (one, "", "GET /one?bokeh-session-id=abc", "200 page"),
        (one, "", "GET /one?bokeh-session-id=", "403 Invalid token or session ID"),
        (one, "", "GET /one?bokeh-token=a&bokeh-session-id=b", "403 Both token and session ID were provided"),
        (two, "", "GET /", "200 links /one /two"),
        (two, "", "GET /two", "200 page"),
        (two, "/pp/", "GET /pp", "200 links /pp/one /pp/two"),
        (two, "/pp/", "GET /pp/", "200 links /pp/one /pp/two"),
        (two, "/pp/", "GET /", "404"),
        (two, "/pp/", "GET /one", "404"),
        (two, "/pp/", "GET /pp/one", "200 page"),
        (two, "/pp/", "GET /pp/one/metadata", "200 {\"url\": \"/one\", \"data\": {}}"),
        (two, "/pp/", "GET /pp/favicon.ico", "404"),
        (one, "pp", "GET /pp", "302 -> /pp/one"),
        (none, "", "GET /", "200 page"),
        (none, "", "GET /metadata", "200 {\"url\": \"/\", \"data\": {}}"),
        (none, "", "GET /ws", "400 Can \"Upgrade\" only to \"WebSocket\"."),
        (&["/with space", "/Ünï"], "", "GET /with%20space", "200 page"),
        (&["/with space", "/Ünï"], "", "GET /%C3%9Cn%C3%AF", "200 page"),
        (&["/with space", "/Ünï"], "", "GET /", "200 links /with%20space /%C3%9Cn%C3%AF"),
    ] {
        let builder = routes.iter().fold(builder().prefix(prefix), |builder, route| builder.app(*route, empty));
        let (method, path) = request.split_once(' ').unwrap();
        let response = ask(&builder.build().unwrap(), method, path).await;
        assert_eq!(summary(response).await, expected, "{routes:?} {prefix} {request}");
    }
}

#[tokio::test]
async fn the_index_can_be_left_out_or_shown_always() {
    for (index, redirect_root, expected) in
        [(true, true, "302 -> /one"), (true, false, "200 links /one"), (false, true, "404")]
    {
        let settings = Settings { index, redirect_root, ..settings() };
        let server = Server::builder().settings(settings).app("/one", empty).build().unwrap();
        assert_eq!(summary(ask(&server, "GET", "/").await).await, expected);
    }
}

#[tokio::test]
async fn the_icon_is_there() {
    let server = builder().prefix("/pp").build().unwrap();
    let response = ask(&server, "GET", "/favicon.ico").await;
    assert_eq!(response.headers()["content-type"], "image/x-icon");
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(bytes[..4], [0, 0, 1, 0]);
}

#[tokio::test]
async fn a_page_shows_the_document_and_carries_a_token() {
    let server = builder().app("/app", titled).build().unwrap();
    let html = page(&server, "/app?title=%3Cb%3E&bokeh-session-id=abc").await;
    assert!(html.contains("<title>&lt;b&gt;</title>"), "{html}");
    assert!(html.contains("data-root-id=\""), "{html}");
    let token = token(&html);
    assert_eq!(token.session_id(), "abc");
    assert!(token.payload().contains_key("arguments"));
    assert!(!token.is_expired(now()));
    assert!(token.is_expired(now() + 301));
}

#[tokio::test]
async fn a_page_loads_at_once_what_its_document_needs_and_the_rest_later() {
    fn slider(doc: &mut Document) {
        doc.add_root(Object { name: "Slider".into(), id: None, attributes: vec![] });
    }
    for (bundles, at_once, later) in [
        (Settings::default().bundles, &["", "-widgets"][..], &["-gl", "-tables", "-mathjax"][..]),
        (vec![Bundle::Widgets], &["", "-widgets"], &[]),
        (vec![Bundle::Bokeh, Bundle::Gl], &[""], &["-gl"]),
        (vec![], &[""], &[]),
    ] {
        let settings = Settings { bundles, ..settings() };
        let server = Server::builder().settings(settings).app("/app", slider).build().unwrap();
        let html = page(&server, "/app").await;
        let count = |begin: &str| html.matches(begin).count();
        assert_eq!((count("<script src=\""), count("{\"url\":\"")), (at_once.len(), later.len()));
        for (names, begin) in [(at_once, "<script src="), (later, "{\"url\":")] {
            for name in names {
                let link = format!("{begin}\"https://cdn.bokeh.org/bokeh/release/bokeh{name}-3.9.2.min.js\"");
                assert!(html.contains(&link), "{link} {html}");
            }
        }
    }
}

#[tokio::test]
async fn two_pages_of_one_session_show_one_document() {
    let server = builder().app("/app", titled).build().unwrap();
    let first = page(&server, "/app?bokeh-session-id=abc&title=first").await;
    let second = page(&server, "/app?bokeh-session-id=abc&title=second").await;
    let by_token =
        page(&server, &format!("/app?bokeh-token={}", token(&first).encode(&Signing::Unsigned).unwrap())).await;
    for html in [first, second, by_token] {
        assert!(html.contains("<title>first</title>"), "{html}");
    }
    assert_eq!(server.sessions("/app").unwrap().len(), 1);
}

#[tokio::test]
async fn sessions_are_reached_from_outside() {
    let server = builder().app("/app", titled).build().unwrap();
    page(&server, "/app?bokeh-session-id=abc").await;
    let session = server.session("/app", "abc").unwrap();
    assert_eq!(session.request().header("x-test"), Some("1"));
    session.document().unwrap().post(|doc| doc.set_title("from outside")).unwrap();
    let html = page(&server, "/app?bokeh-session-id=abc").await;
    assert!(html.contains("<title>from outside</title>"), "{html}");
    for (route, id) in [("/app", "other"), ("/nope", "abc"), ("app", "abc")] {
        assert!(server.session(route, id).is_none());
    }
    assert!(server.sessions("/nope").is_none());
}

#[tokio::test]
async fn a_signing_server_takes_only_its_own_sessions() {
    let signing = || Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef"));
    let settings = Settings { signing: Some(signing()), ..settings() };
    let server = Server::builder().settings(settings).app("/app", empty).build().unwrap();
    let id = signing().generate_session_id().unwrap();
    for (path, expected) in [
        ("/app".to_owned(), "200 page"),
        ("/app?bokeh-session-id=plain".to_owned(), "403 Invalid token or session ID"),
        (format!("/app?bokeh-session-id={id}"), "200 page"),
    ] {
        assert_eq!(summary(ask(&server, "GET", &path).await).await, expected, "{path}");
    }
    let html = page(&server, "/app").await;
    assert!(signing().open_token(&token_text(&html)).is_ok());
}

#[tokio::test]
async fn an_application_that_fails_costs_one_page_and_no_more() {
    let app = Application::new(|_: &mut Document, session: &SessionContext| match session.request().argument("how") {
        Some("error") => Err("as asked"),
        Some("panic") => panic!("as asked"),
        _ => Ok(()),
    });
    let server = builder().app("/app", app).build().unwrap();
    for (path, expected) in [
        ("/app?bokeh-session-id=x&how=error", "500"),
        ("/app?bokeh-session-id=x&how=panic", "500"),
        ("/app?bokeh-session-id=x", "200 page"),
    ] {
        assert_eq!(summary(ask(&server, "GET", path).await).await, expected, "{path}");
    }
}

#[tokio::test]
async fn the_page_of_an_application_that_fails_says_why_if_it_may() {
    for (show_errors, says_why) in [(true, true), (false, false)] {
        let settings = Settings { show_errors, ..settings() };
        let app = Application::new(|_: &mut Document| Err::<(), _>("the sensor is <off>"));
        let server = Server::builder().settings(settings).app("/app", app).build().unwrap();
        let html = text(ask(&server, "GET", "/app").await).await;
        assert!(html.contains("The application <code>/app</code> could not build this page."), "{html}");
        assert_eq!(html.contains("the sensor is &lt;off&gt;"), says_why, "{html}");
    }
}

#[tokio::test]
async fn a_server_takes_as_many_sessions_as_it_may() {
    let settings = Settings { max_sessions: 1, ..settings() };
    let server = Server::builder().settings(settings).app("/a", empty).app("/b", empty).build().unwrap();
    for (path, expected) in
        [("/a?bokeh-session-id=x", "200 page"), ("/b", "503 Too many sessions"), ("/a?bokeh-session-id=x", "200 page")]
    {
        assert_eq!(summary(ask(&server, "GET", path).await).await, expected, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_named() {
    for (builder, expected) in [
        (
            builder().app("app", empty),
            "\"app\" is no route for an application; write it like \"/sliders\", or \"/\" for the root",
        ),
        (
            builder().app("/a//b", empty),
            "\"/a//b\" is no route for an application; write it like \"/sliders\", or \"/\" for the root",
        ),
        (
            builder().app("/a", empty).app("/a/", empty),
            "the route \"/a/\" needs an address that is taken; give each application a route of its own",
        ),
        (
            builder().app("/a", empty).app("/a/ws", empty),
            "the route \"/a/ws\" needs an address that is taken; give each application a route of its own",
        ),
        (
            builder().allow_websocket_origin("host:http"),
            "allow_websocket_origin: invalid port in allowed origin \"host:http\", which is not of the form host or host:port",
        ),
    ] {
        assert_eq!(builder.build().unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_server_needs_a_runtime() {
    assert!(matches!(builder().build(), Err(BuildError::NoRuntime)));
}

fn empty(_: &mut Document) {}

fn titled(doc: &mut Document, session: &SessionContext) {
    doc.set_title(session.request().argument("title").unwrap_or("untitled").to_owned());
    doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
}

fn builder() -> ServerBuilder {
    Server::builder().settings(settings())
}

fn settings() -> Settings {
    Settings { bokehjs: BokehJs::Cdn, session_threads: 4, ..Settings::default() }
}

async fn ask(server: &Server, method: &str, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).header("x-test", "1").body(Body::empty()).unwrap();
    server.router().oneshot(request).await.unwrap()
}

pub(crate) async fn page(server: &Server, path: &str) -> String {
    let response = ask(server, "GET", path).await;
    assert_eq!(response.status(), 200, "{path}");
    text(response).await
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

/// Status and what matters of the answer.
async fn summary(response: Response<Body>) -> String {
    let status = response.status().as_u16();
    if let Some(location) = response.headers().get("location") {
        return format!("{status} -> {}", location.to_str().unwrap());
    }
    let body = text(response).await;
    let error = body.strip_prefix(&format!("<html><title>{status}: ")).and_then(|rest| rest.split_once("</title>"));
    if let Some((reason, _)) = error {
        let is_standard = axum::http::StatusCode::from_u16(status).unwrap().canonical_reason() == Some(reason);
        return if is_standard { status.to_string() } else { format!("{status} {reason}") };
    }
    if body.contains("embed_items") {
        return format!("{status} page");
    }
    let links: Vec<&str> = body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    match (body.is_empty(), links.is_empty()) {
        (true, _) => status.to_string(),
        (_, false) => format!("{status} links {}", links.join(" ")),
        _ => format!("{status} {body}"),
    }
}

fn token(html: &str) -> Token {
    Token::decode(&token_text(html)).unwrap()
}

fn token_text(html: &str) -> String {
    html.split_once("{\"token\":\"").unwrap().1.split('"').next().unwrap().to_owned()
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}
