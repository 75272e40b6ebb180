//! A soak: many sessions with several clients each, all of whom change everything at random, come and go.
//!
//! The usual form takes some twenty seconds. `cargo xtask test --only soak` runs the long one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod app;
mod dice;
mod edit;
mod log;
mod memory;
mod session;
mod snapshot;

use std::env;
use std::sync::Arc;
use std::time::Duration;

use bokeh_application::{Application, SessionContext};
use bokeh_document::Document;
use bokeh_server::{BokehJs, Server, Settings};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How much there is to do.
#[derive(Clone, Copy)]
struct Size {
    /// The first round warms up: memory is measured after it, and after the last.
    n_rounds: u64,
    /// The sessions of a round, which are there at the same time.
    n_sessions: u64,
    /// What the clients of a session do.
    n_steps: u32,
}

impl Size {
    const SHORT: Size = Size { n_rounds: 3, n_sessions: 20, n_steps: 500 };
    const LONG: Size = Size { n_rounds: 3, n_sessions: 200, n_steps: 300 };

    fn asked_for() -> Self {
        if env::var_os("BOKEH_SOAK").is_some_and(|form| form == "long") { Size::LONG } else { Size::SHORT }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_under_random_edits_stay_equal_log_nothing_and_leave_nothing_behind() {
    log::start();
    let size = Size::asked_for();
    // What every document holds on to, until it is dropped.
    let held = Arc::new(());
    let (n_ended, mut ended) = watch::channel(0);
    let holder = held.clone();
    let app = Application::new(move |doc: &mut Document, session: &SessionContext| {
        app::fill(doc, session.id(), holder.clone());
    })
    .on_session_destroyed(move |_: &SessionContext| n_ended.send_modify(|n| *n += 1));
    let n_held = Arc::strong_count(&held);
    let server = Server::builder().settings(settings()).app("/soak", app).start().await.unwrap();

    let mut kib_after_warm_up = None;
    for round in 0..size.n_rounds {
        let mut sessions = JoinSet::new();
        for session in 0..size.n_sessions {
            sessions.spawn(session::soak(server.addresses()[0], round * size.n_sessions + session, size.n_steps));
        }
        while let Some(outcome) = sessions.join_next().await {
            outcome.unwrap();
        }
        let n_so_far = (round + 1) * size.n_sessions;
        timeout(PATIENCE, ended.wait_for(|n| *n == n_so_far)).await.expect("all sessions end").unwrap();
        assert!(server.sessions("/soak").unwrap().is_empty());
        assert_eq!(Arc::strong_count(&held), n_held, "documents outlive their sessions");
        if round == 0 {
            kib_after_warm_up = memory::resident_kib();
        }
    }
    if let (Some(before), Some(after)) = (kib_after_warm_up, memory::resident_kib()) {
        println!("resident after the first round {before} KiB, after the last {after} KiB");
        assert!(after * 100 <= before * MAX_GROWTH_PERCENT, "{after} KiB are in use, {before} after the first round");
    }
    server.stop().await;
    log::assert_clean();
}

fn settings() -> Settings {
    Settings {
        address: Some("127.0.0.1".to_owned()),
        port: 0,
        bokehjs: BokehJs::Cdn,
        session_threads: 4,
        check_unused_sessions: Duration::from_millis(50),
        unused_session_lifetime: Duration::from_secs(1),
        lost_session_lifetime: Duration::from_secs(1),
        // How long a callback takes says how busy the machine is.
        slow_callback: None,
        ..Settings::default()
    }
}

/// For what is waited for. It only matters when something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);
/// What may be in use after the last round, in percent of what was after the first. Each round does the same, so what
/// leaks grows with the rounds; what the allocator keeps does not.
const MAX_GROWTH_PERCENT: u64 = 130;
