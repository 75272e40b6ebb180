//! An application in this process with one session, which pages, clients and the test itself look at.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bokeh_client::{ClientSession, ConnectOptions};
use bokeh_document::Document;
use bokeh_protocol::Value;
use bokeh_server::{BokehJs, RunningServer, Server, Settings};
use e2e::{Browser, Page};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::replica;

/// A server whose one session is `shared`.
pub(crate) struct Served {
    server: RunningServer,
    n_marks: AtomicU64,
}

impl Served {
    pub(crate) async fn start(app: impl Fn(&mut Document) + Send + Sync + 'static) -> Result<Self> {
        Self::start_with(settings(), app).await
    }

    pub(crate) async fn start_with(
        settings: Settings,
        app: impl Fn(&mut Document) + Send + Sync + 'static,
    ) -> Result<Self> {
        let app = move |doc: &mut Document| {
            app(doc);
            doc.on_message("mark", |doc: &mut Document, mark: &Value| doc.send_message("marked", mark.clone()));
        };
        let server = Server::builder().settings(settings).app("/app", app).start().await?;
        Ok(Self { server, n_marks: AtomicU64::new(0) })
    }

    /// The address of the session's page.
    pub(crate) fn url(&self) -> String {
        format!("{}?bokeh-session-id={SESSION}", self.server.url("/app"))
    }

    /// Where the server listens, for a proxy.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        self.server.addresses().first().copied().context("the server listens")
    }

    /// A page that shows the session, drawn.
    pub(crate) async fn open(&self, browser: &Browser) -> Result<Page> {
        self.open_at(browser, &self.url()).await
    }

    /// The same under another address, such as a proxy's.
    pub(crate) async fn open_at(&self, browser: &Browser, url: &str) -> Result<Page> {
        let page = browser.open(url).await?;
        page.wait_idle().await?;
        self.watch(&page).await?;
        Ok(page)
    }

    /// How many sessions the server has.
    pub(crate) fn n_sessions(&self) -> usize {
        self.server.sessions("/app").map_or(0, |sessions| sessions.len())
    }

    /// How many bytes of messages the server has sent, by its own count.
    pub(crate) async fn n_bytes_sent(&self) -> Result<u64> {
        let mut stream = TcpStream::connect(self.address()?).await?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let line = answer.lines().find(|line| line.starts_with("bokeh_sent_bytes_total{"));
        let number = line.and_then(|line| line.rsplit(' ').next()).with_context(|| format!("no number in {answer}"))?;
        Ok(number.parse()?)
    }

    /// Runs a closure with the session's document, as a callback would.
    pub(crate) async fn update<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Document) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, outcome) = oneshot::channel();
        let session = self.server.session("/app", SESSION).context("the session has ended")?;
        let document = session.document().context("a session has a document")?;
        document.post(move |doc| drop(reply.send(change(doc))))?;
        outcome.await.context("the change has failed; the server's log says why")
    }

    /// A client that has just pulled the session's document.
    pub(crate) async fn client(&self) -> Result<ClientSession> {
        let options =
            ConnectOptions { session_id: Some(SESSION.into()), ..ConnectOptions::new(self.server.url("/app")) };
        Ok(options.pull().await?)
    }

    /// The document as the server tells it to somebody who has just come.
    pub(crate) async fn replica(&self) -> Result<Json> {
        let client = self.client().await?;
        let replica = client.update(|doc| replica::of_document(doc)).await?;
        client.close().await;
        Ok(replica)
    }

    /// Waits until the server has taken in what the pages have said, and the pages what the server has answered.
    pub(crate) async fn settle(&self, pages: &[&Page]) -> Result<()> {
        let mut marks = Vec::new();
        for page in pages {
            let mark = self.n_marks.fetch_add(1, Ordering::Relaxed);
            marks.push(mark);
            page.eval(MARK, json!(mark)).await?;
        }
        for page in pages {
            page.wait_until("return args.every((mark) => window.marks.has(mark))", json!(marks)).await?;
        }
        Ok(())
    }

    /// Waits until pages and server have the same document; all that is under way is let arrive first.
    pub(crate) async fn assert_same(&self, what: &str, pages: &[&Page]) -> Result<()> {
        let began = Instant::now();
        loop {
            self.settle(pages).await?;
            let mut differences = Vec::new();
            let ours = self.replica().await?;
            for page in pages {
                differences.extend(replica::differences(&replica::of_page(page).await?, &ours));
            }
            // A page that draws something new tells of its size when it has done so, and a repair takes a moment.
            if differences.is_empty() {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                bail!("{what}: the documents differ:\n{}", differences.join("\n"));
            }
        }
    }

    /// Lets a page remember the marks that it is sent.
    pub(crate) async fn watch(&self, page: &Page) -> Result<()> {
        let script = "window.marks = new Set(); doc().on_message('marked', (mark) => window.marks.add(mark))";
        page.eval(script, json!(null)).await?;
        Ok(())
    }
}

pub(crate) fn settings() -> Settings {
    let bokehjs = e2e::bokehjs().map_or(BokehJs::Find, BokehJs::Folder);
    // Behind a proxy a page has another port than the server.
    let allow_websocket_origin = vec!["*".to_owned()];
    let address = Some("127.0.0.1".to_owned());
    Settings { address, port: 0, bokehjs, allow_websocket_origin, session_threads: 2, ..Settings::default() }
}

/// The session's id.
const SESSION: &str = "shared";
/// How long documents may differ after the last edit.
const PATIENCE: Duration = Duration::from_secs(10);
/// Sends a message that the server answers to everybody.
const MARK: &str = "\
    const {MessageSentEvent} = Bokeh.require('document/events'); \
    doc()._trigger_on_change(new MessageSentEvent(doc(), 'mark', args))";
