//! Workers that stop, are killed and are replaced.

use std::time::Duration;

use bokeh_protocol::Value;
use bokeh_python::Settings;
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use crate::support::{BLOCKING, get, kill, open, pid, processes, serve, serve_with, set, settings, until, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn all_processes_are_gone_when_the_server_has_stopped() {
    let served = serve(BLOCKING, Settings { workers: 2, ..settings() }).await;
    let _session = open(&served).await;
    let processes = processes(&served);
    assert_eq!(processes.len(), 2);
    served.server.stop().await;
    assert_gone(&processes);
    assert!(served.python.workers().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_was_killed_takes_only_its_sessions_along_and_another_one_serves_the_next() {
    let served = serve(BLOCKING, Settings { workers: 2, ..settings() }).await;
    let first = open(&served).await;
    let one = pid(&first).await;
    let second = loop {
        let session = open(&served).await;
        // A worker that is slow to answer is passed over.
        if pid(&session).await != one {
            break session;
        }
    };

    kill(one);
    // The server ends the session; a client that comes back is told so.
    first.closed().await;
    set(&second, "slider", "value", Value::from(7)).await;
    wait_for(&second, "div", "text", "at 7").await;

    until(&served, || processes(&served).len() == 2).await;
    assert!(!processes(&served).contains(&one));
    let third = open(&served).await;
    set(&third, "slider", "value", Value::from(3)).await;
    wait_for(&third, "div", "text", "at 3").await;
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_script_crashes_the_interpreter_is_replaced() {
    let script = "import os\nif b'crash' in curdoc().session_context.request.arguments.get('do', []): os._exit(11)\n";
    let served = serve(&[BLOCKING, script].concat(), settings()).await;
    let [before] = processes(&served)[..] else { panic!("one worker") };
    let page = get(&served, "/app?do=crash").await;
    assert!(page.starts_with("HTTP/1.1 500"), "{page}");
    let session = open(&served).await;
    assert_ne!(pid(&session).await, before);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_has_made_its_sessions_ends_with_the_last_of_them() {
    let few = Duration::from_millis(50);
    let server = bokeh_server::Settings {
        unused_session_lifetime: few,
        check_unused_sessions: few,
        ..bokeh_server::Settings::default()
    };
    let served = serve_with(BLOCKING, Settings { max_worker_sessions: Some(2), ..settings() }, server).await;
    let [before] = processes(&served)[..] else { panic!("one worker") };
    let (first, second) = (open(&served).await, open(&served).await);
    until(&served, || served.python.workers().iter().any(|worker| worker.is_retiring)).await;
    // It lives on for those that it has.
    for session in [&first, &second] {
        assert_eq!(pid(session).await, before);
    }
    let third = open(&served).await;
    assert_ne!(pid(&third).await, before);
    for session in [first, second] {
        session.close().await;
    }
    until(&served, || !processes(&served).contains(&before)).await;
    assert_gone(&[before]);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_with_too_much_memory_makes_no_more_sessions() {
    // Every worker has more than a byte, but one without sessions would only be followed by another such.
    let settings = Settings { max_worker_bytes: Some(1), heartbeat: Duration::from_millis(50), ..settings() };
    let served = serve(BLOCKING, settings).await;
    let before = processes(&served);
    let first = open(&served).await;
    assert_eq!(pid(&first).await, before[0]);
    until(&served, || served.python.workers().iter().any(|worker| worker.is_retiring)).await;
    assert_ne!(pid(&open(&served).await).await, before[0]);
    assert_eq!(pid(&first).await, before[0]);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_of_other_workers_go_on_while_a_callback_blocks_its_own() {
    let served = serve(BLOCKING, Settings { workers: 2, ..settings() }).await;
    let blocked = open(&served).await;
    // Does not return before the worker is killed.
    set(&blocked, "slider", "value", Value::from(-1)).await;
    let busy = pid(&blocked).await;
    for n in 1..4 {
        let session = open(&served).await;
        assert_ne!(pid(&session).await, busy);
        set(&session, "slider", "value", Value::from(n)).await;
        wait_for(&session, "div", "text", &format!("at {n}")).await;
    }
    kill(busy);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_does_not_answer_is_replaced_and_killed_only_if_that_is_wanted() {
    let few = Duration::from_millis(50);
    let patient = Settings { heartbeat: few, unresponsive_after: 2 * few, ..settings() };
    let served = serve(BLOCKING, patient.clone()).await;
    let session = open(&served).await;
    let busy = pid(&session).await;
    set(&session, "slider", "value", Value::from(-1)).await;
    until(&served, || processes(&served).len() == 2).await;
    assert!(processes(&served).contains(&busy));
    until(&served, || served.python.workers().iter().any(|worker| worker.is_retiring)).await;
    assert_ne!(pid(&open(&served).await).await, busy);
    kill(busy);
    served.server.stop().await;

    let served = serve(BLOCKING, Settings { kill_after: Some(20 * few), ..patient }).await;
    let session = open(&served).await;
    let busy = pid(&session).await;
    set(&session, "slider", "value", Value::from(-1)).await;
    session.closed().await;
    until(&served, || !processes(&served).is_empty() && !processes(&served).contains(&busy)).await;
    assert_gone(&[busy]);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_does_not_end_keeps_its_page_waiting_only_for_so_long() {
    let endless = Settings { session_timeout: Some(Duration::from_millis(200)), ..settings() };
    let served = serve("import time\nwhile True: time.sleep(0.01)\n", endless).await;
    let page = tokio::time::timeout(Duration::from_secs(30), get(&served, "/app")).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 500"), "{page}");
    processes(&served).into_iter().for_each(kill);
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_will_not_stop_is_killed() {
    let served = serve(BLOCKING, Settings { stop_timeout: Duration::from_millis(100), ..settings() }).await;
    let session = open(&served).await;
    let busy = processes(&served);
    set(&session, "slider", "value", Value::from(-1)).await;
    session.close().await;
    served.python.stop().await;
    assert_gone(&busy);
    served.server.stop().await;
}

fn assert_gone(processes: &[i32]) {
    for process in processes {
        assert_eq!(test_kill_process(Pid::from_raw(*process).unwrap()), Err(Errno::SRCH), "{process} is still there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_come_at_the_same_moment_are_shared_among_the_workers() {
    let served = serve(BLOCKING, Settings { workers: 2, ..settings() }).await;
    let url = served.server.url("/app");
    let opening: Vec<_> = (0..8).map(|_| tokio::spawn(bokeh_client::pull_session(url.clone()))).collect();
    let mut sessions = Vec::new();
    for session in opening {
        sessions.push(session.await.unwrap().unwrap());
    }
    // One that has none gets one. After that, a worker that is slow to answer is passed over.
    assert!(served.python.workers().iter().all(|worker| worker.n_sessions > 0), "{:?}", served.python.workers());
    served.server.stop().await;
}
