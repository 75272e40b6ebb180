//! Gestures compared with what BokehJS was recorded to send, and what the kit must not let pass.

mod gestures;
mod recordings;
mod refusals;
mod sessions;
