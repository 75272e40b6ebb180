//! The threads on which user code runs.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};

/// A runtime of its own for sessions. A callback that blocks holds one of its threads, and the sockets none.
///
/// Only tasks that wait for each other run here: a runtime whose threads block cannot be trusted with timers or sockets.
#[derive(Debug)]
pub(crate) struct SessionThreads(Option<Runtime>);

impl SessionThreads {
    pub(crate) fn start(n_threads: usize) -> io::Result<Self> {
        let runtime =
            Builder::new_multi_thread().worker_threads(n_threads.max(1)).thread_name("bokeh-session").build()?;
        Ok(Self(Some(runtime)))
    }

    pub(crate) fn handle(&self) -> Handle {
        self.0.as_ref().expect("the runtime is taken out only on drop").handle().clone()
    }
}

impl Drop for SessionThreads {
    fn drop(&mut self) {
        // Waiting for user code that blocks could take for ever, and is not allowed in async code.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
