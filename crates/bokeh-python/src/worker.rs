//! One worker.

use std::collections::HashMap;
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
use crate::channel::{Channel, Reply};
use crate::error::{CallError, LoadError, StartError};
use crate::frame::Frame;
use crate::message::{Configure, Load, Nothing, OfSession};
use crate::package::package;
use crate::process::Process;
use crate::session::RemoteSession;
use crate::settings::Settings;
use crate::spawner::{Spawned, Spawner};
use crate::{log, news};

/// A worker: a process, the connection to it, and the sessions that it has.
pub(crate) struct Worker {
    process_id: u32,
    channel: Channel,
    sessions: Arc<Sessions>,
    next_session: AtomicU64,
    /// It makes no more sessions.
    is_retiring: AtomicBool,
    kill: CancellationToken,
    dismissed: CancellationToken,
    about: About,
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
    pub(crate) async fn start(spawner: &Spawner, settings: &Settings) -> Result<(Self, Process), StartError> {
        let failed = |source| StartError::Spawn { python: spawner.python().clone(), source };
        let Spawned { child, socket } = spawner.spawn().await.map_err(failed)?;
        let socket = UnixStream::from_std(socket).map_err(failed)?;
        let sessions = Arc::new(Sessions::default());
        let heard = sessions.clone();
        let process_id = child.id().unwrap_or_default();
        let (channel, end) = Channel::start(socket, Box::new(move |frame| heard.hear(process_id, frame)));
        let kill = CancellationToken::new();
        let process = Process::new(child, end, kill.clone());
        channel.post("package", &package(), &[]).map_err(StartError::Worker)?;
        let configure = Configure::new(settings);
        let reply = channel.call("configure", &configure, &[], Some(settings.start_timeout)).await;
        let about = read("configure", reply).map_err(StartError::Worker)?;
        let worker = Self {
            process_id,
            channel,
            sessions,
            next_session: AtomicU64::new(1),
            is_retiring: AtomicBool::new(false),
            kill,
            dismissed: CancellationToken::new(),
            about,
        };
        Ok((worker, process))
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
        self.sessions.insert(session.clone());
        session
    }

    /// Ends a session. Returns when its hooks have run.
    pub(crate) async fn close(&self, session: &RemoteSession) -> Result<(), CallError> {
        let closed = self.call("close", &OfSession { s: session.number() }, &[], None).await;
        self.sessions.remove(session.number());
        closed.map(drop)
    }

    /// Waits until it has made so many sessions. Without a limit that never is.
    pub(crate) async fn has_admitted(&self, limit: Option<u64>) -> u64 {
        loop {
            let changed = self.sessions.changed.notified();
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

    /// Whether the worker answers within this time.
    pub(crate) async fn answers_within(&self, patience: Duration) -> bool {
        self.call("ping", &Nothing {}, &[], Some(patience)).await.is_ok()
    }

    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process_id
    }

    pub(crate) fn n_sessions(&self) -> usize {
        self.sessions.table.lock().len()
    }

    /// The number of sessions that it has made so far.
    pub(crate) fn n_admitted(&self) -> u64 {
        self.next_session.load(Ordering::Relaxed) - 1
    }

    /// The routes and log names of its sessions, for the log.
    pub(crate) fn describe_sessions(&self) -> String {
        self.sessions.describe()
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
            let changed = self.sessions.changed.notified();
            if self.n_sessions() == 0 {
                return;
            }
            changed.await;
        }
    }

    /// Says that others have taken its place.
    pub(crate) fn dismiss(&self) {
        self.dismissed.cancel();
    }

    /// Waits until others have taken its place.
    pub(crate) async fn is_dismissed(&self) {
        self.dismissed.cancelled().await;
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
        for session in self.sessions.take() {
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

/// The sessions of a worker, by their numbers.
#[derive(Default)]
struct Sessions {
    table: Mutex<HashMap<u64, Arc<RemoteSession>>>,
    changed: Notify,
}

impl Sessions {
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
