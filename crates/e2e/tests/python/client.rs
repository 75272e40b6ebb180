//! Our client and Python's `bokeh serve`.

use anyhow::Result;
use bokeh_client::{ClientSession, ConnectError, ConnectOptions, OpenError, RequestError, pull_session, push_session};
use bokeh_document::Document;
use bokeh_protocol::{Array, Map, ModelId, Object, PatchIndex, Secret, Signing, Text, Value};
use e2e::{Python, Reference, Server};

#[tokio::test]
async fn a_slider_is_moved_and_the_servers_callback_seen() -> Result<()> {
    let server = Reference::serve(APP).await?;
    let session = pull_session(server.url()).await?;
    assert_eq!(session.request_server_info().await?.bokeh, "3.9.2");
    set(&session, "factor", "value", 3.into()).await?;
    session.wait_until(|doc| value(doc, "output", "text") == Value::from("factor 3")).await?;
    // What the callback changed before has arrived before, and a roundtrip does not lose it.
    let column = session.update(|doc| column(doc, "y")).await?;
    assert_eq!(column, [0.0, 3.0, 12.0, 27.0]);
    set(&session, "factor", "value", 4.into()).await?;
    session.force_roundtrip().await?;
    assert_eq!(session.update(|doc| value(doc, "output", "text")).await?, Value::from("factor 4"));
    Ok(())
}

#[tokio::test]
async fn binary_columns_are_streamed_and_patched() -> Result<()> {
    let server = Reference::serve(APP).await?;
    let session = pull_session(server.url()).await?;
    let other = join(&server, &session).pull().await?;
    session
        .update(|doc| {
            let source = named(doc, "source");
            let floats = |values: Vec<f64>| Value::from(Array::from(values));
            let data = Map::from_iter([("x", floats(vec![1.0, 2.0])), ("y", floats(vec![0.5, f64::INFINITY]))]);
            doc.set_value(source, "data", data.into())?;
            doc.stream(source, &Map::from_iter([("x", floats(vec![3.0])), ("y", floats(vec![1.5]))]), Some(2))?;
            doc.patch(source, vec![("y".into(), vec![(PatchIndex::Row(0), Value::from(7.5))])])?;
            anyhow::Ok(())
        })
        .await??;
    session.force_roundtrip().await?;
    // The other client is told of each change; a third one pulls what the server has made of them.
    other.wait_until(|doc| column(doc, "y") == [7.5, 1.5]).await?;
    let third = join(&server, &session).pull().await?;
    for session in [session, other, third] {
        let columns = session.update(|doc| (column(doc, "x"), column(doc, "y"))).await?;
        assert_eq!(columns, (vec![2.0, 3.0], vec![7.5, 1.5]));
    }
    Ok(())
}

#[tokio::test]
async fn a_pushed_document_is_shared() -> Result<()> {
    let server = Reference::serve("").await?;
    let mut doc = Document::new();
    doc.set_title("pushed");
    let div = doc.add_root(div("ours", "before"));
    let session = push_session(server.url(), doc).await?;
    let other = join(&server, &session).pull().await?;
    assert_eq!(other.update(|doc| doc.title().to_owned()).await?, "pushed");

    session.update(move |doc| doc.set_value(div, "text", "after".into())).await??;
    other.wait_until(|doc| value(doc, "ours", "text") == Value::from("after")).await?;
    other.update(|doc| doc.add_root(self::div("theirs", "new"))).await?;
    session.wait_until(|doc| doc.model_by_name("theirs").is_some()).await?;
    set(&session, "theirs", "text", "seen".into()).await?;
    other.wait_until(|doc| value(doc, "theirs", "text") == Value::from("seen")).await?;

    // A second push leaves the handles of the pusher as they are.
    session.push().await?;
    // Python's server defines the models to one of its connections and names them to the others, who no longer know them.
    other.pull().await?;
    session.update(move |doc| doc.set_value(div, "text", "again".into())).await??;
    other.wait_until(|doc| value(doc, "ours", "text") == Value::from("again")).await?;
    session.force_roundtrip().await?;
    assert_eq!(session.update(|doc| doc.roots().len()).await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_callback_that_fails_on_the_server_fails_the_roundtrip() -> Result<()> {
    let server = Reference::serve(FAILING_APP).await?;
    let session = pull_session(server.url()).await?;
    set(&session, "slider", "value", 2.into()).await?;
    let error = session.force_roundtrip().await.unwrap_err();
    assert!(matches!(&error, RequestError::Change(text) if text.contains("as wanted")), "{error:?}");
    session.force_roundtrip().await?;
    Ok(())
}

#[tokio::test]
async fn a_path_without_an_application_is_named() -> Result<()> {
    let server = Reference::serve(APP).await?;
    let url = format!("{}/nothing/here", server.url());
    let error = pull_session(&*url).await.unwrap_err();
    assert!(matches!(&error, OpenError::Connect(ConnectError::NotFound(named)) if *named == url), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn the_end_of_the_server_is_noticed() -> Result<()> {
    let server = Reference::serve(APP).await?;
    let session = pull_session(server.url()).await?;
    drop(server);
    session.closed().await;
    assert!(matches!(session.pull().await, Err(RequestError::Lost(_))));
    assert!(session.update(|doc| doc.model_by_name("factor").is_some()).await?, "the document is gone");
    Ok(())
}

#[tokio::test]
async fn a_server_that_signs_takes_clients_with_its_secret_only() -> Result<()> {
    let secret = "0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("app.py"), APP)?;
    let mut command = Python::find()?.command();
    command
        .args(["-m", "bokeh", "serve", "--address", "127.0.0.1", "--port", "0", "app.py"])
        .current_dir(&folder)
        .env("BOKEH_SIGN_SESSIONS", "yes")
        .env("BOKEH_SECRET_KEY", secret);
    let server = Server::start_command("Python's Bokeh server", command).await?;
    let with = |signing| ConnectOptions { signing, ..ConnectOptions::new(server.url()) };
    with(Signing::Signed(Secret::new(secret))).pull().await?;
    for signing in [Signing::Unsigned, Signing::Signed(Secret::new("another secret"))] {
        let error = with(signing).pull().await.unwrap_err();
        assert!(matches!(&error, OpenError::Connect(ConnectError::NotAcknowledged(_))), "{error:?}");
    }
    Ok(())
}

const APP: &str = include_str!("../reference/app.py");

const FAILING_APP: &str = r#"
from bokeh.models import Slider
from bokeh.plotting import curdoc

def fail(attr, old, new):
    raise ValueError("as wanted")

slider = Slider(name="slider", start=0, end=10, value=1)
slider.on_change("value", fail)
curdoc().add_root(slider)
"#;

/// The options to join the session of another client.
fn join(server: &Reference, session: &ClientSession) -> ConnectOptions {
    ConnectOptions { session_id: Some(session.id().to_owned()), ..ConnectOptions::new(server.url()) }
}

async fn set(session: &ClientSession, name: &'static str, property: &'static str, value: Value) -> Result<()> {
    session
        .update(move |doc| {
            let model = named(doc, name);
            doc.set_value(model, property, value)
        })
        .await??;
    Ok(())
}

fn value(doc: &mut Document, name: &str, property: &str) -> Value {
    // While a pushed document replaces another there may be no such model.
    doc.model_by_name(name).and_then(|model| doc.value(model, property).ok()).unwrap_or_default()
}

/// A column of the source as numbers.
fn column(doc: &mut Document, name: &str) -> Vec<f64> {
    let data = value(doc, "source", "data");
    match data.as_map().and_then(|data| data.get(name)) {
        Some(Value::Array(array)) => array.to_f64().unwrap_or_default(),
        Some(Value::List(items)) => items.iter().filter_map(Value::as_f64).collect(),
        _ => Vec::new(),
    }
}

fn named(doc: &mut Document, name: &str) -> ModelId {
    doc.model_by_name(name).unwrap_or_else(|| panic!("no model is named {name}"))
}

fn div(name: &'static str, text: &'static str) -> Object {
    let attributes = [("name", name), ("text", text)];
    let attributes = attributes.map(|(name, value)| (Text::from_static(name), Value::literal(value)));
    Object { name: "Div".into(), id: None, attributes: attributes.into() }
}
