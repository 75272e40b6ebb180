//! Applications as files: `bokeh json` is the judge. It has no `html` any more, so there a browser is.

use std::path::Path;
use std::process::Output;

use anyhow::{Context, Result, ensure};
use e2e::{Browser, Python};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::host::folder;

#[tokio::test]
async fn json_is_what_bokeh_writes() -> Result<()> {
    // These make the same each time, and ask for no session.
    let apps = [
        "dashboard",
        "themed",
        "extended",
        "notebook_folder",
        "notebook.ipynb",
        "waves.py",
        "films.py",
        "contours.py",
        "options.py",
        "hold.py",
    ];
    let files = tempfile::tempdir()?;
    let name = |whose: &str, app: &str| files.path().join(format!("{whose}-{app}")).display().to_string();
    for whose in ["ours", "theirs"] {
        let outputs = apps.iter().flat_map(|app| ["-o".to_owned(), name(whose, app)]);
        let mut command = if whose == "ours" { ours()? } else { theirs()? };
        let output = command.arg("json").args(outputs).args(apps).output().await?;
        ensure!(output.status.success(), "{whose}: {}", said(&output));
    }
    let read = |whose: &str, app: &str| -> Result<Value> {
        let text = std::fs::read_to_string(name(whose, app)).with_context(|| format!("{whose} {app}"))?;
        Ok(serde_json::from_str(&numbered(&text))?)
    };
    for app in apps {
        let (ours, theirs) = (read("ours", app)?, read("theirs", app)?);
        ensure!(!ours["roots"].as_array().context("there are roots")?.is_empty(), "{app} is empty");
        ensure!(ours == theirs, "{app}:\n{ours}\n{theirs}");
    }
    Ok(())
}

#[tokio::test]
async fn pages_need_nobody_when_bokehjs_is_in_them() -> Result<()> {
    let files = tempfile::tempdir()?;
    let browser = Browser::start().await?;
    for app in ["waves.py", "dashboard", "themed"] {
        let path = files.path().join("page.html");
        let html = write_html(app, "inline", &path).await?;
        ensure!(!html.contains("<script src=") && !html.contains("<link rel=\"stylesheet\" href=\"http"), "{app}");
        let page = browser.open(&format!("file://{}", path.display())).await?;
        page.wait_idle().await.with_context(|| app.to_owned())?;
        let n_roots = page.eval("return doc().roots().length", json!(null)).await?;
        ensure!(n_roots.as_u64() > Some(0), "{app} draws nothing");
        page.screenshot(&format!("file-{}", app.trim_end_matches(".py"))).await?;
    }
    let html = write_html("waves.py", "cdn", &files.path().join("page.html")).await?;
    ensure!(html.contains("https://cdn.bokeh.org/bokeh/release/bokeh-3.9.2.min.js"), "{html}");
    Ok(())
}

async fn write_html(app: &str, resources: &str, path: &Path) -> Result<String> {
    let output = ours()?.arg("html").arg(app).arg("-o").arg(path).env("BOKEH_RESOURCES", resources).output().await?;
    ensure!(output.status.success(), "{app}: {}", said(&output));
    Ok(std::fs::read_to_string(path)?)
}

fn ours() -> Result<Command> {
    let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
    // Beside the interpreter lies what says that it is an environment.
    let python = e2e::python()?;
    let environment = python.ancestors().nth(2).context("the interpreter is in a folder of an environment")?;
    command.env("VIRTUAL_ENV", environment);
    Ok(in_apps(command))
}

fn theirs() -> Result<Command> {
    let mut command = Python::find()?.command();
    let converter = e2e::notebook_converter()?;
    command.args(["-m", "bokeh"]).env("JUPYTER_PATH", converter.join("share/jupyter")).env("PYTHONPATH", converter);
    Ok(in_apps(command))
}

fn in_apps(mut command: Command) -> Command {
    command.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(folder()).kill_on_drop(true);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The JSON with ids in the order in which they come: Bokeh's command has made models of its own before.
fn numbered(json: &str) -> String {
    let mut ids: Vec<&str> = Vec::new();
    let parts = json.split('"').map(|part| {
        let is_id = part.strip_prefix('p').is_some_and(|id| id.len() > 3 && id.bytes().all(|b| b.is_ascii_digit()));
        if !is_id {
            return part.to_owned();
        }
        let at = ids.iter().position(|id| *id == part).unwrap_or_else(|| {
            ids.push(part);
            ids.len() - 1
        });
        format!("id {at}")
    });
    parts.collect::<Vec<_>>().join("\"")
}
