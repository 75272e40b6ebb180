//! Maps with keys of any kind.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::{ModelId, Text, Value};

/// Key and value pairs in the order of their making. Cheap to clone.
///
/// Finding a string key costs the same in large maps as in small ones.
///
/// ```
/// use bokeh_protocol::{Map, Value};
///
/// let map = Map::from_iter([("x", Value::from(1)), ("y", Value::from(2))]);
/// assert_eq!(map.get("y"), Some(&Value::from(2)));
/// ```
#[derive(Clone, Default)]
pub struct Map(Arc<Entries>);

#[derive(Default)]
struct Entries {
    pairs: Vec<(Value, Value)>,
    /// Where string keys are, once somebody has looked for one in a large map. The first of several equal keys counts.
    places: OnceLock<Places>,
}

impl Map {
    /// The pairs in order.
    #[must_use]
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.0.pairs
    }

    /// The number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// The value of a string key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.place(key).map(|place| &self.entries()[place].1)
    }

    /// The value of a string key, to be changed in place. Unshares the map.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let place = self.0.place(key)?;
        Some(&mut Arc::make_mut(&mut self.0).pairs[place].1)
    }

    /// Sets the value of a key, at its old place when the key is known. Of keys that are no strings all are looked at.
    pub fn insert(&mut self, key: impl Into<Value>, value: Value) {
        let key = key.into();
        let place = match &key {
            Value::Str(name) => self.0.place(name),
            key => self.entries().iter().position(|(other, _)| other == key),
        };
        let entries = Arc::make_mut(&mut self.0);
        match place {
            Some(place) => entries.pairs[place].1 = value,
            None => entries.push(key, value),
        }
    }

    /// Sets the values of all keys of another map. With string keys it costs as much as the other map is long, unless this
    /// one is shared.
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
        for (key, value) in other.entries() {
            self.insert(key.clone(), value.clone());
        }
    }

    /// Keys that are strings, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries().iter().filter_map(|(key, _)| key.as_str())
    }

    pub(crate) fn for_each_model(&self, visit: &mut dyn FnMut(ModelId)) {
        for (key, value) in self.entries() {
            key.for_each_model(visit);
            value.for_each_model(visit);
        }
    }

    pub(crate) fn is_same(&self, other: &Map) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

type Places = HashMap<Text, usize>;

impl Entries {
    /// Up to so many pairs are searched one by one.
    const SMALL: usize = 32;

    fn place(&self, key: &str) -> Option<usize> {
        if self.pairs.len() > Self::SMALL {
            return self.places.get_or_init(|| self.look_up()).get(key).copied();
        }
        self.pairs.iter().position(|(other, _)| other.as_str() == Some(key))
    }

    fn look_up(&self) -> Places {
        let mut places = Places::with_capacity(self.pairs.len());
        for (place, (key, _)) in self.pairs.iter().enumerate() {
            if let Value::Str(name) = key {
                places.entry(name.clone()).or_insert(place);
            }
        }
        #[cfg(test)]
        tests::N_LOOKED_UP.set(tests::N_LOOKED_UP.get() + self.pairs.len());
        places
    }

    fn push(&mut self, key: Value, value: Value) {
        if let (Value::Str(name), Some(places)) = (&key, self.places.get_mut()) {
            places.entry(name.clone()).or_insert(self.pairs.len());
        }
        self.pairs.push((key, value));
    }
}

/// The places are looked up anew when they are needed again.
impl Clone for Entries {
    fn clone(&self) -> Self {
        Entries { pairs: self.pairs.clone(), places: OnceLock::new() }
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.entries() == other.entries()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries().iter().map(|(key, value)| (key, value))).finish()
    }
}

impl<K: Into<Value>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        let pairs = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        Map(Arc::new(Entries { pairs, places: OnceLock::new() }))
    }
}

#[cfg(test)]
mod tests;
