//! A button that adds a glyph to the plot with each click, and one that takes them away.

use std::f64::consts::TAU;
use std::process::ExitCode;

use bokeh::prelude::*;

/// Builds the document of one session.
pub(crate) fn app(doc: &mut Document) {
    let plot = doc.add(
        figure().name("plot").title("no circles yet").width(500).height(400).x_range((-6.0, 6.0)).y_range((-5.0, 5.0)),
    );
    let add = doc.add(Button::new().label("Add a circle").button_type(enums::ButtonType::Primary).name("add"));
    let clear = doc.add(Button::new().label("Clear").name("clear"));

    add.on_click(doc, move |doc| {
        let n = plot.renderers(doc).len();
        let turn = n as f64 * TAU / 12.0;
        let color = palettes::CATEGORY10.of(10)[n % 10];
        let (x, y) = (4.0 * turn.cos(), 4.0 * turn.sin());
        plot.scatter(doc, [x], [y]).size(30).fill_color(color).line_color("white").draw();
        plot.set_title(doc, format!("circles: {}", n + 1));
    });
    clear.on_click(doc, move |doc| {
        plot.set_renderers(doc, Vec::<Renderer>::new());
        plot.set_title(doc, "no circles left");
    });

    doc.add_root(column((row((add, clear)), plot)));
    doc.set_title("Button");
}

fn main() -> ExitCode {
    bokeh::cli::run([("/button", app)])
}
