//! Dragging the handles of sliders.

use bokeh_document::Document;
use bokeh_models::Model;
use bokeh_models::models::{CategoricalSlider, DateRangeSlider, DateSlider, DatetimeRangeSlider, RangeSlider, Slider};
use bokeh_protocol::{ModelId, Value};

use super::{number, pair};
use crate::test::app::App;
use crate::test::trouble::Trouble;

/// Sliders, and what dragging them sets. Dates are in milliseconds since the epoch.
pub trait Draggable: Model {
    /// What the slider holds.
    type Value;

    /// What the slider holds one after the other while it is dragged, for each handle that is moved.
    #[doc(hidden)]
    fn path(self, doc: &Document, to: Self::Value) -> Result<Vec<Vec<Value>>, String>;
}

impl App {
    /// Drags a slider to a value: `value` changes on the way, through at most ten values, and when the mouse is released
    /// `value_throttled` does. Of a slider with two handles the one moves and then the other.
    ///
    /// ```
    /// use bokeh::prelude::*;
    /// use bokeh::test::App;
    ///
    /// let mut app = App::open(|doc: &mut Document| {
    ///     let slider = doc.add(Slider::new().title("size").start(0).end(10).step(0.5).value(1));
    ///     let shown = doc.add(Div::new().name("shown"));
    ///     slider.on_change(doc, Slider::VALUE, move |doc, change| shown.set_text(doc, format!("{}", change.new)));
    ///     doc.add_root(column((slider, shown)));
    /// });
    /// let slider = app.find::<Slider>("size");
    /// app.drag(slider, 2.5);
    /// assert_eq!(app.find::<Div>("shown").text(app.doc()), "2.5");
    /// ```
    ///
    /// # Panics
    /// When the slider is disabled or not visible, when the value is outside of its bounds or between two of its steps, and
    /// when a callback fails.
    #[track_caller]
    pub fn drag<S: Draggable>(&mut self, slider: S, to: impl Into<S::Value>) {
        self.step(|app| {
            app.usable(slider.id())?;
            for handle in slider.path(app.doc(), to.into())? {
                let released = handle.last().cloned();
                for value in handle {
                    app.set(slider.id(), [("value", value)])?;
                }
                if let Some(value) = released {
                    app.set(slider.id(), [("value_throttled", value)])?;
                }
            }
            Ok(())
        });
    }
}

impl Draggable for Slider {
    type Value = f64;
    fn path(self, doc: &Document, to: f64) -> Result<Vec<Vec<Value>>, String> {
        one_handle(doc, self.id(), 1.0, to)
    }
}

impl Draggable for DateSlider {
    type Value = f64;
    fn path(self, doc: &Document, to: f64) -> Result<Vec<Vec<Value>>, String> {
        one_handle(doc, self.id(), DAY, to)
    }
}

impl Draggable for RangeSlider {
    type Value = (f64, f64);
    fn path(self, doc: &Document, to: (f64, f64)) -> Result<Vec<Vec<Value>>, String> {
        two_handles(doc, self.id(), 1.0, to)
    }
}

impl Draggable for DateRangeSlider {
    type Value = (f64, f64);
    fn path(self, doc: &Document, to: (f64, f64)) -> Result<Vec<Vec<Value>>, String> {
        two_handles(doc, self.id(), DAY, to)
    }
}

impl Draggable for DatetimeRangeSlider {
    type Value = (f64, f64);
    fn path(self, doc: &Document, to: (f64, f64)) -> Result<Vec<Vec<Value>>, String> {
        two_handles(doc, self.id(), 1.0, to)
    }
}

impl Draggable for CategoricalSlider {
    type Value = String;
    fn path(self, doc: &Document, to: String) -> Result<Vec<Vec<Value>>, String> {
        let categories = self.categories(doc);
        let place = |wanted: &str| categories.iter().position(|category| *category == *wanted);
        let to = place(&to).ok_or_else(|| format!("the slider has no {to:?}, it has {categories:?}"))?;
        let from = place(&self.value(doc)).unwrap_or(0);
        let places: Vec<usize> = if from <= to { (from + 1..=to).collect() } else { (to..from).rev().collect() };
        Ok(vec![places.into_iter().map(|place| Value::from(categories[place].clone())).collect()])
    }
}

/// Milliseconds: the steps of date sliders are days.
const DAY: f64 = 86_400_000.0;
/// Between two reports of its place a mouse passes many values.
const MAX_VALUES: f64 = 10.0;
/// How far computing with fractions may be off, in steps.
const NOISE: f64 = 1e-6;

fn one_handle(doc: &Document, slider: ModelId, unit: f64, to: f64) -> Result<Vec<Vec<Value>>, String> {
    let track = Track::of(doc, slider, unit)?;
    let from = millis_or_number(&read(doc, slider, "value")?)?;
    track.check(to)?;
    Ok(vec![track.between(from, to).into_iter().map(number).collect()])
}

fn two_handles(doc: &Document, slider: ModelId, unit: f64, to: (f64, f64)) -> Result<Vec<Vec<Value>>, String> {
    let track = Track::of(doc, slider, unit)?;
    let value = read(doc, slider, "value")?;
    let Some([low, high]) = value.as_list() else { return Err("the slider's value is no pair".to_owned()) };
    let (low, high) = (millis_or_number(low)?, millis_or_number(high)?);
    track.check(to.0)?;
    track.check(to.1)?;
    if to.0 > to.1 {
        return Err(format!("the handles of a slider cannot pass each other, as from {} to {} they would", to.0, to.1));
    }
    let lower = |high: f64| track.between(low, to.0).into_iter().map(|low| pair((low, high))).collect();
    let upper = |low: f64| track.between(high, to.1).into_iter().map(|high| pair((low, high))).collect();
    // The one that would otherwise meet the other goes first.
    Ok(if to.0 <= high { vec![lower(high), upper(to.0)] } else { vec![upper(low), lower(to.1)] })
}

/// Where the handle of a slider can be.
struct Track {
    start: f64,
    end: f64,
    step: f64,
}

impl Track {
    fn of(doc: &Document, slider: ModelId, unit: f64) -> Result<Self, String> {
        let read = |name| millis_or_number(&read(doc, slider, name)?);
        Ok(Track { start: read("start")?, end: read("end")?, step: read("step")? * unit })
    }

    fn check(&self, to: f64) -> Result<(), String> {
        let Track { start, end, step } = *self;
        if !(start..=end).contains(&to) {
            return Err(format!("a slider from {start} to {end} cannot be dragged to {to}"));
        }
        let n_steps = (to - start) / step;
        if (n_steps - n_steps.round()).abs() > NOISE && to != end {
            let below = self.at(n_steps.floor());
            let above = self.at(n_steps.floor() + 1.0);
            return Err(format!("{to} is between two steps of the slider, {below} and {above}"));
        }
        Ok(())
    }

    /// The values on the way, without the first.
    fn between(&self, from: f64, to: f64) -> Vec<f64> {
        let first = (from - self.start) / self.step;
        let last = (to - self.start) / self.step;
        let n_values = (last - first).abs().ceil().min(MAX_VALUES);
        let mut values = Vec::new();
        let mut nth = 1.0;
        while nth < n_values {
            let way = ((last - first).abs() * nth / n_values - NOISE).ceil();
            values.push(self.at(if first < last { (first + way).floor() } else { (first - way).ceil() }));
            nth += 1.0;
        }
        if from != to {
            values.push(to);
        }
        values
    }

    /// The value at a step, without the noise of computing with fractions.
    fn at(&self, n_steps: f64) -> f64 {
        let value = (self.start + n_steps * self.step).min(self.end);
        (value * 1e9).round() / 1e9
    }
}

fn read(doc: &Document, slider: ModelId, property: &str) -> Result<Value, String> {
    doc.value(slider, property).map_err(|error| error.to_string())
}

fn millis_or_number(value: &Value) -> Result<f64, Trouble> {
    value
        .as_f64()
        .ok_or_else(|| format!("a slider with {} where a number is expected cannot be dragged", value.kind_name()))
}
