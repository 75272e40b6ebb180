//! HTML around Bokeh documents: pages, the BokehJS that they load, and what tells BokehJS where to draw.
//!
//! ```
//! use bokeh_embed::{Page, RenderItem, Resources, Root};
//!
//! let item = RenderItem::session("eyJzZXNz…").root(Root::new("s1001"));
//! let html = Page::new(Resources::cdn()).title("Fish & chips").item(item).render()?;
//! assert!(html.contains("<title>Fish &amp; chips</title>"));
//! assert!(html.contains("https://cdn.bokeh.org/bokeh/release/bokeh-3.9.2.min.js"));
//! # Ok::<(), bokeh_embed::RenderError>(())
//! ```
//!
//! Nothing here opens a socket, and only [`save`] a file: whoever serves the files says what they are called.

mod page;
mod standalone;
mod save;
mod components;
mod json_item;
mod autoload_static;
mod autoload_script;
mod server_script;

mod bundle;
mod element_id;
mod error;
mod excerpt;
mod later;
mod needs;
mod render_item;
mod resources;
mod script_json;
mod templates;

pub use autoload_script::AutoloadScript;
pub use autoload_static::{AutoloadStatic, autoload_static};
pub use bundle::{BOKEHJS_VERSION, Bundle};
pub use components::Components;
pub use element_id::ElementId;
pub use error::RenderError;
pub use json_item::json_item;
pub use page::Page;
pub use render_item::{RenderItem, Root};
pub use resources::{Resources, ScriptLink};
pub use save::{SaveError, save};
pub use server_script::{ServerScript, server_document, server_session};
pub use standalone::file_html;
