//! Pages in a browser.

use anyhow::Result;
use bokeh_application::{Application, DirectoryHandler, SessionContext};
use bokeh_document::Document;
use bokeh_models::prelude::*;
use bokeh_protocol::Event;
use bokeh_server::{BokehJs, RunningServer, Server, Settings};
use e2e::Page;
use serde_json::json;

use crate::nginx::Nginx;
use crate::peer;

#[tokio::test]
async fn a_page_works_under_a_path_with_tls_in_front() -> Result<()> {
    let server = serve(settings()).await?;
    let nginx = Nginx::start(&upstream(&server), &[]).await?;
    let browser = nginx.browser().await?;
    let page = browser.open(&nginx.url("/apps/")).await?;
    // The index, which leads on.
    assert_eq!(page.eval("return location.pathname", json!(null)).await?, "/apps/wave");
    page.wait_idle().await?;
    drag(&page, 0.75).await?;
    page.assert_quiet().await?;
    page.screenshot("nginx").await?;

    for (path, expected) in [
        ("/apps/static/js/bokeh.min.js", "BokehJS"),
        ("/apps/wave/static/style.css", "rebeccapurple"),
        ("/apps/wave/metadata", r#"{"url": "/wave""#),
    ] {
        let answer = peer::get(&nginx, path, "").await?;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(expected), "{path}: {:.300}", answer);
    }
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn applications_see_who_asked_nginx_and_over_what() -> Result<()> {
    for (use_xheaders, claim, expected) in [
        (true, "", "https from 127.0.0.2"),
        // nginx puts its own word in the place of what somebody claims.
        (true, "X-Real-Ip: 192.0.2.1\r\nX-Scheme: http\r\n", "https from 127.0.0.2"),
        (false, "", "http from 127.0.0.1"),
    ] {
        let server = serve(Settings { use_xheaders, ..settings() }).await?;
        let nginx = Nginx::start(&upstream(&server), &[]).await?;
        let page = peer::get(&nginx, "/apps/wave", claim).await?;
        assert!(page.contains(&format!("<title>{expected}</title>")), "{use_xheaders} {claim}: {page}");
        // nginx is on this machine, and those who ask it are not.
        let metrics = peer::get(&nginx, "/apps/../metrics", "").await?;
        assert!(metrics.starts_with("HTTP/1.1 404"), "{metrics}");
        server.stop().await;
    }
    Ok(())
}

#[tokio::test]
async fn a_page_outlives_a_reload_and_a_restart_of_nginx() -> Result<()> {
    let server = serve(settings()).await?;
    let mut nginx = Nginx::start(&upstream(&server), &[]).await?;
    let browser = nginx.browser().await?;
    let page = browser.open(&nginx.url("/apps/wave")).await?;
    page.wait_idle().await?;
    page.eval("window.has_not_been_reloaded = true", json!(null)).await?;

    nginx.reload().await?;
    drag(&page, 0.25).await?;
    assert_eq!(page.model("returns").get("text").await?, "0", "a reload cuts nobody off");
    let other = browser.open(&nginx.url("/apps/wave")).await?;
    other.wait_idle().await?;
    drag(&other, 0.5).await?;

    nginx.stop().await?;
    nginx.start_again().await?;
    for page in [&page, &other] {
        page.model("returns").wait_for("text", json!("1")).await?;
        drag(page, 0.75).await?;
    }
    assert_eq!(page.eval("return window.has_not_been_reloaded", json!(null)).await?, true);
    assert_eq!(server.sessions("/wave").map(|sessions| sessions.len()), Some(2));
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn nginx_reaches_the_server_over_a_unix_socket() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("bokeh.sock");
    // The page is nobody's own there: no host and no port tell.
    let server = serve(Settings { unix_socket: Some(socket.clone()), ..settings() }).await?;
    let nginx = Nginx::start(&format!("unix:{}", socket.display()), &[]).await?;
    let browser = nginx.browser().await?;
    let page = browser.open(&nginx.url("/apps/wave")).await?;
    page.wait_idle().await?;
    drag(&page, 0.75).await?;
    page.assert_quiet().await?;
    let answer = peer::get(&nginx, "/apps/wave", "").await?;
    assert!(answer.contains("<title>https from 127.0.0.2</title>"), "{answer}");
    server.stop().await;
    Ok(())
}

/// Drags the slider to a part of its way, and waits for what the server makes of it.
async fn drag(page: &Page, part: f64) -> Result<()> {
    let track = page.rect("slider", ".noUi-base").await?;
    let handle = page.rect("slider", ".noUi-handle").await?;
    page.mouse().press(handle.center()).await?;
    page.mouse().drag_to(track.at(part, 0.5)).await?;
    page.mouse().release(track.at(part, 0.5)).await?;
    let value = page.model("slider").get("value").await?;
    page.model("answer").wait_for("text", json!(format!("at {value}"))).await
}

/// A plot and a slider, with files of their own. The title tells who asked.
fn app(doc: &mut Document, session: &SessionContext) {
    let http = session.request().http().clone();
    doc.set_title(format!("{} from {}", http.protocol, http.remote_ip));
    let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0, 2.0, 3.0], "y" => [3.0, 1.0, 2.0] }));
    let plot = doc.add(figure().width(300).height(200));
    plot.line(doc, "x", "y").source(source).draw();
    let slider = doc.add(Slider::new().name("slider").start(0).end(100).value(1).width(500));
    let [answer, returns] = ["answer", "returns"].map(|name| doc.add(Div::new().name(name).text("0")));
    doc.add_root(bokeh_models::column((slider, answer, returns, plot)));
    slider.on_change(doc, Slider::VALUE, move |doc, change| answer.set_text(doc, format!("at {}", change.new)));
    let mut n = 0;
    let came_back = move |doc: &mut Document, _: &Event| {
        n += 1;
        returns.set_text(doc, n.to_string());
    };
    doc.on_event(None, "client_reconnected", came_back).expect("an event of documents");
}

pub(crate) async fn serve(settings: Settings) -> Result<RunningServer> {
    let files = DirectoryHandler::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nginx/wave"))?;
    let app = Application::new(app).handler(files);
    Ok(Server::builder().settings(settings).app("/wave", app).start().await?)
}

pub(crate) fn settings() -> Settings {
    Settings {
        address: Some("127.0.0.1".to_owned()),
        port: 0,
        prefix: "apps".to_owned(),
        use_xheaders: true,
        allow_websocket_origin: vec!["example.com".to_owned()],
        bokehjs: e2e::bokehjs().map_or(BokehJs::Find, BokehJs::Folder),
        session_threads: 2,
        ..Settings::default()
    }
}

/// Where nginx finds the server.
pub(crate) fn upstream(server: &RunningServer) -> String {
    server.addresses()[0].to_string()
}
