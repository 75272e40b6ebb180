use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// A table of at most so many entries: each one more than that takes the place of the oldest.
#[derive(Debug)]
pub(super) struct Newest<K, V> {
    limit: usize,
    by_key: HashMap<K, V>,
    /// The keys, oldest first.
    order: VecDeque<K>,
}

impl<K: Copy + Eq + Hash, V> Newest<K, V> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, by_key: HashMap::new(), order: VecDeque::new() }
    }

    /// Adds an entry, or replaces it at its place.
    pub(super) fn insert(&mut self, key: K, value: V) {
        if self.by_key.insert(key, value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_key.remove(&oldest);
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.by_key.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = K> {
        self.order.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_for_the_newest() {
        let mut newest = Newest::new(3);
        for (key, value) in [(1, 'a'), (2, 'b'), (1, 'c'), (3, 'd'), (4, 'e')] {
            newest.insert(key, value);
        }
        assert_eq!([1, 2, 3, 4].map(|key| newest.get(&key).copied()), [None, Some('b'), Some('d'), Some('e')]);
        assert_eq!(newest.keys().collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(newest.by_key.len(), 3);
    }
}
