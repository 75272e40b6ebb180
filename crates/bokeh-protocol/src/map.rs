//! Maps with keys of any kind.

use std::collections::HashMap;

use crate::value::matches_in_any_order;
use crate::{ModelId, SharedVec, Text, Value};

/// Key and value pairs in the order of their making.
///
/// ```
/// use bokeh_protocol::{Map, Value};
///
/// let map = Map::from_iter([("x", Value::from(1)), ("y", Value::from(2))]);
/// assert_eq!(map.get("y"), Some(&Value::from(2)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(SharedVec<(Value, Value)>);

impl Map {
    /// The pairs in order.
    #[must_use]
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.0
    }

    /// The number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a string key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The value of a string key, to be changed in place. Unshares the map.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let index = self.0.iter().position(|(k, _)| k.as_str() == Some(key))?;
        Some(&mut self.0.make_mut()[index].1)
    }

    /// Sets the value of a key, at its old place when the key is known.
    pub fn insert(&mut self, key: impl Into<Value>, value: Value) {
        let key = key.into();
        match self.0.iter().position(|(k, _)| *k == key) {
            Some(index) => self.0.make_mut()[index].1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// Sets the values of all keys of another map. Costs as much as both are long.
    ///
    /// ```
    /// use bokeh_protocol::{Map, Value};
    ///
    /// let mut map = Map::from_iter([("x", Value::from(1)), ("y", Value::from(2))]);
    /// map.merge(&Map::from_iter([("z", Value::from(3)), ("x", Value::from(4))]));
    /// assert_eq!(map.keys().collect::<Vec<_>>(), ["x", "y", "z"]);
    /// assert_eq!(map.get("x"), Some(&Value::from(4)));
    /// ```
    pub fn merge(&mut self, other: &Map) {
        let named = |(place, (key, _)): (usize, &(Value, Value))| match key {
            Value::Str(name) => Some((name.clone(), place)),
            _ => None,
        };
        let mut places: HashMap<Text, usize> = self.0.iter().enumerate().filter_map(named).collect();
        for (key, value) in other.entries() {
            match key {
                Value::Str(name) => match places.get(name) {
                    Some(place) => self.0.make_mut()[*place].1 = value.clone(),
                    None => {
                        places.insert(name.clone(), self.len());
                        self.0.push((key.clone(), value.clone()));
                    }
                },
                key => self.insert(key.clone(), value.clone()),
            }
        }
    }

    /// Keys that are strings, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(key, _)| key.as_str())
    }

    pub(crate) fn for_each_model(&self, visit: &mut dyn FnMut(ModelId)) {
        for (key, value) in self.entries() {
            key.for_each_model(visit);
            value.for_each_model(visit);
        }
    }

    pub(crate) fn matches(&self, other: &Map) -> bool {
        let same = |a: &(Value, Value), b: &(Value, Value)| a.0.matches(&b.0) && a.1.matches(&b.1);
        self.0.is_same(&other.0) || matches_in_any_order(&self.0, &other.0, same)
    }
}

impl<K: Into<Value>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}
