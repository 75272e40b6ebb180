//! The Python side of a worker, which travels inside this program.

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::{Map, Value};

/// What the interpreter is given with `-c`. It reads the [package] from its socket and starts it.
pub(crate) const BOOTSTRAP: &str = include_str!("../python/bokeh_rs_worker/bootstrap.py");

/// The first message to a worker: the files of the package. Nothing of it is written to the disk.
pub(crate) fn package() -> impl Serialize {
    #[derive(Serialize)]
    struct Package {
        files: Map<String, Value>,
    }
    let files = FILES.iter().map(|(name, text)| (format!("{FOLDER}/{name}"), Value::from(*text)));
    Package { files: files.collect() }
}

const FOLDER: &str = "bokeh_rs_worker";

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../python/bokeh_rs_worker/", $name)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "__init__.py",
    "apps.py",
    "auth.py",
    "channel.py",
    "columns.py",
    "connection.py",
    "curdoc.py",
    "desk.py",
    "export.py",
    "extensions.py",
    "extras.py",
    "failure.py",
    "frame.py",
    "garbage.py",
    "imports.py",
    "implementations.py",
    "json_text.py",
    "limits.py",
    "log.py",
    "memo.py",
    "metrics.py",
    "modules.py",
    "notebook.py",
    "page.py",
    "patch.py",
    "place.py",
    "preload.py",
    "process.py",
    "recorder.py",
    "request.py",
    "resources.py",
    "response.py",
    "serializer.py",
    "session.py",
    "sessions.py",
    "setup.py",
    "shortcuts.py",
    "template.py",
    "times.py",
    "titles.py",
    "worker.py",
];
