//! Numbers in the log.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::memory::resident_bytes;
use crate::operations::Operations;

/// Logs how much there is of everything, as often as the settings say, until the server stops.
pub(crate) async fn log(operations: Operations) {
    let common = operations.common.clone();
    let settings = &common.settings;
    let numbers = every(settings.stats_log_frequency, || log_numbers(&operations));
    let memory = every(settings.mem_log_frequency, log_memory);
    tokio::select! {
        () = numbers => {}
        () = memory => {}
        () = common.stop.cancelled() => {}
    }
}

async fn every(period: Option<Duration>, log: impl Fn()) {
    let Some(period) = period else { return pending().await };
    let period = period.max(Duration::from_millis(1));
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        log();
    }
}

fn log_numbers(Operations { apps, .. }: &Operations) {
    let pid = std::process::id();
    let n_clients: u64 = apps.iter().map(|app| app.sessions.host().metrics.connections.value()).sum();
    tracing::debug!("[pid {pid}] {n_clients} clients connected");
    for app in apps {
        let sessions = app.sessions.list();
        let n_unused = sessions.iter().filter(|session| !session.is_visited()).count();
        let (route, n_sessions) = (&app.sessions.host().route, sessions.len());
        tracing::debug!("[pid {pid}]   {route} has {n_sessions} sessions with {n_unused} unused");
    }
}

fn log_memory() {
    let pid = std::process::id();
    match resident_bytes() {
        Some(bytes) => {
            let (mib, tenths) = (bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20);
            tracing::info!("[pid {pid}] Memory usage: {mib}.{tenths} MiB (RSS)");
        }
        None => tracing::warn!("this system does not tell how much memory a process has"),
    }
}
