//! Ranges of numbers.

use std::fmt;

/// The range that a number must lie in. NaN lies in no range but the unbounded one.
///
/// ```
/// use bokeh_schema::Bounds;
///
/// assert!(Bounds::NON_NEGATIVE.contains(0.0));
/// assert!(!Bounds::POSITIVE.contains(0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    min: f64,
    max: f64,
    is_min_excluded: bool,
}

impl Bounds {
    /// Every number.
    pub const NONE: Self = Self::between(f64::NEG_INFINITY, f64::INFINITY);
    /// From 0 to 1.
    pub const UNIT: Self = Self::between(0.0, 1.0);
    /// From 0 to 255.
    pub const BYTE: Self = Self::between(0.0, 255.0);
    /// At least 0.
    pub const NON_NEGATIVE: Self = Self::at_least(0.0);
    /// Greater than 0.
    pub const POSITIVE: Self = Self { min: 0.0, max: f64::INFINITY, is_min_excluded: true };

    /// From `min` to `max`, both included.
    #[must_use]
    pub const fn between(min: f64, max: f64) -> Self {
        Self { min, max, is_min_excluded: false }
    }

    /// `min` and everything above.
    #[must_use]
    pub const fn at_least(min: f64) -> Self {
        Self::between(min, f64::INFINITY)
    }

    /// Whether `number` lies within.
    #[must_use]
    pub fn contains(&self, number: f64) -> bool {
        let is_above = if self.is_min_excluded { number > self.min } else { number >= self.min };
        *self == Self::NONE || is_above && number <= self.max
    }
}

/// Completes "a number": nothing, " from 0 to 1", " of at least 0", " greater than 0".
impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (f64::NEG_INFINITY, f64::INFINITY) => Ok(()),
            (min, f64::INFINITY) if self.is_min_excluded => write!(f, " greater than {min}"),
            (min, f64::INFINITY) => write!(f, " of at least {min}"),
            (min, max) => write!(f, " from {min} to {max}"),
        }
    }
}
