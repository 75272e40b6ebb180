//! A process and those that it has started, as the system counts them.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

/// The process and all that descend from it.
pub(super) fn family(pid: u32) -> Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // It may end meanwhile.
        parents.extend(parent(pid).map(|parent| (pid, parent)));
    }
    let mut family = vec![pid];
    let mut at = 0;
    while let Some(&parent) = family.get(at) {
        family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| pid));
        at += 1;
    }
    Ok(family)
}

/// The time that processors have worked for a process so far: what the scheduler counts for each thread, in nanoseconds.
pub(super) fn cpu(process: &str) -> Result<Duration> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).context("the server has ended")?;
    let mut nanos = 0;
    for thread in threads {
        // A thread may end meanwhile.
        let Ok(stat) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        nanos += stat.split(' ').next().and_then(|nanos| nanos.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(nanos))
}

/// The bytes of memory that are a process's own. What it shares with others since a fork counts by halves, thirds and so on.
pub(super) fn memory(pid: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).context("the server has ended")?;
    let kib = rollup.lines().find_map(|line| line.strip_prefix("Pss_Anon:")?.split_whitespace().next()?.parse().ok());
    kib.map(|kib: u64| kib << 10).context("the system does not say how much memory is used")
}

/// Ends them at once.
pub(super) fn kill(pids: &[u32]) {
    for pid in pids.iter().filter_map(|pid| Pid::from_raw(i32::try_from(*pid).ok()?)) {
        // It may be gone already.
        kill_process(pid, Signal::KILL).ok();
    }
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses, and may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}
