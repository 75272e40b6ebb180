use std::error::Error;
use std::process::ExitCode;

use bokeh_server::{BokehJs, Server, Settings};
use clap::Args;

use super::info::NO_BOKEHJS;
use crate::log::LogOptions;
use crate::network::NetworkOptions;
use crate::serve::{chain, fail, runtime, variable};

/// How to serve the files of BokehJS.
#[derive(Debug, Args)]
pub(crate) struct Static {
    #[command(flatten)]
    network: NetworkOptions,
    #[command(flatten)]
    log: LogOptions,
}

/// Serves the files of BokehJS and nothing else.
pub(crate) fn serve_files(options: &Static) -> ExitCode {
    let started = options.log.level(variable).and_then(|level| options.log.start(level));
    if let Err(error) = started {
        return fail(&chain(&error));
    }
    match runtime().and_then(|runtime| runtime.block_on(run(options))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&chain(&*error)),
    }
}

async fn run(options: &Static) -> Result<(), Box<dyn Error>> {
    let bokehjs = BokehJs::default().folder().ok_or(NO_BOKEHJS)?;
    let mut settings = Settings { bokehjs: BokehJs::Folder(bokehjs), index: false, ..Settings::default() };
    options.network.apply(&mut settings, variable)?;
    options.log.apply(&mut settings);
    let server = Server::builder().settings(settings).files_only().start().await?;
    tracing::info!("Serving static files at: {}", server.url("/static/"));
    Ok(server.run_until_shutdown().await?)
}
