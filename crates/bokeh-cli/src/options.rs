//! The options of `serve` that are about pages and their sessions.

mod number;
mod pages;
mod sessions;
#[cfg(test)]
mod tests;
mod users;
mod websockets;

use bokeh_server::{Configuration, Settings};
use clap::Args;

use pages::PageOptions;
use sessions::SessionOptions;
use users::UserOptions;
use websockets::WebSocketOptions;

pub(crate) use number::{FROM_0, FROM_1, NumberError, number};

/// What can be said on the command line about pages and their sessions.
#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(crate) pages: PageOptions,
    #[command(flatten)]
    sessions: SessionOptions,
    #[command(flatten)]
    websockets: WebSocketOptions,
    #[command(flatten)]
    users: UserOptions,
}

/// Why the options make no settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OptionsError {
    #[error("--include-{0} and --exclude-{0} contradict each other; give one of them")]
    BothLists(&'static str),
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl ServeOptions {
    /// Adds what the options say of settings that can also be said elsewhere.
    pub(crate) fn give(&self, configuration: Configuration) -> Configuration {
        self.users.give(self.sessions.give(self.pages.give(configuration)))
    }

    /// Changes what the options ask for.
    pub(crate) fn apply(&self, settings: &mut Settings) -> Result<(), OptionsError> {
        self.pages.apply(settings);
        self.sessions.apply(settings)?;
        self.websockets.apply(settings)
    }
}
