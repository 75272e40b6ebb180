//! Entering numbers, dates and colours.

use bokeh_models::Model;
use bokeh_models::enums::NumericInputMode;
use bokeh_models::models::{ColorPicker, DatePicker, NumericInput, Spinner, TimePicker};
use bokeh_protocol::Value;

use super::number;
use crate::test::app::App;
use crate::test::trouble::Trouble;

/// Widgets that hold something that a user enters, and what that is: numbers; dates and times in the form of ISO 8601;
/// colours as `#rrggbb`.
pub trait Enterable: Model {
    /// What is entered.
    type Value;

    /// Does what BokehJS does.
    #[doc(hidden)]
    fn entered(self, app: &mut App, value: Self::Value) -> Result<(), Trouble>;
}

impl App {
    /// Enters a number, a date, a time or a colour, and leaves the widget.
    ///
    /// Numbers beyond the bounds of the widget become the bounds, as in the browser.
    ///
    /// # Panics
    /// When the widget is disabled or not visible, when its keyboard or calendar does not let the value be entered, and when
    /// a callback fails.
    #[track_caller]
    pub fn enter<W: Enterable>(&mut self, widget: W, value: impl Into<W::Value>) {
        self.step(|app| {
            app.usable(widget.id())?;
            widget.entered(app, value.into())
        });
    }
}

impl Enterable for NumericInput {
    type Value = f64;
    fn entered(self, app: &mut App, value: f64) -> Result<(), Trouble> {
        let doc = app.doc();
        if !value.is_finite() {
            return Err(format!("{value} cannot be typed into a number"));
        }
        if self.mode(doc) == NumericInputMode::Int && value.fract() != 0.0 {
            return Err(format!("{value} cannot be typed into an input for integers"));
        }
        let value = self.low(doc).map_or(value, |low| value.max(low));
        let value = self.high(doc).map_or(value, |high| value.min(high));
        app.set(self.id(), [("value", number(value))])
    }
}

impl Enterable for Spinner {
    type Value = f64;
    fn entered(self, app: &mut App, value: f64) -> Result<(), Trouble> {
        self.upcast::<NumericInput>().entered(app, value)?;
        let value = app.doc().value(self.id(), "value").map_err(|error| error.to_string())?;
        app.set(self.id(), [("value_throttled", value)])
    }
}

impl Enterable for DatePicker {
    type Value = String;
    fn entered(self, app: &mut App, value: String) -> Result<(), Trouble> {
        let is_digit_or_dash =
            |(place, char): (usize, char)| if matches!(place, 4 | 7) { char == '-' } else { char.is_ascii_digit() };
        if value.len() != 10 || !value.chars().enumerate().all(is_digit_or_dash) {
            return Err(format!("{value:?} is no date like 2024-01-31"));
        }
        let bound = |name| app.doc().value(self.id(), name).ok().and_then(|bound| bound.as_str().map(str::to_owned));
        if bound("min_date").is_some_and(|min| value < min) || bound("max_date").is_some_and(|max| value > max) {
            return Err(format!("the calendar does not offer {value}"));
        }
        app.set(self.id(), [("value", Value::from(value))])
    }
}

impl Enterable for TimePicker {
    type Value = String;
    fn entered(self, app: &mut App, value: String) -> Result<(), Trouble> {
        app.set(self.id(), [("value", Value::from(value))])
    }
}

impl Enterable for ColorPicker {
    type Value = String;
    fn entered(self, app: &mut App, value: String) -> Result<(), Trouble> {
        let digits = value.strip_prefix('#').filter(|digits| digits.len() == 6);
        if !digits.is_some_and(|digits| digits.chars().all(|digit| digit.is_ascii_hexdigit())) {
            return Err(format!("{value:?} is no colour like #1f77b4"));
        }
        app.set(self.id(), [("color", Value::from(value.to_ascii_lowercase()))])
    }
}
