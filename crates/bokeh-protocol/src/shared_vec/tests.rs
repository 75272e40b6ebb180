use super::*;

/// A vector whose first two items are dead, and a clone of it when it is to be shared.
fn rolled(shared: bool) -> (SharedVec<i32>, Option<SharedVec<i32>>) {
    let mut vec = SharedVec::from(vec![0, 1, 2, 3, 4, 5, 6]);
    vec.keep_last(5);
    let clone = shared.then(|| vec.clone());
    (vec, clone)
}

#[test]
fn changes_hit_the_visible_items_and_no_clone() {
    type Change = fn(&mut SharedVec<i32>);
    let changes: [(&str, Change, &[i32]); 6] = [
        ("make_mut", |vec| vec.make_mut()[0] = 9, &[9, 3, 4, 5, 6]),
        ("push", |vec| vec.push(9), &[2, 3, 4, 5, 6, 9]),
        ("extend", |vec| vec.extend_from_slice(&[8, 9]), &[2, 3, 4, 5, 6, 8, 9]),
        ("splice", |vec| vec.splice(1..3, &[9]), &[2, 9, 5, 6]),
        ("keep_last", |vec| vec.keep_last(1), &[6]),
        ("keep more than there are", |vec| vec.keep_last(9), &[2, 3, 4, 5, 6]),
    ];
    for (name, change, expected) in changes {
        for shared in [false, true] {
            let (mut vec, clone) = rolled(shared);
            change(&mut vec);
            assert_eq!(*vec, *expected, "{name}, shared: {shared}");
            if let Some(clone) = clone {
                assert_eq!(*clone, [2, 3, 4, 5, 6], "{name}");
            }
        }
    }
}

#[test]
fn dead_items_never_outnumber_the_living() {
    let mut vec = SharedVec::from(vec![0; 100]);
    for n in 0..1000 {
        vec.push(n);
        vec.keep_last(100);
        assert!(vec.items.len() <= 201, "{} items are kept for 100", vec.items.len());
    }
}
