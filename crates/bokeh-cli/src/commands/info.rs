use std::collections::BTreeMap;
use std::env;
use std::env::consts::{ARCH, OS};
use std::process::ExitCode;

use bokeh_server::BokehJs;
use clap::Args;

use crate::serve::fail;

/// What to tell.
#[derive(Debug, Args)]
pub(crate) struct Info {
    /// Tell only where BokehJS is
    #[arg(long = "static")]
    only_static: bool,
}

/// Prints what the program is and what it has found.
pub(crate) fn info(options: &Info) -> ExitCode {
    let folder = BokehJs::default().folder().map(|folder| folder.display().to_string());
    if options.only_static {
        return match folder {
            Some(folder) => {
                println!("{folder}");
                ExitCode::SUCCESS
            }
            None => fail(NO_BOKEHJS),
        };
    }
    let elsewhere = if BokehJs::IS_EMBEDDED { "(inside of the program)" } else { "(pages load it from cdn.bokeh.org)" };
    for (name, value) in [
        ("bokeh-rs version", env!("CARGO_PKG_VERSION").to_owned()),
        ("Bokeh version", bokeh_server::BOKEHJS_VERSION.to_owned()),
        ("BokehJS static path", folder.unwrap_or_else(|| elsewhere.to_owned())),
        ("Python", python()),
        ("Operating system", format!("{OS} {ARCH}")),
    ] {
        println!("{name:<22}:  {value}");
    }
    let variables = variables();
    if !variables.is_empty() {
        println!("\nVariables that are set");
    }
    for (name, value) in variables {
        println!("{name:<22}:  {value}");
    }
    ExitCode::SUCCESS
}

/// Bokeh's variables of the environment, by name. What is secret stays so.
fn variables() -> BTreeMap<String, String> {
    let set = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let bokehs = set.filter(|(name, _)| name.starts_with("BOKEH"));
    let shown = bokehs.map(|(name, value)| {
        let is_secret = name.contains("SECRET") || name.contains("PASSWORD");
        let value = if is_secret { "(secret)".to_owned() } else { value.to_string_lossy().into_owned() };
        (name, value)
    });
    shown.collect()
}

#[cfg(all(unix, feature = "python"))]
fn python() -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map(|runtime| runtime.block_on(bokeh_python::Interpreter::find(None))) {
        Ok(Ok(python)) => {
            let path = python.path().display();
            format!("{} with bokeh {} ({path})", python.python_version(), python.bokeh_version())
        }
        Ok(Err(error)) => format!("({error})"),
        Err(error) => format!("({error})"),
    }
}

#[cfg(not(all(unix, feature = "python")))]
fn python() -> String {
    "(this program was built without Python)".to_owned()
}

/// What to do where BokehJS is needed and not there.
pub(super) const NO_BOKEHJS: &str =
    "there is no BokehJS here; BOKEHJS_DIR can name its folder, such as `build` in the npm package @bokeh/bokehjs";
