//! A user and the server who write the same property.

use std::time::Duration;

use anyhow::Result;
use bokeh_models::prelude::*;
use e2e::Browser;
use serde_json::json;

use crate::served::Served;

/// A slider that a periodic callback pulls back to the beginning, for as long as the toggle is on.
fn app(doc: &mut Document) {
    let slider = doc.add(Slider::new().name("slider").start(0).end(1000).value(200).width(1000));
    let pull = doc.add(Toggle::new().name("pull"));
    let pulls = doc.add(Div::new().name("pulls").text("0"));
    doc.add_root(bokeh_models::column((slider, pull, pulls)));
    let mut n_pulls = 0;
    doc.add_periodic_callback(Duration::from_millis(10), move |doc: &mut Document| {
        if pull.active(doc) {
            n_pulls += 1;
            slider.set_value(doc, f64::from(n_pulls % 100));
            pulls.set_text(doc, n_pulls.to_string());
        }
    });
}

#[tokio::test]
async fn a_slider_that_a_periodic_callback_writes_is_not_jerked_back_while_it_is_dragged() -> Result<()> {
    let served = Served::start(app).await?;
    let page = served.open(&Browser::start().await?).await?;
    let track = page.rect("slider", ".noUi-base").await?;
    let n_pulls = || async { page.eval("return Number(model('pulls').text)", json!(null)).await };

    for attempt in 1.. {
        page.model("slider").set("value", json!(200)).await?;
        served.settle(&[&page]).await?;
        page.mouse().move_to(track.at(0.2, 0.5)).await?;
        page.mouse().press(track.at(0.2, 0.5)).await?;
        page.mouse().drag_to(track.at(0.24, 0.5)).await?;
        // The server begins to pull when the hand has.
        page.eval(RECORD, json!(null)).await?;
        page.mouse().drag_to(track.at(0.25, 0.5)).await?;
        let before = n_pulls().await?;
        for step in 1..=N_STEPS {
            page.mouse().drag_to(track.at(0.25 + 0.5 * f64::from(step) / f64::from(N_STEPS), 0.5)).await?;
        }
        let (values, pause): (Vec<f64>, f64) =
            serde_json::from_value(page.eval("return recorded()", json!(null)).await?)?;
        let after = n_pulls().await?;
        page.mouse().release(track.at(0.75, 0.5)).await?;
        // Once the hand rests the server's word arrives.
        page.wait_until("return model('slider').value < 100", json!(null)).await?;
        page.model("pull").set("active", json!(false)).await?;
        assert!(after.as_f64() > before.as_f64(), "the server wrote nothing: {before} to {after}");
        // A hand that rests is no hand that drags: on a busy machine this one may.
        if pause < REST_MS {
            assert!(values.len() > 20, "the slider was not dragged: {values:?}");
            assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "it was jerked back: {values:?}");
            break;
        }
        assert!(attempt < 10, "no drag without a pause of {pause} ms");
    }

    served.assert_same("after the drag", &[&page]).await?;
    page.assert_quiet().await
}

/// How many movements the drag has.
const N_STEPS: u32 = 60;
/// Less than the server waits for until it takes a hand to rest.
const REST_MS: f64 = 120.0;
/// Records the slider's values and the longest time without a movement.
const RECORD: &str = "\
    const slider = model('slider'); \
    model('pull').active = true; \
    const values = [slider.value]; \
    let pause = 0; \
    let last = performance.now(); \
    window.stop_recording?.(); \
    const value = () => values.push(slider.value); \
    const move = () => { pause = Math.max(pause, performance.now() - last); last = performance.now() }; \
    window.recorded = () => { move(); return [values, pause] }; \
    slider.properties.value.change.connect(value); \
    addEventListener('mousemove', move, true); \
    addEventListener('pointermove', move, true); \
    window.stop_recording = () => { \
        slider.properties.value.change.disconnect(value); \
        removeEventListener('mousemove', move, true); \
        removeEventListener('pointermove', move, true) \
    }";
