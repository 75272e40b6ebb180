//! How the messages of WebSockets are compressed.

/// How the messages of WebSockets are compressed, with clients that offer it (permessage-deflate). Only texts of 128 bytes and more
/// are, each by itself; buffers never are, since numbers hardly get shorter.
///
/// ```
/// use bokeh_server::{Settings, WebSocketCompression};
///
/// let compression = WebSocketCompression { level: 3, ..WebSocketCompression::default() };
/// let settings = Settings { websocket_compression: Some(compression), ..Settings::default() };
/// # let _ = settings;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebSocketCompression {
    /// How hard to try, from 0 for not at all to 9 for what takes longest. The default is 6.
    pub level: u8,
    /// How much memory Bokeh lets each connection take, from 1 for 1 KiB to 9 for 256 KiB. Here it changes nothing, since what
    /// compresses is no connection's own. The default is 8.
    pub mem_level: u8,
}

impl Default for WebSocketCompression {
    fn default() -> Self {
        Self { level: 6, mem_level: 8 }
    }
}
