//! Programs that must not compile, with the words of ours that their authors read.
//!
//! Only the first line of each error is compared: the rest is the compiler's and changes with it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Names, programs and the errors expected.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "foreign_token",
        "doc.add(Slider::new()).on_change(doc, Button::LABEL, |_, _| {});",
        &["`bokeh_models::prelude::Slider` is not a `bokeh_models::prelude::Button` and does not inherit from it"],
    ),
    (
        "foreign_event",
        "doc.add(Slider::new()).on::<events::Tap>(doc, |_, _| {});",
        &["`bokeh_models::prelude::Slider` is not a `bokeh_models::prelude::Plot` and does not inherit from it"],
    ),
    (
        "event_of_documents",
        "doc.add(Slider::new()).on::<events::DocumentReady>(doc, |_, _| {});",
        &["a `bokeh_models::prelude::Slider` has no event `DocumentReady`"],
    ),
    ("number", "Slider::new().start(\"zero\");", &["`&str` cannot be assigned to a property of type `f64`"]),
    ("member", "Button::new().button_type(1);", &["`{integer}` cannot be assigned to a property of type `ButtonType`"]),
    ("model", "DataTable::new().source(\"table\");", &["`&str` cannot be assigned to a property of type `DataSource`"]),
    (
        "child",
        "row([DataRange1d::new()]);",
        &["`[DataRange1dBuilder; 1]` cannot be assigned to a property of type `Vec<UIElement>`"],
    ),
    ("column", "data! { \"y\" => 1.0 };", &["`{float}` cannot be a column"]),
    ("item", "data! { \"y\" => [Some(true)] };", &["`Option<bool>` cannot be an item of a column"]),
    ("argument", "doc.add(figure()).line(doc, true, \"y\");", &["`bool` cannot be given for a `NumberSpec`"]),
    ("tools", "figure().tools(3);", &["`{integer}` are no tools"]),
    (
        "readonly",
        "doc.add(Slider::new()).set_value_throttled(doc, 3);",
        &[
            "no method named `set_value_throttled` found for struct `bokeh_models::prelude::Slider` in the current scope",
        ],
    ),
];

#[test]
fn misuse_is_explained_by_the_compiler() -> Result {
    let package = package()?;
    let errors = check(&package)?;
    for (name, _, expected) in CASES {
        let found: Vec<&str> = errors.iter().filter(|(of, _)| of == name).map(|(_, text)| text.as_str()).collect();
        assert_eq!(found, *expected, "{name}");
    }
    Ok(())
}

/// A package with a program for each case.
fn package() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("misuse");
    let bins = package.join("src/bin");
    fs::create_dir_all(&bins)?;
    let models = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"misuse\"\nedition = \"2024\"\n\n[dependencies]\nbokeh-models = {{ path = {models:?} }}\n\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::copy(models.join("../../Cargo.lock"), package.join("Cargo.lock"))?;
    for (name, program, _) in CASES {
        let program = format!(
            "#![allow(unused)]\nuse bokeh_models::prelude::*;\n\nfn main() {{\n    let doc = &mut Document::new();\n    {program}\n}}\n"
        );
        fs::write(bins.join(format!("{name}.rs")), program)?;
    }
    Ok(package)
}

/// The errors of each program.
fn check(package: &Path) -> Result<Vec<(String, String)>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format=json", "--target-dir"])
        .arg(package.join("target"))
        .current_dir(package)
        .output()?;
    let mut errors = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: serde_json::Value = serde_json::from_str(line)?;
        let text = message["message"]["message"].as_str().unwrap_or_default();
        if message["message"]["level"] == "error" && !text.starts_with("aborting due to") {
            errors.push((message["target"]["name"].as_str().unwrap_or_default().to_owned(), text.to_owned()));
        }
    }
    assert!(!errors.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(errors)
}
