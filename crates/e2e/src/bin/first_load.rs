//! Measures how long a browser that has nothing takes to show the example `sliders`: `cargo xtask bench first-load`.

use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result};
use e2e::{Browser, FirstLoad, Line, Reference, Server};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let n_rounds =
        env::args().nth(1).map_or(Ok(ROUNDS), |n| n.parse()).context("the argument is the number of rounds")?;
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("app.py");
    fs::write(&script, SLIDERS)?;
    let interpreter = e2e::python()?;
    let serve = ["serve", "--port", "0", "--python", &interpreter.to_string_lossy(), &script.to_string_lossy()];

    let python = Reference::serve(SLIDERS).await?;
    let ours = Server::start("bokeh-rs", &serve).await?;
    let rust = Server::start("sliders", &["--port", "0"]).await?;
    let servers =
        [("bokeh serve, Python", python.url()), ("bokeh-rs serve, Python", ours.url()), ("bokeh-rs, Rust", rust.url())];
    let mut loads = servers.map(|_| Vec::new());
    // The servers take turns: what else the machine does meets all of them.
    for _ in 0..n_rounds {
        for ((_, url), loads) in servers.iter().zip(&mut loads) {
            // A browser that was there before has more than a cache: compiled scripts, too.
            let browser = Browser::start().await?;
            let _blank = browser.open("about:blank").await?;
            loads.push(FirstLoad::measure(&browser, url, Some(LINE)).await?);
        }
    }
    println!("{n_rounds} rounds, {} Mbit/s, latency {:?}; medians\n", LINE.bits_per_sec / 1_000_000, LINE.latency);
    println!("| server, application | plot drawn after | bytes until then | bytes in all |\n|---|---|---|---|");
    for ((name, _), loads) in servers.iter().zip(&loads) {
        let drawn = median(loads, |load| load.drawn_after.as_millis() as u64);
        let (until_drawn, all) = (median(loads, |load| load.n_bytes_until_drawn), median(loads, |load| load.n_bytes));
        println!("| {name} | {drawn} ms | {} | {} |", kilobytes(until_drawn), kilobytes(all));
    }
    Ok(())
}

fn median(loads: &[FirstLoad], figure: impl Fn(&FirstLoad) -> u64) -> u64 {
    let mut figures: Vec<u64> = loads.iter().map(figure).collect();
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn kilobytes(n_bytes: u64) -> String {
    format!("{} kB", n_bytes.div_ceil(1000))
}

/// The sliders of the examples.
const SLIDERS: &str = include_str!("../../../load/python/sliders.py");
const LINE: Line = Line { bits_per_sec: 20_000_000, latency: Duration::from_millis(40) };
const ROUNDS: usize = 5;
