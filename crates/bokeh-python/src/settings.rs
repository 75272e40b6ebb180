//! How workers are run.

use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

/// How workers are run. The defaults suit most.
///
/// ```
/// use bokeh_python::Settings;
///
/// let settings = Settings { workers: 4, max_worker_bytes: Some(2 << 30), ..Settings::default() };
/// # let _ = settings;
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// The interpreter. Without one it is that of the environment in `VIRTUAL_ENV`, else `python3`.
    pub python: Option<PathBuf>,
    /// The number of worker processes, at least one. The default is one for each core.
    pub workers: usize,
    /// What sessions share with each other.
    pub isolation: Isolation,
    /// The least severe level that Python's `logging` passes on, such as `info` or `debug`.
    pub log_level: String,
    /// What all paths of the server begin with: empty, or like `/apps`.
    pub prefix: String,
    /// A Python file that decides who may see the applications, as `bokeh serve --auth-module` takes it.
    pub auth_module: Option<PathBuf>,
    /// The key with which cookies of the auth module are signed.
    pub cookie_secret: Option<String>,
    /// Whether Tornado refuses what the auth module's forms send without its XSRF cookie, as `--enable-xsrf-cookies` has it.
    pub xsrf_cookies: bool,
    /// A YAML file for Bokeh's `settings`, as `bokeh serve --use-config` takes it. What counts less, variables of the environment
    /// and `~/.bokeh/bokeh.yaml`, workers read by themselves.
    pub config: Option<PathBuf>,
    /// For how long a worker may take to start: to import bokeh, and to load the applications. The default is 2 minutes.
    pub start_timeout: Duration,
    /// For how long the script of a new session may run. The default is 10 minutes; `None` is for ever.
    pub session_timeout: Option<Duration>,
    /// How often each worker is asked whether it is well. The default is 5 seconds.
    pub heartbeat: Duration,
    /// A worker that has not answered for this long is said in the log, and gets no more sessions as long as there are
    /// others. The default is 30 seconds: a callback may take its time.
    pub unresponsive_after: Duration,
    /// A worker that has not answered for this long is killed, and its sessions end. The default is `None`: never.
    pub kill_after: Option<Duration>,
    /// A worker that has made so many sessions makes no more, and ends with the last of them. A new one takes its place at
    /// once. The default is `None`: it goes on.
    pub max_worker_sessions: Option<u64>,
    /// A worker that has more memory than this, in bytes, makes no more sessions, and ends with the last of them. A new one
    /// takes its place at once. The default is `None`: it goes on.
    pub max_worker_bytes: Option<u64>,
    /// How long a worker has to end by itself when it is to stop, hooks included. The default is 3 seconds.
    pub stop_timeout: Duration,
    /// How many bytes of a session's changes may wait for the session before its copy of the document is made anew instead.
    /// The default is 64 MiB.
    pub max_waiting_bytes: usize,
}

/// What sessions share with each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Sessions share worker processes, like under `bokeh serve`.
    #[default]
    Worker,
    /// Each session has a process of its own, which a worker that has loaded everything forks. Its memory is given back when
    /// it ends, and if it crashes it takes nobody along. [`Settings::workers`] and the limits that have workers replaced do
    /// not count then.
    ///
    /// Threads do not survive a fork: an application that starts some in its hooks of the server's start misses them.
    Process(ProcessLimits),
}

/// What a session that has a process of its own may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessLimits {
    /// How many processes are forked ahead, so that a new session need not wait for one. The default is 2.
    pub spares: usize,
    /// How much memory a session may have, in bytes, beside what it shares with all others. Python raises a `MemoryError`
    /// beyond it. The default is `None`: no limit.
    pub max_bytes: Option<u64>,
    /// How much processor time a session may use. It is killed beyond it. The default is `None`: no limit.
    pub max_cpu: Option<Duration>,
}

impl Default for ProcessLimits {
    fn default() -> Self {
        Self { spares: 2, max_bytes: None, max_cpu: None }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            python: None,
            workers: available_parallelism().map_or(1, usize::from),
            isolation: Isolation::default(),
            log_level: "info".to_owned(),
            prefix: String::new(),
            auth_module: None,
            cookie_secret: None,
            xsrf_cookies: false,
            config: None,
            start_timeout: Duration::from_secs(120),
            session_timeout: Some(Duration::from_secs(600)),
            heartbeat: Duration::from_secs(5),
            unresponsive_after: Duration::from_secs(30),
            kill_after: None,
            max_worker_sessions: None,
            max_worker_bytes: None,
            stop_timeout: Duration::from_secs(3),
            max_waiting_bytes: 64 << 20,
        }
    }
}
