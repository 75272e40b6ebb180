//! Every Bokeh model class, enumeration and event as tables of facts.
//!
//! The tables say what exists in Bokeh [`BOKEH_VERSION`]: classes with their bases, properties, defaults and the
//! values that each property may hold. They are data, generated and committed; nothing here knows documents or types.
//!
//! ```
//! use bokeh_schema::{Lit, class, classes};
//!
//! let slider = class("Slider").unwrap();
//! assert_eq!(slider, &classes::SLIDER);
//! assert!(slider.is_a(&classes::WIDGET));
//!
//! let format = slider.property("format").unwrap();
//! assert_eq!(format.default(), Some(Lit::Str("0[.]00")));
//! assert_eq!(format.kind().to_string(), "a string or a TickFormatter");
//!
//! let required: Vec<&str> = slider.required().map(|property| property.name()).collect();
//! assert_eq!(required, ["start", "end", "value"]);
//! ```

mod bounds;
mod class;
mod color;
mod css;
mod enum_def;
mod event;
mod kind;
mod lit;
mod lookup;
mod names;
mod property;
#[rustfmt::skip]
mod generated;

pub use bounds::Bounds;
pub use class::ClassDef;
pub use color::{named_color, named_colors};
pub use css::is_color;
pub use enum_def::EnumDef;
pub use event::{EventDef, EventField, event, events};
pub use generated::{BOKEH_VERSION, classes, enums, specs};
pub use kind::{Field, Kind, Spec, Units};
pub use lit::Lit;
pub use lookup::{class, models};
pub use property::{Property, PropertyDef};
