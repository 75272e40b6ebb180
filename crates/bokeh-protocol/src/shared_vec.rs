//! A vector that is cheap to clone and cheap to stream through.

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A shared vector with head room at both ends: clones share the items, the only owner appends in place, and
/// dropping items from the front only moves an offset until half of the vector is dead.
///
/// Streaming `k` items with a rollover therefore costs `O(k)`, however long the column is.
///
/// ```
/// use bokeh_protocol::SharedVec;
///
/// let mut column = SharedVec::from(vec![1.0, 2.0, 3.0]);
/// let snapshot = column.clone();
/// column.extend_from_slice(&[4.0]);
/// column.keep_last(2);
/// assert_eq!(*column, [3.0, 4.0]);
/// assert_eq!(*snapshot, [1.0, 2.0, 3.0]);
/// ```
pub struct SharedVec<T> {
    items: Arc<Vec<T>>,
    start: usize,
    /// Before the end of the items only in what [`SharedVec::advance`] has answered.
    end: usize,
}

impl<T> SharedVec<T> {
    /// The visible items.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items[self.start..self.end]
    }

    /// Whether both are the same allocation and range, and so equal without a look at the items.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.items, &other.items) && (self.start, self.end) == (other.start, other.end)
    }
}

impl<T: Clone> SharedVec<T> {
    /// The items, to be changed in place. Copies them first when they are shared.
    pub fn make_mut(&mut self) -> &mut [T] {
        self.unshare();
        let start = self.start;
        &mut self.own()[start..]
    }

    /// Appends one item.
    pub fn push(&mut self, item: T) {
        self.own().push(item);
        self.end += 1;
    }

    /// Appends clones of `items`.
    pub fn extend_from_slice(&mut self, items: &[T]) {
        self.own().extend_from_slice(items);
        self.end += items.len();
    }

    /// Appends clones of `items`, then drops items from the front until at most `n` are left. Answers what was there before,
    /// which shares the items and so costs nothing; but while that is kept, further changes have to copy.
    ///
    /// ```
    /// use bokeh_protocol::SharedVec;
    ///
    /// let mut column = SharedVec::from(vec![1, 2, 3]);
    /// let before = column.advance(&[4], Some(2));
    /// assert_eq!(*column, [3, 4]);
    /// assert_eq!(*before, [1, 2, 3]);
    /// ```
    pub fn advance(&mut self, items: &[T], n: Option<usize>) -> Self {
        // What is dead goes before the change: what is dropped by it still belongs to the answer.
        self.own();
        self.compact();
        let (start, end) = (self.start, self.end);
        self.extend_from_slice(items);
        self.start += n.map_or(0, |n| self.len().saturating_sub(n));
        SharedVec { items: Arc::clone(&self.items), start, end }
    }

    /// Drops items from the front until at most `n` are left.
    pub fn keep_last(&mut self, n: usize) {
        let excess = self.len().saturating_sub(n);
        if excess == 0 {
            return;
        }
        self.start += excess;
        self.compact();
    }

    /// Replaces the items in `range` by `with`, whose length may differ. The range must lie within the vector.
    pub fn splice(&mut self, range: std::ops::Range<usize>, with: &[T]) {
        self.unshare();
        let (from, to) = (self.start + range.start, self.start + range.end);
        self.own().splice(from..to, with.iter().cloned());
        self.end = self.items.len();
    }

    /// The vector itself, with the dead part at its front.
    fn own(&mut self) -> &mut Vec<T> {
        self.unshare();
        let items = Arc::get_mut(&mut self.items).expect("the items were just made unique");
        items.truncate(self.end);
        items
    }

    /// Lets the dead part go when it is longer than what is left.
    fn compact(&mut self) {
        if self.start <= self.len() {
            return;
        }
        match Arc::get_mut(&mut self.items) {
            Some(items) => drop(items.drain(..self.start)),
            None => self.items = Arc::new(self.as_slice().to_vec()),
        }
        self.end -= std::mem::take(&mut self.start);
    }

    /// Copies the visible part when others share the items; `start` is 0 then.
    fn unshare(&mut self) {
        if Arc::get_mut(&mut self.items).is_none() {
            let mut items = Vec::with_capacity(self.len() + self.len() / 4 + 4);
            items.extend_from_slice(self.as_slice());
            self.items = Arc::new(items);
            self.end -= std::mem::take(&mut self.start);
        }
    }
}

impl<T> Deref for SharedVec<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> From<Vec<T>> for SharedVec<T> {
    fn from(items: Vec<T>) -> Self {
        SharedVec { start: 0, end: items.len(), items: Arc::new(items) }
    }
}

impl<T> FromIterator<T> for SharedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> Clone for SharedVec<T> {
    fn clone(&self) -> Self {
        SharedVec { items: Arc::clone(&self.items), start: self.start, end: self.end }
    }
}

impl<T: fmt::Debug> fmt::Debug for SharedVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<T: PartialEq> PartialEq for SharedVec<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.as_slice() == other.as_slice()
    }
}

impl<T: bytemuck::NoUninit> AsRef<[u8]> for SharedVec<T> {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(self.as_slice())
    }
}
