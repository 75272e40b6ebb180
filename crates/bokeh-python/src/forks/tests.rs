use super::*;

#[test]
fn the_end_of_a_process_is_known_whichever_comes_first() {
    let forks = Forks::default();
    let mut watched = forks.watch(1);
    assert!(watched.try_recv().is_err());
    forks.ended(1, "exit status 0".to_owned());
    assert_eq!(watched.try_recv().unwrap(), "exit status 0");

    forks.ended(2, "signal 9".to_owned());
    assert_eq!(forks.watch(2).try_recv().unwrap(), "signal 9");
    assert!(forks.0.lock().is_empty());
}

#[test]
fn an_id_that_is_used_again_belongs_to_the_new_process() {
    let forks = Forks::default();
    let mut first = forks.watch(1);
    let mut second = forks.watch(1);
    forks.ended(1, "exit status 0".to_owned());
    assert!(first.try_recv().is_err());
    assert_eq!(second.try_recv().unwrap(), "exit status 0");
}
