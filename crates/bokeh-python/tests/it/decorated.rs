//! A Rust function that decorates what a script has made.

use bokeh_application::FunctionHandler;
use bokeh_document::Document;
use bokeh_protocol::{Object, Value};

use crate::support::{open, serve_app, set, settings, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn rust_and_python_answer_each_others_changes() {
    let served = serve_app(SCRIPT, settings(), |app| app.handler(FunctionHandler::new(decorate))).await;
    let session = open(&served).await;
    let title = |doc: &mut Document| doc.title().to_owned();
    assert_eq!(session.update(title).await.unwrap(), "made by Python, decorated by Rust");

    // The client, then Python, then Rust, then Python.
    set(&session, "slider", "value", Value::from(4)).await;
    wait_for(&session, "div", "text", "at 4").await;
    wait_for(&session, "note", "text", "Python says: at 4").await;
    wait_for(&session, "heard", "text", "PYTHON SAYS: AT 4").await;
    served.server.stop().await;
}

fn decorate(doc: &mut Document) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let title = format!("{}, decorated by Rust", doc.title());
    doc.set_title(title);
    let text = |text: &str| (text.to_owned().into(), Value::from(""));
    let attributes = vec![("name".into(), "note".into()), text("text")];
    let note = doc.add_root(Object { name: "Div".into(), id: None, attributes });
    let div = doc.model_by_name("div").ok_or("the script made no div")?;
    let echo = doc.model_by_name("echo").ok_or("the script made no input")?;
    doc.on_change(div, "text", move |doc, change| {
        let said = format!("Python says: {}", change.new.as_str().unwrap_or_default());
        doc.set_value(note, "text", Value::from(said.clone()))?;
        doc.set_value(echo, "value", Value::from(said))
    })?;
    Ok(())
}

const SCRIPT: &str = r#"
from bokeh.io import curdoc
from bokeh.models import Div, Slider, TextInput

slider = Slider(name="slider", start=0, end=10, value=1)
div, echo = Div(name="div", text=""), TextInput(name="echo", value="")
heard = Div(name="heard")
slider.on_change("value", lambda attr, old, new: setattr(div, "text", f"at {new}"))
echo.on_change("value", lambda attr, old, new: setattr(heard, "text", new.upper()))
for root in (slider, div, echo, heard):
    curdoc().add_root(root)
curdoc().title = "made by Python"
"#;
