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
mod palette;
mod spec;
mod text_or;

#[macro_use]
mod macros;
mod attributes;
pub mod events;
mod subscribe;
#[macro_use]
mod glyph_call;
mod ext;
mod extension;
#[rustfmt::skip]
mod generated;

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
    AxisType, IntoTools, ReplaceError, column, dodge, factor_cmap, figure, grid, gridplot, jitter, linear_cmap,
    log_cmap, row,
};
pub use from_value::FromValue;
pub use generated::{builders, enums, models};
pub use glyph_call::{Argument, GlyphArg, GlyphState};
pub use into_prop::IntoProp;
pub use model::{FromText, IntoModel, IsA, Model, ReadPropError};
pub use palette::Palette;
pub use prop::{Change, Prop};
pub use spec::{
    AnySpec, ColorSpec, Constant, DashPatternSpec, Expr, Field, FontSizeSpec, FontStyleSpec, HatchPatternSpec, IntSpec,
    LineCapSpec, LineJoinSpec, MarkerSpec, NumberSpec, StringSpec, TextAlignSpec, TextBaselineSpec, expr, field, value,
};
pub use subscribe::EventCallback;
pub use text_or::TextOr;

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

/// What a program that makes documents uses.
pub mod prelude {
    pub use crate::events::DocumentEvents as _;
    pub use crate::models::*;
    pub use crate::{
        AxisType, Change, Color, DashPattern, Data, DateValue, Factor, Model, column, data, dodge, enums, events, expr,
        factor_cmap, field, figure, grid, gridplot, jitter, linear_cmap, log_cmap, palettes, row, value,
    };
    pub use bokeh_document::Document;
    pub use bokeh_protocol::{Array, Value};
}

/// What [`model!`] names.
#[doc(hidden)]
pub mod __private {
    pub use bokeh_document::{Build, CallbackId, CallbackOutput, Document, SetError, register_class};
    pub use bokeh_protocol::{ModelId, Value};
    pub use bokeh_schema::{ClassDef, PropertyDef};

    pub use crate::model::{read, try_read, try_write, write};
    pub use crate::subscribe::{on_change, on_event};
}

/// What the generated handles and builders name.
mod generated_prelude {
    pub(crate) use std::fmt;
    pub(crate) use std::ops::Deref;

    pub(crate) use bokeh_document::{Build, CallbackId, CallbackOutput, Document, SetError};
    pub(crate) use bokeh_protocol::{ModelId, Object, Value};
    pub(crate) use bokeh_schema::{ClassDef, classes};

    pub(crate) use crate::events::EventOf;
    pub(crate) use crate::model::{read, try_read, try_write, write};
    pub(crate) use crate::models::*;
    pub(crate) use crate::{
        AnySpec, Attributes, Change, Color, ColorSpec, Coordinate, DashPattern, DashPatternSpec, Data, DateValue, Dict,
        EventCallback, Factor, FontSizeSpec, FontStyleSpec, FromValue, HatchPatternSpec, IntSpec, IntoModel, IntoProp,
        IsA, LineCapSpec, LineJoinSpec, MarkerSpec, Model, NumberSpec, Prop, ReadPropError, StringSpec, TextAlignSpec,
        TextBaselineSpec, TextOr, enums, subscribe,
    };
}

/// What the generated events name.
mod events_prelude {
    pub(crate) use bokeh_protocol::{Event, Value};

    pub(crate) use crate::events::{DocumentEvent, EventField, EventOf, Modifiers, UiEvent};
    pub(crate) use crate::models::*;
    pub(crate) use crate::{Coordinate, IsA, Model};
}

/// What the generated glyph methods name.
mod glyph_prelude {
    pub(crate) use bokeh_document::Document;
    pub(crate) use bokeh_protocol::{Text as Label, Value};
    pub(crate) use bokeh_schema::classes;

    pub(crate) use crate::glyph_call::{self, GlyphArg, GlyphCall, GlyphState};
    pub(crate) use crate::models::*;
    pub(crate) use crate::{
        AnySpec, Color, ColorSpec, DashPattern, DashPatternSpec, Dict, FontSizeSpec, FontStyleSpec, HatchPatternSpec,
        IntSpec, IntoProp, LineCapSpec, LineJoinSpec, MarkerSpec, NumberSpec, StringSpec, TextAlignSpec,
        TextBaselineSpec, enums,
    };
}
