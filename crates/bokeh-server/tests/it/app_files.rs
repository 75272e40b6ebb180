//! Files of applications and of extensions.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, Response, request};
use bokeh_application::{Application, Handler, HandlerFuture, SessionContext};
use bokeh_document::Document;
use bokeh_server::{BokehJs, BuildError, Server, Settings};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn applications_have_files_of_their_own_beside_bokehjs() {
    let app = App::new("own");
    for (route, path, expected) in [
        ("/app", "/pp/app/static/css/style.css", "body {}"),
        ("/app", "/pp/app/static/a%20b.txt", "0123456789"),
        ("/app", "/pp/app/static/js/bokeh.min.js", "// bokeh.min.js"),
        ("/", "/pp/static/css/style.css", "body {}"),
        ("/", "/pp/static/js/bokeh.min.js", "// bokeh.min.js"),
        ("/app", "/pp/static/css/style.css", "404"),
        ("/app", "/pp/app/static/css", "404"),
        ("/app", "/pp/app/static/../main.py", "404"),
        ("/app", "/pp/app/static/%2e%2e/main.py", "404"),
        ("/app", "/pp/app/static/css/..%2f..%2fmain.py", "404"),
        ("/app", "/pp/app/static//etc/passwd", "404"),
        ("/app", "/pp/static/extensions/ext/dist.js", "// dist"),
        ("/app", "/pp/static/extensions/ext/../../main.py", "404"),
        ("/app", "/pp/static/extensions/other/dist.js", "404"),
    ] {
        let answer = ask(&app.server(route), path, |request| request).await;
        let answer = if answer.status() == 404 { "404".to_owned() } else { text(answer).await };
        assert_eq!(answer, expected, "{route} {path}");
    }
}

#[tokio::test]
async fn files_are_sent_in_parts_and_not_sent_again() {
    let app = App::new("parts");
    let server = app.server("/app");
    let whole = ask(&server, "/pp/app/static/a%20b.txt", |request| request).await;
    let (etag, date) = (whole.headers()["etag"].clone(), whole.headers()["last-modified"].clone());
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    assert_eq!(whole.headers()["content-type"], "text/plain");
    assert_eq!(whole.headers()["cache-control"], "no-cache");
    let etag = etag.to_str().unwrap();
    for (headers, status, expected) in [
        (vec![("range", "bytes=2-4")], 206, "234"),
        (vec![("range", "bytes=-3")], 206, "789"),
        (vec![("range", "bytes=20-")], 416, ""),
        (vec![("range", "bytes=-20")], 206, "0123456789"),
        (vec![("range", "bytes=0-1,3-4")], 200, "0123456789"),
        (vec![("range", "bytes=x")], 200, "0123456789"),
        (vec![("range", "lines=0-1")], 200, "0123456789"),
        (vec![("if-unmodified-since", "Thu, 01 Jan 1970 00:00:01 GMT")], 200, "0123456789"),
        (vec![("range", "bytes=2-4"), ("if-range", etag)], 206, "234"),
        (vec![("range", "bytes=2-4"), ("if-range", "\"older\"")], 200, "0123456789"),
        (vec![("range", "bytes=2-4"), ("accept-encoding", "br")], 206, "234"),
        (vec![("if-none-match", etag)], 304, ""),
        (vec![("if-none-match", "\"older\""), ("if-modified-since", date.to_str().unwrap())], 200, "0123456789"),
        (vec![("if-modified-since", date.to_str().unwrap())], 304, ""),
    ] {
        let with_headers = |request: request::Builder| {
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        let response = ask(&server, "/pp/app/static/a%20b.txt", with_headers).await;
        assert_eq!(response.status(), status, "{headers:?}");
        assert_eq!(text(response).await, expected, "{headers:?}");
    }
    let versioned = ask(&server, "/pp/app/static/a%20b.txt?v=1", |request| request).await;
    assert_eq!(versioned.headers()["cache-control"], "max-age=31536000, immutable");
}

#[tokio::test]
async fn texts_are_sent_compressed_and_pictures_as_they_are() {
    let app = App::new("compressed");
    let text_of_10k = "0123456789".repeat(1000);
    for name in ["long.css", "long.png"] {
        write(&app.0.join("static").join(name), &text_of_10k);
    }
    write(&app.0.join("ext/long.js"), &text_of_10k);
    let server = app.server("/app");
    for (path, accepted, expected) in [
        ("/pp/app/static/long.css", "gzip, br", Some("br")),
        ("/pp/app/static/long.css", "gzip", Some("gzip")),
        ("/pp/app/static/long.css", "identity", None),
        ("/pp/app/static/long.png", "gzip, br", None),
        ("/pp/app/static/css/style.css", "gzip, br", None),
        ("/pp/static/extensions/ext/long.js", "br", Some("br")),
    ] {
        let accepting = |request: request::Builder| request.header("accept-encoding", accepted);
        let response = ask(&server, path, accepting).await;
        let headers = response.headers().clone();
        let encoding = headers.get("content-encoding").map(|encoding| encoding.to_str().unwrap());
        assert_eq!(encoding, expected, "{path} {accepted}");
        assert_eq!(headers.contains_key("vary"), path.contains("long") && !path.ends_with("png"), "{path}");
        let length: usize = headers["content-length"].to_str().unwrap().parse().unwrap();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes().len(), length, "{path}");
        assert_eq!(length < 1000, encoding.is_some() || path.ends_with("style.css"), "{path} {accepted}");

        let tag = headers["etag"].clone();
        let again = ask(&server, path, |request| accepting(request).header("if-none-match", tag)).await;
        assert_eq!(again.status(), 304, "{path} {accepted}");
    }
}

#[tokio::test]
async fn a_file_that_has_changed_is_compressed_anew() {
    let app = App::new("changed");
    let server = app.server("/app");
    let file = app.0.join("static/data.json");
    for length in [2000, 3000] {
        write(&file, &"1".repeat(length));
        let response =
            ask(&server, "/pp/app/static/data.json", |request| request.header("accept-encoding", "gzip")).await;
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let mut text = String::new();
        GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), length);
    }
}

#[tokio::test]
async fn links_do_not_lead_out_of_the_folder() {
    let app = App::new("links");
    let server = app.server("/app");
    let folder = app.0.join("static");
    for (link, target, expected) in [
        ("inside.txt", "a b.txt", 200),
        ("css/up.txt", "../a b.txt", 200),
        ("outside.py", "../main.py", 404),
        ("elsewhere", "..", 404),
        ("nowhere", "not there", 404),
    ] {
        std::os::unix::fs::symlink(target, folder.join(link)).unwrap();
        let path = if link == "elsewhere" { "elsewhere/main.py" } else { link };
        let answer = ask(&server, &format!("/pp/app/static/{path}"), |request| request).await;
        assert_eq!(answer.status(), expected, "{link}");
    }
}

#[tokio::test]
async fn an_application_that_cannot_be_served_stops_the_start() {
    struct Broken;
    impl Handler for Broken {
        fn modify_document<'a>(&'a self, _: &'a mut Document, _: &'a SessionContext) -> HandlerFuture<'a> {
            Box::pin(async { Ok(()) })
        }

        fn check(&self) -> bokeh_document::CallbackResult {
            Err("Error loading app.py".into())
        }
    }
    let error = Server::builder().app("/app", Application::empty().handler(Broken)).build().unwrap_err();
    assert!(matches!(&error, BuildError::Application { route, .. } if route == "/app"), "{error}");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "Error loading app.py");

    let app = App::new("two");
    let two = Application::empty().handler(Files(app.0.join("static"))).handler(Files(app.0.join("other")));
    let error = Server::builder().app("/app", two).build().unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().starts_with("more than one folder"));
}

async fn ask(
    server: &Server,
    path: &str,
    with_headers: impl FnOnce(request::Builder) -> request::Builder,
) -> Response<Body> {
    let request = with_headers(Request::builder().uri(path)).body(Body::empty()).unwrap();
    server.router().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

/// Brings files and an extension.
struct Files(PathBuf);

impl Handler for Files {
    fn modify_document<'a>(&'a self, _: &'a mut Document, _: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(()) })
    }

    fn static_path(&self) -> Option<&Path> {
        Some(&self.0)
    }

    fn extension_dir(&self, name: &str) -> Option<PathBuf> {
        (name == "ext").then(|| self.0.join("../ext"))
    }

    fn bokehjs_dir(&self) -> Option<PathBuf> {
        Some(self.0.join("../bokehjs"))
    }
}

/// The folder of an application, removed at the end.
struct App(PathBuf);

impl App {
    fn new(test: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("app-{test}-{}", std::process::id()));
        for (path, content) in [
            ("static/css/style.css", "body {}"),
            ("static/a b.txt", "0123456789"),
            ("ext/dist.js", "// dist"),
            ("main.py", "secret = 1"),
        ] {
            write(&folder.join(path), content);
        }
        for part in ["", "-gl", "-widgets", "-tables", "-mathjax"] {
            let name = format!("bokeh{part}.min.js");
            write(&folder.join("bokehjs/js").join(&name), &format!("// {name}"));
        }
        Self(folder)
    }

    fn server(&self, route: &str) -> Server {
        let settings =
            Settings { bokehjs: BokehJs::Find, prefix: "/pp".to_owned(), session_threads: 2, ..Settings::default() };
        let app = Application::empty().handler(Files(self.0.join("static")));
        Server::builder().settings(settings).app(route, app).build().unwrap()
    }
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

impl Drop for App {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
