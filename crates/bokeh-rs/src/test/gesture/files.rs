//! Choosing files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bokeh_models::Model;
use bokeh_models::models::FileInput;
use bokeh_protocol::Value;

use crate::test::app::App;

/// A file on the user's disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// What kind of file the browser takes it for.
    pub mime_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl File {
    /// A file with this name, type and content.
    pub fn new(name: impl Into<String>, mime_type: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        File { name: name.into(), mime_type: mime_type.into(), content: content.into() }
    }
}

impl App {
    /// Chooses files in a file input: `value` gets their contents in base64, all in one message with names and types.
    ///
    /// ```
    /// use bokeh::prelude::*;
    /// use bokeh::test::{App, File};
    ///
    /// let mut app = App::open(|doc: &mut Document| {
    ///     let input = doc.add_root(FileInput::new().name("data").accept(".csv"));
    ///     input.on_change(doc, FileInput::FILENAME, |doc, change| doc.set_title(format!("{:?}", change.new.as_str())));
    /// });
    /// let input = app.find::<FileInput>("data");
    /// app.upload(input, &[File::new("a.csv", "text/csv", "x,y\n1,2\n")]);
    /// assert_eq!(app.doc().title(), "Some(\"a.csv\")");
    /// ```
    ///
    /// # Panics
    /// When the input is disabled or not visible, when it takes no such files or not so many, and when a callback fails.
    #[track_caller]
    pub fn upload(&mut self, input: FileInput, files: &[File]) {
        self.step(|app| {
            app.usable(input.id())?;
            let takes_many = input.multiple(app.doc()) || input.directory(app.doc());
            if files.len() > 1 && !takes_many {
                return Err(format!("the input takes one file, not {}", files.len()));
            }
            let accepted = accepted(&input.accept(app.doc()));
            if let Some(file) = files.iter().find(|file| !is_accepted(file, &accepted)) {
                return Err(format!("the input takes {accepted:?}, not {:?}", file.name));
            }
            let shown = |texts: Vec<String>| match takes_many {
                true => texts.into_iter().map(Value::from).collect(),
                false => Value::from(texts.into_iter().next().unwrap_or_default()),
            };
            let value = shown(files.iter().map(|file| STANDARD.encode(&file.content)).collect());
            let filename = shown(files.iter().map(|file| file.name.clone()).collect());
            let mime_type = shown(files.iter().map(|file| file.mime_type.clone()).collect());
            app.set(input.id(), [("value", value), ("filename", filename), ("mime_type", mime_type)])
        });
    }
}

/// The endings and types that an input takes, in lower case; none for all.
fn accepted(accept: &Value) -> Vec<String> {
    let texts: Vec<&str> = match accept {
        Value::Str(text) => text.split(',').collect(),
        list => list.as_list().into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    texts.iter().map(|text| text.trim().to_ascii_lowercase()).filter(|text| !text.is_empty()).collect()
}

fn is_accepted(file: &File, accepted: &[String]) -> bool {
    let (name, mime_type) = (file.name.to_ascii_lowercase(), file.mime_type.to_ascii_lowercase());
    let fits = |pattern: &String| match pattern.strip_suffix('*') {
        Some(kind) => mime_type.starts_with(kind),
        None if pattern.starts_with('.') => name.ends_with(&**pattern),
        None => mime_type == *pattern,
    };
    accepted.is_empty() || accepted.iter().any(fits)
}
