//! Finding models as a user does: by what is written on them.

use bokeh_document::Document;
use bokeh_models::Model;
use bokeh_protocol::{ModelId, Value};

use super::shown;

/// Why there is not exactly one such model on the page. Its text lists what is there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// None of the class has the name or the text.
    #[error("there is no {class} {caption:?} on the page, which has {}", listed(present))]
    None {
        /// The class.
        class: &'static str,
        /// What was looked for.
        caption: String,
        /// The models of the class, or when there are none those of all classes that a user sees.
        present: Vec<String>,
    },
    /// Several have it, or several are there where one was expected.
    #[error("several models on the page fit: {}; give the one that is meant a name of its own", listed(present))]
    Several {
        /// Those that fit.
        present: Vec<String>,
    },
    /// There is no model of the class.
    #[error("there is no {class} on the page, which has {}", listed(present))]
    NoneOfClass {
        /// The class.
        class: &'static str,
        /// What a user sees instead.
        present: Vec<String>,
    },
}

/// The properties that say what a model is called, in the order in which they are shown in messages.
const CAPTIONS: [&str; 4] = ["name", "title", "label", "text"];

/// All models of a class, in the order of the page.
pub(super) fn all<M: Model>(doc: &Document) -> Vec<M> {
    let of_class = shown::in_order(doc).into_iter().filter(|model| doc.is_a(*model, M::CLASS));
    of_class.map(M::from_id).collect()
}

/// The model whose name, title, label or text is `caption`.
pub(super) fn by_caption<M: Model>(doc: &Document, caption: &str) -> Result<M, FindError> {
    let of_class = all::<M>(doc);
    let is_called =
        |model: &M| CAPTIONS.iter().any(|property| text(doc, model.id(), property).as_deref() == Some(caption));
    let found: Vec<M> = of_class.iter().copied().filter(is_called).collect();
    match found[..] {
        [model] => Ok(model),
        [] if of_class.is_empty() => {
            Err(FindError::None { class: M::CLASS.name(), caption: caption.to_owned(), present: seen(doc) })
        }
        [] => Err(FindError::None {
            class: M::CLASS.name(),
            caption: caption.to_owned(),
            present: describe_all(doc, &of_class),
        }),
        _ => Err(FindError::Several { present: describe_all(doc, &found) }),
    }
}

/// The only model of a class.
pub(super) fn only<M: Model>(doc: &Document) -> Result<M, FindError> {
    let found = all::<M>(doc);
    match found[..] {
        [model] => Ok(model),
        [] => Err(FindError::NoneOfClass { class: M::CLASS.name(), present: seen(doc) }),
        _ => Err(FindError::Several { present: describe_all(doc, &found) }),
    }
}

/// A model for messages: its class, its id, and what it is called.
pub(super) fn describe(doc: &Document, model: ModelId) -> String {
    let class = doc.class_name(model).unwrap_or("a model that is gone");
    let id = doc.wire_id(model).unwrap_or("?");
    match CAPTIONS.iter().find_map(|property| text(doc, model, property).filter(|text| !text.is_empty())) {
        Some(caption) => format!("{class}({id}) {caption:?}"),
        None => format!("{class}({id})"),
    }
}

fn describe_all<M: Model>(doc: &Document, models: &[M]) -> Vec<String> {
    models.iter().map(|model| describe(doc, model.id())).collect()
}

/// What has a place on the page, layouts aside.
fn seen(doc: &Document) -> Vec<String> {
    let models = shown::in_order(doc).into_iter();
    let is_seen = |model: &ModelId| doc.value(*model, "visible").is_ok() && doc.value(*model, "children").is_err();
    models.filter(is_seen).map(|model| describe(doc, model)).collect()
}

/// A property that is a text, or a model that has one, such as the title of a plot.
fn text(doc: &Document, model: ModelId, property: &str) -> Option<String> {
    match doc.value(model, property).ok()? {
        Value::Str(text) => Some(text.to_string()),
        Value::Model(titled) => doc.value(titled, "text").ok()?.as_str().map(str::to_owned),
        _ => None,
    }
}

fn listed(present: &[String]) -> String {
    const MAX_LISTED: usize = 20;
    match present.len() {
        0 => "nothing".to_owned(),
        n if n > MAX_LISTED => format!("{} and {} more", present[..MAX_LISTED].join(", "), n - MAX_LISTED),
        _ => present.join(", "),
    }
}
