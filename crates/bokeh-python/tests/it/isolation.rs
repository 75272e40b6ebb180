//! A process for each session.

use std::time::Duration;

use bokeh_protocol::Value;
use bokeh_python::{Isolation, ProcessLimits, Settings};

use crate::support::{get, kill, open, pid, processes, serve, serve_with, set, settings, stop, until, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn each_session_has_a_process_and_a_crash_takes_nobody_along() {
    let served = serve(SCRIPT, isolated(ProcessLimits { spares: 1, ..ProcessLimits::default() })).await;
    let sessions = [open(&served).await, open(&served).await, open(&served).await];
    let mut processes = Vec::new();
    for (session, n) in sessions.iter().zip(1..) {
        set(session, "slider", "value", Value::from(n)).await;
        wait_for(session, "div", "text", &format!("at {n}")).await;
        processes.push(pid(session).await);
    }
    processes.sort_unstable();
    processes.dedup();
    assert_eq!(processes.len(), 3);

    let crashed = pid(&sessions[0]).await;
    kill(crashed);
    sessions[0].closed().await;
    set(&sessions[1], "slider", "value", Value::from(9)).await;
    wait_for(&sessions[1], "div", "text", "at 9").await;
    assert!(!processes.contains(&pid(&open(&served).await).await));
    served.server.stop().await;
    assert!(served.python.workers().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn spares_are_forked_ahead_and_again_when_one_is_used() {
    let served = serve(SCRIPT, isolated(ProcessLimits { spares: 2, ..ProcessLimits::default() })).await;
    // The one that all are forked from, and the spares.
    until(&served, || served.python.workers().len() == 3).await;
    let spares: Vec<u32> = served.python.workers().iter().map(|worker| worker.process_id).collect();
    let session = open(&served).await;
    assert!(spares.contains(&pid(&session).await.try_into().unwrap()));
    until(&served, || served.python.workers().len() == 4).await;
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_process_ends_before_the_script_runs_is_made_in_another() {
    let served = serve(SCRIPT, isolated(ProcessLimits { spares: 1, ..ProcessLimits::default() })).await;
    until(&served, || processes(&served).len() == 2).await;
    let spare = processes(&served)[1];
    // It takes the session and does nothing about it.
    stop(spare);
    let (session, ()) = tokio::join!(open(&served), async {
        until(&served, || served.python.workers().iter().any(|worker| worker.n_sessions == 1)).await;
        kill(spare);
    });
    assert_ne!(pid(&session).await, spare);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_of_a_session_ends_with_it() {
    let few = Duration::from_millis(50);
    let server = bokeh_server::Settings {
        unused_session_lifetime: few,
        check_unused_sessions: few,
        ..bokeh_server::Settings::default()
    };
    let settings = isolated(ProcessLimits { spares: 0, ..ProcessLimits::default() });
    let served = serve_with(SCRIPT, settings, server).await;
    let session = open(&served).await;
    assert_eq!(served.python.workers().len(), 2);
    session.close().await;
    until(&served, || served.python.workers().len() == 1).await;
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_may_use_so_much_memory_and_processor_time() {
    let limits =
        ProcessLimits { max_bytes: Some(64 << 20), max_cpu: Some(Duration::from_secs(1)), ..ProcessLimits::default() };
    let served = serve(SCRIPT, isolated(limits)).await;
    let (greedy, busy) = (open(&served).await, open(&served).await);
    set(&greedy, "slider", "value", Value::from(100)).await;
    wait_for(&greedy, "div", "text", "no memory").await;
    set(&busy, "slider", "value", Value::from(-1)).await;
    busy.closed().await;
    // The other one can go on.
    set(&greedy, "slider", "value", Value::from(2)).await;
    wait_for(&greedy, "div", "text", "at 2").await;
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_isolated_sessions_are_served() {
    let served = serve(SCRIPT, isolated(ProcessLimits::default())).await;
    let page = get(&served, "/app").await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("data-root-id"), "{page}");
    served.server.stop().await;
}

fn isolated(limits: ProcessLimits) -> Settings {
    Settings { isolation: Isolation::Process(limits), ..settings() }
}

const SCRIPT: &str = r#"
import os
from bokeh.io import curdoc
from bokeh.models import Slider, Div

def moved(attr, old, new):
    while new < 0:
        pass
    if new == 100:
        try:
            list(bytearray(1 << 20) for _ in range(200))
        except MemoryError:
            div.text = "no memory"
        return
    div.text = f"at {new}"

slider, div = Slider(name="slider", start=-10, end=100, value=0), Div(name="div", text="at 0")
slider.on_change("value", moved)
curdoc().add_root(slider)
curdoc().add_root(div)
curdoc().title = str(os.getpid())
"#;
