//! The few elements that are written here and not by a template.

use crate::render_item::Root;
use crate::resources::ScriptLink;

/// The element that loads a script. Written here because minijinja also escapes slashes, which nobody expects in a link.
pub(super) fn script(link: &ScriptLink) -> String {
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
pub(super) fn element(root: &Root) -> String {
    let element_id = escape(root.element_id().as_str());
    let model_id = escape(root.model_id());
    format!(r#"<div id="{element_id}" data-root-id="{model_id}" style="display: contents;"></div>"#)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
