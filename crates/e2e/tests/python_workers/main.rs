//! What Python code can do to the process that it runs in, and that nobody else notices.
//!
//! The load takes some twenty seconds; `cargo xtask test --only workers` runs the long one.

mod hazards;
mod load;
mod user;

#[expect(dead_code, reason = "some of it is for other applications")]
#[path = "../python_apps/host.rs"]
mod host;
#[expect(dead_code, reason = "some of it is for other dice")]
#[path = "../soak/dice.rs"]
mod dice;

use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use host::{Host, Kind};

/// Our server with the application and so many workers.
async fn serve(n_workers: usize) -> Result<Host> {
    Host::start_with(Kind::Ours, &["--num-procs", &n_workers.to_string(), "hazard.py"]).await
}

/// Kills a process at once.
fn kill(process: u32) -> Result<()> {
    let id = Pid::from_raw(process.try_into()?).context("a process has a number")?;
    Ok(kill_process(id, Signal::KILL)?)
}

/// For what is waited for. It only matters when something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);
