//! Data specs.

use bokeh_protocol::{Map, Spec, SpecKind, Text, Value};
use bokeh_schema::{Kind, Spec as SpecDef, classes};

use super::misfit::Misfit;
use super::{Checker, Normal, misfit};

impl Checker<'_> {
    /// Checks what is given to a data spec, bare or in full.
    ///
    /// A bare value must fit. In full, any value will do: a factor where numbers are the rule, a name that only the
    /// browser knows.
    pub(super) fn spec<'a>(&self, kind: &Kind, spec: &SpecDef, value: &'a Value) -> Normal<'a> {
        let bare = match value {
            Value::Spec(given) => {
                let expr = match &given.kind {
                    SpecKind::Expr(expr) => Some(expr),
                    SpecKind::Value(_) | SpecKind::Field(_) => None,
                };
                let parts = self.parts(spec, expr, given.transform.as_ref(), given.units.as_ref());
                return parts.map(|()| None);
            }
            Value::Map(map) => return self.map(kind, spec, value, map),
            Value::Str(text) if spec.reads_as_value(text) => SpecKind::Value(value.clone()),
            Value::Str(column) => SpecKind::Field(column.clone()),
            Value::Model(_) => {
                self.check(&EXPRESSION, value).map_err(|misfit| misfit.or_shallow(kind, value))?;
                SpecKind::Expr(value.clone())
            }
            _ => {
                let normal = self.check(&spec.value, value).map_err(|misfit| misfit.or_shallow(kind, value))?;
                SpecKind::Value(normal.unwrap_or_else(|| value.clone()))
            }
        };
        Ok(Some(Value::from(Spec::new(bare))))
    }

    /// A spec that is written as a map, without a tag.
    fn map<'a>(&self, kind: &Kind, spec: &SpecDef, value: &'a Value, map: &'a Map) -> Normal<'a> {
        let (mut source, mut transform, mut units) = (None, None, None);
        for (key, part) in map.entries() {
            match (key.as_str(), part) {
                (Some("value"), _) if source.is_none() => source = Some(SpecKind::Value(part.clone())),
                (Some("expr"), _) if source.is_none() => source = Some(SpecKind::Expr(part.clone())),
                (Some("field"), Value::Str(column)) if source.is_none() => {
                    source = Some(SpecKind::Field(column.clone()));
                }
                (Some("transform" | "units"), Value::Null) => {}
                (Some("transform"), _) => transform = Some(part),
                (Some("units"), Value::Str(unit)) => units = Some(unit),
                _ => return misfit(kind, value),
            }
        }
        let Some(source) = source else { return misfit(kind, value) };
        self.parts(spec, map.get("expr"), transform, units)?;
        Ok(Some(Value::from(Spec { kind: source, transform: transform.cloned(), units: units.cloned() })))
    }

    fn parts<'a>(
        &self,
        spec: &SpecDef,
        expr: Option<&'a Value>,
        transform: Option<&'a Value>,
        unit: Option<&Text>,
    ) -> Result<(), Misfit<'a>> {
        if let Some(expr) = expr {
            self.check(&EXPR, expr).map_err(|misfit| misfit.in_part("expr"))?;
        }
        if let Some(transform) = transform {
            self.check(&TRANSFORM, transform).map_err(|misfit| misfit.in_part("transform"))?;
        }
        match (unit, &spec.units) {
            (Some(unit), Some(units)) if !units.values.contains(unit) => {
                Err(Misfit::of_owned(&Kind::Enum(units.values), Value::Str(unit.clone())).in_part("units"))
            }
            _ => Ok(()),
        }
    }
}

const EXPRESSION: Kind = Kind::Instance(&classes::EXPRESSION);
const EXPR: Kind = Kind::Either(&[EXPRESSION, Kind::Instance(&classes::SCALAR_EXPRESSION)]);
const TRANSFORM: Kind = Kind::Instance(&classes::TRANSFORM);
