//! What the tests share: an interpreter that has bokeh, and files to run with it.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bokeh_application::Application;
use bokeh_client::{ClientSession, pull_session};
use bokeh_document::Document;
use bokeh_protocol::Value;
use bokeh_python::{AppSource, PythonApps, Settings};
use bokeh_server::{RunningServer, Server};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An interpreter that has bokeh: `BOKEH_PYTHON` from the environment, else the one of the setup.
pub(crate) fn python() -> PathBuf {
    let named = env::var_os("BOKEH_PYTHON").filter(|value| !value.is_empty()).map(PathBuf::from);
    let python = named.unwrap_or_else(|| repository().join(".setup/venv/bin/python"));
    assert!(python.exists(), "no Python with bokeh; run `cargo xtask setup`, or name it in BOKEH_PYTHON");
    python
}

/// The settings of tests: one worker, and the interpreter of the setup.
pub(crate) fn settings() -> Settings {
    Settings { python: Some(python()), workers: 1, ..Settings::default() }
}

/// Writes a script and serves it at `/app`.
pub(crate) async fn serve(script: &str, settings: Settings) -> Served {
    serve_with(script, settings, bokeh_server::Settings::default()).await
}

/// Like [`serve`], with settings of the server.
pub(crate) async fn serve_with(script: &str, settings: Settings, server: bokeh_server::Settings) -> Served {
    start(script, settings, server, |app| app).await
}

/// Like [`serve`], with something done to the application.
pub(crate) async fn serve_app(
    script: &str,
    settings: Settings,
    decorate: impl FnOnce(Application) -> Application,
) -> Served {
    start(script, settings, bokeh_server::Settings::default(), decorate).await
}

async fn start(
    script: &str,
    settings: Settings,
    server: bokeh_server::Settings,
    decorate: impl FnOnce(Application) -> Application,
) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.py");
    std::fs::write(&file, script).unwrap();
    let python = PythonApps::builder().settings(settings).start().await.unwrap();
    let [(route, app)] = python.load([AppSource::new("/app", file)]).await.unwrap().try_into().unwrap();
    let builder = Server::builder().settings(server).address("127.0.0.1").port(0);
    let server = builder.app(route, decorate(app)).start().await.unwrap();
    Served { server, python, _folder: folder }
}

/// A server with one Python application.
pub(crate) struct Served {
    pub(crate) server: RunningServer,
    pub(crate) python: PythonApps,
    _folder: TempDir,
}

/// Opens a session of the application.
pub(crate) async fn open(served: &Served) -> ClientSession {
    pull_session(served.server.url("/app")).await.unwrap()
}

/// Asks the server for a path, and returns the whole of its answer.
pub(crate) async fn get(served: &Served, path: &str) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", served.server.port())).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The process that has the session, as the script tells it.
pub(crate) async fn pid(session: &ClientSession) -> i32 {
    session.update(|doc| doc.title().parse().unwrap()).await.unwrap()
}

/// The processes of the workers.
pub(crate) fn processes(served: &Served) -> Vec<i32> {
    served.python.workers().iter().map(|worker| worker.process_id.try_into().unwrap()).collect()
}

/// Kills a process.
pub(crate) fn kill(process: i32) {
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
}

/// Has a process do nothing any more.
pub(crate) fn stop(process: i32) {
    kill_process(Pid::from_raw(process).unwrap(), Signal::STOP).unwrap();
}

/// Waits until the workers are as they should be.
pub(crate) async fn until(served: &Served, is_so: impl Fn() -> bool) {
    let waiting = async {
        loop {
            let changed = served.python.workers_changed();
            if is_so() {
                return;
            }
            changed.await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("it did not come to be");
}

/// Sets a property of the model with this name.
pub(crate) async fn set(session: &ClientSession, model: &'static str, property: &'static str, value: Value) {
    let set = session.update(move |doc| {
        let model = doc.model_by_name(model).unwrap();
        doc.set_value(model, property, value)
    });
    set.await.unwrap().unwrap();
}

/// Waits until a property has a text.
pub(crate) async fn wait_for(session: &ClientSession, model: &'static str, property: &'static str, expected: &str) {
    let expected = expected.to_owned();
    let has_value = move |doc: &mut Document| {
        let model = doc.model_by_name(model).unwrap();
        matches!(doc.value(model, property), Ok(Value::Str(text)) if *text == *expected)
    };
    session.wait_until(has_value).await.unwrap();
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// A slider whose callback blocks for ever below 0. The title is the process.
pub(crate) const BLOCKING: &str = r#"
import os, time
from bokeh.io import curdoc
from bokeh.models import Slider, Div

def moved(attr, old, new):
    while new < 0:
        time.sleep(0.01)
    div.text = f"at {new}"

slider, div = Slider(name="slider", start=-10, end=10, value=1), Div(name="div", text="at 1")
slider.on_change("value", moved)
curdoc().add_root(slider)
curdoc().add_root(div)
curdoc().title = str(os.getpid())
"#;
