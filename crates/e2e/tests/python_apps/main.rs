//! Python applications in a real browser: under Python's own server, which proves that the tests are right, and under ours.
//!
//! The applications lie in `apps/` of this crate. `BOKEH_APPS=waves,films` visits these alone.

mod apps;
mod dev;
mod drained;
mod embedded;
mod files;
mod guarded;
#[expect(dead_code, reason = "some of it is for workers")]
mod host;
mod refused;
mod same;
#[path = "../browser/host.rs"]
#[expect(dead_code, reason = "some of it is for pages that need no server")]
mod site;
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

#[tokio::test]
async fn apps_work_when_each_session_has_a_process() -> Result<()> {
    visit_all(Kind::Isolated).await
}

/// Uses each application as a person would; the pictures are kept, one folder for each kind of server.
async fn visit_all(kind: Kind) -> Result<()> {
    let browser = Browser::start().await?;
    // A browser ends with its last window.
    let blank = browser.open("about:blank").await?;
    let apps = APPS.iter().filter(|app| !(app.is_shared && kind == Kind::Isolated));
    let (alone, together): (Vec<&App>, Vec<&App>) = apps.partition(|app| app.is_alone);
    let mut failures = Vec::new();
    for apps in [&together[..]].into_iter().chain(alone.chunks(1)) {
        let wanted: Vec<&App> = apps.iter().copied().filter(|app| is_wanted(app)).collect();
        if wanted.is_empty() {
            continue;
        }
        let host = Host::start(kind, apps.iter().map(|app| app.path)).await?;
        let n_failures = failures.len();
        for app in wanted {
            let began = Instant::now();
            let outcome = visit(&host, &browser, &blank, app).await;
            println!("{:<16} {:>5.1} s", app.path, began.elapsed().as_secs_f64());
            failures.extend(outcome.err().map(|error| format!("{}: {error:#}", app.path)));
        }
        let (status, log) = host.stop().await?;
        if !status.success() {
            failures.push(format!("the server ended with {status}"));
        }
        for farewell in FAREWELLS {
            let is_due = apps.iter().any(|app| farewell.starts_with(app.path));
            if is_due && !log.contains(farewell) {
                failures.push(format!("the log lacks {farewell:?}"));
            }
        }
        if failures.len() > n_failures {
            println!("the log of the server:\n{log}");
        }
    }
    browser.close().await?;
    ensure!(failures.is_empty(), "{kind:?}: {} failures:\n\n{}", failures.len(), failures.join("\n\n"));
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

/// What the hooks for the end of the server write.
const FAREWELLS: [&str; 2] = ["hooked: the server is going", "lifecycle: the server is going"];
