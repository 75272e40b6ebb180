//! Callbacks: their registration, and running them without surprises.

use std::any::Any;
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bokeh_protocol::{Event, ModelId, Text, Value};
use rustc_hash::FxHashMap;

use crate::Document;
use crate::model::Attr;

/// What a callback returns: an error is logged with the place where it happened, and nothing else stops.
pub type CallbackResult = Result<(), Box<dyn Error + Send + Sync>>;

/// What a closure may return to serve as a callback: nothing, or a `Result` (so that `?` works in it).
pub trait CallbackOutput {
    /// The outcome.
    ///
    /// # Errors
    /// The closure's own.
    fn into_result(self) -> CallbackResult;
}

impl CallbackOutput for () {
    fn into_result(self) -> CallbackResult {
        Ok(())
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> CallbackOutput for Result<(), E> {
    fn into_result(self) -> CallbackResult {
        self.map_err(Into::into)
    }
}

/// A registered callback, for its removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallbackId(pub(crate) u64);

/// The change of a property that a callback is told of.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyChange {
    /// The model.
    pub model: ModelId,
    /// The name of the property.
    pub attr: Text,
    /// The value before.
    pub old: Value,
    /// The value after, also when the property has changed again since.
    pub new: Value,
}

/// A callback that went wrong. The changes that it made before stay.
#[derive(Debug)]
pub struct CallbackFailure {
    /// What it was made for, such as `the callback of Slider(m1004).value`.
    pub callback: String,
    /// What went wrong.
    pub error: FailureError,
}

/// What went wrong in a callback.
#[derive(Debug)]
#[non_exhaustive]
pub enum FailureError {
    /// It returned an error.
    Returned(Box<dyn Error + Send + Sync>),
    /// It panicked with this message.
    Panicked(String),
    /// Callbacks called each other without an end; the chain, outermost first.
    Runaway(Vec<String>),
}

impl fmt::Display for CallbackFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let callback = &self.callback;
        match &self.error {
            FailureError::Returned(error) => write!(f, "{callback} failed: {error}"),
            FailureError::Panicked(message) => write!(f, "{callback} panicked: {message}"),
            FailureError::Runaway(chain) => {
                write!(f, "callbacks called each other without an end, cut at {callback}: {}", chain.join(" -> "))
            }
        }
    }
}

impl Error for CallbackFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.error {
            FailureError::Returned(error) => Some(&**error),
            FailureError::Panicked(_) | FailureError::Runaway(_) => None,
        }
    }
}

/// What callbacks are registered for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Property(ModelId, Attr),
    Event(Option<ModelId>, Text),
    Message(Text),
    Scheduled(CallbackId),
    SessionDestroyed,
}

/// What a callback is told.
#[derive(Clone, Debug)]
pub(crate) enum Notice {
    Property(PropertyChange),
    Event(Event),
    Message(Value),
    Tick,
}

type Closure = Box<dyn FnMut(&mut Document, &Notice) -> CallbackResult + Send>;

#[derive(Default)]
pub(crate) struct Callbacks {
    last_id: u64,
    registered: FxHashMap<CallbackId, Registered>,
    by_key: FxHashMap<Key, Vec<CallbackId>>,
    running: Vec<CallbackId>,
    failures: Vec<CallbackFailure>,
}

struct Registered {
    key: Key,
    name: Arc<str>,
    /// Taken out while it runs.
    closure: Option<Closure>,
    /// What happened while it ran.
    pending: VecDeque<Notice>,
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("n_registered", &self.registered.len()).finish_non_exhaustive()
    }
}

impl Callbacks {
    pub(crate) fn new_id(&mut self) -> CallbackId {
        self.last_id += 1;
        CallbackId(self.last_id)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.registered.is_empty()
    }

    /// Registers a closure; `cause` says what for, in messages.
    pub(crate) fn add(&mut self, id: CallbackId, key: Key, cause: impl fmt::Display, closure: Closure) {
        let name = format!("the callback of {cause}").into();
        self.by_key.entry(key.clone()).or_default().push(id);
        self.registered.insert(id, Registered { key, name, closure: Some(closure), pending: VecDeque::new() });
    }

    /// Removes a callback; also one that is running, which then is not called again.
    pub(crate) fn remove(&mut self, id: CallbackId) -> bool {
        let Some(registered) = self.registered.remove(&id) else { return false };
        if let Some(ids) = self.by_key.get_mut(&registered.key) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_key.remove(&registered.key);
            }
        }
        true
    }

    pub(crate) fn remove_all(&mut self, key: &Key) {
        for id in self.by_key.remove(key).unwrap_or_default() {
            self.registered.remove(&id);
        }
    }

    /// Removes the callbacks of models that are gone.
    pub(crate) fn retain_models(&mut self, is_there: impl Fn(ModelId) -> bool) {
        self.registered.retain(|_, registered| match &registered.key {
            Key::Property(model, _) | Key::Event(Some(model), _) => is_there(*model),
            Key::Event(None, _) | Key::Message(_) | Key::Scheduled(_) | Key::SessionDestroyed => true,
        });
        let registered = &self.registered;
        self.by_key.retain(|_, ids| {
            ids.retain(|id| registered.contains_key(id));
            !ids.is_empty()
        });
    }

    /// What a callback is registered for.
    pub(crate) fn key(&self, id: CallbackId) -> Option<&Key> {
        self.registered.get(&id).map(|registered| &registered.key)
    }

    pub(crate) fn has(&self, key: &Key) -> bool {
        self.by_key.contains_key(key)
    }

    /// What there are callbacks for.
    pub(crate) fn keys(&self) -> Vec<Key> {
        self.by_key.keys().cloned().collect()
    }

    pub(crate) fn fail(&mut self, callback: &str, error: FailureError) {
        if self.failures.len() < Document::MAX_FAILURES {
            self.failures.push(CallbackFailure { callback: callback.to_owned(), error });
        }
    }

    pub(crate) fn take_failures(&mut self) -> Vec<CallbackFailure> {
        std::mem::take(&mut self.failures)
    }
}

impl Document {
    /// How many callbacks may run inside each other before the chain is cut.
    pub const MAX_CALLBACK_DEPTH: usize = 32;
    /// How many changes may wait for one running callback before the chain is cut.
    pub const MAX_PENDING_CHANGES: usize = 1000;

    /// Runs the callbacks of `key` in the order of their registration.
    ///
    /// A closure that is running is not entered again: it is told of the change when it returns.
    pub(crate) fn dispatch(&mut self, key: &Key, notice: &Notice) {
        let Some(ids) = self.callbacks.by_key.get(key).cloned() else { return };
        for id in ids {
            let depth = self.callbacks.running.len();
            let Some(registered) = self.callbacks.registered.get_mut(&id) else { continue };
            if let Some(closure) = registered.closure.take_if(|_| depth < Self::MAX_CALLBACK_DEPTH) {
                self.run(id, closure, notice.clone());
            } else if registered.closure.is_none() && registered.pending.len() < Self::MAX_PENDING_CHANGES {
                registered.pending.push_back(notice.clone());
            } else {
                registered.pending.clear();
                self.cut(id);
            }
        }
    }

    /// Runs one callback for `notice` and for what happens to its own key meanwhile.
    fn run(&mut self, id: CallbackId, mut closure: Closure, notice: Notice) {
        self.callbacks.running.push(id);
        let mut next = Some(notice);
        let mut n_runs = 0;
        while let Some(notice) = next {
            let name = self.callback_name(id);
            if let Ok(Err(error)) = self.attempt(&name, |document| closure(document, &notice)) {
                self.callbacks.fail(&name, FailureError::Returned(error));
            }
            n_runs += 1;
            let registered = self.callbacks.registered.get_mut(&id);
            next = registered.and_then(|registered| registered.pending.pop_front());
            if next.is_some() && n_runs > Self::MAX_PENDING_CHANGES {
                if let Some(registered) = self.callbacks.registered.get_mut(&id) {
                    registered.pending.clear();
                }
                self.cut(id);
                break;
            }
        }
        self.callbacks.running.pop();
        if let Some(registered) = self.callbacks.registered.get_mut(&id) {
            registered.closure = Some(closure);
        }
    }

    /// Runs user code where a panic ends nothing else. It is kept as a failure, and its message returned.
    pub(crate) fn attempt<T>(&mut self, name: &Arc<str>, code: impl FnOnce(&mut Document) -> T) -> Result<T, String> {
        let (observer, handle) = (self.observer.clone(), self.handle.clone());
        if let Some(observer) = &observer {
            observer.began(name);
        }
        // The document's own state is consistent wherever a callback is called, so it is after a panic, too.
        let code = AssertUnwindSafe(|| code(self));
        let outcome = match handle {
            Some(handle) => handle.enter(|| catch_unwind(code)),
            None => catch_unwind(code),
        };
        if let Some(observer) = &observer {
            observer.ended();
        }
        outcome.map_err(|panic| {
            let message = panic_message(&*panic);
            self.callbacks.fail(name, FailureError::Panicked(message.clone()));
            message
        })
    }

    fn cut(&mut self, id: CallbackId) {
        let chain = self.callbacks.running.iter().map(|id| self.callback_name(*id).to_string()).collect();
        let name = self.callback_name(id);
        self.callbacks.fail(&name, FailureError::Runaway(chain));
    }

    fn callback_name(&self, id: CallbackId) -> Arc<str> {
        self.callbacks.registered.get(&id).map_or_else(|| "a removed callback".into(), |it| it.name.clone())
    }
}

pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text.clone()
    } else {
        "a value that is no text".to_owned()
    }
}
