//! Opening the WebSocket.

use std::io;

use bokeh_protocol::{MessageType, RawMessage};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header};
use tokio_tungstenite::tungstenite::{self, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_with_config};

use crate::connection::{Connection, Progress};
use crate::tls::secure;
use crate::url::with_arguments;
use crate::{ConnectError, ConnectOptions, Disconnect, ServerUrl};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A session of a server, and how to get there.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: ServerUrl,
    pub(crate) session_id: String,
    pub(crate) options: ConnectOptions,
}

impl Target {
    /// Connects, and waits for the server's first message, its ACK.
    pub(crate) async fn connect(&self, token: &str) -> Result<(Box<Connection>, RawMessage), ConnectError> {
        let limit = self.options.connect_timeout;
        timeout(limit, self.connect_in_time(token)).await.unwrap_or(Err(ConnectError::Timeout(limit)))
    }

    async fn connect_in_time(&self, token: &str) -> Result<(Box<Connection>, RawMessage), ConnectError> {
        let socket = self.open(token).await?;
        let connection = Connection::new(socket, self.options.message_limits.clone(), self.options.keep_alive);
        let mut connection = Box::new(connection);
        loop {
            match connection.progress().await.map_err(ConnectError::NotAcknowledged)? {
                Progress::Sent => {}
                Progress::Received(message) if message.header.msgtype == MessageType::Ack => {
                    return Ok((connection, message));
                }
                Progress::Received(other) => {
                    return Err(ConnectError::NotAcknowledged(Disconnect::NoAck(other.header.msgtype)));
                }
            }
        }
    }

    async fn open(&self, token: &str) -> Result<Socket, ConnectError> {
        let options = &self.options;
        let url = with_arguments(&self.url.websocket_url(), &options.arguments);
        let request = request(&url, token, &options.headers)?;
        let (host, port) = address(request.uri()).ok_or_else(|| ConnectError::Host(self.url.to_string()))?;
        let network = |source: io::Error| ConnectError::Network { url: url.clone(), source };
        let stream = TcpStream::connect((host, port)).await.map_err(network)?;
        // A change is a few small frames: the system must not hold them back.
        stream.set_nodelay(true).map_err(network)?;
        let stream = match request.uri().scheme_str() {
            Some("wss") => secure(stream, host, options, &url).await?,
            _ => MaybeTlsStream::Plain(stream),
        };
        let max_bytes = Some(options.message_limits.max_fragment_bytes);
        let config = WebSocketConfig::default().max_message_size(max_bytes).max_frame_size(max_bytes);
        let opened = client_async_with_config(request, stream, Some(config)).await;
        opened.map(|(socket, _)| socket).map_err(|error| match error {
            tungstenite::Error::Http(response) => refused(&self.url, &response),
            tungstenite::Error::Io(source) => ConnectError::Network { url, source },
            other => ConnectError::Handshake { url, source: Box::new(other) },
        })
    }
}

/// The server takes the token from the list of subprotocols.
fn request(url: &str, token: &str, headers: &[(String, String)]) -> Result<Request<()>, ConnectError> {
    let mut request = url.into_client_request().map_err(|_malformed| ConnectError::Host(url.to_owned()))?;
    let protocols = HeaderValue::try_from(format!("bokeh, {token}"));
    let protocols = protocols.map_err(|_token| ConnectError::Header(header::SEC_WEBSOCKET_PROTOCOL.to_string()))?;
    request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocols);
    for (name, value) in headers {
        let bad = || ConnectError::Header(name.clone());
        let value = HeaderValue::try_from(value).map_err(|_value| bad())?;
        request.headers_mut().append(HeaderName::try_from(name).map_err(|_name| bad())?, value);
    }
    Ok(request)
}

fn address(uri: &Uri) -> Option<(&str, u16)> {
    let host = uri.host().filter(|host| !host.is_empty())?;
    // An IPv6 address stands in brackets in a URL only.
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let default_port = if uri.scheme_str() == Some("wss") { 443 } else { 80 };
    Some((bare.unwrap_or(host), uri.port_u16().unwrap_or(default_port)))
}

fn refused(server: &ServerUrl, response: &Response<Option<Vec<u8>>>) -> ConnectError {
    let status = response.status();
    if status == StatusCode::NOT_FOUND {
        return ConnectError::NotFound(server.to_string());
    }
    let body = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default());
    let reason = reason(&body, status).or(status.canonical_reason()).unwrap_or_default();
    ConnectError::Refused { status: status.as_u16(), reason: reason.chars().take(MAX_REASON_CHARS).collect() }
}

/// What the body of an answer gives as the reason: the title of a page without the status, or the first line of a text.
fn reason(body: &str, status: StatusCode) -> Option<&str> {
    let reason = match body.split_once("<title>") {
        Some((_, page)) => {
            let title = page.split("</title>").next().unwrap_or_default();
            title.strip_prefix(status.as_str()).unwrap_or(title).trim_start_matches(':')
        }
        None => body.lines().next().filter(|line| !line.starts_with('<'))?,
    };
    Some(reason.trim()).filter(|reason| !reason.is_empty())
}

/// A reason is a line for people, not a page.
const MAX_REASON_CHARS: usize = 200;
