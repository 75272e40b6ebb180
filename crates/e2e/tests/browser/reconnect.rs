//! Pages whose connection is cut, and what becomes of them. BokehJS reconnects by itself, at once and then after 2 s.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use bokeh_document::Document;
use bokeh_models::prelude::*;
use bokeh_protocol::{Event, Map, Signing, Token};
use bokeh_server::Settings;
use e2e::{Browser, Direction, Page, Proxy};
use serde_json::json;

use crate::served::{Served, settings};
use crate::virtual_time::VirtualTime;

#[tokio::test]
async fn a_page_resumes_its_session_however_its_connection_is_cut() -> Result<()> {
    // Nobody can open a new session with such a token; whoever comes back can.
    let served = Served::start_with(Settings { session_token_expiration: Duration::ZERO, ..settings() }, app).await?;
    let mut cut = Cut::open(&served).await?;

    cut.proxy.cut();
    cut.assert_resumed("once").await?;

    cut.proxy.cut();
    cut.assert_resumed("a second time").await?;

    // The first attempt fails, the next one comes two seconds later. Meanwhile the server goes on.
    cut.proxy.disconnect();
    cut.proxy.refused(1).await;
    served
        .update(|doc| {
            let source = ColumnDataSource::named(doc, "source").expect("a source");
            source.stream(doc, data! { "x" => [4.0], "y" => [4.0] }, None).expect("all columns");
            doc.add_root(Div::new().name("root").text("made meanwhile"));
            doc.set_title("changed meanwhile");
        })
        .await?;
    cut.proxy.reconnect();
    cut.assert_resumed("while the server went on").await?;
    assert_eq!(cut.page.eval("return model('root').text", json!(null)).await?, "made meanwhile");

    // Patches are under way that never arrive, and others follow.
    let stream = |doc: &mut Document| {
        let source = ColumnDataSource::named(doc, "source").expect("a source");
        for n in 0..20 {
            source.stream(doc, data! { "x" => [f64::from(n)], "y" => [f64::from(n)] }, Some(30)).expect("all columns");
        }
    };
    cut.proxy.hold(Direction::Down);
    served.update(stream).await?;
    cut.proxy.cut();
    cut.proxy.release(Direction::Down);
    served.update(stream).await?;
    cut.assert_resumed("during a stream").await?;
    assert_eq!(cut.page.eval("return model('source').data.x.length", json!(null)).await?, 30);

    // What the page says then is lost, since BokehJS takes over the server's document.
    cut.proxy.hold(Direction::Up);
    cut.page.model("slider").set("value", json!(9)).await?;
    cut.proxy.cut();
    cut.proxy.release(Direction::Up);
    cut.assert_resumed("while the page was speaking").await?;

    // The page begins to pull, and is cut again before it has the answer.
    cut.proxy.hold(Direction::Down);
    cut.proxy.cut();
    cut.proxy.cut();
    cut.proxy.release(Direction::Down);
    cut.assert_resumed("while it came back").await?;
    cut.page.screenshot("reconnected").await?;
    Ok(())
}

#[tokio::test]
async fn a_page_comes_back_after_minutes() -> Result<()> {
    let time = VirtualTime::start()?;
    let served = Arc::new(time.run(Served::start(app)).await??);
    let mut cut = Cut::open(&served).await?;
    for minutes in [2, 9] {
        cut.proxy.disconnect();
        cut.proxy.refused(cut.n_cuts + 1).await;
        time.advance(Duration::from_secs(60 * minutes)).await?;
        cut.proxy.reconnect();
        cut.assert_resumed(&format!("for {minutes} minutes")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_page_that_comes_back_after_its_session_has_ended_says_so() -> Result<()> {
    let time = VirtualTime::start()?;
    let served = Arc::new(time.run(Served::start(app)).await??);
    let Cut { proxy, page, .. } = Cut::open(&served).await?;
    page.model("slider").set("value", json!(7)).await?;
    served.settle(&[&page]).await?;

    proxy.disconnect();
    proxy.refused(1).await;
    for _check in 0..100 {
        time.advance(Duration::from_secs(60)).await?;
        if served.n_sessions() == 0 {
            break;
        }
    }
    assert_eq!(served.n_sessions(), 0, "the session goes on for ever");
    proxy.reconnect();

    // The page keeps what it shows, under the notice.
    page.wait_until(NOTICE, json!(null)).await?;
    let notice = page.rect("session-ended", "[role=alert]").await?;
    assert!(notice.y < 100.0, "{notice:?}");
    assert_eq!(page.model("slider").get("value").await?, 7);
    assert_eq!(page.eval("return window.has_not_been_reloaded", json!(null)).await?, true);
    assert_eq!(served.n_sessions(), 0, "a new session in the place of the old one");
    page.screenshot("session_ended").await?;

    // The link leads to a new one.
    page.mouse().click(page.rect("session-ended", "a").await?.center()).await?;
    page.wait_until("return !window.has_not_been_reloaded && model('slider').value == 1", json!(null)).await?;
    page.wait_idle().await?;
    assert_eq!(served.n_sessions(), 1);
    Ok(())
}

/// As it stands in a page that a browser has restored from its memory.
#[tokio::test]
async fn a_page_with_a_token_that_has_expired_says_so() -> Result<()> {
    let served = Served::start(app).await?;
    let page = served.open(&Browser::start().await?).await?;
    let token = Token::new("never seen").expires_at(1_000_000).encode(&Signing::Unsigned)?;
    page.eval("Bokeh.embed.embed_items({}, [{token: args, roots: {}, root_ids: []}], '/app')", json!(token)).await?;
    let shown = "return Bokeh.documents.some((doc) => doc.roots().some((root) => root.name == 'session-ended'))";
    page.wait_until(shown, json!(null)).await?;
    assert_eq!(served.n_sessions(), 1, "a session for an old token");
    Ok(())
}

/// Whether the page's first document has the notice.
const NOTICE: &str = "return element('session-ended', '[role=alert]').textContent.includes('This session has ended')";

/// A page whose connection a test cuts.
struct Cut<'served> {
    served: &'served Served,
    proxy: Proxy,
    page: Page,
    /// How often the page has come back.
    n_cuts: u64,
}

impl<'served> Cut<'served> {
    async fn open(served: &'served Served) -> Result<Self> {
        let proxy = Proxy::start(served.address()?).await?;
        let page = served.open_at(&Browser::start().await?, &proxy.url(&served.url())?).await?;
        page.eval("window.has_not_been_reloaded = true", json!(null)).await?;
        Ok(Self { served, proxy, page, n_cuts: 0 })
    }

    /// Waits until the page is back, and looks at whether everything is as before: document, callbacks and page.
    async fn assert_resumed(&mut self, what: &str) -> Result<()> {
        self.n_cuts += 1;
        let page = &self.page;
        page.model("returns").wait_for("text", json!(self.n_cuts.to_string())).await.context(what.to_owned())?;
        self.served.assert_same(what, &[page]).await?;
        page.eval("model('slider').value = args", json!(self.n_cuts as f64 / 100.0)).await?;
        let text = format!("the slider is at {}", self.n_cuts as f64 / 100.0);
        page.model("answer").wait_for("text", json!(text)).await.context(what.to_owned())?;
        // And with real hands: what is drawn belongs to the models that there are.
        page.mouse().click(page.rect("button", "button").await?.center()).await?;
        page.model("clicks").wait_for("text", json!(self.n_cuts.to_string())).await.context(what.to_owned())?;
        self.served.assert_same(what, &[page]).await?;
        assert_eq!(page.eval("return window.has_not_been_reloaded", json!(null)).await?, true, "{what}");
        assert_eq!(self.served.n_sessions(), 1, "{what}");
        Ok(())
    }
}

/// Binary arrays, callbacks of properties, models and the document.
fn app(doc: &mut Document) {
    let source =
        doc.add(ColumnDataSource::new().name("source").data(data! { "x" => [1.0, 2.0, 3.0], "y" => [3.0, 1.0, 2.0] }));
    let plot = doc.add(figure().width(300).height(200).x_range((0.0, 30.0)).y_range((0.0, 30.0)));
    plot.line(doc, "x", "y").source(source).draw();
    let slider = doc.add(Slider::new().name("slider").start(0).end(10).step(0.01).value(1));
    let button = doc.add(Button::new().name("button").label("click"));
    let [answer, clicks, returns] =
        ["answer", "clicks", "returns"].map(|name| doc.add(Div::new().name(name).text("0")));
    doc.add_root(bokeh_models::row((bokeh_models::column((slider, button, answer, clicks, returns)), plot)));
    slider.on_change(doc, Slider::VALUE, move |doc, change| {
        answer.set_text(doc, format!("the slider is at {}", change.new));
    });
    let count = |div: Div| {
        let mut n = 0;
        move |doc: &mut Document| {
            n += 1;
            div.set_text(doc, n.to_string());
        }
    };
    button.on_click(doc, count(clicks));
    let mut count = count(returns);
    let came_back = move |doc: &mut Document, event: &Event| {
        assert_eq!(event.values, Map::default());
        count(doc);
    };
    doc.on_event(None, "client_reconnected", came_back).expect("an event of documents");
}
