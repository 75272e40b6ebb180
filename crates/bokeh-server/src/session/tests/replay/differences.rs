//! Where we send something else than Bokeh, and why.

use replay::{Expected, Why};

/// Connections that Bokeh did not let into a session, and the test of `tests/it/replays.rs` that replays them over sockets.
pub(super) const ELSEWHERE: &[(&str, &[u64], &str)] = &[
    ("js_reconnect_expired", &[7, 8, 9], "a_page_can_come_back_after_its_token_has_expired"),
    ("py_before_ack", &[1], "a_client_that_does_not_wait_for_the_ack_is_served"),
    ("py_handshake", &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15], "handshakes_are_judged_as_by_bokeh"),
    ("py_handshake_signed", &[2, 3, 4, 5], "handshakes_are_judged_as_by_bokeh"),
];

/// All differences.
pub(super) const EXPECTED: &[Expected] = &[
    // Changes and who is told
    Expected {
        files: &["js_server_edits", "py_server_edits", "py_two_clients_new_model"],
        place: "*: server action: newref",
        what: r#"Div(inner).text: "new child" | "child changed""#,
        why: Why::Row("What happens to a new model before it is sent"),
    },
    Expected {
        files: &["js_server_edits", "py_server_edits", "py_two_clients_new_model"],
        place: "*: server action: newref",
        what: r#"Div(inner).text "child changed" | nothing"#,
        why: Why::Row("What happens to a new model before it is sent"),
    },
    Expected {
        files: &["py_two_clients_new_model"],
        place: "2: server action: *",
        what: "*: a reference | the definition of *",
        why: Why::Row("A new model, seen by several connections"),
    },
    Expected {
        files: &["py_push", "py_arrays", "py_errors"],
        place: "*",
        what: "root * | nothing",
        why: Why::Row("PUSH-DOC"),
    },
    Expected { files: &["py_push", "py_errors"], place: "*", what: "title * | nothing", why: Why::Row("PUSH-DOC") },
    Expected {
        files: &["js_button"],
        place: "6: server action: js",
        what: r#"nothing | Div(div).text "js""#,
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: ColumnsPatched",
        what: "nothing | ColumnDataSource(src).data replaced *",
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: ColumnDataChanged *",
        what: "nothing | ColumnDataSource(src).data replaced *",
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: RootRemoved",
        what: "nothing | Div(div).text \"1 -> 2\"",
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: RootRemoved",
        what: "nothing | ColumnDataSource(src).data replaced {x: [5, 6], y: [1, 2]}",
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    // Both clients have the same token, so the second one is taken for the first that comes back.
    Expected {
        files: &["js_two_tabs"],
        place: "7: tab 2: slider.value = 6",
        what: "nothing | Slider(slider).value 6",
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    Expected {
        files: &["py_two_clients"],
        place: "2: conn 2: title",
        what: r#"nothing | title "from b""#,
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    Expected {
        files: &["py_two_clients"],
        place: "2: conn 2: stream",
        what: "nothing | ColumnDataSource(src).data replaced {x: [1, 2, 3, 1], y: [4.0, 5.0, 6.0, 2.0]}",
        why: Why::Row("Two sides change the same thing at the same moment"),
    },
    // Patches
    Expected {
        files: &["js_client_edits"],
        place: "6: date: *",
        what: "ERROR to * | OK to *",
        why: Why::Row("A `date` of JavaScript"),
    },
    Expected {
        files: &["py_errors"],
        place: "*: PATCH-DOC *",
        what: "nothing | Slider(slider).*",
        why: Why::Row("After an ERROR"),
    },
    Expected {
        files: &["py_errors"],
        place: "*: PATCH-DOC *",
        what: "nothing | ColumnDataSource(src).data replaced {x: [1, 2, 3], y: [4.0, 5.0, 6.0]}",
        why: Why::Row("After an ERROR"),
    },
    Expected {
        files: &["py_errors"],
        place: "*: PATCH-DOC *",
        what: r#"nothing | title "Bokeh Application""#,
        why: Why::Row("After an ERROR"),
    },
    Expected {
        files: &["py_errors"],
        place: "30: PATCH-DOC unknown model class",
        what: "nothing | root Nope removed",
        why: Why::Row("After an ERROR"),
    },
    Expected {
        files: &["js_server_edits", "py_server_edits"],
        place: "*: server action: col*",
        what: "ColumnDataSource(src).data replaced.y: nothing | ndarray float64 [0, 0.5, 1]",
        why: Why::Row("ColumnDataChanged with `cols`, when it is sent"),
    },
    Expected {
        files: &["js_server_edits", "py_server_edits"],
        place: "*: server action: col*",
        what: r#"ColumnDataSource(src).data replaced.z: nothing | ["a", "b", "c"]"#,
        why: Why::Row("ColumnDataChanged with `cols`, when it is sent"),
    },
    // Data sources
    Expected {
        files: &["js_server_edits", "py_server_edits"],
        place: "*: server action: stream_np",
        what: "ColumnDataSource(src).data streamed {x: ndarray int32 [6], y: ndarray float64 [9.5]} \
            | ColumnDataSource(src).data replaced {x: ndarray int32 [2, 3, 4, 5, 6], y: ndarray float64 [*, 7, 8, 9.5]}",
        why: Why::Row(STREAM),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: ColumnsStreamed ndarray",
        what: "nothing | ColumnDataSource(src).data replaced \
            {x: ndarray int32 [2, 3, 4, 4], y: ndarray float64 [5, 6, 7, 7]}",
        why: Why::Row(STREAM),
    },
    Expected {
        files: &["js_server_edits", "py_server_edits"],
        place: "*: server action: delcol",
        what: r#"ColumnDataSource(src).data {x: [1, 1, 1], z: ["a", "b", "c"], w: [2, 2, 2]} | ColumnDataSource(src).data replaced {x: [1, 1, 1], z: ["a", "b", "c"], w: [2, 2, 2]}"#,
        why: Why::Row("Taking a column away"),
    },
    // Callbacks
    Expected {
        files: &["js_slider"],
        place: "6: slider.value = 9",
        what: r#"nothing | Div(div).text "value: 6 -> 9""#,
        why: Why::Row("A callback that fails"),
    },
    Expected {
        files: &["js_server_edits", "py_hold"],
        place: "*: server action: hold_combine",
        what: r#"Div(div).text: "a" | "value: 4 -> 5""#,
        why: Why::Row("What a callback changes when held changes are released"),
    },
    // Connections
    Expected {
        files: &["js_protocol_error", "py_errors"],
        place: "*",
        what: "closed.code: 10001 | 1002",
        why: Why::Row("Close codes"),
    },
    Expected { files: &["py_errors"], place: "*", what: "closed.code: 10000 | 1002", why: Why::Row("Close codes") },
    Expected { files: &["py_errors"], place: "*", what: "closed.code: 1000* | 1007", why: Why::Row("Close codes") },
    Expected {
        files: &["py_errors"],
        place: "* sent by the client",
        what: r#"closed.reason: "Message '*' content: * not expected on server" | "Message '*' not expected on server""#,
        why: Why::Row("Close codes"),
    },
    Expected {
        files: &["py_errors"],
        place: "15: buffer header with an extra key",
        what: r#"closed.reason: "Malformed buffer header {'id': 'b', 'x': 1}" | "Malformed buffer header {\"id\":\"b\",\"x\":1}""#,
        why: Why::Row("Close codes"),
    },
    // The recordings themselves
    Expected {
        files: &["js_version"],
        place: "6: the beginning",
        what: r#"PULL-DOC-REPLY.doc.version: "3.8.1" | "3.9.2""#,
        why: Why::Recording("the server was made to name another version, to see what a browser says"),
    },
];

const STREAM: &str =
    "Stream where BokehJS computes something else: the column is longer than the rollover, or its type would change";
