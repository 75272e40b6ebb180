//! Names in the tables.

/// The file that holds the classes of a Python module: one for each part of `bokeh.models`, and `core` for the rest.
pub(in crate::codegen) fn file_of_module(module: &str) -> String {
    let part = module.strip_prefix("bokeh.models.").and_then(|rest| rest.split('.').next());
    part.unwrap_or("core").to_owned()
}

/// The static of a class: `SLIDER`, and `DOM_DIV` for `bokeh.models.dom.Div`.
pub(in crate::codegen) fn class_static(name: &str) -> String {
    match name.strip_prefix("bokeh.models.dom.") {
        Some(name) => format!("DOM_{}", screaming(name)),
        None => screaming(name),
    }
}

/// A camel-case name in the case of statics: `DataRange1d` becomes `DATA_RANGE1D`, `HTMLLabel` becomes `HTML_LABEL`.
pub(in crate::codegen) fn screaming(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, &char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let follows_lower = before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit());
        let ends_acronym =
            before.is_some_and(char::is_ascii_uppercase) && chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if char.is_ascii_uppercase() && (follows_lower || ends_acronym) {
            text.push('_');
        }
        text.push(if char == '.' { '_' } else { char.to_ascii_uppercase() });
    }
    text
}
