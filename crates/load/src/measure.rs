//! What is measured. Each measurement drives one server for a while; the order of servers is the caller's business.

mod fan_out;
mod idle;
mod judgement;
mod nap;
mod pages;
mod sleepers;
mod sliders;
mod streams;

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::figures::{Figures, Metric, micros};
use crate::server::{Kind, Programs, Server, own_cpu};

pub(crate) use judgement::Judgement;

/// A measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Measure {
    /// So many sessions, each of which moves its slider as fast as it is answered.
    Sliders(usize),
    /// One session moves its slider as fast as so many viewers have seen it. A session has at most 100 connections.
    FanOut(usize),
    /// So many sessions whose periodic callbacks stream.
    Streams(usize),
    /// Pages are got and sessions opened, so many at a time.
    Pages(usize),
    /// The same, by visitors who come one at a time, with pauses in which a server can prepare itself.
    Arrivals,
    /// Memory of sessions in which nothing happens.
    Idle,
    /// Other sessions while the callbacks of ten sleep.
    Sleepers,
    /// Other sessions while the callback of one sleeps, in servers of several processes.
    Nap,
}

impl Measure {
    /// As it is called in tables and files.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Sliders(n) => format!("sliders, {}", sessions(n)),
            Self::FanOut(n) => format!("fan-out to {n} viewer{}", if n == 1 { "" } else { "s" }),
            Self::Streams(n) => format!("streams, {}", sessions(n)),
            Self::Pages(1) => "opening of pages, one by one".to_owned(),
            Self::Pages(_) => "opening of pages".to_owned(),
            Self::Arrivals => "opening of pages, now and then".to_owned(),
            Self::Idle => "idle sessions".to_owned(),
            Self::Sleepers => "ten sleeping callbacks".to_owned(),
            Self::Nap => "a sleeping callback".to_owned(),
        }
    }

    /// Whether a server has the application for it.
    pub(crate) fn is_for(self, kind: Kind) -> bool {
        match self {
            // Callbacks of Python's server run one after the other: everybody waits for half a minute.
            Self::Sleepers => kind == Kind::Ours,
            Self::Nap => kind.n_processes() != 1,
            Self::Sliders(_) => kind != Kind::Processes,
            _ => true,
        }
    }

    /// Whether it wants a server of its own: periodic callbacks go on without viewers, and memory that was used is used again.
    pub(crate) fn wants_fresh_server(self) -> bool {
        matches!(self, Self::Streams(_) | Self::Idle | Self::Sleepers | Self::Nap)
    }

    /// Measures once.
    pub(crate) async fn run(self, server: &Server, programs: &Programs, window: Duration) -> Result<Figures> {
        match self {
            Self::Sliders(n) => sliders::run(server, n, window).await,
            Self::FanOut(n) => fan_out::run(server, n, window).await,
            Self::Streams(n) => streams::run(server, n, window).await,
            Self::Pages(n_visitors) => pages::run(server, n_visitors, window).await,
            Self::Arrivals => pages::run_with_pauses(server, window).await,
            Self::Idle => idle::run(server, if window < Duration::from_secs(1) { 50 } else { 200 }).await,
            Self::Sleepers => sleepers::run(server, programs).await,
            Self::Nap => nap::run(server).await,
        }
    }
}

/// Lets our server say what the bare one is to repeat.
pub(crate) async fn record(programs: &Programs) -> Result<()> {
    let server = programs.start(Kind::Ours).await?;
    sliders::record(&server, streams::record(&server).await?).await?.write(&programs.recording)
}

/// The processors' time for each of many things that happen, of the server and of this program.
struct Cost {
    start: Instant,
    server: Duration,
    own: Duration,
}

impl Cost {
    fn begin(server: &Server) -> Result<Self> {
        Ok(Self { start: Instant::now(), server: server.cpu()?, own: own_cpu()? })
    }

    /// Adds how often something happened in a second, and what each cost.
    fn end(self, server: &Server, n: usize, rate: Metric, figures: &mut Figures) -> Result<()> {
        let n = n.max(1) as f64;
        figures.push(rate, n / self.start.elapsed().as_secs_f64());
        figures.push(SERVER_CPU, micros(server.cpu()?.saturating_sub(self.server)) / n);
        figures.push(OWN_CPU, micros(own_cpu()?.saturating_sub(self.own)) / n);
        Ok(())
    }
}

/// A name that no session has had.
fn new_session() -> String {
    thread_local!(static N_SESSIONS: Cell<u64> = const { Cell::new(0) });
    let n = N_SESSIONS.replace(N_SESSIONS.get() + 1);
    format!("load-{}-{n}", std::process::id())
}

/// Positions of a slider between -5 and 5 of which two that follow each other differ.
fn position(n: usize) -> f64 {
    (n * 37 % 1000) as f64 / 100.0 - 5.0
}

fn sessions(n: usize) -> String {
    format!("{n} session{}", if n == 1 { "" } else { "s" })
}

const SERVER_CPU: Metric = Metric::cost("cpu µs each");
const OWN_CPU: Metric = Metric::cost("generator µs each");
const P50: Metric = Metric::cost("p50 µs");
const P99: Metric = Metric::cost("p99 µs");
