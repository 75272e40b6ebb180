//! A session of an application and the pages that look at it, without sockets and without waiting.

mod finding;
pub(super) mod steps;
mod tabs;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bokeh_application::{
    Application, BuildDocumentError, IntoApplication, Request, ServerContext, SessionContext, SessionParts,
};
use bokeh_document::{CallbackFailure, Document, Publisher, Timers};
use bokeh_protocol::{ModelId, Text};
use futures_lite::future::block_on;

use super::Tab;
use super::mailbox::Jobs;
use super::page::Page;
use super::tasks::Tasks;
use super::trouble::{check_hook, fail, with_causes};

/// A session of an application, with a page that has it open.
///
/// Everything happens when the test says so, and in a fixed order: callbacks run inside the call that causes them, time
/// passes in [`advance`](Self::advance), and work in the background is waited for. Each step ends with a check that the page's copy of the document, which is made of
/// what was sent to it, equals the server's.
///
/// A step panics in the test's line when a user could not take it, when a callback fails or panics, and when the copies
/// differ. See the [module](crate::test) for an example.
pub struct App {
    application: Application,
    /// How many sessions the server has had.
    n_sessions: Arc<AtomicU64>,
    context: SessionContext,
    document: Document,
    jobs: Jobs,
    tasks: Tasks,
    publisher: Publisher,
    timers: Timers,
    now: Duration,
    pub(super) pages: BTreeMap<Tab, Page>,
    current: Tab,
    last_tab: u64,
    /// The server's models by their ids on the wire, also those that a message still names and that are gone.
    models: HashMap<Text, ModelId>,
    /// The plot that the mouse is over.
    pub(super) pointer: Option<ModelId>,
    failures: Vec<CallbackFailure>,
    are_failures_expected: bool,
}

impl App {
    /// How often callbacks that post and schedule callbacks without a delay are run before a step gives up on them.
    pub const MAX_ROUNDS: usize = 1000;
    /// How long, on the system's clock, a step waits for background work.
    pub const MAX_BACKGROUND: Duration = Duration::from_secs(60);

    /// A new session of an application, or of the function that makes one, and its first page. The server of the session is
    /// new, too.
    ///
    /// # Panics
    /// When the application fails.
    #[track_caller]
    pub fn open<Marker>(application: impl IntoApplication<Marker>) -> Self {
        Self::open_for(application, Request::default())
    }

    /// The same, for a request with arguments, headers or cookies, which the application finds in its
    /// [`SessionContext`].
    ///
    /// ```
    /// use bokeh::prelude::*;
    /// use bokeh::test::{App, Request};
    ///
    /// fn app(doc: &mut Document, session: &SessionContext) {
    ///     doc.set_title(session.request().argument("title").unwrap_or("untitled"));
    /// }
    ///
    /// let app = App::open_for(app, Request::default().with_argument("title", "Sales"));
    /// assert_eq!(app.doc().title(), "Sales");
    /// ```
    ///
    /// # Panics
    /// When the application fails.
    #[track_caller]
    pub fn open_for<Marker>(application: impl IntoApplication<Marker>, request: Request) -> Self {
        match Self::try_open(application, request) {
            Ok(app) => app,
            Err(error) => fail(&with_causes(&error)),
        }
    }

    /// The same, for applications that may fail.
    ///
    /// # Errors
    /// The application's own.
    ///
    /// # Panics
    /// When a hook fails, or a callback that the first page causes.
    #[track_caller]
    pub fn try_open<Marker>(
        application: impl IntoApplication<Marker>,
        request: Request,
    ) -> Result<Self, BuildDocumentError> {
        let application = application.into_application();
        let server = ServerContext::new();
        check_hook("on_server_loaded", &block_on(application.server_loaded(&server)));
        Self::begin(application, server, Arc::default(), request)
    }

    /// Another session of the same application on the same server, as a second user opens it.
    ///
    /// What the sessions post to each other waits until the next step of the session that it is for; see
    /// [`settle`](Self::settle).
    ///
    /// # Panics
    /// When the application fails.
    #[track_caller]
    pub fn open_session(&self, request: Request) -> App {
        match Self::begin(self.application.clone(), self.context.server().clone(), self.n_sessions.clone(), request) {
            Ok(app) => app,
            Err(error) => fail(&with_causes(&error)),
        }
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "whoever opens a session has made the request for it")]
    fn begin(
        application: Application,
        server: ServerContext,
        n_sessions: Arc<AtomicU64>,
        request: Request,
    ) -> Result<Self, BuildDocumentError> {
        let mut token_payload = request.to_payload();
        match block_on(application.token_payload(&request)) {
            Ok(payload) => token_payload.extend(payload),
            Err(error) => fail(&with_causes(&*error)),
        }
        let id = format!("session-{}", n_sessions.fetch_add(1, Ordering::Relaxed) + 1);
        let context = SessionContext::new(SessionParts { id, token_payload, server, ..SessionParts::default() });
        check_hook("on_session_created", &block_on(application.session_created(&context)));
        let jobs = Jobs::default();
        context.begin(jobs.handle());
        let mut document = Document::new();
        document.set_handle(jobs.handle());
        if let Err(error) = block_on(application.fill(&mut document, &context)) {
            context.end();
            return Err(error);
        }
        let mut app = App {
            application,
            n_sessions,
            context,
            document,
            jobs,
            tasks: Tasks::default(),
            publisher: Publisher::default(),
            timers: Timers::default(),
            now: Duration::ZERO,
            pages: BTreeMap::new(),
            current: Tab(0),
            last_tab: 0,
            models: HashMap::new(),
            pointer: None,
            failures: Vec::new(),
            are_failures_expected: false,
        };
        if let Err(trouble) = app.publish(None) {
            fail(&trouble);
        }
        app.open_tab();
        Ok(app)
    }

    /// The server's document. Handles read it: `slider.value(app.doc())`.
    #[must_use]
    pub fn doc(&self) -> &Document {
        &self.document
    }

    /// The session, as the application knows it.
    #[must_use]
    pub fn session(&self) -> &SessionContext {
        &self.context
    }

    /// How much time has passed since the session began.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Does something with the document on the server's side, as another task or thread does through a
    /// [`DocumentHandle`](crate::document::DocumentHandle).
    ///
    /// # Panics
    /// When a callback fails.
    #[track_caller]
    pub fn update<T>(&mut self, job: impl FnOnce(&mut Document) -> T) -> T {
        let answer = job(&mut self.document);
        self.step(|app| app.publish(None));
        answer
    }

    /// Lets time pass. Callbacks whose time comes run in the order of their times, each at its own time; what they post and
    /// schedule runs, too.
    ///
    /// # Panics
    /// When a callback fails.
    #[track_caller]
    pub fn advance(&mut self, by: Duration) {
        let until = self.now + by;
        self.step(|app| {
            app.work()?;
            while let Some(due) = app.timers.deadline().filter(|due| *due <= until) {
                app.now = app.now.max(due);
                app.work()?;
            }
            app.now = until;
            Ok(())
        });
    }

    /// Runs what others have posted to the document, and what is due. Every other step does so as well.
    ///
    /// # Panics
    /// When a callback fails.
    #[track_caller]
    pub fn settle(&mut self) {
        self.step(|_| Ok(()));
    }

    /// Waits for other threads and for tasks that wait for them, which reach the document through a handle, until it is as wanted. They run on the system's
    /// clock, so this does wait; the time of the session does not pass.
    ///
    /// # Panics
    /// When it does not come about within `limit`, or a callback fails.
    #[track_caller]
    pub fn wait_until(&mut self, limit: Duration, is_wanted: impl Fn(&Document) -> bool) {
        let begin = std::time::Instant::now();
        loop {
            self.settle();
            if is_wanted(&self.document) {
                return;
            }
            let left = limit.saturating_sub(begin.elapsed());
            if left.is_zero() || !self.jobs.wait(left) {
                fail(&format!("what was waited for did not come about within {limit:?}"));
            }
        }
    }

    /// Takes steps in which callbacks are to fail, and answers how they did. What they changed before stays.
    ///
    /// ```
    /// use bokeh::prelude::*;
    /// use bokeh::test::App;
    ///
    /// let mut app = App::open(|doc: &mut Document| {
    ///     let button = doc.add_root(Button::new().label("Divide"));
    ///     button.on_click(doc, |_| Err("there is nothing to divide by"));
    /// });
    /// let button = app.find::<Button>("Divide");
    /// let failures = app.failing(|app| app.click(button));
    /// assert!(failures[0].to_string().ends_with("failed: there is nothing to divide by"));
    /// ```
    ///
    /// # Panics
    /// When no callback fails.
    #[track_caller]
    pub fn failing(&mut self, steps: impl FnOnce(&mut Self)) -> Vec<CallbackFailure> {
        let before = std::mem::replace(&mut self.are_failures_expected, true);
        steps(self);
        self.are_failures_expected = before;
        let failures = std::mem::take(&mut self.failures);
        if failures.is_empty() {
            fail("a callback was to fail, and none did");
        }
        failures
    }

    /// Ends the session, as it does some time after its last page has closed: the callbacks for its end run, then the
    /// hooks of the application.
    ///
    /// # Panics
    /// When a hook or a callback fails.
    #[track_caller]
    pub fn end(mut self) {
        self.context.end();
        self.document.destroy_session();
        self.failures.extend(self.document.take_failures());
        self.check_failures();
        check_hook("on_session_destroyed", &block_on(self.application.session_destroyed(&self.context)));
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("session", &self.context)
            .field("n_models", &self.document.n_models())
            .field("now", &self.now)
            .field("tabs", &self.pages.keys())
            .finish_non_exhaustive()
    }
}
