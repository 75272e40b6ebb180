//! The load generator. See the chapter on performance in the book.

mod client;
mod figures;
mod measure;
mod options;
mod report;
mod server;
mod suite;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use figures::Figures;
use measure::{Judgement, Measure};
use options::Options;
use report::Report;
use server::{Programs, Server};
use suite::Suite;

/// One thread is enough, and leaves the others to the servers.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ERROR: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<ExitCode> {
    let against = options.against.as_deref().map(report::read).transpose()?;
    let programs = Programs::find(options.python.clone())?;
    if options.suite == Suite::Rust {
        measure::record(&programs).await?;
    }
    let has_python = programs.python.is_some() && !options.no_python;
    if !has_python {
        println!("without Python's server");
    }
    let mut servers = Vec::new();
    for kind in options.suite.kinds(has_python) {
        servers.push(programs.start(kind).await?);
    }
    let mut report = Report::default();
    for &measure in options.suite.measures() {
        let name = measure.name();
        if !options.wants(&name) {
            continue;
        }
        // The servers take turns, so that what else the machine does meets all of them.
        for _repetition in 0..options.repetitions() {
            for server in servers.iter().filter(|server| measure.is_for(server.kind)) {
                report.add(&name, server.kind, &repetition(measure, &programs, server, options).await?);
            }
        }
        print!("{}", report.table(&name));
    }
    if let Some(before) = &against {
        print!("{}", report.differences(before));
    }
    if let Some(file) = &options.json {
        report.write(file)?;
    }
    let judgement = Judgement::of(&report);
    println!("\n{judgement}");
    Ok(if judgement.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn repetition(measure: Measure, programs: &Programs, server: &Server, options: &Options) -> Result<Figures> {
    if measure.wants_fresh_server() || server.kind.keeps_processes() {
        let fresh = programs.start(server.kind).await?;
        return measure.run(&fresh, programs, options.window()).await;
    }
    measure.run(server, programs, options.window()).await
}
