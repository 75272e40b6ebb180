//! What the server counts of callbacks in Python.

use std::time::Duration;

use bokeh_protocol::Value;

use crate::support::{get, open, serve, set, settings};

#[tokio::test]
async fn callbacks_are_counted_with_their_times_and_failures() {
    let served = serve(SCRIPT, settings()).await;
    let session = open(&served).await;
    for value in [2, 3] {
        set(&session, "slider", "value", Value::from(value)).await;
    }
    // The third fails, and so does what is sent.
    set(&session, "slider", "value", Value::from(-1)).await;
    session.force_roundtrip().await.unwrap_err();
    let expected = [
        // Three messages, and the callback that each asks for.
        r#"bokeh_callback_seconds_count{app="/app"} 5"#,
        r#"bokeh_errors_total{app="/app",kind="callback"} 1"#,
    ];
    let counted = async {
        loop {
            let text = get(&served, "/metrics").await;
            if expected.iter().all(|line| text.lines().any(|found| found == *line)) {
                return text;
            }
        }
    };
    let text = tokio::time::timeout(Duration::from_secs(60), counted).await.expect("the numbers come to be");
    let sum = text.lines().find_map(|line| line.strip_prefix(r#"bokeh_callback_seconds_sum{app="/app"} "#)).unwrap();
    assert!(sum.parse::<f64>().unwrap() >= 0.06, "two of them sleep: {sum}");
    session.close().await;
    served.server.stop().await;
}

/// Two callbacks follow the slider one tick later, which takes its time.
const SCRIPT: &str = r#"
import time
from bokeh.io import curdoc
from bokeh.models import Slider

def moved(attr, old, new):
    if new < 0:
        raise ValueError("too low")
    curdoc().add_next_tick_callback(lambda: time.sleep(0.03))

slider = Slider(name="slider", start=-10, end=10, value=1)
slider.on_change("value", moved)
curdoc().add_root(slider)
"#;
