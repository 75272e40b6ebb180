use std::io;
use std::path::PathBuf;

/// Why a configuration makes no sense.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// A file cannot be read.
    #[error("cannot read the configuration in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{place}: {reason}; a configuration has lines such as `minified: no`")]
    Syntax {
        /// The file and the line.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// A value is none of those that can be.
    #[error("{place} is {found}; write {expected}")]
    Value {
        /// The variable, or the file with the line and the name.
        place: String,
        /// What stands there.
        found: String,
        /// What can stand there.
        expected: &'static str,
    },
    /// Sessions are to be signed, and there is nothing to sign them with.
    #[error(
        "to sign sessions, a secret must be in the environment variable BOKEH_SECRET_KEY; `bokeh-rs secret` makes one, and \
         --session-ids unsigned does without"
    )]
    NoSecret,
    /// There is a key, and no certificate.
    #[error("there is a key but no certificate; --ssl-certfile names the file that has it")]
    NoCertificate,
}
