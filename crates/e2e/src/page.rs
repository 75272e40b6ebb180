mod console;
mod geometry;
mod input;
mod model;

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::WindowHandle;
use tokio::sync::MutexGuard;

pub use self::{
    console::{ConsoleEntry, Level},
    geometry::{Point, Rect},
    input::{Keyboard, Mouse},
    model::Model,
};
use crate::{
    browser::{Inner, Session},
    tools,
};

/// How long a page may take to reach what a test waits for.
pub(crate) const WAIT: Duration = Duration::from_secs(30);

/// A page in a window of the browser.
///
/// Scripts that it runs are function bodies with `args` in scope, and with `doc()` (the page's first document),
/// `model(name)`, `view(name)`, `column(name, column)` of a data source, and `element(name, selector)`, which finds elements
/// inside BokehJS's shadow roots.
#[derive(Debug, Clone)]
pub struct Page {
    browser: Arc<Inner>,
    window: WindowHandle,
}

impl Page {
    pub(crate) fn new(browser: Arc<Inner>, window: WindowHandle) -> Self {
        Self { browser, window }
    }

    /// Waits until BokehJS has drawn every root and has told the server so.
    ///
    /// # Errors
    /// That takes longer than 30 seconds; the error carries the console.
    pub async fn wait_idle(&self) -> Result<()> {
        self.wait_until(
            "return window.Bokeh && Bokeh.documents.length > 0 && doc().roots().length > 0 && doc().is_idle",
            json!(null),
        )
        .await
        .context("the page did not become idle")?;
        Ok(())
    }

    /// The model with this name in the page's first document.
    #[must_use]
    pub fn model<'page>(&'page self, name: &'page str) -> Model<'page> {
        Model::new(self, name)
    }

    /// The mouse, with real (trusted) events.
    #[must_use]
    pub fn mouse(&self) -> Mouse<'_> {
        Mouse::new(self)
    }

    /// The keyboard, with real (trusted) events; they go to the focused element.
    #[must_use]
    pub fn keyboard(&self) -> Keyboard<'_> {
        Keyboard::new(self)
    }

    /// Runs the body of a function in the page and returns its result as JSON.
    ///
    /// # Errors
    /// The script throws.
    pub async fn eval(&self, body: &str, args: Value) -> Result<Value> {
        let session = self.focus().await?;
        let script = format!("{HELPERS}\nreturn plain((function (args) {{ {body} }})(arguments[0]))");
        let result =
            session.driver.execute(script, vec![args]).await.with_context(|| format!("the script failed: {body}"))?;
        Ok(result.json().clone())
    }

    /// Waits until the body of a function returns something truthy, which is returned as JSON.
    /// It is tried in the page before every frame.
    ///
    /// # Errors
    /// That takes longer than 30 seconds; the error says what the last try returned or threw, and carries the console.
    pub async fn wait_until(&self, body: &str, args: Value) -> Result<Value> {
        let script =
            format!("{HELPERS}\npoll(() => (function (args) {{ {body} }})(arguments[0]), arguments[1], arguments[2])");
        let result = {
            let session = self.focus().await?;
            session
                .driver
                .execute_async(script, vec![args, json!(WAIT.as_millis() as u64)])
                .await
                .with_context(|| format!("could not wait for: {body}"))?
        };
        match serde_json::from_value(result.json().clone())? {
            Polled::Value(value) => Ok(value),
            Polled::Last(last) => {
                let console = self.console().await?;
                let console: Vec<_> = console.iter().map(ConsoleEntry::to_string).collect();
                bail!(
                    "waited {WAIT:?} in vain for: {body}\nthe last try gave: {last}\nthe console:\n{}",
                    console.join("\n")
                )
            }
        }
    }

    /// Lets the page's clock run for so many milliseconds, when there is nothing to wait for but time.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn pause(&self, ms: u32) -> Result<()> {
        let script = "const since = window.paused ??= performance.now(); \
                      return performance.now() >= since + args && delete window.paused";
        self.wait_until(script, json!(ms)).await?;
        Ok(())
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn reload(&self) -> Result<()> {
        self.focus().await?.driver.refresh().await?;
        Ok(())
    }

    /// Goes to another address.
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub async fn goto(&self, url: &str) -> Result<()> {
        let session = self.focus().await?;
        session.driver.goto(url).await.with_context(|| format!("could not load {url}"))
    }

    /// Closes the page's window, as a user does. The browser ends with its last window.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn close(self) -> Result<()> {
        let session = self.focus().await?;
        session.driver.close_window().await?;
        // Without a current window no other could be opened.
        if let Some(other) = session.driver.windows().await?.into_iter().next() {
            session.driver.switch_to_window(other).await?;
        }
        Ok(())
    }

    /// Where an element is: that which `selector` finds in the view of the model with this name,
    /// or the view's own element if the selector is empty. It is scrolled into view if need be.
    ///
    /// # Errors
    /// There is no such model, view or element after 30 seconds.
    pub async fn rect(&self, name: &str, selector: &str) -> Result<Rect> {
        let found = self
            .wait_until("return rect(args.name, args.selector)", json!({ "name": name, "selector": selector }))
            .await?;
        Ok(serde_json::from_value(found)?)
    }

    /// The text of an element, found as in [`rect`](Self::rect).
    ///
    /// # Errors
    /// There is no such model, view or element.
    pub async fn text(&self, name: &str, selector: &str) -> Result<String> {
        let text = self
            .eval("return element(args.name, args.selector).textContent", json!({ "name": name, "selector": selector }))
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// A digest of the pixels of a plot's canvas: equal pictures, equal digests.
    ///
    /// # Errors
    /// The model's view has no canvas.
    pub async fn canvas_digest(&self, name: &str) -> Result<String> {
        let digest = self.eval("return canvas_digest(args)", json!(name)).await?;
        Ok(digest.as_str().unwrap_or_default().to_owned())
    }

    /// Saves a picture of the window as `target/e2e/screenshots/NAME.png` and returns its path. A name may have folders.
    ///
    /// # Errors
    /// The browser does not answer, or the file cannot be written.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let file = tools::screenshots()?.join(format!("{name}.png"));
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let session = self.focus().await?;
        session.driver.screenshot(&file).await?;
        Ok(file)
    }

    /// Sends a command of the Chrome DevTools protocol to this page.
    ///
    /// # Errors
    /// The browser refuses it.
    pub async fn cdp(&self, method: &str, params: Value) -> Result<Value> {
        let session = self.focus().await?;
        session.driver.cdp().send_raw(method, params).await.with_context(|| format!("{method} failed"))
    }

    /// What the console has received so far, from all pages of this browser, in order.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn console(&self) -> Result<Vec<ConsoleEntry>> {
        let mut session = self.focus().await?;
        let new = session.driver.browser_log().await?;
        session.console.extend(new.into_iter().map(Into::into));
        Ok(session.console.clone())
    }

    /// Fails if the console has received an error or a warning.
    ///
    /// # Errors
    /// It has; the error carries all of them.
    pub async fn assert_quiet(&self) -> Result<()> {
        let console = self.console().await?;
        let loud: Vec<_> = console.iter().filter(|entry| entry.is_complaint()).map(ConsoleEntry::to_string).collect();
        if !loud.is_empty() {
            bail!("the console has {} complaints:\n{}", loud.len(), loud.join("\n"));
        }
        Ok(())
    }

    /// Takes the WebDriver session and makes this page's window the current one.
    async fn focus(&self) -> Result<MutexGuard<'_, Session>> {
        let session = self.browser.session.lock().await;
        session.driver.switch_to_window(self.window.clone()).await.context("the page's window is gone")?;
        Ok(session)
    }
}

/// What `poll` in `page.js` ends with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Polled {
    Value(Value),
    Last(String),
}

/// Functions for scripts, put before each of them so that they survive a navigation.
const HELPERS: &str = include_str!("page.js");
