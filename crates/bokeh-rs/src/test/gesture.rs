//! What a user does on a page, and what BokehJS tells the server of it.

mod buttons;
mod choices;
mod entries;
mod files;
mod plots;
mod pointer;
mod sliders;
mod tables;
mod text;

use bokeh_models::Model;
use bokeh_models::models::Plot;
use bokeh_protocol::{Event, Map, ModelId, PatchEvent, Text, Value};

use super::app::App;
use super::trouble::Trouble;

pub use buttons::Clickable;
pub use choices::{Choosable, ManyChoosable, Toggleable};
pub use entries::Enterable;
pub use files::File;
pub use sliders::Draggable;

impl App {
    /// A script in the page sends a message: what [`Document::on_message`](crate::Document::on_message) waits for.
    ///
    /// # Panics
    /// When a callback fails.
    #[track_caller]
    pub fn send_message(&mut self, msg_type: &str, msg_data: impl Into<Value>) {
        let event = PatchEvent::MessageSent { msg_type: msg_type.into(), msg_data: msg_data.into() };
        self.step(|app| app.tell(vec![event]));
    }

    /// Something happens to a model for which there is no method here: BokehJS tells the server of it if it has subscribed
    /// to the event. The model itself need not be among the `values`.
    ///
    /// # Panics
    /// When the model is not visible, or a callback fails, or the event has other values.
    #[track_caller]
    pub fn emit(&mut self, model: impl Model, event: &str, values: impl IntoIterator<Item = (&'static str, Value)>) {
        let values = values.into_iter().map(|(name, value)| (Text::from_static(name), value)).collect();
        self.step(|app| {
            app.usable(model.id())?;
            app.happen(model.id(), event, values)
        });
    }

    /// What a page says of itself once it is drawn: the sizes of its plots, and that it is ready.
    pub(super) fn show(&mut self) -> Result<(), Trouble> {
        for plot in self.all::<Plot>() {
            if self.is_visible(plot) {
                let (width, height) = plots::size(self.doc(), plot);
                let sizes = [
                    ("inner_width", width),
                    ("inner_height", height),
                    ("outer_width", width),
                    ("outer_height", height),
                ];
                self.set(plot.id(), sizes.map(|(name, pixels)| (name, number(pixels))))?;
            }
        }
        if self.doc().roots().is_empty() {
            return Ok(());
        }
        self.tell(vec![message(&document_event("document_ready"))])
    }

    /// The page changes properties of a model, in one message. What would not change is left out.
    pub(super) fn set<const N: usize>(
        &mut self,
        model: ModelId,
        changes: [(&'static str, Value); N],
    ) -> Result<(), Trouble> {
        let page = self.page()?;
        let Some(id) = self.id_on_page(model)? else { return Ok(()) };
        let is_change = |(attr, new): &(&str, Value)| !page.value(id, attr).is_some_and(|old| old.matches(new));
        let events: Vec<PatchEvent> = changes
            .into_iter()
            .filter(is_change)
            .map(|(attr, new)| PatchEvent::ModelChanged { model, attr: Text::from_static(attr), new })
            .collect();
        if events.is_empty() { Ok(()) } else { self.tell(events) }
    }

    /// An event of a model happens on the page, which tells of it if the server wants to know.
    pub(super) fn happen(&mut self, model: ModelId, event: &str, values: Vec<(Text, Value)>) -> Result<(), Trouble> {
        if !self.id_on_page(model)?.is_some_and(|id| self.page().is_ok_and(|page| page.is_subscribed(id, event))) {
            return Ok(());
        }
        let values = std::iter::once((Text::from_static("model"), Value::Model(model))).chain(values);
        self.tell(vec![message(&Event { name: event.into(), values: values.collect() })])
    }

    /// A model's id on the wire while the page has it. A callback may take it away in the middle of a gesture, and then
    /// BokehJS says no more of it.
    fn id_on_page(&self, model: ModelId) -> Result<Option<&str>, Trouble> {
        let page = self.page()?;
        Ok(self.doc().wire_id(model).filter(|id| page.copy.model_by_wire_id(id).is_some()))
    }
}

/// An event of a document, which has no values.
pub(super) fn document_event(name: &'static str) -> Event {
    Event { name: Text::from_static(name), values: Map::default() }
}

/// The message that carries an event.
pub(super) fn message(event: &Event) -> PatchEvent {
    PatchEvent::MessageSent { msg_type: Text::from_static("bokeh_event"), msg_data: Value::from(event.clone()) }
}

/// A number as JavaScript writes it: integers without a point.
fn number(number: f64) -> Value {
    Value::Float(number).as_i64().map_or(Value::Float(number), Value::Int)
}

/// Two numbers.
fn pair((a, b): (f64, f64)) -> Value {
    Value::from_iter([number(a), number(b)])
}
