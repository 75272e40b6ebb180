//! Whether a value may be stored in a property, and in which form.

mod array;
mod iso;
mod misfit;
mod spec;

use bokeh_protocol::{Map, ModelId, SharedVec, Value};
use bokeh_schema::{ClassDef, Field, Kind};

use misfit::Misfit;

pub use misfit::KindError;

/// What classes the models of a document have.
pub(crate) trait ModelClasses {
    /// Whether a model is of this class or of one below it. For a model whose class is in no schema, whether it might be.
    fn is_a(&self, model: ModelId, class: &'static ClassDef) -> bool;

    /// The name of a model's class, for messages.
    fn class_name(&self, _model: ModelId) -> Option<&str> {
        None
    }
}

/// Checks a value that a peer or the user gives to a property, and returns it in the form in which it is stored.
///
/// That is nearly always the value itself. JavaScript knows one type of number, so that integral floats become
/// integers where only those fit; what is given to a data spec becomes a value, a field or an expression; lists
/// become sets where sets are wanted; and texts become milliseconds where instants are wanted.
pub(crate) fn accept(kind: &Kind, value: Value, models: &dyn ModelClasses) -> Result<Value, KindError> {
    match (Checker { models }).check(kind, &value) {
        Ok(None) => Ok(value),
        Ok(Some(normal)) => Ok(normal),
        Err(misfit) => Err(misfit.into_error(models)),
    }
}

/// The normal form of a value, or nothing when the value has that form already.
type Normal<'a> = Result<Option<Value>, Misfit<'a>>;

struct Checker<'m> {
    models: &'m dyn ModelClasses,
}

impl Checker<'_> {
    fn check<'a>(&self, kind: &Kind, value: &'a Value) -> Normal<'a> {
        match (kind, value) {
            (Kind::Any, _)
            | (Kind::Null | Kind::Nullable(_), Value::Null)
            | (Kind::Bool, Value::Bool(_))
            | (Kind::Bytes, Value::Bytes(_))
            | (Kind::Date | Kind::Datetime | Kind::Time | Kind::TimeDelta, Value::Int(_) | Value::Float(_))
            | (Kind::Color, Value::Int(_)) => Ok(None),
            #[expect(clippy::cast_precision_loss, reason = "all bounds are small integers")]
            (Kind::Float(bounds) | Kind::Int(bounds), Value::Int(number)) if bounds.contains(*number as f64) => {
                Ok(None)
            }
            (Kind::Float(bounds), Value::Float(number)) if bounds.contains(*number) => Ok(None),
            (Kind::Int(bounds), Value::Float(number)) if bounds.contains(*number) => integral(kind, value),
            (Kind::Color, Value::Float(_)) => integral(kind, value),
            (Kind::Enum(members), Value::Int(_) | Value::Float(_)) => match value.as_i64() {
                Some(number) if members.contains_int(number) => integral(kind, value),
                _ => misfit(kind, value),
            },
            (Kind::Json, Value::Str(text)) => fits(is_json(text), kind, value),
            (Kind::Date, Value::Str(text)) => fits(iso::instant(text).is_some(), kind, value),
            // BokehJS knows instants as numbers only.
            (Kind::Datetime, Value::Str(text)) => match iso::instant(text) {
                Some(millis) => Ok(Some(Value::Float(millis))),
                None => misfit(kind, value),
            },
            (Kind::Time, Value::Str(text)) => fits(iso::time_of_day(text).is_some(), kind, value),
            (Kind::Instance(class), Value::Model(model)) => fits(self.models.is_a(*model, class), kind, value),
            (Kind::Nullable(of), _) => self.check(of, value).map_err(|misfit| misfit.or_shallow(kind, value)),
            (Kind::List(of) | Kind::Seq(of), Value::List(items)) => self.list(of, items),
            (Kind::Seq(of), Value::Array(array)) => self.array(kind, of, value, array),
            (Kind::NonEmpty(of), _) => match self.check(of, value)? {
                None if is_empty(value) => misfit(kind, value),
                normal => Ok(normal),
            },
            (Kind::Set(of), Value::Set(items)) => self.items(of, items).map(|items| items.map(Value::Set)),
            // Plain JSON has no sets.
            (Kind::Set(of), Value::List(items)) => {
                let changed = self.items(of, items)?;
                Ok(Some(Value::Set(changed.unwrap_or_else(|| items.clone()))))
            }
            (Kind::Dict(key, of), Value::Map(map)) => self.dict(key, of, map),
            (Kind::Tuple(kinds), Value::List(items)) if kinds.len() == items.len() => {
                self.each(kinds.iter().zip(items.iter()), items).map(|items| items.map(Value::List))
            }
            (Kind::Struct(fields), Value::Map(map)) => self.fields(kind, fields, value, map),
            (Kind::Either(kinds), _) => self.either(kind, kinds, value),
            (Kind::Color, Value::List(channels)) => self.channels(kind, value, channels),
            (Kind::DashPattern, Value::List(items)) => self.list(&Kind::INT, items),
            (Kind::ColumnData, Value::Map(columns)) => {
                columns.entries().iter().try_for_each(|(key, column)| is_column(kind, key, column)).map(|()| None)
            }
            (Kind::Spec(spec), _) => self.spec(kind, spec, value),
            (_, Value::Str(text)) => fits(kind.accepts_str(text), kind, value),
            _ => misfit(kind, value),
        }
    }

    fn list<'a>(&self, of: &Kind, items: &'a SharedVec<Value>) -> Normal<'a> {
        self.items(of, items).map(|items| items.map(Value::List))
    }

    fn items<'a>(&self, of: &Kind, items: &'a SharedVec<Value>) -> Result<Option<SharedVec<Value>>, Misfit<'a>> {
        self.each(items.iter().map(|item| (of, item)), items)
    }

    /// Checks items each against its kind. `original` is copied only when some item has another normal form.
    fn each<'k, 'a>(
        &self,
        items: impl Iterator<Item = (&'k Kind, &'a Value)>,
        original: &SharedVec<Value>,
    ) -> Result<Option<SharedVec<Value>>, Misfit<'a>> {
        let mut changed: Option<Vec<Value>> = None;
        for (index, (kind, item)) in items.enumerate() {
            if let Some(normal) = self.check(kind, item).map_err(|misfit| misfit.in_item(index))? {
                changed.get_or_insert_with(|| original.to_vec())[index] = normal;
            }
        }
        Ok(changed.map(SharedVec::from))
    }

    fn dict<'a>(&self, key_kind: &Kind, of: &Kind, map: &'a Map) -> Normal<'a> {
        let mut changed: Option<Vec<(Value, Value)>> = None;
        for (index, (key, value)) in map.entries().iter().enumerate() {
            let normal_key = match (key_kind, key) {
                // The keys of JavaScript's objects are strings.
                (Kind::Int(_), Value::Str(digits)) => match digits.parse() {
                    Ok(number) => Some(Value::Int(number)),
                    Err(_) => return misfit(key_kind, key).map_err(Misfit::in_key),
                },
                _ => self.check(key_kind, key).map_err(Misfit::in_key)?,
            };
            let normal_value = self.check(of, value).map_err(|misfit| misfit.in_value_of(key))?;
            if normal_key.is_some() || normal_value.is_some() {
                let entry = &mut changed.get_or_insert_with(|| map.entries().to_vec())[index];
                entry.0 = normal_key.unwrap_or_else(|| key.clone());
                entry.1 = normal_value.unwrap_or_else(|| value.clone());
            }
        }
        Ok(changed.map(|entries| Value::Map(entries.into_iter().collect())))
    }

    fn fields<'a>(&self, kind: &Kind, fields: &[Field], value: &'a Value, map: &'a Map) -> Normal<'a> {
        if fields.iter().any(|field| !field.is_optional && map.get(field.name).is_none()) {
            return misfit(kind, value);
        }
        let mut changed: Option<Map> = None;
        for (key, value_of_key) in map.entries() {
            let Some(field) = fields.iter().find(|field| key.as_str() == Some(field.name)) else {
                return misfit(kind, value);
            };
            let normal = self.check(&field.kind, value_of_key).map_err(|misfit| misfit.in_value_of(key))?;
            if let Some(normal) = normal {
                changed.get_or_insert_with(|| map.clone()).insert(field.name, normal);
            }
        }
        Ok(changed.map(Value::Map))
    }

    /// The first kind that fits; a text stays one if it can, since a category may look like a date. When just one kind fits at least the outside of the value, its complaint is the one
    /// that helps.
    fn either<'a>(&self, kind: &Kind, kinds: &[Kind], value: &'a Value) -> Normal<'a> {
        let mut inner: Option<Misfit<'a>> = None;
        let mut n_inner = 0;
        let mut converted = None;
        for alternative in kinds {
            match self.check(alternative, value) {
                Ok(Some(normal)) if matches!(value, Value::Str(_)) => converted = converted.or(Some(normal)),
                Ok(normal) => return Ok(normal),
                Err(misfit) if misfit.is_inside() => {
                    n_inner += 1;
                    inner = Some(misfit);
                }
                Err(_) => {}
            }
        }
        if converted.is_some() {
            return Ok(converted);
        }
        match inner {
            Some(misfit) if n_inner == 1 => Err(misfit),
            _ => misfit(kind, value),
        }
    }

    fn channels<'a>(&self, kind: &Kind, value: &'a Value, channels: &'a SharedVec<Value>) -> Normal<'a> {
        const BYTE: Kind = Kind::Int(bokeh_schema::Bounds::BYTE);
        const RGBA: Kind = Kind::Tuple(&[BYTE, BYTE, BYTE, Kind::PERCENT]);
        const RGB: Kind = Kind::Tuple(&[BYTE, BYTE, BYTE]);
        let kinds = if channels.len() == 4 { RGBA } else { RGB };
        self.check(&kinds, value).map_err(|misfit| misfit.or_shallow(kind, value))
    }
}

fn is_column<'a>(kind: &Kind, key: &'a Value, column: &'a Value) -> Result<(), Misfit<'a>> {
    const COLUMN: &Kind = &Kind::Seq(&Kind::Any);
    match (key, column) {
        (Value::Str(_), Value::List(_) | Value::Array(_)) => Ok(()),
        (Value::Str(_), _) => Err(Misfit::new(COLUMN, column).in_value_of(key)),
        _ => Err(Misfit::new(kind, key).in_key()),
    }
}

fn fits<'a>(does_fit: bool, kind: &Kind, value: &'a Value) -> Normal<'a> {
    if does_fit { Ok(None) } else { misfit(kind, value) }
}

fn misfit<'a>(kind: &Kind, value: &'a Value) -> Normal<'a> {
    Err(Misfit::new(kind, value))
}

/// The integer in a number, which may be an integral float.
fn integral<'a>(kind: &Kind, value: &'a Value) -> Normal<'a> {
    match (value, value.as_i64()) {
        (Value::Int(_), _) => Ok(None),
        (_, Some(number)) => Ok(Some(Value::Int(number))),
        _ => misfit(kind, value),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(items) => items.is_empty(),
        Value::Array(array) => array.is_empty(),
        _ => false,
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

#[cfg(test)]
mod tests;
