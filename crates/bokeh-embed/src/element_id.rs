use std::fmt;

use uuid::Uuid;

/// The id of an HTML element: unique anywhere, and good in a CSS selector since it begins with a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ElementId(String);

impl ElementId {
    /// A new id.
    ///
    /// ```
    /// let id = bokeh_embed::ElementId::random();
    /// assert!(id.as_str().starts_with(|c: char| c.is_ascii_alphabetic()));
    /// ```
    pub fn random() -> Self {
        Self(format!("e{}", Uuid::new_v4().as_hyphenated()))
    }

    /// Takes an id that somebody else chose, such as the one in a user's own template.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
