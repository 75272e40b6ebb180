//! What variables of the environment and YAML files say, as Bokeh reads them.

mod error;
mod file;
mod keys;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

use file::{Entry, File, Scalar};
use keys::{KEYS, Key};

pub use error::ConfigurationError;
pub use values::PyLogLevel;

/// What variables of the environment and YAML files say, as Bokeh reads them. Its names are those of Bokeh's `settings`.
///
/// What is said in several places counts in this order: what was [given](Self::given), the file that was
/// [named](Self::read_file), the environment, `~/.bokeh/bokeh.yaml`, and with `BOKEH_DEV` defaults for Bokeh's developers. An empty
/// variable counts as none.
///
/// ```
/// use bokeh_server::{Configuration, Settings};
///
/// let configuration = Configuration::default()
///     .with_environment([("BOKEH_DEFAULT_SERVER_PORT", "7000"), ("BOKEH_MINIFIED", "no")])
///     .with_file("conf.yaml".as_ref(), "minified: yes")?;
/// let settings = Settings::from_configuration(&configuration)?;
/// assert_eq!((settings.port, settings.minified), (7000, true));
/// # Ok::<(), bokeh_server::ConfigurationError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    given: BTreeMap<String, (String, String)>,
    file: File,
    environment: BTreeMap<String, String>,
    user_file: File,
}

impl Configuration {
    /// Reads the environment of the process and `~/.bokeh/bokeh.yaml`, if it is there.
    ///
    /// # Errors
    /// When the file cannot be read, or is no list of names and values.
    pub fn load() -> Result<Self, ConfigurationError> {
        let variables =
            env::vars_os().map(|(name, value)| (name.to_string_lossy().into(), value.to_string_lossy().into()));
        let this = Self::default().with_environment::<String, String>(variables);
        let Some(path) = env::home_dir().map(|home| home.join(".bokeh/bokeh.yaml")) else { return Ok(this) };
        match fs::read_to_string(&path) {
            Ok(text) => this.with_user_file(&path, &text),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(this),
            Err(source) => Err(ConfigurationError::Read { path, source }),
        }
    }

    /// Adds variables of the environment.
    #[must_use]
    pub fn with_environment<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.environment.extend(variables.filter(|(name, value)| name.starts_with("BOKEH_") && !value.is_empty()));
        self
    }

    /// Adds the file of the user, which counts less than the environment. `path` is for messages.
    ///
    /// # Errors
    /// When `text` is no list of names and values in YAML.
    pub fn with_user_file(self, path: &Path, text: &str) -> Result<Self, ConfigurationError> {
        Ok(Self { user_file: File::parse(path, text)?, ..self })
    }

    /// Adds a file that counts more than the environment. `path` is for messages.
    ///
    /// # Errors
    /// When `text` is no list of names and values in YAML.
    pub fn with_file(self, path: &Path, text: &str) -> Result<Self, ConfigurationError> {
        Ok(Self { file: File::parse(path, text)?, ..self })
    }

    /// Reads a file that counts more than the environment, as `--use-config` does.
    ///
    /// # Errors
    /// When it cannot be read, or is no list of names and values.
    pub fn read_file(self, path: &Path) -> Result<Self, ConfigurationError> {
        let text = fs::read_to_string(path);
        let text = text.map_err(|source| ConfigurationError::Read { path: path.to_owned(), source })?;
        self.with_file(path, &text)
    }

    /// Sets a value that counts more than everything else, such as one that was given on the command line. `by` is for messages.
    #[must_use]
    pub fn given(mut self, name: &str, by: &str, value: impl Into<String>) -> Self {
        self.given.insert(name.to_owned(), (by.to_owned(), value.into()));
        self
    }

    /// What stands in the files and has no meaning, most often for a slip of the pen.
    pub fn unknown(&self) -> Vec<String> {
        let entries = [&self.file, &self.user_file].into_iter().flat_map(File::entries);
        let unknown = entries.filter(|(name, _)| KEYS.iter().all(|key| key.name != *name));
        unknown.map(|(name, entry)| format!("{}: there is no setting {name:?}", entry.place)).collect()
    }

    /// What was said of a setting, where it counts most.
    fn find(&self, key: &Key) -> Option<Found> {
        if let Some((by, value)) = self.given.get(key.name) {
            return Some(Found::text(by.clone(), value));
        }
        let of_file = |file: &File| file.get(key.name).map(|entry| Found::entry(key.name, entry));
        let of_environment = || Some(Found::text(key.variable.to_owned(), self.environment.get(key.variable)?));
        of_file(&self.file).or_else(of_environment).or_else(|| of_file(&self.user_file))
    }
}

/// A value and where it was said.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    /// As messages name it, such as `BOKEH_MINIFIED` or `minified in line 3 of conf.yaml`.
    place: String,
    value: Scalar,
}

impl Found {
    fn text(place: String, value: &str) -> Self {
        Self { place, value: Scalar::Text(value.to_owned()) }
    }

    fn entry(name: &str, Entry { place, value }: &Entry) -> Self {
        Self { place: format!("{place}: {name}"), value: value.clone() }
    }
}
