//! The Rust enumerations.

use std::collections::BTreeSet;

use super::types::Types;
use crate::codegen::spec::Spec;

pub(super) fn text(spec: &Spec, types: &Types<'_>) -> String {
    let named = spec
        .enums
        .iter()
        .filter(|(name, _)| !types.is_open_enum(name))
        .map(|(name, members)| (name.clone(), members.values.clone()));
    let mut enums: Vec<(String, Vec<String>)> = named.chain(types.inline_enums()).collect();
    enums.sort();
    let mut text = "use crate::enum_type::wire_enum;\n".to_owned();
    for (name, values) in enums {
        text.push_str(&format!("\nwire_enum! {{\n    /// `{name}`: {} values.\n    {name} {{\n", values.len()));
        for (variant, value) in variants(&values) {
            text.push_str(&format!("        /// `{value:?}`.\n        {variant} = {value:?},\n"));
        }
        text.push_str("    }\n}\n");
    }
    text
}

/// Variant names for the members.
fn variants(values: &[String]) -> Vec<(String, &String)> {
    let mut used = BTreeSet::new();
    let mut variants = Vec::new();
    for value in values {
        let mut name = variant(value);
        while !used.insert(name.clone()) {
            name.push('_');
        }
        variants.push((name, value));
    }
    variants
}

fn variant(value: &str) -> String {
    let words = value.split(|char: char| !char.is_ascii_alphanumeric()).filter_map(|word| word.split_at_checked(1));
    let name: String = words.map(|(first, rest)| format!("{}{rest}", first.to_ascii_uppercase())).collect();
    match name.chars().next() {
        None => value.chars().map(symbol).collect(),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

fn symbol(char: char) -> String {
    match char {
        '*' => "Star".to_owned(),
        '+' => "Plus".to_owned(),
        '.' => "Dot".to_owned(),
        '-' => "Dash".to_owned(),
        '|' => "Pipe".to_owned(),
        '/' => "Slash".to_owned(),
        '\\' => "Backslash".to_owned(),
        ':' => "Colon".to_owned(),
        '\'' => "Tick".to_owned(),
        '"' => "Quote".to_owned(),
        '`' => "Backtick".to_owned(),
        ',' => "Comma".to_owned(),
        '@' => "At".to_owned(),
        '>' => "Right".to_owned(),
        '<' => "Left".to_owned(),
        '^' => "Caret".to_owned(),
        ' ' => "Blank".to_owned(),
        other => format!("U{:x}", u32::from(other)),
    }
}
