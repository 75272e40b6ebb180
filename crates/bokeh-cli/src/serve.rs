//! Serving until the end.

use std::error::Error;
#[cfg(all(unix, feature = "python"))]
use std::path::PathBuf;
use std::process::ExitCode;
#[cfg(all(unix, feature = "python"))]
use std::sync::Arc;

#[cfg(all(unix, feature = "python"))]
use bokeh_application::Application;
#[cfg(all(unix, feature = "python"))]
use bokeh_application::auth::Auth;
#[cfg(all(unix, feature = "python"))]
use bokeh_server::Metric;
use bokeh_server::{Configuration, Server, ServerBuilder, Settings, ShutdownSignals};

use crate::config::warn_of_unknown;
#[cfg(all(unix, feature = "python"))]
use crate::dev::{Dev, Source};
use crate::files::AppFile;
#[cfg(all(unix, feature = "python"))]
use crate::python::WorkerConfig;
use crate::{Program, Serve};

pub(crate) fn serve(program: Program, serve: &Serve, argv: &[String]) -> ExitCode {
    match runtime().and_then(|runtime| runtime.block_on(run(program, serve, argv))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&chain(&*error)),
    }
}

async fn run(program: Program, serve: &Serve, argv: &[String]) -> Result<(), Box<dyn Error>> {
    let configuration = serve.configuration()?;
    serve.log.start(serve.log.level(&configuration)?)?;
    warn_of_unknown(&configuration);
    let settings = serve.settings(&configuration)?;
    let files = serve.apps.files()?;
    if settings.dev && files.is_empty() && program.apps.is_empty() {
        return Err("there is nothing to develop; --dev needs a script, a folder or a notebook".into());
    }
    for file in files.iter().filter(|file| file.is_main()) {
        let folder = file.path.parent().unwrap_or(&file.path).display();
        tracing::warn!(
            "main.py is served as a script; templates, themes and hooks beside it count with `serve {folder}`"
        );
    }
    let builder = Server::builder().settings(settings);
    let mut builder = program.apps.into_iter().fold(builder, |builder, (route, app)| builder.app(route, app));
    if let Some(auth) = program.auth {
        if configuration.auth_module()?.is_some() {
            return Err(
                "--auth-module and BOKEH_AUTH_MODULE are for programs that do not log users in themselves".into()
            );
        }
        builder = builder.auth(auth);
    }
    serve_with(builder, &files, serve, argv, &configuration).await
}

impl Serve {
    /// What the options, files and the environment say of Bokeh's settings.
    fn configuration(&self) -> Result<Configuration, Box<dyn Error>> {
        let configuration = self.network.give(self.config.load()?)?;
        Ok(self.options.give(configuration))
    }

    fn settings(&self, configuration: &Configuration) -> Result<Settings, Box<dyn Error>> {
        let mut settings = Settings::from_configuration(configuration)?;
        self.network.apply(&mut settings)?;
        self.limits.apply(&mut settings);
        self.options.apply(&mut settings)?;
        self.log.apply(&mut settings)?;
        settings.dev = self.apps.watched().is_some();
        settings.show_errors |= settings.dev;
        Ok(settings)
    }

    #[cfg(all(unix, feature = "python"))]
    fn worker_config(&self, configuration: &Configuration) -> Result<WorkerConfig, Box<dyn Error>> {
        Ok(WorkerConfig {
            log_level: self.log.level(configuration)?.name(),
            prefix: self.options.pages.prefix(),
            auth_module: auth_module(configuration)?,
            cookie_secret: configuration.cookie_secret()?,
            xsrf_cookies: configuration.xsrf_cookies()?,
            file: self.config.use_config.as_deref().map(std::path::absolute).transpose()?,
        })
    }
}

#[cfg(all(unix, feature = "python"))]
fn auth_module(configuration: &Configuration) -> Result<Option<PathBuf>, Box<dyn Error>> {
    match configuration.auth_module()? {
        Some(path) if !path.is_file() => {
            Err(format!("there is no {}; --auth-module or BOKEH_AUTH_MODULE names a Python file", path.display())
                .into())
        }
        module => Ok(module),
    }
}

#[cfg(all(unix, feature = "python"))]
async fn serve_with(
    mut builder: ServerBuilder,
    files: &[AppFile],
    serve: &Serve,
    argv: &[String],
    configuration: &Configuration,
) -> Result<(), Box<dyn Error>> {
    let options = &serve.apps.python;
    let config = serve.worker_config(configuration)?;
    if files.is_empty() && config.auth_module.is_none() {
        return until_shutdown(builder, serve, async |_server| std::future::pending().await).await;
    }
    let watched = serve.apps.watched();
    let source = Source { files, argv, config: &config, is_dev: watched.is_some() };
    if let Some(watched) = watched {
        let mut dev = Dev::start(options, source, watched).await?;
        builder = with_apps(builder, dev.apps(), dev.auth());
        let served = until_shutdown(builder, serve, async |server| dev.run(server).await).await;
        dev.stop().await;
        return served;
    }
    let loaded = options.load(source).await?;
    let python = loaded.python.clone();
    builder = with_apps(builder, loaded.apps, loaded.auth).metrics(move || workers(&python));
    let served = until_shutdown(builder, serve, async |_server| std::future::pending().await).await;
    loaded.python.stop().await;
    served
}

/// The numbers of the processes that run Python applications.
#[cfg(all(unix, feature = "python"))]
fn workers(python: &bokeh_python::PythonApps) -> Vec<Metric> {
    let workers = python.workers();
    #[expect(clippy::cast_precision_loss, reason = "metrics are floating point numbers")]
    let numbers = workers.iter().flat_map(|worker| {
        let metrics = [
            Metric::new("bokeh_worker_sessions", "Sessions of a worker process.", worker.n_sessions as f64),
            Metric::counter(
                "bokeh_worker_sessions_made_total",
                "Sessions that a worker process has made.",
                worker.n_sessions_made as f64,
            ),
            Metric::new(
                "bokeh_worker_queue_bytes",
                "What waits until a worker process reads it.",
                worker.n_queued_bytes as f64,
            ),
        ];
        metrics.map(|metric| metric.label("pid", worker.process_id.to_string()))
    });
    let n_workers = u32::try_from(workers.len()).unwrap_or(u32::MAX);
    let total = Metric::new("bokeh_workers", "Processes that run Python applications.", f64::from(n_workers));
    [total].into_iter().chain(numbers).collect()
}

#[cfg(all(unix, feature = "python"))]
fn with_apps(builder: ServerBuilder, apps: Vec<(String, Application)>, auth: Option<Arc<dyn Auth>>) -> ServerBuilder {
    let builder = apps.into_iter().fold(builder, |builder, (route, app)| builder.app(route, app));
    match auth {
        None => builder,
        Some(auth) => builder.auth(auth),
    }
}

#[cfg(not(all(unix, feature = "python")))]
async fn serve_with(
    builder: ServerBuilder,
    files: &[AppFile],
    serve: &Serve,
    _argv: &[String],
    _configuration: &Configuration,
) -> Result<(), Box<dyn Error>> {
    match files.first() {
        None => until_shutdown(builder, serve, async |_server| std::future::pending().await).await,
        Some(file) => {
            Err(format!("cannot serve '{}': this program was built without Python", file.path.display()).into())
        }
    }
}

/// Serves until the process is told to end, and does what is to be done meanwhile.
async fn until_shutdown(
    builder: ServerBuilder,
    serve: &Serve,
    meanwhile: impl AsyncFnOnce(&Server),
) -> Result<(), Box<dyn Error>> {
    let signals = ShutdownSignals::listen()?;
    let server = builder.start().await?;
    if serve.options.pages.show {
        for route in server.routes() {
            server.show(route)?;
        }
    }
    let also_running = Server::clone(&server);
    tokio::select! {
        () = server.run_until_signal(signals) => {}
        () = meanwhile(&also_running) => {}
    }
    Ok(())
}

/// The threads that everything runs on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| format!("cannot start threads: {error}").into())
}

/// Says on standard error what went wrong.
pub(crate) fn fail(error: &str) -> ExitCode {
    eprintln!("ERROR: {error}");
    ExitCode::FAILURE
}

/// An error and its causes on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
