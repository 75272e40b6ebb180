//! Palettes.

use bokeh_protocol::Value;

use crate::{Color, IntoProp};

/// A palette in several sizes.
///
/// ```
/// use bokeh_models::palettes::{CATEGORY10, VIRIDIS};
///
/// assert_eq!(VIRIDIS.of(256).len(), 256);
/// assert_eq!(CATEGORY10.of(3), ["#1f77b4", "#ff7f0e", "#2ca02c"]);
/// assert_eq!(VIRIDIS.of(20).len(), 20);
/// ```
#[derive(Debug)]
pub struct Palette {
    name: &'static str,
    /// By size, ascending.
    sizes: &'static [&'static [&'static str]],
}

impl Palette {
    pub(crate) const fn new(name: &'static str, sizes: &'static [&'static [&'static str]]) -> Self {
        Palette { name, sizes }
    }

    /// The name in Bokeh.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The sizes that it is defined in.
    pub fn sizes(&self) -> impl Iterator<Item = usize> {
        self.sizes.iter().map(|colors| colors.len())
    }

    /// The colours in the size in which it is largest.
    #[must_use]
    pub fn largest(&self) -> &'static [&'static str] {
        self.sizes.last().copied().unwrap_or_default()
    }

    /// `n` colours: of that size if the palette is defined in it, else picked evenly from the next larger one. Of a palette
    /// with fewer colours all are given.
    #[must_use]
    pub fn of(&self, n: usize) -> Vec<&'static str> {
        let colors = self.sizes.iter().find(|colors| colors.len() >= n).copied().unwrap_or_else(|| self.largest());
        if colors.len() <= n || n == 0 {
            return colors[..n.min(colors.len())].to_vec();
        }
        // The first and the last colour are always among them.
        let pick = |at: usize| colors[if n == 1 { 0 } else { at * (colors.len() - 1) / (n - 1) }];
        (0..n).map(pick).collect()
    }
}

/// A palette where colours are expected: in its largest size.
impl IntoProp<Vec<Color>> for &Palette {
    fn into_prop(self) -> Value {
        self.largest().iter().map(|color| Value::literal(color)).collect()
    }
}
