//! Names that are numbered as they come.

use std::collections::HashMap;

use bokeh_protocol::Text;

/// Different names and their places. Peers choose them, so the hash must not be guessable.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<Text>,
    places: HashMap<Text, usize>,
}

impl Names {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Text> {
        self.names.get(place)
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Adds a name that is not there yet. Answers its place.
    pub(crate) fn push(&mut self, name: &str) -> usize {
        let (name, place) = (Text::from(name), self.names.len());
        self.names.push(name.clone());
        self.places.insert(name, place);
        place
    }

    /// Keeps the first `len` names.
    pub(crate) fn truncate(&mut self, len: usize) {
        for name in self.names.drain(len.min(self.names.len())..) {
            self.places.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_until_they_are_forgotten() {
        let mut names = Names::default();
        assert_eq!([names.push("a"), names.push("b"), names.push("c")], [0, 1, 2]);
        names.truncate(1);
        assert_eq!((names.place("a"), names.place("b"), names.len()), (Some(0), None, 1));
        assert_eq!(names.push("c"), 1);
        assert_eq!((names.place("c"), names.get(1)), (Some(1), Some(&"c".into())));
        names.truncate(5);
        assert_eq!(names.len(), 2);
    }
}
