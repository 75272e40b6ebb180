//! Everything in the tables is compared with the specification, read without the generator.

use std::{collections::HashMap, fs, path::Path, ptr, sync::LazyLock};

use bokeh_schema::{
    BOKEH_VERSION, ClassDef, Lit, PropertyDef, class, classes, enums, event, events, models, named_colors,
};
use serde_json::{Map, Value, json};

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bokeh-models/spec/bokeh-3.9.2.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
});

#[test]
fn nothing_is_missing_and_nothing_is_more() {
    let all = entries("models").count();
    let concrete = models().iter().filter(|class| !class.is_abstract()).count();
    let named_events = entries("events").filter(|(_, event)| event["concrete"] == true).count();
    assert_eq!(SPEC["bokeh_version"], BOKEH_VERSION);
    assert_eq!((all, models().len(), concrete), (469, 451, 345));
    assert_eq!((entries("events").count(), named_events, events().len()), (37, 31, 31));
    assert_eq!((entries("enums").count(), named_colors().len()), (80, 148));
}

#[test]
fn every_class_has_its_name_place_and_bases() {
    for (spec, class) in spec_models() {
        assert_eq!(class.name(), text(&spec["name"]));
        assert_eq!(class.module(), text(&spec["module"]), "{class:?}");
        assert_eq!(class.is_abstract(), spec["abstract"] == true, "{class:?}");
        assert_eq!(names(class.bases()), texts(&spec["bases"]), "{class:?}");
        assert_eq!(names(class.mro()), texts(&spec["mro"]), "{class:?}");
    }
}

#[test]
fn every_mixin_is_reached_through_its_classes() {
    let mixins: Vec<&str> =
        entries("models").filter(|(_, spec)| spec["is_model"] == false).map(|(name, _)| name).collect();
    for name in mixins {
        assert_eq!(class(name), None);
        for (spec, class) in spec_models().filter(|(spec, _)| texts(&spec["mro"]).contains(&name)) {
            let mixin = class.mro().iter().find(|base| base.name() == name).unwrap();
            assert_eq!(mixin.module(), text(&SPEC["models"][name]["module"]), "{}", spec["name"]);
            check_properties(&SPEC["models"][name], mixin);
        }
    }
}

#[test]
fn every_class_declares_its_properties_in_order() {
    for (spec, class) in spec_models() {
        check_properties(spec, class);
    }
}

#[test]
fn every_override_is_there() {
    for (spec, class) in spec_models() {
        // Their order means nothing.
        let expected: HashMap<&str, Value> =
            object(&spec["overrides"]).map(|(name, entry)| (name, without_ids(&entry["wire"]))).collect();
        let actual: HashMap<&str, Value> =
            class.overrides().iter().map(|(name, default)| (*name, wire(default))).collect();
        assert_eq!(actual, expected, "{class:?}");
    }
}

#[test]
fn every_property_resolves_with_its_default_in_wire_order() {
    for (spec, class) in spec_models() {
        let mro = texts(&spec["mro"]);
        let bases = || mro.iter().rev().map(|base| &SPEC["models"][*base]);
        let declared: Vec<&Value> =
            bases().flat_map(|base| list(&base["properties"])).filter(|property| !is_alias(property)).collect();
        let inherited = class.properties();
        assert_eq!(inherited.len(), declared.len(), "{class:?}");
        for (index, (property, spec)) in inherited.iter().zip(declared).enumerate() {
            let name = text(&spec["name"]);
            let overridden = bases().rev().find_map(|base| base["overrides"].get(name));
            let expected = overridden.unwrap_or(&spec["default"]).get("wire").map(without_ids);
            assert_eq!(property.name(), name, "{class:?}");
            assert_eq!(usize::from(property.index()), index, "{class:?}.{name}");
            assert_eq!(property.default().as_ref().map(wire), expected, "{class:?}.{name}");
            assert!(class.property(name).is_some_and(|found| ptr::eq(found, property)), "{class:?}.{name}");
        }
    }
}

#[test]
fn every_class_requires_and_always_sends_what_bokeh_does() {
    for (spec, class) in spec_models().filter(|(_, class)| !class.is_abstract()) {
        let required: Vec<&str> = class.required().map(|property| property.name()).collect();
        let mut always_sent: Vec<&str> = class.always_sent().map(|property| property.name()).collect();
        let mut expected = texts(&spec["always_sent"]);
        always_sent.sort_unstable();
        expected.sort_unstable();
        assert_eq!(required, texts(&spec["required"]), "{class:?}");
        assert_eq!(always_sent, expected, "{class:?}");
    }
}

#[test]
fn every_alias_leads_to_its_property() {
    for (spec, class) in spec_models() {
        for alias in list(&spec["properties"]).iter().filter(|property| is_alias(property)) {
            let target = class.property(text(&alias["type"]["alias_of"])).unwrap();
            assert_eq!(class.property(text(&alias["name"])), Some(target), "{class:?}");
        }
    }
}

#[test]
fn every_enumeration_has_its_members() {
    for (name, spec) in entries("enums") {
        let found = enums::ALL.iter().find(|found| found.name == name).unwrap();
        assert_eq!(found.values, texts(&spec["values"]), "{name}");
        assert_eq!(found.first(), spec["default"].as_str(), "{name}");
        assert_eq!(found.is_case_sensitive, spec["case_sensitive"] == true, "{name}");
        assert!(!found.is_integer, "{name}");
    }
}

#[test]
fn every_event_has_its_values() {
    for (class, spec) in entries("events").filter(|(_, spec)| spec["concrete"] == true) {
        let found = event(text(&spec["event_name"])).unwrap();
        let fields: Vec<(&str, bool)> = found.fields.iter().map(|field| (field.name, field.is_required)).collect();
        let params = list(&spec["params"]).iter();
        let expected: Vec<(&str, bool)> =
            params.map(|param| (text(&param["name"]), param["optional"] == false)).collect();
        assert_eq!(found.class, class);
        assert_eq!(fields, expected, "{class}");
        assert_eq!(found.is_model_event, fields.iter().any(|(name, _)| *name == "model"), "{class}");
    }
    assert_eq!(event("tap").unwrap().only_for, [&classes::PLOT]);
    assert_eq!(event("button_click").unwrap().only_for, [&classes::ABSTRACT_BUTTON, &classes::TOGGLE_BUTTON_GROUP]);
    assert_eq!(event("menu_item_click").unwrap().only_for, [] as [&ClassDef; 0]);
    assert_eq!(event("plot_event"), None);
}

#[test]
fn every_named_color_has_its_rgb() {
    for ((name, hex), (found, [red, green, blue])) in entries("named_colors").zip(named_colors()) {
        assert_eq!((*found, format!("#{red:02x}{green:02x}{blue:02x}")), (name, text(hex).to_owned()));
    }
}

fn check_properties(spec: &Value, class: &ClassDef) {
    let expected: Vec<&Value> = list(&spec["properties"]).iter().filter(|property| !is_alias(property)).collect();
    assert_eq!(class.own_properties().len(), expected.len(), "{class:?}");
    for (PropertyDef { name, default, is_readonly, is_serialized, .. }, spec) in
        class.own_properties().iter().zip(expected)
    {
        assert_eq!(*name, text(&spec["name"]), "{class:?}");
        assert_eq!(default.as_ref().map(wire), spec["default"].get("wire").map(without_ids), "{class:?}.{name}");
        assert_eq!(*is_readonly, spec["readonly"] == true, "{class:?}.{name}");
        assert_eq!(*is_serialized, spec["serialized"] != false, "{class:?}.{name}");
    }
}

/// A literal in its wire form, models without ids.
fn wire(literal: &Lit) -> Value {
    let wires = |items: &[Lit]| items.iter().map(wire).collect::<Vec<_>>();
    match *literal {
        Lit::Null => Value::Null,
        Lit::Bool(value) => json!(value),
        Lit::Int(value) => json!(value),
        Lit::Float(value) if value.is_nan() => json!({"type": "number", "value": "nan"}),
        Lit::Float(f64::INFINITY) => json!({"type": "number", "value": "+inf"}),
        Lit::Float(f64::NEG_INFINITY) => json!({"type": "number", "value": "-inf"}),
        Lit::Float(value) => json!(value),
        Lit::Str(value) => json!(value),
        Lit::List(items) => json!(wires(items)),
        Lit::Map([]) => json!({"type": "map"}),
        Lit::Map(pairs) => {
            let entries: Vec<Value> = pairs.iter().map(|(key, value)| json!([wire(key), wire(value)])).collect();
            json!({"type": "map", "entries": entries})
        }
        Lit::Set([]) => json!({"type": "set"}),
        Lit::Set(items) => json!({"type": "set", "entries": wires(items)}),
        Lit::Model(class, []) => json!({"type": "object", "name": class.name()}),
        Lit::Model(class, attributes) => {
            let attributes: Map<String, Value> =
                attributes.iter().map(|(name, value)| ((*name).to_owned(), wire(value))).collect();
            json!({"type": "object", "name": class.name(), "attributes": attributes})
        }
        Lit::SpecValue(value) => json!({"type": "value", "value": wire(value)}),
        Lit::SpecField(field) => json!({"type": "field", "field": field}),
    }
}

fn without_ids(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_ids).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(key, _)| *key != "id")
                .map(|(key, value)| (key.clone(), without_ids(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// The classes that are models, as specified and as found.
fn spec_models() -> impl Iterator<Item = (&'static Value, &'static ClassDef)> {
    entries("models")
        .filter(|(_, spec)| spec["is_model"] == true)
        .map(|(name, spec)| (spec, class(name).unwrap_or_else(|| panic!("{name} is missing"))))
}

fn entries(table: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    object(&SPEC[table])
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().unwrap().iter().map(|(key, value)| (key.as_str(), value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

fn names(classes: &[&'static ClassDef]) -> Vec<&'static str> {
    classes.iter().map(|class| class.name()).collect()
}

fn is_alias(property: &Value) -> bool {
    property["alias"] == true
}
