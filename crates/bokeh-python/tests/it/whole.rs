//! A script, its worker, the server and a client.

use bokeh_protocol::Value;

use crate::support::{open, serve, set, settings, wait_for};

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

const SLIDER: &str = r#"
from bokeh.io import curdoc
from bokeh.models import Slider, Div

slider, div = Slider(name="slider", start=0, end=10, value=1), Div(name="div", text="at 1")
slider.on_change("value", lambda attr, old, new: setattr(div, "text", f"at {new}"))
curdoc().add_root(slider)
curdoc().add_root(div)
curdoc().title = "Slides"
"#;
