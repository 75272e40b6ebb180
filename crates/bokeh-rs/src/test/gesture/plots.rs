//! Moving, zooming and selecting in plots.

use bokeh_document::Document;
use bokeh_models::models::{ColumnDataSource, Plot};
use bokeh_models::{IsA, Model};
use bokeh_protocol::{Map, ModelId, Text, Value};

use super::number;
use super::pointer::{Point, range};
use crate::test::app::App;
use crate::test::trouble::Trouble;

impl App {
    /// Drags the plot, so that its ranges move by this much, in data coordinates: in four equal parts.
    ///
    /// # Panics
    /// When the plot is not visible or has no tool for it, when a range is not one of numbers that the server knows (the
    /// browser computes a `DataRange1d`, and this kit does not), and when a callback fails.
    #[track_caller]
    pub fn pan(&mut self, plot: impl IsA<Plot>, dx: f64, dy: f64) {
        let plot = plot.upcast::<Plot>();
        self.step(|app| {
            app.usable(plot.id())?;
            app.has_tool(plot, "PanTool")?;
            let (x, y) = (app.bounds(plot, "x_range")?, app.bounds(plot, "y_range")?);
            // The place under the mouse stays under it while the plot moves.
            let at = Point { x: number((x.0 + x.1) / 2.0), y: number((y.0 + y.1) / 2.0) };
            app.point(plot, &at)?;
            app.happen(plot.id(), "lodstart", Vec::new())?;
            app.happen_at(plot, "panstart", &at, Vec::new())?;
            let (width, height) = size(app.doc(), plot);
            for way in [0.25, 0.5, 0.75, 1.0] {
                app.set_bounds(plot, "x_range", (x.0 + dx * way, x.1 + dx * way))?;
                app.set_bounds(plot, "y_range", (y.0 + dy * way, y.1 + dy * way))?;
                let (delta_x, delta_y) = (-dx * way / (x.1 - x.0) * width, dy * way / (y.1 - y.0) * height);
                let delta = named([("delta_x", number(delta_x.round())), ("delta_y", number(delta_y.round()))]);
                app.happen_at(plot, "pan", &at, delta)?;
            }
            app.ranges_update(plot)?;
            app.happen_at(plot, "panend", &at, Vec::new())?;
            app.happen(plot.id(), "lodend", Vec::new())
        });
    }

    /// Turns the mouse wheel over the plot until it shows these ranges, as start and end in data coordinates.
    ///
    /// # Panics
    /// When the plot is not visible or has no tool for it, when a range is not one of numbers, and when a callback fails.
    #[track_caller]
    pub fn zoom(&mut self, plot: impl IsA<Plot>, x: (f64, f64), y: (f64, f64)) {
        let plot = plot.upcast::<Plot>();
        self.step(|app| {
            app.usable(plot.id())?;
            app.has_tool(plot, "WheelZoomTool")?;
            let at = Point { x: number((x.0 + x.1) / 2.0), y: number((y.0 + y.1) / 2.0) };
            app.point(plot, &at)?;
            app.set_bounds(plot, "x_range", x)?;
            app.set_bounds(plot, "y_range", y)?;
            app.happen(plot.id(), "lodstart", Vec::new())?;
            app.happen_at(plot, "wheel", &at, named([("delta", Value::Int(120))]))?;
            app.happen(plot.id(), "lodend", Vec::new())?;
            app.ranges_update(plot)
        });
    }

    /// Clicks the reset button of the plot: ranges are again what they were when the page was opened, and nothing is
    /// selected.
    ///
    /// # Panics
    /// When the plot is not visible or has no tool for it, and when a callback fails.
    #[track_caller]
    pub fn reset(&mut self, plot: impl IsA<Plot>) {
        let plot = plot.upcast::<Plot>();
        self.step(|app| {
            app.usable(plot.id())?;
            app.has_tool(plot, "ResetTool")?;
            for axis in ["x_range", "y_range"] {
                if let Some(first) = app.first_bounds(plot, axis)? {
                    app.set_bounds(plot, axis, first)?;
                }
            }
            app.ranges_update(plot)?;
            for (source, _) in marked_rows(app.doc(), plot, |_, _| false) {
                app.select(source, &[])?;
            }
            app.happen(plot.id(), "reset", Vec::new())
        });
    }

    /// Draws a box in the plot, in data coordinates, and so selects the markers inside.
    ///
    /// Of markers (`scatter`) at numeric places those are selected that lie in the box; other glyphs are left alone.
    ///
    /// # Panics
    /// When the plot is not visible or has no tool for it, and when a callback fails.
    #[track_caller]
    pub fn box_select(&mut self, plot: impl IsA<Plot>, x: (f64, f64), y: (f64, f64)) {
        let plot = plot.upcast::<Plot>();
        self.step(|app| {
            app.usable(plot.id())?;
            app.has_tool(plot, "BoxSelectTool")?;
            let (x, y) = ((x.0.min(x.1), x.0.max(x.1)), (y.0.min(y.1), y.0.max(y.1)));
            let from = Point { x: number(x.0), y: number(y.1) };
            let to = Point { x: number(x.1), y: number(y.0) };
            let ((sx0, sy0), (sx1, sy1)) = (app.pixels(plot, &from), app.pixels(plot, &to));
            app.point(plot, &from)?;
            app.happen_at(plot, "panstart", &from, Vec::new())?;
            app.point(plot, &to)?;
            let moved = |from: &Value, to: &Value| number(to.as_f64().unwrap_or(0.0) - from.as_f64().unwrap_or(0.0));
            let delta = named([("delta_x", moved(&sx0, &sx1)), ("delta_y", moved(&sy0, &sy1))]);
            app.happen_at(plot, "pan", &to, delta)?;
            let is_inside = |at_x: f64, at_y: f64| (x.0..=x.1).contains(&at_x) && (y.0..=y.1).contains(&at_y);
            for (source, rows) in marked_rows(app.doc(), plot, is_inside) {
                app.select(source, &rows)?;
            }
            let geometry = named([
                ("type", Value::literal("rect")),
                ("sx0", sx0),
                ("sx1", sx1),
                ("sy0", sy0),
                ("sy1", sy1),
                ("greedy", Value::Bool(false)),
                ("x0", number(x.0)),
                ("y0", number(y.0)),
                ("x1", number(x.1)),
                ("y1", number(y.1)),
            ]);
            app.selection_geometry(plot, geometry)?;
            app.happen_at(plot, "panend", &to, Vec::new())
        });
    }

    /// What the tool for taps does.
    pub(super) fn tap_select(&mut self, plot: Plot, at: &Point) -> Result<(), Trouble> {
        let is_there = |x: f64, y: f64| at.x.as_f64() == Some(x) && at.y.as_f64() == Some(y);
        for (source, rows) in marked_rows(self.doc(), plot, is_there) {
            self.select(source, &rows)?;
        }
        let (sx, sy) = self.pixels(plot, at);
        let kind = Value::literal("point");
        let geometry = named([("type", kind), ("sx", sx), ("sy", sy), ("x", at.x.clone()), ("y", at.y.clone())]);
        self.selection_geometry(plot, geometry)
    }

    fn selection_geometry(&mut self, plot: Plot, geometry: Vec<(Text, Value)>) -> Result<(), Trouble> {
        let geometry = Value::Map(geometry.into_iter().collect::<Map>());
        self.happen(plot.id(), "selectiongeometry", named([("geometry", geometry), ("final", Value::Bool(true))]))
    }

    pub(super) fn has_tool(&self, plot: Plot, class: &str) -> Result<(), Trouble> {
        let doc = self.doc();
        let tools = doc.value(plot.toolbar(doc).id(), "tools").map_err(|error| error.to_string())?;
        let mut names = Vec::new();
        tools.for_each_model(&mut |tool| names.extend(doc.class_name(tool)));
        match names.contains(&class) {
            true => Ok(()),
            false => Err(format!("the plot has no {class}, it has {names:?}")),
        }
    }

    /// Start and end of a range of numbers.
    fn bounds(&self, plot: Plot, axis: &str) -> Result<(f64, f64), Trouble> {
        let range = range(&plot, self.doc(), axis).ok_or_else(|| format!("the plot has no {axis}"))?;
        let bound =
            |name| self.doc().value(range, name).ok().and_then(|bound| bound.as_f64()).filter(|it| it.is_finite());
        let bounds = bound("start").zip(bound("end"));
        bounds
            .ok_or_else(|| format!("the {axis} has no start and end that the server knows: the browser computes them"))
    }

    fn set_bounds(&mut self, plot: Plot, axis: &str, (start, end): (f64, f64)) -> Result<(), Trouble> {
        let range = range(&plot, self.doc(), axis).ok_or_else(|| format!("the plot has no {axis}"))?;
        if self.doc().value(range, "factors").is_ok() {
            return Err(format!("the {axis} is one of categories"));
        }
        self.set(range, [("start", number(start)), ("end", number(end))])
    }

    /// What a range was when the page was opened, unless the browser computes that.
    fn first_bounds(&self, plot: Plot, axis: &str) -> Result<Option<(f64, f64)>, Trouble> {
        let doc = self.doc();
        let Some(range) = range(&plot, doc, axis) else { return Ok(None) };
        let reset = |name| doc.value(range, name).ok().and_then(|bound| bound.as_f64());
        let Some(id) = doc.wire_id(range) else { return Ok(None) };
        let first = self.page()?.first_bounds.get(id).copied();
        Ok(first.map(|(start, end)| (reset("reset_start").unwrap_or(start), reset("reset_end").unwrap_or(end))))
    }

    fn ranges_update(&mut self, plot: Plot) -> Result<(), Trouble> {
        let (Ok(x), Ok(y)) = (self.bounds(plot, "x_range"), self.bounds(plot, "y_range")) else { return Ok(()) };
        let values = [("x0", x.0), ("x1", x.1), ("y0", y.0), ("y1", y.1)];
        self.happen(plot.id(), "rangesupdate", named(values.map(|(name, bound)| (name, number(bound)))))
    }
}

/// Width and height of a plot, in pixels. There are no axes and no layout here that would take any of it.
pub(super) fn size(doc: &Document, plot: Plot) -> (f64, f64) {
    /// What Bokeh takes for a plot that says nothing.
    const DEFAULT: f64 = 600.0;
    let pixels = |name| doc.value(plot.id(), name).ok().and_then(|pixels| pixels.as_f64()).unwrap_or(DEFAULT);
    (pixels("width"), pixels("height"))
}

/// How far along a range a place is, from 0 to 1 within it.
pub(super) fn pixel(doc: &Document, range: Option<ModelId>, at: &Value) -> Option<f64> {
    let range = range?;
    if let Ok(factors) = doc.value(range, "factors") {
        let factors = factors.as_list()?;
        let place = factors.iter().position(|factor| factor == at)?;
        return Some((Value::from(place).as_f64()? + 0.5) / Value::from(factors.len()).as_f64()?);
    }
    let bound = |name| doc.value(range, name).ok()?.as_f64().filter(|bound| bound.is_finite());
    let (start, end) = (bound("start")?, bound("end")?);
    (start != end).then_some((at.as_f64()? - start) / (end - start))
}

/// The data sources of a plot's markers, with the rows whose places are `wanted`.
fn marked_rows(doc: &Document, plot: Plot, wanted: impl Fn(f64, f64) -> bool) -> Vec<(ColumnDataSource, Vec<usize>)> {
    let mut found = Vec::new();
    for renderer in plot.renderers(doc) {
        let model = |name| doc.value(renderer.id(), name).ok().and_then(|value| value.as_model());
        let (Some(glyph), Some(source)) = (model("glyph"), model("data_source")) else { continue };
        if doc.class_name(glyph) != Some("Scatter") {
            continue;
        }
        let column = |name| {
            let field = doc.value(glyph, name).ok()?;
            let data = doc.data(source).ok()?;
            Some(numbers(data.get(field_name(&field)?)?))
        };
        let (Some(xs), Some(ys)) = (column("x"), column("y")) else { continue };
        let rows = xs.into_iter().zip(ys).enumerate();
        let rows = rows.filter_map(|(row, (x, y))| wanted(x?, y?).then_some(row));
        found.push((ColumnDataSource::from_id(source), rows.collect()));
    }
    found
}

fn field_name(spec: &Value) -> Option<&str> {
    match spec {
        Value::Str(name) => Some(name),
        Value::Spec(spec) => match &spec.kind {
            bokeh_protocol::SpecKind::Field(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn numbers(column: &Value) -> Vec<Option<f64>> {
    match column {
        Value::Array(array) => array.values().map(|value| value.as_f64()).collect(),
        column => column.as_list().into_iter().flatten().map(Value::as_f64).collect(),
    }
}

fn named<const N: usize>(values: [(&'static str, Value); N]) -> Vec<(Text, Value)> {
    values.into_iter().map(|(name, value)| (Text::from_static(name), value)).collect()
}
