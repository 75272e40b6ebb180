//! How many tests a test runner says it has run.

use std::ops::Add;

/// Passed and failed tests, or steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Counts {
    /// A step that runs no tests went well.
    pub(super) const PASSED_STEP: Self = Self { passed: 1, failed: 0 };

    /// A step failed, whatever else it says.
    pub(super) const FAILED_STEP: Self = Self { passed: 0, failed: 1 };

    /// Takes nextest's summary, or adds up those of cargo's own test runner (one for each binary).
    ///
    /// They read `test result: ok. 8 passed; 0 failed; ..` and `Summary [   1.2s] 8 tests run: 7 passed, 1 failed, ..`.
    pub(super) fn from_output(output: &str) -> Self {
        let lines = || output.lines().map(str::trim);
        // Nextest shows what a failed test printed, and with it the other runner's line about that one test.
        match lines().rfind(|line| line.starts_with("Summary [")) {
            Some(line) => Self::from_summary(line),
            None => lines()
                .filter(|line| line.starts_with("test result: "))
                .map(Self::from_summary)
                .fold(Self::default(), Add::add),
        }
    }

    fn from_summary(line: &str) -> Self {
        Self { passed: number_before("passed", line), failed: number_before("failed", line) }
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// The number in front of a word; 0 if the word does not stand there.
fn number_before(word: &str, line: &str) -> u64 {
    let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    words.windows(2).filter(|pair| pair[1] == word).find_map(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
