//! Values that do not fit.

use std::borrow::Cow;
use std::fmt::Write;

use bokeh_protocol::Value;
use bokeh_schema::Kind;

use super::ModelClasses;

/// Why a property cannot hold a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}expected {expected}, found {found}", if path.is_empty() { String::new() } else { format!("at {path}: ") })]
pub struct KindError {
    path: String,
    expected: String,
    found: String,
}

impl KindError {
    /// The place within the value, as in `[3].x`; empty for the value as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What belongs there, as a noun phrase.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What is there: its kind, and its beginning if that says more.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

/// A [`KindError`] that borrows. Most are thrown away: another alternative fits.
pub(super) struct Misfit<'a> {
    expected: Kind,
    found: Cow<'a, Value>,
    /// From the inside out.
    path: Vec<Step<'a>>,
}

enum Step<'a> {
    Item(usize),
    ValueOf(&'a Value),
    Part(&'static str),
    Key,
}

impl<'a> Misfit<'a> {
    pub(super) fn new(expected: &Kind, found: &'a Value) -> Self {
        Misfit { expected: *expected, found: Cow::Borrowed(found), path: Vec::new() }
    }

    pub(super) fn of_owned(expected: &Kind, found: Value) -> Self {
        Misfit { expected: *expected, found: Cow::Owned(found), path: Vec::new() }
    }

    /// Whether it is about a part of the value.
    pub(super) fn is_inside(&self) -> bool {
        !self.path.is_empty()
    }

    /// The misfit itself when it is about a part of the value, otherwise one that names the wider kind.
    pub(super) fn or_shallow(self, expected: &Kind, found: &'a Value) -> Self {
        if self.is_inside() { self } else { Misfit::new(expected, found) }
    }

    pub(super) fn in_item(self, index: usize) -> Self {
        self.inside(Step::Item(index))
    }

    pub(super) fn in_value_of(self, key: &'a Value) -> Self {
        self.inside(Step::ValueOf(key))
    }

    pub(super) fn in_part(self, name: &'static str) -> Self {
        self.inside(Step::Part(name))
    }

    pub(super) fn in_key(self) -> Self {
        self.inside(Step::Key)
    }

    pub(super) fn into_error(self, models: &dyn ModelClasses) -> KindError {
        let mut path = String::new();
        for step in self.path.iter().rev() {
            match step {
                Step::Item(index) => path.push_str(&format!("[{index}]")),
                Step::ValueOf(Value::Str(key)) => path.push_str(&format!(".{}", excerpt(key))),
                Step::ValueOf(key) => path.push_str(&format!("[{}]", describe(key, models))),
                Step::Part(name) => path.push_str(&format!(".{name}")),
                Step::Key => path.push_str(" (a key)"),
            }
        }
        let path = path.trim_start_matches(['.', ' ']).to_owned();
        KindError { path, expected: self.expected.to_string(), found: describe(&self.found, models) }
    }

    fn inside(mut self, step: Step<'a>) -> Self {
        self.path.push(step);
        self
    }
}

/// The kind of a value, and its beginning if that says more.
fn describe(value: &Value, models: &dyn ModelClasses) -> String {
    let kind = value.kind_name();
    match value {
        Value::Bool(truth) => format!("{kind} ({truth})"),
        Value::Int(number) => format!("{kind} ({number})"),
        Value::Float(number) => format!("{kind} ({number})"),
        Value::Str(text) => format!("{kind} ({:?})", excerpt(text)),
        Value::List(items) | Value::Set(items) => format!("{kind} of {}", items.len()),
        Value::Array(array) => format!("{kind} of {} with the shape {:?}", array.dtype().name(), array.shape()),
        Value::Map(map) => {
            let mut text = format!("{kind} with the keys ");
            for (position, key) in map.keys().take(EXCERPT_KEYS).enumerate() {
                let separator = if position == 0 { "" } else { ", " };
                write!(text, "{separator}{}", excerpt(key)).expect("writing to a string never fails");
            }
            if map.is_empty() { "an empty map".to_owned() } else { text }
        }
        Value::Model(model) => match models.class_name(*model) {
            Some(class) => format!("{kind} ({class})"),
            None => kind.to_owned(),
        },
        Value::Object(object) => format!("{kind} ({})", excerpt(&object.name)),
        _ => kind.to_owned(),
    }
}

fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

const EXCERPT_CHARS: usize = 40;
const EXCERPT_KEYS: usize = 8;
