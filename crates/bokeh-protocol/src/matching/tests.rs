use super::*;

#[test]
fn what_is_no_change_matches() {
    let set = |items: &[i64]| Value::Set(items.iter().copied().map(Value::from).collect());
    let map = |keys: &[i64]| Value::from(keys.iter().map(|key| (*key, Value::from(*key))).collect::<Map>());
    let array = |items: &[f64]| Value::from(Array::from(items.to_vec()));
    let singles = |items: &[f32]| Value::from(Array::from(items.to_vec()));
    let objects = |items: &[Value]| Value::from(Array::from(items.to_vec()));
    let nan = f64::NAN;
    for (a, b, expected) in [
        (1.into(), 1.0.into(), true),
        (nan.into(), nan.into(), true),
        (1.into(), true.into(), false),
        (set(&[1, 2, 3]), set(&[3, 1, 2]), true),
        (set(&[1, 2, 3]), set(&[1, 2, 4]), false),
        (set(&[1, 2, 3]), set(&[1, 2]), false),
        (map(&[1, 2, 3]), map(&[1, 3, 2]), true),
        (map(&[1, 2, 3]), map(&[1, 3, 4]), false),
        (array(&[1.0, nan]), array(&[1.0, nan]), true),
        (array(&[1.0, nan]), array(&[nan, 1.0]), false),
        (array(&[1.0]), singles(&[1.0]), false),
        (singles(&[f32::NAN]), singles(&[f32::NAN]), true),
        (objects(&[nan.into()]), objects(&[nan.into()]), true),
        (objects(&[nan.into()]), objects(&[0.into()]), false),
    ] {
        assert_eq!(a.matches(&b), expected, "{a:?} {b:?}");
        assert_eq!(b.matches(&a), expected, "{b:?} {a:?}");
    }
}

#[test]
fn sets_in_sets_take_so_many_steps_and_no_more() {
    // Each set has the same items in reverse order but for one, so that all pairs must be tried on all levels.
    fn nested(levels: usize, is_reversed: bool) -> Value {
        if levels == 0 {
            return Value::from(i64::from(is_reversed));
        }
        let mut items: Vec<Value> = (0..30).map(|n| Value::from_iter([n.into(), nested(levels - 1, false)])).collect();
        items.push(Value::from_iter([30.into(), nested(levels - 1, is_reversed)]));
        if is_reversed {
            items.reverse();
        }
        Value::Set(items.into())
    }
    let mut matching = Matching::default();
    let (a, b) = (nested(4, false), nested(4, true));
    assert!(!matching.values(&a, &b));
    assert_eq!(matching.steps_left, 0);

    let many = |range: std::ops::Range<i64>| Value::Set(range.map(Value::from).collect());
    let reversed = Value::Set((0..100_000).rev().map(Value::from).collect());
    let mut matching = Matching::default();
    assert!(matching.values(&many(0..100_000), &many(0..100_000)), "in order no step is taken");
    assert_eq!(matching.steps_left, Matching::MAX_STEPS);
    assert!(!matching.values(&many(0..100_000), &reversed), "a change too many is harmless");
    assert_eq!(matching.steps_left, 0);
}
