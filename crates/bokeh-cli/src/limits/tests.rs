use clap::{Command, FromArgMatches};

use super::*;

#[test]
fn bounds_and_times_reach_the_settings() {
    let defaults = Settings::default();
    let numbers = |settings: &Settings| {
        [
            settings.max_sessions,
            settings.max_connections,
            settings.max_connections_per_session,
            settings.max_pending_handshakes,
            settings.max_sockets,
        ]
    };
    assert_eq!(numbers(&settings(&[])), numbers(&defaults));
    let given = settings(&[
        "--max-sessions=1",
        "--max-connections=2",
        "--max-connections-per-session=3",
        "--max-pending-handshakes=4",
        "--max-sockets=5",
        "--max-sessions-per-app=6",
        "--max-connections-per-app=7",
        "--max-pending-handshakes-per-app=8",
        "--request-head-timeout=9",
        "--drain-delay=10",
        "--shutdown-timeout=11",
        "--metrics=all",
    ]);
    assert_eq!(numbers(&given), [1, 2, 3, 4, 5]);
    let per_app = [given.max_sessions_per_app, given.max_connections_per_app, given.max_pending_handshakes_per_app];
    assert_eq!(per_app, [Some(6), Some(7), Some(8)]);
    let times = [given.request_head_timeout, given.drain_delay, given.shutdown_timeout];
    assert_eq!(times.map(|time| time.as_secs()), [9, 10, 11]);
    assert_eq!(given.metrics, Exposure::Everybody);
}

fn settings(args: &[&str]) -> Settings {
    let command = LimitOptions::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], args].concat()).unwrap();
    let mut settings = Settings::default();
    LimitOptions::from_arg_matches(&matches).unwrap().apply(&mut settings);
    settings
}
