//! Pages of applications that are being written.

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::entry::unix_now;
use crate::failure_page::escape;

/// Tells pages when to load again, and what keeps their application from starting.
#[derive(Debug)]
pub(crate) struct Dev {
    /// Differs from that of a server that ran before, so that pages also notice when there is another one.
    generation: watch::Sender<u64>,
    trouble: Mutex<Option<String>>,
    stop: CancellationToken,
}

impl Dev {
    pub(crate) fn new(stop: CancellationToken) -> Arc<Self> {
        let generation = u64::try_from(unix_now().as_millis()).unwrap_or_default();
        Arc::new(Self { generation: watch::Sender::new(generation), trouble: Mutex::default(), stop })
    }

    /// Lets all pages load again. With trouble, that is what they show until the next time.
    pub(crate) fn reload(&self, trouble: Option<String>) {
        *self.trouble.lock() = trouble;
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// A page that shows what is the matter, if anything is.
    pub(crate) fn trouble(&self) -> Option<String> {
        let trouble = self.trouble.lock().clone()?;
        Some(format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Error</title></head>\
             <body style=\"font-family: sans-serif; margin: 2em\"><h1>The application does not start</h1>\
             <pre style=\"white-space: pre-wrap\">{}</pre><p>This page loads again when a file changes.</p></body></html>\n",
            escape(&trouble)
        ))
    }
}

/// A page that loads again when it is told to, and then has the values that its widgets had.
pub(crate) fn with_reloading(html: String, prefix: &str) -> String {
    let path = serde_json::Value::from(format!("{prefix}{PATH}")).to_string().replace('<', "\\u003c");
    let script = format!("<script>\n{}({path});\n</script>\n", include_str!("dev/reload.js").trim_end());
    match html.rfind("</body>") {
        Some(end) => format!("{}{script}{}", &html[..end], &html[end..]),
        None => html + &script,
    }
}

/// Where pages listen.
pub(crate) const PATH: &str = "/static/dev/generation";

/// Answers with the generation, and with each that follows.
pub(crate) async fn generations(State(dev): State<Arc<Dev>>) -> Response {
    let mut generation = dev.generation.subscribe();
    generation.mark_changed();
    let generations = stream::unfold(generation, |mut generation| async move {
        generation.changed().await.ok()?;
        let event = Event::default().data(generation.borrow_and_update().to_string());
        Some((Ok::<_, Infallible>(event), generation))
    });
    Sse::new(generations.take_until(dev.stop.clone().cancelled_owned())).into_response()
}
