//! Interpreters that can be used, and what is said of those that cannot.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use bokeh_python::{Interpreter, PythonApps, StartError};

use crate::support::python;

#[tokio::test]
async fn the_interpreter_of_the_setup_can_be_used() {
    let python = Interpreter::find(Some(&python())).await.unwrap();
    assert!(python.bokeh_version().starts_with("3."), "{python:?}");
    assert!(python.python_version().starts_with("3."), "{python:?}");
}

#[tokio::test]
async fn what_is_wrong_with_an_interpreter_is_said_and_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let fake = |name: &str, script: &str| fake(folder.path(), name, script);
    let missing = folder.path().join("missing");
    for (python, expected) in [
        (
            missing,
            "there is no Python interpreter `{}`; activate an environment that has bokeh, or name its interpreter with \
             --python",
        ),
        (
            fake("bare", r#"echo '{"missing": "No module named '"'bokeh'"'"}'"#),
            "the Python interpreter `{}` has no bokeh (No module named 'bokeh'); install it with `{} -m pip install \
             bokeh`, or name an interpreter that has it with --python",
        ),
        (
            fake("old", r#"echo '{"python": "3.8.1", "bokeh": "2.4.3"}'"#),
            "the Python interpreter `{}` has bokeh 2.4.3; the versions 3.7 to 3.10 can be used: install one with `{} -m \
             pip install 'bokeh>=3.7,<3.11'`",
        ),
        (
            fake("broken", "echo 'cannot find libpython' >&2; exit 127"),
            "`{}` is no working Python interpreter: it ended with exit status: 127\ncannot find libpython",
        ),
        (fake("silent", "true"), "`{}` is no working Python interpreter: it ended with exit status: 0\n"),
    ] {
        let error = Interpreter::find(Some(&python)).await.unwrap_err();
        assert_eq!(error.to_string(), expected.replace("{}", &python.display().to_string()));
    }
}

#[tokio::test]
async fn what_a_site_writes_when_python_starts_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"echo 'Welcome to the cluster'; echo; echo '{"python": "3.13.0", "bokeh": "3.9.2"}'"#;
    let python = Interpreter::find(Some(&fake(folder.path(), "chatty", script))).await.unwrap();
    assert_eq!((python.python_version(), python.bokeh_version()), ("3.13.0", "3.9.2"));
}

#[tokio::test]
async fn a_worker_that_ends_before_it_is_ready_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"case "$1" in -c) echo '{"python": "3.13.0", "bokeh": "3.9.2"}';; *) exit 3;; esac"#;
    let python = fake(folder.path(), "fleeting", script);
    let error = PythonApps::builder().python(python).workers(2).start().await.unwrap_err();
    assert!(matches!(error, StartError::Worker(_)), "{error:?}");
}

/// A shell script in the place of an interpreter.
fn fake(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    // A process that another test is just starting may still have the file open for writing.
    let is_busy =
        || std::process::Command::new(&path).output().is_err_and(|error| error.kind() == ErrorKind::ExecutableFileBusy);
    while is_busy() {}
    path
}
