//! Applications as files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::start::python;

#[test]
fn each_application_has_a_file_of_its_name_unless_told_otherwise() {
    let folder = folder();
    let output = run(&folder, &["json", "hello.py", "other.py", "greeting", "-o", "first.json"]);
    assert!(output.status.success(), "{}", said(&output));
    let mut names: Vec<String> = files(&folder).filter(|name| name.ends_with(".json")).collect();
    names.sort();
    assert_eq!(names, ["first.json", "greeting.json", "other.json"]);
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(text("first.json").contains(r#""text":"hello""#));
    assert!(text("greeting.json").contains(r#""text":"greeting""#));
    assert!(!text("other.json").contains('\n'));
    let output = run(&folder, &["html", "hello.py"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(text("hello.html").starts_with("<!DOCTYPE html>"));
}

#[test]
fn standard_output_has_the_document_only() {
    let folder = folder();
    let output = run(&folder, &["json", "--indent", "2", "-o", "-", "hello.py", "--args", "one", "--two"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(text.starts_with("{\n  \"version\"") && text.ends_with("}\n"), "{text}");
    assert!(text.contains("one --two"), "{text}");
    assert!(said(&output).contains("said by the script"), "{}", said(&output));
    let again = run(&folder, &["json", "--indent", "2", "-o", "-", "hello.py", "--args", "one", "--two"]);
    assert_eq!(String::from_utf8(again.stdout).unwrap(), text);
}

#[test]
fn hooks_are_for_servers() {
    let folder = folder();
    let output = run(&folder, &["json", "greeting"]);
    assert!(output.status.success() && !said(&output).contains("a hook"), "{}", said(&output));
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = folder();
    for (args, code, expected) in [
        (&["json"][..], 2, "required arguments were not provided"),
        (&["json", "hello.py", "-o", "a", "-o", "b"], 1, "ERROR: --output is there 2 times, for 1 application\n"),
        (&["json", "hello.py", "hello.py"], 1, "ERROR: two applications are called 'hello'"),
        (&["json", "missing.py"], 1, "ERROR: there is no 'missing.py'\n"),
        (&["json", "hello.py", "-o", "no/such/folder"], 1, "ERROR: cannot write no/such/folder: No such file"),
        (&["json", "failing.py"], 1, "ERROR: 'failing.py' cannot be written: no luck\n"),
        (&["json", "ending.py"], 1, "ERROR: 'ending.py' cannot be written: the script asked to end the process"),
        (&["html", "empty.py"], 1, "ERROR: 'empty.py' cannot be written: there is nothing to show"),
        (&["json", "--python", "no-such-python", "hello.py"], 1, "ERROR: there is no Python interpreter"),
        (&["json", "--indent", "much", "hello.py"], 2, "invalid value 'much' for '--indent"),
    ] {
        let output = run(&folder, args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(expected), "{args:?}: {}", said(&output));
    }
    assert!(!files(&folder).any(|name| name.starts_with("failing.j")));
    let wrong = command(&folder, &["html", "hello.py"]).env("BOKEH_RESOURCES", "moon").output().unwrap();
    assert!(said(&wrong).contains("ERROR: 'hello.py' cannot be written: BOKEH_RESOURCES has a wrong value"));
}

fn run(folder: &TempDir, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

fn command(folder: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bokeh-rs"));
    command.args(&args[..1]);
    if !args.contains(&"--python") {
        command.arg("--python").arg(python());
    }
    command
        .args(&args[1..])
        .current_dir(folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("BOKEH_RESOURCES");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn files(folder: &TempDir) -> impl Iterator<Item = String> {
    fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap())
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let hello = r#"
import sys
from bokeh.io import curdoc
from bokeh.models import Div
print("said by the script")
curdoc().title = " ".join(sys.argv[1:])
curdoc().add_root(Div(text="hello"))
"#;
    let hooks = r#"
def on_server_loaded(server_context): print("a hook")
def on_server_unloaded(server_context): print("a hook")
"#;
    for (name, content) in [
        ("hello.py", hello),
        ("other.py", hello),
        ("greeting/main.py", &hello.replace("hello", "greeting")),
        ("greeting/server_lifecycle.py", hooks),
        ("failing.py", "raise ValueError('no luck')"),
        ("ending.py", "import sys\nsys.exit(3)"),
        ("empty.py", ""),
    ] {
        let path: &Path = &folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}
