//! Settings that variables and files change.

use bokeh_protocol::Secret;

use super::Settings;
use crate::configuration::{Configuration, ConfigurationError};

impl Settings {
    /// The defaults, changed by what variables of the environment and files say.
    ///
    /// ```
    /// use bokeh_server::{Configuration, Settings};
    ///
    /// let configuration = Configuration::default().with_environment([("BOKEH_MINIFIED", "no")]);
    /// let settings = Settings { prefix: "/apps".to_owned(), ..Settings::from_configuration(&configuration)? };
    /// assert!(!settings.minified);
    /// # Ok::<(), bokeh_server::ConfigurationError>(())
    /// ```
    ///
    /// # Errors
    /// When a value is none of those that can be, or sessions are to be signed and there is no secret.
    pub fn from_configuration(configuration: &Configuration) -> Result<Self, ConfigurationError> {
        let default = Self::default();
        let is_dev = configuration.is_dev()?;
        let scripts = configuration.page_scripts()?;
        let (page_scripts, is_for_developers) = scripts.unwrap_or((default.page_scripts, false));
        let js_dev = is_dev || is_for_developers;
        // Scripts for developers can be read, whatever the configuration says.
        let minified = configuration.minified()?.unwrap_or(default.minified) && !js_dev;
        Ok(Self {
            port: configuration.default_server_port()?.unwrap_or(default.port),
            tls: configuration.tls()?,
            allowed_ws_origin: configuration.allowed_ws_origin()?,
            signing: configuration.signing()?,
            cookie_secret: configuration.cookie_secret()?.map(Secret::new),
            validation: configuration.validation()?.unwrap_or(default.validation),
            icon: configuration.icon()?.unwrap_or_default(),
            browser: configuration.browser()?,
            page_scripts,
            minified,
            cdn_version: configuration.cdn_version()?,
            js_log_level: configuration.js_log_level()?.unwrap_or_default(),
            js_dev,
            ..default
        })
    }
}
