//! Handles and builders.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Context;
use serde_json::Value;

use super::types::{Types, describe, handle};
use crate::codegen::{
    schema::names::class_static,
    spec::{Class, Spec},
};

/// Builders whose type is written by hand: what they are is more than their properties.
const BUILT_BY_HAND: &[&str] = &["Figure"];

/// Classes that `new` is not for.
const WITHOUT_BUILDER: &[&str] = &["GMap"];

/// Whether models of the class can be made.
pub(super) fn has_builder(class: &Class) -> bool {
    !class.is_abstract && !WITHOUT_BUILDER.contains(&class.name.as_str())
}

/// All classes with their properties in Rust's terms.
pub(super) struct Classes<'spec> {
    spec: &'spec Spec,
    own: BTreeMap<&'spec str, Vec<Property<'spec>>>,
}

/// A property in Rust's terms.
#[derive(Clone)]
pub(super) struct Property<'spec> {
    pub(super) name: &'spec str,
    /// The name of methods: the property's, but for keywords.
    pub(super) method: String,
    pub(super) rust: String,
    pub(super) is_readonly: bool,
    about: String,
    default: Option<&'spec Value>,
}

impl<'spec> Classes<'spec> {
    pub(super) fn new(spec: &'spec Spec, types: &mut Types<'spec>) -> anyhow::Result<Self> {
        let mut own = BTreeMap::new();
        for (name, class) in &spec.models {
            let properties = class.properties.iter().filter(|property| {
                property.kind.alias_of.is_none()
                    && property.kind.kind != "DeprecatedAlias"
                    && !property.name.starts_with('_')
            });
            let properties = properties.map(|property| Property {
                name: &property.name,
                method: method(&property.name),
                rust: types.rust(&property.kind, &format!("{}_{}", class.name, property.name)),
                is_readonly: property.is_readonly,
                about: describe(&property.kind),
                default: property.default.wire.as_ref(),
            });
            own.insert(name.as_str(), properties.collect());
        }
        Ok(Self { spec, own })
    }

    /// All properties of a class, bases first.
    pub(super) fn properties(&self, class: &str) -> anyhow::Result<Vec<Property<'spec>>> {
        let class = self.class(class)?;
        let mut all: Vec<Property<'spec>> = Vec::new();
        for base in class.mro.iter().rev() {
            for property in &self.own[base.as_str()] {
                match all.iter_mut().find(|known| known.name == property.name) {
                    Some(known) => *known = property.clone(),
                    None => all.push(property.clone()),
                }
            }
        }
        for base in class.mro.iter().rev() {
            for (name, default) in &self.class(base)?.overrides {
                if let Some(known) = all.iter_mut().find(|known| known.name == name) {
                    known.default = default.wire.as_ref();
                }
            }
        }
        Ok(all)
    }

    pub(super) fn file(&self, classes: &[&Class]) -> anyhow::Result<String> {
        let mut handles = String::new();
        let mut builders = String::new();
        for class in classes {
            self.write_handle(&mut handles, class)?;
            if has_builder(class) {
                self.write_builder(&mut builders, class)?;
            }
        }
        let imports = "    #[allow(unused_imports, reason = \"the same list in every file\")]\n    use crate::names::models::*;\n";
        let mut text = format!("pub(super) mod handles {{\n{imports}\n{}\n}}\n", handles.trim_end_matches('\n'));
        if !builders.is_empty() {
            write!(text, "\npub(super) mod builders {{\n{imports}\n{}\n}}\n", builders.trim_end_matches('\n'))?;
        }
        Ok(text)
    }

    /// A test that reads and writes back every property of every class.
    pub(super) fn round_trips(&self) -> anyhow::Result<String> {
        let mut text =
            "use bokeh_document::Document;\nuse bokeh_models::models::*;\n\nuse super::{Problems, round_trips};\n\n"
                .to_owned();
        text.push_str("#[rustfmt::skip]\npub(super) fn all(doc: &mut Document, problems: &mut Problems) {\n");
        for class in self.spec.models.values().filter(|class| class.is_model) {
            let properties = self.handle_properties(class)?;
            let below = |other: &&Class| has_builder(other) && other.mro.contains(&class.name);
            let concrete = if has_builder(class) { Some(class) } else { self.spec.models.values().find(below) };
            if let (Some(concrete), false) = (concrete, properties.is_empty()) {
                let tokens: Vec<String> =
                    properties.iter().map(|property| property.name.to_ascii_uppercase()).collect();
                writeln!(
                    text,
                    "    round_trips!(doc, problems, {:?} {}: {});",
                    concrete.name,
                    handle(&class.name),
                    tokens.join(" ")
                )?;
            }
        }
        text.push_str("}\n");
        Ok(text)
    }

    fn class(&self, name: &str) -> anyhow::Result<&'spec Class> {
        self.spec.models.get(name).with_context(|| format!("there is no class {name}"))
    }

    /// The base that the handle is a newtype of.
    fn first_base(&self, class: &Class) -> Option<&'spec Class> {
        class.bases.iter().filter_map(|base| self.spec.models.get(base)).find(|base| base.is_model)
    }

    /// The class's own properties and those of bases that `Deref` does not reach.
    fn handle_properties(&self, class: &Class) -> anyhow::Result<Vec<Property<'spec>>> {
        let reached = self.first_base(class).map(|base| base.mro.as_slice()).unwrap_or_default();
        let mut names = Vec::new();
        for base in class.mro.iter().filter(|base| !reached.contains(base)) {
            names.extend(self.own[base.as_str()].iter().map(|property| property.name));
        }
        let all = self.properties(&class.name)?;
        Ok(all.into_iter().filter(|property| names.contains(&property.name)).collect())
    }

    fn write_handle(&self, text: &mut String, class: &Class) -> anyhow::Result<()> {
        let name = handle(&class.name);
        let what = if class.is_abstract { "any model of the abstract class" } else { "a model of the class" };
        let ancestors: Vec<String> =
            class.mro.iter().filter(|base| self.spec.models[*base].is_model).map(|base| handle(base)).collect();
        writeln!(text, "    handle! {{")?;
        writeln!(text, "        /// A handle to {what} `{}` (`{}`).", class.name, class.module)?;
        match self.first_base(class) {
            Some(base) => writeln!(
                text,
                "        {name}({}), {}, [{}]",
                handle(&base.name),
                class_static(&class.name),
                ancestors.join(" ")
            )?,
            None => writeln!(text, "        {name}, {}, [{}]", class_static(&class.name), ancestors.join(" "))?,
        }
        writeln!(text, "    }}\n")?;
        let of_handle = self.handle_properties(class)?;
        if !of_handle.is_empty() {
            writeln!(text, "    properties! {{\n        {name}:")?;
            for property in &of_handle {
                let Property { name, method, rust, .. } = property;
                let setter = if property.is_readonly { String::new() } else { format!(" set_{name}") };
                writeln!(text, "        {name:?} {method}{setter}: {rust}, {:?};", property.facts())?;
            }
            writeln!(text, "    }}\n")?;
        }
        let tokens = if class.is_abstract { of_handle } else { self.properties(&class.name)? };
        if !tokens.is_empty() {
            writeln!(text, "    tokens! {{\n        {name}:")?;
            for Property { name, rust, .. } in &tokens {
                writeln!(text, "        {name:?} {}: {rust};", name.to_ascii_uppercase())?;
            }
            writeln!(text, "    }}\n")?;
        }
        Ok(())
    }

    fn write_builder(&self, text: &mut String, class: &Class) -> anyhow::Result<()> {
        let name = handle(&class.name);
        let builder = format!("{name}Builder");
        if BUILT_BY_HAND.contains(&class.name.as_str()) {
            writeln!(text, "    pub use crate::ext::{builder};\n")?;
        } else {
            writeln!(
                text,
                "    builder! {{\n        /// What makes [`{name}`]: give it to a document or to another builder."
            )?;
            writeln!(text, "        {builder} of {name}, {}\n    }}\n", class_static(&class.name))?;
        }
        writeln!(text, "    setters! {{\n        {builder}:")?;
        for property in self.properties(&class.name)?.iter().filter(|property| !property.is_readonly) {
            let Property { name, rust, .. } = property;
            let method = match property.method.as_str() {
                taken @ ("new" | "build" | "into_object") => format!("{taken}_"),
                method => method.to_owned(),
            };
            writeln!(text, "        {name:?} {method}: {rust}, {:?};", property.facts())?;
        }
        writeln!(text, "    }}\n")?;
        Ok(())
    }
}

impl Property<'_> {
    /// Kind and default in words.
    pub(super) fn facts(&self) -> String {
        let default = match self.default {
            None => "required".to_owned(),
            Some(default) => match short(default) {
                Some(text) => format!("default {text}"),
                None => "has a default".to_owned(),
            },
        };
        format!("{}; {default}", self.about)
    }
}

/// A default in few words, if it is short.
fn short(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(rep) => match rep.get("type").and_then(Value::as_str)? {
            "object" => return Some(format!("a new `{}`", handle(rep.get("name")?.as_str()?))),
            "value" => return short(rep.get("value")?),
            "field" => format!("the column {}", rep.get("field")?),
            "map" if rep.get("entries").is_none() => "empty".to_owned(),
            "set" if rep.get("entries").is_none() => "empty".to_owned(),
            "number" => format!("`{}`", rep.get("value")?.as_str()?),
            _ => return None,
        },
        other => format!("`{other}`"),
    };
    let is_plain = text.len() <= 60 && !text.contains('\n') && text.matches('`').count() <= 2;
    is_plain.then_some(text)
}

fn method(name: &str) -> String {
    const KEYWORDS: &[&str] = &[
        "type", "match", "loop", "in", "where", "ref", "use", "fn", "as", "move", "static", "self", "mod", "box",
        "async", "await", "dyn", "abstract", "final", "override", "yield", "try", "let", "for", "if", "else", "impl",
        "pub", "crate", "super", "enum", "struct", "trait", "const", "break", "continue", "return", "while", "mut",
        "extern", "unsafe", "true", "false", "do", "become", "macro", "priv", "typeof", "unsized", "virtual", "gen",
    ];
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}
