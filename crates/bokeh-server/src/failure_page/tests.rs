use std::io;

use super::*;

#[derive(Debug, thiserror::Error)]
#[error("no <sensor>")]
struct NoSensor(#[source] io::Error);

#[test]
fn visitors_are_told_where_to_look_and_the_cause_if_they_may_know() {
    let error = NoSensor(io::Error::other("cable & plug"));
    for (error, expected) in [
        (Some(&error as &dyn Error), "<pre>no &lt;sensor&gt;\ncable &amp; plug</pre><p>The server's log"),
        (None, "could not build this page.</p><p>The server's log"),
    ] {
        let html = FailurePage { app: "/a&b", session: "2bb80d537b", error, reloads_below: None }.html();
        assert!(html.starts_with("<html><title>500: Internal Server Error</title>"), "{html}");
        for part in [expected, "<code>/a&amp;b</code>", "<code>2bb80d537b</code>"] {
            assert!(html.contains(part), "no {part} in {html}");
        }
    }
}
