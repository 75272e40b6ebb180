//! Servers that are killed.

use std::env;
use std::process::Stdio;

use bokeh_protocol::Value;
use bokeh_python::Settings;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::{BLOCKING, open, serve, set, settings};

/// Plays both parts: the server is this same test, run by itself.
#[tokio::test(flavor = "multi_thread")]
async fn no_worker_outlives_a_server_that_was_killed() {
    if env::var_os(AS_SERVER).is_some() {
        return be_server().await;
    }
    let mut server = Command::new(env::current_exe().unwrap())
        .args(["--exact", "orphans::no_worker_outlives_a_server_that_was_killed", "--nocapture"])
        .env(AS_SERVER, "1")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let workers: Vec<Pid> = loop {
        let line = lines.next_line().await.unwrap().expect("the server has ended");
        if let Some((_, processes)) = line.split_once(WORKERS) {
            break processes.split(',').map(|id| Pid::from_raw(id.parse().unwrap()).unwrap()).collect();
        }
    };
    assert_eq!(workers.len(), 2);
    let handles: Vec<_> = workers.iter().map(|id| pidfd_open(*id, PidfdFlags::empty()).unwrap()).collect();
    server.kill().await.unwrap();
    for handle in handles {
        let mut ends = [PollFd::new(&handle, PollFlags::IN)];
        let n_ended = poll(&mut ends, Some(&Timespec { tv_sec: 30, tv_nsec: 0 })).unwrap();
        assert_eq!(n_ended, 1, "a worker is still there");
    }
}

/// One worker is idle, and one does not look at its socket.
async fn be_server() {
    let served = serve(BLOCKING, Settings { workers: 2, ..settings() }).await;
    let session = open(&served).await;
    set(&session, "slider", "value", Value::from(-1)).await;
    let processes: Vec<_> = served.python.workers().iter().map(|worker| worker.process_id.to_string()).collect();
    println!("\n{WORKERS}{}", processes.join(","));
    std::future::pending().await
}

const AS_SERVER: &str = "BOKEH_PYTHON_TEST_AS_SERVER";
const WORKERS: &str = "workers: ";
