//! The notice itself, made of models that each page has: they are in the first of BokehJS's scripts.

#[cfg(test)]
mod tests;

use bokeh_embed::BOKEHJS_VERSION;
use bokeh_protocol::{EncodedEvent, Message};
use serde_json::{Value, json};

/// Puts the notice over what a page shows, and stops BokehJS from coming back: it does so until its fifth attempt fails.
///
/// These are two patches, since a page that does not know the configuration by this id ignores all of a patch.
pub(super) fn patches(config_id: Option<&str>) -> [Message; 2] {
    let root = event(&json!({ "kind": "RootAdded", "model": bar() }));
    let config = json!({ "id": config_id.unwrap_or(USUAL_CONFIG_ID) });
    let changed = json!({ "kind": "ModelChanged", "model": config, "attr": "reconnect_session", "new": false });
    [Message::patch_doc("e1", [&root]), Message::patch_doc("e2", [&event(&changed)])]
}

/// A document that is the notice and nothing else.
pub(super) fn document(request: String) -> Message {
    let config = json!({
        "type": "object",
        "name": "DocumentConfig",
        "id": "session-ended-config",
        "attributes": { "reconnect_session": false },
    });
    let doc = json!({ "version": BOKEHJS_VERSION, "title": TITLE, "config": config, "roots": [bar()] });
    Message::pull_doc_reply("e1", request, json!({ "doc": doc }).to_string(), Vec::new())
}

/// A bar at the top of the window, high enough to cover what BokehJS itself says there. The link leads to the page's own
/// address, and needs no script.
fn bar() -> Value {
    let html = json!({
        "type": "object",
        "name": "bokeh.models.dom.HTML",
        "id": "session-ended-text",
        "attributes": { "html": format!("<span role=\"alert\"><strong>{TITLE}.</strong> {TEXT}</span>") },
    });
    let styles = [
        ("position", "fixed"),
        ("top", "0"),
        ("left", "0"),
        ("right", "0"),
        ("z-index", "2147483647"),
        ("box-sizing", "border-box"),
        ("min-height", "64px"),
        ("padding", "20px"),
        ("text-align", "center"),
        ("font", "16px/1.4 system-ui, sans-serif"),
        ("color", "#3b2900"),
        ("background-color", "#ffe08a"),
        ("border-bottom", "1px solid #b8860b"),
    ];
    // The page moves down: what it shows stays in sight.
    let sheet = json!({
        "type": "object",
        "name": "GlobalInlineStyleSheet",
        "id": "session-ended-sheet",
        "attributes": { "css": "body { padding-top: 64px !important; }" },
    });
    let styles: Vec<Value> = styles.iter().map(|(name, value)| json!([name, value])).collect();
    json!({
        "type": "object",
        "name": "Pane",
        "id": "session-ended",
        "attributes": {
            "name": "session-ended",
            "elements": [html],
            "stylesheets": [sheet],
            "styles": { "type": "map", "entries": styles },
        },
    })
}

fn event(event: &Value) -> EncodedEvent {
    EncodedEvent::new(event.to_string(), [])
}

const TITLE: &str = "This session has ended";
const TEXT: &str = "The page gets no news any more, and what you change in it is lost. \
     <a href=\"\" style=\"color: inherit; font-weight: bold\">Reload the page</a> to begin a new session.";
/// Of documents that the application has made, and nobody has replaced.
const USUAL_CONFIG_ID: &str = "m1001";
