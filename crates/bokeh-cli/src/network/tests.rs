use clap::{Command, FromArgMatches};

use super::*;

fn settings(args: &[&str], environment: &[(&str, &str)]) -> Result<Settings, String> {
    let command = NetworkOptions::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], args].concat()).unwrap();
    let options = NetworkOptions::from_arg_matches(&matches).unwrap();
    let configuration = Configuration::default().with_environment(environment.iter().copied());
    let configuration = options.give(configuration).map_err(|error| error.to_string())?;
    let mut settings = Settings::from_configuration(&configuration).map_err(|error| error.to_string())?;
    options.apply(&mut settings).map_err(|error| error.to_string())?;
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
        (&["--unix-socket", "s"], &[], "None"),
    ] {
        assert_eq!(format!("{:?}", settings(args, environment).unwrap().tls), expected, "{args:?}");
    }
}

#[test]
fn contradictions_are_named() {
    for (args, environment, expected) in [
        (&["--unix-socket", "s", "--port", "1"][..], &[][..], "--port arg is not supported with a unix socket"),
        (&["--unix-socket", "s", "--address", "a"], &[], "--address arg is not supported with a unix socket"),
        (&["--unix-socket", "s", "--ssl-certfile", "a"], &[], "--ssl-certfile arg is not supported with a unix socket"),
        (&["--unix-socket", "s"], &[("BOKEH_SSL_CERTFILE", "a")], "there is a certificate in BOKEH_SSL_CERTFILE"),
        (&["--ssl-keyfile", "a"], &[], "there is a key but no certificate"),
        (&["--trusted-proxy", "10.0.0.1"], &[], "--trusted-proxy says whom"),
        (&["--port", "-1"], &[], "--port is -1; write a number from 0 to 65535"),
        (&["--port=70000"], &[], "--port is 70000; write a number from 0 to 65535"),
        (
            &[],
            &[("BOKEH_DEFAULT_SERVER_PORT", "x")],
            "BOKEH_DEFAULT_SERVER_PORT is \"x\"; write a number from 0 to 65535",
        ),
    ] {
        let error = settings(args, environment).unwrap_err();
        assert!(error.starts_with(expected), "{args:?}: {error}");
    }
}
