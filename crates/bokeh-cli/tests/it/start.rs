//! What keeps the program from starting.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

#[test]
fn mistakes_are_said_before_anything_is_served() {
    let folder = folder();
    for (args, code, expected) in [
        (&["missing.py"][..], 1, "ERROR: there is no 'missing.py'"),
        (&["text.txt"], 1, "ERROR: 'text.txt' is neither a '.py' script nor a '.ipynb' notebook"),
        (&["nomain"], 1, "ERROR: there is no 'main.py' and no 'main.ipynb' in 'nomain'"),
        (&["twohooks"], 1, "ERROR: 'twohooks' has both app_hooks.py and server_lifecycle.py"),
        (&["--glob", "a["], 1, "ERROR: 'a[' is no pattern"),
        (&["--python", "no-such-python", "app.py"], 1, "ERROR: there is no Python interpreter `no-such-python`"),
        (&["--session-ids", "signed"], 1, "ERROR: to sign sessions, a secret must be"),
        (&["--session-memory", "100", "app.py"], 1, "ERROR: --session-memory and --session-cpu-time are for"),
        (&["--unix-socket", "s.sock"], 1, "ERROR: --port arg is not supported with a unix socket"),
        (&["--ssl-certfile", "none.pem"], 1, "ERROR: cannot read none.pem: No such file"),
        (&["--ssl-keyfile", "key.pem"], 1, "ERROR: there is a key but no certificate"),
        (&["--use-xheaders", "--trusted-proxy", "10.0.0.0/99"], 1, "ERROR: \"10.0.0.0/99\" is no proxy"),
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
fn what_python_cannot_load_is_said_with_the_place() {
    let (folder, python) = (folder(), python());
    let python = python.to_str().unwrap();
    for (args, expected) in [
        (&["syntax.py"][..], &["syntax.py", "line 2"][..]),
        (&["app.py", "syntax.py"], &["syntax.py", "line 2"]),
        (&["badhook"], &["badhook", "on_session_created"]),
        (&["badsyntax"], &["badsyntax", "line 1"]),
        (&["app.py", "nested/app.py"], &["the route \"/app\" needs an address that is taken"]),
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
    let output = Command::new(env!("CARGO_BIN_EXE_bokeh-rs"))
        .args(["serve", "--port", "0"])
        .args(args)
        .current_dir(folder.path())
        .env_remove("BOKEH_SECRET_KEY")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
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
