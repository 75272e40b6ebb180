//! Fragments to messages.

use bokeh_protocol::{Close, Fragment, Limits, RawMessage, ReceiveError, Receiver};
use bytes::Bytes;
use serde_json::Value as Json;

use crate::input;

/// A receiver takes any fragments. What it lets through is whole and within the limits, and can be sent on as it came; after
/// an error it is at the start again.
///
/// A fragment that begins with `b` is binary.
pub fn receiver(data: &[u8]) {
    let fragments: Vec<Fragment> = input::parts(data).map(fragment).collect();
    for limits in [Limits::default(), SMALL] {
        let for_server = receive(Receiver::for_server(limits.clone()), &limits, &fragments);
        let for_client = receive(Receiver::for_client(limits.clone()), &limits, &fragments);
        if for_server.n_errors == 0 {
            assert!(for_client == for_server, "what a server takes a client takes, too");
        }
    }
}

const SMALL: Limits = Limits { max_fragment_bytes: 200, max_message_bytes: 400, max_buffers: 2, max_depth: 4 };

fn fragment(part: &[u8]) -> Fragment {
    match part.strip_prefix(b"b") {
        Some(payload) => Fragment::Binary(Bytes::copy_from_slice(payload)),
        None => Fragment::Text(Bytes::copy_from_slice(part)),
    }
}

#[derive(PartialEq)]
struct Outcome {
    messages: Vec<RawMessage>,
    n_errors: usize,
}

fn receive(mut receiver: Receiver, limits: &Limits, fragments: &[Fragment]) -> Outcome {
    let mut outcome = Outcome { messages: Vec::new(), n_errors: 0 };
    let mut n_bytes = 0;
    for fragment in fragments {
        n_bytes += fragment.bytes().len();
        match receiver.push(fragment.clone()) {
            Ok(None) => continue,
            Ok(Some(message)) => {
                assert!(n_bytes <= limits.max_message_bytes, "{n_bytes} bytes were let through");
                check(&message, limits);
                outcome.messages.push(message);
            }
            Err(error) => {
                check_error(&error);
                outcome.n_errors += 1;
            }
        }
        n_bytes = 0;
        assert!(!receiver.is_mid_message(), "a receiver starts anew after a message or an error");
    }
    outcome
}

fn check(message: &RawMessage, limits: &Limits) {
    assert_eq!(message.header.n_buffers() as usize, message.buffers.len());
    assert!(message.buffers.len() <= limits.max_buffers as usize);
    assert!(depth(&message.content) <= limits.max_depth);

    let mut again = Receiver::for_client(Limits::default());
    let text = |text: String| Fragment::Text(text.into());
    let mut fragments = vec![text(message.header.to_json()), text("{}".to_owned()), text(message.content.to_string())];
    for buffer in &message.buffers {
        fragments.push(text(serde_json::json!({ "id": &*buffer.id }).to_string()));
        fragments.push(Fragment::Binary(buffer.data.clone()));
    }
    let last = fragments.pop().expect("there are three fragments at least");
    for fragment in fragments {
        assert_eq!(again.push(fragment).expect("what was received can be sent on"), None);
    }
    let received = again.push(last).expect("what was received can be sent on");
    assert_eq!(received.as_ref(), Some(message));
}

fn check_error(error: &ReceiveError) {
    let close = error.close();
    assert!((1000..5000).contains(&close.code), "{} is no code of RFC 6455", close.code);
    assert!(close.reason().len() <= Close::MAX_REASON_BYTES);
    assert!(error.to_string().len() < 2000, "an error quotes a line, not the whole message");
}

/// Levels of arrays and objects, counted without recursion.
fn depth(json: &Json) -> usize {
    let mut deepest = 0;
    let mut open = vec![(json, 0)];
    while let Some((json, depth)) = open.pop() {
        deepest = deepest.max(depth);
        match json {
            Json::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Json::Object(fields) => open.extend(fields.values().map(|field| (field, depth + 1))),
            _ => {}
        }
        if matches!(json, Json::Array(_) | Json::Object(_)) {
            deepest = deepest.max(depth + 1);
        }
    }
    deepest
}
