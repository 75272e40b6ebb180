//! What waits to be written.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::frame::Encoded;

/// Frames that wait for the one task that writes them.
///
/// Whoever fills it does not wait, so it is bounded elsewhere: each peer has one message at a time in its session, each
/// session may have so many bytes of changes of its own on the way, and control messages are few.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Notify,
}

#[derive(Default)]
struct State {
    frames: VecDeque<Encoded>,
    /// Of frames that are being written, too.
    n_bytes: usize,
    is_closed: bool,
}

impl Queue {
    /// Adds a frame; answers whether it may still be written.
    pub(super) fn push(&self, frame: Encoded) -> bool {
        let mut state = self.state.lock();
        if state.is_closed {
            return false;
        }
        state.n_bytes += frame.n_bytes();
        state.frames.push_back(frame);
        drop(state);
        self.filled.notify_one();
        true
    }

    /// Waits for frames; there are none any more when the queue is closed.
    pub(super) async fn take_all(&self) -> Option<VecDeque<Encoded>> {
        loop {
            {
                let mut state = self.state.lock();
                if state.is_closed {
                    return None;
                }
                if !state.frames.is_empty() {
                    return Some(std::mem::take(&mut state.frames));
                }
            }
            self.filled.notified().await;
        }
    }

    /// Says that a frame is written.
    pub(super) fn written(&self, frame: &Encoded) {
        let mut state = self.state.lock();
        state.n_bytes = state.n_bytes.saturating_sub(frame.n_bytes());
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.state.lock().n_bytes
    }

    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closed = true;
        state.frames.clear();
        state.n_bytes = 0;
        drop(state);
        self.filled.notify_one();
    }
}
