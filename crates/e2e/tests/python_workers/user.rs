//! A client that asks for numbers, and gives orders.

use anyhow::{Context, Result};
use bokeh_client::{ClientSession, pull_session};
use bokeh_document::Document;
use bokeh_protocol::{ModelId, Value};
use tokio::time::timeout;

use crate::PATIENCE;
use crate::host::Host;

/// A session of its own.
pub(crate) struct User {
    client: ClientSession,
    /// The process that has the session's document.
    pub(crate) worker: u32,
    n_asked: i64,
}

impl User {
    /// Begins a session.
    pub(crate) async fn come(host: &Host) -> Result<Self> {
        let client = timeout(PATIENCE, pull_session(host.url("hazard"))).await.context("no session begins")??;
        let worker = client.update(|doc| text(doc, "process")).await?;
        Ok(Self { client, worker: worker.parse().context("a process has a number")?, n_asked: 0 })
    }

    /// Begins sessions until one runs on another process.
    pub(crate) async fn come_elsewhere(host: &Host, than: u32) -> Result<Self> {
        loop {
            let user = Self::come(host).await?;
            if user.worker != than {
                return Ok(user);
            }
        }
    }

    /// Sets a number, and waits until a callback has doubled it.
    pub(crate) async fn ask(&mut self) -> Result<()> {
        self.n_asked += 1;
        let twice = (2 * self.n_asked).to_string();
        self.set("slider", Value::Int(self.n_asked)).await?;
        self.wait_for("twice", &twice).await
    }

    /// Gives an order, and does not wait for it.
    pub(crate) async fn order(&self, order: &str) -> Result<()> {
        self.set("order", order.into()).await
    }

    /// Waits until an order has been obeyed.
    pub(crate) async fn obeyed(&self, order: &str) -> Result<()> {
        self.wait_for("done", order).await
    }

    /// Waits until the session is lost.
    pub(crate) async fn lost(&self) -> Result<()> {
        timeout(PATIENCE, self.client.lost()).await.context("the session goes on")?;
        Ok(())
    }

    /// Ends the session.
    pub(crate) async fn leave(self) {
        self.client.close().await;
    }

    async fn set(&self, name: &'static str, value: Value) -> Result<()> {
        let property = "value";
        self.client
            .update(move |doc| {
                let model = named(doc, name).context("no such model")?;
                doc.set_value(model, property, value)?;
                anyhow::Ok(())
            })
            .await?
    }

    async fn wait_for(&self, name: &'static str, expected: &str) -> Result<()> {
        let wanted = expected.to_owned();
        let arrived = self.client.wait_until(move |doc| text(doc, name) == wanted);
        timeout(PATIENCE, arrived).await.with_context(|| format!("{name} never became {expected}"))??;
        Ok(())
    }
}

fn text(doc: &Document, name: &str) -> String {
    match named(doc, name).and_then(|model| doc.value(model, "text").ok()) {
        Some(Value::Str(text)) => text.to_string(),
        _ => String::new(),
    }
}

fn named(doc: &Document, name: &str) -> Option<ModelId> {
    doc.model_by_name(name)
}
