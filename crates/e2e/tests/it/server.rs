//! The server under test, in this process.

use std::time::{SystemTime, UNIX_EPOCH};

use bokeh_document::Document;
use bokeh_protocol::{Map, Object, Signing, Text, Token, Value};
use bokeh_server::{BokehJs, RunningServer, Server, Settings};

use crate::log;

/// Serves [`app`] at a route, on a port that the system chooses.
pub(crate) async fn start(route: &str, settings: Settings) -> RunningServer {
    log::start();
    Server::builder().settings(settings).app(route, app).start().await.unwrap()
}

pub(crate) fn settings() -> Settings {
    let address = Some("127.0.0.1".to_owned());
    Settings { address, port: 0, bokehjs: BokehJs::Cdn, session_threads: 2, ..Settings::default() }
}

/// A slider whose callback shows its value in a div, and a source with two columns.
pub(crate) fn app(doc: &mut Document) {
    let slider = doc.add_root(object(
        "Slider",
        [("name", "slider".into()), ("start", 0.into()), ("end", 10.into()), ("value", 1.into())],
    ));
    let div = doc.add_root(object("Div", [("name", "div".into()), ("text", "idle".into())]));
    let data =
        Map::from_iter([("x", Value::from(vec![1.into(), 2.into()])), ("y", Value::from(vec![3.into(), 4.into()]))]);
    doc.add_root(object("ColumnDataSource", [("name", "source".into()), ("data", data.into())]));
    doc.on_change(slider, "value", move |doc, change| {
        let text = format!("{:?}", change.new);
        doc.set_value(div, "text", text.into())
    })
    .unwrap();
}

/// A token that anybody can make for a server that does not sign.
pub(crate) fn token(session_id: &str) -> String {
    Token::new(session_id).expires_at(now() + 300).encode(&Signing::Unsigned).unwrap()
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

pub(crate) fn object<const N: usize>(class: &'static str, attributes: [(&'static str, Value); N]) -> Object {
    let attributes = attributes.map(|(name, value)| (Text::from_static(name), value));
    Object { name: class.into(), id: None, attributes: attributes.into() }
}
