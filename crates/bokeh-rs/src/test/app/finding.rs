//! Finding what is on the page.

use bokeh_models::Model;
use bokeh_protocol::ModelId;

use super::App;
use crate::test::find::{self, FindError};
use crate::test::shown;
use crate::test::trouble::{Trouble, fail};

impl App {
    /// The model of a class whose name, title, label or text is `caption`.
    ///
    /// # Panics
    /// When there is none on the page, or several are. The message lists what is there.
    #[track_caller]
    #[must_use]
    pub fn find<M: Model>(&self, caption: &str) -> M {
        match self.try_find(caption) {
            Ok(model) => model,
            Err(error) => fail(&error.to_string()),
        }
    }

    /// The same, for what may not be there.
    ///
    /// # Errors
    /// When there is none on the page, or several are.
    pub fn try_find<M: Model>(&self, caption: &str) -> Result<M, FindError> {
        find::by_caption(&self.document, caption)
    }

    /// The only model of a class.
    ///
    /// # Panics
    /// When there is none on the page, or several are.
    #[track_caller]
    #[must_use]
    pub fn only<M: Model>(&self) -> M {
        match find::only(&self.document) {
            Ok(model) => model,
            Err(error) => fail(&error.to_string()),
        }
    }

    /// All models of a class, in the order of the page.
    #[must_use]
    pub fn all<M: Model>(&self) -> Vec<M> {
        find::all(&self.document)
    }

    /// Whether a user sees the model: it is on the page, and neither it nor what it is in is hidden, or in a tab that is not
    /// open.
    #[must_use]
    pub fn is_visible(&self, model: impl Model) -> bool {
        shown::is_visible(&self.document, model.id())
    }

    /// Whether a user can do something with the model: it is [visible](Self::is_visible) and not disabled.
    #[must_use]
    pub fn is_enabled(&self, model: impl Model) -> bool {
        self.usable(model.id()).is_ok()
    }

    /// Whether a user could do something with a model, and if not, why.
    pub(in crate::test) fn usable(&self, model: ModelId) -> Result<(), Trouble> {
        let name = || find::describe(&self.document, model);
        if !shown::in_order(&self.document).contains(&model) {
            return Err(format!("{} is not on the page", name()));
        }
        if !shown::is_visible(&self.document, model) {
            return Err(format!("{} is not visible", name()));
        }
        match self.document.value(model, "disabled") {
            Ok(disabled) if disabled.as_bool() == Some(true) => Err(format!("{} is disabled", name())),
            _ => Ok(()),
        }
    }
}
