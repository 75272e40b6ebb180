//! Figures: plots with axes, grids, ranges and tools.

mod axis;
mod tools;

use bokeh_document::{Build, Document};
use bokeh_protocol::{Object, Text, Value};
use bokeh_schema::classes;

use self::axis::AxisOptions;
use crate::attributes::Attributes;
use crate::models::Figure;
use crate::{IntoModel, IntoProp, Model, enums};

pub use axis::AxisType;
pub use tools::IntoTools;
pub(crate) use tools::NamedTool;

/// Begins to make a figure: a plot with axes, grids, ranges that follow the data, and tools.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let plot = doc.add(figure().title("a sine").width(600).x_axis_label("x").tools("pan,reset").y_range((-2, 2)));
/// let xs: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.1).collect();
/// let ys: Vec<f64> = xs.iter().map(|x| x.sin()).collect();
/// plot.line(&mut doc, xs, ys).line_width(3).color("navy").legend_label("sin").draw();
/// doc.add_root(plot);
/// ```
pub fn figure() -> FigureBuilder {
    FigureBuilder {
        attributes: Attributes::new(&classes::FIGURE),
        x: AxisOptions::new(0, "below"),
        y: AxisOptions::new(1, "left"),
        tools: None,
        tooltips: None,
        active: Vec::new(),
    }
}

impl Figure {
    /// Begins to make a figure: the same as [`figure`].
    #[expect(clippy::new_ret_no_self, reason = "a handle exists once the model is in a document")]
    pub fn new() -> FigureBuilder {
        figure()
    }
}

/// What makes a [`Figure`]. Made by [`figure`].
///
/// Besides the properties of a plot it has options, which decide what ranges, scales, axes and tools are made. A property
/// that is set goes before what would be made for it.
///
/// When a range is the handle of a categorical one, give the figure to the document itself (`doc.add`): within another
/// builder it cannot be known that its axis must be categorical.
#[must_use = "a builder makes its model when it is given to a document or to another builder"]
#[derive(Clone, Debug)]
pub struct FigureBuilder {
    pub(crate) attributes: Attributes,
    x: AxisOptions,
    y: AxisOptions,
    tools: Option<Vec<Value>>,
    tooltips: Option<Value>,
    active: Vec<(&'static str, Text)>,
}

/// The tools of a figure that is given none.
const DEFAULT_TOOLS: &str = "pan,wheel_zoom,auto_box_zoom,save,reset,help";

impl FigureBuilder {
    /// The label of the horizontal axis: text or a model.
    pub fn x_axis_label(mut self, label: impl IntoProp<Value>) -> Self {
        self.x.label = Some(label.into_prop());
        self
    }

    /// The label of the vertical axis: text or a model.
    pub fn y_axis_label(mut self, label: impl IntoProp<Value>) -> Self {
        self.y.label = Some(label.into_prop());
        self
    }

    /// The kind of the horizontal axis and its scale.
    pub fn x_axis_type(mut self, axis_type: AxisType) -> Self {
        self.x.axis_type = axis_type;
        self
    }

    /// The kind of the vertical axis and its scale.
    pub fn y_axis_type(mut self, axis_type: AxisType) -> Self {
        self.y.axis_type = axis_type;
        self
    }

    /// The side of the horizontal axis, or `None` for a grid without an axis.
    pub fn x_axis_location(mut self, location: impl Into<Option<enums::Place>>) -> Self {
        self.x.location = location.into().map(enums::Place::as_str);
        self
    }

    /// The side of the vertical axis, or `None` for a grid without an axis.
    pub fn y_axis_location(mut self, location: impl Into<Option<enums::Place>>) -> Self {
        self.y.location = location.into().map(enums::Place::as_str);
        self
    }

    /// The number of minor intervals between two ticks of the horizontal axis; `None` for no minor ticks.
    pub fn x_minor_ticks(mut self, n: impl Into<Option<u32>>) -> Self {
        self.x.n_minor_ticks = Some(n.into().unwrap_or(0));
        self
    }

    /// The number of minor intervals between two ticks of the vertical axis; `None` for no minor ticks.
    pub fn y_minor_ticks(mut self, n: impl Into<Option<u32>>) -> Self {
        self.y.n_minor_ticks = Some(n.into().unwrap_or(0));
        self
    }

    /// The tools: names in a string, such as `"pan,box_zoom,reset"`, or a list of handles and builders.
    ///
    /// # Panics
    /// When there is no tool of a name.
    #[track_caller]
    pub fn tools(mut self, tools: impl IntoTools) -> Self {
        self.tools = Some(tools.into_tools());
        self
    }

    /// What a hover tool shows: a template, or pairs of a label and a template. Without a hover tool among the tools, one is
    /// added.
    pub fn tooltips(mut self, tooltips: impl IntoProp<Value>) -> Self {
        self.tooltips = Some(tooltips.into_prop());
        self
    }

    /// The tool that is active for drags, by its name in [`tools`](Self::tools).
    pub fn active_drag(mut self, tool: impl Into<Text>) -> Self {
        self.active.push(("active_drag", tool.into()));
        self
    }

    /// The tool that is active for the wheel, by its name in [`tools`](Self::tools).
    pub fn active_scroll(mut self, tool: impl Into<Text>) -> Self {
        self.active.push(("active_scroll", tool.into()));
        self
    }

    /// The tool that is active for taps, by its name in [`tools`](Self::tools).
    pub fn active_tap(mut self, tool: impl Into<Text>) -> Self {
        self.active.push(("active_tap", tool.into()));
        self
    }

    /// The definition of the figure.
    #[must_use]
    pub fn into_object(self) -> Object {
        self.into_attributes(None).into_object()
    }

    /// Makes what was not set. Without the document it cannot be known of what class a range is that is a handle.
    fn into_attributes(mut self, doc: Option<&Document>) -> Attributes {
        let x = self.x.clone().make("x_range", "x_scale", &mut self.attributes, doc);
        let y = self.y.clone().make("y_range", "y_scale", &mut self.attributes, doc);
        let mut grids = Vec::new();
        for made in [x, y].into_iter().flatten() {
            grids.push(made.grid);
            if let Some(location) = made.location {
                let mut axes = self.attributes.get(location).and_then(Value::as_list).unwrap_or_default().to_vec();
                axes.push(made.axis);
                self.attributes.set(location, axes.into());
            }
        }
        if !grids.is_empty() {
            let mut center = self.attributes.get("center").and_then(Value::as_list).unwrap_or_default().to_vec();
            center.extend(grids);
            self.attributes.set("center", center.into());
        }
        if self.attributes.get("toolbar").is_none() {
            let mut tools = self.tools.unwrap_or_else(|| DEFAULT_TOOLS.into_tools());
            if let Some(tooltips) = self.tooltips {
                tools::set_tooltips(&mut tools, tooltips);
            }
            self.attributes.set("toolbar", tools::toolbar(tools, &self.active));
        }
        self.attributes
    }
}

impl Build for FigureBuilder {
    type Model = Figure;

    /// # Panics
    /// When an attribute holds what it cannot hold.
    #[track_caller]
    fn build(self, doc: &mut Document) -> Figure {
        Figure::from_id(self.into_attributes(Some(doc)).insert(doc))
    }
}

impl IntoModel for FigureBuilder {
    type Handle = Figure;
    fn into_model_value(self) -> Value {
        self.into_attributes(None).into_value()
    }
}
