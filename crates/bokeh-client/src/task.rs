//! The task that owns the document and the connection of a session.

use std::any::Any;
use std::collections::HashMap;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use bokeh_document::{Document, Job};
use bokeh_protocol::Close;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};
use tracing::{debug, error, warn};

use crate::connection::{Connection, Progress};
use crate::core::{ClientCore, Effect, Reply, RequestId};
use crate::session::ConnectionState;
use crate::{Disconnect, RequestError};

/// Everything that can be asked of a session, one at a time.
pub(crate) enum Command {
    Run(Job),
    Wait(Condition),
    Request(Asked, oneshot::Sender<Result<Reply, RequestError>>),
    Close,
}

/// What the server is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Pull,
    Push,
    ServerInfo,
    Roundtrip,
}

/// Somebody waits for the document to become something.
pub(crate) struct Condition {
    pub(crate) holds: Box<dyn FnMut(&mut Document) -> bool + Send>,
    /// Told of a panic of `holds`, too.
    pub(crate) reply: oneshot::Sender<thread::Result<Result<(), Disconnect>>>,
}

pub(crate) struct Task {
    core: ClientCore,
    started: Instant,
    connection: Option<Connection>,
    commands: mpsc::Receiver<Command>,
    state: watch::Sender<ConnectionState>,
    requests: HashMap<RequestId, oneshot::Sender<Result<Reply, RequestError>>>,
    conditions: Vec<Condition>,
}

impl Task {
    pub(crate) fn new(
        core: ClientCore,
        connection: Connection,
        commands: mpsc::Receiver<Command>,
        state: watch::Sender<ConnectionState>,
    ) -> Self {
        Self {
            core,
            started: Instant::now(),
            connection: Some(connection),
            commands,
            state,
            requests: HashMap::new(),
            conditions: Vec::new(),
        }
    }

    /// Runs until nobody has a handle of the session any more.
    pub(crate) async fn run(mut self) {
        self.core.connected();
        loop {
            // A connection that does not take what we send keeps those who send waiting.
            let is_congested = self.connection.as_ref().is_some_and(Connection::is_congested);
            let deadline = self.core.deadline().map(|deadline| self.started + deadline);
            tokio::select! {
                command = self.commands.recv(), if !is_congested => match command {
                    Some(command) => self.handle(command),
                    None => break,
                },
                progress = progress(self.connection.as_mut()) => match progress {
                    Ok(Progress::Received(message)) => self.core.receive(message, self.started.elapsed()),
                    Ok(Progress::Sent) => {}
                    Err(reason) => self.disconnected(reason),
                },
                () = expiry(deadline) => self.core.tick(self.started.elapsed()),
            }
            self.pass_on();
            self.look_at_conditions();
            self.pass_on();
        }
        self.close();
        if let Some(mut connection) = self.connection {
            while connection.progress().await.is_ok() {}
        }
        self.state.send_replace(ConnectionState::Ended(Disconnect::Closed));
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Run(job) => {
                let outcome = self.core.run(|document| catch(|| job(document)), self.started.elapsed());
                if let Err(panic) = outcome {
                    error!("a job with the document panicked: {}", panic_text(&*panic));
                }
            }
            Command::Wait(condition) => self.conditions.push(condition),
            Command::Request(asked, reply) => {
                let id = match asked {
                    Asked::Pull => self.core.pull(),
                    Asked::Push => self.core.push(),
                    Asked::ServerInfo => self.core.server_info(),
                    Asked::Roundtrip => self.core.roundtrip(),
                };
                self.requests.insert(id, reply);
            }
            Command::Close => self.close(),
        }
    }

    fn close(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.close(&Close::new(NORMAL, "closed"), Disconnect::Closed);
        }
    }

    fn disconnected(&mut self, reason: Disconnect) {
        debug!("the connection has ended: {reason}");
        self.connection = None;
        self.core.disconnected(&reason);
        self.state.send_replace(ConnectionState::Ended(reason));
    }

    /// Hands messages to the connection, outcomes to those who wait for them, and everything else to the log.
    fn pass_on(&mut self) {
        for effect in self.core.take_effects() {
            match effect {
                Effect::Acknowledged => {
                    self.state.send_replace(ConnectionState::Open);
                }
                Effect::Send(message) => {
                    if let Some(connection) = &mut self.connection {
                        connection.send(&message);
                    }
                }
                Effect::Done(id, outcome) => {
                    if let Some(reply) = self.requests.remove(&id) {
                        // Whoever asked may have lost patience.
                        reply.send(outcome).ok();
                    }
                }
                Effect::Disconnect(reason) => {
                    if let Some(connection) = &mut self.connection {
                        connection.close(&Close::new(Close::PROTOCOL_ERROR, reason.to_string()), reason);
                    }
                }
                Effect::Refused(text) => warn!("the server answered a change with an error: {text}"),
                Effect::Failure(failure) => error!("{failure}"),
                Effect::Warning(warning) => warn!("{warning}"),
            }
        }
    }

    /// Tells those whose condition holds, and, when there is no connection, also the others.
    fn look_at_conditions(&mut self) {
        let end = match &*self.state.borrow() {
            ConnectionState::Ended(reason) => Some(reason.clone()),
            _ => None,
        };
        let now = self.started.elapsed();
        for mut condition in std::mem::take(&mut self.conditions) {
            if condition.reply.is_closed() {
                continue;
            }
            let outcome = match self.core.run(|document| catch(|| (condition.holds)(document)), now) {
                Ok(true) => Ok(Ok(())),
                Ok(false) => match &end {
                    Some(reason) => Ok(Err(reason.clone())),
                    None => {
                        self.conditions.push(condition);
                        continue;
                    }
                },
                Err(panic) => Err(panic),
            };
            condition.reply.send(outcome).ok();
        }
    }
}

/// Waits for something to happen to the connection; without one, for ever.
async fn progress(connection: Option<&mut Connection>) -> Result<Progress, Disconnect> {
    match connection {
        Some(connection) => connection.progress().await,
        None => pending().await,
    }
}

async fn expiry(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => pending().await,
    }
}

fn catch<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    catch_unwind(AssertUnwindSafe(work))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// The code of a farewell without a special reason.
const NORMAL: u16 = 1000;
