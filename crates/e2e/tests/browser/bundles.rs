//! Pages that load what they need at first, and the rest of BokehJS when they have drawn it.

use std::future::IntoFuture;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bokeh_document::Document;
use bokeh_embed::{Page as BokehPage, Resources};
use bokeh_models::prelude::*;
use bokeh_server::{BokehJs, Server, Settings};
use e2e::{Browser, Level, Page};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::host::Host;

#[tokio::test]
async fn a_drawn_page_loads_the_rest() -> Result<()> {
    let line = Line::start(Rest::Sent).await?;
    let page = line.open(&Browser::start().await?).await?;
    page.wait_until(REST_IS_THERE, json!(null)).await?;
    page.mouse().click(page.rect("add", "").await?.center()).await?;
    assert_everything_is_drawn(&page).await?;
    assert_no_errors(&page).await
}

#[tokio::test]
async fn what_a_quick_click_adds_is_drawn_when_a_slow_line_has_brought_the_rest() -> Result<()> {
    let line = Line::start(Rest::UnderWay).await?;
    let page = line.open(&Browser::start().await?).await?;
    assert_eq!(page.eval(REST_IS_THERE, json!(null)).await?, json!(false));
    // What needs nothing more does not wait.
    page.mouse().click(page.rect("count", "").await?.center()).await?;
    page.wait_until("return model('count').label == '1'", json!(null)).await?;
    page.mouse().click(page.rect("add", "").await?.center()).await?;
    // What comes behind a message that waits waits, too: the page does not skip anything.
    page.mouse().click(page.rect("count", "").await?.center()).await?;
    line.wait_for_clicks(3).await?;
    page.pause(200).await?;
    let seen = page.eval("return [model('count').label, doc().get_model_by_name('table')]", json!(null)).await?;
    assert_eq!(seen, json!(["1", null]));

    line.set(Rest::Sent);
    assert_everything_is_drawn(&page).await?;
    page.wait_until("return model('count').label == '2'", json!(null)).await?;
    assert_no_errors(&page).await
}

#[tokio::test]
async fn a_page_goes_on_without_scripts_that_cannot_be_had() -> Result<()> {
    let line = Line::start(Rest::Missing).await?;
    let page = line.open(&Browser::start().await?).await?;
    page.mouse().click(page.rect("tex", "").await?.center()).await?;
    page.mouse().click(page.rect("count", "").await?.center()).await?;
    page.wait_until("return model('count').label == '1' && model('tex').label == '$$x^2$$'", json!(null)).await?;
    let console = page.console().await?;
    let missing =
        console.iter().filter(|entry| entry.level == Level::Error && entry.message.contains("could not load"));
    assert_eq!(missing.count(), 3, "{console:?}");
    Ok(())
}

#[tokio::test]
async fn a_page_that_connects_again_while_it_waits_has_everything_once() -> Result<()> {
    let line = Line::start(Rest::UnderWay).await?;
    let page = line.open(&Browser::start().await?).await?;
    let remember_connection = "const {prototype} = Bokeh.require('client/connection').ClientConnection; \
                               const {send} = prototype; \
                               prototype.send = function (message) { window.connection = this; send.call(this, message) }";
    page.eval(remember_connection, json!(null)).await?;
    page.mouse().click(page.rect("add", "").await?.center()).await?;
    line.wait_for_clicks(1).await?;
    page.pause(200).await?;
    page.eval("window.connection.socket.close(4000)", json!(null)).await?;
    page.wait_until("return window.connection.socket?.readyState === WebSocket.OPEN", json!(null)).await?;
    line.set(Rest::Sent);
    assert_everything_is_drawn(&page).await?;
    assert_eq!(page.eval("return doc().roots().length", json!(null)).await?, json!(4));
    Ok(())
}

#[tokio::test]
async fn a_page_waits_for_everything_where_messages_cannot_wait() -> Result<()> {
    let line = Line::start(Rest::Sent).await?;
    let resources = Resources::server(&line.origin(), |_| None).at_first(&[]);
    let later = resources.later_script().context("most comes later")?;
    let another = "Bokeh.require = () => { throw new Error('not there') };";
    let html =
        BokehPage::new(resources).document(&Document::new()).render()?.replace(&later, &format!("{another}{later}"));
    let host = Host::start().await?;
    host.set_page(&html);
    // Scripts that the parser meets have run when the page has loaded.
    let page = Browser::start().await?.open(&host.url()).await?;
    let classes = page.eval("return ['Slider', 'DataTable'].map((name) => name in Bokeh.Models)", json!(null)).await?;
    assert_eq!(classes, json!([true, true]));
    assert_no_errors(&page).await
}

/// A table, a plot drawn by WebGL, TeX on the canvas and in HTML.
async fn assert_everything_is_drawn(page: &Page) -> Result<()> {
    page.wait_until("return element('table', '.slick-row') != null", json!(null)).await?;
    page.wait_until("return element('text', 'svg') != null", json!(null)).await?;
    page.wait_until("return view('plot').canvas_view.webgl != null && view('plot').has_finished()", json!(null))
        .await?;
    page.screenshot("bundles").await?;
    Ok(())
}

/// Warnings there are: of software WebGL, and of what tables miss.
async fn assert_no_errors(page: &Page) -> Result<()> {
    let console = page.console().await?;
    let errors: Vec<_> = console.iter().filter(|entry| entry.level == Level::Error && entry.is_complaint()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    Ok(())
}

/// What becomes of requests for scripts that pages load later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Sent,
    /// For so long that the test can look.
    UnderWay,
    Missing,
}

/// A server behind a line that can be slow.
struct Line {
    address: SocketAddr,
    rest: watch::Sender<Rest>,
    n_clicks: watch::Receiver<u32>,
    bokeh: Server,
    serving: AbortHandle,
}

impl Line {
    async fn start(rest: Rest) -> Result<Self> {
        let (clicked, n_clicks) = watch::channel(0);
        let settings = Settings {
            bokehjs: BokehJs::Folder(e2e::bokehjs()?),
            allow_websocket_origin: vec!["*".to_owned()],
            ..Settings::default()
        };
        let bokeh =
            Server::builder().settings(settings).app("/app", move |doc: &mut Document| app(doc, &clicked)).build()?;
        let (rest, change) = watch::channel(rest);
        let router = bokeh.router().layer(from_fn_with_state(change, delay));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(axum::serve(listener, router).into_future()).abort_handle();
        Ok(Self { address, rest, n_clicks, bokeh, serving })
    }

    /// The application's page, drawn.
    async fn open(&self, browser: &Browser) -> Result<Page> {
        let page = browser.open(&format!("http://{}/app", self.address)).await?;
        page.wait_idle().await?;
        Ok(page)
    }

    fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    fn set(&self, rest: Rest) {
        self.rest.send_replace(rest);
    }

    /// Waits until the application has been told of so many clicks in all.
    async fn wait_for_clicks(&self, n: u32) -> Result<()> {
        self.n_clicks.clone().wait_for(|n_clicks| *n_clicks >= n).await?;
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.serving.abort();
        self.bokeh.drain();
    }
}

async fn delay(State(mut rest): State<watch::Receiver<Rest>>, request: Request, next: Next) -> Response {
    let is_later = ["-gl.", "-tables.", "-mathjax."].iter().any(|part| request.uri().path().contains(part));
    if is_later {
        match rest.wait_for(|rest| *rest != Rest::UnderWay).await.map(|rest| *rest) {
            Ok(Rest::Sent) => {}
            _ => return StatusCode::NOT_FOUND.into_response(),
        }
    }
    next.run(request).await
}

/// Buttons: one counts its clicks, one gets a label in TeX, and one adds what needs all of BokehJS.
fn app(doc: &mut Document, clicked: &watch::Sender<u32>) {
    let count = doc.add(Button::new().name("count").label("0"));
    let tex = doc.add(Button::new().name("tex").label("tex"));
    let add = doc.add(Button::new().name("add").label("add"));
    let tell = |clicked: &watch::Sender<u32>| clicked.send_modify(|n| *n += 1);
    let (of_count, of_add) = (clicked.clone(), clicked.clone());
    let mut n = 0;
    count.on_click(doc, move |doc| {
        n += 1;
        count.set_label(doc, n.to_string());
        tell(&of_count);
    });
    tex.on_click(doc, move |doc| tex.set_label(doc, "$$x^2$$"));
    add.on_click(doc, move |doc| {
        let source = ColumnDataSource::new().data(data! { "x" => [1, 2] });
        doc.add_root(
            DataTable::new()
                .name("table")
                .height(100)
                .source(source)
                .columns([TableColumn::new().field("x").title("x")]),
        );
        let plot = figure().name("plot").height(200).title(r"$$\sin x$$").output_backend(enums::OutputBackend::Webgl);
        let plot = doc.add(plot);
        plot.scatter(doc, [1, 2], [3, 4]).size(10).draw();
        doc.add_root(plot);
        doc.add_root(Div::new().name("text").text(r"the formula $$\frac{1}{x}$$"));
        tell(&of_add);
    });
    doc.add_root(row((count, tex, add)));
}

const REST_IS_THERE: &str =
    "return 'DataTable' in Bokeh.Models && Bokeh.require('models/text/providers').default_provider.status == 'loaded'";
