//! The options of `serve` that are about connections and about those who run the server.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use bokeh_server::{Exposure, Settings, TlsFiles};
use clap::Args;

/// How connections come in, and how many.
#[derive(Debug, Args)]
pub(crate) struct NetworkOptions {
    /// Port to listen at; 0 is any that is free [default: that in BOKEH_DEFAULT_SERVER_PORT, or 5006]
    #[arg(long)]
    port: Option<u16>,
    /// Host name or address to listen at [default: all of the machine's]
    #[arg(long)]
    address: Option<String>,
    /// Unix socket to listen at instead, which only this user can connect to
    #[arg(long, value_name = "PATH")]
    unix_socket: Option<PathBuf>,
    /// File with the certificate in PEM; the server then speaks TLS [default: that in BOKEH_SSL_CERTFILE]
    #[arg(long, value_name = "FILE")]
    ssl_certfile: Option<PathBuf>,
    /// File with the key in PEM, unless it is in that of the certificate [default: that in BOKEH_SSL_KEYFILE]
    #[arg(long, value_name = "FILE")]
    ssl_keyfile: Option<PathBuf>,
    /// The key's password; others on the machine can see it here [default: that in BOKEH_SSL_PASSWORD]
    #[arg(long, value_name = "PASSWORD")]
    ssl_password: Option<String>,
    /// Let trusted proxies say who asks: X-Real-Ip, X-Forwarded-For, X-Scheme, X-Forwarded-Proto
    #[arg(long)]
    use_xheaders: bool,
    /// Proxy that --use-xheaders trusts: address, network like 10.0.0.0/8, or * for all; may be given several times
    /// [default: this machine]
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<String>,
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

/// Why the options make no sense.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum NetworkError {
    #[error("--{0} arg is not supported with a unix socket; leave out one of the two")]
    WithUnixSocket(&'static str),
    #[error("there is a key but no certificate; --ssl-certfile names the file that has it")]
    NoCertificate,
    #[error("--trusted-proxy says whom --use-xheaders trusts; give both or neither")]
    TrustWithoutHeaders,
    #[error("BOKEH_DEFAULT_SERVER_PORT is {0:?}, which is no port; write a number from 0 to 65535")]
    Port(String),
}

impl NetworkOptions {
    /// Changes what the options, or else the environment, ask for.
    pub(crate) fn apply(
        &self,
        settings: &mut Settings,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<(), NetworkError> {
        self.contradiction()?;
        settings.unix_socket.clone_from(&self.unix_socket);
        settings.address.clone_from(&self.address);
        settings.port = match (self.port, environment("BOKEH_DEFAULT_SERVER_PORT")) {
            (Some(port), _) => port,
            (None, Some(text)) => text.trim().parse().map_err(|_no_port| NetworkError::Port(text))?,
            (None, None) => settings.port,
        };
        settings.tls = if self.unix_socket.is_some() { None } else { self.tls(environment)? };
        settings.use_xheaders = self.use_xheaders;
        settings.trusted_proxies.clone_from(&self.trusted_proxy);
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
        Ok(())
    }

    fn contradiction(&self) -> Result<(), NetworkError> {
        let given = [
            ("port", self.port.is_some()),
            ("address", self.address.is_some()),
            ("ssl-certfile", self.ssl_certfile.is_some()),
            ("ssl-keyfile", self.ssl_keyfile.is_some()),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) if self.unix_socket.is_some() => Err(NetworkError::WithUnixSocket(name)),
            _ if !self.trusted_proxy.is_empty() && !self.use_xheaders => Err(NetworkError::TrustWithoutHeaders),
            _ => Ok(()),
        }
    }

    fn tls(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Option<TlsFiles>, NetworkError> {
        let file =
            |option: &Option<PathBuf>, variable| option.clone().or_else(|| environment(variable).map(Into::into));
        let key = file(&self.ssl_keyfile, "BOKEH_SSL_KEYFILE");
        let Some(certificates) = file(&self.ssl_certfile, "BOKEH_SSL_CERTFILE") else {
            return if key.is_some() { Err(NetworkError::NoCertificate) } else { Ok(None) };
        };
        let mut files = TlsFiles::new(certificates);
        if let Some(key) = key {
            files = files.key(key);
        }
        if let Some(password) = self.ssl_password.clone().or_else(|| environment("BOKEH_SSL_PASSWORD")) {
            files = files.password(password);
        }
        Ok(Some(files))
    }
}
