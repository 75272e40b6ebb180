//! The two servers that the client must get on with.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use bokeh_client::{ClientSession, ConnectOptions, pull_session};
use bokeh_server::{BokehJs, RunningServer, Settings};
use e2e::Reference;

use super::apps::App;

/// A server with one of the applications.
#[derive(Debug)]
pub(crate) enum Served {
    Python(Box<Reference>),
    Ours(RunningServer),
}

impl Served {
    /// The application on Python's server and on ours.
    pub(crate) async fn both(app: App) -> Result<[Self; 2]> {
        Ok([Self::python(app).await?, Self::ours(app).await?])
    }

    pub(crate) async fn python(app: App) -> Result<Self> {
        Ok(Self::Python(Box::new(Reference::serve(app.python).await?)))
    }

    pub(crate) async fn ours(app: App) -> Result<Self> {
        let settings =
            Settings { address: Some("127.0.0.1".to_owned()), port: 0, bokehjs: BokehJs::Cdn, ..Settings::default() };
        Ok(Self::Ours(bokeh_server::Server::builder().settings(settings).app("/app", app.rust).start().await?))
    }

    /// The address of the application.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Python(server) => server.url().to_owned(),
            Self::Ours(server) => server.url("/app"),
        }
    }

    /// Where the server listens.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        let url = self.url();
        let (_, rest) = url.split_once("://").context("an address has a scheme")?;
        let port = rest.split('/').next().and_then(|host| host.rsplit(':').next()).context("the address has a port")?;
        Ok(([127, 0, 0, 1], port.parse()?).into())
    }

    /// A new session, pulled.
    pub(crate) async fn pull(&self) -> Result<ClientSession> {
        Ok(pull_session(self.url()).await?)
    }

    /// Another client of a session, which has pulled.
    pub(crate) async fn join(&self, session: &ClientSession) -> Result<ClientSession> {
        let session_id = Some(session.id().to_owned());
        Ok(ConnectOptions { session_id, ..ConnectOptions::new(self.url()) }.pull().await?)
    }
}
