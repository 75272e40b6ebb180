use super::*;

const LIMIT: Duration = Duration::from_secs(1);

/// What is told while `outer` calls `inner` at these times: they begin, are looked at, and end.
fn told(times: [(char, u64); 6]) -> Vec<String> {
    let start = Instant::now();
    let mut running = Running::default();
    let mut told = Vec::new();
    for (what, seconds) in times {
        let now = start + Duration::from_secs(seconds);
        let (verb, slow) = match what {
            'o' => ("", {
                running.began("outer".into(), now);
                None
            }),
            'i' => ("", {
                running.began("inner".into(), now);
                None
            }),
            '?' => ("runs", running.look(now, LIMIT)),
            _ => ("took", running.ended(now).filter(|run| run.time >= LIMIT)),
        };
        told.extend(slow.map(|Run { callback, time }| format!("{callback} {verb} {}", time.as_secs())));
    }
    told
}

#[test]
fn the_callback_that_takes_long_is_told_of_while_it_runs_and_at_its_end() {
    for (times, expected) in [
        ([('o', 0), ('i', 0), ('?', 0), (')', 0), ('?', 0), (')', 0)], &[][..]),
        ([('o', 0), ('i', 0), ('?', 2), ('?', 3), (')', 4), (')', 4)], &["inner runs 2", "inner took 4"]),
        (
            [('o', 0), ('?', 2), ('i', 2), (')', 5), ('?', 5), (')', 6)],
            &["outer runs 2", "inner took 3", "outer took 3"],
        ),
    ] {
        assert_eq!(told(times), expected);
    }
}

#[test]
fn sessions_that_have_ended_are_not_looked_at() {
    let watchdog = Watchdog::new(Some(LIMIT));
    let watch = watchdog.watch(Span::none(), Arc::default());
    assert_eq!(watchdog.watches.lock().iter().filter(|watch| watch.strong_count() > 0).count(), 1);
    drop(watch);
    assert_eq!(watchdog.watches.lock().iter().filter(|watch| watch.strong_count() > 0).count(), 0);
}
