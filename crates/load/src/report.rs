//! All figures, as tables and as a file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use crate::figures::{Figures, Metric, median};
use crate::server::Kind;

/// What all measurements have found so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    n_errors: usize,
}

#[derive(Debug)]
struct Row {
    measure: String,
    server: Kind,
    /// One value for each repetition.
    metrics: Vec<(Metric, Vec<f64>)>,
}

impl Report {
    /// Adds what one repetition has found.
    pub(crate) fn add(&mut self, measure: &str, server: Kind, figures: &Figures) {
        self.n_errors += figures.errors.len();
        for error in figures.errors.iter().take(3) {
            eprintln!("ERROR: {measure}, {}: {error}", server.name());
        }
        let row = self.rows.iter().position(|row| row.measure == measure && row.server == server);
        let row = row.unwrap_or_else(|| {
            self.rows.push(Row { measure: measure.to_owned(), server, metrics: Vec::new() });
            self.rows.len() - 1
        });
        let metrics = &mut self.rows[row].metrics;
        for (metric, value) in &figures.values {
            match metrics.iter_mut().find(|(known, _)| known == metric) {
                Some((_, values)) => values.push(*value),
                None => metrics.push((*metric, vec![*value])),
            }
        }
    }

    /// How much went wrong.
    pub(crate) fn n_errors(&self) -> usize {
        self.n_errors
    }

    /// The middle of what was found.
    pub(crate) fn median(&self, measure: &str, server: Kind, metric: Metric) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.measure == measure && row.server == server)?;
        row.metrics.iter().find(|(known, _)| *known == metric).map(|(_, values)| median(values))
    }

    /// The medians of a measurement, and how many times better or worse than ours each one is: the median of the ratios
    /// within the repetitions, which lie close together in time.
    pub(crate) fn table(&self, measure: &str) -> String {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.measure == measure).collect();
        let mut table = format!("\n{measure}\n{:<WIDTH$}", "");
        for (metric, _) in rows.first().map_or(&[][..], |row| &row.metrics) {
            write!(table, "{:>26}", metric.name).ok();
        }
        table.push('\n');
        for row in &rows {
            write!(table, "{:<WIDTH$}", row.server.name()).ok();
            // What runs in as many processes.
            let ours =
                rows.iter().find(|ours| ours.server.is_ours() && ours.server.n_processes() == row.server.n_processes());
            for (metric, values) in &row.metrics {
                let of_ours = ours
                    .filter(|ours| ours.server != row.server)
                    .and_then(|ours| ours.metrics.iter().find(|(known, _)| known == metric).map(|(_, values)| values));
                let ratio = of_ours.map_or(String::new(), |ours| format!(" ({})", times(ratio(values, ours))));
                write!(table, "{:>26}", format!("{}{ratio}", short(median(values)))).ok();
            }
            table.push('\n');
        }
        table
    }

    /// How the medians differ from those of another run.
    pub(crate) fn differences(&self, other: &Json) -> String {
        let mut text = String::from("\nagainst the other run (its median, this one's, how many times that is)\n");
        for row in &self.rows {
            for (metric, values) in &row.metrics {
                let Some(before) = other["figures"][&row.measure][row.server.name()][metric.name]["median"].as_f64()
                else {
                    continue;
                };
                let now = median(values);
                let times = now / before;
                let verdict = match (times > 1.1, times < 0.9, metric.is_gain) {
                    (true, _, true) | (_, true, false) => "better",
                    (true, _, false) | (_, true, true) => "WORSE",
                    _ => "",
                };
                let place = format!("{}, {}, {}", row.measure, row.server.name(), metric.name);
                writeln!(text, "{place:<64}{:>10}{:>10}{times:>8.2}  {verdict}", short(before), short(now)).ok();
            }
        }
        text
    }

    /// Writes everything, each repetition too.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let mut figures: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, Json>>> = BTreeMap::new();
        for row in &self.rows {
            let server = figures.entry(&row.measure).or_default().entry(row.server.name()).or_default();
            for (metric, values) in &row.metrics {
                server.insert(metric.name, json!({ "median": median(values), "repetitions": values }));
            }
        }
        let text = serde_json::to_string_pretty(&json!({ "n_errors": self.n_errors, "figures": figures }))?;
        fs::write(file, text + "\n").with_context(|| format!("could not write {}", file.display()))
    }
}

/// Reads what [`Report::write`] has written.
pub(crate) fn read(file: &Path) -> Result<Json> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} holds no figures", file.display()))
}

const WIDTH: usize = 26;

fn ratio(values: &[f64], ours: &[f64]) -> f64 {
    let ratios: Vec<f64> = values.iter().zip(ours).map(|(value, ours)| value / ours).collect();
    median(&ratios)
}

fn times(ratio: f64) -> String {
    if ratio < 0.1 { format!("×{ratio:.3}") } else { format!("×{ratio:.2}") }
}

/// Three digits, or all before the point.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests;
