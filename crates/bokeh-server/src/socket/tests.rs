use std::sync::Arc;

use bokeh_protocol::{Buffer, DeflateTerms, Deflater, EncodedEvent};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;

#[tokio::test]
async fn compressed_messages_arrive_beside_others() {
    let mut peer = Peer::connect(true).await;
    let text = "text ".repeat(2000);
    let bytes = vec![7; 9000];
    peer.send(0xc1, &deflated(text.as_bytes())).await;
    peer.send(0x81, b"plain").await;
    let payload = deflated(&bytes);
    peer.send(0x42, &payload[..5]).await;
    peer.send(0x8a, b"17").await;
    peer.send(0x00, b"").await;
    peer.send(0x80, &payload[5..]).await;
    peer.send(0xc1, &[0]).await;
    peer.send(0x88, &1000_u16.to_be_bytes()).await;
    for expected in [
        Incoming::Fragment(Fragment::Text(text.into())),
        Incoming::Fragment(Fragment::Text("plain".into())),
        Incoming::Pong("17".into()),
        Incoming::Fragment(Fragment::Binary(bytes.into())),
        Incoming::Fragment(Fragment::Text("".into())),
        Incoming::Goodbye,
        Incoming::Lost,
    ] {
        assert_eq!(format!("{:?}", peer.socket.reader.next().await), format!("{expected:?}"));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_while_it_is_still_sent() {
    let corrupt = [0xff; 10];
    let bomb = deflated(&vec![0; 10 * MAX_BYTES]);
    let not_utf8 = deflated(&[0xff; 10]);
    for (what, is_compressed, first, payload, code) in [
        ("a long text", true, 0x81, &*vec![b'x'; 300_000], 1009),
        ("a long text without compression", false, 0x81, &*vec![b'x'; 300_000], 1009),
        ("a bomb", true, 0xc1, &*bomb, 1009),
        ("what is not deflated", true, 0xc1, &corrupt, 1007),
        ("what is no text", true, 0xc1, &not_utf8, 1007),
        ("a compressed message that nobody agreed on", false, 0xc1, &*bomb, 1002),
        ("a compressed ping", true, 0xc9, b"x", 1002),
        ("a compressed continuation", true, 0xc0, b"x", 1002),
    ] {
        let Peer { mut socket, mut stream } = Peer::connect(is_compressed).await;
        let server = async move {
            let Incoming::Broken(close) = socket.reader.next().await else { panic!("{what} was read") };
            assert_eq!(close.code, code, "{what}");
            socket.close(&close).await;
        };
        let client = async {
            // More than fits on the way: it must be read, understood or not.
            stream.write_all(&frame(first, payload)).await.unwrap();
            stream.write_all(&vec![0; 300_000]).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            drop(stream);
            assert_eq!(answer[0], 0x88, "{what}");
            assert_eq!(answer[2..4], code.to_be_bytes(), "{what}");
        };
        tokio::join!(server, client);
    }
}

#[tokio::test]
async fn only_long_texts_are_compressed() {
    let text = "[1,2,3]".repeat(20_000);
    let long = || message(&text, vec![0; 5000]);
    let short = || message("[1,2,3]", vec![]);
    let noise = || message(&"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/".repeat(2), vec![]);
    // The frames that have the bit of compressed messages.
    for (what, message, offer, level, expected) in [
        ("a long text", long(), Some("permessage-deflate"), 6, &[CONTENT][..]),
        ("a long text at its fastest", long(), Some("permessage-deflate"), 1, &[CONTENT]),
        (
            "a long text with a small window",
            long(),
            Some("permessage-deflate; server_max_window_bits=9"),
            6,
            &[CONTENT],
        ),
        ("a long text, not compressed", long(), Some("permessage-deflate"), 0, &[]),
        ("a short text", short(), Some("permessage-deflate"), 6, &[]),
        ("without an agreement", long(), None, 6, &[]),
        ("what does not get shorter", noise(), Some("permessage-deflate"), 0, &[]),
    ] {
        let mut peer = Peer::with(offer, level).await;
        let n_bytes = peer.socket.writer.feed(&message).await.unwrap();
        peer.socket.writer.flush().await.unwrap();
        drop(peer.socket);
        let mut bytes = Vec::new();
        peer.stream.read_to_end(&mut bytes).await.unwrap();
        let frames = frames(&bytes);
        let is_compressed = |(_, (first, _)): &(usize, &(u8, Vec<u8>))| first & 0x40 != 0;
        let compressed: Vec<_> = frames.iter().enumerate().filter(is_compressed).map(|(index, _)| index).collect();
        assert_eq!(compressed, expected, "{what}");
        assert_eq!(frames.iter().map(|(_, payload)| payload.len()).sum::<usize>(), n_bytes, "{what}");
        // An end of this kind reads what the other has written.
        let mut reader = Peer::connect(true).await;
        for ((first, payload), fragment) in frames.iter().zip(message.fragments()) {
            reader.send(*first, payload).await;
            let Incoming::Fragment(read) = reader.socket.reader.next().await else { panic!("{what} cannot be read") };
            assert_eq!(read, fragment, "{what}");
        }
    }
}

#[tokio::test]
async fn what_many_are_sent_is_compressed_once() {
    let message = message(&"[1,2,3]".repeat(100), vec![]);
    message.deflated_content().set(Some("by somebody else".into())).unwrap();
    for (offer, is_shared) in [("permessage-deflate", true), ("permessage-deflate; server_max_window_bits=9", false)] {
        let mut peer = Peer::with(Some(offer), 6).await;
        peer.socket.writer.feed(&message).await.unwrap();
        peer.socket.writer.flush().await.unwrap();
        drop(peer.socket);
        let mut bytes = Vec::new();
        peer.stream.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(frames(&bytes)[CONTENT].1 == b"by somebody else", is_shared);
    }
}

/// A socket and the stream of its peer.
struct Peer {
    socket: Socket<DuplexStream>,
    stream: DuplexStream,
}

impl Peer {
    async fn connect(is_compressed: bool) -> Self {
        Self::with(is_compressed.then_some("permessage-deflate"), 6).await
    }

    async fn with(offer: Option<&str>, level: u8) -> Self {
        let (stream, server) = duplex(1 << 18);
        let compressor = Arc::new(Compressor::new(level));
        let compression = Compression::negotiate(&compressor, offer.into_iter());
        assert_eq!(compression.is_some(), offer.is_some());
        Self { socket: Socket::over(server, MAX_BYTES, compression).await, stream }
    }

    async fn send(&mut self, first: u8, payload: &[u8]) {
        self.stream.write_all(&frame(first, payload)).await.unwrap();
    }
}

/// A client's frame, with zeros for a mask.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let head = [&[first, 0x80 | 127][..], &(payload.len() as u64).to_be_bytes(), &[0; 4]].concat();
    [&head, payload].concat()
}

/// The first bytes and the payloads of a server's frames.
fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [first, length, rest @ ..] = bytes {
        let n_more = match length {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let (more, rest) = rest.split_at(n_more);
        let n_payload =
            if n_more == 0 { usize::from(*length) } else { more.iter().fold(0, |n, byte| n << 8 | usize::from(*byte)) };
        let (payload, rest) = rest.split_at(n_payload);
        frames.push((*first, payload.to_vec()));
        bytes = rest;
    }
    frames
}

fn message(json: &str, buffer: Vec<u8>) -> Message {
    let event = EncodedEvent::new(json.to_owned(), [Buffer::new("b1", buffer)]);
    Message::patch_doc("m1", [&event])
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut deflater = Deflater::new(6);
    deflater.push(text, DeflateTerms::accept(["permessage-deflate"]).unwrap());
    deflater.finish()
}

const MAX_BYTES: usize = 200_000;
