//! Typing into text inputs.

use bokeh_models::models::{TextInput, TextLikeInput};
use bokeh_models::{IsA, Model};
use bokeh_protocol::{Text, Value};

use crate::test::app::App;

impl App {
    /// Replaces the text of an input, key by key, and leaves it: `value_input` changes with each key, `value` at the end.
    ///
    /// # Panics
    /// When the input is disabled or not visible, when the text is longer than it may be, and when a callback fails.
    #[track_caller]
    pub fn type_text(&mut self, input: impl IsA<TextLikeInput>, text: &str) {
        self.step(|app| {
            app.usable(input.id())?;
            let input = input.upcast::<TextLikeInput>();
            let n_chars = text.encode_utf16().count();
            if let Some(max) = input.max_length(app.doc())
                && usize::try_from(max).is_ok_and(|max| n_chars > max)
            {
                return Err(format!("{text:?} does not fit into an input of at most {max} characters"));
            }
            let ends = text.char_indices().map(|(start, char)| start + char.len_utf8());
            // A text is replaced by its first key, or emptied.
            let ends: Vec<usize> = if text.is_empty() { vec![0] } else { ends.collect() };
            for end in ends {
                app.set(input.id(), [("value_input", Value::from(&text[..end]))])?;
            }
            app.set(input.id(), [("value", Value::from(text))])
        });
    }

    /// Presses Enter in a text input: it is told as `value_submit` if somebody waits for it.
    ///
    /// # Panics
    /// When the input is disabled or not visible, and when a callback fails.
    #[track_caller]
    pub fn submit(&mut self, input: impl IsA<TextInput>) {
        self.step(|app| {
            app.usable(input.id())?;
            let value = app.doc().value(input.id(), "value").map_err(|error| error.to_string())?;
            app.happen(input.id(), "value_submit", vec![(Text::from_static("value"), value)])
        });
    }
}
