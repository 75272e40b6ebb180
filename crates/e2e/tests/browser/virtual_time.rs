//! A runtime whose time only passes when a test says so, beside a browser for which it passes as always.

use std::future::Future;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A runtime on a thread of its own. It ends with this value.
pub(crate) struct VirtualTime {
    runtime: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl VirtualTime {
    pub(crate) fn start() -> Result<Self> {
        let (handle, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
            let runtime = runtime.expect("a runtime can be built");
            handle.send(runtime.handle().clone()).ok();
            runtime.block_on(async move {
                // Paused time jumps to the next timer when nothing else is to do, but not while something blocks.
                let (blocks, blocked) = mpsc::channel::<()>();
                tokio::task::spawn_blocking(move || blocked.recv().ok());
                stopped.await.ok();
                drop(blocks);
            });
        });
        let runtime = started.recv().context("the runtime has started")?;
        Ok(Self { runtime, stop: Some(stop), thread: Some(thread) })
    }

    /// Runs a future in that runtime.
    pub(crate) async fn run<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T> {
        Ok(self.runtime.spawn(future).await?)
    }

    /// Lets time pass there.
    pub(crate) async fn advance(&self, by: Duration) -> Result<()> {
        self.run(tokio::time::advance(by)).await
    }
}

impl Drop for VirtualTime {
    fn drop(&mut self) {
        // Both are there until now. The thread has nothing more to wait for.
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
