//! The clients of one session, from the first to the last.

use bokeh_client::{ClientSession, ConnectOptions, RequestError};
use bokeh_protocol::Value;
use tokio::time::timeout;

use crate::PATIENCE;
use crate::app::STOP;
use crate::dice::Dice;
use crate::edit::edit;
use crate::snapshot::Snapshot;

/// Joins a session with several clients, has them do `n_steps` things, and checks that they are equal afterwards.
pub(crate) async fn soak(url: String, seed: u64, n_steps: u32) {
    let mut dice = Dice::new(seed, 1);
    let mut session = Session { id: format!("soak-{seed}"), url, clients: Vec::new() };
    for _client in 0..2 + dice.below(2) {
        session.join().await;
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
    url: String,
    clients: Vec<ClientSession>,
}

impl Session {
    async fn step(&mut self, dice: &mut Dice) {
        let index = dice.below(u32::try_from(self.clients.len()).unwrap()) as usize;
        match dice.below(40) {
            // There is always somebody else, so the session goes on.
            0 => {
                drop(self.clients.swap_remove(index));
                self.join().await;
            }
            // Nobody runs far ahead of the server.
            1..=3 => self.roundtrip(&self.clients[index]).await,
            _ => {
                // Nobody waits for the server: the others' edits are on their way meanwhile.
                let mut dice = dice.fork();
                self.clients[index].update(move |doc| edit(doc, &mut dice)).await.unwrap();
            }
        }
    }

    /// Stops all edits, and waits until all copies are what the server has.
    async fn settle(&self) {
        self.clients[0].update(|doc| doc.send_message(STOP, Value::Null)).await.unwrap();
        for client in &self.clients {
            self.roundtrip(client).await;
        }
        // From here on the server's document stays as it is, and its clients are only told of it.
        let fresh = self.connect().await;
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

    async fn join(&mut self) {
        let client = self.connect().await;
        self.clients.push(client);
    }

    async fn connect(&self) -> ClientSession {
        let options = ConnectOptions { session_id: Some(self.id.clone()), ..ConnectOptions::new(&self.url) };
        options.pull().await.unwrap()
    }

    /// Waits until the server has dealt with everything that a client has sent.
    async fn roundtrip(&self, client: &ClientSession) {
        match timeout(PATIENCE, client.force_roundtrip()).await.expect("the server answers") {
            // It may have refused what did not fit any more.
            Ok(()) | Err(RequestError::Change(_)) => {}
            Err(error) => panic!("{}: {error}", self.id),
        }
    }
}
