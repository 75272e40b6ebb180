//! One peer: as little as a peer can be, so that the load is the servers' and not the generator's.

mod frames;
mod handshake;
mod open;

use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::SinkExt;
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;

pub(crate) use frames::Incoming;
pub(crate) use open::{page_token, token};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection of a session.
#[derive(Debug)]
pub(crate) struct Client {
    socket: WebSocketStream<TcpStream>,
    n_requests: u64,
    last_id: String,
}

/// A slider of the document, with everything of its message that does not change.
#[derive(Clone, Debug)]
pub(crate) struct Slider(String);

impl Client {
    /// Opens a socket of the application at `route`, and takes the acknowledgement.
    pub(crate) async fn open(port: u16, route: &str, token: &str) -> Result<Self> {
        let opening = async {
            let mut client = Self::open_unread(port, route, token).await?;
            client.expect("ACK").await?;
            Ok(client)
        };
        timeout(PATIENCE, opening).await.context("the socket was not opened in time")?
    }

    /// Opens a socket, and leaves the acknowledgement to be read.
    pub(crate) async fn open_unread(port: u16, route: &str, token: &str) -> Result<Self> {
        Ok(Self { socket: handshake::open(port, route, token).await?, n_requests: 0, last_id: String::new() })
    }

    /// Opens a socket of a session of this name, and pulls its document.
    pub(crate) async fn join(port: u16, route: &str, session: &str) -> Result<(Self, Incoming)> {
        let mut client = Self::open(port, route, &token(session)?).await?;
        let document = client.pull().await?;
        Ok((client, document))
    }

    /// Asks for the document.
    pub(crate) async fn pull(&mut self) -> Result<Incoming> {
        self.request("PULL-DOC-REQ", "{}".to_owned()).await?;
        // Python's server sends patches before it is asked for the document.
        let id = self.last_id.clone();
        let reply = self.until(|message| message.reqid() == Some(&id)).await?;
        if reply.msgtype() != "PULL-DOC-REPLY" || reply.content().len() < 200 {
            bail!("this is no document: {}", reply.content());
        }
        Ok(reply)
    }

    /// Moves a slider and waits until the server has answered, and has sent the data that follow from the new value.
    pub(crate) async fn move_slider(&mut self, slider: &Slider, value: f64) -> Result<()> {
        let mut has_data = false;
        self.start_move(slider, value).await?;
        self.until_ok(|message| has_data |= message.first_of_last_buffer() == Some(value)).await?;
        if !has_data {
            self.until(|message| message.first_of_last_buffer() == Some(value)).await?;
        }
        Ok(())
    }

    /// Moves a slider and does not wait.
    pub(crate) async fn start_move(&mut self, slider: &Slider, value: f64) -> Result<()> {
        // `Debug` writes a fraction always, as JSON has it for floats.
        self.request("PATCH-DOC", format!("{}{value:?}}}]}}", slider.0)).await
    }

    /// Moves a slider that nothing follows from, and waits for the answer.
    pub(crate) async fn move_slider_alone(&mut self, slider: &Slider, value: f64) -> Result<()> {
        self.start_move(slider, value).await?;
        self.until_ok(|_| {}).await
    }

    /// Waits for data that begin with `value`.
    pub(crate) async fn expect_data(&mut self, value: f64) -> Result<()> {
        self.until(|message| message.first_of_last_buffer() == Some(value)).await.map(drop)
    }

    /// The next message, whatever it is.
    pub(crate) async fn next(&mut self) -> Result<Incoming> {
        timeout(PATIENCE, Incoming::read(&mut self.socket)).await.context("nothing came")?
    }

    /// Says goodbye as a tab does that is closed.
    pub(crate) async fn leave(mut self) {
        // It may be gone already.
        self.socket.close(None).await.ok();
    }

    /// The id of the last request.
    pub(crate) fn last_id(&self) -> &str {
        &self.last_id
    }

    async fn request(&mut self, msgtype: &str, content: String) -> Result<()> {
        self.n_requests += 1;
        self.last_id = format!("{:08}", self.n_requests);
        let header = format!("{{\"msgid\":\"{}\",\"msgtype\":\"{msgtype}\"}}", self.last_id);
        for frame in [header, "{}".to_owned(), content] {
            self.socket.feed(Frame::text(frame)).await?;
        }
        Ok(self.socket.flush().await?)
    }

    /// Reads to the answer of the last request, and shows what comes before it.
    async fn until_ok(&mut self, mut look: impl FnMut(&Incoming)) -> Result<()> {
        let id = std::mem::take(&mut self.last_id);
        let answer = self.until(|message| {
            look(message);
            message.reqid() == Some(&id)
        });
        let answer = answer.await;
        self.last_id = id;
        match answer? {
            answer if answer.msgtype() == "OK" => Ok(()),
            answer => bail!("the server answered {}: {}", answer.msgtype(), answer.content()),
        }
    }

    async fn until(&mut self, mut is_it: impl FnMut(&Incoming) -> bool) -> Result<Incoming> {
        let reading = async {
            loop {
                let message = Incoming::read(&mut self.socket).await?;
                if is_it(&message) {
                    return Ok(message);
                }
            }
        };
        timeout(PATIENCE, reading).await.context("what should have come did not come")?
    }

    async fn expect(&mut self, msgtype: &str) -> Result<Incoming> {
        let message = Incoming::read(&mut self.socket).await?;
        if message.msgtype() != msgtype {
            bail!("expected {msgtype}, not {}: {}", message.msgtype(), message.content());
        }
        Ok(message)
    }
}

impl Slider {
    /// Finds the slider with this name in a pulled document.
    pub(crate) fn find(document: &Incoming, name: &str) -> Result<Self> {
        let content: Json = serde_json::from_str(document.content()).context("the document is not JSON")?;
        let id = find(&content["doc"], name).with_context(|| format!("the document has no model named {name}"))?;
        let (kind, attr) = ("ModelChanged", "value");
        Ok(Self(format!(
            "{{\"events\":[{{\"kind\":\"{kind}\",\"model\":{{\"id\":\"{id}\"}},\"attr\":\"{attr}\",\"new\":"
        )))
    }
}

/// The id of the object whose attribute `name` is this.
fn find<'json>(json: &'json Json, name: &str) -> Option<&'json str> {
    match json {
        Json::Object(fields) => match (&json["attributes"]["name"], &json["id"]) {
            (Json::String(found), Json::String(id)) if found == name => Some(id),
            _ => fields.values().find_map(|value| find(value, name)),
        },
        Json::Array(items) => items.iter().find_map(|value| find(value, name)),
        _ => None,
    }
}
