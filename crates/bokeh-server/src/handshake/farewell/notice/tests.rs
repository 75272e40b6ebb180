use bokeh_document::{Document, Origin};

use super::*;

#[test]
fn the_patches_fit_the_documents_of_applications() {
    let mut document = Document::new();
    for (patch, reconnects) in patches(None).iter().zip([true, false]) {
        document.apply_patch(&content(patch), &[], Origin::Local).unwrap();
        let config = document.config().unwrap();
        assert_eq!(document.value(config, "reconnect_session").unwrap(), reconnects.into());
    }
    assert_eq!(document.model_by_name("session-ended"), document.roots().first().copied());
}

#[test]
fn the_document_stops_bokehjs_too() {
    let mut document = Document::new();
    let reply = super::document("r1".to_owned());
    document.replace_with(&content(&reply)["doc"], &[], Origin::Local).unwrap();
    assert_eq!(document.title(), TITLE);
    assert_eq!(document.value(document.config().unwrap(), "reconnect_session").unwrap(), false.into());
    assert_eq!(document.roots().len(), 1);
}

fn content(message: &Message) -> Value {
    serde_json::from_slice(message.content()).unwrap()
}
