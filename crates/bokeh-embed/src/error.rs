/// Why HTML could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The template does not parse, or failed when it was used.
    #[error("the page's template failed")]
    Template(#[from] minijinja::Error),
    /// A model that is to be shown is not in the document.
    #[error("the document has no such model")]
    NoModel,
    /// Something for BokehJS cannot be written as JSON.
    #[error("the page's data cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}
