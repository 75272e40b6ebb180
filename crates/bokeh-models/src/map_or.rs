//! Maps that may be models.

use std::collections::{BTreeMap, HashMap};

use bokeh_protocol::Value;

use crate::{Dict, FromValue, IntoModel, IntoProp, IsA, Model};

/// A map, or a model with the same entries: the styles of an element.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let loud = doc.add(Div::new().text("loud").styles([("color", "red"), ("font-size", "20px")]));
/// let quiet = doc.add(Div::new().text("quiet").styles(Styles::new().color("gray")));
/// let styles = loud.styles(&doc);
/// assert_eq!(styles.as_map().and_then(|styles| styles.get("color")), Some(&Some("red".to_owned())));
/// assert!(quiet.styles(&doc).as_map().is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum MapOr<K, V, M> {
    /// A map.
    Map(Dict<K, V>),
    /// A model.
    Model(M),
}

impl<K, V, M> MapOr<K, V, M> {
    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Dict<K, V>> {
        match self {
            MapOr::Map(map) => Some(map),
            MapOr::Model(_) => None,
        }
    }
}

impl<K: FromValue, V: FromValue, M: Model> FromValue for MapOr<K, V, M> {
    fn from_value(value: &Value) -> Option<Self> {
        match value.as_model() {
            Some(model) => Some(MapOr::Model(M::from_id(model))),
            None => Dict::from_value(value).map(MapOr::Map),
        }
    }
}

macro_rules! maps {
    ($([$($generics:tt)*] $from:ty;)*) => {$(
        impl<K, V, M: Model, A: IntoProp<K>, B: IntoProp<V>, $($generics)*> IntoProp<MapOr<K, V, M>> for $from {
            fn into_prop(self) -> Value {
                IntoProp::<Dict<K, V>>::into_prop(self)
            }
        }
    )*};
}
maps! {
    [] Vec<(A, B)>;
    [const N: usize] [(A, B); N];
    [] Dict<A, B>;
    [] BTreeMap<A, B>;
    [S] HashMap<A, B, S>;
}

impl<K, V, M: Model> IntoProp<MapOr<K, V, M>> for () {
    fn into_prop(self) -> Value {
        IntoProp::<Dict<K, V>>::into_prop(self)
    }
}

#[diagnostic::do_not_recommend]
impl<K, V, M: Model, T: IntoModel> IntoProp<MapOr<K, V, M>> for T
where
    T::Handle: IsA<M>,
{
    fn into_prop(self) -> Value {
        self.into_model_value()
    }
}

impl<K: IntoProp<K>, V: IntoProp<V>, M: Model> IntoProp<MapOr<K, V, M>> for MapOr<K, V, M> {
    fn into_prop(self) -> Value {
        match self {
            MapOr::Map(map) => IntoProp::<Dict<K, V>>::into_prop(map),
            MapOr::Model(model) => Value::Model(model.id()),
        }
    }
}
