//! Documents as files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bokeh_document::Document;

use crate::error::RenderError;
use crate::resources::Resources;
use crate::standalone::file_html;

/// Writes a page with the document into a file, which browsers show without any server: what [`file_html`] makes.
///
/// ```no_run
/// use bokeh_document::Document;
/// use bokeh_embed::{Resources, save};
///
/// let doc = Document::new();
/// save(&doc, "report.html", Resources::cdn())?;
/// # Ok::<(), bokeh_embed::SaveError>(())
/// ```
///
/// # Errors
/// When the page cannot be made or the file not written.
pub fn save(document: &Document, path: impl AsRef<Path>, resources: Resources) -> Result<(), SaveError> {
    let path = path.as_ref();
    let html = file_html(document, resources)?;
    fs::write(path, html).map_err(|source| SaveError::Write { path: path.to_owned(), source })
}

/// Why a document could not be saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveError {
    /// There is no page.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
