//! The ids of models that are gone.

use std::collections::{HashSet, VecDeque};

use bokeh_protocol::Text;

/// Remembers ids, but not for ever: a page that makes and drops models all day must not fill the memory. A peer that
/// speaks of a model forgets it within a minute, BokehJS after 30 s.
#[derive(Debug, Default)]
pub(crate) struct GoneIds {
    ids: HashSet<Text>,
    oldest_first: VecDeque<Text>,
}

impl GoneIds {
    const MAX: usize = 10_000;

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    pub(crate) fn insert(&mut self, id: Text) {
        if self.ids.insert(id.clone()) {
            self.oldest_first.push_back(id);
        }
        if self.oldest_first.len() > Self::MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }

    /// Forgets an id that is in use again. Its place in the order stays, and forgets it once more when its time comes. Answers
    /// whether the id was there.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.ids.remove(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_ids_are_forgotten() {
        let mut gone = GoneIds::default();
        for n in 0..=GoneIds::MAX {
            gone.insert(Text::from(format!("p{n}")));
        }
        assert!(!gone.contains("p0"));
        assert!(gone.contains("p1") && gone.contains("p10000"));
        gone.remove("p1");
        assert!(!gone.contains("p1"));
        assert_eq!(gone.oldest_first.len(), GoneIds::MAX);
    }
}
