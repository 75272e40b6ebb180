//! The Rust types of properties.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codegen::spec::{Of, Spec, Type};

/// Maps Bokeh's property types to Rust's and collects the enumerations that have no name.
pub(super) struct Types<'spec> {
    spec: &'spec Spec,
    inline_enums: BTreeMap<Vec<String>, String>,
}

impl<'spec> Types<'spec> {
    pub(super) fn new(spec: &'spec Spec) -> Self {
        Self { spec, inline_enums: BTreeMap::new() }
    }

    /// Names and members of the enumerations that have no name in Bokeh.
    pub(super) fn inline_enums(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        self.inline_enums.iter().map(|(values, name)| (name.clone(), values.clone()))
    }

    /// Enumerations whose members are names of something else: colours and palettes.
    pub(super) fn is_open_enum(&self, name: &str) -> bool {
        matches!(name, "NamedColor" | "Palette")
    }

    /// The Rust type of a property; `Value` where several kinds of values are possible.
    pub(super) fn rust(&mut self, kind: &Type, place: &str) -> String {
        let text = match kind.kind.as_str() {
            "Bool" => "bool",
            "Int" | "Byte" => "i64",
            "Float" | "Size" | "Percent" | "Alpha" | "Angle" | "TimeDelta" => "f64",
            "String" | "MathString" | "FontSize" | "CSSLength" | "JSON" | "Image" | "Regex" | "HatchPatternType" => {
                "String"
            }
            "Date" | "Datetime" | "Time" => "DateValue",
            "Color" | "ColorHex" => "Color",
            "DashPattern" => "DashPattern",
            "ColumnData" => "Data",
            "Factor" => "Factor",
            "FactorSeq" => "Vec<Factor>",
            "NumberSpec" | "FloatSpec" | "AlphaSpec" | "SizeSpec" | "DistanceSpec" | "AngleSpec" | "UnitsSpec"
            | "NullDistanceSpec" => "NumberSpec",
            "NullStringSpec" => "StringSpec",
            "DataSpec" => "AnySpec",
            spec @ ("IntSpec" | "StringSpec" | "ColorSpec" | "FontSizeSpec" | "DashPatternSpec"
            | "HatchPatternSpec" | "LineJoinSpec" | "LineCapSpec" | "FontStyleSpec" | "TextAlignSpec"
            | "TextBaselineSpec" | "MarkerSpec") => spec,
            "Enum" => return self.enumeration(kind, place),
            "Instance" => {
                return match &kind.of {
                    Some(Of::Class(name)) if self.spec.models.get(name).is_some_and(|class| class.is_model) => {
                        handle(name)
                    }
                    _ => "Value".to_owned(),
                };
            }
            "Nullable" => {
                let of = self.inner(kind, place);
                return if of == "Value" || of.starts_with("Option<") { of } else { format!("Option<{of}>") };
            }
            "List" | "Seq" | "Set" => return format!("Vec<{}>", self.inner(kind, place)),
            "Required" | "Readonly" | "NotSerialized" | "NonNegative" | "Positive" | "NonEmpty" | "Len"
            | "TypeOfAttr" | "Interval" => return self.inner(kind, place),
            "Dict" => {
                let (Some(key), Some(value)) = (&kind.key, &kind.value) else { return "Value".to_owned() };
                return format!("Dict<{}, {}>", self.rust(key, place), self.rust(value, place));
            }
            "Tuple" => {
                let Some(Of::Types(items)) = &kind.of else { return "Value".to_owned() };
                let items: Vec<String> = items.iter().map(|item| self.rust(item, place)).collect();
                return format!("({})", items.join(", "));
            }
            "Either" | "TextLike" => return self.either(kind, place),
            _ => "Value",
        };
        text.to_owned()
    }

    fn inner(&mut self, kind: &Type, place: &str) -> String {
        match &kind.of {
            Some(Of::Type(of)) => self.rust(of, place),
            _ => "Value".to_owned(),
        }
    }

    /// Alternatives that come to one Rust type have it: numbers, coordinates, or with null an option.
    fn either(&mut self, kind: &Type, place: &str) -> String {
        let Some(Of::Types(kinds)) = &kind.of else { return "Value".to_owned() };
        let is_nullable = kinds.iter().any(|kind| kind.kind == "Null");
        let mut rust: Vec<String> =
            kinds.iter().filter(|kind| kind.kind != "Null").map(|kind| self.rust(kind, place)).collect();
        rust.sort();
        rust.dedup();
        let all = |among: &[&str]| rust.iter().all(|rust| among.contains(&rust.as_str()));
        let one = match rust.as_slice() {
            [one] => one.clone(),
            _ if all(&["f64", "i64"]) => "f64".to_owned(),
            _ if all(&["f64", "i64", "DateValue", "Factor", "Coordinate"]) => "Coordinate".to_owned(),
            // Of a string and a model.
            [a, b] if (a == "String") != (b == "String") && kinds.iter().any(|kind| kind.kind == "Instance") => {
                format!("TextOr<{}>", if a == "String" { b } else { a })
            }
            // Of a map and a model.
            [map, model] if kinds.iter().any(|kind| kind.kind == "Instance") => {
                let Some(entries) = map.strip_prefix("Dict<").and_then(|map| map.strip_suffix('>')) else {
                    return "Value".to_owned();
                };
                format!("MapOr<{entries}, {model}>")
            }
            _ => return "Value".to_owned(),
        };
        if is_nullable && one != "Value" { format!("Option<{one}>") } else { one }
    }

    fn enumeration(&mut self, kind: &Type, place: &str) -> String {
        if let Some(name) = &kind.enum_name {
            return if self.is_open_enum(name) { "String".to_owned() } else { format!("enums::{name}") };
        }
        if kind.values.iter().any(Value::is_i64) {
            return "i64".to_owned();
        }
        let values: Vec<String> = kind.values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if let Some((name, _)) = self.spec.enums.iter().find(|(_, known)| known.values == values) {
            return format!("enums::{name}");
        }
        let alias = self.spec.aliases.iter().find(|(_, alias)| alias.kind == "Enum" && alias.values == kind.values);
        let name = alias.map_or_else(|| camel(place), |(name, _)| name.clone());
        format!("enums::{}", self.inline_enums.entry(values).or_insert(name))
    }
}

/// The handle of a class: its name, but for those that would stand in the way of something else.
pub(super) fn handle(class: &str) -> String {
    match class {
        "Model" => "AnyModel".to_owned(),
        "Option" => "OptionModel".to_owned(),
        _ => match class.strip_prefix("bokeh.models.dom.") {
            Some(name) => format!("Dom{name}"),
            None => class.to_owned(),
        },
    }
}

/// `BaseText_font` becomes `BaseTextFont`.
fn camel(place: &str) -> String {
    let place = place.rsplit('.').next().unwrap_or(place);
    let words = place.split('_').filter_map(|word| word.split_at_checked(1));
    words.map(|(first, rest)| format!("{}{rest}", first.to_ascii_uppercase())).collect()
}

/// What a property may hold, in words.
pub(super) fn describe(kind: &Type) -> String {
    let inner = || match &kind.of {
        Some(Of::Type(of)) => describe(of),
        Some(Of::Class(name)) => format!("a `{}`", handle(name)),
        _ => "anything".to_owned(),
    };
    let all = |separator: &str| match &kind.of {
        Some(Of::Types(of)) => of.iter().map(describe).collect::<Vec<_>>().join(separator),
        _ => "anything".to_owned(),
    };
    let units = kind.units.as_ref().map(|units| format!(" in units of `{}`", units.default)).unwrap_or_default();
    match kind.kind.as_str() {
        "Bool" => "a boolean".to_owned(),
        "Int" => "an integer".to_owned(),
        "Byte" => "an integer from 0 to 255".to_owned(),
        "Float" => "a number".to_owned(),
        "Size" => "a number of at least 0".to_owned(),
        "Percent" | "Alpha" => "a number from 0 to 1".to_owned(),
        "Angle" => "an angle".to_owned(),
        "TimeDelta" => "a duration in milliseconds".to_owned(),
        "String" | "Image" | "Regex" => "a string".to_owned(),
        "MathString" => "a string, perhaps with TeX".to_owned(),
        "FontSize" | "CSSLength" => "a CSS length".to_owned(),
        "JSON" => "JSON text".to_owned(),
        "HatchPatternType" => "a hatch pattern".to_owned(),
        "Date" => "a date".to_owned(),
        "Datetime" => "an instant in milliseconds since the epoch".to_owned(),
        "Time" => "a time of day".to_owned(),
        "Color" | "ColorHex" => "a colour".to_owned(),
        "DashPattern" => "a dash pattern".to_owned(),
        "ColumnData" => "columns".to_owned(),
        "Factor" => "a factor".to_owned(),
        "FactorSeq" => "factors".to_owned(),
        "Null" => "null".to_owned(),
        "Auto" => "`\"auto\"`".to_owned(),
        "Enum" => match &kind.enum_name {
            Some(name) => format!("a member of `{name}`"),
            None => kind.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or "),
        },
        "Instance" | "Required" | "Readonly" | "NotSerialized" | "Len" | "TypeOfAttr" | "Interval" => inner(),
        "NonNegative" => format!("{} of at least 0", inner()),
        "Positive" => format!("{} above 0", inner()),
        "Nullable" => format!("{} or null", inner()),
        "List" | "Seq" | "NonEmpty" => format!("a list of {}", inner()),
        "Set" => format!("a set of {}", inner()),
        "Dict" | "RestrictedDict" => "a map".to_owned(),
        "Tuple" => format!("({})", all(", ")),
        "Either" | "TextLike" => all(" or "),
        "Struct" => "a struct".to_owned(),
        spec if spec.ends_with("Spec") => match &kind.value {
            Some(value) => format!("{}{units}, or a column of such", describe(value)),
            None => format!("a number{units}, or a column of such"),
        },
        _ => "anything".to_owned(),
    }
}
