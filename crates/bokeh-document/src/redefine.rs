//! Definitions of models that are here already, from the server that this document follows.

use bokeh_protocol::{ModelId, PatchEvent, Value};
use rustc_hash::FxHashSet;

use crate::callback::Key;
use crate::class::Class;
use crate::model::Attr;
use crate::stage::Redefined;
use crate::{Change, Document, Origin};

/// What is true of the properties that a definition does not name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unnamed {
    HasDefault,
    /// A change of an attached model may be under way to the server, who did not know of it when it wrote the definition.
    HasDefaultIfDetached,
}

/// A property that holds something else since a definition was taken over, and nobody was told yet.
#[must_use = "callbacks are still to be told"]
pub(crate) struct Overwritten {
    model: ModelId,
    attr: Attr,
    old: Value,
    new: Value,
    is_attached: bool,
}

impl Document {
    /// Stores what definitions say, of which [`tell_overwritten`](Self::tell_overwritten) tells when everything else is in
    /// place, too.
    pub(crate) fn overwrite(&mut self, redefined: Vec<Redefined>, unnamed: Unnamed) -> Vec<Overwritten> {
        let mut overwritten = Vec::new();
        for (model, attributes) in redefined {
            let is_attached = self.is_attached(model);
            let unset = match unnamed {
                Unnamed::HasDefaultIfDetached if is_attached => Vec::new(),
                _ => self.unnamed(model, &attributes),
            };
            let values = attributes.into_iter().map(|(attr, value)| (attr, Some(value)));
            for (attr, value) in values.chain(unset.into_iter().map(|attr| (attr, None))) {
                let Some(entry) = self.models.get(&model.index) else { continue };
                let old = self.effective(entry, attr).unwrap_or_default();
                let Some(entry) = self.models.get_mut(&model.index) else { continue };
                let links = match value {
                    Some(value) => entry.put(attr, value),
                    None => entry.unset(attr),
                };
                self.graph.note(model, links);
                let Some(entry) = self.models.get(&model.index) else { continue };
                let new = self.effective(entry, attr).unwrap_or_default();
                if !old.matches(&new) {
                    overwritten.push(Overwritten { model, attr, old, new, is_attached });
                }
            }
        }
        overwritten
    }

    pub(crate) fn tell_overwritten(&mut self, overwritten: Vec<Overwritten>, origin: Origin) {
        for Overwritten { model, attr, old, new, is_attached } in overwritten {
            let Some(class) = self.models.get(&model.index).map(|entry| entry.class) else { continue };
            let change = (is_attached && self.is_serialized(class, attr)).then(|| {
                let event = PatchEvent::ModelChanged { model, attr: self.property_name(class, attr), new: new.clone() };
                Change { origin, event }
            });
            self.report_property(model, attr, change, old, new);
        }
    }

    /// Subscribes to the events that callbacks wait for where a definition has forgotten it.
    pub(crate) fn renew_subscriptions(&mut self) {
        for key in self.callbacks.keys() {
            if let Key::Event(Some(model), event) = key {
                // Models that the callback outlived are swept with it.
                self.subscribe(model, &event).ok();
            }
        }
    }

    /// What is set and a definition does not name. Sub-models that the model owns are left alone: it is never without them.
    fn unnamed(&self, model: ModelId, named: &[(Attr, Value)]) -> Vec<Attr> {
        let Ok(entry) = self.entry(model) else { return Vec::new() };
        let owned: FxHashSet<Attr> = match entry.class {
            Class::Known(class) => class.always_sent().map(|property| property.index()).collect(),
            Class::Dynamic(_) => FxHashSet::default(),
        };
        let is_unnamed = |attr: &Attr| {
            !named.iter().any(|(other, _)| other == attr)
                && !owned.contains(attr)
                && self.is_serialized(entry.class, *attr)
        };
        entry.attributes().iter().map(|(attr, _)| *attr).filter(is_unnamed).collect()
    }
}
