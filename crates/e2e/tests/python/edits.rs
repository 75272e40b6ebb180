//! Everything that a program can do on the server, seen by Python's client.

use anyhow::Result;
use bokeh_document::Document;
use bokeh_protocol::Value;
use bokeh_server::{BokehJs, Server, Settings};
use e2e::Python;
use serde_json::{Value as Json, json};

use crate::table;

#[tokio::test]
async fn what_the_server_does_is_seen_by_all_clients() -> Result<()> {
    let address = Some("127.0.0.1".to_owned());
    let settings = Settings { address, port: 0, bokehjs: BokehJs::Cdn, ..Settings::default() };
    let server = Server::builder().settings(settings).app("/app", app).start().await?;
    let edits: Vec<Json> = table::edits().map(|edit| json!([edit.name, edit.in_python])).collect();
    let script = format!("{}\n\n{}", include_str!("scripts/common.py"), include_str!("scripts/edits.py"));
    let seen = Python::find()?.run(&script, &[&server.url("/app"), &json!(edits).to_string()]).await?;
    assert_eq!(seen, json!({ "edits": edits.len() }));
    Ok(())
}

/// The document of the edits, and a callback that makes one when it is asked.
fn app(doc: &mut Document) {
    table::app(doc);
    doc.on_message("edit", |doc: &mut Document, name: &Value| {
        let edit = table::edits().find(|edit| name.as_str() == Some(edit.name)).expect("an edit of the table");
        (edit.run)(doc);
        doc.send_message("done", name.clone());
    });
}
