//! The few elements that are written here and not by a template.

use crate::render_item::Root;
use crate::resources::ScriptLink;

/// The element that loads a script. Written here because minijinja also escapes slashes, which nobody expects in a link.
pub(crate) fn script(link: &ScriptLink) -> String {
    let url = escape(&link.url);
    match &link.integrity {
        None => format!(r#"<script src="{url}"></script>"#),
        Some(hash) => {
            let hash = escape(hash);
            format!(r#"<script src="{url}" integrity="{hash}" crossorigin="anonymous"></script>"#)
        }
    }
}

/// The element that a root is drawn in.
pub(crate) fn element(root: &Root) -> String {
    element_of(root.element_id().as_str(), root.model_id())
}

/// The element with this id for the model with that one, which may be empty.
pub(super) fn element_of(element_id: &str, model_id: &str) -> String {
    let element_id = escape(element_id);
    let root = if model_id.is_empty() { String::new() } else { format!(r#" data-root-id="{}""#, escape(model_id)) };
    format!(r#"<div id="{element_id}"{root} style="display: contents;"></div>"#)
}

/// Text in HTML, also in an attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
