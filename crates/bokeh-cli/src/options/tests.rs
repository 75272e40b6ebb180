use bokeh_protocol::Signing;
use bokeh_server::{Passed, WebSocketCompression};
use clap::{Args, Command, FromArgMatches};

use super::*;

#[test]
fn one_lifetime_bounds_all_sessions_that_nobody_uses() {
    for (args, unused_ms, lost_ms, check_ms) in [
        (&[][..], 15_000, 600_000, 17_000),
        (&["--unused-session-lifetime", "2000"], 2000, 2000, 17_000),
        (&["--unused-session-lifetime", "3600000"], 3_600_000, 3_600_000, 17_000),
        (&["--check-unused-sessions", "500"], 15_000, 600_000, 500),
    ] {
        let settings = settings(args);
        let times = [settings.unused_session_lifetime, settings.lost_session_lifetime, settings.check_unused_sessions];
        assert_eq!(times.map(|time| time.as_millis()), [unused_ms, lost_ms, check_ms], "{args:?}");
    }
}

#[test]
fn requests_are_passed_on_as_the_options_say() {
    let names = || vec!["A".to_owned(), "b".to_owned()];
    for (args, headers, cookies) in [
        (&[][..], Passed::All, Passed::All),
        (&["--include-headers", "A", "b"], Passed::Only(names()), Passed::All),
        (&["--exclude-headers", "A", "b"], Passed::Except(names()), Passed::All),
        (&["--include-cookies", "A", "b"], Passed::All, Passed::Only(names())),
        (&["--exclude-cookies", "A", "b"], Passed::All, Passed::Except(names())),
    ] {
        let settings = settings(args);
        assert_eq!((settings.headers, settings.cookies), (headers, cookies), "{args:?}");
    }
}

#[test]
fn other_options_reach_the_settings() {
    for (args, keep_alive_ms, token_secs, fragment_bytes, index, redirect) in [
        (&[][..], Some(37_000), 300, 20 << 20, true, true),
        (&["--keep-alive", "0", "--disable-index"], None, 300, 20 << 20, false, true),
        (&["--keep-alive=5", "--disable-index-redirect"], Some(5), 300, 20 << 20, true, false),
        (&["--session-token-expiration=60", "--websocket-max-message-size=9"], Some(37_000), 60, 9, true, true),
    ] {
        let settings = settings(args);
        let keep_alive = settings.keep_alive.map(|time| time.as_millis());
        assert_eq!((keep_alive, settings.session_token_expiration.as_secs()), (keep_alive_ms, token_secs), "{args:?}");
        assert_eq!(settings.message_limits.max_fragment_bytes, fragment_bytes, "{args:?}");
        assert_eq!((settings.index, settings.redirect_root), (index, redirect), "{args:?}");
    }
}

#[test]
fn messages_are_compressed_when_a_level_is_given() {
    for (args, expected) in [
        (&[][..], None),
        (&["--websocket-compression-mem-level=3"], None),
        (&["--websocket-compression-level=0"], Some((0, 8))),
        (&["--websocket-compression-level=9", "--websocket-compression-mem-level=1"], Some((9, 1))),
    ] {
        let expected = expected.map(|(level, mem_level)| WebSocketCompression { level, mem_level });
        assert_eq!(settings(args).websocket_compression, expected, "{args:?}");
    }
}

#[test]
fn sessions_are_signed_as_the_options_say_and_then_the_configuration() {
    let with =
        |variables: &[(&'static str, &'static str)]| Configuration::default().with_environment(variables.to_vec());
    let key = ("BOKEH_SECRET_KEY", "0123456789abcdef0123456789abcdef");
    let sign = ("BOKEH_SIGN_SESSIONS", "yes");
    for (args, variables, expected) in [
        (&[][..], &[][..], "default"),
        (&[], &[key, sign], "signed"),
        (&[], &[sign], "no secret"),
        (&["--session-ids", "unsigned"], &[sign], "unsigned"),
        (&["--session-ids", "signed"], &[], "no secret"),
        (&["--session-ids", "signed"], &[key], "signed"),
        (&["--session-ids", "external-signed"], &[key], "external"),
    ] {
        let found = match configured(args, with(variables)) {
            Err(error) if error.contains("BOKEH_SECRET_KEY") => "no secret",
            Err(_) => "another error",
            Ok(Settings { signing: None, .. }) => "default",
            Ok(Settings { signing: Some(Signing::Unsigned), .. }) => "unsigned",
            Ok(Settings { signing: Some(Signing::Signed(_)), .. }) => "signed",
            Ok(Settings { signing: Some(Signing::ExternalSigned(_)), .. }) => "external",
        };
        assert_eq!(found, expected, "{args:?} {variables:?}");
    }
}

#[test]
fn what_makes_no_sense_is_named() {
    for (args, expected) in [
        (&["--keep-alive=-1"][..], "--keep-alive is -1; write 0 or more"),
        (&["--unused-session-lifetime=0"], "--unused-session-lifetime is 0; write 1 or more"),
        (&["--check-unused-sessions", "-5"], "--check-unused-sessions is -5; write 1 or more"),
        (&["--session-token-expiration=0"], "--session-token-expiration is 0; write 1 or more"),
        (&["--websocket-max-message-size=0"], "--websocket-max-message-size is 0; write 1 or more"),
        (&["--websocket-compression-level=10"], "--websocket-compression-level is 10; write a number from 0 to 9"),
        (
            &["--websocket-compression-mem-level=0"],
            "--websocket-compression-mem-level is 0; write a number from 1 to 9",
        ),
        (
            &["--include-cookies=a", "--exclude-cookies=b"],
            "--include-cookies and --exclude-cookies contradict each other",
        ),
        (&["--ico-path=x.png"], "--ico-path is \"x.png\"; write the name of a file that ends in .ico, default or none"),
    ] {
        let error = configured(args, Configuration::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

fn settings(args: &[&str]) -> Settings {
    configured(args, Configuration::default()).unwrap()
}

fn configured(args: &[&str], configuration: Configuration) -> Result<Settings, String> {
    let command = ServeOptions::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], args].concat()).unwrap();
    let options = ServeOptions::from_arg_matches(&matches).unwrap();
    let settings = Settings::from_configuration(&options.give(configuration));
    let mut settings = settings.map_err(|error| error.to_string())?;
    options.apply(&mut settings).map_err(|error| error.to_string())?;
    Ok(settings)
}
