use serde_json::json;

use super::*;

const BUFFERS: [Bytes; 3] = [Bytes::from_static(b"1"), Bytes::from_static(b"22"), Bytes::from_static(b"333")];

fn fields(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Author, content and buffers of each segment.
fn told(news: &News) -> Vec<(Option<u64>, String, Vec<String>)> {
    let of = |segment: &Segment| {
        let content = match &segment.content {
            Content::Patch(json) => format!("patch {json}"),
            Content::Whole(json) => format!("whole {json}"),
            Content::Submitted(index) => format!("submitted {index}"),
        };
        let buffer = |buffer: &bokeh_protocol::Buffer| format!("{}={}", buffer.id, buffer.data.len());
        (segment.peer, content, segment.buffers.iter().map(buffer).collect())
    };
    news.segments.iter().map(of).collect()
}

#[test]
fn each_segment_has_its_buffers_and_only_own_changes_have_an_author() {
    let said = json!({"segments": [
        {"own": true, "content": {"events": [1]}, "buffers": ["a"]},
        {"own": false, "content": {"events": [2]}, "buffers": []},
        {"own": true, "submitted": 4},
        {"own": false, "content": {"events": [3]}, "buffers": ["a", "b"]},
    ]});
    let expected = |author| {
        let text = |text: &str| text.to_owned();
        vec![
            (author, text(r#"patch {"events":[1]}"#), vec![text("a=1")]),
            (None, text(r#"patch {"events":[2]}"#), vec![]),
            (author, text("submitted 4"), vec![]),
            (None, text(r#"patch {"events":[3]}"#), vec![text("a=2"), text("b=3")]),
        ]
    };
    let changes = of_changes(fields(&said), BUFFERS.to_vec());
    assert_eq!((told(&changes), changes.answers), (expected(None), None));
    let answer = of_answer(Ok(Reply { fields: fields(&said), buffers: BUFFERS.to_vec() }), 7);
    assert_eq!((told(&answer), answer.answers, answer.error), (expected(Some(7)), Some(7), None));
}

#[test]
fn a_peer_is_answered_whatever_the_worker_does() {
    let reply = |fields: &Value| Ok(Reply { fields: self::fields(fields), buffers: vec![] });
    for (reply, expected) in [
        (reply(&json!({"segments": []})), None),
        (reply(&json!({"segments": [], "error": null})), None),
        (reply(&json!({"segments": [], "error": {"text": "no", "traceback": "T"}})), Some("no")),
        (reply(&json!({"segments": 1, "error": "no"})), Some("no")),
        (Err(CallError::refused(&json!({"text": "no", "traceback": "T"}))), Some("no")),
        (Err(CallError::Gone), Some("the Python worker process has ended")),
    ] {
        let news = of_answer(reply, 3);
        assert_eq!((news.answers, news.error.as_deref()), (Some(3), expected));
    }
}

#[test]
fn the_size_of_news_grows_with_their_buffers_and_texts() {
    let of = |text: &str, buffers: Vec<Bytes>| {
        let said = json!({"segments": [{"own": false, "content": {"text": text}, "buffers": ["a"]}]});
        n_bytes(&of_changes(fields(&said), buffers))
    };
    let small = of("", vec![]);
    assert_eq!(of("12345", vec![]), small + 5);
    assert_eq!(of("", vec![Bytes::from(vec![0; 100_000])]), small + 100_000);
}
