//! What templates see of documents and roots.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Value, context};

use crate::render_item::{RenderItem, Root};

/// One value per document, with `elementid` (empty: each root has its own element) and `roots`.
pub(super) fn docs(items: &[RenderItem]) -> Vec<Value> {
    items
        .iter()
        .map(|item| context! { elementid => "", roots => Value::from_object(Roots(item.roots().to_vec())) })
        .collect()
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
