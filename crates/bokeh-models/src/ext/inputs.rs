//! Files and submitted texts.

use std::sync::{Arc, Mutex, PoisonError};

use bokeh_document::{CallbackId, CallbackOutput, Document};
use bokeh_protocol::{Event, Map, Value};

use crate::events::{ClearInput, UiEvent, ValueSubmit};
use crate::models::{FileInput, TextInput};
use crate::{FromValue, Model};

/// A file that a user has chosen in a [`FileInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// Its name; within a folder that was chosen, its path in that.
    pub filename: String,
    /// Its type as the browser knows it, such as `text/csv`; empty when it does not.
    pub mime_type: String,
    /// Its content, in base64.
    pub base64: String,
}

impl FileInput {
    /// Calls `callback` with the files that a user has chosen: one, or several where the input takes several.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let input = doc.add(FileInput::new().accept(".csv"));
    /// let list = doc.add(Div::new());
    /// input.on_upload(&mut doc, move |doc, files| {
    ///     let names: Vec<String> = files.into_iter().map(|file| file.filename).collect();
    ///     list.set_text(doc, names.join(", "));
    /// });
    /// ```
    ///
    /// Files whose content is that of the last ones are not told of, since nothing has changed.
    ///
    /// # Panics
    /// When the input is not in this document.
    #[track_caller]
    pub fn on_upload<R: CallbackOutput + 'static>(
        &self,
        doc: &mut Document,
        mut callback: impl FnMut(&mut Document, Vec<Upload>) -> R + Send + 'static,
    ) -> CallbackId {
        let input = *self;
        let callback = Arc::new(Mutex::new(move |doc: &mut Document, files| callback(doc, files).into_result()));
        self.on_change(doc, FileInput::VALUE, move |doc, _| {
            let callback = callback.clone();
            // Names and types come after the content, in the same message.
            doc.add_next_tick_callback(move |doc| {
                let files = input.uploads(doc);
                let mut callback = callback.lock().unwrap_or_else(PoisonError::into_inner);
                if files.is_empty() { Ok(()) } else { callback(doc, files) }
            });
        })
    }

    /// The files that are chosen now.
    pub fn uploads(&self, doc: &Document) -> Vec<Upload> {
        let texts = |token| match self.try_get(doc, token) {
            Ok(Value::Str(text)) if text.is_empty() => Vec::new(),
            Ok(Value::Str(text)) => vec![text.to_string()],
            Ok(list) => Vec::<String>::from_value(&list).unwrap_or_default(),
            Err(_nothing_chosen) => Vec::new(),
        };
        let mut names = texts(FileInput::FILENAME).into_iter();
        let mut types = texts(FileInput::MIME_TYPE).into_iter();
        let upload = |base64| Upload {
            filename: names.next().unwrap_or_default(),
            mime_type: types.next().unwrap_or_default(),
            base64,
        };
        texts(FileInput::VALUE).into_iter().map(upload).collect()
    }

    /// Makes the browser forget which files are chosen.
    pub fn clear(&self, doc: &mut Document) {
        let values = Map::from_iter([("model", Value::from(self.id()))]);
        doc.send_message("bokeh_event", Value::from(Event { name: ClearInput::NAME.into(), values }));
    }
}

impl TextInput {
    /// Calls `callback` with the text when the user presses the enter key, changed or not.
    ///
    /// # Panics
    /// When the input is not in this document.
    #[track_caller]
    pub fn on_submit<R: CallbackOutput + 'static>(
        &self,
        doc: &mut Document,
        mut callback: impl FnMut(&mut Document, String) -> R + Send + 'static,
    ) -> CallbackId {
        self.on::<ValueSubmit>(doc, move |doc: &mut Document, submit: ValueSubmit| callback(doc, submit.value))
    }
}
