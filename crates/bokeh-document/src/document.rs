//! The document: its models, its roots, and the one door through which they change.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bokeh_protocol::{ModelId, PatchEvent, Text, Value};
use bokeh_schema::{ClassDef, Kind};
use rustc_hash::FxHashMap;

use crate::callback::{Callbacks, Key, Notice};
use crate::changes::Changes;
use crate::class::{Class, DynamicClasses};
use crate::gone::GoneIds;
use crate::hold::{Held, HoldState};
use crate::kind_check::ModelClasses;
use crate::model::{Attr, Entry};
use crate::primary::Replica;
use crate::theme::ThemeState;
use crate::work::PendingWork;
use crate::{
    CallbackFailure, CallbackId, CallbackObserver, Change, DocumentHandle, GetError, Origin, PropertyChange, Schedule,
    ScheduleChange, SetError, defaults,
};

/// A graph of models with a title, which reports every change.
///
/// The document owns the models; a [`ModelId`] names one of them. Whoever holds `&mut Document` is the only one who can
/// change it.
///
/// ```
/// use bokeh_document::{Change, Document, Origin};
/// use bokeh_protocol::{Object, PatchEvent, Value};
///
/// let mut doc = Document::new();
/// let attributes = vec![("start".into(), 0.into()), ("end".into(), 10.into()), ("value".into(), 1.into())];
/// let slider = doc.add_root(Object { name: "Slider".into(), id: None, attributes });
/// doc.take_changes();
///
/// doc.on_change(slider, "value", move |doc, change| doc.set_title(format!("moved to {:?}", change.new)))?;
/// doc.set_value(slider, "value", Value::from(5))?;
///
/// assert_eq!(doc.title(), "moved to Int(5)");
/// assert_eq!(doc.take_changes().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Document {
    pub(crate) tag: u32,
    pub(crate) ids: WireIds,
    pub(crate) models: FxHashMap<u32, Entry>,
    pub(crate) next_index: u32,
    /// Peers choose ids, so the hash must not be guessable.
    pub(crate) by_wire_id: HashMap<Text, u32>,
    pub(crate) dynamic: DynamicClasses,
    pub(crate) roots: Vec<ModelId>,
    pub(crate) config: Option<ModelId>,
    pub(crate) title: Text,
    pub(crate) graph: crate::lifetime::GraphState,
    pub(crate) changes: Changes,
    pub(crate) hold: HoldState,
    pub(crate) callbacks: Callbacks,
    pub(crate) schedules: FxHashMap<CallbackId, Schedule>,
    pub(crate) schedule_changes: Vec<ScheduleChange>,
    pub(crate) warnings: Vec<String>,
    /// Models under ids of models that were gone, since these were last asked for.
    pub(crate) returned: Vec<ModelId>,
    pub(crate) handle: Option<DocumentHandle>,
    pub(crate) work: Vec<PendingWork>,
    pub(crate) observer: Option<Arc<dyn CallbackObserver>>,
    pub(crate) has_exact_peers: bool,
    pub(crate) follows_server: bool,
    /// Set in a replica.
    pub(crate) replica: Option<Box<Replica>>,
    pub(crate) theme: Option<Box<ThemeState>>,
    /// The definitions of classes that came with a pushed document, as they came.
    pub(crate) defs: Vec<serde_json::Value>,
    /// What JavaScript is to do when events of the document happen: a map, or nothing.
    pub(crate) js_callbacks: Value,
}

/// Makes ids for the wire: a prefix and a counter that starts at 1001.
#[derive(Debug)]
pub(crate) struct WireIds {
    pub(crate) prefix: Text,
    pub(crate) next: u64,
    /// Ids of models that are gone. A late change of one of them is no error.
    pub(crate) gone: GoneIds,
}

impl Document {
    /// The title of a document that was given none.
    pub const DEFAULT_TITLE: &'static str = "Bokeh Application";

    /// An empty document.
    #[must_use]
    pub fn new() -> Self {
        // Two processes' worth of documents may share a tag after 2^32 of them; by then the first ones are gone.
        static TAGS: AtomicU32 = AtomicU32::new(1);
        let mut document = Document {
            tag: TAGS.fetch_add(1, Ordering::Relaxed),
            ids: WireIds { prefix: Text::from_static("m"), next: 1001, gone: GoneIds::default() },
            models: FxHashMap::default(),
            next_index: 1,
            by_wire_id: HashMap::new(),
            dynamic: DynamicClasses::default(),
            roots: Vec::new(),
            config: None,
            title: Text::from_static(Self::DEFAULT_TITLE),
            graph: crate::lifetime::GraphState::default(),
            changes: Changes::default(),
            hold: HoldState::default(),
            callbacks: Callbacks::default(),
            schedules: FxHashMap::default(),
            schedule_changes: Vec::new(),
            warnings: Vec::new(),
            returned: Vec::new(),
            handle: None,
            work: Vec::new(),
            observer: None,
            has_exact_peers: false,
            follows_server: false,
            replica: None,
            theme: None,
            defs: Vec::new(),
            js_callbacks: Value::default(),
        };
        document.config = Some(document.new_config());
        document
    }

    /// Makes ids under another prefix than `m` from now on: for the documents of clients, whose ids must not meet those of
    /// the server.
    pub fn set_id_prefix(&mut self, prefix: impl Into<Text>) {
        self.ids.prefix = prefix.into();
    }

    /// Says that the peers of this document compute streams as it does itself, which servers do and BokehJS does not always:
    /// then the outcome is never sent back to the author of a stream.
    pub fn expect_exact_peers(&mut self) {
        self.has_exact_peers = true;
    }

    /// Says that this document is a copy, and its only peer the server whose word counts. A definition of a model that is
    /// here already then says what the model holds, and a patch that refers to a model that is gone is an error: the copy
    /// has missed something.
    pub fn follow_server(&mut self) {
        self.follows_server = true;
    }

    /// The title, shown in the browser's tab.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Changes the title.
    pub fn set_title(&mut self, title: impl Into<Text>) {
        self.title_from(title.into(), Origin::Local);
    }

    pub(crate) fn title_from(&mut self, title: Text, origin: Origin) {
        if self.title != title {
            self.title = title.clone();
            self.report(Some(Change { origin, event: PatchEvent::TitleChanged { title } }), None);
        }
    }

    /// Whether the model is in this document.
    #[must_use]
    pub fn contains(&self, model: ModelId) -> bool {
        self.entry(model).is_ok()
    }

    /// The number of models in this document, those that are not reachable from a root included.
    #[must_use]
    pub fn n_models(&self) -> usize {
        self.models.len()
    }

    /// The model's class, by its name on the wire.
    #[must_use]
    pub fn class_name(&self, model: ModelId) -> Option<&str> {
        self.entry(model).ok().map(|entry| self.name_of(entry.class))
    }

    /// Whether the model's class is `class` or below it. Of classes without a table this is never known.
    #[must_use]
    pub fn is_a(&self, model: ModelId, class: &ClassDef) -> bool {
        matches!(self.entry(model), Ok(Entry { class: Class::Known(known), .. }) if known.is_a(class))
    }

    /// The model's id on the wire.
    #[must_use]
    pub fn wire_id(&self, model: ModelId) -> Option<&str> {
        self.entry(model).ok().map(|entry| &*entry.wire_id)
    }

    /// The model with that id on the wire.
    #[must_use]
    pub fn model_by_wire_id(&self, id: &str) -> Option<ModelId> {
        self.by_wire_id.get(id).map(|index| self.id(*index))
    }

    /// All models that are reachable from the roots, in no particular order.
    pub fn models(&self) -> impl Iterator<Item = ModelId> {
        self.reachable(self.roots.clone()).into_iter()
    }

    /// Calls `visit` with each model that a property of this one refers to.
    pub fn for_each_linked(&self, model: ModelId, visit: &mut dyn FnMut(ModelId)) {
        self.entry(model).into_iter().flat_map(|entry| entry.linked()).for_each(visit);
    }

    /// The first model reachable from the roots whose property `name` has this value.
    #[must_use]
    pub fn model_by_name(&self, name: &str) -> Option<ModelId> {
        let has_name = |model: &ModelId| matches!(self.value(*model, "name"), Ok(Value::Str(text)) if text == *name);
        self.models().filter(has_name).min()
    }

    /// What a property holds: what was set, or its default.
    ///
    /// # Errors
    /// When there is no such model or property, or the property has neither value nor default.
    pub fn value(&self, model: ModelId, property: &str) -> Result<Value, GetError> {
        let entry = self.entry(model)?;
        let attr = self.attr(entry.class, property)?;
        self.effective(entry, attr).ok_or_else(|| GetError::Unset {
            class: self.name_of(entry.class).to_owned(),
            property: property.to_owned(),
        })
    }

    /// Whether the property was ever set on this model, be it to its default.
    #[must_use]
    pub fn is_set(&self, model: ModelId, property: &str) -> bool {
        let set = |entry: &Entry| entry.get(self.attr(entry.class, property).ok()?).map(|_| ());
        self.entry(model).ok().and_then(set).is_some()
    }

    /// Sets a property. Models in the value that are not in the document yet are inserted with it. Setting an equal value
    /// is no change.
    ///
    /// # Errors
    /// When there is no such model or property, or the value is not of the property's kind.
    pub fn set_value(&mut self, model: ModelId, property: &str, value: Value) -> Result<(), SetError> {
        let class = self.entry(model)?.class;
        let attr = self.attr_mut(class, property)?;
        let value = self.adopt(value)?;
        let value = self.accept(class, attr, value)?;
        self.put(model, attr, value, Origin::Local);
        Ok(())
    }

    /// How many warnings are kept. A peer can give cause for a million in one message.
    pub const MAX_WARNINGS: usize = 100;

    /// Warnings since the last call: what a peer sent that was passed over. Beyond [`MAX_WARNINGS`](Self::MAX_WARNINGS) they
    /// are not kept.
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// The changes since the last call, in the order in which they happened. Models that left the document since are gone
    /// after the next call of [`sweep`](Self::sweep).
    pub fn take_changes(&mut self) -> Vec<Change> {
        self.changes.take()
    }

    /// How many failures of callbacks are kept. A message can make a callback fail a million times.
    pub const MAX_FAILURES: usize = 100;

    /// The callbacks that went wrong since the last call. Beyond [`MAX_FAILURES`](Self::MAX_FAILURES) they are not kept.
    pub fn take_failures(&mut self) -> Vec<CallbackFailure> {
        self.callbacks.take_failures()
    }

    /// A handle by which other tasks and threads reach this document; none until its owner has set one.
    #[must_use]
    pub fn handle(&self) -> Option<DocumentHandle> {
        self.handle.clone()
    }

    /// Sets the handle: a session does this before the application sees the document.
    pub fn set_handle(&mut self, handle: DocumentHandle) {
        self.handle = Some(handle);
    }

    /// Stores a checked value and tells of the change, if it is one.
    pub(crate) fn put(&mut self, model: ModelId, attr: Attr, value: Value, origin: Origin) {
        if let Some((spec, in_units)) = self.spec_in_units(model, attr, &value) {
            self.put(model, spec, in_units, origin);
        }
        let Some(entry) = self.models.get(&model.index) else { return };
        let old = self.effective(entry, attr);
        if old.as_ref().is_some_and(|old| old.matches(&value)) {
            return;
        }
        let class = entry.class;
        let is_attached = self.is_attached(model);
        if let Some(entry) = self.models.get_mut(&model.index) {
            self.graph.note(model, entry.put(attr, value.clone()));
        }
        let name = self.property_name(class, attr);
        let is_reported = is_attached && self.is_serialized(class, attr);
        let change = is_reported.then(|| {
            let event = match self.kind(class, attr) {
                Some(Kind::ColumnData) => match value.as_map() {
                    Some(data) => {
                        PatchEvent::ColumnDataChanged { model, attr: name.clone(), data: data.clone(), cols: None }
                    }
                    None => PatchEvent::ModelChanged { model, attr: name.clone(), new: value.clone() },
                },
                _ => PatchEvent::ModelChanged { model, attr: name.clone(), new: value.clone() },
            };
            Change { origin, event }
        });
        self.report_property(model, attr, change, old.unwrap_or_default(), value);
    }

    /// Tells of a change of a property: the owner by `change`, callbacks by the old and the new value.
    pub(crate) fn report_property(
        &mut self,
        model: ModelId,
        attr: Attr,
        change: Option<Change>,
        old: Value,
        new: Value,
    ) {
        let key = Key::Property(model, attr);
        let notice = self.callbacks.has(&key).then(|| {
            let class = self.models.get(&model.index).map(|entry| entry.class);
            let attr = class.map(|class| self.property_name(class, attr)).unwrap_or_default();
            (key, Notice::Property(PropertyChange { model, attr, old, new }))
        });
        self.report(change, notice);
    }

    /// The one place where changes are recorded and callbacks called, or both held back.
    pub(crate) fn report(&mut self, change: Option<Change>, notice: Option<(Key, Notice)>) {
        if self.hold.is_on() {
            if change.is_some() || notice.is_some() {
                self.hold_back(Held { change, notice });
            }
            return;
        }
        change.into_iter().for_each(|change| self.changes.push(change));
        if let Some((key, notice)) = notice {
            self.dispatch(&key, &notice);
        }
    }

    pub(crate) fn id(&self, index: u32) -> ModelId {
        ModelId { document: self.tag, index }
    }

    pub(crate) fn entry(&self, model: ModelId) -> Result<&Entry, GetError> {
        let entry = if model.document == self.tag { self.models.get(&model.index) } else { None };
        entry.ok_or(GetError::NoModel)
    }

    /// What an attribute holds: what was set, or the default.
    pub(crate) fn effective(&self, entry: &Entry, attr: Attr) -> Option<Value> {
        if let Some(value) = entry.get(attr) {
            return Some(value.clone());
        }
        match entry.class {
            Class::Known(class) => class.properties().get(usize::from(attr))?.default().as_ref().map(defaults::literal),
            Class::Dynamic(_) => None,
        }
    }
}

impl ModelClasses for Document {
    fn is_a(&self, model: ModelId, class: &'static ClassDef) -> bool {
        match self.entry(model) {
            Ok(Entry { class: Class::Known(known), .. }) => known.is_a(class),
            // What an extension's class inherits is not known; the browser knows.
            Ok(Entry { class: Class::Dynamic(_), .. }) => true,
            Err(_) => false,
        }
    }

    fn class_name(&self, model: ModelId) -> Option<&str> {
        Document::class_name(self, model)
    }
}

impl Population for Document {
    fn contains(&self, model: ModelId) -> bool {
        Document::contains(self, model)
    }
}

/// The models to which a value may refer.
pub(crate) trait Population: ModelClasses {
    fn contains(&self, model: ModelId) -> bool;
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("title", &self.title)
            .field("n_models", &self.models.len())
            .field("n_roots", &self.roots.len())
            .finish_non_exhaustive()
    }
}
