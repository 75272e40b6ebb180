//! Clicking what is on or off, or just clicked.

use bokeh_models::Model;
use bokeh_models::models::{Button, Checkbox, Dropdown, HelpButton, Switch, Toggle};
use bokeh_protocol::Value;

use crate::test::app::App;
use crate::test::trouble::Trouble;

/// What can be clicked.
pub trait Clickable: Model {
    /// Does what BokehJS does.
    #[doc(hidden)]
    fn clicked(self, app: &mut App) -> Result<(), Trouble>;
}

impl App {
    /// Clicks a button, a checkbox or a switch. What is on or off changes `active`; a button tells of the click if somebody
    /// waits for it.
    ///
    /// ```
    /// use bokeh::prelude::*;
    /// use bokeh::test::App;
    ///
    /// let mut app = App::open(|doc: &mut Document| {
    ///     let button = doc.add_root(Button::new().label("Count"));
    ///     let mut n_clicks = 0;
    ///     button.on_click(doc, move |doc| {
    ///         n_clicks += 1;
    ///         doc.set_title(format!("{n_clicks} clicks"));
    ///     });
    /// });
    /// app.click(app.find::<Button>("Count"));
    /// assert_eq!(app.doc().title(), "1 clicks");
    /// ```
    ///
    /// # Panics
    /// When it is disabled or not visible, and when a callback fails.
    #[track_caller]
    pub fn click(&mut self, button: impl Clickable) {
        self.step(|app| {
            app.usable(button.id())?;
            button.clicked(app)
        });
    }

    fn flip(&mut self, model: impl Model) -> Result<(), Trouble> {
        let is_active = self.doc().value(model.id(), "active").ok().and_then(|active| active.as_bool());
        self.set(model.id(), [("active", Value::Bool(is_active != Some(true)))])
    }
}

impl Clickable for Button {
    fn clicked(self, app: &mut App) -> Result<(), Trouble> {
        app.happen(self.id(), "button_click", Vec::new())
    }
}

impl Clickable for Toggle {
    fn clicked(self, app: &mut App) -> Result<(), Trouble> {
        app.flip(self)?;
        app.happen(self.id(), "button_click", Vec::new())
    }
}

/// The button beside the arrow of a split one; a click on any other one only opens its menu.
impl Clickable for Dropdown {
    fn clicked(self, app: &mut App) -> Result<(), Trouble> {
        match self.split(app.doc()) {
            true => app.happen(self.id(), "button_click", Vec::new()),
            false => Ok(()),
        }
    }
}

impl Clickable for HelpButton {
    fn clicked(self, _: &mut App) -> Result<(), Trouble> {
        // It shows its tooltip and tells nobody.
        Ok(())
    }
}

impl Clickable for Checkbox {
    fn clicked(self, app: &mut App) -> Result<(), Trouble> {
        app.flip(self)
    }
}

impl Clickable for Switch {
    fn clicked(self, app: &mut App) -> Result<(), Trouble> {
        app.flip(self)
    }
}
