//! Where settings are read from, beside the command line.

use std::path::PathBuf;

use bokeh_server::{Configuration, ConfigurationError};
use clap::Args;

/// Where settings are read from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigOptions {
    /// YAML file with settings, which count more than variables of the environment
    #[arg(long, value_name = "FILE")]
    pub(crate) use_config: Option<PathBuf>,
}

impl ConfigOptions {
    /// What the file, the environment and the user's own file say.
    pub(crate) fn load(&self) -> Result<Configuration, ConfigurationError> {
        let configuration = Configuration::load()?;
        match &self.use_config {
            Some(path) => configuration.read_file(path),
            None => Ok(configuration),
        }
    }
}

/// Says what in files means nothing.
pub(crate) fn warn_of_unknown(configuration: &Configuration) {
    for unknown in configuration.unknown() {
        tracing::warn!("{unknown}");
    }
}
