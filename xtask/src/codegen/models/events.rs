//! Typed events.

use std::fmt::Write as _;

use anyhow::{Context, bail};

use super::types::handle;
use crate::codegen::spec::{Event, Spec};

pub(super) fn text(spec: &Spec) -> anyhow::Result<String> {
    let mut text = "use crate::names::events::*;\n".to_owned();
    for event in spec.events.values() {
        let Some(wire) = &event.event_name else { continue };
        write_event(&mut text, spec, event, wire).with_context(|| format!("event {}", event.name))?;
    }
    Ok(text)
}

fn write_event(text: &mut String, spec: &Spec, event: &Event, wire: &str) -> anyhow::Result<()> {
    let name = &event.name;
    let is_document_event = is_a(spec, event, "DocumentEvent");
    writeln!(text, "\n/// The event `{wire}`.")?;
    writeln!(text, "#[derive(Clone, Debug, PartialEq)]\n#[non_exhaustive]\npub struct {name} {{")?;
    let fields = event.params.iter().map(|param| field(name, &param.name)).collect::<anyhow::Result<Vec<_>>>()?;
    for field in &fields {
        writeln!(text, "    /// {}\n    pub {}: {},", field.about, field.name, field.rust)?;
    }
    writeln!(text, "}}\n\nimpl UiEvent for {name} {{\n    const NAME: &'static str = {wire:?};")?;
    if fields.is_empty() {
        writeln!(text, "    #[inline]\n    fn from_event(_: &Event) -> Self {{\n        Self {{}}\n    }}\n}}\n")?;
    } else {
        writeln!(text, "    #[inline]\n    fn from_event(event: &Event) -> Self {{\n        Self {{")?;
        for field in &fields {
            writeln!(text, "            {}: EventField::field(event, {:?}),", field.name, field.wire)?;
        }
        writeln!(text, "        }}\n    }}\n}}\n")?;
    }
    match only_for(spec, event).as_slice() {
        _ if is_document_event => writeln!(text, "impl DocumentEvent for {name} {{}}")?,
        [] => writeln!(text, "impl<M: Model> EventOf<M> for {name} {{}}")?,
        [class] => writeln!(text, "impl<M: IsA<{}>> EventOf<M> for {name} {{}}", handle(class))?,
        // Blanket impls for two classes would overlap; classes below them are listed instead.
        classes => {
            let below = spec.models.values().filter(|class| classes.iter().any(|base| class.mro.contains(base)));
            for class in below {
                writeln!(text, "impl EventOf<{}> for {name} {{}}", handle(&class.name))?;
            }
        }
    }
    Ok(())
}

struct Field {
    name: String,
    wire: String,
    rust: &'static str,
    about: &'static str,
}

fn field(event: &str, wire: &str) -> anyhow::Result<Field> {
    let (rust, about) = match (event, wire) {
        (_, "model") => ("Option<AnyModel>", "The model that it happened to."),
        ("AxisClick", "value") => ("Option<Coordinate>", "The place on the axis that was clicked."),
        ("ValueSubmit", "value") => ("String", "The text that was submitted."),
        ("LegendItemClick", "item") => ("Option<LegendItem>", "The item that was clicked."),
        ("MenuItemClick", "item") => ("Option<String>", "The value of the item that was chosen."),
        (_, "final") => ("bool", "Whether the selection is finished."),
        (_, "geometry") => ("Option<Geometry>", "The shape of the selection."),
        (_, "modifiers") => ("Modifiers", "The keys that were held down."),
        (_, "direction") => ("i64", "The direction: -1, 0 or 1."),
        (_, "sx") => ("f64", "The horizontal place on the canvas in pixels; NaN when there is none."),
        (_, "sy") => ("f64", "The vertical place on the canvas in pixels; NaN when there is none."),
        (_, "x") => ("f64", "The horizontal place in data units; NaN when there is none."),
        (_, "y") => ("f64", "The vertical place in data units; NaN when there is none."),
        (_, "x0") => ("f64", "The start of the horizontal range in data units."),
        (_, "x1") => ("f64", "The end of the horizontal range in data units."),
        (_, "y0") => ("f64", "The start of the vertical range in data units."),
        (_, "y1") => ("f64", "The end of the vertical range in data units."),
        (_, "delta") => ("f64", "How far the wheel was turned."),
        (_, "delta_x") => ("f64", "How far it was moved horizontally, in pixels."),
        (_, "delta_y") => ("f64", "How far it was moved vertically, in pixels."),
        (_, "scale") => ("f64", "How far the fingers were spread: above 1 apart, below together."),
        (_, "rotation") => ("f64", "How far the fingers were turned, in degrees."),
        _ => bail!("the value {wire} has no type yet"),
    };
    let name = if wire == "final" { "is_final" } else { wire };
    Ok(Field { name: name.to_owned(), wire: wire.to_owned(), rust, about })
}

fn is_a(spec: &Spec, event: &Event, base: &str) -> bool {
    event.name == base
        || event.bases.iter().filter_map(|name| spec.events.get(name)).any(|event| is_a(spec, event, base))
}

/// The classes that have the event: its own list, else its base's.
fn only_for(spec: &Spec, event: &Event) -> Vec<String> {
    if !event.only_for.is_empty() {
        return event.only_for.clone();
    }
    // Python accepts these of any model; BokehJS has them happen to nothing else.
    match event.name.as_str() {
        "LegendItemClick" => return vec!["Legend".to_owned()],
        "MenuItemClick" => return vec!["Dropdown".to_owned()],
        _ => {}
    }
    event
        .bases
        .iter()
        .filter_map(|name| spec.events.get(name))
        .map(|base| only_for(spec, base))
        .next()
        .unwrap_or_default()
}
