//! A list of applications that looks as its owner wants.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::{escape, tornado};

/// A template that has been tried, so that it works when somebody asks for the list.
#[derive(Clone, Debug)]
pub(super) struct IndexTemplate {
    environment: Environment<'static>,
    items: Vec<String>,
}

/// There is no list of applications in the file that was named.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The file cannot be read.
    #[error("cannot read the template of the index, {}; --index names a file", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The template does not work.
    #[error("{}, line {line}: {reason}; the variables of an index are `prefix` and `items`", path.display())]
    Template {
        /// The file.
        path: PathBuf,
        /// Where in the file.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

impl IndexTemplate {
    /// Reads the template for applications at `routes`, which are sorted.
    pub(super) fn read(path: &Path, prefix: &str, routes: &[&str]) -> Result<Self, IndexError> {
        let source = fs::read_to_string(path);
        let source = source.map_err(|source| IndexError::Read { path: path.to_owned(), source })?;
        let failed = |error: &minijinja::Error| IndexError::Template {
            path: path.to_owned(),
            line: error.line().unwrap_or(1),
            reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
        };
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_name| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Slashes of addresses can stay.
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if !value.is_safe() => Ok(out.write_str(&escape(text))?),
            _ => minijinja::escape_formatter(out, state, value),
        });
        // There is only one, so that whatever it is called does not matter.
        environment.add_template_owned(NAME, tornado::to_jinja(&source)).map_err(|error| failed(&error))?;
        environment.add_function("len", |value: Value| value.len().unwrap_or_default());
        let this = Self { environment, items: routes.iter().map(|route| (*route).to_owned()).collect() };
        this.render(prefix).map_err(|error| failed(&error))?;
        Ok(this)
    }

    /// The page below a prefix.
    pub(super) fn render(&self, prefix: &str) -> Result<String, minijinja::Error> {
        self.environment.get_template(NAME)?.render(context! { prefix, items => &self.items })
    }
}

const NAME: &str = "index.html";
