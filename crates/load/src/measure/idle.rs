//! Sessions in which nothing happens, each with one viewer.

use anyhow::Result;
use futures_util::future::{join_all, try_join_all};

use super::new_session;
use super::sliders::ROUTE;
use crate::client::Client;
use crate::figures::{Figures, Metric};
use crate::server::Server;

const MEMORY: Metric = Metric::cost("KiB per session");
/// What servers allocate once they have before.
const N_BEFORE: usize = 20;

pub(super) async fn run(server: &Server, n_sessions: usize) -> Result<Figures> {
    let join = || async { Client::join(server.port, ROUTE, &new_session()).await.map(|(client, _)| client) };
    let mut viewers = try_join_all((0..N_BEFORE).map(|_| join())).await?;
    let before = server.memory()?;
    for _ in 0..n_sessions / 10 {
        viewers.extend(try_join_all((0..10).map(|_| join())).await?);
    }
    let bytes = server.memory()?.saturating_sub(before);
    let mut figures = Figures::default();
    figures.push(MEMORY, bytes as f64 / 1024.0 / (viewers.len() - N_BEFORE) as f64);
    join_all(viewers.into_iter().map(Client::leave)).await;
    Ok(figures)
}
