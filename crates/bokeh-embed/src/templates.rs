//! The templates, parsed when the first of them is needed.

use std::sync::LazyLock;

use minijinja::Environment;

use crate::page::embed;

/// Names that no file of a user's has. Those that end in `.html` make minijinja escape what it inserts.
pub(crate) const BASE: &str = "<bokeh>/file.html";
pub(crate) const MACROS: &str = "<bokeh>/macros.html";
pub(crate) const PLOT_SCRIPT: &str = "<bokeh>/plot_script.html";
pub(crate) const PLOT: &str = "<bokeh>/plot.js";
pub(crate) const AUTOLOAD: &str = "<bokeh>/autoload.js";

/// All templates.
pub(crate) fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
        let mut environment = Environment::new();
        environment.add_function("embed", embed);
        for (name, source) in [
            (BASE, include_str!("../templates/file.html")),
            (MACROS, include_str!("../templates/macros.html")),
            (PLOT_SCRIPT, include_str!("../templates/plot_script.html")),
            (PLOT, include_str!("../templates/plot.js")),
            (AUTOLOAD, include_str!("../templates/autoload.js")),
        ] {
            environment.add_template(name, source).expect("the templates never change, and every page needs them");
        }
        environment
    });
    &ENVIRONMENT
}
