//! How a client connects.

use std::time::Duration;

use bokeh_document::Document;
use bokeh_protocol::{Limits, Signing, random_id};

use crate::connect::Target;
use crate::core::ClientCore;
use crate::ticket::Ticket;
use crate::{ClientSession, ConnectError, OpenError, Reconnect, ServerUrl, TlsRoots};

/// How a client connects, and to what.
///
/// ```no_run
/// use bokeh_client::ConnectOptions;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let options = ConnectOptions { session_id: Some("shared".into()), ..ConnectOptions::new("http://localhost:5006/app") };
/// let session = options.pull().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// The address of the application, as a browser would open it. `default` is [`ServerUrl::DEFAULT`].
    pub url: String,
    /// The session to join, or to create under this id. `None` creates a session with a random id.
    pub session_id: Option<String>,
    /// Appended to the address as a query. Python's server does not pass them on to the application.
    pub arguments: Vec<(String, String)>,
    /// Further headers of the request, such as `Authorization`.
    pub headers: Vec<(String, String)>,
    /// Whom to trust when the address begins with `https:`.
    pub tls_roots: TlsRoots,
    /// The limits of what the server may send. The default of one fragment is 20 MiB, as with Bokeh.
    pub message_limits: Limits,
    /// How the server signs sessions, if it does: client and server need the same secret.
    pub signing: Signing,
    /// How long to wait until the server has acknowledged the connection. The default is 30 s.
    pub connect_timeout: Duration,
    /// How long to wait for the answer to a request. By default, for as long as it takes: the server answers after its
    /// callbacks have run, and a server that is gone is noticed by [`keep_alive`](Self::keep_alive).
    pub reply_timeout: Option<Duration>,
    /// After how long a silence the server is asked for a sign of life; the connection is given up when there is none within
    /// the same time again. The default is 40 s, a little more than the period of a server's own signs of life.
    pub keep_alive: Option<Duration>,
    /// Whether and how to come back when the connection is lost. By default the session ends.
    pub reconnect: Option<Reconnect>,
}

impl ConnectOptions {
    /// The usual options for an address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// Connects, and takes over the server's document.
    ///
    /// # Errors
    /// When there is no connection, or the document cannot be had.
    pub async fn pull(self) -> Result<ClientSession, OpenError> {
        let session = self.connect(Document::new()).await?;
        session.pull().await?;
        Ok(session)
    }

    /// Connects, and makes `document` the server's.
    ///
    /// # Errors
    /// When there is no connection, or the server refuses the document.
    pub async fn push(self, document: Document) -> Result<ClientSession, OpenError> {
        let session = self.connect(document).await?;
        session.push().await?;
        Ok(session)
    }

    /// Connects, and neither pulls nor pushes: changes of the document are local until the session does.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn connect(self, document: Document) -> Result<ClientSession, ConnectError> {
        let url = ServerUrl::parse(&self.url)?;
        let session_id = match &self.session_id {
            Some(id) => id.clone(),
            None => self.signing.generate_session_id()?,
        };
        let core = ClientCore::new(document, &id_prefix()?);
        let target = Target { url, session_id, options: self };
        let ticket = Ticket::new(&target);
        let (connection, ack) = target.connect(&ticket.token).await?;
        Ok(ClientSession::start(core, target, ticket, connection, ack))
    }
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            url: "default".to_owned(),
            session_id: None,
            arguments: Vec::new(),
            headers: Vec::new(),
            tls_roots: TlsRoots::default(),
            message_limits: Limits::default(),
            signing: Signing::default(),
            connect_timeout: Duration::from_secs(30),
            reply_timeout: None,
            keep_alive: Some(Duration::from_secs(40)),
            reconnect: None,
        }
    }
}

/// What no other client's ids begin with, nor the server's.
fn id_prefix() -> Result<String, ConnectError> {
    let mut prefix = random_id()?;
    prefix.truncate(8);
    prefix.insert(0, 'c');
    Ok(prefix)
}
