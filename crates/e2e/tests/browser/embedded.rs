//! Applications in pages of other servers.

use anyhow::{Context, Result};
use bokeh_application::SessionContext;
use bokeh_document::Document;
use bokeh_embed::{server_document, server_session};
use bokeh_models::prelude::*;
use bokeh_server::{BokehJs, RunningServer, Server, Settings};
use e2e::{Browser, Page, Python};
use serde_json::json;

use crate::host::Host;

#[tokio::test]
async fn a_page_of_another_origin_shows_an_application_and_works_with_it() -> Result<()> {
    let host = Host::start().await?;
    let server = serve(&[&host.origin()], "").await?;
    let url = server.url("/app");
    let browser = Browser::start().await?;
    for (what, script) in [
        ("ours", server_document(&url).argument("greeting", "Ann & Bob").to_string()),
        ("Python's", python("server_document(url, arguments={'greeting': 'Ann & Bob'})", &url).await?),
    ] {
        host.set_body(&format!("<h1>hello</h1>{script}"));
        let page = browser.open(&host.url()).await.context(what)?;
        page.wait_idle().await.context(what)?;
        page.model("text").wait_for("text", json!("Ann & Bob")).await.context(what)?;
        page.model("slider").set("value", json!(3)).await?;
        page.model("text").wait_for("text", json!("moved to 3")).await.context(what)?;
        assert_eq!(page.eval("return document.title", json!(null)).await?, "the host's own", "{what}");
        page.assert_quiet().await.context(what)?;
    }
    assert_eq!(server.sessions("/app").map(|sessions| sessions.len()), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_page_shows_the_session_that_it_names() -> Result<()> {
    let host = Host::start().await?;
    let server = serve(&[&host.origin()], "/pp").await?;
    let url = server.url("/app");
    let browser = Browser::start().await?;
    let mut pages = Vec::new();
    for script in
        [server_session("shared", &url).to_string(), python("server_session(None, 'shared', url=url)", &url).await?]
    {
        host.set_body(&script);
        let page = browser.open(&host.url()).await?;
        page.wait_idle().await?;
        pages.push(page);
    }
    pages[0].model("slider").set("value", json!(4)).await?;
    pages[1].model("text").wait_for("text", json!("moved to 4")).await?;
    let sessions = server.sessions("/app").context("the application is there")?;
    assert_eq!(sessions.iter().map(SessionContext::id).collect::<Vec<_>>(), ["shared"]);
    pages[0].assert_quiet().await
}

#[tokio::test]
async fn an_axum_host_customizes_a_session_before_it_shows_it() -> Result<()> {
    let server = e2e::Server::start("embed", &[]).await?;
    let page = Browser::start().await?.open(server.url()).await?;
    page.wait_idle().await?;
    assert_eq!(page.eval("return model('plot').title.text", json!(null)).await?, "made for you");
    assert_eq!(page.eval("return document.title", json!(null)).await?, "A page of axum's");
    page.model("amplitude").set("value", json!(2)).await?;
    page.wait_until("return Math.max(...model('curve').data.y) > 1.5", json!(null)).await?;
    page.screenshot("embedded").await?;
    Ok(())
}

#[tokio::test]
async fn several_applications_share_a_page_and_bokehjs() -> Result<()> {
    let host = Host::start().await?;
    let server = serve(&[&host.origin()], "").await?;
    let url = server.url("/app");
    let greet = |greeting: &str| server_document(&url).argument("greeting", greeting).to_string();
    let python = python("server_document(url, arguments={'greeting': 'two'})", &url).await?;
    host.set_body(&[greet("one"), python, greet("three")].concat());
    let page = Browser::start().await?.open(&host.url()).await?;
    let texts = page
        .wait_until(
            "const docs = window.Bokeh?.documents ?? []; \
             return docs.length == 3 && docs.every((doc) => doc.roots().length > 0 && doc.is_idle) \
               && docs.map((doc) => doc.get_model_by_name('text').text).sort()",
            json!(null),
        )
        .await?;
    assert_eq!(texts, json!(["one", "three", "two"]));
    let n_cores = "return [...document.scripts].filter((script) => script.src.includes('bokeh.min.js')).length";
    assert_eq!(page.eval(n_cores, json!(null)).await?, 1);
    page.assert_quiet().await
}

#[tokio::test]
async fn a_page_that_was_not_let_in_shows_nothing() -> Result<()> {
    let host = Host::start().await?;
    let server = serve(&["example.org"], "").await?;
    host.set_body(&server_document(server.url("/app")).to_string());
    let page = Browser::start().await?.open(&host.url()).await?;
    wait_for_complaint(&page, "Error rendering Bokeh items").await?;
    assert_eq!(page.eval("return Bokeh.documents.length", json!(null)).await?, 0);

    // Cookies of a user are not for pages that cannot connect.
    host.set_body(&server_document(server.url("/app")).with_credentials().to_string());
    let page = Browser::start().await?.open(&host.url()).await?;
    wait_for_complaint(&page, "could not load").await?;
    assert_eq!(page.eval("return window.Bokeh === undefined", json!(null)).await?, true);
    Ok(())
}

#[tokio::test]
async fn headers_and_cookies_reach_the_application() -> Result<()> {
    let host = Host::start().await?;
    let server = serve(&[&host.origin()], "").await?;
    // Another port of the same name is another origin, whose cookies are the same.
    let url = server.url("/app").replace("localhost", "127.0.0.1");
    let browser = Browser::start().await?;
    for (script, expected) in [
        (server_document(&url).header("X-Greeting", "by header"), "by header"),
        (server_document(&url).with_credentials(), "by cookie"),
        (server_document(&url).header("X-Greeting", "by both").with_credentials(), "by both"),
        (server_session("with-cookie", &url).with_credentials(), "by cookie"),
    ] {
        host.set_body(&format!("<script>document.cookie = 'greeting=by cookie'</script>{script}"));
        let page = browser.open(&host.url()).await?;
        page.wait_idle().await?;
        page.model("text").wait_for("text", json!(expected)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_page_can_bring_bokehjs_itself() -> Result<()> {
    let host = Host::start().await?;
    let server = serve(&[&host.origin()], "").await?;
    let own = bokeh_embed::Resources::server("", |_| None).at_origin(server.url("").trim_end_matches('/'));
    let script = server_document(server.url("/app")).without_resources();
    host.set_body(&format!("{}{script}", own.to_html()));
    let page = Browser::start().await?.open(&host.url()).await?;
    page.wait_idle().await?;
    page.assert_quiet().await
}

async fn serve(origins: &[&str], prefix: &str) -> Result<RunningServer> {
    let settings = Settings {
        address: Some("localhost".to_owned()),
        port: 0,
        prefix: prefix.to_owned(),
        bokehjs: BokehJs::Folder(e2e::bokehjs()?),
        allow_websocket_origin: origins.iter().map(ToString::to_string).collect(),
        session_threads: 2,
        ..Settings::default()
    };
    Ok(Server::builder().settings(settings).app("/app", app).start().await?)
}

/// A text that says what the request said, and then where a slider is.
fn app(doc: &mut Document, session: &SessionContext) {
    let request = session.request();
    let greeting = request.argument("greeting").or(request.header("X-Greeting")).or(request.cookie("greeting"));
    let text = doc.add(Div::new().name("text").text(greeting.unwrap_or("hello").to_owned()));
    let slider = doc.add(Slider::new().name("slider").start(0).end(10).value(1).step(1));
    slider.on_change(doc, Slider::VALUE, move |doc, change| text.set_text(doc, format!("moved to {}", change.new)));
    doc.set_title("the application's");
    doc.add_root(column((text, slider)));
}

/// What Python's `bokeh.embed` makes.
async fn python(call: &str, url: &str) -> Result<String> {
    let script = format!(
        "import json, sys\nfrom bokeh.embed import server_document, server_session\n\
         url = sys.argv[1]\nprint(json.dumps({call}))"
    );
    let html = Python::find()?.run(&script, &[url]).await?;
    Ok(html.as_str().context("a script element is text")?.to_owned())
}

/// Waits for an error in the page's console.
async fn wait_for_complaint(page: &Page, text: &str) -> Result<()> {
    loop {
        let console = page.console().await?;
        if console.iter().any(|entry| entry.is_complaint() && entry.to_string().contains(text)) {
            return Ok(());
        }
        page.pause(50).await.with_context(|| format!("no {text:?} in {console:?}"))?;
    }
}
