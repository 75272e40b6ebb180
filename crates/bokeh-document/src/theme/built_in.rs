//! The themes that come with Bokeh.

use serde_json::Value as Json;

use super::Theme;

/// A theme that comes with Bokeh 3.9.2.
///
/// ```
/// use bokeh_document::{BuiltInTheme, Document};
///
/// let mut doc = Document::new();
/// doc.set_theme(BuiltInTheme::DarkMinimal);
/// assert_eq!(BuiltInTheme::DarkMinimal.name(), "dark_minimal");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BuiltInTheme {
    /// Grey text in Calibri, thin axes.
    Caliber,
    /// Light grey on nearly black, in Courier New.
    Carbon,
    /// White around black.
    Contrast,
    /// Light text and lines on dark grey, without axes and ticks.
    DarkMinimal,
    /// Grey text on white, without axes and ticks.
    LightMinimal,
    /// Light text and lines on dark purple, without axes and ticks.
    NightSky,
}

impl BuiltInTheme {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 6] =
        [Self::Caliber, Self::Carbon, Self::Contrast, Self::DarkMinimal, Self::LightMinimal, Self::NightSky];

    /// The theme that Bokeh calls so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// What Bokeh calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Caliber => "caliber",
            Self::Carbon => "carbon",
            Self::Contrast => "contrast",
            Self::DarkMinimal => "dark_minimal",
            Self::LightMinimal => "light_minimal",
            Self::NightSky => "night_sky",
        }
    }
}

impl From<BuiltInTheme> for Theme {
    fn from(theme: BuiltInTheme) -> Self {
        let themes: Json = serde_json::from_str(THEMES).expect("a test reads them all");
        Self::from_json(&themes[theme.name()]).expect("a test reads them all")
    }
}

/// Figures of Bokeh 3.9.2, by name.
const THEMES: &str = include_str!("built_in.json");
