//! Messages as they arrive, read no further than need be.

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;

/// A message of a server.
#[derive(Debug)]
pub(crate) struct Incoming {
    header: Header,
    frames: Vec<Frame>,
}

#[derive(Debug, Deserialize)]
struct Header {
    msgtype: String,
    reqid: Option<String>,
    #[serde(default)]
    num_buffers: usize,
}

impl Incoming {
    /// Reads the next message.
    pub(super) async fn read(socket: &mut WebSocketStream<TcpStream>) -> Result<Self> {
        let first = next(socket).await?;
        let Frame::Text(text) = &first else { bail!("a header is text") };
        let header: Header = serde_json::from_str(text).with_context(|| format!("this is no header: {text}"))?;
        let n_frames = 3 + 2 * header.num_buffers;
        let mut frames = Vec::with_capacity(n_frames);
        frames.push(first);
        while frames.len() < n_frames {
            frames.push(next(socket).await?);
        }
        Ok(Self { header, frames })
    }

    pub(crate) fn msgtype(&self) -> &str {
        &self.header.msgtype
    }

    /// The request that this answers.
    pub(crate) fn reqid(&self) -> Option<&str> {
        self.header.reqid.as_deref()
    }

    /// The content, in JSON.
    pub(crate) fn content(&self) -> &str {
        match &self.frames[2] {
            Frame::Text(text) => text,
            _ => "",
        }
    }

    /// The first number of the last buffer: the slider's offset in the curve, the count in the stream.
    pub(crate) fn first_of_last_buffer(&self) -> Option<f64> {
        match self.frames.last() {
            Some(Frame::Binary(bytes)) => bytes.first_chunk().map(|bytes| f64::from_le_bytes(*bytes)),
            _ => None,
        }
    }

    /// All frames, for the recording.
    pub(crate) fn frames(&self) -> impl Iterator<Item = bokeh_load::Frame> {
        self.frames.iter().map(|frame| match frame {
            Frame::Binary(bytes) => bokeh_load::Frame::Binary(bytes.to_vec()),
            frame => bokeh_load::Frame::Text(frame.to_text().unwrap_or_default().to_owned()),
        })
    }
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<Frame> {
    loop {
        match socket.next().await {
            Some(Ok(frame @ (Frame::Text(_) | Frame::Binary(_)))) => return Ok(frame),
            Some(Ok(Frame::Close(close))) => bail!("the server closed the connection: {close:?}"),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error).context("the connection broke"),
            None => bail!("the connection ended"),
        }
    }
}
