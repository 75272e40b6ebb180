use std::fmt;

use thirtyfour::BrowserLogEntry;

/// One entry of the browser's console.
#[derive(Debug, Clone)]
pub struct ConsoleEntry {
    /// How loud it is.
    pub level: Level,
    /// Where it comes from: `console-api`, `network`, `javascript`, `security`, ...
    pub source: String,
    /// The text, after the address of the script and the position in it.
    pub message: String,
}

/// How loud an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `console.debug`.
    Debug,
    /// `console.log` and `console.info`.
    Info,
    /// `console.warn` and the browser's warnings.
    Warning,
    /// `console.error`, uncaught exceptions, and what could not be loaded.
    Error,
}

impl ConsoleEntry {
    /// Whether this is an error or a warning, and not the browser's own affair.
    #[must_use]
    pub fn is_complaint(&self) -> bool {
        // Chromium asks every host for an icon by itself.
        let is_chromiums_own = self.source == "network" && self.message.contains("/favicon.ico");
        self.level >= Level::Warning && !is_chromiums_own
    }
}

impl fmt::Display for ConsoleEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} [{}] {}", self.level, self.source, self.message)
    }
}

impl From<BrowserLogEntry> for ConsoleEntry {
    fn from(entry: BrowserLogEntry) -> Self {
        Self {
            level: match entry.level.as_str() {
                "SEVERE" => Level::Error,
                "WARNING" => Level::Warning,
                "INFO" => Level::Info,
                _ => Level::Debug,
            },
            source: entry.source.unwrap_or_default(),
            message: entry.message,
        }
    }
}
