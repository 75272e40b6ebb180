//! Property types as `Kind`s.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde_json::Value;

use super::{
    enum_static,
    names::{class_static, screaming},
};
use crate::codegen::spec::{Of, Spec, Type};

/// Turns types into expressions and collects what these refer to.
pub(super) struct Kinds<'spec> {
    spec: &'spec Spec,
    /// The enumerations without a name in Bokeh: the name given, by members.
    inline_enums: BTreeMap<Vec<String>, InlineEnum>,
    /// The text of each spec, by static.
    specs: BTreeMap<String, String>,
    /// The text of each kind that is used by name.
    named: BTreeMap<String, String>,
}

struct InlineEnum {
    name: String,
    is_integer: bool,
}

impl<'spec> Kinds<'spec> {
    pub(super) fn new(spec: &'spec Spec) -> Self {
        Self { spec, inline_enums: BTreeMap::new(), specs: BTreeMap::new(), named: BTreeMap::new() }
    }

    /// The expression for a type. `place`, a class and a property, names what has no name.
    pub(super) fn expression(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        if let Some(alias) = &kind.alias {
            return self.reference(alias, kind, place);
        }
        self.expand(kind, place)
    }

    fn expand(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        Ok(match kind.kind.as_str() {
            "Any" | "AnyRef" => "Kind::Any".to_owned(),
            "Null" => "Kind::Null".to_owned(),
            "Bool" => "Kind::Bool".to_owned(),
            "Int" => "Kind::INT".to_owned(),
            "Byte" => "Kind::Int(Bounds::BYTE)".to_owned(),
            "Float" | "Angle" => "Kind::FLOAT".to_owned(),
            "Alpha" | "Percent" => "Kind::PERCENT".to_owned(),
            "Size" => "Kind::Float(Bounds::NON_NEGATIVE)".to_owned(),
            "NonNegative" => self.bounded(one(kind)?, "Bounds::NON_NEGATIVE")?,
            "Positive" => self.bounded(one(kind)?, "Bounds::POSITIVE")?,
            "Interval" => self.bounded(one(kind)?, &interval(kind)?)?,
            "String" | "MathString" | "Image" => "Kind::Str".to_owned(),
            "Regex" => prefixed(kind.pattern.as_deref().context("a regex without a pattern")?)?,
            "CSSLength" | "FontSize" => "Kind::CssLength".to_owned(),
            "JSON" => "Kind::Json".to_owned(),
            "Bytes" => "Kind::Bytes".to_owned(),
            "Color" | "ColorHex" => "Kind::Color".to_owned(),
            "DashPattern" => "Kind::DashPattern".to_owned(),
            "HatchPatternType" => "Kind::HatchPattern".to_owned(),
            "Date" => "Kind::Date".to_owned(),
            "Datetime" => "Kind::Datetime".to_owned(),
            "Time" => "Kind::Time".to_owned(),
            "TimeDelta" => "Kind::TimeDelta".to_owned(),
            "ColumnData" => "Kind::ColumnData".to_owned(),
            "Auto" => "Kind::Enum(&enums::AUTO)".to_owned(),
            "Enum" => format!("Kind::Enum(&enums::{})", self.enumeration(kind, place)?),
            "Instance" => format!("Kind::Instance(&classes::{})", class_static(instance(kind))),
            "Nullable" => format!("Kind::Nullable(&{})", self.of(kind, place)?),
            "List" => format!("Kind::List(&{})", self.of(kind, place)?),
            "Seq" => format!("Kind::Seq(&{})", self.of(kind, place)?),
            "Set" => format!("Kind::Set(&{})", self.of(kind, place)?),
            "NonEmpty" => format!("Kind::NonEmpty(&{})", self.of(kind, place)?),
            "Required" | "Readonly" | "NotSerialized" | "Len" | "TypeOfAttr" => self.of(kind, place)?,
            "Dict" | "RestrictedDict" => {
                let key = kind.key.as_ref().context("a dict without keys")?;
                let value = kind.value.as_ref().context("a dict without values")?;
                format!("Kind::Dict(&{}, &{})", self.expression(key, place)?, self.expression(value, place)?)
            }
            "Tuple" => format!("Kind::Tuple(&[{}])", self.all(kind, place)?),
            "Either" | "TextLike" => format!("Kind::Either(&[{}])", self.all(kind, place)?),
            "Struct" => format!("Kind::Struct(&[{}])", self.fields(kind, place)?),
            "Factor" | "FactorSeq" | "MinMaxBounds" => {
                let definition = self.spec.kind_definitions.get(&kind.kind).context("a kind without a definition")?;
                match &definition.of {
                    Some(Of::Type(of)) => self.reference(&kind.kind, of, place)?,
                    _ => self.reference(&kind.kind, definition, place)?,
                }
            }
            spec if spec.ends_with("Spec") => format!("Kind::Spec(&specs::{})", self.data_spec(kind, place)?),
            other => bail!("the property type {other} has no kind yet"),
        })
    }

    fn of(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        self.expression(one(kind)?, place)
    }

    fn all(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        let Some(Of::Types(kinds)) = &kind.of else { bail!("{} without alternatives", kind.kind) };
        let kinds = kinds.iter().map(|kind| self.expression(kind, place));
        Ok(kinds.collect::<anyhow::Result<Vec<_>>>()?.join(", "))
    }

    fn fields(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        let fields = kind.fields.iter().map(|(name, field)| {
            let kind = self.expression(&field.kind, place)?;
            Ok(format!("Field {{ name: {name:?}, kind: {kind}, is_optional: {} }}", field.is_optional))
        });
        Ok(fields.collect::<anyhow::Result<Vec<_>>>()?.join(", "))
    }

    /// Numbers within bounds, whatever they are wrapped in.
    fn bounded(&mut self, kind: &Type, bounds: &str) -> anyhow::Result<String> {
        Ok(match (kind.kind.as_str(), &kind.of) {
            ("Int", _) if bounds == "Bounds::NON_NEGATIVE" => "Kind::COUNT".to_owned(),
            ("Int", _) => format!("Kind::Int({bounds})"),
            ("Float", _) => format!("Kind::Float({bounds})"),
            ("Either", Some(Of::Types(kinds))) => {
                let kinds = kinds.iter().map(|kind| self.bounded(kind, bounds)).collect::<anyhow::Result<Vec<_>>>()?;
                format!("Kind::Either(&[{}])", kinds.join(", "))
            }
            (other, _) => bail!("bounds of a {other}"),
        })
    }

    /// A kind that is written once and used by name.
    fn reference(&mut self, name: &str, kind: &Type, place: &str) -> anyhow::Result<String> {
        let constant = screaming(name);
        if !self.named.contains_key(&constant) {
            let text = self.expand(kind, place)?;
            self.named.insert(constant.clone(), text);
        }
        Ok(format!("kinds::{constant}"))
    }

    /// The static of an enumeration. One without a name takes that of the first with the same members.
    fn enumeration(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        if let Some(name) = &kind.enum_name {
            return Ok(screaming(name));
        }
        let is_integer = kind.values.iter().all(Value::is_i64);
        let values: Vec<String> =
            kind.values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
        if let Some((name, _)) = self.spec.enums.iter().find(|(_, known)| known.values == values) {
            return Ok(screaming(name));
        }
        let alias = self.spec.aliases.iter().find(|(_, alias)| alias.kind == "Enum" && alias.values == kind.values);
        let name = alias.map_or_else(|| camel(place), |(name, _)| name.clone());
        let known = self.inline_enums.entry(values).or_insert(InlineEnum { name, is_integer });
        Ok(screaming(&known.name))
    }

    /// The static of a data spec: named by its type, or by the property if it is of the general type.
    fn data_spec(&mut self, kind: &Type, place: &str) -> anyhow::Result<String> {
        let name = match kind.kind.as_str() {
            "DataSpec" => screaming(&camel(place)),
            name => screaming(name.trim_end_matches("Spec")),
        };
        let value = self.expression(kind.value.as_ref().context("a spec without values")?, place)?;
        let units = kind.units.as_ref().map_or("None".to_owned(), |units| {
            format!("Some(Units {{ values: &enums::{}, default: {:?} }})", screaming(&units.enum_name), units.default)
        });
        let text = format!(
            "/// The data spec `{}`.\npub static {name}: Spec = Spec {{ name: {:?}, value: {value}, units: {units} }};\n",
            kind.kind, kind.kind
        );
        let known = self.specs.entry(name.clone()).or_insert_with(|| text.clone());
        if *known != text {
            bail!("two data specs would be called {name}");
        }
        Ok(name)
    }

    /// What an event's value is. Bokeh declares few of these types; the others are what BokehJS sends.
    pub(super) fn event_value(&mut self, event: &str, name: &str) -> anyhow::Result<String> {
        Ok(match (event, name) {
            (_, "model") => "Kind::Nullable(&Kind::Instance(&classes::MODEL))",
            ("AxisClick", "value") => {
                let factor = &self.spec.kind_definitions["Factor"];
                self.reference("Factor", one(factor)?, event)?;
                "Kind::Nullable(&Kind::Either(&[Kind::FLOAT, kinds::FACTOR]))"
            }
            ("ValueSubmit", "value") => "Kind::Str",
            ("LegendItemClick", "item") => "Kind::Instance(&classes::LEGEND_ITEM)",
            ("MenuItemClick", "item") => "Kind::Nullable(&Kind::Str)",
            (_, "final") => "Kind::Bool",
            (_, "geometry") => "Kind::Nullable(&Kind::Dict(&Kind::Str, &Kind::Any))",
            (_, "modifiers") => "Kind::Nullable(&Kind::Dict(&Kind::Str, &Kind::Bool))",
            (_, "direction") => "Kind::Nullable(&Kind::INT)",
            (
                _,
                "sx" | "sy" | "x" | "y" | "x0" | "x1" | "y0" | "y1" | "delta" | "delta_x" | "delta_y" | "scale"
                | "rotation",
            ) => "Kind::Nullable(&Kind::FLOAT)",
            _ => bail!("the value {name} of the event {event} has no kind yet"),
        }
        .to_owned())
    }

    pub(super) fn enums(&self) -> String {
        let named = self.spec.enums.iter().map(|(name, members)| {
            (name.clone(), enum_static(name, &members.values, members.is_case_sensitive, false))
        });
        let inline = self
            .inline_enums
            .iter()
            .map(|(values, found)| (found.name.clone(), enum_static(&found.name, values, true, found.is_integer)));
        let sorted: BTreeMap<String, String> = named.chain(inline).collect();
        let list: Vec<String> = sorted.keys().map(|name| format!("    &{},\n", screaming(name))).collect();
        let statics: Vec<String> = sorted.into_values().collect();
        format!(
            "/// Every enumeration, sorted by name.\npub static ALL: &[&EnumDef] = &[\n{}];\n\n{}",
            list.concat(),
            statics.join("\n")
        )
    }

    pub(super) fn specs(&self) -> String {
        self.specs.values().cloned().collect::<Vec<_>>().join("\n")
    }

    pub(super) fn named(&self) -> anyhow::Result<String> {
        let constants = self
            .named
            .iter()
            .map(|(name, text)| format!("pub(super) const {name}: Kind = {};\n", text.replace("kinds::", "")));
        Ok(constants.collect())
    }
}

fn one(kind: &Type) -> anyhow::Result<&Type> {
    match &kind.of {
        Some(Of::Type(of)) => Ok(of),
        _ => bail!("{} of nothing", kind.kind),
    }
}

/// The class of an instance. The few that may be of any Python class with properties are models in practice.
fn instance(kind: &Type) -> &str {
    match &kind.of {
        Some(Of::Class(name)) => name,
        _ => "Model",
    }
}

fn interval(kind: &Type) -> anyhow::Result<String> {
    let start = kind.start.context("an interval without a start")?;
    Ok(match kind.end {
        Some(end) => format!("Bounds::between({start:?}, {end:?})"),
        None => format!("Bounds::at_least({start:?})"),
    })
}

/// All of Bokeh's patterns ask for a beginning. The one for data URLs has a slip (`\d` is a digit) and never matches them.
fn prefixed(pattern: &str) -> anyhow::Result<String> {
    let prefix = match pattern {
        "^--" => "--",
        "^\\." => ".",
        "^@.*$" => "@",
        "^\\data:image" => "data:image",
        other => bail!("the pattern {other:?} has no kind yet"),
    };
    Ok(format!("Kind::Prefixed({prefix:?})"))
}

/// `RangeTool_start_gesture` becomes `RangeToolStartGesture`.
fn camel(place: &str) -> String {
    let place = place.rsplit('.').next().unwrap_or(place);
    let words = place.split('_').filter_map(|word| word.split_at_checked(1));
    words.map(|(first, rest)| format!("{}{rest}", first.to_ascii_uppercase())).collect()
}
