use std::cell::Cell;

use super::*;

thread_local! {
    /// How many pairs were looked at to make tables of places.
    pub(super) static N_LOOKED_UP: Cell<usize> = const { Cell::new(0) };
}

#[test]
fn keys_are_found_in_maps_of_any_size() {
    for n in [0, 1, Entries::SMALL, Entries::SMALL + 1, 1000] {
        let mut map = numbered(n);
        for key in 0..n {
            assert_eq!(map.get(&key.to_string()), Some(&Value::from(key)), "{key} of {n}");
        }
        assert_eq!(map.get("none"), None);
        map.insert("0", "changed".into());
        map.insert("new", "added".into());
        map.insert(5, "no string".into());
        map.insert(5, "replaced".into());
        assert_eq!(map.get("0"), Some(&"changed".into()));
        assert_eq!(map.get("new"), Some(&"added".into()));
        assert_eq!(map.len(), n.max(1) + 2);
        assert_eq!(map.entries().last(), Some(&(5.into(), "replaced".into())));
    }
}

#[test]
fn of_equal_keys_the_first_is_found() {
    let n = Entries::SMALL * 2;
    let twice: Map = (0..n).map(|key| ((key % Entries::SMALL).to_string(), Value::from(key))).collect();
    assert_eq!(twice.get("3"), Some(&3.into()));
}

#[test]
fn a_large_map_is_searched_once() {
    let before = N_LOOKED_UP.get();
    let mut map = numbered(10_000);
    for key in 0..20_000 {
        map.insert(key.to_string(), Value::from(1));
        *map.get_mut(&(key / 2).to_string()).unwrap() = Value::Null;
    }
    let columns = numbered(100);
    for _ in 0..1000 {
        map.merge(&columns);
    }
    assert_eq!(N_LOOKED_UP.get() - before, 10_000);
}

#[test]
fn a_clone_is_a_map_of_its_own() {
    let map = numbered(100);
    assert!(map.get("7").is_some());
    let mut other = map.clone();
    assert!(other.is_same(&map));
    other.insert("7", Value::Null);
    other.insert("x", Value::Null);
    assert_eq!((map.get("7"), map.get("x")), (Some(&7.into()), None));
    assert_eq!((other.get("7"), other.get("x")), (Some(&Value::Null), Some(&Value::Null)));
    assert_ne!(map, other);
}

fn numbered(n: usize) -> Map {
    (0..n).map(|key| (key.to_string(), Value::from(key))).collect()
}
