//! BokehJS where npm or Python have installed it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use bokeh_embed::BOKEHJS_VERSION;

/// The folder of the BokehJS that is installed nearest by, of the very version that pages are made for.
pub(super) fn find() -> Option<PathBuf> {
    let program = env::current_exe().ok();
    let starts = [env::current_dir().ok(), program.and_then(|program| program.parent().map(Path::to_owned))];
    let in_npm = starts.iter().flatten().flat_map(|start| start.ancestors()).find_map(in_node_modules);
    in_npm.or_else(|| in_python(Path::new(&env::var_os("VIRTUAL_ENV")?)))
}

/// As npm installs it into a project.
fn in_node_modules(project: &Path) -> Option<PathBuf> {
    let package = project.join("node_modules/@bokeh/bokehjs");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(package.join("package.json")).ok()?).ok()?;
    (manifest.get("version")?.as_str()? == BOKEHJS_VERSION).then(|| package.join("build"))
}

/// As pip installs it with Bokeh into a virtual environment.
fn in_python(environment: &Path) -> Option<PathBuf> {
    let version = format!("bokeh-{BOKEHJS_VERSION}.dist-info");
    let pythons = fs::read_dir(environment.join("lib")).ok()?;
    let packages = pythons.filter_map(|python| Some(python.ok()?.path().join("site-packages")));
    let mut with_bokeh = packages.filter(|packages| packages.join(&version).is_dir());
    with_bokeh.next().map(|packages| packages.join("bokeh/server/static"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_version_is_found() {
        let folder = env::temp_dir().join(format!("bokehjs-{}", std::process::id()));
        let package = folder.join("node_modules/@bokeh/bokehjs");
        let packages = folder.join("lib/python3.11/site-packages");
        fs::create_dir_all(&package).unwrap();
        for (version, is_found) in [("1.0.0", false), (BOKEHJS_VERSION, true)] {
            fs::write(package.join("package.json"), format!(r#"{{"version":"{version}"}}"#)).unwrap();
            fs::create_dir_all(packages.join(format!("bokeh-{version}.dist-info"))).unwrap();
            assert_eq!(in_node_modules(&folder), is_found.then(|| package.join("build")), "{version}");
            assert_eq!(in_python(&folder), is_found.then(|| packages.join("bokeh/server/static")), "{version}");
        }
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(in_node_modules(&folder), None);
    }
}
