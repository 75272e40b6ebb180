//! What templates see of documents and roots.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, Value, context};

use super::html;
use crate::render_item::{RenderItem, Root};

/// One value per document, with `elementid` (empty: each root has its own element) and `roots`.
pub(super) fn docs(items: &[RenderItem]) -> Vec<Value> {
    items
        .iter()
        .map(|item| context! { elementid => "", roots => Value::from_object(Roots(item.roots().to_vec())) })
        .collect()
}

/// The element that a root, or a whole document, is drawn in.
pub(crate) fn embed(object: &Value) -> Result<Value, Error> {
    let text = |name| object.get_attr(name).map(|value| value.as_str().unwrap_or_default().to_owned());
    let element_id = text("elementid")?;
    if element_id.is_empty() {
        return Err(Error::new(ErrorKind::InvalidOperation, "embed wants a root of the document"));
    }
    Ok(Value::from_safe_string(html::element_of(&element_id, &text("id")?)))
}

/// A list whose items are also found by name.
#[derive(Debug)]
struct Roots(Vec<Root>);

impl Object for Roots {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let root = match key.as_str() {
            Some(name) => self.0.iter().find(|root| root.has_name(name)),
            None => self.0.get(key.as_usize()?),
        };
        root.map(value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

fn value(root: &Root) -> Value {
    let (name, tags) = root.name_and_tags();
    context! {
        id => root.model_id(),
        elementid => root.element_id().as_str(),
        name,
        tags => tags.iter().map(Value::from).collect::<Vec<_>>(),
    }
}
