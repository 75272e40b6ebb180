//! What keeps the program from starting.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program;

#[test]
fn mistakes_are_said_before_anything_is_served() {
    let folder = folder();
    for (args, code, expected) in [
        (&["missing.py"][..], 1, "ERROR: there is no 'missing.py'"),
        (&["text.txt"], 1, "ERROR: 'text.txt' is neither a '.py' script nor a '.ipynb' notebook"),
        (&["nomain"], 1, "ERROR: there is no 'main.py' and no 'main.ipynb' in 'nomain'"),
        (&["twohooks"], 1, "ERROR: 'twohooks' has both app_hooks.py and server_lifecycle.py"),
        (&["app.py", "nested/app.py"], 1, "app.py' would both be served at /app; give them different names"),
        (&["--glob", "a["], 1, "ERROR: 'a[' is no pattern"),
        (&["--python", "no-such-python", "app.py"], 1, "ERROR: there is no Python interpreter `no-such-python`"),
        (&["--session-ids", "signed"], 1, "ERROR: to sign sessions, a secret must be"),
        (&["--session-memory", "100", "app.py"], 1, "ERROR: --session-memory and --session-cpu-time are for"),
        (&["--unix-socket", "s.sock"], 1, "ERROR: --port arg is not supported with a unix socket"),
        (&["--ssl-certfile", "none.pem"], 1, "ERROR: cannot read none.pem: No such file"),
        (&["--ssl-keyfile", "key.pem"], 1, "ERROR: there is a key but no certificate"),
        (&["--use-xheaders", "--trusted-proxy", "10.0.0.0/99"], 1, "ERROR: \"10.0.0.0/99\" is no proxy"),
        (&["--port=-1"], 1, "ERROR: --port is -1; write a number from 0 to 65535"),
        (&["--port=70000"], 1, "ERROR: --port is 70000; write"),
        (&["--address", "192.0.2.1"], 1, "ERROR: Cannot start Bokeh server, address '192.0.2.1' not available"),
        (&["--allow-websocket-origin", "a:b:c"], 1, "ERROR: allow_websocket_origin: allowed origin \"a:b:c\""),
        (
            &["--allow-websocket-origin", "http://a"],
            1,
            "allowed origin \"http://a\", which is not of the form host or host:port",
        ),
        (&["--ico-path", "x.png"], 1, "ERROR: --ico-path is \"x.png\"; write"),
        (&["--ico-path", "none.ico"], 1, "ERROR: cannot read the icon none.ico"),
        (&["--keep-alive=-1"], 1, "ERROR: --keep-alive is -1; write 0 or more"),
        (&["--check-unused-sessions=0"], 1, "ERROR: --check-unused-sessions is 0; write 1 or more"),
        (&["--unused-session-lifetime", "-5"], 1, "ERROR: --unused-session-lifetime is -5; write 1 or more"),
        (&["--stats-log-frequency=0"], 1, "ERROR: --stats-log-frequency is 0; write 1 or more"),
        (&["--mem-log-frequency=-1"], 1, "ERROR: --mem-log-frequency is -1; write 0 or more"),
        (&["--session-token-expiration=0"], 1, "ERROR: --session-token-expiration is 0; write 1 or more"),
        (&["--websocket-max-message-size=0"], 1, "ERROR: --websocket-max-message-size is 0; write 1 or more"),
        (&["--include-headers", "a", "--exclude-headers", "b"], 1, "ERROR: --include-headers and --exclude-headers"),
        (&["--session-ids", "external-signed"], 1, "ERROR: to sign sessions, a secret must be"),
        (&["--auth-module", "none.py"], 1, "ERROR: there is no none.py; --auth-module or BOKEH_AUTH_MODULE names"),
        (&["--use-config", "none.yaml"], 1, "ERROR: cannot read the configuration in none.yaml: No such file"),
        (&["--use-config", "bad.yaml"], 1, "ERROR: bad.yaml, line 2: "),
        (&["--dev"], 1, "ERROR: there is nothing to develop; --dev needs a script"),
        (&["--log-file", "/no/such/log"], 1, "ERROR: cannot write the log to /no/such/log"),
        (&["--port=x"], 2, "invalid value 'x' for '--port"),
        (&["--keep-alive", "1.5"], 2, "invalid value '1.5' for '--keep-alive"),
        (&["--log-level", "loud"], 2, "invalid value 'loud' for '--log-level"),
        (&["--session-ids", "some"], 2, "invalid value 'some' for '--session-ids"),
        (&["--websocket-compression-level", "x"], 2, "invalid value 'x' for '--websocket-compression-level"),
        (&["--include-headers"], 2, "a value is required for '--include-headers"),
        (&["--allow-websocket-origin"], 2, "a value is required for '--allow-websocket-origin"),
        (&["--disable-index=yes"], 2, "unexpected value 'yes' for '--disable-index'"),
        (&["--log"], 2, "'--log"),
        // Bokeh starts with these, and says nothing, fails later, or is not there.
        (&["--use-config", "value.yaml"], 1, "ERROR: value.yaml, line 1: minified is \"maybe\"; write yes or no"),
        (&["--websocket-compression-level", "10"], 1, "ERROR: --websocket-compression-level is 10; write a number"),
        (&["--websocket-compression-mem-level", "0"], 1, "ERROR: --websocket-compression-mem-level is 0; write"),
        (&["--log-format", "xml"], 2, "invalid value 'xml' for '--log-format"),
        (&["--metrics", "some"], 2, "invalid value 'some' for '--metrics"),
        (&["--max-sessions", "-1"], 2, "unexpected argument '-1'"),
        (&["--num-procs", "many", "app.py"], 2, "invalid value 'many' for '--num-procs"),
        (&["--no-such-option"], 2, "unexpected argument '--no-such-option'"),
    ] {
        let (found, said) = serve(&folder, args);
        assert_eq!(found, Some(code), "{args:?}: {said}");
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn variables_that_make_no_sense_are_named() {
    let folder = folder();
    for (variable, value, expected) in [
        ("BOKEH_DEFAULT_SERVER_PORT", "x", "write a number from 0 to 65535"),
        ("BOKEH_DEV", "maybe", "write yes or no"),
        ("BOKEH_ICO_PATH", "x.png", "write the name of a file that ends in .ico, default or none"),
        ("BOKEH_LOG_LEVEL", "loud", "write trace, debug, info, warn, error or fatal"),
        ("BOKEH_MINIFIED", "maybe", "write yes or no"),
        ("BOKEH_PY_LOG_LEVEL", "loud", "write trace, debug, info, warning, error, critical or none"),
        ("BOKEH_RESOURCES", "nowhere", "write server, cdn or inline"),
        ("BOKEH_VALIDATE_DOC", "maybe", "write yes or no"),
        ("BOKEH_VALIDATION_LEVEL", "some", "write none, errors or all"),
        ("BOKEH_XSRF_COOKIES", "maybe", "write yes or no"),
    ] {
        let args = if variable == "BOKEH_DEFAULT_SERVER_PORT" { &[][..] } else { &["--port", "0"] };
        let output = program::serve(args).current_dir(folder.path()).env(variable, value).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{variable}: {said}");
        assert!(said.contains(&format!("ERROR: {variable} is \"{value}\"; {expected}")), "{said}");
    }
}

#[test]
fn options_are_taken_shortened_and_more_than_once() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let (code, said) =
        serve(&folder(), &["--disable-index-r", "--show", "--show", "--addr=127.0.0.1", "--port", &port]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("port {port} is already in use")), "{said}");
}

#[test]
fn what_python_cannot_load_is_said_with_the_place() {
    let (folder, python) = (folder(), python());
    let python = python.to_str().unwrap();
    for (args, expected) in [
        (&["syntax.py"][..], &["syntax.py", "line 2"][..]),
        (&["app.py", "syntax.py"], &["syntax.py", "line 2"]),
        (&["badhook"], &["badhook", "on_session_created"]),
        (&["badsyntax"], &["badsyntax", "line 1"]),
        (&["app.py", "--auth-module", "auth.py"], &["login_url"]),
    ] {
        let (code, said) = serve(&folder, &[&["--python", python, "--num-procs", "1"], args].concat());
        assert_eq!(code, Some(1), "{args:?}: {said}");
        assert!(said.contains("ERROR: "), "{args:?}: {said}");
        assert!(said.matches("Traceback").count() < 3, "{args:?}: {said}");
        for part in expected {
            assert!(said.contains(part), "{args:?}: {said}");
        }
    }
}

/// Starts the program, which is to end by itself, and answers with its exit code and what it says.
fn serve(folder: &TempDir, args: &[&str]) -> (Option<i32>, String) {
    let mut command = program::serve(&[&["--port", "0"], args].concat());
    let output = command.current_dir(folder.path()).env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A Python interpreter that has Bokeh: `BOKEH_PYTHON` from the environment, else the one of the setup.
pub(crate) fn python() -> PathBuf {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.setup/venv/bin/python");
    std::env::var_os("BOKEH_PYTHON").map_or(setup, PathBuf::from)
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in [
        ("app.py", ""),
        ("nested/app.py", ""),
        ("syntax.py", "x = 1\ndef (\n"),
        ("bad.yaml", "[1"),
        ("value.yaml", "minified: maybe"),
        ("text.txt", ""),
        ("nomain/app.py", ""),
        ("twohooks/main.py", ""),
        ("twohooks/app_hooks.py", ""),
        ("twohooks/server_lifecycle.py", ""),
        ("badhook/main.py", ""),
        ("badhook/app_hooks.py", "def on_session_created(a, b, c): pass\n"),
        ("badsyntax/main.py", ""),
        ("badsyntax/server_lifecycle.py", "def (\n"),
        ("auth.py", "def get_user(handler): return None\n"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}
