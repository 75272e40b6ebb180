//! Ranges, scales, axes and grids of figures.

use bokeh_document::Document;
use bokeh_protocol::Value;
use bokeh_schema::{ClassDef, Lit, class, classes};

use crate::attributes::Attributes;

/// The kind of an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisType {
    /// Categories for a range of categories, else numbers.
    #[default]
    Auto,
    /// Numbers.
    Linear,
    /// Numbers on a logarithmic scale.
    Log,
    /// Instants, in milliseconds since the epoch.
    Datetime,
    /// Durations, in milliseconds.
    Timedelta,
    /// Longitudes or latitudes in the projection of web maps.
    Mercator,
    /// No axis and no grid.
    None,
}

/// What a figure is told about one of its axes.
#[derive(Clone, Debug)]
pub(super) struct AxisOptions {
    dimension: i64,
    pub(super) axis_type: AxisType,
    pub(super) location: Option<&'static str>,
    pub(super) label: Option<Value>,
    pub(super) n_minor_ticks: Option<u32>,
}

/// An axis and its grid.
pub(super) struct Made {
    pub(super) location: Option<&'static str>,
    pub(super) axis: Value,
    pub(super) grid: Value,
}

impl AxisOptions {
    pub(super) fn new(dimension: i64, location: &'static str) -> Self {
        AxisOptions { dimension, axis_type: AxisType::Auto, location: Some(location), label: None, n_minor_ticks: None }
    }

    /// Makes range and scale, if they are not set, and the axis and grid to add.
    pub(super) fn make(
        self,
        range: &'static str,
        scale: &'static str,
        figure: &mut Attributes,
        doc: Option<&Document>,
    ) -> Option<Made> {
        if figure.get(range).is_none() {
            figure.set(range, Attributes::new(&classes::DATA_RANGE1D).into_value());
        }
        let has_factors = figure.get(range).is_some_and(|range| is_factor_range(range, doc));
        if figure.get(scale).is_none() {
            let class = match self.axis_type {
                _ if has_factors => &classes::CATEGORICAL_SCALE,
                AxisType::Log => &classes::LOG_SCALE,
                _ => &classes::LINEAR_SCALE,
            };
            figure.set(scale, Attributes::new(class).into_value());
        }
        let class = match self.axis_type {
            AxisType::None => return None,
            AxisType::Auto if has_factors => &classes::CATEGORICAL_AXIS,
            AxisType::Auto | AxisType::Linear => &classes::LINEAR_AXIS,
            AxisType::Log => &classes::LOG_AXIS,
            AxisType::Datetime => &classes::DATETIME_AXIS,
            AxisType::Timedelta => &classes::TIMEDELTA_AXIS,
            AxisType::Mercator => &classes::MERCATOR_AXIS,
        };
        let axis = self.axis(class);
        let mut grid = Attributes::new(&classes::GRID);
        grid.set("dimension", Value::Int(self.dimension));
        grid.set("axis", axis.clone());
        Some(Made { location: self.location, axis, grid: grid.into_value() })
    }

    fn axis(&self, class: &'static ClassDef) -> Value {
        let mut axis = Attributes::new(class);
        let is_mercator = self.axis_type == AxisType::Mercator;
        let dimension = Value::literal(if self.dimension == 0 { "lon" } else { "lat" });
        if let Some(mut ticker) = default_model(class, "ticker") {
            if ticker.0.is_a(&classes::CONTINUOUS_TICKER) {
                let default = if class == &classes::LOG_AXIS { 10 } else { 5 };
                ticker.1.set("num_minor_ticks", Value::from(self.n_minor_ticks.unwrap_or(default)));
            }
            if is_mercator {
                ticker.1.set("dimension", dimension.clone());
            }
            axis.set("ticker", ticker.1.into_value());
        }
        if let (true, Some(mut formatter)) = (is_mercator, default_model(class, "formatter")) {
            formatter.1.set("dimension", dimension);
            axis.set("formatter", formatter.1.into_value());
        }
        if let Some(label) = self.label.clone().filter(|label| label.as_str() != Some("")) {
            axis.set("axis_label", label);
        }
        axis.into_value()
    }
}

/// A new model like the one that a class has by default.
fn default_model(class: &'static ClassDef, name: &str) -> Option<(&'static ClassDef, Attributes)> {
    match class.property(name)?.default()? {
        Lit::Model(class, _) => Some((class, Attributes::new(class))),
        _ => None,
    }
}

fn is_factor_range(range: &Value, doc: Option<&Document>) -> bool {
    match range {
        Value::Object(object) => class(&object.name).is_some_and(|class| class.is_a(&classes::FACTOR_RANGE)),
        Value::Model(model) => doc.is_some_and(|doc| doc.is_a(*model, &classes::FACTOR_RANGE)),
        _ => false,
    }
}
