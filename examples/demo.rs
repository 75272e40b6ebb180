//! All examples on one server, behind one index page.

#![allow(dead_code, reason = "each example has a main function of its own")]

mod button;
mod chat_count;
mod rooms;
mod sliders;
mod streaming;

use std::process::ExitCode;

use bokeh::Application;

fn main() -> ExitCode {
    let rooms = match rooms::application() {
        Ok(rooms) => rooms,
        Err(error) => {
            eprintln!("ERROR: {error}");
            return ExitCode::FAILURE;
        }
    };
    bokeh::cli::run([
        ("/sliders", Application::new(sliders::app)),
        ("/streaming", Application::new(streaming::app)),
        ("/button", Application::new(button::app)),
        ("/chat_count", Application::new(chat_count::app)),
        ("/rooms", rooms),
    ])
}
