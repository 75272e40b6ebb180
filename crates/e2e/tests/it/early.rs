//! Fragments that arrive before the acknowledgement.

use bokeh_protocol::{MessageType, Signing};

use crate::client::ask;
use crate::recording::upgrades;
use crate::server::{settings, start};

/// Python's server closes the connection. There is no need to: TCP keeps what is early until somebody reads it.
#[tokio::test]
async fn what_a_client_says_before_it_was_greeted_is_answered_afterwards() {
    let upgrades = upgrades("py_before_ack", &Signing::Unsigned);
    let [upgrade] = upgrades.as_slice() else { panic!("there is one request in the recording") };
    assert_eq!((&*upgrade.answer, upgrade.early.len()), ("closed", 3));
    let server = start("/small", settings()).await;
    let headers: Vec<_> = upgrade.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let early: Vec<u8> = upgrade.early.iter().flat_map(|text| frame(text)).collect();
    let answer = ask(server.port(), &upgrade.path, &headers, &early).await;
    assert_eq!(answer.status, 101);
    let mut client = answer.client().await;
    assert_eq!(client.message().await.header.msgtype, MessageType::Ack);
    let reply = client.message().await.header;
    assert_eq!((reply.msgtype, reply.reqid.as_deref()), (MessageType::ServerInfoReply, Some("1")));
}

/// A short text frame with a mask of zeros, by RFC 6455.
fn frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length < 126).expect("the text is short");
    let head = [0x81, 0x80 | length, 0, 0, 0, 0];
    head.into_iter().chain(text.bytes()).collect()
}
