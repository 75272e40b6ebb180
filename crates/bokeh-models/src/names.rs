//! What the generated files and [`model!`](crate::model!) name.

/// What the generated handles and builders name.
pub(crate) mod models {
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
        IsA, LineCapSpec, LineJoinSpec, MapOr, MarkerSpec, Model, NumberSpec, Prop, ReadPropError, StringSpec,
        TextAlignSpec, TextBaselineSpec, TextOr, enums, subscribe,
    };
}

/// What the generated events name.
pub(crate) mod events {
    pub(crate) use bokeh_protocol::Event;

    pub(crate) use crate::events::{DocumentEvent, EventField, EventOf, Geometry, Modifiers, UiEvent};
    pub(crate) use crate::models::*;
    pub(crate) use crate::{Coordinate, IsA};
}

/// What the generated glyph methods name.
pub(crate) mod glyphs {
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

/// What [`model!`](crate::model!) names.
pub mod extensions {
    pub use bokeh_document::{Build, CallbackId, CallbackOutput, Document, SetError, register_class};
    pub use bokeh_protocol::{ModelId, Value};
    pub use bokeh_schema::{ClassDef, PropertyDef};

    pub use crate::model::{read, try_read, try_write, write};
    pub use crate::subscribe::{on_change, on_event};
}
