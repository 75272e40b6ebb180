//! What was measured.

use std::time::Duration;

/// What a number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Metric {
    /// As it is called in tables and files.
    pub(crate) name: &'static str,
    /// Whether more of it is better.
    pub(crate) is_gain: bool,
}

impl Metric {
    /// Something of which more is better.
    pub(crate) const fn gain(name: &'static str) -> Self {
        Self { name, is_gain: true }
    }

    /// Something of which less is better.
    pub(crate) const fn cost(name: &'static str) -> Self {
        Self { name, is_gain: false }
    }
}

/// What one repetition of a measurement has found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) values: Vec<(Metric, f64)>,
    /// What went wrong, in words. A wrong answer is an error, too.
    pub(crate) errors: Vec<String>,
}

impl Figures {
    /// Adds a number.
    pub(crate) fn push(&mut self, metric: Metric, value: f64) {
        self.values.push((metric, value));
    }

    /// Notes what went wrong, and goes on with the others.
    pub(crate) fn keep<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        result.map_err(|error| self.errors.push(format!("{error:#}"))).ok()
    }
}

/// The duration below which this part of them lie, in microseconds.
pub(crate) fn percentile(durations: &mut [Duration], part: f64) -> f64 {
    durations.sort_unstable();
    // The rank is below the length since the part is at most 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number that is not negative")]
    let rank = (durations.len() as f64 * part).ceil() as usize;
    durations.get(rank.saturating_sub(1)).map_or(f64::NAN, |duration| micros(*duration))
}

pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// The one in the middle; between two the mean of both.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    match (sorted.get(sorted.len().wrapping_sub(1) / 2), sorted.get(sorted.len() / 2)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests;
