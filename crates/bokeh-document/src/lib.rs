//! The Bokeh document: a graph of models that reports every change.
//!
//! ```
//! use bokeh_document::Document;
//! use bokeh_protocol::{Object, Value};
//!
//! let mut doc = Document::new();
//! let div = doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
//! doc.on_change(div, "text", |doc, change| doc.set_title(change.new.as_str().unwrap_or_default()))?;
//!
//! doc.set_value(div, "text", Value::from("goodbye"))?;
//! assert_eq!(doc.title(), "goodbye");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The document knows classes by `bokeh-schema`'s tables and models by [`ModelId`](bokeh_protocol::ModelId); typed handles
//! are a facade on top, in `bokeh-models`. It opens nothing, spawns nothing and reads no clock: whoever owns it passes on
//! its [changes](Document::take_changes) and runs its [scheduled callbacks](Document::run_scheduled).

mod document;
mod class;
mod names;
mod model;
mod insert;
mod lifetime;
mod gone;
mod kind_check;
mod defaults;
mod data;
mod units;
mod columns;
mod theme;

mod event;
mod changes;
mod callback;
mod subscribe;
mod schedule;
mod timers;
mod hold;
mod handle;
mod work;
mod block_on;
mod observer;

mod stage;
mod effort;
mod redefine;
mod apply;
mod json;
mod place;
mod publish;
mod primary;

mod check;

mod error;

pub use apply::Applied;
pub use callback::{CallbackFailure, CallbackId, CallbackOutput, CallbackResult, FailureError, PropertyChange};
pub use check::{Finding, Problem};
pub use class::register_class;
pub use columns::ColumnError;
pub use data::ColumnPatches;
pub use document::Document;
pub use error::{CallbackError, DataError, EventError, GetError, PatchError, ReadError, SetError};
pub use event::{Change, Origin};
pub use handle::{DocumentHandle, Job, Mailbox, NewsSource, PostError, UpdateError};
pub use hold::{Hold, HoldPolicy};
pub use insert::Build;
pub use kind_check::KindError;
pub use observer::CallbackObserver;
pub use place::Place;
pub use primary::{Content, News, Primary, Segment, Submission, SubmissionKind};
pub use publish::{Announcement, Author, EncodedPatch, Patches, Published, PublishedEvent, Publisher};
pub use schedule::{Schedule, ScheduleChange};
pub use theme::{BuiltInTheme, Theme, ThemeError};
pub use timers::Timers;
pub use work::{SpawnedTask, Work};
