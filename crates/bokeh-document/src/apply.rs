//! Patches from peers: read and checked whole, then applied whole.

use bokeh_protocol::{Buffer, Decoder, Map, ModelId, PatchEvent, Value};
use bokeh_schema::Kind;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use crate::class::Class;
use crate::data::check_stream;
use crate::effort::Effort;
use crate::model::Attr;
use crate::redefine::Unnamed;
use crate::stage::{Committed, Meaning, Stage};
use crate::subscribe::BOKEH_EVENT;
use crate::{Change, Document, EventError, GetError, Origin, PatchError, SetError, columns};

/// An event of a patch that can be applied: models and properties found, values in their normal form.
enum Step {
    Set(ModelId, Attr, Value),
    Columns(ModelId, Attr, Map, Option<Vec<bokeh_protocol::Text>>),
    Stream(ModelId, Attr, Map, Option<usize>),
    Patch(ModelId, Attr, crate::ColumnPatches),
    /// The rest needs no preparation.
    Other(PatchEvent),
}

/// What became of a patch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The models that the peer defined, and so knows.
    pub defined: Vec<ModelId>,
    /// The places in the list of events of those that came too late: they name models that are gone, or columns that a
    /// callback has changed meanwhile. The peer's copy has what they say, the document does not.
    pub passed_over: Vec<usize>,
}

impl Document {
    /// Applies the content of a PATCH-DOC from a peer: all of it, or on an error nothing. Each event runs its callbacks
    /// before the next one is applied; what they do wrong is in [`take_failures`](Self::take_failures) and undoes nothing.
    ///
    /// Events about models that the document no longer has are passed over, as are properties that the class does not have.
    ///
    /// # Errors
    /// What is wrong with the patch, and where.
    pub fn apply_patch(&mut self, content: &Json, buffers: &[Buffer], origin: Origin) -> Result<Applied, PatchError> {
        let known = self.known_classes();
        let applied = self.try_patch(content, buffers, origin);
        if applied.is_err() {
            self.forget_classes_since(&known);
        }
        applied
    }

    fn try_patch(&mut self, content: &Json, buffers: &[Buffer], origin: Origin) -> Result<Applied, PatchError> {
        // So that it is known how large the graph is.
        self.mark();
        let follows = self.follows_server;
        let mut stage = Stage::new(self, Meaning { can_refer: true, can_redefine: follows });
        let events = Decoder::new(&mut stage, buffers).patch(content)?;
        let lost = stage.lost();
        let mut scratch = Scratch::new(&events);
        let mut effort = Effort::new(&stage);
        let mut steps = Vec::with_capacity(events.len());
        let mut passed_over = Vec::new();
        for (index, event) in events.into_iter().enumerate() {
            if names_any(&event, &lost) {
                if follows && !is_late(&event, &lost) {
                    return Err(PatchError::Event { index, source: EventError::Gone });
                }
                // A root that is gone is removed, as the peer wants it.
                if !matches!(event, PatchEvent::RootRemoved { .. }) {
                    passed_over.push(index);
                }
                continue;
            }
            let step = effort.take(&stage, &event).and_then(|()| stage.prepare(event, &mut scratch));
            match step {
                Ok(step) => steps.extend(step.map(|step| (index, step))),
                Err(source) => return Err(PatchError::Event { index, source }),
            }
        }
        let Committed { models: mut defined, filled, redefined } = stage.commit();
        defined.extend(redefined.iter().map(|(model, _)| *model));
        let overwritten = self.overwrite(redefined, Unnamed::HasDefaultIfDetached);
        self.tell_overwritten(overwritten, origin);
        for (index, step) in steps {
            if !self.take_step(step, origin) {
                passed_over.push(index);
            }
        }
        for (model, attr) in filled {
            self.announce_filled(model, attr);
        }
        Ok(Applied { defined, passed_over })
    }

    /// Answers whether the step could still be taken.
    fn take_step(&mut self, step: Step, origin: Origin) -> bool {
        match step {
            Step::Set(model, attr, value) => self.put(model, attr, value, origin),
            Step::Columns(model, attr, data, cols) => self.columns_from(model, attr, &data, cols, origin),
            // A callback of an earlier event may have changed the columns since they were checked.
            Step::Stream(model, attr, rows, rollover) => {
                // A source that was never touched gets its empty columns here.
                self.column_attr(model).ok();
                if !self.columns_at(model, attr).is_ok_and(|data| check_stream(data, &rows, rollover).is_ok()) {
                    return false;
                }
                self.stream_from(model, attr, &rows, rollover, origin);
            }
            Step::Patch(model, attr, patches) => {
                if !self.columns_at(model, attr).is_ok_and(|data| columns::check_patch(data, &patches).is_ok()) {
                    return false;
                }
                self.patch_from(model, attr, patches, origin);
            }
            Step::Other(PatchEvent::TitleChanged { title }) => self.title_from(title, origin),
            Step::Other(PatchEvent::RootAdded { model }) => self.add_root_from(model, origin),
            Step::Other(PatchEvent::RootRemoved { model }) => drop(self.remove_root_from(model, origin)),
            // A primary speaks to the peers.
            Step::Other(event @ PatchEvent::MessageSent { .. }) if origin == Origin::PRIMARY => {
                self.report(Some(Change { origin, event }), None);
            }
            Step::Other(PatchEvent::MessageSent { msg_type, msg_data }) => self.receive_message(&msg_type, &msg_data),
            Step::Other(_) => {}
        }
        true
    }

    /// Tells everybody, the author too, of a sub-model that the author's new model lacked.
    fn announce_filled(&mut self, model: ModelId, attr: Attr) {
        if self.is_attached(model)
            && let Some(entry) = self.models.get(&model.index)
            && let Some(new) = entry.get(attr).cloned()
        {
            let event = PatchEvent::ModelChanged { model, attr: self.property_name(entry.class, attr), new };
            self.report(Some(Change { origin: self.everybody(), event }), None);
        }
    }
}

/// The columns as earlier events of the same patch will have left them, for sources that occur more than once.
struct Scratch {
    data: FxHashMap<ModelId, Option<Map>>,
}

impl Scratch {
    fn new(events: &[PatchEvent]) -> Self {
        let mut counts: FxHashMap<ModelId, usize> = FxHashMap::default();
        for event in events {
            let is_stream = matches!(event, PatchEvent::ColumnsStreamed { .. } | PatchEvent::ColumnsPatched { .. });
            let is_data = matches!(event, PatchEvent::ColumnDataChanged { .. })
                || matches!(event, PatchEvent::ModelChanged { attr, .. } if *attr == "data");
            if let (true, Some(model)) = (is_stream || is_data, event.model()) {
                *counts.entry(model).or_default() += 1;
            }
        }
        Scratch { data: counts.into_iter().filter(|(_, n)| *n > 1).map(|(model, _)| (model, None)).collect() }
    }

    /// The columns that an event finds.
    fn before<'s>(&'s mut self, stage: &Stage<'_>, model: ModelId, attr: Attr) -> std::borrow::Cow<'s, Map> {
        use std::borrow::Cow;
        match self.data.get_mut(&model) {
            None => Cow::Owned(current(stage, model, attr)),
            Some(scratch) => Cow::Borrowed(scratch.get_or_insert_with(|| current(stage, model, attr))),
        }
    }

    /// Notes what an event leaves behind, when that matters.
    fn change<E>(&mut self, model: ModelId, change: impl FnOnce(&mut Map) -> Result<(), E>) -> Result<(), E> {
        match self.data.get_mut(&model) {
            Some(Some(data)) => change(data),
            _ => Ok(()),
        }
    }
}

fn current(stage: &Stage<'_>, model: ModelId, attr: Attr) -> Map {
    stage.value(model, attr).and_then(Value::as_map).cloned().unwrap_or_default()
}

impl Stage<'_> {
    /// Finds and checks what an event is about; `None` when it is to be passed over.
    fn prepare(&mut self, event: PatchEvent, scratch: &mut Scratch) -> Result<Option<Step>, EventError> {
        Ok(match event {
            PatchEvent::ModelChanged { model, attr, new } => {
                let class = self.class_of(model)?;
                let Some(attr) = self.attr(class, &attr) else { return Ok(None) };
                let new = self.accept(class, attr, new)?;
                if let Value::Map(data) = &new {
                    scratch.before(self, model, attr);
                    scratch.change(model, |old| {
                        *old = data.clone();
                        Ok::<(), EventError>(())
                    })?;
                }
                Some(Step::Set(model, attr, new))
            }
            PatchEvent::ColumnDataChanged { model, attr, data, cols } => {
                let attr = self.column_attr(model, &attr)?;
                let class = self.class_of(model)?;
                let Value::Map(data) = self.accept(class, attr, Value::Map(data))? else { return Ok(None) };
                scratch.before(self, model, attr);
                scratch.change(model, |old| {
                    if cols.is_none() {
                        *old = data.clone();
                    } else {
                        old.merge(&data);
                    }
                    Ok::<(), EventError>(())
                })?;
                Some(Step::Columns(model, attr, data, cols))
            }
            PatchEvent::ColumnsStreamed { model, attr, data, rollover } => {
                let attr = self.column_attr(model, &attr)?;
                // What is negative is refused as 0 is.
                let rollover = rollover.map(|rows| usize::try_from(rows).unwrap_or(0));
                check_stream(&scratch.before(self, model, attr), &data, rollover)?;
                scratch.change(model, |old| columns::stream(old, &data, rollover))?;
                Some(Step::Stream(model, attr, data, rollover))
            }
            PatchEvent::ColumnsPatched { model, attr, patches } => {
                let attr = self.column_attr(model, &attr)?;
                columns::check_patch(&scratch.before(self, model, attr), &patches)?;
                scratch.change(model, |old| columns::patch(old, &patches))?;
                Some(Step::Patch(model, attr, patches))
            }
            PatchEvent::MessageSent { msg_type, msg_data } => {
                // A primary may have events of its own, as extensions do.
                if msg_type == BOKEH_EVENT && self.document().replica.is_none() {
                    check_event(&msg_data)?;
                }
                Some(Step::Other(PatchEvent::MessageSent { msg_type, msg_data }))
            }
            other => Some(Step::Other(other)),
        })
    }

    fn class_of(&self, model: ModelId) -> Result<Class, EventError> {
        self.class(model).ok_or_else(|| SetError::from(GetError::NoModel).into())
    }

    fn column_attr(&mut self, model: ModelId, attr: &str) -> Result<Attr, EventError> {
        let class = self.class_of(model)?;
        let found = self.document().attr(class, attr).ok();
        let is_columns = |attr: &Attr| matches!(self.document().kind(class, *attr), None | Some(Kind::ColumnData));
        found.filter(is_columns).ok_or_else(|| EventError::NotColumns {
            class: self.document().name_of(class).to_owned(),
            property: attr.to_owned(),
        })
    }
}

/// Whether an event is about a model that is gone, rather than that it needs one.
fn is_late(event: &PatchEvent, lost: &FxHashSet<ModelId>) -> bool {
    !matches!(event, PatchEvent::RootAdded { .. }) && event.model().is_some_and(|model| lost.contains(&model))
}

/// Whether an event names a model that the document once had, or a new one that refers to such: then it comes too late, and
/// is no error.
fn names_any(event: &PatchEvent, lost: &FxHashSet<ModelId>) -> bool {
    if lost.is_empty() {
        return false;
    }
    let mut is_lost = event.model().is_some_and(|model| lost.contains(&model));
    event.for_each_model(&mut |model| is_lost |= lost.contains(&model));
    is_lost
}

/// Checks that a message is one of Bokeh's events with the values that it has.
fn check_event(data: &Value) -> Result<(), EventError> {
    let Value::Event(event) = data else { return Err(EventError::UnknownEvent(data.kind_name().to_owned())) };
    let def = bokeh_schema::event(&event.name).ok_or_else(|| EventError::UnknownEvent(event.name.to_string()))?;
    let is_known = |key: &str| def.fields.iter().any(|field| field.name == key);
    let is_missing = def.fields.iter().any(|field| field.is_required && event.values.get(field.name).is_none());
    if is_missing || event.values.entries().iter().any(|(key, _)| !key.as_str().is_some_and(is_known)) {
        return Err(EventError::EventValues {
            event: event.name.to_string(),
            expected: def.fields.iter().map(|field| field.name.to_owned()).collect(),
            found: event.values.keys().map(str::to_owned).collect(),
        });
    }
    Ok(())
}
