//! Clicks.

use bokeh_document::{CallbackId, CallbackOutput, Document};

use crate::events::{ButtonClick, MenuItemClick};
use crate::models::{AbstractButton, Dropdown, ToggleButtonGroup};

impl AbstractButton {
    /// Calls `callback` when the button is clicked.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let button = doc.add(Button::new().label("count"));
    /// let mut n_clicks = 0;
    /// button.on_click(&mut doc, move |doc| {
    ///     n_clicks += 1;
    ///     button.set_label(doc, format!("{n_clicks}"));
    /// });
    /// ```
    ///
    /// # Panics
    /// When the button is not in this document.
    #[track_caller]
    pub fn on_click<R: CallbackOutput + 'static>(
        &self,
        doc: &mut Document,
        mut callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        self.on::<ButtonClick>(doc, move |doc: &mut Document, _: ButtonClick| callback(doc))
    }
}

impl ToggleButtonGroup {
    /// Calls `callback` when a button of the group is clicked; `active` says which ones are on.
    ///
    /// # Panics
    /// When the group is not in this document.
    #[track_caller]
    pub fn on_click<R: CallbackOutput + 'static>(
        &self,
        doc: &mut Document,
        mut callback: impl FnMut(&mut Document) -> R + Send + 'static,
    ) -> CallbackId {
        self.on::<ButtonClick>(doc, move |doc: &mut Document, _: ButtonClick| callback(doc))
    }
}

impl Dropdown {
    /// Calls `callback` with the value of the item that is chosen from the menu.
    ///
    /// # Panics
    /// When the button is not in this document.
    #[track_caller]
    pub fn on_item_click<R: CallbackOutput + 'static>(
        &self,
        doc: &mut Document,
        mut callback: impl FnMut(&mut Document, String) -> R + Send + 'static,
    ) -> CallbackId {
        self.on::<MenuItemClick>(doc, move |doc: &mut Document, click: MenuItemClick| {
            callback(doc, click.item.unwrap_or_default())
        })
    }
}
