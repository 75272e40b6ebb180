//! The options of `serve`.

use bokeh_server::Settings;
use clap::Args;

/// What can be said on the command line about a server.
#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// Port to listen at; 0 is any that is free
    #[arg(long, default_value_t = Settings::default().port)]
    port: u16,
    /// Host name or address to listen at [default: all of the machine's]
    #[arg(long)]
    address: Option<String>,
    /// Host whose pages may open a WebSocket here; may be given several times [default: localhost:PORT]
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_websocket_origin: Vec<String>,
    /// What all paths begin with
    #[arg(long, default_value = "", hide_default_value = true)]
    prefix: String,
    /// Open the applications in a browser
    #[arg(long)]
    pub(crate) show: bool,
    /// How much to log
    #[arg(long, value_enum, default_value_t = LogLevel::Info)]
    pub(crate) log_level: LogLevel,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum LogLevel {
    Trace,
    Debug,
    Info,
    #[value(alias = "warning")]
    Warn,
    Error,
    /// Nothing at all
    None,
}

impl ServeOptions {
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            port: self.port,
            address: self.address.clone(),
            allow_websocket_origin: self.allow_websocket_origin.clone(),
            prefix: self.prefix.clone(),
            ..Settings::default()
        }
    }
}
