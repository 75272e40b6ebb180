//! One worker.

mod about;
mod charges;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bokeh_application::SessionContext;
use bokeh_protocol::Buffer;
use serde::{Deserialize, Serialize};
use tokio::net::UnixStream;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::apps::AppSource;
use crate::channel::{Channel, ChannelEnd, Reply};
use crate::error::{CallError, LoadError, StartError};
use crate::message::{Configure, Fork, Load, Nothing, OfSession};
use crate::package::package;
use crate::process::{Forked, Process, ProcessHandle};
use crate::session::RemoteSession;
use crate::settings::{ProcessLimits, Settings};
use crate::spawner::{Spawned, Spawner};

use about::AppError;
use charges::Charges;

pub(crate) use about::{About, AuthInfo, LoadedApp, Metrics, read};
pub(crate) use charges::{Booking, CountedChild};

/// A worker: a process, the connection to it, and the sessions that it has.
pub(crate) struct Worker {
    process_id: u32,
    channel: Channel,
    charges: Arc<Charges>,
    next_session: AtomicU64,
    /// It makes no more sessions.
    is_retiring: AtomicBool,
    kill: CancellationToken,
    about: About,
}

/// A worker that is ready, and its process.
pub(crate) struct Started {
    pub(crate) worker: Arc<Worker>,
    pub(crate) process: Process,
}

impl Worker {
    /// Starts a process and waits until it is ready to load applications.
    pub(crate) async fn start(spawner: &Spawner, settings: &Settings) -> Result<Started, StartError> {
        let failed = |source| StartError::Spawn { python: spawner.python().clone(), source };
        let Spawned { child, socket } = spawner.spawn().await.map_err(failed)?;
        let process_id = child.id().unwrap_or_default();
        let (mut worker, end) = Self::connect(process_id, socket).map_err(failed)?;
        let process = Process::new(ProcessHandle::Child(child), end, worker.kill.clone());
        worker.channel.post("package", &package(), &[]).map_err(StartError::Worker)?;
        let configure = Configure::new(settings);
        let reply = worker.call("configure", &configure, &[], Some(settings.start_timeout)).await;
        worker.about = read("configure", reply).map_err(StartError::Worker)?;
        Ok(Started { worker: Arc::new(worker), process })
    }

    /// Has the process fork another one, which is a worker that has loaded the same.
    pub(crate) async fn fork(&self, limits: &ProcessLimits, timeout: Duration) -> Result<Started, CallError> {
        #[derive(Deserialize)]
        struct Answer {
            pid: u32,
        }
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(CallError::Fork)?;
        ours.set_nonblocking(true).map_err(CallError::Fork)?;
        let question = Fork { limits: limits.into() };
        let reply = self.channel.call_with_file("fork", &question, theirs.into(), Some(timeout)).await;
        let Answer { pid } = read("fork", reply)?;
        let end_of_process = self.charges.forks().watch(pid);
        let (mut worker, end) = Self::connect(pid, ours).map_err(CallError::Fork)?;
        worker.about = self.about.clone();
        let handle = ProcessHandle::Forked(Forked {
            process_id: pid,
            end: end_of_process,
            parent: self.channel.clone(),
            _child: CountedChild::of(&self.charges),
        });
        let process = Process::new(handle, end, worker.kill.clone());
        Ok(Started { worker: Arc::new(worker), process })
    }

    fn connect(process_id: u32, socket: std::os::unix::net::UnixStream) -> io::Result<(Self, ChannelEnd)> {
        let socket = UnixStream::from_std(socket)?;
        let charges = Arc::new(Charges::default());
        let heard = charges.clone();
        let (channel, end) = Channel::start(socket, Box::new(move |frame| heard.hear(process_id, frame)));
        let worker = Self {
            process_id,
            channel,
            charges,
            next_session: AtomicU64::new(1),
            is_retiring: AtomicBool::new(false),
            kill: CancellationToken::new(),
            about: About::default(),
        };
        Ok((worker, end))
    }

    /// Loads applications.
    pub(crate) async fn load(&self, apps: &[AppSource], timeout: Duration) -> Result<Vec<LoadedApp>, LoadError> {
        #[derive(Deserialize)]
        struct Loaded {
            apps: Vec<LoadedApp>,
        }
        let reply = self.call("load", &Load { apps }, &[], Some(timeout)).await;
        let Loaded { apps: loaded } = read("load", reply).map_err(LoadError::Worker)?;
        for (app, source) in loaded.iter().zip(apps) {
            if let Some(AppError { text, detail }) = app.error.clone() {
                return Err(LoadError::App { path: source.path.clone(), text, detail });
            }
        }
        Ok(loaded)
    }

    /// Makes room for a session; the worker is asked to open it by whoever wants it.
    pub(crate) fn admit(&self, route: &str, context: &SessionContext, settings: &Settings) -> Arc<RemoteSession> {
        let number = self.next_session.fetch_add(1, Ordering::Relaxed);
        let session = RemoteSession::new(
            number,
            route.to_owned(),
            context.clone(),
            self.channel.clone(),
            Handle::current(),
            settings.max_waiting_bytes,
        );
        self.charges.insert(session.clone());
        session
    }

    /// Ends a session. Returns when its hooks have run.
    pub(crate) async fn close(&self, session: &RemoteSession) -> Result<(), CallError> {
        let closed = self.call("close", &OfSession { s: session.number() }, &[], None).await;
        self.charges.remove(session.number());
        closed.map(drop)
    }

    /// Waits until it has made so many sessions. Without a limit that never is.
    pub(crate) async fn has_admitted(&self, limit: Option<u64>) -> u64 {
        loop {
            let changed = self.charges.changed();
            if limit.is_some_and(|limit| self.n_admitted() >= limit) {
                return self.n_admitted();
            }
            changed.await;
        }
    }

    /// Asks the worker for something and waits for the answer.
    pub(crate) async fn call(
        &self,
        kind: &'static str,
        body: &impl Serialize,
        buffers: &[Buffer],
        timeout: Option<Duration>,
    ) -> Result<Reply, CallError> {
        self.channel.call(kind, body, buffers, timeout).await
    }

    /// What the worker has in memory.
    pub(crate) async fn metrics(&self) -> Result<Metrics, CallError> {
        read("metrics", self.call("metrics", &Nothing {}, &[], None).await)
    }

    /// Waits until the worker has answered, or this time is over.
    pub(crate) async fn answers_within(&self, patience: Duration) -> Result<(), CallError> {
        self.call("ping", &Nothing {}, &[], Some(patience)).await.map(drop)
    }

    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process_id
    }

    pub(crate) fn n_sessions(&self) -> usize {
        self.charges.n_sessions()
    }

    /// The number of sessions that it has made so far.
    pub(crate) fn n_admitted(&self) -> u64 {
        self.next_session.load(Ordering::Relaxed) - 1
    }

    /// What waits for it to be read.
    pub(crate) fn n_queued_bytes(&self) -> usize {
        self.channel.n_queued_bytes()
    }

    /// The routes and log names of its sessions, for the log.
    pub(crate) fn describe_sessions(&self) -> String {
        self.charges.describe()
    }

    /// Makes no more sessions.
    pub(crate) fn retire(&self) {
        self.is_retiring.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_retiring(&self) -> bool {
        self.is_retiring.load(Ordering::Relaxed)
    }

    /// How much it has to do: its sessions, and what is on its way to it.
    pub(crate) fn load_now(&self) -> usize {
        self.n_sessions() + self.charges.n_booked()
    }

    /// Waits until it has no sessions, none are on their way to it, and no process that it has forked is left.
    pub(crate) async fn is_idle(&self) {
        loop {
            let changed = self.charges.changed();
            if self.load_now() == 0 && self.charges.n_children() == 0 {
                return;
            }
            changed.await;
        }
    }

    /// Ends the connection, at which the process ends, too.
    pub(crate) fn hang_up(&self) {
        self.channel.close();
    }

    /// Whether the connection has ended.
    pub(crate) fn is_gone(&self) -> bool {
        self.channel.is_closed()
    }

    /// Lets the worker end by itself for a while, and kills it then.
    pub(crate) async fn stop(&self, patience: Duration) {
        if let Err(error @ (CallError::TimedOut { .. } | CallError::Refused { .. })) =
            self.call("stop", &Nothing {}, &[], Some(patience)).await
        {
            tracing::warn!(process = self.process_id, "a Python worker does not end by itself: {error}");
            self.kill();
        }
    }

    pub(crate) fn kill(&self) {
        self.kill.cancel();
    }

    /// Ends all sessions, as the worker is gone. Those that it has not begun may still be made elsewhere.
    pub(crate) fn end_sessions(&self, reason: &str) {
        for session in self.charges.take().into_iter().filter(|session| session.has_begun()) {
            session.context().request_end(reason);
        }
    }
}
