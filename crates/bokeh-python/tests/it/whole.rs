//! A script, its worker, the server and a client.

use bokeh_client::{ClientSession, pull_session};
use bokeh_protocol::Value;

use crate::support::{Served, serve, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_of_a_script_answers_a_change_of_a_client() {
    let served = serve(SLIDER, settings()).await;
    let session = open(&served).await;
    assert_eq!(session.update(|doc| doc.title().to_owned()).await.unwrap(), "Slides");

    set(&session, "slider", "value", Value::from(5)).await;
    wait_for(&session, "div", "text", "at 5").await;
    served.server.stop().await;
    assert_eq!(served.python.workers().len(), 0);
}

/// Opens a session of the application.
pub(crate) async fn open(served: &Served) -> ClientSession {
    pull_session(served.server.url("/app")).await.unwrap()
}

pub(crate) async fn set(session: &ClientSession, model: &'static str, property: &'static str, value: Value) {
    let set = session.update(move |doc| {
        let model = doc.model_by_name(model).unwrap();
        doc.set_value(model, property, value)
    });
    set.await.unwrap().unwrap();
}

pub(crate) async fn wait_for(session: &ClientSession, model: &'static str, property: &'static str, expected: &str) {
    let expected = expected.to_owned();
    let has_value = move |doc: &mut bokeh_document::Document| {
        let model = doc.model_by_name(model).unwrap();
        matches!(doc.value(model, property), Ok(Value::Str(text)) if *text == *expected)
    };
    session.wait_until(has_value).await.unwrap();
}

const SLIDER: &str = r#"
from bokeh.io import curdoc
from bokeh.models import Slider, Div

slider, div = Slider(name="slider", start=0, end=10, value=1), Div(name="div", text="at 1")
slider.on_change("value", lambda attr, old, new: setattr(div, "text", f"at {new}"))
curdoc().add_root(slider)
curdoc().add_root(div)
curdoc().title = "Slides"
"#;
