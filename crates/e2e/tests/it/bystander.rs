//! Somebody else in the session of a peer that does wrong.

use bokeh_protocol::MessageType;
use serde_json::{Value as Json, json};

use crate::client::Client;

/// A connection that looks at a session, and is to be left in peace.
pub(crate) struct Bystander {
    client: Client,
    before: Json,
}

impl Bystander {
    /// Joins a session.
    pub(crate) async fn join(port: u16, route: &str, session_id: &str) -> Self {
        let mut client = Client::open(port, route, session_id).await;
        let before = client.pull().await;
        Self { client, before }
    }

    /// The id of the model with this name.
    pub(crate) fn id(&self, name: &str) -> String {
        let roots = self.before["doc"]["roots"].as_array().unwrap();
        let root = roots.iter().find(|root| root["attributes"]["name"] == name).unwrap();
        root["id"].as_str().unwrap().to_owned()
    }

    /// Fails if it was told anything, or cannot go on, or if the document has changed.
    pub(crate) async fn assert_undisturbed(&mut self) {
        // Messages come in order: what was sent before would be here before the reply.
        let reply = self.client.request("SERVER-INFO-REQ", &json!({})).await;
        assert_eq!(reply.header.msgtype, MessageType::ServerInfoReply, "{reply:?}");
        assert_eq!(self.client.pull().await, self.before, "the document has changed");
    }

    /// The next message.
    pub(crate) async fn told(&mut self) -> Json {
        let message = self.client.message().await;
        assert_eq!(message.header.msgtype, MessageType::PatchDoc);
        message.content["events"].clone()
    }
}
