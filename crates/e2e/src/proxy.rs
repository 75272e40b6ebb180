use std::net::SocketAddr;

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinSet,
};

/// A TCP proxy before a server: the line between a browser and the server, for tests that cut it or hold it up.
///
/// What is held up waits until it is let through again, so both ends can write at the same moment, however fast the
/// machine is: nothing here depends on time. While the proxy holds a direction it does not read there either, like a
/// peer that is too slow.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    line: watch::Sender<Line>,
    server: watch::Sender<SocketAddr>,
    /// The task that listens, which owns those of the connections.
    _listener: JoinSet<()>,
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the browser to the server.
    Up,
    /// From the server to the browser.
    Down,
}

/// The state of the line. Tasks look at it before they pass anything on.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    holds_up: bool,
    holds_down: bool,
    is_unreachable: bool,
    /// Connections of an earlier count are cut.
    n_cuts: u64,
    /// How many connections have been refused.
    n_refused: u64,
}

impl Line {
    fn holds(self, direction: Direction) -> bool {
        match direction {
            Direction::Up => self.holds_up,
            Direction::Down => self.holds_down,
        }
    }
}

impl Proxy {
    /// Listens at a port that the system chooses, and passes everything on to `server`.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("there is no port for a proxy")?;
        let address = listener.local_addr()?;
        let (line, server) = (watch::Sender::new(Line::default()), watch::Sender::new(server));
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(listener, server.subscribe(), line.clone()));
        Ok(Self { address, line, server, _listener: tasks })
    }

    /// The address that stands for `url` of the server, on this side of the proxy.
    ///
    /// # Errors
    /// `url` has no host.
    pub fn url(&self, url: &str) -> Result<String> {
        let (_, rest) = url.split_once("://").context("an address has a scheme")?;
        let path = rest.find('/').map_or("", |at| &rest[at..]);
        Ok(format!("http://{}{path}", self.address))
    }

    /// Cuts all connections without a word.
    pub fn cut(&self) {
        self.line.send_modify(|line| line.n_cuts += 1);
    }

    /// Cuts all connections, and all further ones as soon as they are opened, until [`reconnect`](Self::reconnect).
    pub fn disconnect(&self) {
        self.line.send_modify(|line| {
            line.n_cuts += 1;
            line.is_unreachable = true;
        });
    }

    /// Lets connections through again.
    pub fn reconnect(&self) {
        self.line.send_modify(|line| line.is_unreachable = false);
    }

    /// Lets further connections go to another server.
    pub fn lead_to(&self, server: SocketAddr) {
        self.server.send_replace(server);
    }

    /// Waits until so many connections have come in vain since the proxy was started.
    pub async fn refused(&self, n: u64) {
        // The sender lives as long as this.
        self.line.subscribe().wait_for(|line| line.n_refused >= n).await.ok();
    }

    /// Passes nothing more on in this direction, and reads nothing there.
    pub fn hold(&self, direction: Direction) {
        self.set_held(direction, true);
    }

    /// Passes on what was held up, and what comes.
    pub fn release(&self, direction: Direction) {
        self.set_held(direction, false);
    }

    fn set_held(&self, direction: Direction, is_held: bool) {
        self.line.send_modify(|line| match direction {
            Direction::Up => line.holds_up = is_held,
            Direction::Down => line.holds_down = is_held,
        });
    }
}

/// Accepts connections for ever. Its tasks end with it.
async fn listen(listener: TcpListener, server: watch::Receiver<SocketAddr>, line: watch::Sender<Line>) {
    let mut connections = JoinSet::new();
    while let Ok((browser, _)) = listener.accept().await {
        if line.borrow().is_unreachable {
            line.send_modify(|line| line.n_refused += 1);
            continue;
        }
        let server = *server.borrow();
        let Ok(server) = TcpStream::connect(server).await else { continue };
        connections.spawn(carry(browser, server, line.subscribe()));
        while connections.try_join_next().is_some() {}
    }
}

/// Carries both directions of a connection until both are at their end, or it is cut.
async fn carry(browser: TcpStream, server: TcpStream, mut line: watch::Receiver<Line>) {
    // Small messages must not wait here for each other.
    if browser.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
        return;
    }
    let n_cuts = line.borrow().n_cuts;
    let ((from_browser, to_browser), (from_server, to_server)) = (browser.into_split(), server.into_split());
    let up = pass(from_browser, to_server, Direction::Up, line.clone());
    let down = pass(from_server, to_browser, Direction::Down, line.clone());
    tokio::select! {
        _both = async { tokio::join!(up, down) } => {}
        // A proxy that is gone cuts its connections, too.
        _cut = line.wait_for(|line| line.n_cuts != n_cuts) => {}
    }
}

/// Passes on one direction until its end, which is passed on, too.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    direction: Direction,
    mut line: watch::Receiver<Line>,
) -> Option<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        line.wait_for(|line| !line.holds(direction)).await.ok()?;
        let n = from.read(&mut buffer).await.ok()?;
        // It may have been held up meanwhile.
        line.wait_for(|line| !line.holds(direction)).await.ok()?;
        if n == 0 {
            return to.shutdown().await.ok();
        }
        to.write_all(&buffer[..n]).await.ok()?;
    }
}
