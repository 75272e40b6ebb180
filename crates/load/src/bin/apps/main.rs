//! The applications that the load generator drives, on one server of ours.

#[path = "../../../../../examples/sliders.rs"]
#[allow(dead_code, reason = "the example has a main function of its own")]
mod sliders;
mod sleeping;
mod streaming;

use std::time::Duration;

use anyhow::Result;
use bokeh::{Server, Settings};
use bokeh_server::BokehJs;

/// Runs as `bokeh-rs serve` does, save that sessions stay: those that a measurement has left must not be swept in the next.
#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings {
        address: Some("127.0.0.1".to_owned()),
        port: 0,
        check_unused_sessions: Duration::from_secs(86_400),
        max_sessions: 1_000_000,
        bokehjs: BokehJs::Cdn,
        ..Settings::default()
    };
    let server = Server::builder()
        .settings(settings)
        .app("/sliders", sliders::app)
        .app("/streaming", streaming::app)
        .app("/sleeping", sleeping::app)
        .start()
        .await?;
    println!("{}", server.url(""));
    server.run_until_shutdown().await?;
    Ok(())
}
