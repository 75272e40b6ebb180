//! A price that moves ten times a second: a periodic callback streams into a plot, which keeps the last 300 points.

use std::process::ExitCode;
use std::time::Duration;

use bokeh::prelude::*;

/// Builds the document of one session.
pub(crate) fn app(doc: &mut Document) {
    let source = doc.add(
        ColumnDataSource::new()
            .name("prices")
            .data(data! { "time" => [0.0], "price" => [100.0], "average" => [100.0] }),
    );
    let plot = doc.add(figure().name("plot").title("price").width(700).height(350));
    plot.line(doc, "time", "price").source(source).line_width(2).color("navy").legend_label("price").draw();
    plot.line(doc, "time", "average")
        .source(source)
        .line_width(2)
        .line_dash(DashPattern::Dashed)
        .color("darkorange")
        .legend_label("average")
        .draw();
    let volatility = doc.add(Slider::new().title("volatility").start(0).end(5).step(0.1).value(1));
    let pause = doc.add(Toggle::new().name("pause").label("pause"));
    doc.add_root(column((row((volatility, pause)), plot)));
    doc.set_title("Streaming");

    let mut market = Market { time: 0.0, price: 100.0, average: 100.0, seed: 1 };
    doc.add_periodic_callback(Duration::from_millis(100), move |doc| {
        if pause.active(doc) {
            return Ok(());
        }
        market.step(volatility.value(doc));
        let Market { time, price, average, .. } = market;
        source.stream(doc, data! { "time" => [time], "price" => [price], "average" => [average] }, Some(300))
    });
}

struct Market {
    time: f64,
    price: f64,
    average: f64,
    seed: u32,
}

impl Market {
    /// One step of a random walk.
    fn step(&mut self, volatility: f64) {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let chance = f64::from(self.seed >> 8) / f64::from(1_u32 << 24) - 0.5;
        self.time += 0.1;
        self.price += chance * volatility;
        self.average += (self.price - self.average) / 20.0;
    }
}

fn main() -> ExitCode {
    bokeh::cli::run([("/streaming", app)])
}
