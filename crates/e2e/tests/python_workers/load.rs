//! Workers that are killed while many people use them.

use std::collections::BTreeSet;
use std::env;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::dice::Dice;
use crate::host::Host;
use crate::user::User;
use crate::{kill, serve};

#[tokio::test]
async fn when_workers_are_killed_only_their_own_users_notice() -> Result<()> {
    let is_long = env::var_os("BOKEH_SOAK").is_some_and(|form| form == "long");
    let lasting = Duration::from_secs(if is_long { 120 } else { 20 });
    let load = Load::new(serve(N_WORKERS).await?);
    let users = try_join_all((0..N_USERS).map(|number| load.be_used(Dice::new(SEED, number))));
    let over = async {
        sleep(lasting).await;
        load.state.send_modify(|state| state.is_over = true);
        Ok(())
    };
    tokio::try_join!(users, load.kill_workers(), over).with_context(|| format!("the log:\n{}", load.host.log()))?;

    let State { n_answers, n_killed, n_lost, .. } = *load.state.borrow();
    println!("{n_answers} answers; {n_killed} workers were killed, and {n_lost} sessions lost with them");
    ensure!(n_killed >= 5 && n_lost >= n_killed, "{n_killed} workers were killed, and {n_lost} sessions lost");
    // Whoever comes now is served by workers that all are new.
    let mut user = User::come(&load.host).await?;
    user.ask().await?;
    let log = load.host.log();
    ensure!(!log.contains("panicked"), "{log}");
    Ok(())
}

/// A server under load.
struct Load {
    host: Host,
    /// The processes that have been killed or are just being.
    killed: Mutex<BTreeSet<u32>>,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    n_answers: u64,
    n_killed: u64,
    n_lost: u64,
    is_over: bool,
}

impl Load {
    fn new(host: Host) -> Self {
        Self { host, killed: Mutex::default(), state: watch::Sender::default() }
    }

    /// Comes again and again, and asks something each time; fails if anything fails of which no killed worker is the reason.
    async fn be_used(&self, mut dice: Dice) -> Result<()> {
        let mut n_refused = 0;
        while !self.state.borrow().is_over {
            let mut user = match User::come(&self.host).await {
                Ok(user) => user,
                // The worker may have been killed that was to make the session; once for each, at the most.
                Err(_) if n_refused < self.state.borrow().n_killed => {
                    n_refused += 1;
                    continue;
                }
                Err(error) => return Err(error.context("a session could not be made")),
            };
            let n_questions = 20 + dice.below(200);
            if let Err(error) = self.ask(&mut user, n_questions).await {
                let worker = user.worker;
                if !self.killed.lock().expect("nobody panics").contains(&worker) {
                    return Err(error.context(format!("a user of the worker {worker}, which lives, noticed something")));
                }
                self.state.send_modify(|state| state.n_lost += 1);
            }
            user.leave().await;
        }
        Ok(())
    }

    async fn ask(&self, user: &mut User, n_questions: u32) -> Result<()> {
        for _question in 0..n_questions {
            if self.state.borrow().is_over {
                break;
            }
            user.ask().await?;
            self.state.send_modify(|state| state.n_answers += 1);
        }
        Ok(())
    }

    /// Kills one worker after the other, whatever it is doing.
    async fn kill_workers(&self) -> Result<()> {
        let mut dice = Dice::new(SEED, N_USERS);
        let mut state = self.state.subscribe();
        loop {
            let n_enough = state.borrow_and_update().n_answers + 100 + u64::from(dice.below(1000));
            if state.wait_for(|state| state.is_over || state.n_answers > n_enough).await?.is_over {
                return Ok(());
            }
            let workers = self.host.workers()?;
            let Some(worker) = dice.pick(&workers) else { bail!("no worker is left") };
            self.killed.lock().expect("nobody panics").insert(worker);
            self.state.send_modify(|state| state.n_killed += 1);
            kill(worker)?;
        }
    }
}

const N_WORKERS: usize = 3;
const N_USERS: u64 = 50;
const SEED: u64 = 1;
