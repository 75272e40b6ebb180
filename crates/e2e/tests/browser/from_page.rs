//! Everything that a page can do through BokehJS, seen by the server and by another page.

mod edits;
mod events;
mod forms;

use anyhow::{Context, Result, ensure};
use bokeh_document::Document;
use bokeh_protocol::Value;
use e2e::{Browser, Page};
use serde_json::json;

use self::edits::EDITS;
use self::events::{EVENTS, POINT};
use self::forms::forms;
use crate::edits::{app_that_keeps_events, set};
use crate::replica;
use crate::served::Served;

#[tokio::test]
async fn what_a_page_does_is_seen_by_the_server_and_by_other_pages() -> Result<()> {
    let (served, one, other) = two_pages().await?;
    for (name, script, seen) in EDITS {
        one.eval(&format!("{HELPERS} {script}"), json!(null)).await.context(*name)?;
        served.settle(&[&one, &other]).await?;
        let seen = served.update(|doc| seen(doc)).await.context(*name)?;
        ensure!(seen, "{name}: the server has not seen it");
        served.assert_same(name, &[&one, &other]).await?;
    }
    one.screenshot("from_page").await?;
    one.assert_quiet().await
}

/// The events of all kinds that BokehJS sends about models, with their values as they arrive.
#[tokio::test]
async fn events_of_every_kind_arrive_with_their_values() -> Result<()> {
    let (served, one, other) = two_pages().await?;
    for (name, event, values) in EVENTS {
        one.eval(&format!("{POINT} model('plot').trigger_event({event})"), json!(null)).await.context(*name)?;
        served.settle(&[&one, &other]).await?;
        // The callback keeps the event's name and values in the tags, which come back to the page.
        let kept = flat(&one, "model('keep').tags").await?;
        let expected = flat(&one, &format!("['{name}', {{...{values}, model: model('plot')}}]")).await?;
        assert_eq!(kept, expected, "{name}");
        served.assert_same(name, &[&one, &other]).await?;
    }
    // One goes the other way.
    let missing = bokeh_schema::events().iter().filter(|event| event.is_model_event && event.name != "clear_input");
    let missing: Vec<&str> =
        missing.map(|event| event.name).filter(|name| EVENTS.iter().all(|(tested, ..)| tested != name)).collect();
    assert!(missing.is_empty(), "events without a test: {missing:?}");
    one.assert_quiet().await
}

/// What BokehJS never writes itself but may be written on the wire: foreign byte orders, bytes inside the text.
#[tokio::test]
async fn every_form_of_arrays_and_bytes_is_read() -> Result<()> {
    let (served, one, other) = two_pages().await?;
    for (name, form, expected) in forms() {
        // BokehJS takes a typed array for equal to an array of other dimensions.
        let script = "\
            const {serialize} = Bokeh.require('core/serialization/index'); \
            send('keep', [null]); \
            send('keep', [{[serialize]: () => args}])";
        one.eval(&format!("{HELPERS} {script}"), form).await.context(name.clone())?;
        served.settle(&[&one, &other]).await?;
        assert_eq!(flat(&one, "model('keep').tags[0]").await?, replica::normal(expected), "{name}");
        served.assert_same(&name, &[&one, &other]).await?;
    }
    one.assert_quiet().await
}

/// A value in the page, as it stands in a replica.
async fn flat(page: &Page, value: &str) -> Result<serde_json::Value> {
    Ok(replica::normal(page.eval(&format!("{POINT} {} return flat({value})", replica::SCRIPT), json!(null)).await?))
}

async fn two_pages() -> Result<(Served, Page, Page)> {
    let served = Served::start(app).await?;
    let browser = Browser::start().await?;
    let (one, other) = (served.open(&browser).await?, served.open(&browser).await?);
    Ok((served, one, other))
}

/// Callbacks keep what arrives: messages of the type `keep`, and all events of the plot.
fn app(doc: &mut Document) {
    app_that_keeps_events(doc);
    doc.on_message("keep", |doc: &mut Document, value: &Value| set(doc, "keep", "tags", value.clone()));
}

/// What scripts find in scope, beside `doc` and `model`.
const HELPERS: &str = "\
    const make = (name, attributes) => new (Bokeh.Models.get(name))(attributes); \
    const ndarray = Bokeh.require('core/util/ndarray').ndarray; \
    const {Slice} = Bokeh.require('core/util/slice'); \
    const send = (type, data) => { \
        const {MessageSentEvent} = Bokeh.require('document/events'); \
        doc()._trigger_on_change(new MessageSentEvent(doc(), type, data)) \
    };";
