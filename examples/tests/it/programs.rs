//! The examples.

#[path = "../../button.rs"]
pub(crate) mod button;
#[path = "../../chat_count.rs"]
pub(crate) mod chat_count;
#[path = "../../rooms.rs"]
pub(crate) mod rooms;
#[path = "../../sliders.rs"]
pub(crate) mod sliders;
#[path = "../../streaming.rs"]
pub(crate) mod streaming;
