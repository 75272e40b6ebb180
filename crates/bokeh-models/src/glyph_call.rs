//! Glyph methods of plots: `plot.line(doc, "x", "y").source(source).draw()`.

mod arguments;
mod images;
mod legend;
mod visuals;

use bokeh_document::Document;
use bokeh_protocol::{Text, Value};
use bokeh_schema::{ClassDef, classes};

use self::legend::LegendEntry;
use self::visuals::Visuals;
use crate::attributes::Attributes;
use crate::models::{GlyphRenderer, Plot};
use crate::{Data, Model, field};

pub(crate) use visuals::GlyphState;

pub use arguments::{Argument, GlyphArg};

/// A glyph that is about to be drawn, whatever its class.
#[derive(Debug)]
pub(crate) struct GlyphCall<'doc> {
    doc: &'doc mut Document,
    plot: Plot,
    class: &'static ClassDef,
    /// What is no visual property.
    glyph: Attributes,
    visuals: Visuals,
    columns: Data,
    source: Option<Value>,
    renderer: Attributes,
    legend: Option<LegendEntry>,
}

impl<'doc> GlyphCall<'doc> {
    pub(crate) fn new(doc: &'doc mut Document, plot: Plot, class: &'static ClassDef) -> Self {
        GlyphCall {
            doc,
            plot,
            class,
            glyph: Attributes::new(class),
            visuals: Visuals::default(),
            columns: Data::new(),
            source: None,
            renderer: Attributes::new(&classes::GLYPH_RENDERER),
            legend: None,
        }
    }

    /// Sets a property of the glyph; data becomes a column of that name.
    pub(crate) fn set(&mut self, name: &'static str, argument: Argument) {
        let value = self.value(name, argument);
        if visuals::is_visual(name) {
            self.visuals.set(name, value);
        } else {
            self.glyph.set(name, value);
        }
    }

    /// Sets a property of all parts of the glyph: `color` or `alpha`.
    pub(crate) fn set_all(&mut self, trait_name: &'static str, argument: Argument) {
        let value = self.value(trait_name, argument);
        self.visuals.set_all(trait_name, value);
    }

    /// Sets a property of all parts of the glyph in one of its states.
    pub(crate) fn set_state(&mut self, state: GlyphState, trait_name: &'static str, value: Value) {
        self.visuals.set_state(state, trait_name, value);
    }

    pub(crate) fn set_source(&mut self, source: Value) {
        self.source = Some(source);
    }

    pub(crate) fn set_legend(&mut self, entry: LegendEntry) {
        self.legend = Some(entry);
    }

    pub(crate) fn set_renderer(&mut self, name: &'static str, value: Value) {
        self.renderer.set(name, value);
    }

    /// Adds the glyph to the plot.
    #[track_caller]
    pub(crate) fn draw(mut self) -> GlyphRenderer {
        let source = match self.source.take() {
            Some(_) if !self.columns.is_empty() => panic!(
                "{} got data for {} besides a source: add the data to the source and name its columns",
                self.class.name(),
                self.columns.names().collect::<Vec<_>>().join(", ")
            ),
            Some(source) => source,
            None => {
                if let Err(error) = self.columns.check() {
                    panic!("{}: {error}", self.class.name());
                }
                let mut source = Attributes::new(&classes::COLUMN_DATA_SOURCE);
                source.set("data", Value::Map(self.columns.as_map().clone()));
                source.into_value()
            }
        };
        self.renderer.set("data_source", source);
        for (name, visuals) in self.visuals.looks(self.class) {
            let mut glyph = self.glyph.clone();
            for (name, value) in visuals {
                glyph.set(name, value);
            }
            self.renderer.set(name, glyph.into_value());
        }
        let renderer = GlyphRenderer::from_id(self.renderer.insert(self.doc));
        let mut renderers = self.plot.renderers(self.doc);
        renderers.push(renderer.upcast());
        self.plot.set_renderers(self.doc, renderers);
        if let Some(entry) = self.legend {
            legend::add(self.doc, self.plot, renderer, &entry);
        }
        renderer
    }

    #[track_caller]
    fn value(&mut self, name: &'static str, argument: Argument) -> Value {
        match argument.0 {
            arguments::Kind::Value(value) => value,
            arguments::Kind::Column(column) => {
                let column = if name == "image" { images::images(column) } else { column };
                self.columns.insert(name, column);
                field(Text::from_static(name)).into_spec()
            }
        }
    }
}

pub(crate) fn label(text: Text) -> LegendEntry {
    LegendEntry::Label(text)
}

pub(crate) fn column(name: Text) -> LegendEntry {
    LegendEntry::Field(name)
}

/// A glyph method's call, with what all of them have.
macro_rules! glyph_call {
    ($(#[$doc:meta])* $call:ident) => {
        $(#[$doc])*
        #[must_use = "a glyph is drawn by `draw()`"]
        #[derive(Debug)]
        pub struct $call<'doc>(GlyphCall<'doc>);

        impl $call<'_> {
            /// Takes the data from this source: a handle or a builder. Without one, a source is made of the data given.
            pub fn source(mut self, source: impl IntoProp<DataSource>) -> Self {
                self.0.set_source(source.into_prop());
                self
            }

            /// Shows only some rows of the source.
            pub fn view(mut self, view: impl IntoProp<CDSView>) -> Self {
                self.0.set_renderer("view", view.into_prop());
                self
            }

            /// Gives the glyph an entry in the legend, with this text.
            pub fn legend_label(mut self, label: impl Into<Label>) -> Self {
                self.0.set_legend(glyph_call::label(label.into()));
                self
            }

            /// Gives the glyph an entry in the legend for each different value of a column. The browser groups the rows.
            pub fn legend_field(mut self, column: impl Into<Label>) -> Self {
                self.0.set_legend(glyph_call::column(column.into()));
                self
            }

            /// Names the renderer.
            pub fn name(mut self, name: impl IntoProp<Option<String>>) -> Self {
                self.0.set_renderer("name", name.into_prop());
                self
            }

            /// Shows the glyph or not.
            pub fn visible(mut self, is_visible: bool) -> Self {
                self.0.set_renderer("visible", is_visible.into());
                self
            }

            /// Draws the glyph in its muted look.
            pub fn muted(mut self, is_muted: bool) -> Self {
                self.0.set_renderer("muted", is_muted.into());
                self
            }

            /// Draws the glyph behind or before others.
            pub fn level(mut self, level: enums::RenderLevel) -> Self {
                self.0.set_renderer("level", level.into());
                self
            }

            /// Uses one of the plot's `extra_x_ranges`.
            pub fn x_range_name(mut self, name: impl IntoProp<String>) -> Self {
                self.0.set_renderer("x_range_name", name.into_prop());
                self
            }

            /// Uses one of the plot's `extra_y_ranges`.
            pub fn y_range_name(mut self, name: impl IntoProp<String>) -> Self {
                self.0.set_renderer("y_range_name", name.into_prop());
                self
            }

            /// Adds the glyph to the plot.
            ///
            /// # Panics
            /// When the plot is not in this document, a property holds what it cannot hold, data was given besides a
            /// source, or the data are of unequal lengths.
            #[track_caller]
            pub fn draw(self) -> GlyphRenderer {
                self.0.draw()
            }
        }
    };
}

/// The arguments of a glyph method that have names.
macro_rules! arguments {
    ($call:ident: $($name:literal $set:ident: $type:ty, $facts:literal;)*) => {
        impl $call<'_> {
            $(
                #[doc = concat!("Sets `", $name, "`: ", $facts, ".")]
                pub fn $set(mut self, value: impl GlyphArg<$type>) -> Self {
                    self.0.set($name, value.into_arg());
                    self
                }
            )*
        }
    };
}

/// The colour of all parts of a glyph.
macro_rules! color_of_all {
    ($call:ident) => {
        impl $call<'_> {
            /// Sets the colour of all parts that are not given one of their own.
            pub fn color(mut self, color: impl GlyphArg<ColorSpec>) -> Self {
                self.0.set_all("color", color.into_arg());
                self
            }

            /// Sets the colour of all parts when the row is selected.
            pub fn selection_color(mut self, color: impl IntoProp<ColorSpec>) -> Self {
                self.0.set_state(GlyphState::Selection, "color", color.into_prop());
                self
            }

            /// Sets the colour of all parts when other rows are selected.
            pub fn nonselection_color(mut self, color: impl IntoProp<ColorSpec>) -> Self {
                self.0.set_state(GlyphState::Nonselection, "color", color.into_prop());
                self
            }

            /// Sets the colour of all parts under the pointer.
            pub fn hover_color(mut self, color: impl IntoProp<ColorSpec>) -> Self {
                self.0.set_state(GlyphState::Hover, "color", color.into_prop());
                self
            }

            /// Sets the colour of all parts when the glyph is muted.
            pub fn muted_color(mut self, color: impl IntoProp<ColorSpec>) -> Self {
                self.0.set_state(GlyphState::Muted, "color", color.into_prop());
                self
            }
        }
    };
}

/// The opacity of all parts of a glyph.
macro_rules! alpha_of_all {
    ($call:ident) => {
        impl $call<'_> {
            /// Sets the opacity of all parts that are not given one of their own.
            pub fn alpha(mut self, alpha: impl GlyphArg<NumberSpec>) -> Self {
                self.0.set_all("alpha", alpha.into_arg());
                self
            }

            /// Sets the opacity of all parts when the row is selected.
            pub fn selection_alpha(mut self, alpha: impl IntoProp<NumberSpec>) -> Self {
                self.0.set_state(GlyphState::Selection, "alpha", alpha.into_prop());
                self
            }

            /// Sets the opacity of all parts when other rows are selected; 0.1 unless set.
            pub fn nonselection_alpha(mut self, alpha: impl IntoProp<NumberSpec>) -> Self {
                self.0.set_state(GlyphState::Nonselection, "alpha", alpha.into_prop());
                self
            }

            /// Sets the opacity of all parts under the pointer.
            pub fn hover_alpha(mut self, alpha: impl IntoProp<NumberSpec>) -> Self {
                self.0.set_state(GlyphState::Hover, "alpha", alpha.into_prop());
                self
            }

            /// Sets the opacity of all parts when the glyph is muted; 0.2 unless set.
            pub fn muted_alpha(mut self, alpha: impl IntoProp<NumberSpec>) -> Self {
                self.0.set_state(GlyphState::Muted, "alpha", alpha.into_prop());
                self
            }
        }
    };
}
