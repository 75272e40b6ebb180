//! Serving until the end.

use std::error::Error;
use std::process::ExitCode;
#[cfg(all(unix, feature = "python"))]
use std::sync::Arc;

use bokeh_application::Application;
#[cfg(all(unix, feature = "python"))]
use bokeh_application::Auth;
use bokeh_server::{Server, ServerBuilder};

use crate::Serve;
#[cfg(all(unix, feature = "python"))]
use crate::dev::{Dev, Source};
use crate::files::AppFile;
use crate::log;

pub(crate) fn serve(apps: Vec<(String, Application)>, serve: &Serve, argv: &[String]) -> ExitCode {
    log::start(serve.options.log_level);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start threads: {error}")),
    };
    match runtime.block_on(run(apps, serve, argv)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&chain(&*error)),
    }
}

async fn run(apps: Vec<(String, Application)>, serve: &Serve, argv: &[String]) -> Result<(), Box<dyn Error>> {
    let mut settings = serve.options.settings()?;
    settings.dev = serve.apps.watched().is_some();
    settings.show_errors |= settings.dev;
    let files = serve.apps.files()?;
    for file in files.iter().filter(|file| file.is_main()) {
        let folder = file.path.parent().unwrap_or(&file.path).display();
        tracing::warn!(
            "main.py is served as a script; templates, themes and hooks beside it count with `serve {folder}`"
        );
    }
    let builder = Server::builder().settings(settings);
    let builder = apps.into_iter().fold(builder, |builder, (route, app)| builder.app(route, app));
    serve_with(builder, &files, serve, argv).await
}

#[cfg(all(unix, feature = "python"))]
async fn serve_with(
    mut builder: ServerBuilder,
    files: &[AppFile],
    serve: &Serve,
    argv: &[String],
) -> Result<(), Box<dyn Error>> {
    let options = &serve.apps.python;
    if files.is_empty() && !options.are_needed() {
        return until_shutdown(builder, serve, async |_server| std::future::pending().await).await;
    }
    let (prefix, log_level) = (serve.options.prefix(), serve.options.log_level.name());
    let watched = serve.apps.watched();
    let source = Source { files, argv, prefix: &prefix, log_level, is_dev: watched.is_some() };
    if let Some(watched) = watched {
        let mut dev = Dev::start(options, source, watched).await?;
        builder = with_apps(builder, dev.apps(), dev.auth());
        let served = until_shutdown(builder, serve, async |server| dev.run(server).await).await;
        dev.stop().await;
        return served;
    }
    let loaded = options.load(source).await?;
    builder = with_apps(builder, loaded.apps, loaded.auth);
    let served = until_shutdown(builder, serve, async |_server| std::future::pending().await).await;
    loaded.python.stop().await;
    served
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
    let server = builder.start().await?;
    if serve.options.show {
        for route in server.routes() {
            server.show(route)?;
        }
    }
    let also_running = Server::clone(&server);
    tokio::select! {
        ended = server.run_until_shutdown() => ended?,
        () = meanwhile(&also_running) => {}
    }
    Ok(())
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
