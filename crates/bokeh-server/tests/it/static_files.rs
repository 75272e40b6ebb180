//! BokehJS from a folder.

use std::fs;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::{Request, Response};
use bokeh_server::{BokehJs, Server, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn files_of_bokehjs_are_served_and_nothing_else() {
    let folder = Folder::new("served");
    let server = folder.server();
    for (path, expected) in [
        ("/pp/static/js/bokeh.min.js", 200),
        ("/pp/app/static/js/bokeh.min.js", 200),
        ("/pp/static/js/bokeh-tables.min.js?v=1", 200),
        ("/static/js/bokeh.min.js", 404),
        ("/pp/static/js/nope.js", 404),
        ("/pp/static/js/notes.txt", 404),
        ("/pp/static/js", 404),
        ("/pp/static/", 404),
        ("/pp/static/secret.js", 404),
        ("/pp/static/js/../secret.js", 404),
        ("/pp/static/js/%2e%2e/secret.js", 404),
        ("/pp/static/js/..%2fsecret.js", 404),
        ("/pp/static//etc/passwd", 404),
        ("/pp/static/js/%00bokeh.min.js", 404),
        ("/pp/static/js/%ff", 400),
    ] {
        assert_eq!(ask(&server, "GET", path).await.status().as_u16(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_page_links_files_under_the_hash_of_what_they_hold() {
    let folder = Folder::new("linked");
    let server = folder.server();
    let html = text(ask(&server, "GET", "/pp/app").await).await;
    let link = html.split_once("<script src=\"").unwrap().1.split('"').next().unwrap();
    let (path, hash) = link.split_once("?v=").unwrap();
    assert_eq!((path, hash.len()), ("/pp/static/js/bokeh.min.js", 128));

    let response = ask(&server, "GET", link).await;
    let headers = response.headers();
    assert_eq!(headers["etag"], format!("\"{hash}\""));
    assert_eq!(headers["cache-control"], "max-age=31536000, immutable");
    assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(text(response).await, "// bokeh.min.js");
    assert_eq!(ask(&server, "GET", path).await.headers()["cache-control"], "no-cache");
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let folder = Folder::new("methods");
    for (method, expected) in [("HEAD", 200), ("POST", 405), ("DELETE", 405)] {
        let response = ask(&folder.server(), method, "/pp/static/js/bokeh.min.js").await;
        assert_eq!(response.status().as_u16(), expected, "{method}");
    }
}

async fn ask(server: &Server, method: &str, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    server.router().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

/// A folder that looks like BokehJS, removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bokehjs-{test}-{}", std::process::id()));
        fs::create_dir_all(folder.join("js")).unwrap();
        for part in ["", "-gl", "-widgets", "-tables", "-mathjax"] {
            let name = format!("bokeh{part}.min.js");
            fs::write(folder.join("js").join(&name), format!("// {name}")).unwrap();
        }
        fs::write(folder.join("js/notes.txt"), "not a script").unwrap();
        fs::write(folder.join("secret.js"), "not to be served").unwrap();
        Self(folder)
    }

    fn server(&self) -> Server {
        let settings = Settings {
            bokehjs: BokehJs::Folder(self.0.clone()),
            prefix: "/pp".to_owned(),
            session_threads: 2,
            ..Settings::default()
        };
        Server::builder().settings(settings).app("/app", |_: &mut bokeh_document::Document| {}).build().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
