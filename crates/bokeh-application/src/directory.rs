//! Folders with what belongs to an application.

mod yaml;
#[cfg(test)]
mod tests;

use std::future::ready;
use std::path::{Path, PathBuf};
use std::{fs, io};

use bokeh_document::{Document, Theme, ThemeError};

use crate::application::Application;
use crate::function::{AppFunction, FunctionHandler};
use crate::handler::{Handler, HandlerFuture};
use crate::session_context::SessionContext;
use crate::template::Template;

use yaml::YamlError;

/// Brings what lies in a folder: `theme.yaml`, `templates/index.html` with the templates beside it, and the files in
/// `static/`. All of them may be missing.
///
/// This is for applications in Rust, and needs no Python.
///
/// ```no_run
/// use bokeh_application::DirectoryHandler;
/// use bokeh_document::Document;
///
/// let app = DirectoryHandler::open("sliders")?.with(|doc: &mut Document| doc.set_title("Sliders"));
/// # let _ = app;
/// # Ok::<(), bokeh_application::DirectoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DirectoryHandler {
    static_path: Option<PathBuf>,
    theme: Option<Theme>,
    template: Option<Template>,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// There is no such folder.
    #[error("there is no folder {}", .0.display())]
    Missing(PathBuf),
    /// Something is there that cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file with the theme is no YAML.
    #[error("{} is no YAML: {reason}", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        reason: String,
    },
    /// The file with the theme holds no theme.
    #[error("{} holds no theme", path.display())]
    Theme {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ThemeError,
    },
}

impl DirectoryHandler {
    /// Reads what is in a folder. Only the files in `static/` are read later.
    ///
    /// # Errors
    /// When there is no such folder, a file cannot be read, or the theme is none.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, DirectoryError> {
        let given = folder.as_ref();
        // The program may go elsewhere later.
        let folder = std::path::absolute(given).unwrap_or_else(|_| given.to_owned());
        if !folder.is_dir() {
            return Err(DirectoryError::Missing(given.to_owned()));
        }
        Ok(Self {
            theme: theme(&folder.join("theme.yaml"))?,
            template: template(&folder.join("templates"))?,
            static_path: Some(folder.join("static")).filter(|path| path.is_dir()),
        })
    }

    /// An application that fills its documents by a function, with this folder around it.
    pub fn with<Marker: 'static>(self, function: impl AppFunction<Marker>) -> Application {
        Application::empty().handler(self).handler(FunctionHandler::new(function))
    }
}

impl Handler for DirectoryHandler {
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a> {
        if let Some(theme) = &self.theme {
            document.set_theme(theme.clone());
        }
        if let Some(template) = &self.template {
            session.set_template(template.clone());
        }
        Box::pin(ready(Ok(())))
    }

    fn static_path(&self) -> Option<&Path> {
        self.static_path.as_deref()
    }
}

fn theme(path: &Path) -> Result<Option<Theme>, DirectoryError> {
    if !path.is_file() {
        return Ok(None);
    }
    let text = read(path)?;
    let json =
        yaml::to_json(&text).map_err(|YamlError(reason)| DirectoryError::Yaml { path: path.to_owned(), reason })?;
    let theme = Theme::from_json(&json).map_err(|source| DirectoryError::Theme { path: path.to_owned(), source })?;
    Ok(Some(theme))
}

fn template(folder: &Path) -> Result<Option<Template>, DirectoryError> {
    let index = folder.join(INDEX);
    if !index.is_file() {
        return Ok(None);
    }
    let mut others = Vec::new();
    collect(folder, "", &mut others)?;
    let others = others.into_iter().filter(|(name, _)| name != INDEX);
    Ok(Some(others.fold(Template::new(read(&index)?), |template, (name, source)| template.with_other(name, source))))
}

/// All texts below a folder, with their names as templates know them.
fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) -> Result<(), DirectoryError> {
    let unreadable = |source| DirectoryError::Unreadable { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), found)?;
        } else if let Ok(source) = fs::read_to_string(&path) {
            // A picture among the templates is nobody's template.
            found.push((name, source));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, DirectoryError> {
    fs::read_to_string(path).map_err(|source| DirectoryError::Unreadable { path: path.to_owned(), source })
}

const INDEX: &str = "index.html";
