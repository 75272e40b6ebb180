use std::fmt;

use serde::Deserialize;

/// A point in a page, in CSS pixels from the upper left corner of the window's content.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// The point that lies so far to the right and downwards.
    #[must_use]
    pub fn offset(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.x, self.y)
    }
}

/// Where an element is, in CSS pixels from the upper left corner of the window's content.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Rect {
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// From the left edge to the right one.
    pub width: f64,
    /// From the upper edge to the lower one.
    pub height: f64,
}

impl Rect {
    /// The middle.
    #[must_use]
    pub fn center(self) -> Point {
        self.at(0.5, 0.5)
    }

    /// The point at these fractions of width and height, from the upper left corner.
    #[must_use]
    pub fn at(self, right: f64, down: f64) -> Point {
        Point { x: self.x + self.width * right, y: self.y + self.height * down }
    }
}
