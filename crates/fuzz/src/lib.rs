//! What must hold for whatever a peer sends, as functions of bytes.
//!
//! Each function takes any bytes, makes input of them, and panics when one of our promises is broken. The fuzz targets call
//! them with what libFuzzer invents; the tests call them with the seeds and with what was found before.
//!
//! ```
//! fuzz::receiver(br#"{"msgid":"1","msgtype":"PULL-DOC-REQ"}"#);
//! ```

mod input;

mod inflater;
mod receiver;
mod value;
mod token;

mod documents;
mod replicas;
mod patch;
mod writer;
mod edits;

pub use edits::edits;
pub use inflater::inflater;
pub use patch::patch;
pub use receiver::receiver;
pub use token::token;
pub use value::value;

/// A target's name and its body.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("inflater", inflater),
    ("receiver", receiver),
    ("value", value),
    ("token", token),
    ("patch", patch),
    ("edits", edits),
];
