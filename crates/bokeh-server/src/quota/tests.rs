use super::*;

#[test]
fn both_bounds_hold_and_places_come_back() {
    let server = Quota::of_server(3);
    let (a, b) = (Quota::new(&server, Some(2)), Quota::new(&server, None));
    let (first, second) = (a.try_acquire().unwrap(), a.try_acquire().unwrap());
    assert_eq!(a.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    assert_eq!(b.n_free(), 1, "what the application refuses costs the server nothing");
    let third = b.try_acquire().unwrap();
    assert_eq!(b.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    drop(first);
    assert!(a.try_acquire().is_ok());
    drop((second, third));
    a.close();
    assert_eq!(b.try_acquire().unwrap_err(), TryAcquireError::Closed);
}
