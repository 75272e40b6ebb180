//! The shapes by which users select.

use bokeh_protocol::{Map, Value};

use crate::FromValue;

/// The shape by which a user selected. Places are in pixels of the canvas (`sx`, `sy`) and in data units (`x`, `y`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Geometry {
    /// A point, of a tap or of a hover tool.
    Point {
        /// Pixels from the left.
        sx: f64,
        /// Pixels from the top.
        sy: f64,
        /// Across, in data units.
        x: f64,
        /// Upwards, in data units.
        y: f64,
    },
    /// A line across the plot, of a hover tool.
    Span {
        /// Whether the line is vertical.
        is_vertical: bool,
        /// Pixels from the left.
        sx: f64,
        /// Pixels from the top.
        sy: f64,
        /// Across, in data units.
        x: f64,
        /// Upwards, in data units.
        y: f64,
    },
    /// A rectangle, of a box selection: start and end of each side.
    Rect {
        /// Pixels from the left.
        sx: (f64, f64),
        /// Pixels from the top.
        sy: (f64, f64),
        /// Across, in data units.
        x: (f64, f64),
        /// Upwards, in data units.
        y: (f64, f64),
    },
    /// A polygon, of a lasso: the places of its corners.
    Poly {
        /// Pixels from the left.
        sx: Vec<f64>,
        /// Pixels from the top.
        sy: Vec<f64>,
        /// Across, in data units.
        x: Vec<f64>,
        /// Upwards, in data units.
        y: Vec<f64>,
    },
}

impl FromValue for Geometry {
    fn from_value(value: &Value) -> Option<Self> {
        let map = value.as_map()?;
        let [sx, sy, x, y] = ["sx", "sy", "x", "y"];
        Some(match map.get("type")?.as_str()? {
            "point" => Geometry::Point { sx: one(map, sx), sy: one(map, sy), x: one(map, x), y: one(map, y) },
            "span" => Geometry::Span {
                // The direction is the one in which the line looks for glyphs.
                is_vertical: map.get("direction").and_then(Value::as_str) == Some("h"),
                sx: one(map, sx),
                sy: one(map, sy),
                x: one(map, x),
                y: one(map, y),
            },
            "rect" => Geometry::Rect {
                sx: (one(map, "sx0"), one(map, "sx1")),
                sy: (one(map, "sy0"), one(map, "sy1")),
                x: (one(map, "x0"), one(map, "x1")),
                y: (one(map, "y0"), one(map, "y1")),
            },
            "poly" => Geometry::Poly { sx: many(map, sx), sy: many(map, sy), x: many(map, x), y: many(map, y) },
            _ => return None,
        })
    }
}

fn one(map: &Map, key: &str) -> f64 {
    map.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn many(map: &Map, key: &str) -> Vec<f64> {
    map.get(key).and_then(Vec::from_value).unwrap_or_default()
}
