//! What else the specification knows: palettes, tools by name, glyph methods.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::codegen::{
    schema::{
        literals::literal,
        names::{class_static, screaming},
    },
    spec::Spec,
};

/// Parts of the specification that only the typed models need.
#[derive(Debug, Deserialize)]
pub(in crate::codegen) struct Extras {
    pub(super) glyph_api: BTreeMap<String, GlyphMethod>,
    tools: BTreeMap<String, Tool>,
    palettes: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct GlyphMethod {
    pub(super) glyph: Option<String>,
    #[serde(default)]
    pub(super) positional: Vec<String>,
    #[serde(default, rename = "deprecated")]
    pub(super) is_deprecated: bool,
}

#[derive(Debug, Deserialize)]
struct Tool {
    name: String,
    attributes: Map<String, Value>,
}

impl Extras {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} does not have the expected form", path.display()))
    }
}

/// A constant for every palette and size, and a function for every palette.
pub(super) fn palettes(extras: &Extras) -> String {
    let mut text = "use crate::palette::Palette;\n".to_owned();
    for (name, sizes) in &extras.palettes {
        let mut sizes: Vec<(usize, &Vec<String>)> =
            sizes.iter().filter_map(|(size, colors)| Some((size.parse().ok()?, colors))).collect();
        sizes.sort_unstable();
        let constant = screaming(name);
        let list: Vec<String> = sizes.iter().map(|(size, _)| size.to_string()).collect();
        text.push_str(&format!(
            "\n/// The palette `{name}` in sizes {}.\npub static {constant}: Palette = Palette::new({name:?}, &[\n",
            list.join(", ")
        ));
        for (_, colors) in sizes {
            text.push_str(&format!("    &{colors:?},\n"));
        }
        text.push_str("]);\n");
    }
    let all: Vec<String> = extras.palettes.keys().map(|name| format!("    &{},\n", screaming(name))).collect();
    text.push_str(&format!(
        "\n/// Every palette, sorted by name.\npub static ALL: &[&Palette] = &[\n{}];\n",
        all.concat()
    ));
    text
}

/// The tools that a figure knows by name.
pub(super) fn tools(extras: &Extras) -> anyhow::Result<String> {
    let mut text = "use bokeh_schema::{Lit, classes};\n\nuse crate::ext::NamedTool;\n\n\
        /// Names of tools with their classes and attributes, sorted by name.\n\
        pub(crate) static TOOLS: &[NamedTool] = &[\n"
        .to_owned();
    for (name, tool) in &extras.tools {
        let attributes = tool.attributes.iter().map(|(name, value)| Ok(format!("({name:?}, {})", literal(value)?)));
        let attributes = attributes.collect::<anyhow::Result<Vec<_>>>()?.join(", ");
        text.push_str(&format!(
            "    NamedTool {{ name: {name:?}, class: &classes::{}, attributes: &[{attributes}] }},\n",
            class_static(&tool.name)
        ));
    }
    text.push_str("];\n");
    Ok(text)
}

/// The named colours as constants of `Color`.
pub(super) fn colors(spec: &Spec) -> String {
    let mut text = "use crate::Color;\n\n/// CSS's named colours.\nimpl Color {\n".to_owned();
    for (name, hex) in &spec.named_colors {
        text.push_str(&format!(
            "    /// `{name}`, {hex}.\n    pub const {}: Color = Color::named({name:?});\n",
            name.to_ascii_uppercase()
        ));
    }
    text.push_str("}\n");
    text
}
