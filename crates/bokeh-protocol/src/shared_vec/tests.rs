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
    let changes: [(&str, Change, &[i32]); 8] = [
        ("make_mut", |vec| vec.make_mut()[0] = 9, &[9, 3, 4, 5, 6]),
        ("push", |vec| vec.push(9), &[2, 3, 4, 5, 6, 9]),
        ("extend", |vec| vec.extend_from_slice(&[8, 9]), &[2, 3, 4, 5, 6, 8, 9]),
        ("splice", |vec| vec.splice(1..3, &[9]), &[2, 9, 5, 6]),
        ("keep_last", |vec| vec.keep_last(1), &[6]),
        ("advance", |vec| drop(vec.advance(&[8, 9], None)), &[2, 3, 4, 5, 6, 8, 9]),
        ("advance and keep", |vec| drop(vec.advance(&[8, 9], Some(3))), &[6, 8, 9]),
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

#[test]
fn what_was_before_an_advance_stays_as_it_was() {
    for (new, n, expected) in
        [(&[7, 8][..], Some(5), &[4, 5, 6, 7, 8][..]), (&[], Some(2), &[5, 6]), (&[7], None, &[2, 3, 4, 5, 6, 7])]
    {
        let (mut vec, _) = rolled(false);
        let place = vec.as_ptr();
        let before = vec.advance(new, n);
        assert_eq!((&*before, &*vec), (&[2, 3, 4, 5, 6][..], expected));
        assert!(!before.is_same(&vec));
        if new.is_empty() {
            assert_eq!(before.as_ptr(), place, "nothing was copied");
        }
        assert!(Arc::ptr_eq(&before.items, &vec.items), "both share the items");
        let changes: [fn(&mut SharedVec<i32>); 3] =
            [|vec| vec.push(9), |vec| vec.make_mut()[0] = 9, |vec| vec.keep_last(0)];
        for change in changes {
            let (mut one, mut other) = (before.clone(), vec.clone());
            change(&mut one);
            change(&mut other);
            assert!(*one != *before && *other != *vec);
            assert_eq!((&*before, &*vec), (&[2, 3, 4, 5, 6][..], expected));
        }
        drop(vec);
        let mut alone = before;
        alone.push(9);
        assert_eq!(*alone, [2, 3, 4, 5, 6, 9], "what came after is gone");
    }
}

#[test]
fn dead_items_of_advances_are_few() {
    let mut vec = SharedVec::from(vec![0; 100]);
    for n in 0..1000 {
        vec.advance(&[n], Some(100));
        assert!(vec.items.len() <= 202, "{} items are kept for 100", vec.items.len());
    }
}
