//! Entries in the legend of a plot.

use bokeh_document::Document;
use bokeh_protocol::{Text, Value};

use crate::attributes::Attributes;
use crate::model::{read, write};
use crate::models::{GlyphRenderer, Legend, LegendItem, Plot};
use crate::{IntoModel, IntoProp, Model, StringSpec, field, value};

/// The entry that a glyph asks for.
#[derive(Clone, Debug)]
pub(crate) enum LegendEntry {
    Label(Text),
    Field(Text),
}

/// Adds a renderer to the legend: to the entry of that label if there is one.
#[track_caller]
pub(super) fn add(doc: &mut Document, plot: Plot, renderer: GlyphRenderer, entry: &LegendEntry) {
    let legend = find_or_make(doc, plot);
    let items = legend.items(doc);
    let (item, label) = match entry {
        LegendEntry::Label(text) => {
            let label = value(text.clone());
            (LegendItem::new().label(label.clone()), IntoProp::<StringSpec>::into_prop(label))
        }
        LegendEntry::Field(name) => {
            let label = field(name.clone());
            (LegendItem::new().label(label.clone()), label.into_spec())
        }
    };
    match items.iter().find(|item| item.label(doc).as_value().matches(&label)) {
        Some(item) => {
            let mut renderers = item.renderers(doc);
            renderers.push(renderer);
            item.set_renderers(doc, renderers);
        }
        None => {
            let mut items: Vec<Value> = items.into_iter().map(|item| Value::Model(item.id())).collect();
            items.push(item.renderers([renderer]).into_model_value());
            write(doc, legend, "items", items.into());
        }
    }
}

/// The first legend in any of the plot's panels that has no name.
#[track_caller]
fn find_or_make(doc: &mut Document, plot: Plot) -> Legend {
    for panel in ["above", "below", "left", "right", "center"] {
        let models: Vec<Value> = read(doc, plot, panel);
        let legends = models.iter().filter_map(Value::as_model).map(Legend::from_id);
        let found =
            legends.filter(|legend| doc.is_a(legend.id(), Legend::CLASS)).find(|legend| legend.name(doc).is_none());
        if let Some(legend) = found {
            return legend;
        }
    }
    let legend = Legend::from_id(Attributes::new(Legend::CLASS).insert(doc));
    let mut center: Vec<Value> = read(doc, plot, "center");
    center.push(Value::Model(legend.id()));
    write(doc, plot, "center", center.into());
    legend
}
