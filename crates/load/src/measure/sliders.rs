//! Round trips: a slider is moved, the server answers with the curve that follows from it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bokeh_load::Recording;
use futures_util::future::{join_all, try_join_all};

use super::{Cost, P50, P99, new_session, position};
use crate::client::{Client, Slider, page_token};
use crate::figures::{Figures, Metric, percentile};
use crate::server::Server;

const RATE: Metric = Metric::gain("round trips/s");
pub(super) const ROUTE: &str = "/sliders";
/// The slider that stands first in the curve that follows from it.
pub(super) const SLIDER: &str = "offset";

pub(super) async fn run(server: &Server, n_sessions: usize, window: Duration) -> Result<Figures> {
    let mut visitors = try_join_all((0..n_sessions).map(|_| Visitor::join(server.port, ROUTE, SLIDER))).await?;
    // What is done for the first time is not measured.
    for result in join_all(visitors.iter_mut().map(Visitor::round_trip)).await {
        result?;
    }
    let cost = Cost::begin(server)?;
    let end = Instant::now() + window;
    let results = join_all(visitors.iter_mut().map(|visitor| visitor.round_trips_until(end))).await;
    let mut figures = Figures::default();
    let mut durations: Vec<Duration> = Vec::new();
    for (took, result) in results {
        durations.extend(took);
        figures.keep(result);
    }
    cost.end(server, durations.len(), RATE, &mut figures)?;
    figures.push(P50, percentile(&mut durations, 0.5));
    figures.push(P99, percentile(&mut durations, 0.99));
    join_all(visitors.into_iter().map(|visitor| visitor.client.leave())).await;
    Ok(figures)
}

/// Somebody who moves a slider.
pub(super) struct Visitor {
    pub(super) client: Client,
    pub(super) slider: Slider,
    n_moves: usize,
}

impl Visitor {
    /// Opens a session of its own.
    pub(super) async fn join(port: u16, route: &str, slider: &str) -> Result<Self> {
        let (client, document) = Client::join(port, route, &new_session()).await?;
        Ok(Self { client, slider: Slider::find(&document, slider)?, n_moves: 0 })
    }

    /// Moves the slider to where it is not, and waits for the right answer.
    pub(super) async fn round_trip(&mut self) -> Result<Duration> {
        self.n_moves += 1;
        let start = Instant::now();
        self.client.move_slider(&self.slider, position(self.n_moves)).await?;
        Ok(start.elapsed())
    }

    async fn round_trips_until(&mut self, end: Instant) -> (Vec<Duration>, Result<()>) {
        let mut durations = Vec::with_capacity(1 << 14);
        while Instant::now() < end {
            match self.round_trip().await {
                Ok(duration) => durations.push(duration),
                Err(error) => return (durations, Err(error)),
            }
        }
        (durations, Ok(()))
    }
}

/// Fills a recording with what a server says to a visitor and to somebody who looks on.
pub(super) async fn record(server: &Server, mut recording: Recording) -> Result<Recording> {
    recording.page = page_token(server.port, ROUTE).await?.1;
    let session = new_session();
    let (mut viewer, _) = Client::join(server.port, ROUTE, &session).await?;
    let (mut author, document) = Client::join(server.port, ROUTE, &session).await?;
    recording.pull = document.frames().collect();
    let slider = Slider::find(&document, SLIDER)?;
    // Requests have the same number in both conversations: the first is the pull.
    recording.reqid = author.last_id().to_owned();
    author.start_move(&slider, position(1)).await?;
    loop {
        let message = author.next().await?;
        let id = author.last_id();
        let is_answer = message.reqid() == Some(id);
        for frame in message.frames() {
            recording.author.push(match frame {
                bokeh_load::Frame::Text(text) => bokeh_load::Frame::Text(text.replace(id, &recording.reqid)),
                binary => binary,
            });
        }
        match message.msgtype() {
            "OK" if is_answer => break,
            "ERROR" => bail!("a slider cannot be moved: {}", message.content()),
            _ => {}
        }
    }
    recording.viewer = viewer.next().await?.frames().collect();
    Ok(recording)
}
