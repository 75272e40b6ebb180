//! Requests as they go over the wire, byte for byte, and their answers.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A request that may be wrong on purpose.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// What stands between method and version.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) reason: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), headers: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Method, target and headers, for messages.
    pub(crate) fn title(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!(" {name}: {value};")).collect();
        format!("{} {}{headers}", self.method, self.target)
    }

    /// Sends the request. `PORT` in a header stands for the server's port.
    pub(crate) async fn send(&self, to: SocketAddr) -> Result<Answer> {
        let answered = timeout(PATIENCE, exchange(to, self.head(to).as_bytes(), self.method == "HEAD")).await;
        answered.context("no answer in time").and_then(|answer| answer).with_context(|| self.title())
    }

    /// Whether the request opens a WebSocket of Bokeh: one on which the server says ACK.
    pub(crate) async fn connects(&self, to: SocketAddr) -> Result<bool> {
        let greeted = timeout(PATIENCE, greeting(to, self.head(to).as_bytes())).await;
        Ok(greeted.context("no answer in time").with_context(|| self.title())??.contains("\"ACK\""))
    }

    fn head(&self, to: SocketAddr) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("Host: {to}\r\n"));
        }
        head.push_str("Accept-Encoding: identity\r\n");
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {}\r\n", value.replace("PORT", &to.port().to_string())));
        }
        head.push_str("\r\n");
        head
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

async fn exchange(to: SocketAddr, request: &[u8], is_head: bool) -> Result<Answer> {
    let mut stream = BufReader::new(TcpStream::connect(to).await?);
    stream.write_all(request).await?;
    let mut answer = head(&mut stream).await?;
    if !is_head && !matches!(answer.status, 101 | 204 | 304) {
        answer.body = body(&mut stream, &answer).await?;
    }
    Ok(answer)
}

/// The first frame on a WebSocket, or nothing if there is none.
async fn greeting(to: SocketAddr, request: &[u8]) -> Result<String> {
    let mut stream = BufReader::new(TcpStream::connect(to).await?);
    stream.write_all(request).await?;
    if head(&mut stream).await?.status != 101 {
        return Ok(String::new());
    }
    let mut frame = Vec::new();
    // Two bytes of opcode and length, then the text: an ACK is short.
    let mut start = [0; 2];
    if stream.read_exact(&mut start).await.is_ok() && start[0] == 0x81 {
        frame.resize(usize::from(start[1] & 0x7f), 0);
        stream.read_exact(&mut frame).await?;
    }
    Ok(String::from_utf8_lossy(&frame).into_owned())
}

async fn head(stream: &mut BufReader<TcpStream>) -> Result<Answer> {
    let first = line(stream).await?;
    let (_, rest) = first.split_once(' ').with_context(|| format!("{first:?} is no status line"))?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let mut answer =
        Answer { status: status.parse()?, reason: reason.to_owned(), headers: Vec::new(), body: Vec::new() };
    loop {
        let line = line(stream).await?;
        let Some((name, value)) = line.split_once(':') else {
            if line.is_empty() {
                break;
            }
            bail!("{line:?} is no header");
        };
        answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(answer)
}

async fn body(stream: &mut BufReader<TcpStream>, answer: &Answer) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    if answer.header("transfer-encoding") == Some("chunked") {
        loop {
            let length = usize::from_str_radix(line(stream).await?.trim(), 16)?;
            let start = body.len();
            body.resize(start + length, 0);
            stream.read_exact(&mut body[start..]).await?;
            line(stream).await?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
    match answer.header("content-length") {
        Some(length) => {
            body.resize(length.parse()?, 0);
            stream.read_exact(&mut body).await?;
        }
        None => drop(stream.read_to_end(&mut body).await?),
    }
    Ok(body)
}

async fn line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await?;
    if line.pop() != Some(b'\n') {
        bail!("the connection ended in {:?}", String::from_utf8_lossy(&line));
    }
    let text = String::from_utf8_lossy(&line);
    Ok(text.trim_end_matches('\r').to_owned())
}

/// A worker may have to start first.
const PATIENCE: Duration = Duration::from_secs(60);
