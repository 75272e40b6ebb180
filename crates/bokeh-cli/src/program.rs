//! Programs with more than applications.

use std::ffi::OsString;
use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use bokeh_application::auth::Auth;
use bokeh_application::{Application, IntoApplication};
use clap::{Args, Command, FromArgMatches};

use crate::apps::split;
use crate::{Serve, serve, usage};

/// A program that serves applications with the options of `bokeh-rs serve`. Where there is nothing but applications,
/// [`run`](crate::run) is shorter.
///
/// ```no_run
/// use bokeh_application::auth::{LoginForm, User};
/// use bokeh_cli::Program;
/// use bokeh_document::Document;
///
/// fn main() -> std::process::ExitCode {
///     let auth = LoginForm::new(|name, password| check(name, password).then(|| User::new(name)));
///     Program::new().app("/hello", |doc: &mut Document| doc.set_title("Hello")).auth(auth).run()
/// }
/// # fn check(_: &str, _: &str) -> bool { false }
/// ```
#[derive(Default)]
#[must_use = "call `run`"]
pub struct Program {
    pub(crate) apps: Vec<(String, Application)>,
    pub(crate) auth: Option<Arc<dyn Auth>>,
}

impl Program {
    /// A program without applications.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves an application at a route such as `/sliders`.
    pub fn app<Marker>(mut self, route: impl Into<String>, app: impl IntoApplication<Marker>) -> Self {
        self.apps.push((route.into(), app.into_application()));
        self
    }

    /// Lets only those see the applications whom `auth` knows. Cookies are signed with what `--cookie-secret` or
    /// `BOKEH_COOKIE_SECRET` says.
    pub fn auth(mut self, auth: impl Auth) -> Self {
        self.auth = Some(Arc::new(auth));
        self
    }

    /// Serves as the arguments of the process say, until it is told to stop. Answers the code that the process should exit
    /// with, like [`run`](crate::run).
    pub fn run(self) -> ExitCode {
        self.run_with(std::env::args_os())
    }

    fn run_with(self, args: impl IntoIterator<Item = OsString>) -> ExitCode {
        let (args, argv) = split(args);
        let command = Serve::augment_args(Command::new("serve")).about("Serves Bokeh applications");
        let command = command.infer_long_args(true).args_override_self(true);
        let matches = command.try_get_matches_from(args);
        match matches.and_then(|matches| Serve::from_arg_matches(&matches)) {
            Ok(serve) => serve::serve(self, &serve, &argv),
            Err(error) => usage(&error),
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("apps", &self.apps).finish_non_exhaustive()
    }
}
