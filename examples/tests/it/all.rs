//! What is true of every example.

use std::time::Duration;

use bokeh::Application;
use bokeh::document::Finding;
use bokeh::test::App;

use crate::programs::{button, chat_count, rooms, sliders, streaming};

#[test]
fn each_example_is_drawn_as_it_is_meant_and_survives_a_minute_and_a_lost_connection() {
    let examples = [
        ("Button", Application::new(button::app)),
        ("Chat count", Application::new(chat_count::app)),
        ("Rooms", rooms::application().unwrap()),
        ("Sliders", Application::new(sliders::app)),
        ("Streaming", Application::new(streaming::app)),
    ];
    for (title, application) in examples {
        let mut app = App::open(application);
        assert_eq!(app.doc().title(), title);
        let findings: Vec<String> = app.doc().check().iter().map(Finding::to_string).collect();
        assert_eq!(findings, Vec::<String>::new(), "{title}");
        app.open_tab();
        app.advance(Duration::from_secs(60));
        app.reconnect();
        app.end();
    }
}
