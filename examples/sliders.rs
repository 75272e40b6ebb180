//! A curve that four sliders shape, and a text input for its title.

use std::f64::consts::TAU;
use std::process::ExitCode;

use bokeh::prelude::*;

/// Builds the document of one session.
pub(crate) fn app(doc: &mut Document) {
    let source = doc.add(ColumnDataSource::new().name("curve").data(wave(1.0, 0.0, 0.0, 1.0)));
    let plot = doc.add(
        figure().name("plot").title("my sine wave").width(400).height(400).y_range((-2.5, 2.5)).x_range((0.0, TAU)),
    );
    plot.line(doc, "x", "y").source(source).line_width(3).line_alpha(0.6).color("navy").draw();

    let title = doc.add(TextInput::new().name("title").title("title").value("my sine wave"));
    let slider =
        |name, start: f64, end: f64, value| Slider::new().title(name).start(start).end(end).step(0.1).value(value);
    let offset = doc.add(slider("offset", -5.0, 5.0, 0.0).name("offset"));
    let amplitude = doc.add(slider("amplitude", -5.0, 5.0, 1.0).name("amplitude"));
    let phase = doc.add(slider("phase", 0.0, TAU, 0.0).name("phase"));
    let frequency = doc.add(slider("frequency", 0.1, 5.1, 1.0).name("frequency"));

    title.on_change(doc, TextInput::VALUE, move |doc, change| plot.set_title(doc, change.new));
    for slider in [offset, amplitude, phase, frequency] {
        slider.on_change(doc, Slider::VALUE, move |doc, _| {
            let wave = wave(amplitude.value(doc), offset.value(doc), phase.value(doc), frequency.value(doc));
            source.replace(doc, wave)
        });
    }

    let inputs = column((title, offset, amplitude, phase, frequency));
    doc.add_root(row((inputs, plot)).width(800));
    doc.set_title("Sliders");
}

/// 200 points of a sine wave.
fn wave(amplitude: f64, offset: f64, phase: f64, frequency: f64) -> Data {
    let x: Vec<f64> = (0..200).map(|n| f64::from(n) * 0.0316).collect();
    let y: Vec<f64> = x.iter().map(|x| amplitude * (frequency * x + phase).sin() + offset).collect();
    data! { "x" => x, "y" => y }
}

fn main() -> ExitCode {
    bokeh::cli::run([("/sliders", app)])
}
