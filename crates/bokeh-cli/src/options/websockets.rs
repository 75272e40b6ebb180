use std::time::Duration;

use bokeh_protocol::Limits;
use bokeh_server::{Settings, WebSocketCompression};
use clap::Args;

use super::OptionsError;
use super::number::{FROM_0, FROM_1, number};

/// What goes through WebSockets.
#[derive(Debug, Args)]
#[command(next_help_heading = "WebSockets")]
pub(crate) struct WebSocketOptions {
    /// Host whose pages may open a WebSocket here; may be given several times [default: localhost:PORT]
    ///
    /// BOKEH_ALLOW_WS_ORIGIN takes the place of all of them.
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_websocket_origin: Vec<String>,
    /// How often each WebSocket is pinged, in milliseconds; 0 is never [default: 37000]
    #[arg(long, value_name = "MILLISECONDS", allow_negative_numbers = true)]
    keep_alive: Option<i64>,
    /// How much a message may hold in one piece, in bytes [default: 20971520]
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    websocket_max_message_size: Option<i64>,
    /// Compress messages for clients that can read that, from 0 for not at all to 9 for what takes longest
    #[arg(long, value_name = "LEVEL", allow_negative_numbers = true)]
    websocket_compression_level: Option<i64>,
    /// Changes nothing: compression takes no memory for each connection; in Bokeh, how much, from 1 to 9 [default: 8]
    #[arg(long, value_name = "LEVEL", allow_negative_numbers = true)]
    websocket_compression_mem_level: Option<i64>,
}

impl WebSocketOptions {
    pub(super) fn apply(&self, settings: &mut Settings) -> Result<(), OptionsError> {
        settings.allow_websocket_origin.clone_from(&self.allow_websocket_origin);
        if let Some(millis) = number("--keep-alive", self.keep_alive, FROM_0)? {
            settings.keep_alive = (millis > 0).then(|| Duration::from_millis(millis));
        }
        if let Some(bytes) = number("--websocket-max-message-size", self.websocket_max_message_size, FROM_1)? {
            let default = Limits::default();
            let max_message_bytes = default.max_message_bytes.max(bytes);
            settings.message_limits = Limits { max_fragment_bytes: bytes, max_message_bytes, ..default };
        }
        let mem_level = number("--websocket-compression-mem-level", self.websocket_compression_mem_level, 1..=9)?;
        if let Some(level) = number("--websocket-compression-level", self.websocket_compression_level, 0..=9)? {
            let default = WebSocketCompression::default();
            let mem_level = mem_level.unwrap_or(default.mem_level);
            settings.websocket_compression = Some(WebSocketCompression { level, mem_level });
        }
        Ok(())
    }
}
