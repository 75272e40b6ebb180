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
    let edits: Vec<Json> = table::edits().map(|edit| json!([edit.name, edit.in_python])).collect();
    let seen = run(app, include_str!("scripts/edits.py"), &[&json!(edits).to_string()]).await?;
    assert_eq!(seen, json!({ "edits": edits.len() }));
    Ok(())
}

#[tokio::test]
async fn events_of_every_kind_arrive_with_what_python_tells_of_them() -> Result<()> {
    let seen = run(table::app_that_keeps_events, include_str!("scripts/events.py"), &[]).await?;
    let events = bokeh_schema::events().iter().filter(|event| event.is_model_event);
    let names = events
        .map(|event| event.name)
        .filter(|name| !["clear_input", "legend_item_click", "value_submit"].contains(name));
    let names: Vec<&str> = names.collect();
    assert_eq!(seen, json!({ "seen": names }));
    Ok(())
}

/// Serves an application, runs a script with the server's address and further arguments, and takes what it answers.
async fn run(app: fn(&mut Document), script: &str, args: &[&str]) -> Result<Json> {
    let address = Some("127.0.0.1".to_owned());
    let settings = Settings { address, port: 0, bokehjs: BokehJs::Cdn, ..Settings::default() };
    let server = Server::builder().settings(settings).app("/app", app).start().await?;
    let script = format!("{}\n\n{script}", include_str!("scripts/common.py"));
    Python::find()?.run(&script, &[&[&*server.url("/app")], args].concat()).await
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
