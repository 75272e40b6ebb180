use std::sync::mpsc;

use super::*;

#[tokio::test]
async fn background_work_waits_for_a_vacancy_and_not_beyond_the_end() {
    let settings = Settings { session_threads: 1, background_threads: 1, ..Settings::default() };
    let threads = SessionThreads::start(&settings, &Handle::current()).unwrap();
    let (tell, mut told) = tokio::sync::mpsc::channel(8);
    let (release, gate) = mpsc::channel::<()>();
    let stop = CancellationToken::new();
    let run = |work: Box<dyn FnOnce() + Send>, stop: &CancellationToken| {
        threads.threads().run_in_background(work, stop.clone(), Span::none());
    };
    let first = tell.clone();
    run(
        Box::new(move || {
            first.try_send("first").unwrap();
            gate.recv().ok();
        }),
        &stop,
    );
    assert_eq!(told.recv().await, Some("first"));
    let (ended, second) = (CancellationToken::new(), tell.clone());
    run(Box::new(move || second.try_send("never").unwrap()), &ended);
    run(Box::new(move || tell.try_send("third").unwrap()), &stop);
    ended.cancel();
    release.send(()).unwrap();
    assert_eq!(told.recv().await, Some("third"));
    assert_eq!(told.recv().await, None);
}
