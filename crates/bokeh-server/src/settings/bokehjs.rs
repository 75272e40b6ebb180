//! How pages get BokehJS.

use std::path::PathBuf;

use crate::assets::{embedded, folder_of_bokehjs};

/// Where a server gets BokehJS from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BokehJs {
    /// The folder that the environment variable `BOKEHJS_DIR` names; else BokehJS inside of the program, with the feature
    /// `embed-bokehjs`; else as npm or Python have installed it, in `node_modules` of the working directory, of the program's
    /// folder or of one above them, or in the active virtual environment; else Bokeh's public host.
    #[default]
    Find,
    /// A folder with `js/bokeh.min.js` and its companions, such as `build` in the npm package `@bokeh/bokehjs`.
    Folder(PathBuf),
    /// Bokeh's public host. Browsers then need the internet.
    Cdn,
}

impl BokehJs {
    /// Whether this program has BokehJS inside, by the feature `embed-bokehjs`.
    pub const IS_EMBEDDED: bool = embedded::SCRIPTS.is_some();

    /// The folder that the scripts are served from. None if they are inside of the program, or browsers get them from Bokeh's
    /// public host.
    pub fn folder(&self) -> Option<PathBuf> {
        folder_of_bokehjs(self, None)
    }
}

/// Where pages get BokehJS from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageScripts {
    /// The server that serves the page, or Bokeh's public host if the server has no BokehJS.
    #[default]
    Server,
    /// Bokeh's public host, even if the server has BokehJS.
    Cdn,
    /// The page itself. Each page is then some megabytes long.
    Inline,
}

/// How much BokehJS writes to the browser's console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsLogLevel {
    /// Every message and more.
    Trace,
    /// Details.
    Debug,
    /// What goes on.
    #[default]
    Info,
    /// What may be wrong.
    Warn,
    /// What is wrong.
    Error,
    /// What makes it stop.
    Fatal,
}

impl JsLogLevel {
    /// All levels.
    pub const ALL: [Self; 6] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal];

    /// The level as BokehJS spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}
