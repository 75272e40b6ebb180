//! Classes that other crates declare.

use bokeh_schema::{ClassDef, Kind, Lit, PropertyDef, class, classes};

static BASE: ClassDef = ClassDef::new("ext.Base", "ext", &[&classes::MODEL]).as_abstract().with_properties(&[
    PropertyDef::new("level", Kind::INT).with_default(Lit::Int(1)),
    PropertyDef::new("label", Kind::Str).with_default(Lit::Str("")),
]);
static LEFT: ClassDef = ClassDef::new("ext.Left", "ext", &[&BASE]).with_overrides(&[("level", Lit::Int(2))]);
static RIGHT: ClassDef = ClassDef::new("ext.Right", "ext", &[&BASE])
    .with_overrides(&[("level", Lit::Int(3)), ("label", Lit::Str("right"))])
    .with_always_sent(&["label"]);
static BOTH: ClassDef = ClassDef::new("ext.Both", "ext", &[&LEFT, &RIGHT])
    .with_properties(&[
        PropertyDef::new("label", Kind::Nullable(&Kind::Str)).readonly(),
        PropertyDef::new("own", Kind::Bool),
    ])
    .with_aliases(&[("caption", "label"), ("nothing", "missing"), ("level", "own")]);
static CONTRADICTION: ClassDef = ClassDef::new("ext.Contradiction", "ext", &[&BASE, &LEFT]);

#[test]
fn bases_are_linearized_as_in_python() {
    assert_eq!(BOTH.mro(), [&BOTH, &LEFT, &RIGHT, &BASE, &classes::MODEL]);
    assert!(BOTH.is_a(&RIGHT) && !LEFT.is_a(&RIGHT));
}

#[test]
fn bases_that_contradict_each_other_all_count_once() {
    let mut names: Vec<&str> = CONTRADICTION.mro().iter().map(|class| class.name()).collect();
    assert_eq!(names.remove(0), "ext.Contradiction");
    names.sort_unstable();
    assert_eq!(names, ["Model", "ext.Base", "ext.Left"]);
}

#[test]
fn the_nearest_class_decides_a_default() {
    for (class, name, expected) in [
        (&BASE, "level", Some(Lit::Int(1))),
        (&RIGHT, "level", Some(Lit::Int(3))),
        (&BOTH, "level", Some(Lit::Int(2))),
        (&BOTH, "label", Some(Lit::Str("right"))),
        (&BOTH, "own", None),
    ] {
        assert_eq!(class.property(name).unwrap().default(), expected, "{class:?}.{name}");
    }
}

#[test]
fn a_property_declared_again_keeps_its_place() {
    let label = BOTH.property("label").unwrap();
    assert_eq!(label.index(), BASE.property("label").unwrap().index());
    assert_eq!(label.kind(), Kind::Nullable(&Kind::Str));
    assert!(label.is_readonly() && label.is_always_sent());
}

#[test]
fn an_alias_finds_its_property_and_hides_none() {
    assert_eq!(BOTH.property("caption"), BOTH.property("label"));
    assert_eq!(BOTH.property("nothing"), None);
    assert_eq!(BOTH.property("level").unwrap().name(), "level");
    assert!(BOTH.properties().iter().all(|property| property.name() != "caption"));
}

#[test]
fn only_classes_of_bokeh_are_found_by_name() {
    assert_eq!(class("ext.Both"), None);
}
