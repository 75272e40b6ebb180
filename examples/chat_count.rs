//! A counter that all users share: whoever sends a message, everybody sees the number.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use bokeh::prelude::*;

/// How many messages all users have sent together.
static MESSAGES: AtomicU64 = AtomicU64::new(0);

/// Builds the document of one session.
pub(crate) fn app(doc: &mut Document, session: &SessionContext) {
    let message = doc.add(TextInput::new().title("message").placeholder("say something").name("message"));
    let send = doc.add(Button::new().label("Send").button_type(enums::ButtonType::Success).name("send"));
    let count = Div::new().text(text(MESSAGES.load(Ordering::Relaxed))).name("count");
    doc.add_root(column((message, send, count)));
    doc.set_title("Chat count");

    let server = session.server().clone();
    send.on_click(doc, move |doc| {
        message.set_value(doc, "");
        let total = MESSAGES.fetch_add(1, Ordering::Relaxed) + 1;
        for session in server.sessions() {
            let Some(document) = session.document() else { continue };
            // A session that ends at this very moment has nobody left to tell.
            document.post(move |doc| show(doc, total)).ok();
        }
    });
}

/// Shows the number in one session.
fn show(doc: &mut Document, total: u64) {
    if let Some(count) = Div::named(doc, "count") {
        count.set_text(doc, text(total));
    }
}

fn text(total: u64) -> String {
    format!("<b>{total}</b> messages so far")
}

fn main() -> ExitCode {
    bokeh::cli::run([("/chat_count", app)])
}
