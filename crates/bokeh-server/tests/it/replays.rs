//! What is recorded of handshakes and sockets, replayed over real ones: what the client sent goes in, byte for byte but for
//! the times in its tokens.

use std::collections::BTreeMap;
use std::time::Duration;

use bokeh_protocol::{Fragment, Limits, Secret, Signing, Token};
use bokeh_server::{RunningServer, Server, Settings};
use replay::{Recording, Side, What};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sockets::{now, settings};

/// How a handshake ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// In a session.
    LetIn,
    /// With a status.
    Refused(u16),
    /// Bokeh agreed and then closed the connection; a page is told as little.
    Dropped,
}

#[tokio::test]
async fn handshakes_are_judged_as_by_bokeh() {
    let mut n_handshakes = 0;
    for name in ["py_handshake", "py_handshake_signed", "py_pull_arguments", "js_open"] {
        let recording = Recording::read(name);
        let server = start(&recording, Settings::default()).await;
        for (title, path, headers, theirs) in handshakes(&recording) {
            let mut stream = Stream::open(&server, &path, &headers).await;
            let ours = match stream.status().await {
                101 if stream.first_text().await.contains("\"ACK\"") => Outcome::LetIn,
                // Where Bokeh lets a connection in to drop it, it is refused with a status.
                400 | 403 => Outcome::Dropped,
                status => Outcome::Refused(status),
            };
            assert_eq!(ours, theirs, "{name}: {title}");
            n_handshakes += 1;
        }
    }
    assert_eq!(n_handshakes, 23);
}

/// Bokeh closes the connection, since its handler is not ready for the fragments yet.
#[tokio::test]
async fn a_client_that_does_not_wait_for_the_ack_is_served() {
    let recording = Recording::read("py_before_ack");
    let server = start(&recording, Settings::default()).await;
    let (_, path, headers, _) = handshakes(&recording).remove(0);
    let mut early = Vec::new();
    for step in &recording.steps {
        if let What::Fragment { from: Side::Client, fragment, .. } = &step.what {
            early.extend(frame(fragment));
        }
    }
    let mut stream = Stream::open_and_send(&server, &path, &headers, &early).await;
    assert_eq!(stream.status().await, 101);
    let mut texts = Vec::new();
    while texts.len() < 4 {
        texts.push(stream.first_text().await);
    }
    assert!(texts[0].contains("\"ACK\""), "{texts:?}");
    assert!(texts[3].contains("SERVER-INFO-REPLY"), "{texts:?}");
}

/// Bokeh refuses the second connection: pages cannot come back five minutes after they were loaded.
#[tokio::test]
async fn a_page_can_come_back_after_its_token_has_expired() {
    let recording = Recording::read("js_reconnect_expired");
    let server = start(&recording, Settings::default()).await;
    let mut handshakes = handshakes(&recording);
    assert_eq!(handshakes.iter().map(|(_, _, _, theirs)| *theirs).collect::<Vec<_>>(), {
        use Outcome::{Dropped, LetIn};
        [LetIn, Dropped, Dropped, Dropped]
    });
    let mut open = Vec::new();
    for (index, (_, path, headers, _)) in handshakes.iter_mut().enumerate() {
        let token = headers["sec-websocket-protocol"].split(", ").nth(1).unwrap().to_owned();
        let expires = if index == 0 { now() + 300 } else { now() - 1 };
        let token = Token::decode(&token).unwrap().expires_at(expires).encode(&Signing::Unsigned).unwrap();
        headers.insert("sec-websocket-protocol".to_owned(), format!("bokeh, {token}"));
        let mut stream = Stream::open(&server, path, headers).await;
        assert_eq!(stream.status().await, 101, "attempt {index}");
        assert!(stream.first_text().await.contains("\"ACK\""));
        open.push(stream);
    }
}

#[tokio::test]
async fn a_frame_that_is_too_big_ends_the_connection() {
    let recording = Recording::read("py_too_big");
    let max = recording.options["websocket_max_message_size"].as_u64().unwrap();
    let message_limits = Limits { max_fragment_bytes: usize::try_from(max).unwrap(), ..Limits::default() };
    let server = start(&recording, Settings { message_limits, ..Settings::default() }).await;
    let (_, path, headers, _) = handshakes(&recording).remove(0);
    let mut stream = Stream::open(&server, &path, &headers).await;
    assert_eq!(stream.status().await, 101);
    let mut theirs = None;
    for step in &recording.steps {
        match &step.what {
            What::Fragment { from: Side::Client, fragment, .. } => stream.send(&frame(fragment)).await,
            What::Close { from: Side::Server, code, reason, .. } => theirs = Some((code.unwrap(), reason.clone())),
            _ => {}
        }
    }
    assert_eq!(Some(stream.close().await), theirs);
}

#[tokio::test]
async fn pings_count_as_bokehs_do() {
    for name in ["py_keepalive", "js_keepalive"] {
        let recording = Recording::read(name);
        let theirs = recording.steps.iter().filter_map(|step| match &step.what {
            What::Ping { from: Side::Server, payload, .. } => Some(payload.clone()),
            _ => None,
        });
        let theirs: Vec<String> = theirs.collect();
        assert!(theirs.len() > 3);
        let keep_alive = Some(Duration::from_millis(10));
        let server = start(&recording, Settings { keep_alive, ..Settings::default() }).await;
        let (_, path, headers, _) = handshakes(&recording).remove(0);
        let mut stream = Stream::open(&server, &path, &headers).await;
        assert_eq!(stream.status().await, 101);
        let mut ours = Vec::new();
        while ours.len() < theirs.len() {
            let (opcode, payload) = stream.frame().await;
            if opcode == PING {
                ours.push(String::from_utf8(payload).unwrap());
            }
        }
        assert_eq!(ours, theirs, "{name}");
    }
}

/// A handshake: the note before it, the path, the headers and how it ended.
type Handshake = (String, String, BTreeMap<String, String>, Outcome);

fn handshakes(recording: &Recording) -> Vec<Handshake> {
    let signing = signing(recording);
    let mut handshakes: Vec<(u64, Handshake)> = Vec::new();
    let (mut title, mut first_expiry) = (String::new(), None);
    for step in &recording.steps {
        match &step.what {
            What::Note(note) => title.clone_from(note),
            What::Request { connection, path, headers } => {
                let mut headers = headers.clone();
                if let Some(protocols) = headers.get_mut("sec-websocket-protocol") {
                    let tokens = protocols.split(',').map(|token| renew(token.trim(), &signing, &mut first_expiry));
                    *protocols = tokens.collect::<Vec<_>>().join(", ");
                }
                handshakes.push((*connection, (title.clone(), path.clone(), headers, Outcome::Dropped)));
            }
            What::Answer { connection, status } if *status != 101 => {
                outcome(&mut handshakes, *connection, Outcome::Refused(*status));
            }
            What::Fragment { connection, from: Side::Server, .. } => {
                outcome(&mut handshakes, *connection, Outcome::LetIn);
            }
            _ => {}
        }
    }
    handshakes.into_iter().map(|(_, handshake)| handshake).collect()
}

fn outcome(handshakes: &mut [(u64, Handshake)], connection: u64, outcome: Outcome) {
    let (_, handshake) = handshakes.iter_mut().find(|(number, _)| *number == connection).unwrap();
    handshake.3 = outcome;
}

fn signing(recording: &Recording) -> Signing {
    match recording.options["secret_key"].as_str() {
        Some(key) => Signing::Signed(Secret::new(key)),
        None => Signing::Unsigned,
    }
}

/// Moves the expiry of a recorded token to our time. A good signature stays good, a bad one bad.
fn renew(text: &str, signing: &Signing, first_expiry: &mut Option<i64>) -> String {
    let Ok(token) = Token::decode(text) else { return text.to_owned() };
    let Some(expiry) = token.expiry() else { return text.to_owned() };
    let left = 300 + expiry - *first_expiry.get_or_insert(expiry);
    let renewed = token.clone().expires_at(now() + left);
    if token.encode(signing).unwrap() == text {
        return renewed.encode(signing).unwrap();
    }
    let unsigned = renewed.encode(&Signing::Unsigned).unwrap();
    match text.split_once('.') {
        Some((_, signature)) => format!("{unsigned}.{signature}"),
        None => unsigned,
    }
}

async fn start(recording: &Recording, special: Settings) -> RunningServer {
    let (message_limits, keep_alive) = (special.message_limits, special.keep_alive);
    let signing = Some(signing(recording));
    let settings = Settings { message_limits, keep_alive, signing, ..settings() };
    let route = format!("/{}", recording.app);
    let app = replay::apps::named(&recording.app);
    Server::builder().settings(settings).app(route, app).allow_websocket_origin("*").start().await.unwrap()
}

const PING: u8 = 9;
const CLOSE: u8 = 8;

/// A socket without a library: what is wrong on purpose must go out as it is.
struct Stream(TcpStream);

impl Stream {
    async fn open(server: &RunningServer, path: &str, headers: &BTreeMap<String, String>) -> Self {
        Self::open_and_send(server, path, headers, &[]).await
    }

    /// Sends frames together with the request.
    async fn open_and_send(
        server: &RunningServer,
        path: &str,
        headers: &BTreeMap<String, String>,
        frames: &[u8],
    ) -> Self {
        let mut stream = Stream(TcpStream::connect(("localhost", server.port())).await.unwrap());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!("GET {path} HTTP/1.1\r\n{lines}\r\n");
        stream.send(&[request.as_bytes(), frames].concat()).await;
        stream
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// The status of the answer, whose head is read to its end.
    async fn status(&mut self) -> u16 {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().parse().unwrap()
    }

    async fn frame(&mut self) -> (u8, Vec<u8>) {
        let opcode = self.0.read_u8().await.unwrap() & 15;
        let length = match self.0.read_u8().await.unwrap() {
            126 => u64::from(self.0.read_u16().await.unwrap()),
            127 => self.0.read_u64().await.unwrap(),
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).await.unwrap();
        (opcode, payload)
    }

    async fn first_text(&mut self) -> String {
        loop {
            match self.frame().await {
                (PING, _) => {}
                (1, payload) => return String::from_utf8(payload).unwrap(),
                (opcode, payload) => panic!("opcode {opcode}: {payload:?}"),
            }
        }
    }

    async fn close(&mut self) -> (u16, String) {
        loop {
            let (opcode, payload) = self.frame().await;
            if opcode == CLOSE {
                let code = u16::from_be_bytes([payload[0], payload[1]]);
                return (code, String::from_utf8(payload[2..].to_vec()).unwrap());
            }
        }
    }
}

/// A masked frame, as clients send them; the mask is 0.
fn frame(fragment: &Fragment) -> Vec<u8> {
    let (opcode, payload) = match fragment {
        Fragment::Text(payload) => (1, payload),
        Fragment::Binary(payload) => (2, payload),
    };
    let mut frame = vec![0x80 | opcode];
    match u8::try_from(payload.len()) {
        Ok(length @ 0..126) => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend_from_slice(payload);
    frame
}
