//! The tests of the Python side, which are written in Python.

use std::path::Path;

use tokio::process::Command;

use crate::support::python;

#[tokio::test]
async fn the_python_side_passes_its_own_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let mut run = Command::new(python());
    run.args(["-m", "unittest"]).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1").kill_on_drop(true);
    let output = run.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
