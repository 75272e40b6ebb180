//! Colours, opacities, widths: how a glyph looks in each of its states.

use bokeh_protocol::{SpecKind, Value};
use bokeh_schema::{ClassDef, Kind, Property};

use crate::attributes::constant;
use crate::{Color, FromValue};

/// The colour of glyphs that are given none.
const DEFAULT_COLOR: &str = "#1f77b4";

/// A state in which a glyph has another look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlyphState {
    /// The row is selected.
    Selection,
    /// Other rows are selected.
    Nonselection,
    /// The pointer is over the row.
    Hover,
    /// The glyph is muted, by a click on the legend perhaps.
    Muted,
}

/// The visual properties that a glyph method was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visuals {
    set: Vec<(&'static str, Value)>,
    all: Vec<(&'static str, Value)>,
    of_states: Vec<(GlyphState, &'static str, Value)>,
}

/// Visual properties with their values.
type Look = Vec<(&'static str, Value)>;

impl Visuals {
    pub(crate) fn set(&mut self, name: &'static str, value: Value) {
        self.set.retain(|(known, _)| *known != name);
        self.set.push((name, value));
    }

    pub(crate) fn set_all(&mut self, trait_name: &'static str, value: Value) {
        self.all.push((trait_name, value));
    }

    pub(crate) fn set_state(&mut self, state: GlyphState, trait_name: &'static str, value: Value) {
        self.of_states.push((state, trait_name, value));
    }

    /// The looks by the renderer's properties. As in Bokeh, there is always one for rows that are not selected and one
    /// for muted glyphs; the others are made when something was set for them.
    pub(crate) fn looks(&self, class: &'static ClassDef) -> Vec<(&'static str, Look)> {
        let main = self.main(class);
        let mut looks = Vec::with_capacity(3);
        for (name, state, default_alpha) in [
            ("selection_glyph", GlyphState::Selection, None),
            ("nonselection_glyph", GlyphState::Nonselection, Some(0.1)),
            ("hover_glyph", GlyphState::Hover, None),
            ("muted_glyph", GlyphState::Muted, Some(0.2)),
        ] {
            if default_alpha.is_some() || self.of_states.iter().any(|(known, ..)| *known == state) {
                looks.push((name, self.of_state(class, &main, state, default_alpha)));
            }
        }
        looks.insert(0, ("glyph", main));
        looks
    }

    fn main(&self, class: &'static ClassDef) -> Look {
        let mut look = Look::new();
        for property in visual_properties(class) {
            let (name, trait_name) = (property.name(), trait_of(property.name()));
            let value = find(&self.set, name)
                .or_else(|| find(&self.all, trait_name).filter(|_| class.property(trait_name).is_none()))
                .or_else(|| default(name, trait_name));
            if let Some(value) = value {
                look.push((name, fit(property, value)));
            }
        }
        look
    }

    fn of_state(&self, class: &'static ClassDef, main: &Look, state: GlyphState, default_alpha: Option<f64>) -> Look {
        let mut look = main.clone();
        for property in visual_properties(class) {
            let (name, trait_name) = (property.name(), trait_of(property.name()));
            let of_state = self.of_states.iter().rev().find(|(known, of, _)| *known == state && *of == trait_name);
            let value = match (of_state, default_alpha) {
                (Some((_, _, value)), _) => Some(value.clone()),
                (None, Some(alpha)) if trait_name == "alpha" => Some(constant(Value::Float(alpha))),
                _ => None,
            };
            if let Some(value) = value {
                let value = fit(property, value);
                match look.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = value,
                    None => look.push((name, value)),
                }
            }
        }
        look
    }
}

/// Whether a property says how a part of a glyph looks.
pub(crate) fn is_visual(name: &str) -> bool {
    ["line_", "fill_", "hatch_", "text_", "global_"].iter().any(|part| name.starts_with(part))
}

fn visual_properties(class: &'static ClassDef) -> impl Iterator<Item = &'static Property> {
    class.properties().iter().filter(|property| is_visual(property.name()))
}

/// The name without the part: `line_color` has the trait `color`.
fn trait_of(name: &str) -> &str {
    name.split_once('_').map_or(name, |(_, trait_name)| trait_name)
}

fn default(name: &str, trait_name: &str) -> Option<Value> {
    match (name, trait_name) {
        ("text_color" | "hatch_color", _) => Some(constant(Value::literal("black"))),
        (_, "color") => Some(constant(Value::literal(DEFAULT_COLOR))),
        (_, "alpha") => Some(constant(Value::Float(1.0))),
        _ => None,
    }
}

/// Glyphs that are one shape have plain properties where others have data specs.
fn fit(property: &Property, value: Value) -> Value {
    match (property.kind(), &value) {
        (Kind::Spec(_), _) => value,
        (kind, Value::Spec(spec)) => match &spec.kind {
            // A plain colour is a string, where a data spec keeps the channels.
            SpecKind::Value(channels @ Value::List(_)) if is_color(kind) => {
                Color::from_value(channels).map_or_else(|| channels.clone(), Value::from)
            }
            SpecKind::Value(plain) => plain.clone(),
            SpecKind::Field(_) | SpecKind::Expr(_) => value,
        },
        _ => value,
    }
}

fn is_color(kind: Kind) -> bool {
    matches!(kind, Kind::Color | Kind::Nullable(Kind::Color))
}

fn find(values: &[(&'static str, Value)], name: &str) -> Option<Value> {
    values.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
}
