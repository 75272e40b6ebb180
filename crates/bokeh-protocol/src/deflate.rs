//! Compressed WebSocket messages: the extension permessage-deflate of RFC 7692, as a server speaks it.
//!
//! Every message is compressed by itself ("no context takeover", in both directions). So nothing is kept for a connection between
//! two messages, and what one connection is sent can be sent to others as it is.

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
