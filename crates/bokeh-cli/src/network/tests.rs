use clap::{Command, FromArgMatches};

use super::*;

fn settings(args: &[&str], environment: &[(&str, &str)]) -> Result<Settings, NetworkError> {
    let command = NetworkOptions::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], args].concat()).unwrap();
    let options = NetworkOptions::from_arg_matches(&matches).unwrap();
    let mut settings = Settings::default();
    options.apply(&mut settings, |name| {
        environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })?;
    Ok(settings)
}

#[test]
fn the_place_to_listen_at_comes_from_options_and_then_the_environment() {
    let variable = [("BOKEH_DEFAULT_SERVER_PORT", "7000")];
    for (args, environment, address, port) in [
        (&[][..], &[][..], None, 5006),
        (&[], &variable, None, 7000),
        (&["--port", "8000"], &variable, None, 8000),
        (&["--address", "localhost"], &[], Some("localhost"), 5006),
    ] {
        let settings = settings(args, environment).unwrap();
        assert_eq!((settings.address.as_deref(), settings.port), (address, port), "{args:?}");
    }
}

#[test]
fn the_certificate_comes_from_options_and_then_the_environment() {
    let variables = [("BOKEH_SSL_CERTFILE", "env.pem"), ("BOKEH_SSL_KEYFILE", "env.key"), ("BOKEH_SSL_PASSWORD", "x")];
    for (args, environment, expected) in [
        (&[][..], &[][..], "None"),
        (&["--ssl-certfile", "a.pem"], &[], r#"Some(TlsFiles { certificates: "a.pem", key: None, .. })"#),
        (&[], &variables, r#"Some(TlsFiles { certificates: "env.pem", key: Some("env.key"), .. })"#),
        (
            &["--ssl-certfile", "a.pem", "--ssl-keyfile", "a.key"],
            &variables,
            r#"Some(TlsFiles { certificates: "a.pem", key: Some("a.key"), .. })"#,
        ),
        (&["--unix-socket", "s"], &variables, "None"),
    ] {
        assert_eq!(format!("{:?}", settings(args, environment).unwrap().tls), expected, "{args:?}");
    }
}

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
    assert_eq!(numbers(&settings(&[], &[]).unwrap()), numbers(&defaults));
    let given = settings(
        &[
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
        ],
        &[],
    )
    .unwrap();
    assert_eq!(numbers(&given), [1, 2, 3, 4, 5]);
    let per_app = [given.max_sessions_per_app, given.max_connections_per_app, given.max_pending_handshakes_per_app];
    assert_eq!(per_app, [Some(6), Some(7), Some(8)]);
    let times = [given.request_head_timeout, given.drain_delay, given.shutdown_timeout];
    assert_eq!(times.map(|time| time.as_secs()), [9, 10, 11]);
    assert_eq!(given.metrics, Exposure::Everybody);
}

#[test]
fn contradictions_are_named() {
    for (args, environment, expected) in [
        (&["--unix-socket", "s", "--port", "1"][..], &[][..], NetworkError::WithUnixSocket("port")),
        (&["--unix-socket", "s", "--address", "a"], &[], NetworkError::WithUnixSocket("address")),
        (&["--unix-socket", "s", "--ssl-certfile", "a"], &[], NetworkError::WithUnixSocket("ssl-certfile")),
        (&["--ssl-keyfile", "a"], &[], NetworkError::NoCertificate),
        (&["--trusted-proxy", "10.0.0.1"], &[], NetworkError::TrustWithoutHeaders),
        (&[], &[("BOKEH_DEFAULT_SERVER_PORT", "x")], NetworkError::Port("x".to_owned())),
    ] {
        assert_eq!(settings(args, environment).unwrap_err(), expected, "{args:?}");
    }
}
