//! The glyph methods of plots.

use std::fmt::Write as _;

use anyhow::Context;

use super::{
    classes::{Classes, Property},
    extras::Extras,
    types::handle,
};
use crate::codegen::schema::names::class_static;

/// The arguments of methods that take others than the glyph's first two.
const ARGUMENTS: &[(&str, &[&str])] = &[
    ("vbar", &["x", "top"]),
    ("hbar", &["y", "right"]),
    ("text", &["x", "y", "text"]),
    ("tex", &["x", "y", "text"]),
    ("mathml", &["x", "y", "text"]),
    ("image", &["image"]),
    ("image_rgba", &["image"]),
    ("image_stack", &["image"]),
    ("image_url", &["url", "x", "y"]),
    ("circle", &["x", "y", "radius"]),
    ("ngon", &["x", "y", "radius"]),
    ("quad", &["left", "right", "top", "bottom"]),
    ("segment", &["x0", "y0", "x1", "y1"]),
    ("harea", &["x1", "x2", "y"]),
    ("harea_step", &["x1", "x2", "y"]),
    ("varea", &["x", "y1", "y2"]),
    ("varea_step", &["x", "y1", "y2"]),
    ("hspan", &["y"]),
    ("vspan", &["x"]),
];

/// The parts of a glyph that have colours and alphas of their own.
const PARTS: &[&str] = &["line_", "fill_", "hatch_", "text_", "global_"];

/// Properties that are of no use in a glyph method.
const LEFT_OUT: &[&str] =
    &["name", "tags", "js_event_callbacks", "js_property_callbacks", "subscribed_events", "syncable", "decorations"];

pub(super) fn text(extras: &Extras, classes: &Classes<'_>) -> anyhow::Result<String> {
    let mut text = "use crate::names::glyphs::*;\n".to_owned();
    for (key, method) in &extras.glyph_api {
        let Some(glyph) = &method.glyph else { continue };
        if method.is_deprecated {
            continue;
        }
        let name = key.trim_start_matches('_');
        let listed = ARGUMENTS.iter().find(|(known, _)| *known == name).map(|(_, arguments)| arguments.to_vec());
        let arguments = listed.unwrap_or_else(|| method.positional.iter().take(2).map(String::as_str).collect());
        write_method(&mut text, classes, name, glyph, &arguments).with_context(|| format!("glyph method {name}"))?;
    }
    Ok(text)
}

fn write_method(
    text: &mut String,
    classes: &Classes<'_>,
    name: &str,
    glyph: &str,
    arguments: &[&str],
) -> anyhow::Result<()> {
    let properties = classes.properties(glyph)?;
    let find = |wanted: &str| {
        properties.iter().find(|property| property.name == wanted).with_context(|| format!("no property {wanted}"))
    };
    let arguments = arguments.iter().map(|argument| find(argument)).collect::<anyhow::Result<Vec<_>>>()?;
    let (call, type_name) = (format!("{}Call", handle(glyph)), handle(glyph));
    let list: Vec<String> = arguments.iter().map(|it| format!("{}: impl GlyphArg<{}>", it.method, it.rust)).collect();
    let names: Vec<String> = arguments.iter().map(|it| format!("`{}`", it.name)).collect();
    writeln!(
        text,
        "\nglyph_call! {{\n    /// A [`{type_name}`] glyph about to be drawn, made by [`Plot::{name}`].\n    {call}\n}}"
    )?;
    writeln!(text, "\nimpl Plot {{")?;
    writeln!(
        text,
        "    /// Begins to draw a [`{type_name}`] glyph from {}: names of columns, data or constants.",
        names.join(", ")
    )?;
    writeln!(text, "    pub fn {name}<'doc>(&self, doc: &'doc mut Document, {}) -> {call}<'doc> {{", list.join(", "))?;
    writeln!(text, "        let mut call = GlyphCall::new(doc, *self, &classes::{});", class_static(glyph))?;
    for argument in &arguments {
        writeln!(text, "        call.set({:?}, {}.into_arg());", argument.name, argument.method)?;
    }
    writeln!(text, "        {call}(call)\n    }}\n}}")?;
    writeln!(text, "\narguments! {{\n    {call}:")?;
    for property in properties.iter().filter(|property| !LEFT_OUT.contains(&property.name) && !property.is_readonly) {
        let Property { name, method, rust, .. } = property;
        writeln!(text, "    {name:?} {method}: {rust}, {:?};", property.facts())?;
    }
    writeln!(text, "}}")?;
    for of_all in ["color", "alpha"] {
        let is_part = |name: &str| PARTS.iter().any(|part| name.strip_prefix(part) == Some(of_all));
        if properties.iter().any(|property| is_part(property.name)) {
            writeln!(text, "{of_all}_of_all! {{ {call} }}")?;
        }
    }
    Ok(())
}
