//! Workers that are killed under load.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bokeh_client::{ClientSession, pull_session};
use bokeh_protocol::Value;
use bokeh_python::Settings;
use parking_lot::Mutex;

use crate::support::{BLOCKING, kill, pid, processes, serve, settings, until};

const USERS: usize = 10;
const KILLS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn users_of_other_workers_see_no_error_whenever_one_is_killed() {
    let served = serve(BLOCKING, Settings { workers: 2, ..settings() }).await;
    let facts = Arc::new(Facts::default());
    let users: Vec<_> =
        (0..USERS).map(|_| tokio::spawn(use_sessions(served.server.url("/app"), facts.clone()))).collect();
    for round in 0..KILLS {
        // Some are killed while they work, some while they start.
        facts.wait_for_moves(USERS * (1 + round % 3)).await;
        let victims = processes(&served);
        let victim = victims[round % victims.len()];
        facts.killed.lock().insert(victim);
        kill(victim);
        until(&served, || !processes(&served).contains(&victim)).await;
    }
    until(&served, || processes(&served).len() == 2).await;
    facts.is_over.store(true, Ordering::Relaxed);
    for user in users {
        user.await.unwrap();
    }
    assert!(facts.n_lost.load(Ordering::Relaxed) > 0, "nobody was hit");
    served.server.stop().await;
}

/// What users and the killer know.
#[derive(Default)]
struct Facts {
    killed: Mutex<HashSet<i32>>,
    n_moves: AtomicUsize,
    moved: tokio::sync::Notify,
    n_lost: AtomicUsize,
    is_over: AtomicBool,
}

impl Facts {
    /// Waits until users have moved their sliders so many times more.
    async fn wait_for_moves(&self, n_moves: usize) {
        let until = self.n_moves.load(Ordering::Relaxed) + n_moves;
        loop {
            let moved = self.moved.notified();
            if self.n_moves.load(Ordering::Relaxed) >= until {
                return;
            }
            moved.await;
        }
    }
}

/// Moves the slider of a session again and again, and of a new one when the worker of the first was killed.
async fn use_sessions(url: String, facts: Arc<Facts>) {
    while !facts.is_over.load(Ordering::Relaxed) {
        // A page that is asked for while its worker is killed is the one that has to be asked for again.
        let Ok(session) = pull_session(&url).await else { continue };
        let process = pid(&session).await;
        let mut n = 0;
        while !facts.is_over.load(Ordering::Relaxed) {
            n = n % 9 + 1;
            if !moves(&session, n).await {
                assert!(facts.killed.lock().contains(&process), "a session of a worker that lives was lost");
                facts.n_lost.fetch_add(1, Ordering::Relaxed);
                break;
            }
            facts.n_moves.fetch_add(1, Ordering::Relaxed);
            facts.moved.notify_waiters();
        }
    }
}

/// Moves the slider and waits for the answer; answers whether there is one.
async fn moves(session: &ClientSession, to: i64) -> bool {
    let moved = session.update(move |doc| {
        let slider = doc.model_by_name("slider").unwrap();
        doc.set_value(slider, "value", Value::from(to)).unwrap();
    });
    let is_answered = move |doc: &mut bokeh_document::Document| {
        let div = doc.model_by_name("div").unwrap();
        doc.value(div, "text").is_ok_and(|text| text == Value::from(format!("at {to}")))
    };
    moved.await.is_ok() && session.wait_until(is_answered).await.is_ok()
}
