//! Users who log in.

mod browser;
mod login;
mod openid;
mod owners;
mod proxy;

use axum::body::Body;
use axum::http::{Request, Response};
use bokeh_application::auth::{Access, Auth, AuthRequest, User};
use bokeh_application::{Application, HandlerFuture, HttpResponse, SessionContext};
use bokeh_document::Document;
use bokeh_server::{BokehJs, BuildError, Server, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn nobody_sees_an_application_without_logging_in() {
    let server = server();
    for (method, path, cookie, expected) in [
        ("GET", "/pp/app", "", "302 /pp/login?next=/pp/app"),
        ("GET", "/pp/app?n=1", "user=Mallory", "302 /pp/login?next=/pp/app?n=1"),
        ("GET", "/pp/app", "user=Ann", "200 seen=1"),
        ("GET", "/pp/app/metadata", "", "302 /pp/login?next=/pp/app/metadata"),
        ("GET", "/pp/app/metadata", "user=Ann", "200 seen=1"),
        ("GET", "/pp/app/autoload.js", "", "302 /pp/login?next=/pp/app/autoload.js"),
        ("GET", "/pp", "", "302 /pp/login?next=/pp"),
        ("GET", "/pp/app/ws", "", "302 /pp/login?next=/pp/app/ws"),
        ("HEAD", "/pp/app", "", "302 /pp/login?next=/pp/app"),
        ("HEAD", "/pp/app", "user=Ann", "200 seen=1"),
        ("POST", "/pp/app", "", "405"),
        ("GET", "/favicon.ico", "", "200"),
        ("GET", "/pp/app/static/js/bokeh.min.js", "", "404"),
        ("GET", "/pp/login", "", "200 seen=form"),
        ("POST", "/pp/login", "", "200 seen=POST name=Ann"),
        ("GET", "/pp/logout", "", "200 seen=form"),
        ("GET", "/login", "", "404"),
    ] {
        let response = ask(&server, method, path, cookie, "name=Ann").await;
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let what = header("location").or_else(|| header("x-seen").map(|seen| format!("seen={seen}")));
        let answer = [Some(response.status().as_str().to_owned()), what].into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(answer.join(" "), expected, "{method} {path} {cookie}");
    }
}

#[tokio::test]
async fn a_websocket_of_a_stranger_is_refused() {
    let request = Request::get("/pp/app/ws").header("upgrade", "websocket").body(Body::empty()).unwrap();
    let response = server().router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 403);
    assert!(text(response).await.contains("Not logged in"));
}

#[tokio::test]
async fn an_answer_says_nothing_of_its_connection_twice() {
    let response = ask(&server(), "GET", "/pp/login", "", "").await;
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.headers().get_all("content-length").iter().collect::<Vec<_>>(), ["6"]);
    assert_eq!(text(response).await, "log in");
}

#[tokio::test]
async fn sessions_know_where_users_log_out() {
    let server = server();
    ask(&server, "GET", "/pp/app?bokeh-session-id=x", "user=Ann", "").await;
    let session = server.session("/app", "x").unwrap();
    assert_eq!((session.logout_url(), session.user().map(User::name)), (Some("/pp/logout"), Some("Ann")));
}

#[tokio::test]
async fn pages_of_users_are_in_no_cache() {
    for (path, expected) in [("/pp/app", "no-store"), ("/pp/app/metadata", "no-store"), ("/pp", "no-store")] {
        let response = ask(&server(), "GET", path, "user=Ann", "").await;
        assert_eq!(response.headers().get("cache-control").unwrap(), expected, "{path}");
    }
}

#[tokio::test]
async fn paths_for_users_are_no_applications() {
    let app = || |_: &mut Document| {};
    for (paths, expected) in [
        (&["/login"][..], "the path \"/login\" of the authentication is taken or does not begin with a slash"),
        (&["/app/ws"], "the path \"/app/ws\" of the authentication is taken or does not begin with a slash"),
        (&["enter"], "the path \"enter\" of the authentication is taken or does not begin with a slash"),
        (&["/"], "the path \"/\" of the authentication is taken or does not begin with a slash"),
        (&["/{*all}", "/enter", "/enter"], ""),
    ] {
        let auth = Doors(paths);
        let built = Server::builder().settings(settings()).auth(auth).app("/login", app()).app("/app", app()).build();
        let error = built.err().map(|error: BuildError| error.to_string()).unwrap_or_default();
        assert_eq!(error, expected, "{paths:?}");
    }
}

#[tokio::test]
async fn code_that_panics_lets_nobody_in() {
    let server =
        Server::builder().settings(settings()).auth(Panics).app("/app", |_: &mut Document| {}).build().unwrap();
    for path in ["/pp/app", "/pp/login"] {
        assert_eq!(ask(&server, "GET", path, "", "").await.status(), 500, "{path}");
    }
}

struct Doors(&'static [&'static str]);

impl Auth for Doors {
    fn authorize<'a>(&'a self, _request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async { Ok(Access::granted(User::new("Ann"))) })
    }

    fn paths(&self) -> Vec<String> {
        self.0.iter().map(|path| (*path).to_owned()).collect()
    }
}

struct Panics;

impl Auth for Panics {
    fn authorize<'a>(&'a self, _request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async { panic!("as intended") })
    }

    fn paths(&self) -> Vec<String> {
        vec!["/login".to_owned()]
    }

    fn respond<'a>(&'a self, _request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        Box::pin(async { panic!("as intended") })
    }
}

/// Knows Ann.
struct Cookies;

impl Auth for Cookies {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        let access = if request.cookie("user") == Some("Ann") {
            let headers = vec![("X-Seen".to_owned(), "1".to_owned())];
            Access::Granted { user: Some(User::new("Ann")), headers }
        } else {
            let location = format!("/pp/login?next={}", request.http().uri);
            let headers = vec![("Location".to_owned(), location), ("Content-Length".to_owned(), "0".to_owned())];
            Access::Refused(HttpResponse { status: 302, headers, body: Vec::new() })
        };
        Box::pin(async move { Ok(access) })
    }

    fn paths(&self) -> Vec<String> {
        vec!["/login".to_owned(), "/logout".to_owned()]
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        let request = request.http();
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let seen = if request.method == "POST" { format!("POST {body}") } else { "form".to_owned() };
        let headers = [("X-Seen", &*seen), ("Content-Length", "999"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Box::pin(async { Ok(HttpResponse { status: 200, headers, body: b"log in".to_vec() }) })
    }

    fn logout_url(&self) -> Option<String> {
        Some("/logout".to_owned())
    }
}

fn server() -> Server {
    let app = Application::new(|_: &mut Document, _: &SessionContext| {});
    Server::builder().settings(settings()).auth(Cookies).app("/app", app).build().unwrap()
}

fn settings() -> Settings {
    Settings { bokehjs: BokehJs::Cdn, prefix: "/pp".to_owned(), session_threads: 2, ..Settings::default() }
}

async fn ask(server: &Server, method: &str, path: &str, cookie: &str, body: &'static str) -> Response<Body> {
    let body = if method == "POST" { Body::from(body) } else { Body::empty() };
    let request = Request::builder().method(method).uri(path).header("cookie", cookie).body(body).unwrap();
    server.router().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}
