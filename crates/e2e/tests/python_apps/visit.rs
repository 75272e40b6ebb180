//! A user who opens an application and does something.

use anyhow::{Context, Result, bail, ensure};
use bokeh_client::ConnectOptions;
use bokeh_document::Document;
use bokeh_protocol::Value;
use e2e::{Browser, Key, Page, Point};
use serde_json::{Value as Json, json};

use crate::host::Host;

/// One page that shows one session of an application, and what can be done in it.
pub(crate) struct Visit<'a> {
    pub(crate) host: &'a Host,
    pub(crate) browser: &'a Browser,
    pub(crate) page: Page,
    pub(crate) route: &'a str,
    /// What the console held before.
    n_earlier: usize,
}

impl<'a> Visit<'a> {
    /// Opens the application's page in a session that bears the name of the route, and waits until it is drawn.
    pub(crate) async fn begin(host: &'a Host, browser: &'a Browser, n_earlier: usize, route: &'a str) -> Result<Self> {
        let page = browser.open(&host.url(&format!("{route}?bokeh-session-id={route}"))).await?;
        let text = page.eval("return window.Bokeh ? '' : document.body.innerText", json!(null)).await?;
        ensure!(text == "", "there is no page, but {text}");
        page.wait_idle().await?;
        Ok(Self { host, browser, page, route, n_earlier })
    }

    /// Keeps a picture of the page.
    pub(crate) async fn screenshot(&self) -> Result<()> {
        let kind = format!("{:?}", self.host.kind).to_lowercase();
        self.page.screenshot(&format!("python/{kind}/{}", self.route)).await?;
        Ok(())
    }

    /// Fails if the page has complained of anything but what it may, and closes it.
    pub(crate) async fn end(self, allowed: Option<&str>) -> Result<()> {
        let console = self.page.console().await?;
        let complaints: Vec<String> = console
            .iter()
            .skip(self.n_earlier)
            .filter(|entry| entry.is_complaint() && !allowed.is_some_and(|text| entry.message.contains(text)))
            .map(ToString::to_string)
            .collect();
        ensure!(complaints.is_empty(), "the console has complaints:\n{}", complaints.join("\n"));
        self.page.close().await
    }

    /// Another page that shows another session of the application.
    pub(crate) async fn neighbour(&self, session: &str) -> Result<Page> {
        let url = self.host.url(&format!("{}?bokeh-session-id={session}", self.route));
        let page = self.browser.open(&url).await?;
        page.wait_idle().await?;
        Ok(page)
    }

    /// Clicks the button of a widget.
    pub(crate) async fn press(&self, name: &str) -> Result<()> {
        self.click(name, "button").await
    }

    /// Clicks an element of a widget in its middle.
    pub(crate) async fn click(&self, name: &str, selector: &str) -> Result<()> {
        let middle = self.page.rect(name, selector).await?.center();
        self.page.mouse().click(middle).await
    }

    /// Drags the handle of a slider to this fraction of its length.
    pub(crate) async fn slide(&self, name: &str, to: f64) -> Result<()> {
        self.slide_handle(name, ".noUi-handle", to).await
    }

    /// Drags one of a slider's handles.
    pub(crate) async fn slide_handle(&self, name: &str, handle: &str, to: f64) -> Result<()> {
        let from = self.page.rect(name, handle).await?.center();
        let track = self.page.rect(name, ".noUi-base").await?;
        self.page.mouse().drag(from, Point { y: from.y, ..track.at(to, 0.5) }).await
    }

    /// Types into an input in the place of what it holds, and presses Enter.
    pub(crate) async fn enter(&self, name: &str, text: &str) -> Result<()> {
        self.click(name, "input").await?;
        self.page.keyboard().select_all().await?;
        self.page.keyboard().type_text(text).await?;
        self.page.keyboard().press(Key::Enter).await
    }

    /// Chooses an option of a select. Its list is drawn by the system, where no test can click.
    pub(crate) async fn choose(&self, name: &str, option: &str) -> Result<()> {
        let script = "const select = element(args.name, 'select'); select.value = args.option; \
                      select.dispatchEvent(new Event('change'))";
        self.page.eval(script, json!({ "name": name, "option": option })).await?;
        Ok(())
    }

    /// Waits until a model of the page has this text.
    pub(crate) async fn reads(&self, name: &str, text: &str) -> Result<()> {
        self.has(name, "text", text).await
    }

    /// Waits until a model of the page has this value.
    pub(crate) async fn has(&self, name: &str, property: &str, value: impl Into<Json>) -> Result<()> {
        self.page.model(name).wait_for(property, value.into()).await
    }

    /// Waits until something holds in the page.
    pub(crate) async fn until(&self, script: &str) -> Result<Json> {
        self.page.wait_until(&format!("return {script}"), json!(null)).await
    }

    /// Does something, waits until something holds in the page, and checks that a plot looks different then.
    pub(crate) async fn redraws(
        &self,
        plot: &str,
        until: &str,
        action: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        let before = self.page.canvas_digest(plot).await?;
        action.await?;
        self.until(until).await?;
        self.page.wait_idle().await?;
        // The last frame may be still to be drawn.
        let script = format!("return canvas_digest('{plot}') != args");
        self.page.wait_until(&script, json!(before)).await.with_context(|| format!("{plot} was not drawn anew"))?;
        Ok(())
    }

    /// Waits until a client that joins the session finds this value in the server's document.
    ///
    /// Each look joins anew: Python's server does not tell those that are there what a callback has changed before it
    /// raised.
    pub(crate) async fn server_has(&self, name: &str, property: &str, expected: impl Into<Json>) -> Result<()> {
        let expected = expected.into();
        let mut found = None;
        for _look in 0..100 {
            found = self.joining(name, property).await?;
            if found.as_ref() == Some(&expected) {
                return Ok(());
            }
            self.page.pause(50).await?;
        }
        bail!("the server's {name}.{property} is {found:?}, not {expected}");
    }

    /// A value of the server's document as a client finds it that joins the session.
    async fn joining(&self, name: &str, property: &str) -> Result<Option<Json>> {
        let options = ConnectOptions {
            session_id: Some(self.route.to_owned()),
            ..ConnectOptions::new(self.host.url(self.route))
        };
        let client = options.pull().await?;
        let (of_model, of_property) = (name.to_owned(), property.to_owned());
        let found = client.update(move |doc| value(doc, &of_model, &of_property)).await?;
        client.close().await;
        Ok(found)
    }

    /// Waits until the server or an application has written this.
    pub(crate) async fn log_has(&self, text: &str) -> Result<()> {
        for _look in 0..100 {
            if self.host.log().contains(text) {
                return Ok(());
            }
            self.page.pause(50).await?;
        }
        bail!("{text:?} is missing; the log:\n{}", self.host.log())
    }
}

/// A plain value of a model as JSON.
fn value(doc: &Document, name: &str, property: &str) -> Option<Json> {
    plain(&doc.value(doc.model_by_name(name)?, property).ok()?)
}

fn plain(value: &Value) -> Option<Json> {
    match value {
        Value::Null => Some(Json::Null),
        Value::Bool(value) => Some(json!(value)),
        Value::Int(value) => Some(json!(value)),
        Value::Float(value) => Some(json!(value)),
        Value::Str(text) => Some(json!(&**text)),
        Value::List(items) => items.iter().map(plain).collect(),
        _ => None,
    }
}
