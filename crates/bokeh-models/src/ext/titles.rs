//! Models that a string can stand for.

use bokeh_protocol::Value;

use crate::models::Title;
use crate::{FromText, IntoModel};

impl FromText for Title {
    fn from_text(text: &str) -> Value {
        Title::new().text(text).into_model_value()
    }
}
