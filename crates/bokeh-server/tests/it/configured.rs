//! What the settings that variables and files make change in pages.

use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::Request;
use bokeh_document::Document;
use bokeh_protocol::{Map, Object, Value};
use bokeh_server::{BokehJs, Configuration, Server, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn pages_load_bokehjs_as_variables_say() {
    let folder = Folder::new("pages");
    for (variables, expected) in [
        (&[][..], &["src=\"/static/js/bokeh.min.js?v=", "Bokeh.set_log_level(\"info\");</script>"][..]),
        (&[("BOKEH_MINIFIED", "no")], &["src=\"/static/js/bokeh.js\""]),
        (&[("BOKEH_LOG_LEVEL", "error")], &["Bokeh.set_log_level(\"error\");</script>"]),
        (
            &[("BOKEH_RESOURCES", "server-dev")],
            &["src=\"/static/js/bokeh.js\"", "Bokeh.set_log_level(\"info\"); Bokeh.settings.dev = true;</script>"],
        ),
        (
            &[("BOKEH_DEV", "yes")],
            &["src=\"/static/js/bokeh.js\"", "Bokeh.set_log_level(\"debug\"); Bokeh.settings.dev = true;</script>"],
        ),
        (&[("BOKEH_RESOURCES", "cdn")], &["/bokeh/release/bokeh-3.9.2.min.js\" integrity=\"sha384-"]),
        (&[("BOKEH_RESOURCES", "cdn"), ("BOKEH_MINIFIED", "no")], &["/bokeh/release/bokeh-3.9.2.js\""]),
        (&[("BOKEH_RESOURCES", "cdn"), ("BOKEH_CDN_VERSION", "3.8.1")], &["/bokeh/release/bokeh-3.8.1.min.js\""]),
        (&[("BOKEH_RESOURCES", "cdn"), ("BOKEH_CDN_VERSION", "4.0.0rc1")], &["/bokeh/dev/bokeh-4.0.0rc1.min.js\""]),
        (&[("BOKEH_RESOURCES", "inline")], &["<script>code of bokeh.min.js</script>"]),
        (&[("BOKEH_RESOURCES", "inline"), ("BOKEH_MINIFIED", "no")], &["<script>code of bokeh.js</script>"]),
    ] {
        let server = server(folder.settings(variables), |_: &mut Document| {});
        let (status, page) = get(&server, "/app").await;
        assert_eq!(status, 200, "{variables:?}");
        for part in expected {
            assert!(page.contains(part), "{variables:?}: no {part} in {page}");
        }
    }
}

#[tokio::test]
async fn scripts_that_nobody_has_are_not_asked_for() {
    let folder = Folder::new("minified");
    fs::remove_file(folder.0.join("js/bokeh.js")).unwrap();
    let server = server(folder.settings(&[("BOKEH_MINIFIED", "no")]), |_: &mut Document| {});
    let (_, page) = get(&server, "/app").await;
    assert!(page.contains("/static/js/bokeh.min.js"), "{page}");
}

#[tokio::test]
async fn a_script_for_other_pages_can_hold_bokehjs() {
    let folder = Folder::new("autoload");
    let server = server(folder.settings(&[("BOKEH_RESOURCES", "inline")]), |_: &mut Document| {});
    let (_, script) = get(&server, "/app/autoload.js?bokeh-autoload-element=x").await;
    assert!(script.contains("if (window.Bokeh === undefined) {\ncode of bokeh.min.js\n"), "{script}");
    assert!(script.contains("const js_urls = [];"), "{script}");
}

#[tokio::test]
async fn documents_with_mistakes_are_shown_or_not() {
    let unset = |doc: &mut Document| {
        doc.add_root(Object { name: "Slider".into(), id: None, attributes: Vec::new() });
    };
    let unequal = |doc: &mut Document| {
        let columns: [(&str, Vec<Value>); 2] = [("a", vec![1.into(), 2.into()]), ("b", vec![3.into()])];
        let data: Map = columns.into_iter().map(|(name, column)| (name, Value::from_iter(column))).collect();
        doc.add_root(Object {
            name: "ColumnDataSource".into(),
            id: None,
            attributes: vec![("data".into(), data.into())],
        });
    };
    for (variables, of_unset, of_unequal) in [
        (&[][..], 200, 200),
        (&[("BOKEH_VALIDATION_LEVEL", "errors")], 500, 200),
        (&[("BOKEH_VALIDATION_LEVEL", "all")], 500, 500),
        (&[("BOKEH_VALIDATION_LEVEL", "all"), ("BOKEH_VALIDATE_DOC", "no")], 200, 200),
    ] {
        let settings = Settings { bokehjs: BokehJs::Cdn, ..of(variables) };
        assert_eq!(get(&server(settings.clone(), unset), "/app").await.0, of_unset, "{variables:?}");
        assert_eq!(get(&server(settings, unequal), "/app").await.0, of_unequal, "{variables:?}");
    }
}

#[tokio::test]
async fn the_icon_is_that_of_a_file_or_none() {
    let folder = Folder::new("icon");
    let file = folder.0.join("my.ico");
    fs::write(&file, "the icon").unwrap();
    let file = file.to_str().unwrap();
    for (value, status, body) in [("none", 404, None), (file, 200, Some("the icon"))] {
        let settings = folder.settings(&[("BOKEH_ICO_PATH", value)]);
        let found = get(&server(settings, |_: &mut Document| {}), "/favicon.ico").await;
        assert_eq!(found.0, status, "{value}");
        assert!(body.is_none_or(|body| body == found.1), "{value}");
    }
    let error = Server::builder().settings(folder.settings(&[("BOKEH_ICO_PATH", "/no/such.ico")])).build().unwrap_err();
    assert_eq!(error.to_string(), "cannot read the icon /no/such.ico; --ico-path names a file, or none");
}

#[tokio::test]
async fn the_list_of_applications_can_be_a_template() {
    let folder = Folder::new("index");
    let path = folder.0.join("index.html");
    let settings = || {
        let prefix = "/pp".to_owned();
        Settings { prefix, index_template: Some(path.clone()), bokehjs: BokehJs::Cdn, session_threads: 2, ..of(&[]) }
    };
    let server = || Server::builder().settings(settings()).app("/b", |_: &mut Document| {});
    let two = || server().app("/a<", |_: &mut Document| {});
    for (template, expected) in [
        ("{% for item in items %}{{ prefix }}{{ item }} {{ item[1:] }},{% end %}", "/pp/a&lt; a&lt;,/pp/b b,"),
        ("{% for item in items %}{{ item }}{% endfor %}", "/a&lt;/b"),
        ("{% if len(items) > 1 %}many{% end %}", "many"),
    ] {
        fs::write(&path, template).unwrap();
        let found = get(&two().build().unwrap(), "/pp/").await;
        assert_eq!(found, (200, expected.to_owned()), "{template}");
    }
    assert_eq!(get(&server().build().unwrap(), "/pp/").await.0, 302, "one application has no list");
    for (template, expected) in [
        ("x\n{% for item in items %}", "index.html, line 2: "),
        ("{{ request.path }}", "index.html, line 1: `request` is undefined"),
    ] {
        fs::write(&path, template).unwrap();
        let error = two().build().unwrap_err().to_string();
        assert!(error.contains(expected) && error.ends_with("`prefix` and `items`"), "{error}");
    }
    fs::remove_file(&path).unwrap();
    let error = two().build().unwrap_err().to_string();
    assert!(error.starts_with("cannot read the template of the index, "), "{error}");
}

fn server<M>(settings: Settings, app: impl bokeh_application::IntoApplication<M>) -> Server {
    let settings = Settings { session_threads: 2, ..settings };
    Server::builder().settings(settings).app("/app", app).build().unwrap()
}

async fn get(server: &Server, path: &str) -> (u16, String) {
    let response = server.router().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn of(variables: &[(&str, &str)]) -> Settings {
    let configuration = Configuration::default().with_environment(variables.iter().copied());
    Settings::from_configuration(&configuration).unwrap()
}

/// A BokehJS whose scripts say their names, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bokeh-configured-{test}-{}", std::process::id()));
        fs::create_dir_all(folder.join("js")).unwrap();
        for name in ["bokeh", "bokeh-gl", "bokeh-widgets", "bokeh-tables", "bokeh-mathjax"] {
            for file in [format!("{name}.js"), format!("{name}.min.js")] {
                fs::write(folder.join("js").join(&file), format!("code of {file}")).unwrap();
            }
        }
        Self(folder)
    }

    fn settings(&self, variables: &[(&str, &str)]) -> Settings {
        Settings { bokehjs: BokehJs::Folder(Path::to_owned(&self.0)), ..of(variables) }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
