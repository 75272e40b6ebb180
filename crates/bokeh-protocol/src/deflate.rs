//! Compressed WebSocket messages: the extension permessage-deflate of RFC 7692, as a server speaks it.
//!
//! What the server sends is compressed message by message ("no context takeover"), so that no compressor is kept for a
//! connection, and what one is sent can be sent to others as it is. What a client sends may refer to what it has sent before, but
//! only to the last KiB of it, which is kept.

mod deflater;
mod head;
mod inflater;
mod terms;
#[cfg(test)]
mod tests;

pub use deflater::Deflater;
pub use inflater::{InflateError, Inflater};
pub use terms::DeflateTerms;

/// What every compressed message would end with, and what is left out therefore: an empty block.
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
