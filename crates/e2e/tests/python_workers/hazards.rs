//! Code that blocks, writes, crashes and hangs.

use anyhow::{Context, Result, bail, ensure};
use e2e::{Browser, Page};
use serde_json::json;

use crate::host::Host;
use crate::user::User;
use crate::{kill, serve};

#[tokio::test]
async fn while_a_callback_sleeps_users_of_other_workers_go_on() -> Result<()> {
    let host = serve(2).await?;
    let sleeper = User::come(&host).await?;
    let mut other = User::come_elsewhere(&host, sleeper.worker).await?;
    sleeper.order("sleep").await?;
    let mut n_asked = 0;
    let sleep = sleeper.obeyed("sleep");
    tokio::pin!(sleep);
    loop {
        tokio::select! {
            obeyed = &mut sleep => {
                obeyed?;
                break;
            }
            asked = other.ask() => {
                asked?;
                n_asked += 1;
            }
        }
    }
    // Three seconds are time for thousands.
    ensure!(n_asked > 100, "{n_asked} round trips while another worker slept");
    Ok(())
}

#[tokio::test]
async fn whoever_comes_while_a_worker_hangs_is_served() -> Result<()> {
    let host = serve(2).await?;
    let sleeper = User::come(&host).await?;
    let other = User::come_elsewhere(&host, sleeper.worker).await?;
    // Both have as many sessions as the other.
    sleeper.order("hang").await?;
    for _user in 0..5 {
        let mut user = User::come(&host).await?;
        ensure!(user.worker == other.worker, "a new session has come to a worker that hangs");
        user.ask().await?;
    }
    kill(sleeper.worker)?;
    sleeper.lost().await?;
    User::come_elsewhere(&host, other.worker).await?.ask().await
}

#[tokio::test]
async fn what_code_writes_and_wastes_disturbs_nobody() -> Result<()> {
    let mut host = serve(1).await?;
    let mut user = User::come(&host).await?;
    user.order("write").await?;
    user.obeyed("write").await?;
    for (order, said) in [("exhaust", "MemoryError"), ("leave", "exit")] {
        user.order(order).await?;
        user.ask().await.with_context(|| format!("{order}; the log:\n{}", host.log()))?;
        host.process().wait_for_line(|line| line.contains(said).then_some(())).await?;
    }
    let mut another = User::come(&host).await?;
    ensure!(another.worker == user.worker, "the worker has been replaced");
    another.ask().await?;
    let log = host.log();
    for written in ["hazard: printed", "hazard: to standard error"] {
        ensure!(log.contains(written), "{written:?} is missing in the log:\n{log}");
    }
    Ok(())
}

#[tokio::test]
async fn users_of_a_worker_that_dies_are_told_and_recover() -> Result<()> {
    let host = serve(2).await?;
    let browser = Browser::start().await?;
    let [victim, witness] = [open(&host, &browser).await?, open(&host, &browser).await?];
    let worker_of_witness = worker(&witness).await?;
    for order in ["exit", "abort", "hang"] {
        move_from(&victim, worker_of_witness).await?;
        victim.eval("window.is_old = true", json!(null)).await?;
        victim.model("order").set("value", json!(order)).await?;
        if order == "hang" {
            for number in 1..20 {
                answers(&witness, number).await?;
            }
            kill(worker(&victim).await?)?;
        }
        victim.wait_until(NOTICE, json!(null)).await?;
        if order == "exit" {
            victim.screenshot("python/worker_died").await?;
        }
        victim.mouse().click(victim.rect("session-ended", "a").await?.center()).await?;
        victim.wait_until("return !window.is_old && doc().is_idle", json!(null)).await?;
        answers(&victim, 7).await?;
        answers(&witness, 100).await?;
        ensure!(worker(&witness).await? == worker_of_witness, "{order}: the witness has another session");
    }
    let log = host.log();
    ensure!(!log.contains("panicked"), "{log}");
    Ok(())
}

#[tokio::test]
async fn nothing_is_left_behind_when_the_server_is_killed() -> Result<()> {
    let host = serve(3).await?;
    let first = User::come(&host).await?;
    let second = User::come_elsewhere(&host, first.worker).await?;
    first.order("hang").await?;
    second.order("sleep").await?;
    // Whatever the workers do, they have the server's streams; these end with the last of them.
    host.kill().await?;
    Ok(())
}

#[tokio::test]
async fn nothing_is_left_behind_when_the_server_is_stopped() -> Result<()> {
    let host = serve(3).await?;
    let first = User::come(&host).await?;
    let second = User::come_elsewhere(&host, first.worker).await?;
    first.order("hang").await?;
    second.order("sleep").await?;
    let (status, log) = host.stop().await?;
    ensure!(status.success(), "{status}; the log:\n{log}");
    Ok(())
}

async fn open(host: &Host, browser: &Browser) -> Result<Page> {
    let page = browser.open(&host.url("hazard")).await?;
    page.wait_idle().await?;
    Ok(page)
}

/// Loads a page again until its session runs on another worker, which may be starting.
async fn move_from(page: &Page, worker_to_avoid: u32) -> Result<()> {
    for _attempt in 0..50 {
        if worker(page).await? != worker_to_avoid {
            return Ok(());
        }
        page.pause(100).await?;
        page.reload().await?;
        page.wait_idle().await?;
    }
    bail!("all sessions come to one worker")
}

async fn worker(page: &Page) -> Result<u32> {
    let process = page.model("process").get("text").await?;
    Ok(process.as_str().unwrap_or_default().parse()?)
}

async fn answers(page: &Page, number: u32) -> Result<()> {
    page.model("slider").set("value", json!(number)).await?;
    page.model("twice").wait_for("text", json!((2 * number).to_string())).await
}

/// Whether the page has the notice that its session has ended.
const NOTICE: &str = "return element('session-ended', '[role=alert]').textContent.includes('This session has ended')";
