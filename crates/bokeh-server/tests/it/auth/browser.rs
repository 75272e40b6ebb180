//! As much of a browser as a login needs.

use bokeh_server::RunningServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Keeps cookies, and the hidden fields of the last form.
pub(super) struct Browser<'a> {
    server: &'a RunningServer,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) html: String,
}

impl<'a> Browser<'a> {
    pub(super) fn new(server: &'a RunningServer) -> Self {
        Self { server, cookies: Vec::new(), html: String::new() }
    }

    /// The same browser at another server.
    pub(super) fn at<'b>(&self, server: &'b RunningServer) -> Browser<'b> {
        Browser { server, cookies: self.cookies.clone(), html: String::new() }
    }

    /// Logs in with the form at `path`.
    pub(super) async fn log_in(&mut self, path: &str, fields: &str) {
        assert_eq!(self.get(path).await, "200");
        let answer = self.send(path, fields).await;
        assert!(answer.starts_with("303"), "{answer}");
    }

    /// The status and, if there is one, the address to go to.
    pub(super) async fn get(&mut self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1"), "").await
    }

    /// Sends the form that is shown.
    pub(super) async fn send(&mut self, path: &str, fields: &str) -> String {
        let hidden = self.html.split("<input type=\"hidden\" name=\"").skip(1).map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            format!("&{name}={}", rest.split('"').next().unwrap())
        });
        let body = format!("{fields}{}", hidden.collect::<String>());
        self.ask(&format!("POST {path} HTTP/1.1"), &body).await
    }

    pub(super) fn cookie_header(&self) -> String {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        cookies.collect::<Vec<_>>().join("; ")
    }

    async fn ask(&mut self, line: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("localhost", self.server.port())).await.unwrap();
        let (cookies, length) = (self.cookie_header(), body.len());
        let head = format!(
            "{line}\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookies}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, html) = answer.split_once("\r\n\r\n").unwrap();
        html.clone_into(&mut self.html);
        let headers: Vec<_> = head.lines().skip(1).filter_map(|line| line.split_once(": ")).collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| *name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !cookie.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
            }
        }
        let status = head.split(' ').nth(1).unwrap();
        let location = headers.iter().find(|(name, _)| *name == "location");
        location.map_or_else(|| status.to_owned(), |(_, location)| format!("{status} {location}"))
    }
}
