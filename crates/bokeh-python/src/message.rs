//! The bodies of messages to workers.

use bokeh_application::HttpRequest;
use bokeh_protocol::Buffer;
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::apps::AppSource;
use crate::export::Export;
use crate::settings::{Isolation, ProcessLimits, Settings};

/// A message that says nothing beside its kind.
#[derive(Serialize)]
pub(crate) struct Nothing {}

#[derive(Serialize)]
pub(crate) struct Configure<'a> {
    log_level: &'a str,
    prefix: &'a str,
    auth_module: Option<&'a std::path::Path>,
    cookie_secret: Option<&'a str>,
    xsrf_cookies: bool,
    config: Option<&'a std::path::Path>,
    /// It makes no sessions, but forks processes that do.
    template: bool,
}

impl<'a> Configure<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self {
            log_level: &settings.log_level,
            prefix: &settings.prefix,
            auth_module: settings.auth_module.as_deref(),
            cookie_secret: settings.cookie_secret.as_deref(),
            xsrf_cookies: settings.xsrf_cookies,
            config: settings.config.as_deref(),
            template: settings.isolation != Isolation::Worker,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Load<'a> {
    pub(crate) apps: &'a [AppSource],
}

#[derive(Serialize)]
pub(crate) struct Open<'a> {
    pub(crate) s: u64,
    pub(crate) route: &'a str,
    pub(crate) session_id: &'a str,
    pub(crate) token: &'a str,
    pub(crate) payload: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logout_url: Option<&'a str>,
    pub(crate) request: RequestHead<'a>,
}

/// Names a session, and says nothing more.
#[derive(Serialize)]
pub(crate) struct OfSession {
    pub(crate) s: u64,
}

/// Names a process that the worker has forked.
#[derive(Serialize)]
pub(crate) struct OfProcess {
    pub(crate) pid: u32,
}

#[derive(Serialize)]
pub(crate) struct Fork {
    pub(crate) limits: ForkLimits,
}

#[derive(Serialize)]
pub(crate) struct ForkLimits {
    memory_bytes: Option<u64>,
    cpu_secs: Option<u64>,
}

impl From<&ProcessLimits> for ForkLimits {
    fn from(limits: &ProcessLimits) -> Self {
        // The system counts in whole seconds, and takes none for at once.
        let cpu_secs = limits.max_cpu.map(|max| max.as_secs().max(1));
        Self { memory_bytes: limits.max_bytes, cpu_secs }
    }
}

/// A peer comes or goes.
#[derive(Serialize)]
pub(crate) struct OfPeer {
    pub(crate) s: u64,
    pub(crate) peer: u64,
}

#[derive(Serialize)]
pub(crate) struct Submit<'a> {
    pub(crate) s: u64,
    pub(crate) peer: u64,
    pub(crate) content: &'a Value,
}

#[derive(Serialize)]
pub(crate) struct Edit<'a> {
    pub(crate) s: u64,
    pub(crate) content: &'a RawValue,
}

#[derive(Serialize)]
pub(crate) struct ProcessRequest<'a> {
    pub(crate) route: &'a str,
    pub(crate) request: RequestHead<'a>,
    pub(crate) payload: Map<String, Value>,
}

#[derive(Serialize)]
pub(crate) struct Page<'a> {
    pub(crate) s: u64,
    pub(crate) token: &'a str,
    pub(crate) prefix: &'a str,
    pub(crate) bundles: Option<&'a [String]>,
    pub(crate) later_script: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct Autoload<'a> {
    pub(crate) s: u64,
    pub(crate) token: &'a str,
    pub(crate) prefix: &'a str,
    pub(crate) element_id: &'a str,
    pub(crate) app_path: &'a str,
    pub(crate) absolute_url: Option<&'a str>,
    pub(crate) with_resources: bool,
}

#[derive(Serialize)]
pub(crate) struct ExportOf<'a> {
    pub(crate) route: &'a str,
    #[serde(flatten)]
    pub(crate) format: Export,
}

#[derive(Serialize)]
pub(crate) struct Http<'a> {
    /// The question is only whether whoever asks may come in.
    pub(crate) gate: bool,
    pub(crate) request: RequestHead<'a>,
}

/// A request without its body, which travels as a [buffer](body).
pub(crate) struct RequestHead<'a>(pub(crate) &'a HttpRequest);

impl Serialize for RequestHead<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let HttpRequest { method, uri, version, headers, remote_ip, protocol, .. } = self.0;
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("method", method)?;
        map.serialize_entry("uri", uri)?;
        map.serialize_entry("version", version)?;
        map.serialize_entry("headers", headers)?;
        map.serialize_entry("remote_ip", remote_ip)?;
        map.serialize_entry("protocol", protocol)?;
        map.end()
    }
}

/// The body of a request, if it has one.
pub(crate) fn body(request: &HttpRequest) -> Vec<Buffer> {
    let body = (!request.body.is_empty()).then(|| Buffer::new(BODY, request.body.clone()));
    body.into_iter().collect()
}

/// The name of the buffer that is the body of a request or of an answer.
pub(crate) const BODY: &str = "body";
