//! The parts of a plot.

use bokeh_document::Document;
use bokeh_protocol::{ModelId, Value};

use crate::model::{read, write};
use crate::models::{Axis, Grid, Legend, Plot, Renderer, Tool, Toolbar};
use crate::{IntoModel, IntoProp, IsA, Model, enums};

/// What surrounds and fills the frame.
const PANELS: [&str; 5] = ["above", "below", "left", "right", "center"];

impl Plot {
    /// The horizontal axes: those above and below.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let plot = doc.add(figure());
    /// for axis in plot.x_axes(&doc) {
    ///     axis.set_axis_label(&mut doc, "time in s");
    /// }
    /// ```
    ///
    /// # Panics
    /// When the plot is not in this document.
    #[must_use]
    #[track_caller]
    pub fn x_axes(&self, doc: &Document) -> Vec<Axis> {
        self.of_class(doc, &["above", "below"])
    }

    /// The vertical axes: those on the left and on the right.
    ///
    /// # Panics
    /// When the plot is not in this document.
    #[must_use]
    #[track_caller]
    pub fn y_axes(&self, doc: &Document) -> Vec<Axis> {
        self.of_class(doc, &["left", "right"])
    }

    /// The grids.
    ///
    /// # Panics
    /// When the plot is not in this document.
    #[must_use]
    #[track_caller]
    pub fn grids(&self, doc: &Document) -> Vec<Grid> {
        self.of_class(doc, &PANELS)
    }

    /// The first legend, which glyphs with a `legend_label` make.
    ///
    /// # Panics
    /// When the plot is not in this document.
    #[must_use]
    #[track_caller]
    pub fn legend(&self, doc: &Document) -> Option<Legend> {
        self.of_class(doc, &PANELS).into_iter().next()
    }

    /// The first tool of a class: `plot.tool::<HoverTool>(doc)`.
    ///
    /// # Panics
    /// When the plot is not in this document.
    #[must_use]
    #[track_caller]
    pub fn tool<T: IsA<Tool>>(&self, doc: &Document) -> Option<T> {
        let tools = self.toolbar(doc).tools(doc);
        tools.iter().filter_map(Value::as_model).find(|tool| doc.is_a(*tool, T::CLASS)).map(T::from_id)
    }

    /// Adds tools after those that the plot has.
    ///
    /// # Panics
    /// When the plot is not in this document.
    #[track_caller]
    pub fn add_tools(&self, doc: &mut Document, tools: impl IntoProp<Vec<Tool>>) {
        let toolbar: Toolbar = self.toolbar(doc);
        let mut all = toolbar.tools(doc);
        all.extend_from_slice(tools.into_prop().as_list().unwrap_or_default());
        toolbar.set_tools(doc, all);
    }

    /// Adds an axis, a legend, a title or another annotation beside the frame, or with [`enums::Place::Center`] within it.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let plot = doc.add(figure());
    /// let span = plot.add_layout(&mut doc, Span::new().location(3).dimension(enums::Dimension::Height), enums::Place::Center);
    /// span.set_line_color(&mut doc, "red");
    /// ```
    ///
    /// # Panics
    /// When the plot is not in this document, or a builder holds what it cannot hold.
    #[track_caller]
    pub fn add_layout<M>(&self, doc: &mut Document, model: M, place: enums::Place) -> M::Model
    where
        M: bokeh_document::Build + IntoModel,
        M::Handle: IsA<Renderer>,
    {
        let model = model.build(doc);
        let id: ModelId = model.into();
        let panel = place.as_str();
        let mut models: Vec<Value> = read(doc, *self, panel);
        models.push(Value::Model(id));
        write(doc, *self, panel, models.into());
        model
    }

    #[track_caller]
    fn of_class<M: Model>(&self, doc: &Document, panels: &[&'static str]) -> Vec<M> {
        let models = |panel: &&'static str| read::<_, Vec<Value>>(doc, *self, panel);
        let ids = panels.iter().flat_map(models).filter_map(|value| value.as_model());
        ids.filter(|id| doc.is_a(*id, M::CLASS)).map(M::from_id).collect()
    }
}
