//! A page of one's own around a plot: theme, template and style sheet come from the folder `rooms`.

use std::process::ExitCode;

use bokeh::DirectoryError;
use bokeh::enums::SizingMode;
use bokeh::prelude::*;

/// The function with the folder around it.
pub(crate) fn application() -> Result<Application, DirectoryError> {
    Ok(DirectoryHandler::open(concat!(env!("CARGO_MANIFEST_DIR"), "/rooms"))?.with(app))
}

/// Builds the document of one session. The template places the roots by their names.
fn app(doc: &mut Document, session: &SessionContext) {
    session.set_template_variable("rooms", ROOMS.map(|(name, _)| name).to_vec());
    let source = doc.add(ColumnDataSource::new().data(day(ROOMS[0].1)));
    let plot = doc.add(figure().name("plot").title(ROOMS[0].0).height(300).sizing_mode(SizingMode::StretchWidth));
    plot.line(doc, "hour", "degrees").source(source).line_width(3).color("#f2a541").draw();
    doc.add_root(plot);

    let room = doc.add(Select::new().name("room").options(ROOMS.map(|(name, _)| name).to_vec()).value(ROOMS[0].0));
    room.on_change(doc, Select::VALUE, move |doc, change| {
        let chosen = ROOMS.iter().find(|(name, _)| change.new.as_str() == Some(*name));
        let (name, degrees) = chosen.copied().unwrap_or(ROOMS[0]);
        plot.set_title(doc, name);
        source.replace(doc, day(degrees))
    });
    doc.add_root(room);
    doc.set_title("Rooms");
}

/// A day in a room that has about so many degrees.
fn day(degrees: f64) -> Data {
    let hour: Vec<f64> = (0..=24).map(f64::from).collect();
    let degrees: Vec<f64> = hour.iter().map(|hour| degrees + 2.0 * ((hour - 9.0) * 0.26).sin()).collect();
    data! { "hour" => hour, "degrees" => degrees }
}

const ROOMS: [(&str, f64); 3] = [("kitchen", 21.0), ("cellar", 12.0), ("greenhouse", 27.0)];

fn main() -> ExitCode {
    match application() {
        Ok(application) => bokeh::cli::run([("/rooms", application)]),
        Err(error) => {
            eprintln!("ERROR: {error}");
            ExitCode::FAILURE
        }
    }
}
