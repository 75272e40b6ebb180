//! Watching callbacks from outside.

use std::sync::Arc;

use crate::Document;

/// Is told when user code begins and ends to run with a document, so that it can tell which takes long: the document itself
/// has no clock.
///
/// Callbacks that others call are told of inside of them, like brackets.
pub trait CallbackObserver: Send + Sync {
    /// User code begins. The name is what messages call it, such as `the callback of Slider(m1004).value`.
    fn began(&self, callback: &Arc<str>);

    /// The code that began last has ended.
    fn ended(&self);
}

impl Document {
    /// Tells `observer` of all callbacks from now on, and of the jobs that come by the document's
    /// [handle](Document::handle). For owners of documents.
    pub fn set_observer(&mut self, observer: Arc<dyn CallbackObserver>) {
        self.observer = Some(observer);
    }
}
