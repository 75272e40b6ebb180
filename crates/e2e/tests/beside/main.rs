//! Rust and Python on one server, and in one application.

use std::fs;

use anyhow::{Context, Result};
use bokeh_application::{FunctionHandler, SessionContext};
use bokeh_client::{ClientSession, pull_session};
use bokeh_document::{CallbackResult, Document};
use bokeh_protocol::{Object, Value};
use bokeh_python::{AppSource, PythonApps};
use bokeh_server::{RunningServer, Server};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn a_rust_function_decorates_what_a_script_has_made() -> Result<()> {
    let (server, _folder) = serve().await?;
    let session = pull_session(server.url("/both")).await?;
    assert_eq!(session.update(|doc| doc.title().to_owned()).await?, "script, decorated");

    // Rust's callback hears of the user's change, and Python's does, too.
    set(&session, "amount", "value", 5.into()).await?;
    wait_for(&session, "python", "text", "5").await?;
    wait_for(&session, "rust", "text", "rust has 5").await?;
    // What Rust has added is a model of the script's document.
    set(&session, "amount", "value", 7.into()).await?;
    wait_for(&session, "python", "text", "7 after rust has 5").await?;

    // Another visitor has a session of their own.
    let other = pull_session(server.url("/both")).await?;
    wait_for(&other, "python", "text", "-").await?;
    server.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_are_served_side_by_side() -> Result<()> {
    let (server, _folder) = serve().await?;
    for (route, title) in [("/rust", "from Rust"), ("/script", "script")] {
        let session = pull_session(server.url(route)).await?;
        assert_eq!(session.update(|doc| doc.title().to_owned()).await?, title);
    }
    assert_eq!(server.sessions("/rust").map(|sessions| sessions.len()), Some(1));
    assert_eq!(server.sessions("/script").map(|sessions| sessions.len()), Some(1));
    server.stop().await;
    Ok(())
}

async fn serve() -> Result<(RunningServer, TempDir)> {
    let folder = TempDir::new()?;
    let script = folder.path().join("script.py");
    fs::write(&script, SCRIPT)?;
    let python = PythonApps::builder().python(e2e::python()?).workers(1).start().await?;
    let sources = [AppSource::new("/script", &script), AppSource::new("/both", &script)];
    let mut server = Server::builder().address("127.0.0.1").port(0);
    server = server.app("/rust", |doc: &mut Document| doc.set_title("from Rust"));
    for (route, app) in python.load(sources).await? {
        let app = if route == "/both" { app.handler(FunctionHandler::new(decorate)) } else { app };
        server = server.app(route, app);
    }
    Ok((server.start().await?, folder))
}

fn decorate(doc: &mut Document, _session: &SessionContext) -> CallbackResult {
    doc.set_title(format!("{}, decorated", doc.title()));
    let attributes = vec![("name".into(), "rust".into()), ("text".into(), "".into())];
    let text = doc.add_root(Object { name: "Div".into(), id: None, attributes });
    let slider = doc.model_by_name("amount").ok_or("the script has no slider")?;
    doc.on_change(slider, "value", move |doc, change| {
        doc.set_value(text, "text", format!("rust has {}", change.new.as_i64().unwrap_or_default()).into())
    })?;
    Ok(())
}

async fn set(session: &ClientSession, model: &'static str, property: &'static str, value: Value) -> Result<()> {
    let set = session.update(move |doc| {
        let model = doc.model_by_name(model).context("there is no such model")?;
        doc.set_value(model, property, value).map_err(anyhow::Error::from)
    });
    set.await?
}

async fn wait_for(session: &ClientSession, model: &'static str, property: &'static str, expected: &str) -> Result<()> {
    let expected = expected.to_owned();
    let has_value = move |doc: &mut Document| {
        let value = doc.model_by_name(model).and_then(|model| doc.value(model, property).ok());
        value == Some(Value::from(expected.as_str()))
    };
    Ok(session.wait_until(has_value).await?)
}

const SCRIPT: &str = r#"
from bokeh.io import curdoc
from bokeh.models import Div, Slider

amount, text = Slider(name="amount", start=0, end=10, value=1), Div(name="python", text="-")

def moved(attr, old, new):
    rust = curdoc().get_model_by_name("rust")
    text.text = f"{new} after {rust.text}" if rust is not None and rust.text else f"{new}"

amount.on_change("value", moved)
curdoc().add_root(amount)
curdoc().add_root(text)
curdoc().title = "script"
"#;
