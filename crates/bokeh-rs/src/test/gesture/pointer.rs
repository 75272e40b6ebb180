//! The mouse over a plot.

use bokeh_models::models::Plot;
use bokeh_models::{IsA, Model};
use bokeh_protocol::{Map, ModelId, Text, Value};

use super::plots::{self, pixel};
use crate::test::app::App;
use crate::test::trouble::Trouble;

impl App {
    /// Moves the mouse to a place in a plot, given in its coordinates: numbers or categories.
    ///
    /// # Panics
    /// When the plot is not visible, and when a callback fails.
    #[track_caller]
    pub fn hover(&mut self, plot: impl IsA<Plot>, x: impl Into<Value>, y: impl Into<Value>) {
        let (plot, at) = (plot.upcast::<Plot>(), Point { x: x.into(), y: y.into() });
        self.step(|app| {
            app.usable(plot.id())?;
            app.point(plot, &at)
        });
    }

    /// Clicks at a place in a plot, given in its coordinates: numbers or categories.
    ///
    /// Where the plot has a `TapTool`, the markers (`scatter`) whose centres are there are selected, and only they.
    ///
    /// ```
    /// use bokeh::events::Tap;
    /// use bokeh::prelude::*;
    /// use bokeh::test::App;
    ///
    /// let mut app = App::open(|doc: &mut Document| {
    ///     let plot = doc.add_root(figure().x_range((0, 10)).y_range((0, 10)));
    ///     plot.on::<Tap>(doc, |doc, tap| doc.set_title(format!("{} {}", tap.x, tap.y)));
    /// });
    /// app.tap(app.only::<Figure>(), 2, 3.5);
    /// assert_eq!(app.doc().title(), "2 3.5");
    /// ```
    ///
    /// # Panics
    /// When the plot is not visible, and when a callback fails.
    #[track_caller]
    pub fn tap(&mut self, plot: impl IsA<Plot>, x: impl Into<Value>, y: impl Into<Value>) {
        self.click_events(plot, x, y, &["tap"]);
    }

    /// Double clicks at a place in a plot.
    ///
    /// # Panics
    /// When the plot is not visible, and when a callback fails.
    #[track_caller]
    pub fn double_tap(&mut self, plot: impl IsA<Plot>, x: impl Into<Value>, y: impl Into<Value>) {
        self.click_events(plot, x, y, &["tap", "doubletap"]);
    }

    /// Presses the mouse at a place in a plot, holds it for a while, and releases it.
    ///
    /// # Panics
    /// When the plot is not visible, and when a callback fails.
    #[track_caller]
    pub fn press(&mut self, plot: impl IsA<Plot>, x: impl Into<Value>, y: impl Into<Value>) {
        self.click_events(plot, x, y, &["press", "pressup"]);
    }

    #[track_caller]
    fn click_events(&mut self, plot: impl IsA<Plot>, x: impl Into<Value>, y: impl Into<Value>, events: &[&str]) {
        let (plot, at) = (plot.upcast::<Plot>(), Point { x: x.into(), y: y.into() });
        self.step(|app| {
            app.usable(plot.id())?;
            app.point(plot, &at)?;
            if events.contains(&"tap") && app.has_tool(plot, "TapTool").is_ok() {
                app.tap_select(plot, &at)?;
            }
            events.iter().try_for_each(|event| app.happen_at(plot, event, &at, Vec::new()))
        });
    }

    /// Brings the mouse to a place, out of the plot where it was.
    pub(super) fn point(&mut self, plot: Plot, at: &Point) -> Result<(), Trouble> {
        let before = self.pointer.replace(plot.id());
        if before != Some(plot.id()) {
            if let Some(left) = before.filter(|left| self.doc().contains(*left)) {
                self.happen_at(Plot::from_id(left), "mouseleave", at, Vec::new())?;
            }
            self.happen_at(plot, "mouseenter", at, Vec::new())?;
        }
        self.happen_at(plot, "mousemove", at, Vec::new())
    }

    /// An event of the mouse at a place, with what it has beside the place.
    pub(super) fn happen_at(
        &mut self,
        plot: Plot,
        event: &str,
        at: &Point,
        more: Vec<(Text, Value)>,
    ) -> Result<(), Trouble> {
        let keys = ["shift", "ctrl", "alt"].map(|key| (Value::literal(key), Value::Bool(false)));
        let (sx, sy) = self.pixels(plot, at);
        let values = [
            ("sx", sx),
            ("sy", sy),
            ("x", at.x.clone()),
            ("y", at.y.clone()),
            ("modifiers", Value::Map(keys.into_iter().collect::<Map>())),
        ];
        let values = values.map(|(name, value)| (Text::from_static(name), value));
        self.happen(plot.id(), event, values.into_iter().chain(more).collect())
    }

    /// Where a place would be, in pixels from the left and from above.
    pub(super) fn pixels(&self, plot: Plot, at: &Point) -> (Value, Value) {
        let doc = self.doc();
        let (width, height) = plots::size(doc, plot);
        let (x_range, y_range) = (range(&plot, doc, "x_range"), range(&plot, doc, "y_range"));
        let sx = pixel(doc, x_range, &at.x).unwrap_or(0.5) * width;
        let sy = (1.0 - pixel(doc, y_range, &at.y).unwrap_or(0.5)) * height;
        (super::number(sx.round()), super::number(sy.round()))
    }
}

/// A place in a plot.
pub(super) struct Point {
    pub(super) x: Value,
    pub(super) y: Value,
}

pub(super) fn range(plot: &Plot, doc: &bokeh_document::Document, property: &str) -> Option<ModelId> {
    doc.value(plot.id(), property).ok()?.as_model()
}
