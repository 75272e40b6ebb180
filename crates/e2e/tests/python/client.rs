//! Our client with Python's `bokeh serve` and with our server: the same for both.

mod apps;
mod served;

use std::sync::mpsc;
use std::time::Duration;

use anyhow::Result;
use bokeh_client::{
    ClientSession, ConnectError, ConnectOptions, OpenError, Reconnect, RequestError, Resume, blocking, pull_session,
    push_session,
};
use bokeh_document::Document;
use bokeh_protocol::{Array, Map, ModelId, PatchIndex, Secret, Signing, Value};
use e2e::{Proxy, Python, Server};

use apps::{BLINKING, EMPTY, FACTOR, FAILING, GROWING, div};
use served::Served;

#[tokio::test]
async fn a_slider_is_moved_and_the_servers_callback_seen() -> Result<()> {
    for server in Served::both(FACTOR).await? {
        let session = server.pull().await?;
        assert_eq!(session.request_server_info().await?.bokeh, "3.9.2");
        set(&session, "factor", "value", 3.into()).await?;
        session.wait_until(|doc| value(doc, "output", "text") == Value::from("factor 3")).await?;
        // What the callback changed before has arrived before, and a roundtrip does not lose it.
        let column = session.update(|doc| column(doc, "y")).await?;
        assert_eq!(column, [0.0, 3.0, 12.0, 27.0]);
        set(&session, "factor", "value", 4.into()).await?;
        session.force_roundtrip().await?;
        assert_eq!(session.update(|doc| value(doc, "output", "text")).await?, Value::from("factor 4"));
    }
    Ok(())
}

#[tokio::test]
async fn binary_columns_are_streamed_and_patched() -> Result<()> {
    for server in Served::both(FACTOR).await? {
        let session = server.pull().await?;
        let other = server.join(&session).await?;
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
        let third = server.join(&session).await?;
        for session in [session, other, third] {
            let columns = session.update(|doc| (column(doc, "x"), column(doc, "y"))).await?;
            assert_eq!(columns, (vec![2.0, 3.0], vec![7.5, 1.5]));
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_pushed_document_is_shared() -> Result<()> {
    for server in Served::both(EMPTY).await? {
        let mut doc = Document::new();
        doc.set_title("pushed");
        let div = doc.add_root(div("ours", "before"));
        let session = push_session(server.url(), doc).await?;
        let other = server.join(&session).await?;
        assert_eq!(other.update(|doc| doc.title().to_owned()).await?, "pushed");

        session.update(move |doc| doc.set_value(div, "text", "after".into())).await??;
        other.wait_until(|doc| value(doc, "ours", "text") == Value::from("after")).await?;
        other.update(|doc| doc.add_root(self::div("theirs", "new"))).await?;
        session.wait_until(|doc| doc.model_by_name("theirs").is_some()).await?;
        set(&session, "theirs", "text", "seen".into()).await?;
        other.wait_until(|doc| value(doc, "theirs", "text") == Value::from("seen")).await?;

        // A second push leaves the handles of the pusher as they are. Python's server defines the models to one of its
        // connections and names them to the others, who no longer know them and pull anew.
        session.push().await?;
        session.update(move |doc| doc.set_value(div, "text", "again".into())).await??;
        other.wait_until(|doc| value(doc, "ours", "text") == Value::from("again")).await?;
        session.force_roundtrip().await?;
        assert_eq!(session.update(|doc| doc.roots().len()).await?, 2);
    }
    Ok(())
}

#[tokio::test]
async fn callbacks_of_this_side_run() -> Result<()> {
    for server in Served::both(FACTOR).await? {
        let session = server.pull().await?;
        let (sender, seen) = mpsc::channel();
        session
            .update(move |doc| {
                let (factor, output) = (named(doc, "factor"), named(doc, "output"));
                doc.on_change(output, "text", move |_, change| sender.send(change.new.clone()))?;
                let mut values = [2, 5].into_iter();
                doc.add_periodic_callback(Duration::from_millis(1), move |doc| match values.next() {
                    Some(value) => doc.set_value(factor, "value", value.into()),
                    None => Ok(()),
                });
                anyhow::Ok(())
            })
            .await??;
        session.wait_until(|doc| value(doc, "output", "text") == Value::from("factor 5")).await?;
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), ["factor 2", "factor 5"].map(Value::from));
    }
    Ok(())
}

#[tokio::test]
async fn models_that_the_server_makes_are_seen_by_all_clients() -> Result<()> {
    for server in Served::both(GROWING).await? {
        let session = server.pull().await?;
        let other = server.join(&session).await?;
        let before = other.update(|doc| named(doc, "slider")).await?;
        for n in 2..5 {
            set(&session, "slider", "value", n.into()).await?;
            for session in [&session, &other] {
                session.wait_until(move |doc| doc.model_by_name(&format!("div {n}")).is_some()).await?;
            }
        }
        // Python's server only names them to one of the two, which has pulled anew without losing its handles.
        other.update(move |doc| doc.set_value(before, "value", 9.into())).await??;
        session.wait_until(|doc| value(doc, "slider", "value") == Value::from(9)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_model_that_comes_back_is_as_the_server_has_it() -> Result<()> {
    for server in Served::both(BLINKING).await? {
        let session = server.pull().await?;
        let panel = session.update(|doc| doc.add(named(doc, "panel"))).await?;
        for n in 2..6 {
            set(&session, "slider", "value", n.into()).await?;
            session.force_roundtrip().await?;
            let seen = session.update(move |doc| (doc.roots().contains(&panel), doc.value(panel, "text"))).await?;
            let is_shown = n % 2 == 0;
            assert_eq!(seen, (is_shown, Ok(Value::from((n / 2 * 2).to_string()))), "at {n}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_callback_that_fails_on_the_server_fails_the_roundtrip() -> Result<()> {
    for server in Served::both(FAILING).await? {
        let session = server.pull().await?;
        set(&session, "slider", "value", 2.into()).await?;
        let error = session.force_roundtrip().await.unwrap_err();
        assert!(matches!(&error, RequestError::Change(text) if text.contains("as wanted")), "{error:?}");
        session.force_roundtrip().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_lost_session_is_resumed() -> Result<()> {
    for server in Served::both(FACTOR).await? {
        let proxy = Proxy::start(server.address()?).await?;
        let options =
            ConnectOptions { reconnect: Some(Reconnect::default()), ..ConnectOptions::new(proxy.url(&server.url())?) };
        let session = options.pull().await?;
        let other = server.join(&session).await?;
        let (sender, seen) = mpsc::channel();
        let factor = session
            .update(move |doc| {
                let output = named(doc, "output");
                doc.on_change(output, "text", move |_, change| sender.send(change.new.clone()))?;
                anyhow::Ok(named(doc, "factor"))
            })
            .await??;

        proxy.disconnect();
        session.lost().await;
        set(&other, "factor", "value", 8.into()).await?;
        other.force_roundtrip().await?;
        proxy.reconnect();
        session.connected().await?;
        assert_eq!(session.update(|doc| value(doc, "output", "text")).await?, Value::from("factor 8"));
        session.update(move |doc| doc.set_value(factor, "value", 2.into())).await??;
        other.wait_until(|doc| value(doc, "output", "text") == Value::from("factor 2")).await?;
        session.wait_until(|doc| value(doc, "output", "text") == Value::from("factor 2")).await?;
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), ["factor 8", "factor 2"].map(Value::from));
    }
    Ok(())
}

#[tokio::test]
async fn a_lost_session_is_resumed_with_the_document_of_this_side() -> Result<()> {
    for server in Served::both(EMPTY).await? {
        let proxy = Proxy::start(server.address()?).await?;
        let reconnect = Some(Reconnect { resume: Resume::Push, ..Reconnect::default() });
        let options = ConnectOptions { reconnect, ..ConnectOptions::new(proxy.url(&server.url())?) };
        let mut doc = Document::new();
        let ours = doc.add_root(div("ours", "before"));
        let session = options.push(doc).await?;
        proxy.disconnect();
        session.lost().await;
        session.update(move |doc| doc.set_value(ours, "text", "meanwhile".into())).await??;
        proxy.reconnect();
        session.connected().await?;
        let other = server.join(&session).await?;
        assert_eq!(other.update(|doc| value(doc, "ours", "text")).await?, Value::from("meanwhile"));
        session.update(move |doc| doc.set_value(ours, "text", "after".into())).await??;
        other.wait_until(|doc| value(doc, "ours", "text") == Value::from("after")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_program_without_a_runtime_takes_part() -> Result<()> {
    for server in Served::both(FACTOR).await? {
        let url = server.url();
        let program = move || -> Result<()> {
            let session = blocking::pull_session(url)?;
            session.update(|doc| doc.set_value(named(doc, "factor"), "value", 3.into()))??;
            session
                .wait_until(Duration::from_secs(60), |doc| value(doc, "output", "text") == Value::from("factor 3"))?;
            session.force_roundtrip()?;
            session.close();
            Ok(())
        };
        tokio::task::spawn_blocking(program).await??;
    }
    Ok(())
}

#[tokio::test]
async fn a_path_without_an_application_is_named() -> Result<()> {
    for server in Served::both(EMPTY).await? {
        let url = format!("{}/nothing/here", server.url());
        let error = pull_session(&*url).await.unwrap_err();
        assert!(matches!(&error, OpenError::Connect(ConnectError::NotFound(named)) if *named == url), "{error:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_end_of_the_server_is_noticed() -> Result<()> {
    for server in Served::both(FACTOR).await? {
        let session = server.pull().await?;
        drop(server);
        session.closed().await;
        assert!(matches!(session.pull().await, Err(RequestError::Lost(_))));
        assert!(session.update(|doc| doc.model_by_name("factor").is_some()).await?, "the document is gone");
    }
    Ok(())
}

/// Python's server takes each connection and closes those that it does not like, ours refuses the handshake.
#[tokio::test]
async fn a_server_that_signs_takes_clients_with_its_secret_only() -> Result<()> {
    let secret = "0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("app.py"), FACTOR.python)?;
    let mut command = Python::find()?.command();
    command
        .args(["-m", "bokeh", "serve", "--address", "127.0.0.1", "--port", "0", "app.py"])
        .current_dir(&folder)
        .env("BOKEH_SIGN_SESSIONS", "yes")
        .env("BOKEH_SECRET_KEY", secret);
    let python = Server::start_command("Python's Bokeh server", command).await?;
    let settings = bokeh_server::Settings {
        address: Some("127.0.0.1".to_owned()),
        port: 0,
        bokehjs: bokeh_server::BokehJs::Cdn,
        signing: Some(Signing::Signed(Secret::new(secret))),
        ..Default::default()
    };
    let ours = bokeh_server::Server::builder().settings(settings).app("/app", FACTOR.rust).start().await?;
    for (url, is_closed) in [(python.url().to_owned(), true), (ours.url("/app"), false)] {
        let with = |signing| ConnectOptions { signing, ..ConnectOptions::new(&*url) };
        with(Signing::Signed(Secret::new(secret))).pull().await?;
        for signing in [Signing::Unsigned, Signing::Signed(Secret::new("another secret"))] {
            let error = with(signing).pull().await.unwrap_err();
            match &error {
                OpenError::Connect(ConnectError::NotAcknowledged(_)) if is_closed => {}
                OpenError::Connect(ConnectError::Refused { status: 403, .. }) if !is_closed => {}
                _ => panic!("{error:?}"),
            }
        }
    }
    Ok(())
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

fn value(doc: &Document, name: &str, property: &str) -> Value {
    // While a pushed document replaces another there may be no such model.
    doc.model_by_name(name).and_then(|model| doc.value(model, property).ok()).unwrap_or_default()
}

/// A column of the source as numbers.
fn column(doc: &Document, name: &str) -> Vec<f64> {
    let data = value(doc, "source", "data");
    match data.as_map().and_then(|data| data.get(name)) {
        Some(Value::Array(array)) => array.to_f64().unwrap_or_default(),
        Some(Value::List(items)) => items.iter().filter_map(Value::as_f64).collect(),
        _ => Vec::new(),
    }
}

fn named(doc: &Document, name: &str) -> ModelId {
    doc.model_by_name(name).unwrap_or_else(|| panic!("no model is named {name}"))
}
