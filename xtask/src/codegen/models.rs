//! Writes the typed models: handles, builders, enumerations, events, glyph methods and palettes.

mod classes;
mod enums;
mod events;
mod extras;
mod glyphs;
mod types;

use std::collections::BTreeMap;

use self::{classes::Classes, extras::Extras, types::Types};
use super::{
    Generated,
    spec::{Class, Spec},
};

const FOLDER: &str = "crates/bokeh-models/src/generated";

/// All files of typed models.
pub(super) fn files(spec: &Spec, extras: &Extras) -> anyhow::Result<Vec<Generated>> {
    let mut types = Types::new(spec);
    let classes = Classes::new(spec, &mut types)?;
    let mut by_file: BTreeMap<String, Vec<&Class>> = BTreeMap::new();
    for class in spec.models.values().filter(|class| class.is_model) {
        by_file.entry(file_of_module(&class.module)).or_default().push(class);
    }
    let has_builders = |classes: &Vec<&Class>| classes.iter().any(|class| classes::has_builder(class));
    let with_builders = by_file.iter().filter(|(_, classes)| has_builders(classes)).map(|(name, _)| name);
    let mut files = vec![root(&by_file.keys().collect::<Vec<_>>(), &with_builders.collect::<Vec<_>>())];
    for (name, of_file) in &by_file {
        files.push(file(name, &classes.file(of_file)?));
    }
    files.push(file("events", &events::text(spec)?));
    files.push(file("glyph_calls", &glyphs::text(extras, &classes)?));
    files.push(file("palettes", &extras::palettes(extras)));
    files.push(file("tools_by_name", &extras::tools(extras)?));
    files.push(file("named_colors", &extras::colors(spec)));
    files.push(Generated::new("crates/bokeh-models/tests/it/properties/all.rs", &classes.round_trips()?));
    // The enumerations without a name are known only after all properties have been met.
    files.push(file("enums", &enums::text(spec, &types)));
    Ok(files)
}

pub(super) fn read_extras(root: &std::path::Path) -> anyhow::Result<Extras> {
    Extras::read(&root.join(super::SPEC))
}

fn file(name: &str, body: &str) -> Generated {
    Generated::new(format!("{FOLDER}/{name}.rs"), body)
}

/// The file that lists the others.
fn root(names: &[&String], with_builders: &[&String]) -> Generated {
    let mut text = String::new();
    for name in names {
        text.push_str(&format!("mod {name};\n"));
    }
    text.push_str(
        "pub(crate) mod events;\npub(crate) mod glyph_calls;\nmod named_colors;\npub(crate) mod palettes;\npub(crate) mod tools_by_name;\n\n\
         /// Every enumeration of Bokeh as a Rust one.\npub mod enums;\n\n\
         /// A handle for every model class: `Copy`, an id and a type.\n///\n\
         /// `Slider::new()` gives the builder of a concrete class; see [`builders`](crate::builders).\npub mod models {\n",
    );
    for name in names {
        text.push_str(&format!("    pub use super::{name}::handles::*;\n"));
    }
    text.push_str(
        "}\n\n/// A builder for every concrete model class: what has not been added to a document yet.\npub mod builders {\n",
    );
    for name in with_builders {
        text.push_str(&format!("    pub use super::{name}::builders::*;\n"));
    }
    text.push_str("}\n");
    Generated::new(format!("{FOLDER}.rs"), &text)
}

/// The file for the classes of a Python module.
fn file_of_module(module: &str) -> String {
    match module.strip_prefix("bokeh.models.") {
        Some(rest) => rest.replace('.', "_"),
        None => "core".to_owned(),
    }
}
