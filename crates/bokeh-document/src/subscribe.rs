//! Registering callbacks, and calling those of events and messages.

use bokeh_protocol::{Event, ModelId, PatchEvent, SharedVec, Text, Value};

use crate::callback::{Key, Notice};
use crate::{CallbackError, CallbackId, CallbackOutput, Change, Document, Origin, PropertyChange};

/// The type of the messages that carry Bokeh's own events.
pub(crate) const BOKEH_EVENT: &str = "bokeh_event";

/// The events that happen to documents and not to models.
const DOCUMENT_EVENTS: [&str; 3] = ["document_ready", "connection_lost", "client_reconnected"];

impl Document {
    /// Calls `callback` after a property has changed, whoever changed it. Setting an equal value is no change.
    ///
    /// # Errors
    /// When there is no such model or property.
    pub fn on_change<R: CallbackOutput>(
        &mut self,
        model: ModelId,
        property: &str,
        mut callback: impl FnMut(&mut Document, &PropertyChange) -> R + Send + 'static,
    ) -> Result<CallbackId, CallbackError> {
        let class = self.entry(model)?.class;
        let attr = self.attr_mut(class, property)?;
        let id = self.callbacks.new_id();
        let name = format!("{}.{property}", self.describe(model));
        let closure = Box::new(move |document: &mut Document, notice: &Notice| match notice {
            Notice::Property(change) => callback(document, change).into_result(),
            _ => Ok(()),
        });
        self.callbacks.add(id, Key::Property(model, attr), name, closure);
        Ok(id)
    }

    /// Calls `callback` when the browser reports an event of a model, or with `None` one of the document itself.
    ///
    /// The browser is told to report the event: its name joins the model's `subscribed_events`.
    ///
    /// # Errors
    /// When there is no such model, or documents have no such event.
    pub fn on_event<R: CallbackOutput>(
        &mut self,
        model: Option<ModelId>,
        event: &str,
        mut callback: impl FnMut(&mut Document, &Event) -> R + Send + 'static,
    ) -> Result<CallbackId, CallbackError> {
        let name = match model {
            Some(model) => {
                self.entry(model)?;
                self.subscribe(model, event)?;
                format!("{}, event {event}", self.describe(model))
            }
            None if DOCUMENT_EVENTS.contains(&event) => format!("the document's event {event}"),
            None => return Err(CallbackError::NotADocumentEvent(event.to_owned())),
        };
        let id = self.callbacks.new_id();
        let closure = Box::new(move |document: &mut Document, notice: &Notice| match notice {
            Notice::Event(event) => callback(document, event).into_result(),
            _ => Ok(()),
        });
        self.callbacks.add(id, Key::Event(model, event.into()), name, closure);
        Ok(id)
    }

    /// Calls `callback` with what the other side sends as a message of this type.
    pub fn on_message<R: CallbackOutput>(
        &mut self,
        msg_type: impl Into<Text>,
        mut callback: impl FnMut(&mut Document, &Value) -> R + Send + 'static,
    ) -> CallbackId {
        let msg_type = msg_type.into();
        let id = self.callbacks.new_id();
        let closure = Box::new(move |document: &mut Document, notice: &Notice| match notice {
            Notice::Message(data) => callback(document, data).into_result(),
            _ => Ok(()),
        });
        let name = format!("the message {msg_type}");
        self.callbacks.add(id, Key::Message(msg_type), name, closure);
        id
    }

    /// Sends a message to everybody who has the document open.
    ///
    /// ```
    /// use bokeh_document::Document;
    ///
    /// let mut doc = Document::new();
    /// doc.on_message("ping", |doc, data| doc.send_message("pong", data.clone()));
    /// ```
    pub fn send_message(&mut self, msg_type: impl Into<Text>, msg_data: impl Into<Value>) {
        let event = PatchEvent::MessageSent { msg_type: msg_type.into(), msg_data: msg_data.into() };
        self.report(Some(Change { origin: Origin::Local, event }), None);
    }

    /// Calls `callback` when the session ends, with the document for the last time: what it changes, nobody sees any more.
    pub fn on_session_destroyed<R: CallbackOutput>(
        &mut self,
        mut callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        let id = self.callbacks.new_id();
        let closure = Box::new(move |document: &mut Document, _: &Notice| callback(document).into_result());
        self.callbacks.add(id, Key::SessionDestroyed, "the session's end", closure);
        id
    }

    /// Whether code on this side can be called by what happens to the document, or by time. For owners.
    #[must_use]
    pub fn has_callbacks(&self) -> bool {
        !(self.callbacks.is_empty() && self.schedules.is_empty() && self.work.is_empty())
    }

    /// Calls the callbacks of [`on_session_destroyed`](Self::on_session_destroyed). For the owner of the document, who drops
    /// it then.
    pub fn destroy_session(&mut self) {
        self.dispatch(&Key::SessionDestroyed, &Notice::Tick);
        self.callbacks.remove_all(&Key::SessionDestroyed);
    }

    /// Lets an event happen: calls the callbacks of its model, if it has one, and then those of the document.
    pub fn emit(&mut self, event: &Event) {
        let notice = Notice::Event(event.clone());
        if let Some(model) = event.values.get("model").and_then(Value::as_model) {
            self.report(None, Some((Key::Event(Some(model), event.name.clone()), notice.clone())));
        }
        self.report(None, Some((Key::Event(None, event.name.clone()), notice)));
    }

    pub(crate) fn receive_message(&mut self, msg_type: &Text, msg_data: &Value) {
        match msg_data {
            Value::Event(event) if *msg_type == BOKEH_EVENT => self.emit(event),
            data => self.report(None, Some((Key::Message(msg_type.clone()), Notice::Message(data.clone())))),
        }
    }

    pub(crate) fn subscribe(&mut self, model: ModelId, event: &str) -> Result<(), CallbackError> {
        let mut events = match self.value(model, "subscribed_events")? {
            Value::Set(events) => events,
            _ => SharedVec::default(),
        };
        if !events.iter().any(|name| name.as_str() == Some(event)) {
            events.push(event.into());
            let class = self.entry(model)?.class;
            let attr = self.attr_mut(class, "subscribed_events")?;
            self.put(model, attr, Value::Set(events), Origin::Local);
        }
        Ok(())
    }

    pub(crate) fn describe(&self, model: ModelId) -> String {
        format!("{}({})", self.class_name(model).unwrap_or("?"), self.wire_id(model).unwrap_or("?"))
    }
}
