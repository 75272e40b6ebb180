//! Session cores in the place of Bokeh's server.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bokeh_document::Document;
use bokeh_protocol::{Fragment, Limits, Message, RawMessage, Receiver, Token};
use replay::{Comparison, Difference, Recording, Side, What, actions, apps};

use crate::session::core::{ConnectionId, Effect, SessionCore};

/// How long Bokeh keeps a session without connections. Ours live longer after a loss, but here they end when Bokeh's did.
const BOKEHS_LIFETIME: Duration = Duration::from_secs(15);

/// What came of a recording.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) differences: Vec<Difference>,
    pub(super) n_compared: usize,
    /// The connections that Bokeh did not let into a session.
    pub(super) left_out: Vec<u64>,
}

/// Plays a recording: it does what the recorded peers did, at the recorded times.
pub(super) struct Player {
    recording: Recording,
    /// By session id, as the tokens name it.
    sessions: BTreeMap<String, Session>,
    connections: BTreeMap<u64, Connection>,
    outcome: Outcome,
    note: String,
}

struct Connection {
    session: String,
    id: ConnectionId,
    from_client: Receiver,
    from_server: Receiver,
    /// Whether it is over here.
    is_closed: bool,
    /// Whether it is over in the recording.
    is_closed_there: bool,
}

impl Player {
    pub(super) fn play(recording: Recording) -> Outcome {
        let mut player = Player {
            recording,
            sessions: BTreeMap::new(),
            connections: BTreeMap::new(),
            outcome: Outcome::default(),
            note: String::new(),
        };
        let mut tokens = BTreeMap::new();
        for step in std::mem::take(&mut player.recording.steps) {
            for session in player.sessions.values_mut() {
                session.advance(step.at);
            }
            match step.what {
                What::Note(note) => player.note(&note, step.at),
                What::Request { connection, headers, .. } => {
                    let protocols = headers.get("sec-websocket-protocol").map_or("", String::as_str);
                    let token = protocols.split(',').nth(1).unwrap_or_default().trim();
                    tokens.insert(connection, token.to_owned());
                    player.outcome.left_out.push(connection);
                }
                What::Answer { .. } | What::Ping { .. } => {}
                What::Fragment { connection, from: Side::Client, fragment } => {
                    player.client_says(connection, fragment, step.at);
                }
                What::Fragment { connection, from: Side::Server, fragment } => {
                    // The first frame of a connection that is let in belongs to the ACK.
                    if !player.connections.contains_key(&connection) {
                        player.open(connection, &tokens[&connection], step.at);
                    }
                    player.server_says(connection, fragment);
                }
                What::Close { connection, from, code, reason } => {
                    player.close(connection, from, code, &reason, step.at)
                }
                What::Eof { connection, .. } => player.leave(connection, step.at),
            }
        }
        for (_, session) in std::mem::take(&mut player.sessions) {
            player.end(session);
        }
        player.outcome
    }

    fn note(&mut self, note: &str, now: Duration) {
        note.clone_into(&mut self.note);
        for session in self.sessions.values_mut() {
            session.comparison.note(note);
            if let Some(action) = note.strip_prefix("server action: ") {
                session.run(actions::named(action), now);
            }
        }
    }

    fn open(&mut self, connection: u64, token: &str, now: Duration) {
        let id = Token::decode(token).unwrap().session_id().to_owned();
        let lifetime = self.recording.options["unused_session_lifetime_milliseconds"].as_u64();
        let lifetime = lifetime.map_or(BOKEHS_LIFETIME, Duration::from_millis);
        let is_over = |session: &Session| session.unused_since.is_some_and(|since| now > since + lifetime);
        if self.sessions.get(&id).is_some_and(is_over) {
            let session = self.sessions.remove(&id).unwrap();
            self.end(session);
        }
        let session = self.sessions.entry(id.clone()).or_insert_with(|| Session::new(&self.recording.app, now));
        session.comparison.note(&self.note);
        let connection_id = session.attach(connection, token);
        self.outcome.left_out.retain(|left_out| *left_out != connection);
        let mut limits = Limits::default();
        if let Some(bytes) = self.recording.options["websocket_max_message_size"].as_u64() {
            limits.max_fragment_bytes = usize::try_from(bytes).unwrap();
        }
        let opened = Connection {
            session: id,
            id: connection_id,
            from_client: Receiver::for_server(limits),
            from_server: Receiver::for_client(Limits::default()),
            is_closed: false,
            is_closed_there: false,
        };
        self.connections.insert(connection, opened);
    }

    fn client_says(&mut self, connection: u64, fragment: Fragment, now: Duration) {
        let Some(open) = self.connections.get_mut(&connection).filter(|open| !open.is_closed) else { return };
        let session = self.sessions.get_mut(&open.session).unwrap();
        match open.from_client.push(fragment) {
            Ok(None) => {}
            Ok(Some(message)) => session.receive(open.id, message, now),
            Err(error) => {
                let close = error.close();
                session.comparison.ours_closed(connection, Some(close.code), close.reason());
                open.is_closed = true;
                session.detach(open.id, now);
            }
        }
    }

    fn server_says(&mut self, connection: u64, fragment: Fragment) {
        let open = self.connections.get_mut(&connection).unwrap();
        if let Some(message) = open.from_server.push(fragment).unwrap() {
            self.sessions.get_mut(&open.session).unwrap().comparison.theirs(connection, &message);
        }
    }

    fn close(&mut self, connection: u64, from: Side, code: Option<u16>, reason: &str, now: Duration) {
        let Some(open) = self.connections.get_mut(&connection) else { return };
        match from {
            Side::Client => self.leave(connection, now),
            // The answer to a Close frame is no news.
            Side::Server if open.is_closed_there => {}
            Side::Server => {
                open.is_closed_there = true;
                self.sessions.get_mut(&open.session).unwrap().comparison.theirs_closed(connection, code, reason);
            }
        }
    }

    fn leave(&mut self, connection: u64, now: Duration) {
        let Some(open) = self.connections.get_mut(&connection) else { return };
        open.is_closed_there = true;
        if !std::mem::replace(&mut open.is_closed, true) {
            let session = self.sessions.get_mut(&open.session).unwrap();
            session.detach(open.id, now);
        }
    }

    fn end(&mut self, mut session: Session) {
        self.outcome.differences.extend(session.comparison.finish());
        self.outcome.n_compared += session.comparison.n_compared();
    }
}

/// A session core and the comparison of what it sends. Nothing else here knows the core.
struct Session {
    core: SessionCore,
    comparison: Comparison,
    /// The recording's numbers of the connections.
    numbers: BTreeMap<ConnectionId, u64>,
    n_open: usize,
    /// Since when all connections are gone.
    unused_since: Option<Duration>,
}

impl Session {
    fn new(app: &str, now: Duration) -> Self {
        let mut document = Document::new();
        apps::named(app)(&mut document);
        let core = SessionCore::new(document, now);
        Session { core, comparison: Comparison::default(), numbers: BTreeMap::new(), n_open: 0, unused_since: None }
    }

    fn attach(&mut self, number: u64, token: &str) -> ConnectionId {
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        let id = self.core.attach(hasher.finish());
        self.numbers.insert(id, number);
        self.n_open += 1;
        self.unused_since = None;
        self.pass_on();
        id
    }

    fn detach(&mut self, id: ConnectionId, now: Duration) {
        self.core.detach(id, now);
        self.n_open -= 1;
        self.unused_since = (self.n_open == 0).then_some(now);
        self.pass_on();
    }

    fn receive(&mut self, id: ConnectionId, mut message: RawMessage, now: Duration) {
        self.comparison.translate(&mut message.content);
        self.core.receive(id, &message, now);
        self.pass_on();
    }

    fn run(&mut self, action: actions::Action, now: Duration) {
        self.core.run(Box::new(action), now);
        self.pass_on();
    }

    /// Lets the time go on, with everything that is due on the way.
    fn advance(&mut self, to: Duration) {
        while let Some(due) = self.core.deadline().filter(|due| *due <= to) {
            self.core.tick(due);
            self.pass_on();
        }
    }

    fn pass_on(&mut self) {
        for effect in self.core.take_effects() {
            match effect {
                Effect::Send(id, message) | Effect::SendState(id, message) => {
                    self.comparison.ours(self.numbers[&id], &reassemble(&message))
                }
                // An ERROR says it, too.
                Effect::Failure(_) | Effect::Refused(..) | Effect::Warning(_) | Effect::Ping(_) => {}
            }
        }
    }
}

fn reassemble(message: &Message) -> RawMessage {
    let mut receiver = Receiver::for_client(Limits::default());
    message.fragments().find_map(|fragment| receiver.push(fragment).unwrap()).expect("a whole message")
}
