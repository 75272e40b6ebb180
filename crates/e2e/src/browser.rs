use std::{
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, TimeoutConfiguration, WebDriver,
};
use tokio::{process::Command, sync::Mutex};

use crate::{
    Page, Process,
    page::{ConsoleEntry, WAIT},
    tools,
};

/// A headless Chromium with a profile of its own.
///
/// Every page gets a window of its own: a tab in the background draws no frames, so BokehJS would never become idle.
/// The browser and everything of it is gone when this and all of its pages are dropped.
#[derive(Debug, Clone)]
pub struct Browser {
    inner: Arc<Inner>,
}

/// Fields are dropped after the session has ended, the driver's process before the profile.
#[derive(Debug)]
pub(crate) struct Inner {
    /// The WebDriver session; locked because it has one current window, which every page has to choose first.
    pub(crate) session: Mutex<Session>,
    port: u16,
    _chromedriver: Process,
    _profile: TempDir,
}

impl Drop for Inner {
    /// Ends the session by a plain blocking request. The driver's own way reuses a connection that belongs to the
    /// test's runtime, which this very thread keeps from running.
    fn drop(&mut self) {
        let driver = &self.session.get_mut().driver;
        if driver.clone().leak().is_err() {
            // `close` has ended it.
            return;
        }
        let ended = end_session(self.port, &driver.session_id().to_string());
        let browser = driver.capabilities().get("goog:processID").and_then(Value::as_i64);
        if ended.is_err()
            && let Some(browser) = browser.and_then(|id| Pid::from_raw(id.try_into().ok()?))
            && let Err(error) = kill_process(browser, Signal::KILL)
        {
            eprintln!("could not end the browser {browser:?}: {error}");
        }
    }
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) driver: WebDriver,
    /// What the driver's log has given so far: it gives each entry once.
    pub(crate) console: Vec<ConsoleEntry>,
    /// The first window exists from the start, the others are opened.
    first_window_is_free: bool,
}

impl Browser {
    /// Starts a browser with a window of 1200 by 900 CSS pixels.
    ///
    /// # Errors
    /// Chromium or chromedriver is missing or does not start.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with more of Chromium's switches, such as `--lang=de`.
    ///
    /// # Errors
    /// Chromium or chromedriver is missing or does not start.
    pub async fn start_with(switches: &[String]) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let (chromedriver, port) = start_driver(profile.path()).await?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities(profile.path(), switches)?)
            .await
            .context("chromedriver could not start Chromium")?;
        driver
            .update_timeouts(TimeoutConfiguration::new(
                // Longer than any wait inside a page, which then can say what it waited for.
                Some(WAIT + Duration::from_secs(15)),
                Some(WAIT),
                Some(Duration::ZERO),
            ))
            .await?;
        Ok(Self {
            inner: Arc::new(Inner {
                session: Mutex::new(Session { driver, console: Vec::new(), first_window_is_free: true }),
                port,
                _chromedriver: chromedriver,
                _profile: profile,
            }),
        })
    }

    /// Opens an address in a window of its own, and returns when the page has loaded (not yet drawn).
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub async fn open(&self, url: &str) -> Result<Page> {
        let mut session = self.inner.session.lock().await;
        let driver = session.driver.clone();
        let window = if session.first_window_is_free {
            session.first_window_is_free = false;
            driver.window().await?
        } else {
            let window = driver.new_window().await?;
            driver.switch_to_window(window.clone()).await?;
            driver.set_window_rect(0, 0, 1200, 900).await?;
            window
        };
        driver.goto(url).await.with_context(|| format!("could not load {url}"))?;
        drop(session);
        Ok(Page::new(Arc::clone(&self.inner), window))
    }

    /// Closes the browser and waits until it has ended. Dropping it does the same, but blocks the thread.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn close(self) -> Result<()> {
        let driver = self.inner.session.lock().await.driver.clone();
        driver.quit().await?;
        Ok(())
    }
}

/// Starts chromedriver, and answers where it listens.
async fn start_driver(home: &Path) -> Result<(Process, u16)> {
    let mut n_left = 5;
    loop {
        let mut command = Command::new(tools::chromedriver()?);
        // Chromium keeps some things in the home folder, whatever its profile is.
        command
            .arg("--port=0")
            .env("HOME", home)
            .env("TMPDIR", home)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME");
        let mut chromedriver = Process::start("chromedriver", command)?;
        match chromedriver.wait_for_line(port_in).await {
            Ok(port) => return Ok((chromedriver, port)),
            // It chooses a port that is free with IPv6, which somebody may have with IPv4.
            Err(_) if n_left > 0 && chromedriver.log().contains("Address already in use") => n_left -= 1,
            Err(error) => return Err(error),
        }
    }
}

fn end_session(port: u16, session: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request = format!("DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    // The first byte of the answer comes when the browser has ended.
    stream.read_exact(&mut [0])
}

fn capabilities(profile: &Path, switches: &[String]) -> Result<thirtyfour::ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&tools::chromium()?.to_string_lossy())?;
    for flag in [
        "--headless=new",
        // Chromium refuses to run as root with its sandbox; the pages are our own.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Windows behind others go on drawing.
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--disable-background-timer-throttling",
        "--force-device-scale-factor=1",
        "--window-size=1200,900",
    ] {
        capabilities.add_arg(flag)?;
    }
    for switch in switches {
        capabilities.add_arg(switch)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.join("profile").display()))?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

/// The port in the line `ChromeDriver was started successfully on port 38467.`
fn port_in(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}
