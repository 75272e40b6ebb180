//! Python applications in a real browser: under Python's own server, which proves that the tests are right, and under ours.
//!
//! The applications lie in `apps/` of this crate. `BOKEH_APPS=waves,films` visits these alone.

mod apps;
mod guarded;
#[expect(dead_code, reason = "some of it is for workers")]
mod host;
mod same;
mod visit;
mod visits;

use std::env;
use std::time::Instant;

use anyhow::{Result, ensure};
use e2e::{Browser, Page};

use apps::{APPS, App};
use host::{Host, Kind};
use visit::Visit;

#[tokio::test]
async fn all_apps_work_under_pythons_server() -> Result<()> {
    visit_all(Kind::Python).await
}

#[tokio::test]
async fn all_apps_work_under_our_server() -> Result<()> {
    visit_all(Kind::Ours).await
}

/// Uses each application as a person would; the pictures are kept, one folder for each kind of server.
async fn visit_all(kind: Kind) -> Result<()> {
    let host = Host::start(kind, APPS.iter().map(|app| app.path)).await?;
    let browser = Browser::start().await?;
    // A browser ends with its last window.
    let blank = browser.open("about:blank").await?;
    let mut failures = Vec::new();
    for app in APPS.iter().filter(|app| is_wanted(app)) {
        let began = Instant::now();
        let outcome = visit(&host, &browser, &blank, app).await;
        println!("{:<16} {:>5.1} s", app.path, began.elapsed().as_secs_f64());
        if let Err(error) = outcome {
            println!("{error:#}");
            failures.push(format!("{}: {error:#}", app.path));
        }
    }
    browser.close().await?;
    let (status, log) = host.stop().await?;
    if !failures.is_empty() {
        println!("the log of {kind:?}'s server:\n{log}");
    }
    ensure!(
        failures.is_empty(),
        "under {kind:?}'s server {} apps failed:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    ensure!(status.success(), "the server ended with {status}; its log:\n{log}");
    for farewell in ["hooked: the server is going", "lifecycle: the server is going"] {
        ensure!(log.contains(farewell), "{farewell:?} is missing; the log:\n{log}");
    }
    Ok(())
}

async fn visit(host: &Host, browser: &Browser, blank: &Page, app: &App) -> Result<()> {
    let visit = Visit::begin(host, browser, blank.console().await?.len(), app.route()).await?;
    let seen = (app.visit)(&visit).await;
    // Also of what went wrong.
    visit.screenshot().await?;
    seen?;
    visit.end(app.complaint).await
}

fn is_wanted(app: &App) -> bool {
    env::var("BOKEH_APPS").map_or(true, |wanted| wanted.split(',').any(|route| route == app.route()))
}
