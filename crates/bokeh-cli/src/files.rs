//! Applications that are files: which there are, and where they are served.

#[cfg(test)]
mod tests;

use std::path::{Component, Path, PathBuf};

/// A script, notebook or folder to be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppFile {
    /// Such as `/sliders`.
    pub(crate) route: String,
    /// Absolute.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

/// What kind of application a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Script,
    Notebook,
    Folder,
}

/// Why a path names no application.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("there is no '{}'", .0.display())]
    Missing(PathBuf),
    #[error("'{}' is neither a '.py' script nor a '.ipynb' notebook", .0.display())]
    Kind(PathBuf),
    #[error("there is no 'main.py' and no 'main.ipynb' in '{}'", .0.display())]
    NoMain(PathBuf),
    #[error("'{}' has both app_hooks.py and server_lifecycle.py; a folder can have one of them", .0.display())]
    TwoHooks(PathBuf),
    #[error("the path '{}' has no name that an address could be made of", .0.display())]
    NoName(PathBuf),
    #[error("'{}' and '{}' would both be served at {}; give them different names", .0.display(), .1.display(), .2)]
    SameRoute(PathBuf, PathBuf, String),
    #[error("'{pattern}' is no pattern for names of files")]
    Pattern {
        pattern: String,
        #[source]
        source: glob::PatternError,
    },
}

impl AppFile {
    /// Looks at a path. It is served under its name without the extension, wherever it lies.
    pub(crate) fn open(given: &Path) -> Result<Self, FileError> {
        let path = normal(given);
        let shown = || given.to_owned();
        let kind = if path.is_dir() {
            check_folder(&path, given)?;
            Kind::Folder
        } else if path.is_file() {
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("py") => Kind::Script,
                Some("ipynb") => Kind::Notebook,
                _ => return Err(FileError::Kind(shown())),
            }
        } else {
            return Err(FileError::Missing(shown()));
        };
        let name = match kind {
            Kind::Folder => path.file_name(),
            Kind::Script | Kind::Notebook => path.file_stem(),
        };
        let name = name.and_then(|name| name.to_str()).ok_or_else(|| FileError::NoName(shown()))?;
        Ok(Self { route: format!("/{name}"), path, kind })
    }

    /// Whether the script would rather be served as its folder.
    pub(crate) fn is_main(&self) -> bool {
        self.kind == Kind::Script && self.path.file_name().is_some_and(|name| name == "main.py")
    }
}

/// The paths that patterns stand for, in the order of the patterns and of the alphabet.
pub(crate) fn expand(patterns: &[PathBuf]) -> Result<Vec<PathBuf>, FileError> {
    let mut paths = Vec::new();
    for pattern in patterns {
        let pattern = pattern.to_string_lossy().into_owned();
        let found = glob::glob(&pattern).map_err(|source| FileError::Pattern { pattern: pattern.clone(), source })?;
        let n_before = paths.len();
        // What cannot be read is no application of this user's.
        paths.extend(found.filter_map(Result::ok));
        if paths.len() == n_before {
            tracing::warn!("--glob finds nothing that is named like '{pattern}'");
        }
    }
    Ok(paths)
}

fn check_folder(folder: &Path, given: &Path) -> Result<(), FileError> {
    let has = |name: &str| folder.join(name).is_file();
    if !has("main.py") && !has("main.ipynb") {
        return Err(FileError::NoMain(given.to_owned()));
    }
    if has("app_hooks.py") && has("server_lifecycle.py") {
        return Err(FileError::TwoHooks(given.to_owned()));
    }
    Ok(())
}

/// The path from the root on, without dots: `.` and `..` have no names.
fn normal(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}
