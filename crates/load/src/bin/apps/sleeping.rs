//! A slider whose callback blocks its thread for as many seconds as the slider shows.

use std::thread::sleep;
use std::time::Duration;

use bokeh::prelude::*;

#[expect(clippy::disallowed_methods, reason = "code that blocks is what this application is for")]
pub(crate) fn app(doc: &mut Document) {
    let slider = doc.add(Slider::new().name("seconds").start(0).end(10).step(0.1).value(0));
    slider.on_change(doc, Slider::VALUE, |_, change| sleep(Duration::from_secs_f64(change.new)));
    doc.add_root(slider);
}
