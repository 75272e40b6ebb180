//! The options of `serve` that are about how much, and for those who run the server.

#[cfg(test)]
mod tests;

use std::time::Duration;

use bokeh_server::{Exposure, Settings};
use clap::Args;

/// How many there can be of what, and how the end goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits and operations")]
pub(crate) struct LimitOptions {
    /// How many sessions there can be [default: 10000]
    #[arg(long, value_name = "N")]
    max_sessions: Option<usize>,
    /// How many sessions one application can have [default: any]
    #[arg(long, value_name = "N")]
    max_sessions_per_app: Option<usize>,
    /// How many WebSockets can be open [default: 20000]
    #[arg(long, value_name = "N")]
    max_connections: Option<usize>,
    /// How many WebSockets one application can have [default: any]
    #[arg(long, value_name = "N")]
    max_connections_per_app: Option<usize>,
    /// How many WebSockets one session can have [default: 100]
    #[arg(long, value_name = "N")]
    max_connections_per_session: Option<usize>,
    /// How many requests for a WebSocket can wait for their session [default: 1000]
    #[arg(long, value_name = "N")]
    max_pending_handshakes: Option<usize>,
    /// How many requests for a WebSocket can wait in one application [default: any]
    #[arg(long, value_name = "N")]
    max_pending_handshakes_per_app: Option<usize>,
    /// How many connections of any kind can be open [default: 40000]
    #[arg(long, value_name = "N")]
    max_sockets: Option<usize>,
    /// How long a peer may take to send the head of a request, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    request_head_timeout: Option<u64>,
    /// Who may see the numbers at /metrics
    #[arg(long, value_enum, default_value_t = Metrics::Local)]
    metrics: Metrics,
    /// How long to wait after SIGTERM before pages are sent away, while /readyz tells load balancers, in seconds
    /// [default: 0]
    #[arg(long, value_name = "SECONDS")]
    drain_delay: Option<u64>,
    /// How long the end may take after that, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS")]
    shutdown_timeout: Option<u64>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Metrics {
    /// Nobody
    Off,
    /// Programs on the same machine
    Local,
    /// Everybody
    All,
}

impl LimitOptions {
    /// Changes what the options ask for.
    pub(crate) fn apply(&self, settings: &mut Settings) {
        for (setting, option) in [
            (&mut settings.max_sessions, self.max_sessions),
            (&mut settings.max_connections, self.max_connections),
            (&mut settings.max_connections_per_session, self.max_connections_per_session),
            (&mut settings.max_pending_handshakes, self.max_pending_handshakes),
            (&mut settings.max_sockets, self.max_sockets),
        ] {
            *setting = option.unwrap_or(*setting);
        }
        settings.max_sessions_per_app = self.max_sessions_per_app;
        settings.max_connections_per_app = self.max_connections_per_app;
        settings.max_pending_handshakes_per_app = self.max_pending_handshakes_per_app;
        for (setting, option) in [
            (&mut settings.request_head_timeout, self.request_head_timeout),
            (&mut settings.drain_delay, self.drain_delay),
            (&mut settings.shutdown_timeout, self.shutdown_timeout),
        ] {
            *setting = option.map_or(*setting, Duration::from_secs);
        }
        settings.metrics = match self.metrics {
            Metrics::Off => Exposure::Nobody,
            Metrics::Local => Exposure::Local,
            Metrics::All => Exposure::Everybody,
        };
    }
}
