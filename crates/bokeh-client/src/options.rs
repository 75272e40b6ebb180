//! How a client connects.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bokeh_document::Document;
use bokeh_protocol::{Limits, Signing, Token, random_id};
use tokio::time::timeout;

use crate::connection::Connection;
use crate::core::ClientCore;
use crate::{ClientSession, ConnectError, OpenError, ServerUrl, connect};

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
    /// The limits of what the server may send. The default of one fragment is 20 MiB, as with Bokeh.
    pub message_limits: Limits,
    /// How the server signs sessions, if it does: client and server need the same secret.
    pub signing: Signing,
    /// How long to wait until the server has acknowledged the connection. The default is 30 s.
    pub connect_timeout: Duration,
    /// How long to wait for the answer to a request. By default, for as long as it takes: the server answers after its
    /// callbacks have run.
    pub reply_timeout: Option<Duration>,
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
        let limit = self.connect_timeout;
        timeout(limit, self.connect_in_time(document)).await.unwrap_or(Err(ConnectError::Timeout(limit)))
    }

    async fn connect_in_time(self, document: Document) -> Result<ClientSession, ConnectError> {
        let url = ServerUrl::parse(&self.url)?;
        let session_id = match &self.session_id {
            Some(id) => id.clone(),
            None => self.signing.generate_session_id()?,
        };
        let token = Token::new(&*session_id).expires_at(unix_secs() + TOKEN_LIFETIME_SECS);
        let token = token.encode(&self.signing).expect("a token without a payload can be encoded");
        let socket = connect::open(&url, &token, &self).await?;
        let connection = Connection::new(socket, self.message_limits);
        let core = ClientCore::new(document, &id_prefix()?);
        ClientSession::start(core, connection, session_id, url, self.reply_timeout).await
    }
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            url: "default".to_owned(),
            session_id: None,
            arguments: Vec::new(),
            headers: Vec::new(),
            message_limits: Limits::default(),
            signing: Signing::default(),
            connect_timeout: Duration::from_secs(30),
            reply_timeout: None,
        }
    }
}

/// Like Bokeh's own client.
const TOKEN_LIFETIME_SECS: i64 = 300;

fn unix_secs() -> i64 {
    // A clock before 1970 makes a token that has expired, which the server will say.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// What no other client's ids begin with, nor the server's.
fn id_prefix() -> Result<String, ConnectError> {
    let mut prefix = random_id()?;
    prefix.truncate(8);
    prefix.insert(0, 'c');
    Ok(prefix)
}
