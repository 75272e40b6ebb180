//! The clients of one session, from the first to the last.

use std::net::SocketAddr;

use bokeh_client::{ClientSession, ConnectOptions, Reconnect, RequestError};
use bokeh_protocol::Value;
use e2e::{Direction, Proxy};
use tokio::time::timeout;

use crate::PATIENCE;
use crate::app::STOP;
use crate::dice::Dice;
use crate::edit::edit;
use crate::snapshot::Snapshot;

/// Joins a session with several clients, has them do `n_steps` things, and checks that they are equal afterwards.
pub(crate) async fn soak(server: SocketAddr, seed: u64, n_steps: u32) {
    let mut dice = Dice::new(seed, 1);
    let proxy = Proxy::start(server).await.unwrap();
    let mut session = Session { id: format!("soak-{seed}"), server, proxy, clients: Vec::new() };
    for _client in 0..2 + dice.below(2) {
        session.join(&mut dice).await;
    }
    for _step in 0..n_steps {
        session.step(&mut dice).await;
    }
    session.settle().await;
    for client in &session.clients {
        client.close().await;
    }
}

struct Session {
    id: String,
    server: SocketAddr,
    /// The line of those who are far away.
    proxy: Proxy,
    /// The first is near and stays, so that the session does, too.
    clients: Vec<ClientSession>,
}

impl Session {
    async fn step(&mut self, dice: &mut Dice) {
        match dice.below(120) {
            0..=2 => {
                let others = 1..self.clients.len();
                drop(
                    self.clients.swap_remove(others.start + dice.below(u32::try_from(others.len()).unwrap()) as usize),
                );
                self.join(dice).await;
            }
            3 => self.proxy.cut(),
            4 | 5 => self.proxy.hold(Direction::Up),
            6 | 7 => self.proxy.hold(Direction::Down),
            8..=16 => self.release(),
            // Nobody runs far ahead of the server.
            17..=22 => {
                self.release();
                self.roundtrip(self.somebody(dice)).await;
            }
            _ => {
                // Nobody waits for the server: the others' edits are on their way meanwhile.
                let mut forked = dice.fork();
                self.somebody(dice).update(move |doc| edit(doc, &mut forked)).await.unwrap();
            }
        }
    }

    /// Stops all edits, and waits until all copies are what the server has.
    async fn settle(&self) {
        self.release();
        self.clients[0].update(|doc| doc.send_message(STOP, Value::Null)).await.unwrap();
        for client in &self.clients {
            self.roundtrip(client).await;
        }
        // From here on the server's document stays as it is, and its clients are only told of it.
        let fresh = self.connect(self.near()).await;
        let expected = fresh.update(|doc| Snapshot::of(doc)).await.unwrap();
        for (index, client) in self.clients.iter().enumerate() {
            let wanted = expected.clone();
            let equal = client.wait_until(move |doc| Snapshot::of(doc) == wanted);
            if timeout(PATIENCE, equal).await.is_err() {
                let copy = client.update(|doc| Snapshot::of(doc)).await.unwrap();
                panic!("client {index} of {} has not become equal: {:#?}", self.id, expected.differences(&copy));
            }
        }
        fresh.close().await;
    }

    async fn join(&mut self, dice: &mut Dice) {
        self.release();
        let is_near = self.clients.is_empty() || dice.once_in(3);
        let url = if is_near { self.near() } else { self.proxy.url(&self.near()).unwrap() };
        let client = self.connect(url).await;
        self.clients.push(client);
    }

    async fn connect(&self, url: String) -> ClientSession {
        let session_id = Some(self.id.clone());
        let options = ConnectOptions {
            session_id,
            reconnect: Some(Reconnect::default()),
            connect_timeout: PATIENCE,
            ..ConnectOptions::new(url)
        };
        options.pull().await.unwrap()
    }

    /// Waits until the server has dealt with everything that a client has sent.
    async fn roundtrip(&self, client: &ClientSession) {
        loop {
            client.connected().await.unwrap();
            match timeout(PATIENCE, client.force_roundtrip()).await.expect("the server answers") {
                // It may have refused what did not fit any more.
                Ok(()) | Err(RequestError::Change(_)) => return,
                // The line was cut meanwhile.
                Err(RequestError::Lost(_)) => {}
                Err(error) => panic!("{}: {error}", self.id),
            }
        }
    }

    fn somebody(&self, dice: &mut Dice) -> &ClientSession {
        &self.clients[dice.below(u32::try_from(self.clients.len()).unwrap()) as usize]
    }

    fn near(&self) -> String {
        format!("http://{}/soak", self.server)
    }

    fn release(&self) {
        self.proxy.release(Direction::Up);
        self.proxy.release(Direction::Down);
    }
}
