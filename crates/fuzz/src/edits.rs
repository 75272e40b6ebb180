//! Patches that make sense for the most part.

use arbitrary::{Arbitrary, Unstructured};
use bokeh_document::HoldPolicy;
use bokeh_protocol::{Decoder, NoModels, Value};

use crate::documents;
use crate::replicas::{N_AUTHORS, Replicas};
use crate::writer::Writer;

/// The same as [`patch`](crate::patch), with patches that are put together of the models and columns that are there, and with
/// edits of the application in between.
pub fn edits(data: &[u8]) {
    let mut choices = Unstructured::new(data);
    let Ok(choice) = u8::arbitrary(&mut choices) else { return };
    let mut replicas = Replicas::new(documents::load(choice));
    for _ in 0..MAX_STEPS {
        if choices.is_empty() || step(&mut replicas, &mut choices).is_err() {
            break;
        }
    }
    replicas.document.unhold();
    replicas.tell();
    replicas.assert_equal();
}

const MAX_STEPS: usize = 20;

fn step(replicas: &mut Replicas, choices: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let is_held = replicas.document.is_held();
    match choices.int_in_range(0..=9)? {
        // Who holds changes back, while others edit the same, must expect conflicts.
        0..=5 if !is_held => {
            let peer = choices.int_in_range(0..=N_AUTHORS - 1)?;
            let mut writer = Writer::new(&replicas.document, choices);
            let content = writer.patch()?;
            let buffers = writer.into_buffers();
            replicas.receive(peer, &content, &buffers).map_err(|error| error.to_string()).ok();
        }
        6 => {
            let policy = if choices.arbitrary()? { HoldPolicy::Combine } else { HoldPolicy::Collect };
            if is_held {
                replicas.document.unhold();
            } else {
                replicas.document.hold(policy);
            }
        }
        7 => {
            replicas.tell();
            if !is_held {
                replicas.assert_equal();
            }
        }
        _ => edit(replicas, choices)?,
    }
    Ok(())
}

/// An edit of the application's.
fn edit(replicas: &mut Replicas, choices: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let document = &mut replicas.document;
    let mut writer = Writer::new(document, choices);
    let model = writer.present()?;
    let other = writer.present()?;
    let json = writer.value(0)?;
    let buffers = writer.into_buffers();
    let value = Decoder::new(&mut NoModels, &buffers).value(&json).unwrap_or(Value::Null);
    let n = choices.int_in_range(0..=8)?;
    if std::env::var_os("TRACE").is_some() {
        eprintln!(
            "EDIT {n} {:?} {:?} {value:?} held {}",
            document.wire_id(model),
            document.wire_id(other),
            document.is_held()
        );
    }
    match n {
        0 => drop(document.set_value(model, "tags", Value::from_iter([value, Value::Model(other)]))),
        1 => drop(document.set_value(model, "tags", Value::from_iter([value]))),
        2 => drop(document.set_value(model, "name", Value::from("renamed"))),
        3 => drop(document.add_root(model)),
        4 => drop(document.remove_root(model)),
        5 => drop(document.add(model)),
        6 => document.remove(model),
        7 => document.send_message("look", Value::from_iter([value, Value::Model(other)])),
        _ => {
            let data = document.data(model).unwrap_or_default();
            let rows = data.keys().map(|name| (name, Value::from_iter([value.clone(), Value::from(1)])));
            let rollover = choices.arbitrary::<Option<u8>>()?.map(usize::from);
            document.stream(model, &rows.collect(), rollover).ok();
        }
    }
    Ok(())
}
