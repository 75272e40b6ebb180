//! One worker.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bokeh_application::SessionContext;
use bokeh_protocol::Buffer;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::net::UnixStream;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::apps::AppSource;
use crate::channel::{Channel, ChannelEnd, Reply};
use crate::error::{CallError, LoadError, StartError};
use crate::forks::Forks;
use crate::frame::Frame;
use crate::message::{Configure, Fork, Load, Nothing, OfSession};
use crate::package::package;
use crate::process::{Process, ProcessHandle};
use crate::session::RemoteSession;
use crate::settings::{ProcessLimits, Settings};
use crate::spawner::{Spawned, Spawner};
use crate::{log, news};

/// A worker: a process, the connection to it, and the sessions that it has.
pub(crate) struct Worker {
    process_id: u32,
    channel: Channel,
    said: Arc<Said>,
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

/// What a worker says of itself when it is ready.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct About {
    pub(crate) bokehjs_dir: Option<PathBuf>,
    #[serde(default)]
    pub(crate) extension_dirs: HashMap<String, PathBuf>,
    pub(crate) auth: Option<AuthInfo>,
}

/// What a worker says of the auth module.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AuthInfo {
    /// The paths that it answers. These begin with the server's prefix, as does the next.
    pub(crate) endpoints: Vec<String>,
    pub(crate) logout_url: Option<String>,
}

/// What a worker says of an application that it has loaded.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LoadedApp {
    pub(crate) route: String,
    pub(crate) static_path: Option<PathBuf>,
    #[serde(default = "yes")]
    pub(crate) has_process_request: bool,
    error: Option<AppError>,
}

#[derive(Clone, Debug, Deserialize)]
struct AppError {
    text: String,
    detail: Option<String>,
}

/// What a worker measures.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Metrics {
    #[serde(default)]
    pub(crate) rss_bytes: u64,
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
        struct Forked {
            pid: u32,
        }
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(CallError::Fork)?;
        ours.set_nonblocking(true).map_err(CallError::Fork)?;
        let question = Fork { limits: limits.into() };
        let reply = self.channel.call_with_file("fork", &question, theirs.into(), Some(timeout)).await;
        let Forked { pid } = read("fork", reply)?;
        let end_of_process = self.said.forks.watch(pid);
        let (mut worker, end) = Self::connect(pid, ours).map_err(CallError::Fork)?;
        worker.about = self.about.clone();
        let handle = ProcessHandle::Forked { process_id: pid, end: end_of_process, parent: self.channel.clone() };
        let process = Process::new(handle, end, worker.kill.clone());
        Ok(Started { worker: Arc::new(worker), process })
    }

    fn connect(process_id: u32, socket: std::os::unix::net::UnixStream) -> io::Result<(Self, ChannelEnd)> {
        let socket = UnixStream::from_std(socket)?;
        let said = Arc::new(Said::default());
        let heard = said.clone();
        let (channel, end) = Channel::start(socket, Box::new(move |frame| heard.hear(process_id, frame)));
        let worker = Self {
            process_id,
            channel,
            said,
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
        self.said.insert(session.clone());
        session
    }

    /// Ends a session. Returns when its hooks have run.
    pub(crate) async fn close(&self, session: &RemoteSession) -> Result<(), CallError> {
        let closed = self.call("close", &OfSession { s: session.number() }, &[], None).await;
        self.said.remove(session.number());
        closed.map(drop)
    }

    /// Waits until it has made so many sessions. Without a limit that never is.
    pub(crate) async fn has_admitted(&self, limit: Option<u64>) -> u64 {
        loop {
            let changed = self.said.changed.notified();
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
        self.said.table.lock().len()
    }

    /// The number of sessions that it has made so far.
    pub(crate) fn n_admitted(&self) -> u64 {
        self.next_session.load(Ordering::Relaxed) - 1
    }

    /// The routes and log names of its sessions, for the log.
    pub(crate) fn describe_sessions(&self) -> String {
        self.said.describe()
    }

    /// Makes no more sessions.
    pub(crate) fn retire(&self) {
        self.is_retiring.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_retiring(&self) -> bool {
        self.is_retiring.load(Ordering::Relaxed)
    }

    /// Waits until it has no sessions.
    pub(crate) async fn is_idle(&self) {
        loop {
            let changed = self.said.changed.notified();
            if self.n_sessions() == 0 {
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

    /// Ends all sessions, as the worker is gone.
    pub(crate) fn end_sessions(&self, reason: &str) {
        for session in self.said.take() {
            session.context().request_end(reason);
        }
    }
}

/// Reads the fields of an answer.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(
    request: &'static str,
    reply: Result<Reply, CallError>,
) -> Result<T, CallError> {
    let fields = Value::Object(reply?.fields);
    T::deserialize(fields).map_err(|source| CallError::Answer { request, source })
}

/// Takes what a worker says by itself.
#[derive(Default)]
struct Said {
    /// The sessions of the worker, by their numbers.
    table: Mutex<HashMap<u64, Arc<RemoteSession>>>,
    changed: Notify,
    forks: Forks,
}

impl Said {
    fn insert(&self, session: Arc<RemoteSession>) {
        self.table.lock().insert(session.number(), session);
        self.changed.notify_waiters();
    }

    fn remove(&self, number: u64) {
        self.table.lock().remove(&number);
        self.changed.notify_waiters();
    }

    fn take(&self) -> Vec<Arc<RemoteSession>> {
        let sessions = std::mem::take(&mut *self.table.lock());
        self.changed.notify_waiters();
        sessions.into_values().collect()
    }

    fn find(&self, frame: &Frame) -> Option<Arc<RemoteSession>> {
        let number = frame.fields.get("s")?.as_u64()?;
        self.table.lock().get(&number).cloned()
    }

    /// Takes what the worker says by itself.
    fn hear(&self, process_id: u32, frame: Frame) {
        let session = self.find(&frame);
        match (frame.fields.get("t").and_then(Value::as_str), session) {
            (Some("changes"), Some(session)) => session.hear(news::of_changes(frame.fields, frame.buffers)),
            (Some("expire"), Some(session)) => session.context().request_expiration(),
            (Some("exited"), _) => {
                let number = |key: &str| u32::try_from(frame.fields.get(key)?.as_u64()?).ok();
                let status = frame.fields.get("status").and_then(Value::as_str).unwrap_or_default();
                if let Some(process_id) = number("pid") {
                    self.forks.ended(process_id, status.to_owned());
                }
            }
            (Some("log"), _) => log::pass_on(process_id, &frame.fields),
            // A session that has ended.
            (Some("changes" | "expire"), None) => {}
            (kind, _) => tracing::debug!(process_id, ?kind, "a Python worker said something that is not understood"),
        }
    }

    fn describe(&self) -> String {
        let mut counts = std::collections::BTreeMap::<String, usize>::new();
        for session in self.table.lock().values() {
            *counts.entry(session.route().to_owned()).or_default() += 1;
        }
        let counts = counts.into_iter().map(|(route, n)| format!("{n} of {route}"));
        let text = counts.collect::<Vec<_>>().join(", ");
        if text.is_empty() { "none".to_owned() } else { text }
    }
}

fn yes() -> bool {
    true
}
