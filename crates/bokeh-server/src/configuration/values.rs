//! What each setting can be.

use std::path::PathBuf;

use bokeh_protocol::{Secret, Signing};

use super::file::Scalar;
use super::keys::{self, Key};
use super::{Configuration, ConfigurationError, Found};
use crate::settings::{Icon, JsLogLevel, PageScripts, Validation};
use crate::tls::TlsFiles;

/// How much a server logs, in Python's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PyLogLevel {
    /// Every message and more.
    Trace,
    /// Details.
    Debug,
    /// What goes on.
    Info,
    /// What may be wrong.
    Warning,
    /// What is wrong.
    Error,
    /// What makes it stop.
    Critical,
}

impl Configuration {
    /// How much to log. None if that was not said.
    ///
    /// # Errors
    /// When there is no such level.
    pub fn py_log_level(&self) -> Result<Option<PyLogLevel>, ConfigurationError> {
        let Some(found) = self.find(&keys::PY_LOG_LEVEL) else {
            return Ok(self.is_dev()?.then_some(PyLogLevel::Debug));
        };
        Ok(match found.lower_case().as_deref() {
            // Python's `NONE` leaves it to the server.
            Some("" | "none") => None,
            Some("trace" | "9") => Some(PyLogLevel::Trace),
            Some("debug" | "10") => Some(PyLogLevel::Debug),
            Some("info" | "20") => Some(PyLogLevel::Info),
            Some("warning" | "warn" | "30") => Some(PyLogLevel::Warning),
            Some("error" | "40") => Some(PyLogLevel::Error),
            Some("critical" | "fatal" | "50") => Some(PyLogLevel::Critical),
            _ => return Err(found.is_not("trace, debug, info, warning, error, critical or none")),
        })
    }

    /// The Python file that says who may see the applications.
    ///
    /// # Errors
    /// When it is no text.
    pub fn auth_module(&self) -> Result<Option<PathBuf>, ConfigurationError> {
        Ok(self.text(&keys::AUTH_MODULE)?.map(PathBuf::from))
    }

    /// Whether Bokeh's developers are at work, which only a variable can say.
    pub(crate) fn is_dev(&self) -> Result<bool, ConfigurationError> {
        Ok(self.yes_or_no(&keys::DEV)?.unwrap_or(false))
    }

    pub(crate) fn allowed_ws_origin(&self) -> Result<Vec<String>, ConfigurationError> {
        let Some(found) = self.find(&keys::ALLOWED_WS_ORIGIN) else { return Ok(Vec::new()) };
        match &found.value {
            Scalar::Text(hosts) => Ok(hosts.split(',').filter(|host| !host.is_empty()).map(str::to_owned).collect()),
            Scalar::List(hosts) => Ok(hosts.clone()),
            Scalar::Null => Ok(Vec::new()),
            _ => Err(found.is_not("a list of hosts, such as example.com:443,*.example.com")),
        }
    }

    /// The browser that pages are to be shown in. None if that was not said.
    ///
    /// # Errors
    /// When it is no text.
    pub fn browser(&self) -> Result<Option<String>, ConfigurationError> {
        let browser = self.text(&keys::BROWSER)?;
        Ok(if browser.is_none() && self.is_dev()? { Some("none".to_owned()) } else { browser })
    }

    pub(crate) fn cdn_version(&self) -> Result<Option<String>, ConfigurationError> {
        self.text(&keys::CDN_VERSION)
    }

    /// The key with which cookies are signed.
    ///
    /// # Errors
    /// When it is no text.
    pub fn cookie_secret(&self) -> Result<Option<String>, ConfigurationError> {
        self.text(&keys::COOKIE_SECRET)
    }

    pub(crate) fn default_server_port(&self) -> Result<Option<u16>, ConfigurationError> {
        let Some(found) = self.find(&keys::DEFAULT_SERVER_PORT) else { return Ok(None) };
        let port = found.lower_case().and_then(|text| text.trim().parse().ok());
        port.map(Some).ok_or_else(|| found.is_not("a number from 0 to 65535"))
    }

    pub(crate) fn icon(&self) -> Result<Option<Icon>, ConfigurationError> {
        let Some(found) = self.find(&keys::ICO_PATH) else { return Ok(None) };
        match (&found.value, found.lower_case().as_deref()) {
            (_, Some("none")) => Ok(Some(Icon::None)),
            (_, Some("default" | "default-dev")) => Ok(Some(Icon::Default)),
            (Scalar::Text(path), _) if path.ends_with(".ico") => Ok(Some(Icon::File(path.into()))),
            _ => Err(found.is_not("the name of a file that ends in .ico, default or none")),
        }
    }

    pub(crate) fn js_log_level(&self) -> Result<Option<JsLogLevel>, ConfigurationError> {
        let Some(found) = self.find(&keys::LOG_LEVEL) else { return Ok(self.is_dev()?.then_some(JsLogLevel::Debug)) };
        let text = found.lower_case();
        let level = JsLogLevel::ALL.into_iter().find(|level| text.as_deref() == Some(level.name()));
        level.map(Some).ok_or_else(|| found.is_not("trace, debug, info, warn, error or fatal"))
    }

    pub(crate) fn minified(&self) -> Result<Option<bool>, ConfigurationError> {
        let minified = self.yes_or_no(&keys::MINIFIED)?;
        Ok(if minified.is_none() && self.is_dev()? { Some(false) } else { minified })
    }

    /// Where pages get their scripts from, and whether these are for developers.
    pub(crate) fn page_scripts(&self) -> Result<Option<(PageScripts, bool)>, ConfigurationError> {
        let Some(found) = self.find(&keys::RESOURCES) else { return Ok(None) };
        let text = found.lower_case().unwrap_or_default();
        let (mode, is_dev) = text.strip_suffix("-dev").map_or((text.as_str(), false), |mode| (mode, true));
        match mode {
            "server" => Ok(Some((PageScripts::Server, is_dev))),
            "cdn" => Ok(Some((PageScripts::Cdn, is_dev))),
            "inline" => Ok(Some((PageScripts::Inline, is_dev))),
            // Browsers do not load files into pages of servers.
            "relative" | "absolute" => Err(found.is_not("server, cdn or inline; files are for pages without a server")),
            _ => Err(found.is_not("server, cdn or inline")),
        }
    }

    /// Whether and how sessions are signed. None if nothing asks for it.
    pub(crate) fn signing(&self) -> Result<Option<Signing>, ConfigurationError> {
        let is_wanted = self.find(&keys::SIGN_SESSIONS).is_some_and(|found| match found.value {
            // Any text of a variable means yes, also "no": Bokeh reads it like that.
            Scalar::Text(text) => !text.is_empty(),
            Scalar::Bool(is_wanted) => is_wanted,
            Scalar::Null | Scalar::List(_) | Scalar::Other => false,
        });
        if !is_wanted {
            return Ok(None);
        }
        let secret = self.text(&keys::SECRET_KEY)?.ok_or(ConfigurationError::NoSecret)?;
        Ok(Some(Signing::Signed(Secret::new(secret))))
    }

    pub(crate) fn tls(&self) -> Result<Option<TlsFiles>, ConfigurationError> {
        let key = self.text(&keys::SSL_KEYFILE)?;
        let Some(certificates) = self.text(&keys::SSL_CERTFILE)? else {
            return if key.is_some() { Err(ConfigurationError::NoCertificate) } else { Ok(None) };
        };
        let files = key.into_iter().fold(TlsFiles::new(certificates), TlsFiles::key);
        Ok(Some(self.text(&keys::SSL_PASSWORD)?.into_iter().fold(files, TlsFiles::password)))
    }

    pub(crate) fn validation(&self) -> Result<Option<Validation>, ConfigurationError> {
        if self.yes_or_no(&keys::VALIDATE_DOC)? == Some(false) {
            return Ok(Some(Validation::Off));
        }
        let Some(found) = self.find(&keys::VALIDATION_LEVEL) else { return Ok(None) };
        match found.lower_case().as_deref() {
            Some("none") => Ok(Some(Validation::Log)),
            Some("errors") => Ok(Some(Validation::Errors)),
            Some("all") => Ok(Some(Validation::All)),
            _ => Err(found.is_not("none, errors or all")),
        }
    }

    /// Whether Tornado protects the forms of an auth module in Python. Those of Rust always are.
    ///
    /// # Errors
    /// When it is neither yes nor no.
    pub fn xsrf_cookies(&self) -> Result<bool, ConfigurationError> {
        Ok(self.yes_or_no(&keys::XSRF_COOKIES)?.unwrap_or(false))
    }

    fn text(&self, key: &Key) -> Result<Option<String>, ConfigurationError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        match found.value {
            Scalar::Text(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Scalar::Null => Ok(None),
            // What is secret must not stand in a message.
            _ => Err(ConfigurationError::Value { place: found.place, found: "no text".to_owned(), expected: "a text" }),
        }
    }

    fn yes_or_no(&self, key: &Key) -> Result<Option<bool>, ConfigurationError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        match (&found.value, found.lower_case().as_deref()) {
            (Scalar::Bool(value), _) => Ok(Some(*value)),
            (_, Some("yes" | "1" | "on" | "true")) => Ok(Some(true)),
            (_, Some("no" | "0" | "off" | "false")) => Ok(Some(false)),
            _ => Err(found.is_not("yes or no")),
        }
    }
}

impl Found {
    fn lower_case(&self) -> Option<String> {
        match &self.value {
            Scalar::Text(text) => Some(text.to_lowercase()),
            Scalar::Null => Some("none".to_owned()),
            _ => None,
        }
    }

    fn is_not(&self, expected: &'static str) -> ConfigurationError {
        let found = match &self.value {
            Scalar::Text(text) => format!("{text:?}"),
            Scalar::Bool(true) => "yes".to_owned(),
            Scalar::Bool(false) => "no".to_owned(),
            Scalar::Null => "empty".to_owned(),
            Scalar::List(_) => "a list".to_owned(),
            Scalar::Other => "no single value".to_owned(),
        };
        ConfigurationError::Value { place: self.place.clone(), found, expected }
    }
}
