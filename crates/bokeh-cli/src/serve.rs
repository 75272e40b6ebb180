//! Serving until the end.

use std::error::Error;
use std::process::ExitCode;

use bokeh_application::Application;
use bokeh_server::Server;

use crate::log;
use crate::options::ServeOptions;

pub(crate) fn serve(apps: Vec<(String, Application)>, options: ServeOptions) -> ExitCode {
    log::start(options.log_level);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start threads: {error}")),
    };
    match runtime.block_on(run(apps, options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&chain(&*error)),
    }
}

async fn run(apps: Vec<(String, Application)>, options: ServeOptions) -> Result<(), Box<dyn Error>> {
    let routes: Vec<String> = apps.iter().map(|(route, _)| route.clone()).collect();
    let mut builder = Server::builder().settings(options.settings()?);
    for (route, app) in apps {
        builder = builder.app(route, app);
    }
    let server = builder.start().await?;
    if options.show {
        for route in &routes {
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
