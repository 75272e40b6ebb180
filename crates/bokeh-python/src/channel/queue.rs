//! What waits to be written.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::Notify;

use crate::frame::Encoded;

use super::passing::write_with_file;

/// Frames on their way to a socket. While nothing waits, whoever has a frame writes it; what the socket does not take at once
/// is left to the one task that [waits](Self::write_all) for it.
///
/// Whoever fills it does not wait, so it is bounded elsewhere: each peer has one message at a time in its session, each
/// session may have so many bytes of changes of its own on the way, and control messages are few.
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Notify,
}

struct State {
    /// None when the queue is closed.
    socket: Option<Arc<OwnedWriteHalf>>,
    frames: VecDeque<Encoded>,
    /// The task has frames that came before.
    is_writing: bool,
    /// Of frames that are being written, too.
    n_bytes: usize,
}

impl Queue {
    pub(super) fn new(socket: OwnedWriteHalf) -> Self {
        let state = State { socket: Some(Arc::new(socket)), frames: VecDeque::new(), is_writing: false, n_bytes: 0 };
        Self { state: Mutex::new(state), filled: Notify::new() }
    }

    /// Writes a frame or adds it; answers whether it may still be written.
    pub(super) fn push(&self, mut frame: Encoded) -> bool {
        let mut state = self.state.lock();
        let Some(socket) = &state.socket else { return false };
        // What is wrong with the socket, the task finds out.
        if !state.is_writing && state.frames.is_empty() && try_write(socket, &mut frame).is_ok_and(|is_all| is_all) {
            return true;
        }
        state.n_bytes += frame.n_bytes();
        state.frames.push_back(frame);
        drop(state);
        self.filled.notify_one();
        true
    }

    /// Writes what waits until the queue is closed.
    pub(super) async fn write_all(&self) -> io::Result<()> {
        let Some(socket) = self.state.lock().socket.clone() else { return Ok(()) };
        while let Some(frames) = self.take_all().await {
            for mut frame in frames {
                let n_bytes = frame.n_bytes();
                if let Some(file) = frame.file.take() {
                    let written = write_with_file(socket.as_ref().as_ref(), frame.head(), &file).await?;
                    frame.advance(written);
                }
                while !try_write(&socket, &mut frame)? {
                    socket.writable().await?;
                }
                let mut state = self.state.lock();
                state.n_bytes = state.n_bytes.saturating_sub(n_bytes);
            }
        }
        Ok(())
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.state.lock().n_bytes
    }

    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.socket = None;
        state.frames.clear();
        state.n_bytes = 0;
        drop(state);
        self.filled.notify_one();
    }

    /// Waits for frames; there are none any more when the queue is closed.
    async fn take_all(&self) -> Option<VecDeque<Encoded>> {
        loop {
            {
                let mut state = self.state.lock();
                state.socket.as_ref()?;
                state.is_writing = !state.frames.is_empty();
                if state.is_writing {
                    return Some(std::mem::take(&mut state.frames));
                }
            }
            self.filled.notified().await;
        }
    }
}

/// Writes as much as the socket takes. Answers whether that was all. A file has to be sent before.
fn try_write(socket: &OwnedWriteHalf, frame: &mut Encoded) -> io::Result<bool> {
    if frame.file.is_some() {
        return Ok(false);
    }
    while !frame.is_written() {
        match socket.try_write_vectored(&frame.slices()) {
            Ok(n_bytes) => frame.advance(n_bytes),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
