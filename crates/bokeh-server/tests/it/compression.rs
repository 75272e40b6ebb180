//! Compressed messages of WebSockets, seen from outside.

use std::io::Read;

use bokeh_document::Document;
use bokeh_protocol::{Array, DeflateTerms, Deflater, Map, Object, Text, Value};
use bokeh_server::{RunningServer, Server, Settings, WebSocketCompression};
use flate2::read::DeflateDecoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sockets::{good_token, settings};

const BROWSER: &str = "permessage-deflate; client_max_window_bits";
const ANSWER: &str = "permessage-deflate; server_no_context_takeover; client_max_window_bits=10";

#[tokio::test]
async fn messages_are_compressed_if_the_server_wants_it_and_the_client_can() {
    let level = |level| Some(WebSocketCompression { level, ..WebSocketCompression::default() });
    let narrow =
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10";
    for (compression, offer, expected) in [
        (None, Some(BROWSER), None),
        (level(6), None, None),
        (level(6), Some("permessage-deflate; unknown"), None),
        (level(6), Some(BROWSER), Some(ANSWER)),
        (level(1), Some("x, permessage-deflate; server_max_window_bits=10"), Some(narrow)),
        (level(0), Some(BROWSER), Some(ANSWER)),
    ] {
        let server = start(compression).await;
        let mut client = Client::open(&server, offer).await;
        assert_eq!(client.extensions.as_deref(), expected, "{offer:?}");
        client.pull(expected.is_some()).await;
        let [frames @ .., (_, last)] = &*client.frames_until_buffer().await else { panic!("no frames") };
        assert_eq!(last, &[7; N_NUMBERS], "{offer:?}");
        let is_compressed = frames.iter().filter(|(first, _)| first & 0x40 != 0).count();
        let expected = expected.is_some() && compression != level(0);
        assert_eq!(is_compressed, usize::from(expected), "{offer:?}");
        let n_bytes: usize = frames.iter().map(|(_, payload)| payload.len()).sum();
        assert_eq!(n_bytes < TEXT.len() * N_REPEATED / 10, expected, "{n_bytes} bytes");
        let texts = frames.iter().map(|(first, payload)| text(*first, payload));
        assert!(texts.collect::<String>().contains(&TEXT.repeat(N_REPEATED)), "{offer:?}");
    }
}

#[tokio::test]
async fn a_small_frame_that_inflates_to_too_much_ends_its_connection() {
    let server = start(Some(WebSocketCompression::default())).await;
    let mut client = Client::open(&server, Some(BROWSER)).await;
    let bomb = deflated(&vec![b' '; settings().message_limits.max_fragment_bytes + 1]);
    assert!(bomb.len() < 100_000);
    client.send(0xc1, &bomb).await;
    let (first, payload) = loop {
        let frame = client.frame().await;
        if frame.0 & 0x0f == 8 {
            break frame;
        }
    };
    assert_eq!((first, &payload[..2]), (0x88, &1009_u16.to_be_bytes()[..]));
    // Others do not notice.
    let mut other = Client::open(&server, Some(BROWSER)).await;
    other.pull(true).await;
    assert_eq!(other.frames_until_buffer().await.last().unwrap().1, [7; N_NUMBERS]);
}

async fn start(websocket_compression: Option<WebSocketCompression>) -> RunningServer {
    let settings = Settings { websocket_compression, ..settings() };
    Server::builder().settings(settings).app("/app", app).start().await.unwrap()
}

/// A long text, and numbers that would get much shorter.
fn app(doc: &mut Document) {
    let numbers = Value::from(Array::from(vec![7_u8; N_NUMBERS]));
    let data = Value::Map(Map::from_iter([(Value::from("x"), numbers)]));
    let object = |name: &str, attribute: &str, value| Object {
        name: name.into(),
        id: None,
        attributes: vec![(Text::from(attribute), value)],
    };
    doc.add_root(object("Div", "text", TEXT.repeat(N_REPEATED).into()));
    doc.add_root(object("ColumnDataSource", "data", data));
}

/// A client that sees frames as they are.
struct Client {
    stream: TcpStream,
    extensions: Option<String>,
}

impl Client {
    async fn open(server: &RunningServer, offer: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(("localhost", server.port())).await.unwrap();
        let extensions = offer.map(|offer| format!("Sec-WebSocket-Extensions: {offer}\r\n")).unwrap_or_default();
        let request = format!(
            "GET /app/ws HTTP/1.1\r\nHost: localhost:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            Sec-WebSocket-Protocol: bokeh, {}\r\n{extensions}\r\n",
            server.port(),
            good_token("x"),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        let line = head.lines().find_map(|line| line.strip_prefix("sec-websocket-extensions: "));
        Self { stream, extensions: line.map(str::to_owned) }
    }

    /// Asks for the document, in a compressed message or a plain one.
    async fn pull(&mut self, is_compressed: bool) {
        for text in [r#"{"msgid":"r1","msgtype":"PULL-DOC-REQ"}"#, "{}", "{}"] {
            match is_compressed {
                true => self.send(0xc1, &deflated(text.as_bytes())).await,
                false => self.send(0x81, text.as_bytes()).await,
            }
        }
    }

    /// Sends a frame, with zeros for a mask.
    async fn send(&mut self, first: u8, payload: &[u8]) {
        let head = [&[first, 0x80 | 127][..], &(payload.len() as u64).to_be_bytes(), &[0; 4]].concat();
        self.stream.write_all(&[&head, payload].concat()).await.unwrap();
    }

    /// What arrives up to the first binary frame: first bytes and payloads.
    async fn frames_until_buffer(&mut self) -> Vec<(u8, Vec<u8>)> {
        let mut frames = Vec::new();
        loop {
            let (first, payload) = self.frame().await;
            frames.push((first, payload));
            if first & 0x0f == 2 {
                assert_eq!(first, 0x82, "binary frames are never compressed");
                return frames;
            }
        }
    }

    async fn frame(&mut self) -> (u8, Vec<u8>) {
        let first = self.stream.read_u8().await.unwrap();
        let n_payload = match self.stream.read_u8().await.unwrap() {
            126 => usize::from(self.stream.read_u16().await.unwrap()),
            127 => usize::try_from(self.stream.read_u64().await.unwrap()).unwrap(),
            length => usize::from(length),
        };
        let mut payload = vec![0; n_payload];
        self.stream.read_exact(&mut payload).await.unwrap();
        (first, payload)
    }
}

/// The text of a frame, as any program inflates it.
fn text(first: u8, payload: &[u8]) -> String {
    if first & 0x40 == 0 {
        return String::from_utf8(payload.to_vec()).unwrap();
    }
    // The part that every message leaves out, and the end of the data.
    let whole = [payload, &[0x00, 0x00, 0xff, 0xff, 0x03, 0x00]].concat();
    let mut text = String::new();
    DeflateDecoder::new(&*whole).read_to_string(&mut text).unwrap();
    text
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut deflater = Deflater::new(6);
    deflater.push(text, DeflateTerms::accept([BROWSER]).unwrap());
    deflater.finish()
}

const TEXT: &str = "The same again. ";
const N_REPEATED: usize = 10_000;
const N_NUMBERS: usize = 5000;
