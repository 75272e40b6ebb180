use std::path::PathBuf;

use bokeh_server::{Configuration, Settings};
use clap::Args;

/// What stands at which address.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pages")]
pub(crate) struct PageOptions {
    /// What all paths begin with
    #[arg(long, default_value = "", hide_default_value = true)]
    prefix: String,
    /// Template for the list of the applications, with the variables `prefix` and `items`
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,
    /// Show no list of the applications
    #[arg(long)]
    disable_index: bool,
    /// Show the list of the applications even if there is only one
    #[arg(long)]
    disable_index_redirect: bool,
    /// Icon in the browser's tab: a file that ends in .ico, or none [default: that in BOKEH_ICO_PATH]
    #[arg(long, value_name = "FILE|none")]
    ico_path: Option<String>,
    /// Open the applications in a browser, which BOKEH_BROWSER can name
    #[arg(long)]
    pub(crate) show: bool,
}

impl PageOptions {
    /// What all paths begin with, in the form in which the server has it.
    #[cfg(all(unix, feature = "python"))]
    pub(crate) fn prefix(&self) -> String {
        match self.prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("/{prefix}"),
        }
    }

    pub(super) fn give(&self, configuration: Configuration) -> Configuration {
        match &self.ico_path {
            None => configuration,
            Some(path) => configuration.given("ico_path", "--ico-path", path),
        }
    }

    pub(super) fn apply(&self, settings: &mut Settings) {
        settings.prefix.clone_from(&self.prefix);
        settings.index_template.clone_from(&self.index);
        settings.index = !self.disable_index;
        settings.redirect_root = !self.disable_index_redirect;
    }
}
