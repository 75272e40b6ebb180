//! The script that puts sessions into pages of other servers.

use axum::body::Body;
use axum::http::{Request, Response};
use bokeh_application::SessionContext;
use bokeh_document::Document;
use bokeh_server::{BokehJs, Server, ServerBuilder, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::static_files::Folder;

#[tokio::test]
async fn scripts_call_bokehjs_as_those_of_bokeh() {
    let folder = Folder::new("autoload");
    let here = "/static/js/bokeh.min.js";
    for (prefix, query, js_url, call) in [
        ("", "", Some(here), r#"embed_items(docs_json, render_items, "/")"#),
        (
            "",
            "&bokeh-app-path=/one&bokeh-absolute-url=http://x.y:1/one",
            Some("http://x.y:1/static/js/bokeh.min.js"),
            r#"embed_items(docs_json, render_items, "/one", "http://x.y:1/one")"#,
        ),
        ("", "&resources=none", None, r#"embed_items(docs_json, render_items, "/")"#),
        (
            "/pp/",
            "&bokeh-app-path=/pp/one",
            Some("/pp/static/js/bokeh.min.js"),
            r#"embed_items(docs_json, render_items, "/pp/one")"#,
        ),
    ] {
        let server = builder(&folder).prefix(prefix).build().unwrap();
        let prefix = prefix.trim_end_matches('/');
        let answer =
            ask(&server, "GET", &format!("{prefix}/one/autoload.js?bokeh-autoload-element=EL{query}"), &[]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "content-type"), "application/javascript");
        let script = text(answer).await;
        let urls = js_url.map(|url| format!("\"{url}?v=")).unwrap_or_default();
        assert!(script.contains(&format!("const js_urls = [{urls}")), "{query}: {script}");
        assert_eq!(script.contains("bokeh-widgets.min.js"), js_url.is_some());
        assert!(script.contains(call), "{query}: {script}");
        assert!(script.contains(r#"const element_id = "EL";"#), "{script}");
        assert!(script.contains(r#""elementid":"EL","use_for_title":false}]"#), "{script}");
    }
}

#[tokio::test]
async fn the_session_is_the_one_that_is_asked_for() {
    let folder = Folder::new("autoload-session");
    let server = builder(&folder).build().unwrap();
    let path = |arguments: &str| format!("/one/autoload.js?bokeh-autoload-element=EL{arguments}");
    for (arguments, headers, expected) in [
        ("&bokeh-session-id=a&title=x", &[][..], 200),
        ("", &[("bokeh-session-id", "b")], 200),
        ("&bokeh-session-id=a", &[("bokeh-session-id", "b")], 403),
        ("&bokeh-session-id=", &[], 403),
    ] {
        assert_eq!(ask(&server, "GET", &path(arguments), headers).await.status(), expected, "{arguments} {headers:?}");
    }
    let answer = ask(&server, "GET", "/one/autoload.js", &[]).await;
    assert_eq!(answer.status(), 400);
    assert!(text(answer).await.contains("No bokeh-autoload-element query parameter"));
    assert_eq!(server.session("/one", "a").unwrap().request().argument("title"), Some("x"));
    assert!(server.session("/one", "b").is_some());
    assert_eq!(server.sessions("/one").unwrap().len(), 2);
}

#[tokio::test]
async fn only_pages_that_may_connect_are_trusted_with_cookies() {
    let folder = Folder::new("autoload-cookies");
    let server = builder(&folder).allow_websocket_origin("friend:8000").build().unwrap();
    let path = "/one/autoload.js?bokeh-autoload-element=EL";
    for (method, headers, origin, allowed_headers) in [
        ("GET", &[][..], "*", "*"),
        ("GET", &[("origin", "http://friend:8000")], "http://friend:8000", "*"),
        ("GET", &[("origin", "http://friend:8000"), ("cookie", "a=b")], "http://friend:8000", "*"),
        ("GET", &[("origin", "http://stranger"), ("cookie", "a=b")], "*", "*"),
        ("OPTIONS", &[], "*", "*"),
        ("OPTIONS", &[("origin", "http://stranger")], "*", "*"),
        (
            "OPTIONS",
            &[("origin", "http://friend:8000"), ("access-control-request-headers", "bokeh-session-id")],
            "http://friend:8000",
            "bokeh-session-id",
        ),
    ] {
        let answer = ask(&server, method, path, headers).await;
        assert_eq!(answer.status(), 200, "{method} {headers:?}");
        assert_eq!(header(&answer, "access-control-allow-origin"), origin, "{method} {headers:?}");
        assert_eq!(header(&answer, "access-control-allow-headers"), allowed_headers, "{method} {headers:?}");
        assert_eq!(header(&answer, "access-control-allow-credentials"), "true");
        assert_eq!(header(&answer, "vary").to_lowercase(), "origin");
    }
    for method in ["POST", "PUT"] {
        assert_eq!(ask(&server, method, path, &[]).await.status(), 405, "{method}");
    }
}

fn builder(folder: &Folder) -> ServerBuilder {
    let app = |doc: &mut Document, session: &SessionContext| {
        doc.set_title(session.request().argument("title").unwrap_or("untitled").to_owned());
    };
    let bokehjs = BokehJs::Folder(folder.0.clone());
    Server::builder().settings(Settings { bokehjs, session_threads: 2, ..Settings::default() }).app("/one", app)
}

async fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    server.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}
