//! The options of `serve` that are about applications.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::files::{AppFile, FileError, expand};
#[cfg(all(unix, feature = "python"))]
use crate::python::PythonOptions;

/// What is to be served from files, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Applications")]
pub(crate) struct AppOptions {
    /// Python scripts, folders with main.py or main.ipynb, and notebooks
    #[arg(value_name = "DIRECTORY-OR-SCRIPT")]
    files: Vec<PathBuf>,
    /// Take the names as patterns, such as 'apps/*.py'
    #[arg(long)]
    glob: bool,
    /// Start applications anew when their files change, or one of these, and show errors in the page
    #[arg(long, value_name = "FILES", num_args = 0..)]
    dev: Option<Vec<PathBuf>>,
    #[cfg(all(unix, feature = "python"))]
    #[command(flatten)]
    pub(crate) python: PythonOptions,
}

impl AppOptions {
    /// The applications that are named.
    pub(crate) fn files(&self) -> Result<Vec<AppFile>, FileError> {
        // `--dev app.py` means the application: without one there is nothing to develop.
        let named = match &self.dev {
            Some(watched) if self.files.is_empty() => watched.get(..1).unwrap_or_default(),
            _ => &self.files[..],
        };
        let expanded = if self.glob { expand(named)? } else { named.to_vec() };
        let mut files: Vec<AppFile> = Vec::new();
        for path in &expanded {
            let file = AppFile::open(path)?;
            match files.iter().find(|other| other.route == file.route) {
                None => files.push(file),
                // Patterns can have files in common.
                Some(other) if other.path == file.path => {}
                Some(other) => return Err(FileError::SameRoute(other.path.clone(), file.path, file.route)),
            }
        }
        Ok(files)
    }

    /// The files to be watched beside the applications' own. None if nothing is watched.
    pub(crate) fn watched(&self) -> Option<&[PathBuf]> {
        let watched = self.dev.as_deref()?;
        Some(if self.files.is_empty() { watched.get(1..).unwrap_or_default() } else { watched })
    }
}

/// The arguments of the program, and those that stand after `--args` and are for the applications.
pub(crate) fn split(args: impl IntoIterator<Item = OsString>) -> (Vec<OsString>, Vec<String>) {
    let mut args = args.into_iter();
    let own = args.by_ref().take_while(|arg| arg != "--args").collect();
    (own, args.map(|arg| arg.to_string_lossy().into_owned()).collect())
}
