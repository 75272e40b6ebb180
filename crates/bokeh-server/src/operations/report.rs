use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bokeh_embed::BOKEHJS_VERSION;

use super::Operations;
use crate::hosted::Hosted;
use crate::memory::resident_bytes;
use crate::metrics::{AppMetrics, Metric, Text};

/// Answers with everything that is counted.
pub(super) async fn report(State(operations): State<Operations>) -> Response {
    let headers = [(header::CONTENT_TYPE, Text::MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    (headers, text(&operations)).into_response()
}

fn text(Operations { common, apps }: &Operations) -> String {
    let mut text = Text::default();
    for (name, kind, help, value) in PER_APP {
        text.describe(name, kind, help);
        for app in apps {
            text.value(name, &[("app", name_of(app))], value(app));
        }
    }
    text.describe(CALLBACKS, "histogram", "How long callbacks took, in Rust without those that they called.");
    for app in apps {
        text.histogram(CALLBACKS, &[("app", name_of(app))], &metrics(app).callbacks);
    }
    text.describe(ERRORS, "counter", "What went wrong, by kind.");
    for app in apps {
        let errors = &metrics(app).errors;
        for (kind, count) in [
            ("callback", &errors.callback),
            ("message", &errors.message),
            ("session", &errors.session),
            ("handshake", &errors.handshake),
        ] {
            text.value(ERRORS, &[("app", name_of(app)), ("kind", kind)], float(count.value()));
        }
    }
    text.describe("bokeh_ready", "gauge", "Whether new sessions are made.");
    text.value("bokeh_ready", &[], f64::from(u8::from(!common.draining.is_cancelled())));
    text.describe("bokeh_info", "gauge", "Which versions run here.");
    text.value("bokeh_info", &[("version", env!("CARGO_PKG_VERSION")), ("bokehjs", BOKEHJS_VERSION)], 1.0);
    if let Some(bytes) = resident_bytes() {
        text.describe("process_resident_memory_bytes", "gauge", "The memory that the process has at hand.");
        text.value("process_resident_memory_bytes", &[], float(bytes));
    }
    others(&mut text, common.metrics.iter().flat_map(|source| source()));
    text.into_string()
}

/// What the program tells, together by name.
fn others(text: &mut Text, metrics: impl Iterator<Item = Metric>) {
    let mut by_name: BTreeMap<String, Vec<Metric>> = BTreeMap::new();
    for metric in metrics {
        by_name.entry(metric.name.clone()).or_default().push(metric);
    }
    for (name, metrics) in by_name {
        for (n, metric) in metrics.iter().enumerate() {
            if n == 0 {
                text.describe(&name, metric.kind, &metric.help);
            }
            let labels: Vec<_> = metric.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            text.value(&name, &labels, metric.value);
        }
    }
}

fn name_of(app: &Hosted) -> &str {
    &app.sessions.host().route
}

fn metrics(app: &Hosted) -> &AppMetrics {
    &app.sessions.host().metrics
}

#[expect(clippy::cast_precision_loss, reason = "the format has floating point numbers")]
fn float(n: u64) -> f64 {
    n as f64
}

type Value = fn(&Hosted) -> f64;

/// Name, kind, meaning and value of what is counted for each application.
const PER_APP: [(&str, &str, &str, Value); 12] = [
    ("bokeh_sessions", "gauge", "Sessions that live.", |app| float(app.sessions.list().len() as u64)),
    ("bokeh_sessions_made_total", "counter", "Sessions that were made.", |app| {
        float(metrics(app).sessions_made.value())
    }),
    ("bokeh_connections", "gauge", "WebSockets that are open.", |app| float(metrics(app).connections.value())),
    ("bokeh_connections_made_total", "counter", "WebSockets that were opened.", |app| {
        float(metrics(app).connections_made.value())
    }),
    ("bokeh_messages_received_total", "counter", "Bokeh messages from peers.", |app| {
        float(metrics(app).messages_received.value())
    }),
    ("bokeh_messages_sent_total", "counter", "Bokeh messages to peers.", |app| {
        float(metrics(app).messages_sent.value())
    }),
    ("bokeh_received_bytes_total", "counter", "Bytes of messages from peers.", |app| {
        float(metrics(app).bytes_received.value())
    }),
    ("bokeh_sent_bytes_total", "counter", "Bytes of messages to peers.", |app| float(metrics(app).bytes_sent.value())),
    ("bokeh_outbox_bytes", "gauge", "What waits for peers that do not read.", |app| {
        float(metrics(app).outbox_bytes.value())
    }),
    ("bokeh_waiting_commands", "gauge", "What waits for sessions: messages of peers and jobs.", |app| {
        float(app.sessions.list().iter().map(|session| session.handle.n_waiting() as u64).sum())
    }),
    (
        "bokeh_dirty_places",
        "gauge",
        "Properties and roots that peers may have wrong until they are told again.",
        |app| float(metrics(app).dirty_places.value()),
    ),
    ("bokeh_repairs_total", "counter", "How often a peer that fell behind had to be told the state instead.", |app| {
        float(metrics(app).repairs.value())
    }),
];
const CALLBACKS: &str = "bokeh_callback_seconds";
const ERRORS: &str = "bokeh_errors_total";
