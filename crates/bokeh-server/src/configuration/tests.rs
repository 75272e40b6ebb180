use bokeh_protocol::Signing;

use super::*;
use crate::settings::{JsLogLevel, Settings};

#[test]
fn what_counts_most_wins() {
    // From the least to the most; each row is without those that it leaves out.
    for (given, file, variable, user_file, expected) in [
        (None, "", None, "", 5006),
        (None, "", None, "default_server_port: 1", 1),
        (None, "", Some("2"), "default_server_port: 1", 2),
        (None, "default_server_port: 3", Some("2"), "default_server_port: 1", 3),
        (Some("4"), "default_server_port: 3", Some("2"), "default_server_port: 1", 4),
        (None, "minified: no", Some("2"), "", 2),
        (None, "", Some(""), "default_server_port: 1", 1),
    ] {
        let configuration = Configuration::default()
            .with_environment(variable.map(|value| ("BOKEH_DEFAULT_SERVER_PORT", value)))
            .with_user_file("user.yaml".as_ref(), user_file)
            .and_then(|configuration| configuration.with_file("file.yaml".as_ref(), file))
            .unwrap();
        let configuration = given
            .iter()
            .fold(configuration, |configuration, port| configuration.given("default_server_port", "--port", *port));
        let settings = Settings::from_configuration(&configuration).unwrap();
        assert_eq!(settings.port, expected, "{given:?} {file} {variable:?} {user_file}");
    }
}

#[test]
fn developers_have_other_defaults() {
    for (variables, minified, log, browser, py_log) in [
        (&[][..], true, JsLogLevel::Info, None, None),
        (&[("BOKEH_DEV", "no")], true, JsLogLevel::Info, None, None),
        (&[("BOKEH_DEV", "1")], false, JsLogLevel::Debug, Some("none"), Some(PyLogLevel::Debug)),
        (
            &[
                ("BOKEH_DEV", "yes"),
                ("BOKEH_LOG_LEVEL", "error"),
                ("BOKEH_BROWSER", "lynx"),
                ("BOKEH_PY_LOG_LEVEL", "none"),
            ],
            false,
            JsLogLevel::Error,
            Some("lynx"),
            None,
        ),
    ] {
        let configuration = environment(variables);
        let settings = Settings::from_configuration(&configuration).unwrap();
        assert_eq!((settings.minified, settings.js_log_level), (minified, log), "{variables:?}");
        assert_eq!(settings.browser.as_deref(), browser, "{variables:?}");
        assert_eq!(configuration.py_log_level().unwrap(), py_log, "{variables:?}");
    }
}

/// One variable, its name in a file, and what becomes of the settings.
#[test]
fn every_setting_is_read_from_variables_and_files() {
    for (variable, name, value, expected) in [
        ("BOKEH_ALLOW_WS_ORIGIN", "allowed_ws_origin", "a:1,b", r#"allowed_ws_origin: ["a:1", "b"]"#),
        ("BOKEH_BROWSER", "browser", "lynx", r#"browser: Some("lynx")"#),
        ("BOKEH_CDN_VERSION", "version", "3.8.0", r#"cdn_version: Some("3.8.0")"#),
        ("BOKEH_COOKIE_SECRET", "cookie_secret", "x", "cookie_secret: Some(Secret(..))"),
        ("BOKEH_DEFAULT_SERVER_PORT", "default_server_port", "7000", "port: 7000"),
        ("BOKEH_ICO_PATH", "ico_path", "none", "icon: None"),
        ("BOKEH_ICO_PATH", "ico_path", "default", "icon: Default"),
        ("BOKEH_ICO_PATH", "ico_path", "my.ico", r#"icon: File("my.ico")"#),
        ("BOKEH_LOG_LEVEL", "log_level", "Fatal", "js_log_level: Fatal"),
        ("BOKEH_MINIFIED", "minified", "off", "minified: false"),
        ("BOKEH_RESOURCES", "resources", "inline", "page_scripts: Inline"),
        ("BOKEH_RESOURCES", "resources", "cdn", "page_scripts: Cdn"),
        ("BOKEH_RESOURCES", "resources", "server-dev", "page_scripts: Server, minified: false"),
        ("BOKEH_SSL_CERTFILE", "ssl_certfile", "c.pem", r#"tls: Some(TlsFiles { certificates: "c.pem""#),
        ("BOKEH_VALIDATE_DOC", "validate_doc", "no", "validation: Off"),
        ("BOKEH_VALIDATION_LEVEL", "validation_level", "errors", "validation: Errors"),
        ("BOKEH_VALIDATION_LEVEL", "validation_level", "all", "validation: All"),
    ] {
        let configured = [environment(&[(variable, value)]), file(&format!("{name}: {value}")).unwrap()];
        for configuration in configured {
            let found = format!("{:?}", Settings::from_configuration(&configuration).unwrap());
            assert!(found.contains(expected), "{variable}={value}: {found}");
            assert_eq!(configuration.unknown(), Vec::<String>::new());
        }
    }
}

#[test]
fn what_only_python_needs_is_read_in_the_same_way() {
    for (configuration, auth_module, cookie_secret, xsrf_cookies) in [
        (environment(&[]), None, None, false),
        (
            environment(&[("BOKEH_AUTH_MODULE", "a.py"), ("BOKEH_COOKIE_SECRET", "x"), ("BOKEH_XSRF_COOKIES", "ON")]),
            Some("a.py"),
            Some("x"),
            true,
        ),
        (file("auth_module: b.py\ncookie_secret: 'y'\nxsrf_cookies: 1").unwrap(), Some("b.py"), Some("y"), true),
    ] {
        assert_eq!(configuration.auth_module().unwrap().as_deref(), auth_module.map(Path::new));
        assert_eq!(configuration.cookie_secret().unwrap().as_deref(), cookie_secret);
        assert_eq!(configuration.xsrf_cookies().unwrap(), xsrf_cookies);
    }
}

#[test]
fn sessions_are_signed_when_any_text_asks_for_it() {
    let key = ("BOKEH_SECRET_KEY", "a secret");
    for (configuration, expected) in [
        (environment(&[]), "no"),
        (environment(&[key]), "no"),
        (environment(&[key, ("BOKEH_SIGN_SESSIONS", "yes")]), "signed"),
        // In a variable it is a text, in a file it is not.
        (environment(&[key, ("BOKEH_SIGN_SESSIONS", "no")]), "signed"),
        (file("secret_key: x\nsign_sessions: no").unwrap(), "no"),
        (file("secret_key: x\nsign_sessions: yes").unwrap(), "signed"),
        (file("sign_sessions: yes").unwrap(), "no secret"),
        (environment(&[("BOKEH_SIGN_SESSIONS", "1")]), "no secret"),
        (environment(&[("BOKEH_SIGN_SESSIONS", "1")]).given("sign_sessions", "--session-ids", ""), "no"),
    ] {
        let found = match configuration.signing() {
            Ok(None) => "no",
            Ok(Some(Signing::Signed(_))) => "signed",
            Ok(Some(_)) => "otherwise",
            Err(ConfigurationError::NoSecret) => "no secret",
            Err(_) => "another error",
        };
        assert_eq!(found, expected, "{configuration:?}");
    }
}

#[test]
fn files_are_read_as_bokeh_reads_them() {
    for (text, expected) in [
        ("", "Ok([])"),
        ("# nothing\n", "Ok([])"),
        ("allowed_ws_origin: [a, 'b:1']", r#"Ok(["a", "b:1"])"#),
        ("allowed_ws_origin:\n  - a", r#"Ok(["a"])"#),
        ("allowed_ws_origin: ~", "Ok([])"),
        ("allowed_ws_origin: a\nallowed_ws_origin: b", r#"Ok(["b"])"#),
    ] {
        let found = file(text).unwrap().allowed_ws_origin();
        assert_eq!(format!("{found:?}"), expected, "{text}");
    }
    let null_hides =
        environment(&[("BOKEH_AUTH_MODULE", "a.py")]).with_file("f".as_ref(), "auth_module: null").unwrap();
    assert_eq!(null_hides.auth_module().unwrap(), None);
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (configuration, expected) in [
        (Ok(environment(&[("BOKEH_MINIFIED", "maybe")])), r#"BOKEH_MINIFIED is "maybe"; write yes or no"#),
        (Ok(environment(&[("BOKEH_DEV", "x")])), r#"BOKEH_DEV is "x"; write yes or no"#),
        (file("# x\nminified: [1]"), "conf.yaml, line 2: minified is a list; write yes or no"),
        (file("minified:"), "conf.yaml, line 1: minified is empty; write yes or no"),
        (
            file("default_server_port: 70000"),
            r#"line 1: default_server_port is "70000"; write a number from 0 to 65535"#,
        ),
        (
            file("ico_path: x.png"),
            r#"ico_path is "x.png"; write the name of a file that ends in .ico, default or none"#,
        ),
        (file("log_level: loud"), r#"log_level is "loud"; write trace, debug, info, warn, error or fatal"#),
        (file("resources: absolute"), r#"resources is "absolute"; write server, cdn or inline; files are"#),
        (file("resources: nowhere"), r#"resources is "nowhere"; write server, cdn or inline"#),
        (file("validation_level: some"), r#"validation_level is "some"; write none, errors or all"#),
        (file("allowed_ws_origin: {a: b}"), "allowed_ws_origin is no single value; write a list of hosts"),
        (file("cookie_secret: [very, secret]"), "conf.yaml, line 1: cookie_secret is no text; write a text"),
        (file("ssl_keyfile: k"), "there is a key but no certificate"),
        (file("- minified"), "conf.yaml, line 1: there are no names; a configuration has lines such as `minified: no`"),
        (file("minified: no\n[a]: b"), "conf.yaml, line 2: "),
        (file("minified: 'no\n"), "conf.yaml, line "),
        (
            Configuration::default().read_file("/no/such.yaml".as_ref()),
            "cannot read the configuration in /no/such.yaml",
        ),
    ] {
        let settings = configuration.and_then(|configuration| Settings::from_configuration(&configuration));
        let error = settings.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\n instead of {expected}");
    }
    let level = file("py_log_level: loud").unwrap().py_log_level().unwrap_err();
    assert!(level.to_string().contains("py_log_level is \"loud\"; write trace, debug"), "{level}");
}

#[test]
fn names_that_mean_nothing_are_found() {
    let configuration = file("minified: no\nminifed: no\npretty: yes").unwrap();
    assert_eq!(configuration.unknown(), [r#"conf.yaml, line 2: there is no setting "minifed""#]);
}

#[test]
fn the_book_has_all_variables() {
    let book = include_str!("../../../../docs/src/configuration.md");
    for key in KEYS.iter().chain([&keys::DEV]) {
        assert!(book.contains(&format!("`{}`", key.variable)), "{}", key.variable);
    }
}

fn environment(variables: &[(&str, &str)]) -> Configuration {
    Configuration::default().with_environment(variables.iter().copied())
}

fn file(text: &str) -> Result<Configuration, ConfigurationError> {
    Configuration::default().with_file("conf.yaml".as_ref(), text)
}
