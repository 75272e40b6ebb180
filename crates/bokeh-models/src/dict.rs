//! Maps as properties.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;

use bokeh_protocol::{Map, Value};

use crate::{FromValue, IntoProp};

/// The entries of a property that is a map, in their order.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let div = doc.add(Div::new().html_attributes([("lang", "en")]));
/// assert_eq!(div.html_attributes(&doc).get("lang"), Some(&"en".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dict<K, V>(Vec<(K, V)>);

impl<K: PartialEq, V> Dict<K, V> {
    /// The value of a key.
    pub fn get<Q: ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: PartialEq<Q>,
    {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

impl<K, V> Deref for Dict<K, V> {
    type Target = [(K, V)];
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<K, V> FromIterator<(K, V)> for Dict<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Dict(entries.into_iter().collect())
    }
}

impl<K, V> IntoIterator for Dict<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: FromValue, V: FromValue> FromValue for Dict<K, V> {
    fn from_value(value: &Value) -> Option<Self> {
        let entry = |(key, value): &(Value, Value)| Some((K::from_value(key)?, V::from_value(value)?));
        value.as_map()?.entries().iter().map(entry).collect()
    }
}

macro_rules! maps {
    ($([$($generics:tt)*] $from:ty;)*) => {$(
        impl<K, V, A: IntoProp<K>, B: IntoProp<V>, $($generics)*> IntoProp<Dict<K, V>> for $from {
            fn into_prop(self) -> Value {
                Value::Map(self.into_iter().map(|(key, value)| (key.into_prop(), value.into_prop())).collect::<Map>())
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

impl<K, V> IntoProp<Dict<K, V>> for () {
    fn into_prop(self) -> Value {
        Value::Map(Map::default())
    }
}

/// Maps where a property can hold several kinds of values. Lists of pairs stay lists there.
macro_rules! any_maps {
    ($([$($generics:tt)*] $from:ty;)*) => {$(
        impl<A: IntoProp<Value>, B: IntoProp<Value>, $($generics)*> IntoProp<Value> for $from {
            fn into_prop(self) -> Value {
                Value::Map(self.into_iter().map(|(key, value)| (key.into_prop(), value.into_prop())).collect::<Map>())
            }
        }
    )*};
}
any_maps! {
    [] Dict<A, B>;
    [] BTreeMap<A, B>;
    [S] HashMap<A, B, S>;
}

impl IntoProp<Value> for Map {
    fn into_prop(self) -> Value {
        Value::Map(self)
    }
}
