//! The application under soak.

use std::sync::Arc;
use std::time::Duration;

use bokeh_document::{Document, PropertyChange, SetError};
use bokeh_protocol::{Object, Text, Value};

use crate::dice::Dice;
use crate::edit::{columns, edit};

/// The message that tells the application to leave its document alone from now on.
pub(crate) const STOP: &str = "stop";

/// Fills a document with all kinds of parts, with callbacks that answer, and with one that edits by itself until it is
/// told to [`STOP`]. The document holds on to `held`.
pub(crate) fn fill(doc: &mut Document, session_id: &str, held: Arc<()>) {
    show_missing(doc);
    let seed = session_id.bytes().fold(0, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
    let mut dice = Dice::new(seed, 0);
    let ticking = doc.add_periodic_callback(PERIOD, move |doc: &mut Document| {
        let _held = &held;
        show_missing(doc);
        edit(doc, &mut dice);
    });
    doc.on_message(STOP, move |doc, _| {
        // Whoever says so later finds nothing to do.
        doc.remove_callback(ticking).ok();
    });
}

/// Makes the parts that are not there: clients may have removed them.
fn show_missing(doc: &mut Document) {
    if doc.model_by_name("div").is_none() {
        doc.add_root(object("Div", [("name", "div".into()), ("text", "idle".into())]));
    }
    if doc.model_by_name("source").is_none() {
        doc.add_root(object("ColumnDataSource", [("name", "source".into()), ("data", columns(&[1.0, 2.0]).into())]));
    }
    if doc.model_by_name("row").is_none() {
        let row = doc.add_root(object("Row", [("name", "row".into())]));
        doc.on_change(row, "children", |doc, change| {
            doc.set_title(format!("{} children", change.new.as_list().map_or(0, <[Value]>::len)));
        })
        .unwrap();
    }
    if doc.model_by_name("slider").is_none() {
        let range = [("start", 0.into()), ("end", 1000.into()), ("value", 1.into()), ("name", "slider".into())];
        let slider = doc.add_root(object("Slider", range));
        doc.on_change(slider, "value", answer).unwrap();
    }
}

/// Says what the slider's value is, and has no values that can be divided by seven.
fn answer(doc: &mut Document, change: &PropertyChange) -> Result<(), SetError> {
    let new = change.new.as_i64().unwrap_or_default();
    if let Some(div) = doc.model_by_name("div") {
        doc.set_value(div, "text", format!("the slider is at {new}").into())?;
    }
    if new % 7 == 0 { doc.set_value(change.model, "value", (new + 1).into()) } else { Ok(()) }
}

pub(crate) fn object<const N: usize>(class: &'static str, attributes: [(&'static str, Value); N]) -> Object {
    let attributes = attributes.map(|(name, value)| (Text::from_static(name), value));
    Object { name: class.into(), id: None, attributes: attributes.into() }
}

const PERIOD: Duration = Duration::from_millis(50);
