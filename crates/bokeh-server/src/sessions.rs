//! The sessions of one application: made when they are first asked for, discarded when nobody uses them.

mod attendance;
mod create;
mod ended;
mod newest;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use bokeh_application::auth::{Auth, User};
use bokeh_application::{Application, ServerContext, SessionContext};
use futures_util::future::{BoxFuture, Shared, join_all};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, TryAcquireError, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::gate::Exit;
use crate::log_id::log_id;
use crate::metrics::AppMetrics;
use crate::quota::{Permit, Quota};
use crate::session::SessionHandle;
use crate::settings::Validation;
use crate::threads::Threads;

use ended::EndedTokens;

pub(crate) use attendance::{Attendance, Departure, Visit, VisitError};
pub(crate) use create::{CreateSessionError, Wanted};
pub(crate) use ended::{Ended, TokenId};

/// The sessions of one application. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions(Arc<Inner>);

/// What the sessions of an application share.
pub(crate) struct Host {
    pub(crate) route: String,
    pub(crate) application: Application,
    /// Where user code runs.
    pub(crate) threads: Threads,
    /// Keeps the time: a runtime that user code does not block.
    pub(crate) clock: Handle,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) max_connections: usize,
    /// One permit per session.
    pub(crate) vacancies: Quota,
    pub(crate) metrics: Arc<AppMetrics>,
    /// Where users log out.
    pub(crate) exit: Option<Exit>,
    /// Decides who may join the sessions of others.
    pub(crate) auth: Option<Arc<dyn Auth>>,
    pub(crate) validation: Validation,
}

/// How long sessions without connections are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    /// After the last connection has said goodbye, or if there was none.
    pub(crate) unused: Duration,
    /// After the last connection was lost without a word.
    pub(crate) lost: Duration,
}

impl Lifetimes {
    /// Sessions end as soon as nobody is connected.
    const NONE: Self = Self { unused: Duration::ZERO, lost: Duration::ZERO };
}

/// A session that lives.
pub(crate) struct Session {
    pub(crate) handle: SessionHandle,
    pub(crate) context: SessionContext,
    attendance: Arc<Attendance>,
    _vacancy: Permit,
}

impl Session {
    /// Counts a connection with this token until the [`Visit`] is over.
    pub(crate) fn visit(&self, token: TokenId) -> Result<Visit, VisitError> {
        Attendance::enter(&self.attendance, token, Instant::now())
    }

    /// Notes the token of a page that this server has made.
    pub(crate) fn give(&self, token: TokenId) {
        self.attendance.give(token);
    }

    /// Whether this server has made the page with this token.
    pub(crate) fn has_given(&self, token: TokenId) -> bool {
        self.attendance.has_given(token)
    }

    /// Whether somebody is connected.
    pub(crate) fn is_visited(&self) -> bool {
        self.attendance.is_visited()
    }
}

impl Sessions {
    pub(crate) fn new(host: Host) -> Self {
        Self(Arc::new(Inner {
            host,
            server: ServerContext::new(),
            loaded: OnceCell::new(),
            table: Mutex::default(),
            ended: EndedTokens::new(),
        }))
    }

    /// The session that is wanted, which is made unless it lives already. Those who ask for it meanwhile wait for the
    /// first. Nobody gets a session of somebody else's, unless that is allowed.
    pub(crate) async fn get_or_create(&self, wanted: &Wanted<'_>) -> Result<Arc<Session>, CreateSessionError> {
        let found = self.find_or_begin(wanted)?;
        let session = match found {
            Slot::Live(session) => session,
            Slot::Pending(creation) => creation.await?,
        };
        self.check_owner(&session, wanted.user)?;
        session.attendance.touch(Instant::now());
        Ok(session)
    }

    /// What stands in the table, which is begun if there is nothing.
    fn find_or_begin(&self, wanted: &Wanted<'_>) -> Result<Slot, CreateSessionError> {
        match self.0.table.lock().entry(wanted.id.into()) {
            Entry::Occupied(entry) => Ok(entry.get().clone()),
            Entry::Vacant(entry) => {
                let vacancy = self.0.host.vacancies.try_acquire();
                let vacancy = vacancy.map_err(|error| match error {
                    TryAcquireError::NoPermits => CreateSessionError::Full,
                    TryAcquireError::Closed => CreateSessionError::Stopping,
                })?;
                let creation = create::start(self.clone(), wanted.parts(&self.0.host), vacancy);
                Ok(entry.insert(Slot::Pending(creation)).clone())
            }
        }
    }

    fn check_owner(&self, session: &Session, user: Option<&User>) -> Result<(), CreateSessionError> {
        let owner = session.context.user();
        let may_join = match &self.0.host.auth {
            Some(auth) => auth.may_join(owner, user),
            None => owner.map(User::name) == user.map(User::name),
        };
        if may_join { Ok(()) } else { Err(CreateSessionError::Foreign) }
    }

    /// The session `id`, if it lives.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Session>> {
        match self.0.table.lock().get(id) {
            Some(Slot::Live(session)) => Some(session.clone()),
            _ => None,
        }
    }

    /// The session that a token was used with, if it has ended.
    pub(crate) fn find_ended(&self, token: TokenId) -> Option<Ended> {
        self.0.ended.find(token)
    }

    /// The sessions that live, in no order.
    pub(crate) fn list(&self) -> Vec<Arc<Session>> {
        let live = |slot: &Slot| match slot {
            Slot::Live(session) => Some(session.clone()),
            Slot::Pending(_) => None,
        };
        self.0.table.lock().values().filter_map(live).collect()
    }

    pub(crate) fn host(&self) -> &Host {
        &self.0.host
    }

    /// Runs the hooks of a server's start, once. No session is made before they are through.
    pub(crate) async fn load(&self) {
        self.0
            .loaded
            .get_or_init(|| {
                self.run_hooks("on_server_loaded", |this| async move {
                    this.0.host.application.server_loaded(&this.0.server).await
                })
            })
            .await;
    }

    /// From now on no sessions are made. Those that live go on.
    pub(crate) fn close(&self) {
        self.0.host.vacancies.close();
    }

    /// Ends all sessions and runs the hooks of their ends and of the server's.
    pub(crate) async fn unload(&self) {
        self.close();
        let slots = std::mem::take(&mut *self.0.table.lock());
        let live = slots.into_values().filter_map(|slot| match slot {
            Slot::Live(session) => Some(session),
            // Its maker finds that the table is empty.
            Slot::Pending(_) => None,
        });
        let mut ends = join_all(live.map(|session| async move {
            session.attendance.close();
            self.end(&session, &Ended::default()).await;
        }));
        // A session that is blocked keeps the hooks of the server's end waiting, but not for ever.
        let ended = tokio::time::timeout(PATIENCE_AT_END, &mut ends).await;
        if self.0.loaded.initialized() {
            self.run_hooks("on_server_unloaded", |this| async move {
                this.0.host.application.server_unloaded(&this.0.server).await
            })
            .await;
        }
        if ended.is_err() {
            ends.await;
        }
    }

    /// Discards the sessions that nobody has used for their lifetime. Each ends when its callbacks let it, the others do
    /// not wait for it.
    pub(crate) async fn discard_unused(&self) {
        let now = Instant::now();
        let lifetimes = self.0.host.lifetimes;
        let sessions = self.list();
        let unused = sessions.iter().filter(|session| {
            let lifetimes = if session.context.is_expiration_requested() { Lifetimes::NONE } else { lifetimes };
            session.attendance.close_if_unused(now, lifetimes)
        });
        join_all(unused.filter_map(|session| self.discard(session))).await;
    }

    /// Discards unused sessions every `period`, until the sessions are dropped.
    pub(crate) fn discard_unused_every(&self, period: Duration) -> impl Future<Output = ()> + Send + 'static {
        let weak = Arc::downgrade(&self.0);
        async move {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let Some(inner) = weak.upgrade() else { return };
                let sessions = Sessions(inner);
                sessions.host().clock.clone().spawn(async move { sessions.discard_unused().await });
            }
        }
    }

    /// Ends one session, and makes its id free for a new one at once. None if somebody else does so already; else the
    /// session's end, which nobody has to wait for.
    pub(crate) fn discard(&self, session: &Arc<Session>) -> Option<JoinHandle<()>> {
        let tokens = session.attendance.close();
        let ended = Ended::default();
        {
            let mut table = self.0.table.lock();
            let id = session.context.id();
            if !matches!(table.get(id), Some(Slot::Live(live)) if Arc::ptr_eq(live, session)) {
                return None;
            }
            // Before the id is free: whoever comes back now must not be given a new session.
            self.0.ended.insert(tokens, &ended);
            table.remove(id);
        }
        let (this, session) = (self.clone(), session.clone());
        Some(self.0.host.clock.spawn(async move { this.end(&session, &ended).await }))
    }

    /// Ends the session `id` because its application wants so.
    fn end_on_request(&self, id: &str, reason: &str) {
        // One that is still being made is ended when it has been.
        let Some(session) = self.find(id) else { return };
        tracing::warn!(app = self.0.host.route, session = log_id(id), reason, "a session is ended early");
        drop(self.discard(&session));
    }

    /// Ends a session that is on the table no more. Called once for each.
    async fn end(&self, session: &Session, ended: &Ended) {
        let (sender, config_id) = oneshot::channel();
        if let Some(document) = session.context.document() {
            // A mailbox that is full only means that nobody will know.
            document.post(move |document| drop(sender.send(ended::config_id(document)))).ok();
        }
        session.handle.end().await;
        if let Ok(Some(id)) = config_id.await {
            ended.set_config_id(id);
        }
        self.announce_end(&session.context).await;
    }

    /// Marks a session as ended and runs the hooks of that. Called once for each.
    async fn announce_end(&self, context: &SessionContext) {
        context.end();
        tracing::debug!(app = self.0.host.route, session = log_id(context.id()), "session discarded");
        let context = context.clone();
        self.run_hooks("on_session_destroyed", |this| async move {
            this.0.host.application.session_destroyed(&context).await
        })
        .await;
    }

    /// Runs hooks where user code may block, and logs what fails.
    async fn run_hooks<F>(&self, hook: &str, run: impl FnOnce(Sessions) -> F)
    where
        F: Future<Output = Vec<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let app = &self.0.host.route;
        match self.0.host.threads.spawn(run(self.clone())).await {
            Ok(errors) => {
                for error in errors {
                    tracing::error!(app, hook, error, "a hook failed");
                }
            }
            Err(_no_result) => tracing::error!(app, hook, "a hook panicked"),
        }
    }
}

struct Inner {
    host: Host,
    server: ServerContext,
    loaded: OnceCell<()>,
    table: Mutex<HashMap<Arc<str>, Slot>>,
    ended: EndedTokens,
}

#[derive(Clone)]
enum Slot {
    Pending(Creation),
    Live(Arc<Session>),
}

type Creation = Shared<BoxFuture<'static, Result<Arc<Session>, CreateSessionError>>>;

/// How long the hooks of a server's end wait for sessions whose callbacks block.
const PATIENCE_AT_END: Duration = Duration::from_secs(5);
