//! What can be said.

/// A setting: its name in files, and the variable of the environment.
#[derive(Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
}

const fn key(name: &'static str, variable: &'static str) -> Key {
    Key { name, variable }
}

pub(super) const ALLOWED_WS_ORIGIN: Key = key("allowed_ws_origin", "BOKEH_ALLOW_WS_ORIGIN");
pub(super) const AUTH_MODULE: Key = key("auth_module", "BOKEH_AUTH_MODULE");
pub(super) const BROWSER: Key = key("browser", "BOKEH_BROWSER");
/// In files it is only called `version`.
pub(super) const CDN_VERSION: Key = key("version", "BOKEH_CDN_VERSION");
pub(super) const COOKIE_SECRET: Key = key("cookie_secret", "BOKEH_COOKIE_SECRET");
pub(super) const DEFAULT_SERVER_PORT: Key = key("default_server_port", "BOKEH_DEFAULT_SERVER_PORT");
pub(super) const ICO_PATH: Key = key("ico_path", "BOKEH_ICO_PATH");
pub(super) const LOG_LEVEL: Key = key("log_level", "BOKEH_LOG_LEVEL");
pub(super) const MINIFIED: Key = key("minified", "BOKEH_MINIFIED");
pub(super) const PY_LOG_LEVEL: Key = key("py_log_level", "BOKEH_PY_LOG_LEVEL");
pub(super) const RESOURCES: Key = key("resources", "BOKEH_RESOURCES");
pub(super) const SECRET_KEY: Key = key("secret_key", "BOKEH_SECRET_KEY");
pub(super) const SIGN_SESSIONS: Key = key("sign_sessions", "BOKEH_SIGN_SESSIONS");
pub(super) const SSL_CERTFILE: Key = key("ssl_certfile", "BOKEH_SSL_CERTFILE");
pub(super) const SSL_KEYFILE: Key = key("ssl_keyfile", "BOKEH_SSL_KEYFILE");
pub(super) const SSL_PASSWORD: Key = key("ssl_password", "BOKEH_SSL_PASSWORD");
pub(super) const VALIDATE_DOC: Key = key("validate_doc", "BOKEH_VALIDATE_DOC");
pub(super) const VALIDATION_LEVEL: Key = key("validation_level", "BOKEH_VALIDATION_LEVEL");
pub(super) const XSRF_COOKIES: Key = key("xsrf_cookies", "BOKEH_XSRF_COOKIES");
/// The only one that no file has.
pub(super) const DEV: Key = key("", "BOKEH_DEV");

/// All that files can say.
pub(super) const KEYS: [Key; 31] = [
    ALLOWED_WS_ORIGIN,
    AUTH_MODULE,
    BROWSER,
    CDN_VERSION,
    COOKIE_SECRET,
    DEFAULT_SERVER_PORT,
    ICO_PATH,
    LOG_LEVEL,
    MINIFIED,
    PY_LOG_LEVEL,
    RESOURCES,
    SECRET_KEY,
    SIGN_SESSIONS,
    SSL_CERTFILE,
    SSL_KEYFILE,
    SSL_PASSWORD,
    VALIDATE_DOC,
    VALIDATION_LEVEL,
    XSRF_COOKIES,
    // These are for programs in Python, which read them by themselves.
    key("chromedriver_path", "BOKEH_CHROMEDRIVER_PATH"),
    key("compression_level", "BOKEH_COMPRESSION_LEVEL"),
    key("default_server_host", "BOKEH_DEFAULT_SERVER_HOST"),
    key("docs_cdn", "BOKEH_DOCS_CDN"),
    key("docs_version", "BOKEH_DOCS_VERSION"),
    key("ignore_filename", "BOKEH_IGNORE_FILENAME"),
    key("nodejs_path", "BOKEH_NODEJS_PATH"),
    key("perform_error_diagnostics", "BOKEH_PERFORM_ERROR_DIAGNOSTICS"),
    key("pretty", "BOKEH_PRETTY"),
    key("rootdir", "BOKEH_ROOTDIR"),
    key("serialize_include_defaults", "BOKEH_SERIALIZE_INCLUDE_DEFAULTS"),
    key("simple_ids", "BOKEH_SIMPLE_IDS"),
];
