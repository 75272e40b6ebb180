//! Writes the tables of `bokeh-schema`.

mod kinds;
pub(super) mod literals;
pub(super) mod names;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use anyhow::Context;

use self::{
    kinds::Kinds,
    literals::literal,
    names::{class_static, file_of_module, screaming},
};
use super::{
    Generated,
    spec::{Class, Event, Property, Spec},
};

const FOLDER: &str = "crates/bokeh-schema/src/generated";

/// All files of tables.
pub(super) fn files(spec: &Spec) -> anyhow::Result<Vec<Generated>> {
    // Kinds collects the enumerations, specs and named kinds that the classes use, so that it is written last.
    let mut kinds = Kinds::new(spec);
    let mut by_file: BTreeMap<String, Vec<&Class>> = BTreeMap::new();
    for class in spec.models.values() {
        by_file.entry(file_of_module(&class.module)).or_default().push(class);
    }
    let mut files = vec![root(spec, by_file.keys())];
    for (name, classes) in &by_file {
        files.push(file(name, &classes_of_file(spec, &mut kinds, classes)?));
    }
    files.push(file("events", &events(spec, &mut kinds)?));
    files.push(file("colors", &colors(spec)?));
    files.push(file("specs", &kinds.specs()));
    files.push(file("kinds", &kinds.named()?));
    files.push(file("enums", &kinds.enums()));
    Ok(files)
}

fn file(name: &str, body: &str) -> Generated {
    Generated::new(format!("{FOLDER}/{name}.rs"), &format!("{}{body}", imports(body)))
}

/// The names that a file's text uses.
fn imports(body: &str) -> String {
    // A path's first segment: what precedes it ends no name, and what follows goes on with a path, a literal or a type.
    let is_first = |at: usize, name: &str| {
        let before = body[..at].chars().next_back();
        let after = body[at + name.len()..].chars().next();
        before.is_none_or(|char| " (&[".contains(char)) && after.is_some_and(|char| ": ]".contains(char))
    };
    let is_used = |name: &&&str| body.match_indices(**name).any(|(at, _)| is_first(at, name));
    let types = [
        "Bounds",
        "ClassDef",
        "EnumDef",
        "EventDef",
        "EventField",
        "Field",
        "Kind",
        "Lit",
        "PropertyDef",
        "Spec",
        "Units",
    ];
    let mut names: Vec<&str> = types.iter().filter(is_used).copied().collect();
    names.extend(["classes", "enums", "specs"].iter().filter(is_used));
    let mut text = String::new();
    if body.contains("kinds::") {
        text.push_str("use super::kinds;\n");
    }
    match names.as_slice() {
        [] => {}
        [name] => text.push_str(&format!("use crate::{name};\n")),
        names => text.push_str(&format!("use crate::{{{}}};\n", names.join(", "))),
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The file that lists the others.
fn root<'a>(spec: &Spec, class_files: impl Iterator<Item = &'a String> + Clone) -> Generated {
    let mut text = format!(
        "use crate::ClassDef;\n\npub(crate) mod colors;\npub(crate) mod events;\nmod kinds;\n\n\
         /// The version of Bokeh that the tables describe.\npub const BOKEH_VERSION: &str = {:?};\n\n\
         /// Every enumeration.\npub mod enums;\n\n/// Every data spec.\npub mod specs;\n\n",
        spec.bokeh_version
    );
    for name in class_files.clone() {
        text.push_str(&format!("mod {name};\n"));
    }
    text.push_str(
        "\n/// Every class, named by its wire name: `Slider` is `SLIDER`, `bokeh.models.dom.Div` is `DOM_DIV`.\npub mod classes {\n",
    );
    for name in class_files {
        text.push_str(&format!("    pub use super::{name}::*;\n"));
    }
    text.push_str(
        "}\n\n/// Every class that is a model, each after its bases.\npub(crate) static MODELS: &[&ClassDef] = &[\n",
    );
    let mut models: Vec<&Class> = spec.models.values().filter(|class| class.is_model).collect();
    models.sort_by_key(|class| class.mro.len());
    for class in models {
        text.push_str(&format!("    &classes::{},\n", class_static(&class.name)));
    }
    text.push_str("];\n");
    Generated::new(format!("{FOLDER}.rs"), &text)
}

fn classes_of_file(spec: &Spec, kinds: &mut Kinds<'_>, classes: &[&Class]) -> anyhow::Result<String> {
    let texts = classes.iter().map(|class| {
        let mut text = String::new();
        write_class(&mut text, spec, kinds, class).with_context(|| format!("class {}", class.name))?;
        Ok(text)
    });
    Ok(texts.collect::<anyhow::Result<Vec<_>>>()?.join("\n"))
}

fn write_class(text: &mut String, spec: &Spec, kinds: &mut Kinds<'_>, class: &Class) -> anyhow::Result<()> {
    let what = match (class.is_model, class.is_abstract) {
        (false, _) => "The mixin",
        (true, true) => "The abstract class",
        (true, false) => "The class",
    };
    let bases: Vec<String> = class.bases.iter().map(|base| format!("&classes::{}", class_static(base))).collect();
    writeln!(text, "/// {what} `{}`.", class.name)?;
    write!(text, "pub static {}: ClassDef = ", class_static(&class.name))?;
    write!(text, "ClassDef::new({:?}, {:?}, &[{}])", class.name, class.module, bases.join(", "))?;
    if class.is_abstract {
        text.push_str("\n    .as_abstract()");
    }
    let (aliases, properties): (Vec<_>, Vec<_>) =
        class.properties.iter().partition(|property| property.kind.alias_of.is_some());
    if !properties.is_empty() {
        text.push_str("\n    .with_properties(&[\n");
        for property in properties {
            let line = property_def(kinds, class, property).with_context(|| format!("property {}", property.name))?;
            writeln!(text, "        {line},")?;
        }
        text.push_str("    ])");
    }
    if !aliases.is_empty() {
        let pairs = aliases.iter().map(|property| {
            format!("({:?}, {:?})", property.name, property.kind.alias_of.as_deref().unwrap_or_default())
        });
        write!(text, "\n    .with_aliases(&[{}])", pairs.collect::<Vec<_>>().join(", "))?;
    }
    if !class.overrides.is_empty() {
        text.push_str("\n    .with_overrides(&[\n");
        for (name, default) in &class.overrides {
            let wire = default.wire.as_ref().with_context(|| format!("the override of {name} has no value"))?;
            writeln!(text, "        ({name:?}, {}),", literal(wire)?)?;
        }
        text.push_str("    ])");
    }
    let always_sent = own_always_sent(spec, class);
    if !always_sent.is_empty() {
        write!(text, "\n    .with_always_sent(&{always_sent:?})")?;
    }
    text.push_str(";\n");
    Ok(())
}

fn property_def(kinds: &mut Kinds<'_>, class: &Class, property: &Property) -> anyhow::Result<String> {
    let kind = kinds.expression(&property.kind, &format!("{}_{}", class.name, property.name))?;
    let mut text = format!("PropertyDef::new({:?}, {kind})", property.name);
    if let Some(wire) = &property.default.wire {
        text.push_str(&format!(".with_default({})", literal(wire)?));
    }
    if property.is_readonly {
        text.push_str(".readonly()");
    }
    if !property.is_serialized {
        text.push_str(".unserialized()");
    }
    Ok(text)
}

/// What the class adds to the lists of its bases.
fn own_always_sent<'a>(spec: &'a Spec, class: &'a Class) -> Vec<&'a str> {
    let bases = class.mro.iter().skip(1).filter_map(|base| spec.models.get(base));
    let inherited: BTreeSet<&String> = bases.flat_map(|base| &base.always_sent).collect();
    class.always_sent.iter().filter(|name| !inherited.contains(name)).map(String::as_str).collect()
}

fn events(spec: &Spec, kinds: &mut Kinds<'_>) -> anyhow::Result<String> {
    let named = spec.events.values().filter_map(|event| Some((event.event_name.as_deref()?, event)));
    let by_name: BTreeMap<&str, &Event> = named.collect();
    let mut text = String::from("/// Every event, sorted by name.\npub(crate) static EVENTS: &[EventDef] = &[\n");
    for (name, event) in by_name {
        let only_for = senders(spec, event).iter().map(|class| format!("&classes::{}", class_static(class)));
        writeln!(
            text,
            "    EventDef {{\n        name: {name:?},\n        class: {:?},\n        fields: &[",
            event.name
        )?;
        for param in &event.params {
            let kind = kinds.event_value(&event.name, &param.name)?;
            let is_required = !param.is_optional;
            writeln!(
                text,
                "            EventField {{ name: {:?}, kind: {kind}, is_required: {is_required} }},",
                param.name
            )?;
        }
        writeln!(text, "        ],\n        is_model_event: {},", is_below(spec, event, "ModelEvent"))?;
        writeln!(text, "        only_for: &[{}],\n    }},", only_for.collect::<Vec<_>>().join(", "))?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// The classes that an event or the nearest of its bases is restricted to.
fn senders<'a>(spec: &'a Spec, event: &'a Event) -> &'a [String] {
    let base = event.bases.first().and_then(|base| spec.events.get(base));
    match base {
        Some(base) if event.only_for.is_empty() => senders(spec, base),
        _ => &event.only_for,
    }
}

fn is_below(spec: &Spec, event: &Event, name: &str) -> bool {
    event.name == name
        || event.bases.iter().filter_map(|base| spec.events.get(base)).any(|base| is_below(spec, base, name))
}

fn colors(spec: &Spec) -> anyhow::Result<String> {
    let mut text = String::from(
        "/// Every named colour with its red, green and blue, sorted by name.\npub(crate) static NAMED_COLORS: &[(&str, [u8; 3])] = &[\n",
    );
    for (name, hex) in &spec.named_colors {
        let rgb = u32::from_str_radix(hex.trim_start_matches('#'), 16).with_context(|| format!("color {name}"))?;
        let [_, red, green, blue] = rgb.to_be_bytes();
        writeln!(text, "    ({name:?}, [{red}, {green}, {blue}]),")?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// The doc line and the static of an enumeration.
fn enum_static(name: &str, values: &[String], is_case_sensitive: bool, is_integer: bool) -> String {
    format!(
        "/// The enumeration `{name}`.\npub static {}: EnumDef = EnumDef {{\n    name: {name:?},\n    values: &{values:?},\n    \
         is_case_sensitive: {is_case_sensitive},\n    is_integer: {is_integer},\n}};\n",
        screaming(name)
    )
}
