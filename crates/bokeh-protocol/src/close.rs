//! How a connection is closed.

/// The code and reason of a WebSocket Close frame.
///
/// ```
/// use bokeh_protocol::Close;
///
/// let close = Close::new(Close::PROTOCOL_ERROR, "é".repeat(100));
/// assert_eq!(close.code, 1002);
/// assert_eq!(close.reason(), "é".repeat(61));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// A code that RFC 6455 allows in a frame.
    pub code: u16,
    reason: String,
}

impl Close {
    /// The peer broke the grammar of messages.
    pub const PROTOCOL_ERROR: u16 = 1002;
    /// A text was not what its kind of fragment must hold, such as JSON that does not parse.
    pub const INVALID_PAYLOAD: u16 = 1007;
    /// Something exceeded a limit.
    pub const TOO_BIG: u16 = 1009;
    /// A control frame holds 125 bytes, and the code takes two of them.
    pub const MAX_REASON_BYTES: usize = 123;

    /// A frame with as much of `reason` as fits into it, cut between characters.
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        let mut end = reason.len().min(Self::MAX_REASON_BYTES);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        reason.truncate(end);
        Self { code, reason }
    }

    /// Why, in at most [`MAX_REASON_BYTES`](Self::MAX_REASON_BYTES) bytes of UTF-8.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
