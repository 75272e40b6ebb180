//! Units of data specs, which have a property of their own, such as `angle_units`.
//!
//! BokehJS does not know these properties: there, the units are part of the spec. So they are never sent by name, and setting
//! them sets the spec.

use bokeh_protocol::{ModelId, Spec, SpecKind, Text, Value};
use bokeh_schema::Kind;

use crate::Document;
use crate::class::Class;
use crate::model::Attr;

impl Document {
    /// The spec that such a property belongs to, and its value with these units. `None` for all other properties.
    pub(crate) fn spec_in_units(&self, model: ModelId, attr: Attr, units: &Value) -> Option<(Attr, Value)> {
        let entry = self.entry(model).ok()?;
        let Class::Known(class) = entry.class else { return None };
        let property = class.properties().get(usize::from(attr)).filter(|property| !property.is_serialized())?;
        let spec = class.property(property.name().strip_suffix("_units")?)?;
        let (Kind::Spec(kind), Value::Str(units)) = (spec.kind(), units) else { return None };
        let units = (kind.units?.default != &**units).then(|| units.clone());
        Some((spec.index(), in_units(self.effective(entry, spec.index())?, units)?))
    }
}

fn in_units(value: Value, units: Option<Text>) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Spec(spec) => Some(Value::from(Spec { units, ..Spec::clone(&spec) })),
        value => Some(Value::from(Spec { units, ..Spec::new(SpecKind::Value(value)) })),
    }
}
