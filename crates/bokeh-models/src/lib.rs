//! Typed models of Bokeh: handles, builders, plotting and layouts.
//!
//! ```
//! use bokeh_models::prelude::*;
//!
//! fn app(doc: &mut Document) {
//!     let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0, 2.0, 3.0], "y" => [4.0, 6.0, 5.0] }));
//!     let plot = doc.add(figure().title("amplitude 1").width(600).height(300));
//!     plot.line(doc, "x", "y").source(source).line_width(3).color("navy").draw();
//!
//!     let slider = doc.add(Slider::new().title("amplitude").start(0).end(5).step(0.1).value(1));
//!     slider.on_change(doc, Slider::VALUE, move |doc, change| {
//!         plot.set_title(doc, format!("amplitude {:.1}", change.new));
//!         source.replace(doc, data! { "x" => [1.0, 2.0, 3.0], "y" => [4.0, 6.0, 5.0].map(|y| y * change.new) })
//!     });
//!     doc.add_root(column((slider, plot)));
//! }
//! # app(&mut Document::new());
//! ```
//!
//! - A **handle** such as [`Slider`](models::Slider) is an id and a type, and `Copy`: closures take it along. It has a
//!   getter and a setter for every property, `slider.value(doc)` and `slider.set_value(doc, 2)`, those of its bases by
//!   `Deref`.
//! - A **builder** comes from `Slider::new()` and has a method for every property. [`Document::add`](bokeh_document::Document::add)
//!   turns it into a handle. Builders nest: whatever takes a handle takes a builder.
//! - A **token** such as `Slider::VALUE` names a property to `on_change`, `try_get` and `try_set`.
//!
//! Getters and setters panic where the program is wrong: when the model was removed or is in another document, when a value
//! is outside of what the property's type can tell. `try_get` and `try_set` return errors instead.

mod from_value;
mod into_prop;
mod model;
mod prop;

mod color;
mod column;
mod coordinate;
mod dash_pattern;
mod data;
mod dict;
mod enum_type;
mod map_or;
mod palette;
mod spec;
mod text_or;

#[macro_use]
mod macros;
mod attributes;
mod subscribe;
#[macro_use]
mod glyph_call;
mod ext;
mod extension;
mod in_browser;
mod names;
#[rustfmt::skip]
mod generated;

pub mod events;
pub mod prelude;

pub use bokeh_protocol::{Array, Map, Value};

pub use attributes::Attributes;
pub use color::Color;
pub use column::{ColumnItem, IntoColumn};
pub use coordinate::{Coordinate, DateValue, Factor};
pub use dash_pattern::DashPattern;
pub use data::{Data, UnequalLengths};
pub use dict::Dict;
pub use enum_type::UnknownMember;
pub use ext::{
    AxisType, IntoTools, ReplaceError, Upload, column, dodge, factor_cmap, figure, grid, gridplot, jitter, linear_cmap,
    log_cmap, row,
};
pub use from_value::FromValue;
pub use generated::{builders, enums, models};
pub use glyph_call::{Argument, GlyphArg};
pub use in_browser::{InBrowser, JsCallback};
pub use into_prop::IntoProp;
pub use map_or::MapOr;
pub use model::{FromText, IntoModel, IsA, Model, ReadPropError};
pub use palette::Palette;
pub use prop::{Change, Prop};
pub use spec::{
    AnySpec, ColorSpec, Constant, DashPatternSpec, Expr, Field, FontSizeSpec, FontStyleSpec, HatchPatternSpec, IntSpec,
    LineCapSpec, LineJoinSpec, MarkerSpec, NumberSpec, StringSpec, TextAlignSpec, TextBaselineSpec, expr, field, value,
};
pub use subscribe::EventCallback;
pub use text_or::TextOr;

#[doc(hidden)]
pub use names::extensions as __private;

/// Bokeh's palettes.
///
/// ```
/// use bokeh_models::palettes;
///
/// assert_eq!(palettes::CATEGORY10.of(3), ["#1f77b4", "#ff7f0e", "#2ca02c"]);
/// ```
pub mod palettes {
    pub use crate::generated::palettes::*;
}

/// The calls of glyph methods, such as [`Plot::line`](crate::models::Plot::line), before they are drawn.
pub mod glyph_calls {
    pub use crate::generated::glyph_calls::*;
}
