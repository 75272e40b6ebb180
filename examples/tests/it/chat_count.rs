//! A counter that all users share.

use bokeh::prelude::*;
use bokeh::test::{App, Request};

use crate::programs::chat_count;

// One test, since the counter is one of the whole process.
#[test]
fn whoever_sends_everybody_sees_the_number() {
    let mut ann = App::open(chat_count::app);
    let mut bob = ann.open_session(Request::default());
    let before = count(&ann);
    ann.type_text(ann.find::<TextInput>("message"), "hello");
    ann.click(ann.find::<Button>("Send"));
    assert_eq!(ann.find::<TextInput>("message").value(ann.doc()), "");
    assert_eq!(count(&ann), before + 1);
    assert_eq!(count(&bob), before);
    bob.settle();
    assert_eq!(count(&bob), before + 1);

    bob.end();
    ann.click(ann.find::<Button>("Send"));
    assert_eq!(count(&ann), before + 2);
    assert_eq!(count(&ann.open_session(Request::default())), before + 2);
}

fn count(app: &App) -> u64 {
    let text = app.find::<Div>("count").text(app.doc());
    text.trim_start_matches("<b>").split('<').next().unwrap().parse().unwrap()
}
