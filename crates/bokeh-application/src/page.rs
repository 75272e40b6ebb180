//! What a handler that makes pages itself has to know.

/// A page that is asked for. Its session is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRequest {
    /// With what the page connects to the session.
    pub token: String,
    /// What all paths of the server begin with: empty, or like `/apps`.
    pub prefix: String,
    /// The parts of BokehJS that the page is to load at once, such as `bokeh-widgets`. None for all.
    pub bundles: Option<Vec<String>>,
    /// JavaScript that loads the others, to stand behind what loads these.
    pub later_script: Option<String>,
}

/// A script that is asked for, which puts a session into a page of somebody else's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoloadRequest {
    /// With what the page connects to the session.
    pub token: String,
    /// What all paths of the server begin with: empty, or like `/apps`.
    pub prefix: String,
    /// The id of the element that the session takes the place of.
    pub element_id: String,
    /// The address of the application, as the page told it.
    pub app_path: String,
    /// The address of the application as a whole URL, if the page is another server's.
    pub absolute_url: Option<String>,
    /// Whether the script is to load BokehJS.
    pub with_resources: bool,
}

impl PageRequest {
    /// A page that connects with `token`, of a server whose paths begin with `prefix`.
    pub fn new(token: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self { token: token.into(), prefix: prefix.into(), bundles: None, later_script: None }
    }
}

impl AutoloadRequest {
    /// A script for an element of a page. Everything else is as it most often is.
    pub fn new(token: impl Into<String>, prefix: impl Into<String>, element_id: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            prefix: prefix.into(),
            element_id: element_id.into(),
            app_path: "/".to_owned(),
            absolute_url: None,
            with_resources: true,
        }
    }
}
