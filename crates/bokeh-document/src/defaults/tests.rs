use bokeh_protocol::{Spec, SpecKind, Value};
use bokeh_schema::{Lit, classes};

use super::literal;

#[test]
fn a_constant_stands_for_a_value() {
    let cases = [
        (Lit::Null, Value::Null),
        (Lit::Int(1), Value::Int(1)),
        (Lit::Float(1.0), Value::Float(1.0)),
        (Lit::Str("a"), Value::from("a")),
        (Lit::List(&[Lit::Bool(true)]), Value::from_iter([Value::Bool(true)])),
        (Lit::Set(&[Lit::Int(1)]), Value::Set(vec![Value::Int(1)].into())),
        (Lit::SpecField("x"), Value::from(Spec::new(SpecKind::Field("x".into())))),
        (Lit::SpecValue(&Lit::Int(1)), Value::from(Spec::new(SpecKind::Value(Value::Int(1))))),
    ];
    for (lit, expected) in cases {
        assert_eq!(literal(&lit), expected, "{lit:?}");
    }
}

#[test]
fn a_default_model_is_a_new_object_each_time() {
    let lit = Lit::Model(&classes::RANGE1D, &[("start", Lit::Int(3))]);
    let (Value::Object(a), Value::Object(b)) = (literal(&lit), literal(&lit)) else { panic!("{lit:?}") };
    assert_eq!((&*a.name, &a.id, &*a.attributes), ("Range1d", &None, &[("start".into(), Value::Int(3))][..]));
    assert!(!std::sync::Arc::ptr_eq(&a, &b));
}
