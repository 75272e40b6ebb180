//! Serving until the end.

use std::error::Error;
use std::process::ExitCode;

use bokeh_application::Application;
use bokeh_server::{Server, ServerBuilder};

use crate::Serve;
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
    settings.show_errors |= serve.apps.watched().is_some();
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
    if files.is_empty() && !serve.apps.python.are_needed() {
        return until_shutdown(builder, serve).await;
    }
    let (prefix, log_level) = (serve.options.prefix(), serve.options.log_level.name());
    let loaded = serve.apps.python.load(files, argv, &prefix, log_level).await?;
    for (route, app) in loaded.apps {
        builder = builder.app(route, app);
    }
    if let Some(auth) = loaded.auth {
        builder = builder.auth(auth);
    }
    let served = until_shutdown(builder, serve).await;
    loaded.python.stop().await;
    served
}

#[cfg(not(all(unix, feature = "python")))]
async fn serve_with(
    builder: ServerBuilder,
    files: &[AppFile],
    serve: &Serve,
    _argv: &[String],
) -> Result<(), Box<dyn Error>> {
    match files.first() {
        None => until_shutdown(builder, serve).await,
        Some(file) => {
            Err(format!("cannot serve '{}': this program was built without Python", file.path.display()).into())
        }
    }
}

async fn until_shutdown(builder: ServerBuilder, serve: &Serve) -> Result<(), Box<dyn Error>> {
    let server = builder.start().await?;
    if serve.options.show {
        for route in server.routes() {
            server.show(route)?;
        }
    }
    server.run_until_shutdown().await?;
    Ok(())
}

/// Says on standard error what went wrong.
pub(crate) fn fail(error: &str) -> ExitCode {
    eprintln!("ERROR: {error}");
    ExitCode::FAILURE
}

/// An error and its causes on one line.
fn chain(error: &dyn Error) -> String {
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
