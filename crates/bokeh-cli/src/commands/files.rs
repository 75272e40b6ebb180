use std::error::Error;
use std::process::ExitCode;

use bokeh_protocol::Signing;
use bokeh_server::{BokehJs, Server, Settings};
use clap::Args;

use super::info::NO_BOKEHJS;
use crate::config::{ConfigOptions, warn_of_unknown};
use crate::limits::LimitOptions;
use crate::log::LogOptions;
use crate::network::NetworkOptions;
use crate::serve::{chain, fail, runtime};

/// How to serve the files of BokehJS.
#[derive(Debug, Args)]
pub(crate) struct Static {
    #[command(flatten)]
    network: NetworkOptions,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    log: LogOptions,
    #[command(flatten)]
    config: ConfigOptions,
}

/// Serves the files of BokehJS and nothing else.
pub(crate) fn serve_files(options: &Static) -> ExitCode {
    match runtime().and_then(|runtime| runtime.block_on(run(options))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&chain(&*error)),
    }
}

async fn run(options: &Static) -> Result<(), Box<dyn Error>> {
    // There are no sessions to be signed.
    let configuration = options.network.give(options.config.load()?)?.given("sign_sessions", "", "");
    options.log.start(options.log.level(&configuration)?)?;
    warn_of_unknown(&configuration);
    let bokehjs = BokehJs::default();
    if bokehjs.folder().is_none() && !BokehJs::IS_EMBEDDED {
        return Err(NO_BOKEHJS.into());
    }
    let mut settings = Settings {
        bokehjs,
        index: false,
        signing: Some(Signing::Unsigned),
        ..Settings::from_configuration(&configuration)?
    };
    options.network.apply(&mut settings)?;
    options.limits.apply(&mut settings);
    options.log.apply(&mut settings)?;
    let server = Server::builder().settings(settings).files_only().start().await?;
    tracing::info!("Serving static files at: {}", server.url("/static/"));
    Ok(server.run_until_shutdown().await?)
}
