//! Callbacks in JavaScript, which run in the browser without the server.

use bokeh_document::Document;
use bokeh_protocol::Value;

use crate::events::EventOf;
use crate::model::{read, write};
use crate::models::{Callback, CustomJS};
use crate::{IntoModel, IsA, Model, Prop};

/// Registers callbacks that BokehJS calls in the page. No message goes to the server for them, so they answer at once, and in
/// pages without a server, too.
///
/// ```
/// use bokeh_models::events::Tap;
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let slider = doc.add(Slider::new().start(100).end(900).value(300).title("width"));
/// let plot = doc.add(figure().width(300));
///
/// slider.js_link(&mut doc, Slider::VALUE, plot, Plot::WIDTH);
/// slider.js_on_change(&mut doc, Slider::VALUE, CustomJS::new().code("console.log(this.value)"));
/// plot.js_on::<Tap>(&mut doc, CustomJS::new().args([("slider", slider)]).code("slider.value = 300"));
/// doc.add_root(column((slider, plot)));
/// ```
///
/// Only stock BokehJS runs in the page; what it evaluates is the text that you give.
pub trait InBrowser: Model {
    /// Has `callback` called when the browser's copy of a property has changed, whoever changed it.
    ///
    /// # Panics
    /// When the model is not in this document.
    #[track_caller]
    fn js_on_change<O: Model, T>(self, doc: &mut Document, prop: Prop<O, T>, callback: impl JsCallback)
    where
        Self: IsA<O>,
    {
        let name = format!("change:{}", prop.name());
        register(doc, self, "js_property_callbacks", &name, callback.into_model_value());
    }

    /// Has `callback` called for an event of this model; the event is `cb_obj`.
    ///
    /// # Panics
    /// When the model is not in this document.
    #[track_caller]
    fn js_on<E: EventOf<Self>>(self, doc: &mut Document, callback: impl JsCallback) {
        register(doc, self, "js_event_callbacks", E::NAME, callback.into_model_value());
    }

    /// Has the browser copy a property to one of another model whenever it changes. What it holds now is not copied.
    ///
    /// The types may differ where JavaScript can pass one for the other, as a number for a width that could also be a column.
    ///
    /// # Panics
    /// When one of the models is not in this document.
    #[track_caller]
    fn js_link<O, T, M, P, U>(self, doc: &mut Document, prop: Prop<O, T>, to: M, to_prop: Prop<P, U>)
    where
        Self: IsA<O>,
        O: Model,
        M: IsA<P>,
        P: Model,
    {
        let code = format!("to.{} = this.{}", to_prop.name(), prop.name());
        self.js_on_change(doc, prop, CustomJS::new().args([("to", Value::Model(to.id()))]).code(code));
    }
}

impl<M: Model> InBrowser for M {}

/// What can be called in the browser: a handle or a builder of [`CustomJS`] or another [`Callback`].
pub trait JsCallback: IntoModel<Handle: IsA<Callback>> {}

impl<C: IntoModel<Handle: IsA<Callback>>> JsCallback for C {}

/// Adds a callback to those of one name. The property holds lists of them.
#[track_caller]
fn register<M: Model>(doc: &mut Document, model: M, property: &'static str, name: &str, callback: Value) {
    let known: Value = read(doc, model, property);
    let mut all = known.as_map().cloned().unwrap_or_default();
    let mut callbacks: Vec<Value> = all.get(name).and_then(Value::as_list).unwrap_or_default().to_vec();
    if !callbacks.contains(&callback) {
        callbacks.push(callback);
        all.insert(name, callbacks.into_iter().collect());
        write(doc, model, property, Value::Map(all));
    }
}
