//! The task that owns the document and the connection of a session.

use std::any::Any;
use std::collections::HashMap;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::{mem, thread};

use bokeh_document::{Document, Job, Work};
use bokeh_protocol::{Close, Event, Map, RawMessage};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tracing::{debug, error, warn};

use crate::connect::Target;
use crate::connection::{Connection, Progress};
use crate::core::{ClientCore, Effect, Reply, RequestId};
use crate::reconnect::{Attempts, Returned, come_back};
use crate::session::ConnectionState;
use crate::ticket::Ticket;
use crate::{Disconnect, RequestError};

/// Everything that can be asked of a session, one at a time.
pub(crate) enum Command {
    Run(Job),
    Wait(Condition),
    Request(Asked, oneshot::Sender<Result<Reply, RequestError>>),
    /// Says goodbye with this reason.
    Close(String),
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
    link: Link,
    /// Where to come back to, and how, if at all.
    target: Arc<Target>,
    attempts: Option<Attempts>,
    /// The request that makes the document that of both sides again.
    resuming: Option<RequestId>,
    commands: mpsc::Receiver<Command>,
    state: watch::Sender<ConnectionState>,
    requests: HashMap<RequestId, oneshot::Sender<Result<Reply, RequestError>>>,
    conditions: Vec<Condition>,
    /// What runs beside the document.
    work: JoinSet<()>,
}

/// The way to the server.
enum Link {
    Open(Box<Connection>),
    Returning(Pin<Box<dyn Future<Output = Returned> + Send>>),
    Ended,
}

/// What happened on the way to the server.
enum LinkEvent {
    Progress(Result<Progress, Disconnect>),
    Returned(Box<Returned>),
}

impl Task {
    /// `ack` is the first message of the connection.
    pub(crate) fn new(
        core: ClientCore,
        target: Target,
        ticket: Ticket,
        connection: Box<Connection>,
        ack: RawMessage,
        commands: mpsc::Receiver<Command>,
        state: watch::Sender<ConnectionState>,
    ) -> Self {
        let mut task = Self {
            core,
            started: Instant::now(),
            link: Link::Ended,
            attempts: target.options.reconnect.clone().map(|policy| Attempts::new(policy, ticket)),
            target: Arc::new(target),
            resuming: None,
            commands,
            state,
            requests: HashMap::new(),
            conditions: Vec::new(),
            work: JoinSet::new(),
        };
        task.connected(connection, ack);
        task
    }

    /// Runs until nobody has a handle of the session any more.
    pub(crate) async fn run(mut self) {
        loop {
            self.pass_on();
            self.look_at_conditions();
            self.pass_on();
            // A connection that does not take what we send keeps those who send waiting.
            let is_congested = matches!(&self.link, Link::Open(connection) if connection.is_congested());
            let deadline = self.core.deadline().map(|deadline| self.started + deadline);
            tokio::select! {
                command = self.commands.recv(), if !is_congested => match command {
                    Some(command) => self.handle(command),
                    None => break,
                },
                event = self.link.next() => match event {
                    LinkEvent::Progress(Ok(Progress::Received(message))) => {
                        self.core.receive(message, self.started.elapsed());
                    }
                    LinkEvent::Progress(Ok(Progress::Sent)) => {}
                    LinkEvent::Progress(Err(reason)) => self.disconnected(&reason),
                    LinkEvent::Returned(returned) => self.returned(*returned),
                },
                () = expiry(deadline) => self.core.tick(self.started.elapsed()),
            }
        }
        self.close("closed");
        if let Link::Open(mut connection) = self.link {
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
            Command::Close(reason) => self.close(&reason),
        }
    }

    fn close(&mut self, reason: &str) {
        match &mut self.link {
            Link::Open(connection) => connection.close(&Close::new(NORMAL, reason), Disconnect::Closed),
            Link::Returning(_) => self.end(Disconnect::Closed),
            Link::Ended => {}
        }
    }

    fn connected(&mut self, connection: Box<Connection>, ack: RawMessage) {
        self.link = Link::Open(connection);
        self.core.connected();
        self.core.receive(ack, self.started.elapsed());
    }

    fn disconnected(&mut self, reason: &Disconnect) {
        debug!("the connection has ended: {reason}");
        let was_open = matches!(*self.state.borrow(), ConnectionState::Open);
        self.resuming = None;
        self.core.disconnected(reason);
        match &self.attempts {
            Some(attempts) if reason.is_accident() => {
                let returning = come_back(Arc::clone(&self.target), attempts.clone(), reason.clone());
                self.link = Link::Returning(Box::pin(returning));
                self.state.send_replace(ConnectionState::Lost(reason.clone()));
            }
            _ => self.end(reason.clone()),
        }
        if was_open && !matches!(reason, Disconnect::Closed) {
            self.emit("connection_lost");
        }
    }

    fn returned(&mut self, Returned { attempts, outcome }: Returned) {
        let resume = attempts.resume();
        self.attempts = Some(attempts);
        match outcome {
            Err(reason) => {
                self.core.disconnected(&reason);
                self.end(reason);
            }
            Ok((connection, ack)) => {
                self.connected(connection, ack);
                self.resuming = self.core.resume(resume);
                if self.resuming.is_none() {
                    self.resumed();
                }
            }
        }
    }

    /// All is as it was before the connection was lost.
    fn resumed(&mut self) {
        if let Some(attempts) = &mut self.attempts {
            attempts.succeeded();
        }
        self.state.send_replace(ConnectionState::Open);
        self.emit("client_reconnected");
    }

    fn end(&mut self, reason: Disconnect) {
        self.link = Link::Ended;
        self.state.send_replace(ConnectionState::Ended(reason));
    }

    /// Calls the callbacks of an event of the document.
    fn emit(&mut self, name: &'static str) {
        let event = Event { name: name.into(), values: Map::default() };
        self.core.run(|document| document.emit(&event), self.started.elapsed());
    }

    /// Hands messages to the connection, outcomes to those who wait for them, and everything else to the log.
    fn pass_on(&mut self) {
        let mut effects = self.core.take_effects();
        while !effects.is_empty() {
            effects.into_iter().for_each(|effect| self.carry_out(effect));
            effects = self.core.take_effects();
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Acknowledged => {}
            Effect::Send(message) => {
                if let Link::Open(connection) = &mut self.link {
                    connection.send(&message);
                }
            }
            Effect::Done(id, outcome) if self.resuming.as_ref() == Some(&id) => {
                self.resuming = None;
                match outcome {
                    Ok(_) => self.resumed(),
                    Err(error) => self.leave(NORMAL, Disconnect::NotResumed(Arc::new(error))),
                }
            }
            Effect::Done(id, outcome) => {
                if let Some(reply) = self.requests.remove(&id) {
                    // Whoever asked may have lost patience.
                    reply.send(outcome).ok();
                }
            }
            Effect::Disconnect(reason) => self.leave(Close::PROTOCOL_ERROR, reason),
            Effect::Start(work) => self.start(work),
            Effect::Refused(text) => warn!("the server answered a change with an error: {text}"),
            Effect::Failure(failure) => error!("{failure}"),
            Effect::Warning(warning) => warn!("{warning}"),
        }
    }

    /// Futures end with this task, and so with the document.
    fn start(&mut self, work: Work) {
        while self.work.try_join_next().is_some() {}
        match work {
            Work::Future(future) => drop(self.work.spawn(future)),
            Work::Blocking(work) => drop(self.work.spawn_blocking(work)),
        }
    }

    /// Closes the connection for a reason that is not the user's.
    fn leave(&mut self, code: u16, reason: Disconnect) {
        if let Link::Open(connection) = &mut self.link {
            connection.close(&Close::new(code, reason.to_string()), reason);
        }
    }

    /// Tells those whose condition holds, and, when there is no connection, also the others.
    fn look_at_conditions(&mut self) {
        let end = match &*self.state.borrow() {
            ConnectionState::Ended(reason) => Some(reason.clone()),
            _ => None,
        };
        let now = self.started.elapsed();
        for mut condition in mem::take(&mut self.conditions) {
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

impl Link {
    /// Waits for something to happen. Nothing is lost when the future is dropped before.
    async fn next(&mut self) -> LinkEvent {
        match self {
            Self::Open(connection) => LinkEvent::Progress(connection.progress().await),
            Self::Returning(returning) => LinkEvent::Returned(Box::new(returning.await)),
            Self::Ended => pending().await,
        }
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
