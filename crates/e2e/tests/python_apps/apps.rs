//! Which applications there are, and who visits them.

use std::pin::Pin;

use anyhow::Result;

use crate::visit::Visit;
use crate::visits::{animations, callbacks, columns, context, events, extensions, files, folders, plots, widgets};

/// An application of the folder `apps`.
pub(crate) struct App {
    /// A script, a notebook or a folder.
    pub(crate) path: &'static str,
    /// What is done in its page, and must be seen then.
    pub(crate) visit: Visitor,
    /// What the page may complain about in its console.
    pub(crate) complaint: Option<&'static str>,
    /// Whether its sessions have something to do with each other, so that they must run in one process.
    pub(crate) is_shared: bool,
    /// Whether it gets a server of its own. Bokeh puts the code of all custom models of a process into all pages, and fails
    /// when a session has ended that has defined one.
    pub(crate) is_alone: bool,
    /// Whether its document changes by itself as soon as it is there.
    pub(crate) is_moving: bool,
}

type Visitor = for<'a> fn(&'a Visit<'a>) -> Visiting<'a>;

type Visiting<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

impl App {
    const fn new(path: &'static str, visit: Visitor) -> Self {
        Self { path, visit, complaint: None, is_shared: false, is_alone: false, is_moving: false }
    }

    const fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }

    const fn alone(self) -> Self {
        Self { is_alone: true, ..self }
    }

    const fn moving(self) -> Self {
        Self { is_moving: true, ..self }
    }

    const fn complains(self, complaint: &'static str) -> Self {
        Self { complaint: Some(complaint), ..self }
    }

    /// Where it is served, without the slash: the path without its extension.
    pub(crate) fn route(&self) -> &'static str {
        self.path.split('.').next().unwrap_or(self.path)
    }
}

pub(crate) const APPS: &[App] = &[
    App::new("waves.py", |visit| Box::pin(widgets::waves(visit))),
    App::new("films.py", |visit| Box::pin(widgets::films(visit))),
    App::new("editor.py", |visit| Box::pin(widgets::editor(visit))),
    App::new("formulas.py", |visit| Box::pin(widgets::formulas(visit))),
    App::new("dial.py", |visit| Box::pin(widgets::dial(visit))).alone(),
    App::new("selection.py", |visit| Box::pin(plots::selection(visit))),
    App::new("crossfilter.py", |visit| Box::pin(plots::crossfilter(visit))),
    App::new("themed", |visit| Box::pin(plots::themed(visit))),
    App::new("contours.py", |visit| Box::pin(animations::contours(visit))),
    App::new("surface.py", |visit| Box::pin(animations::surface(visit))).moving(),
    App::new("nations.py", |visit| Box::pin(animations::nations(visit))),
    App::new("ohlc.py", |visit| Box::pin(columns::ohlc(visit))).moving(),
    App::new("patch.py", |visit| Box::pin(columns::patch(visit))),
    App::new("hold.py", |visit| Box::pin(columns::hold(visit))),
    App::new("events.py", |visit| Box::pin(events::events(visit))),
    App::new("messages.py", |visit| Box::pin(events::messages(visit))),
    App::new("export", |visit| Box::pin(files::export(visit))),
    App::new("upload.py", |visit| Box::pin(files::upload(visit))),
    App::new("dashboard", |visit| Box::pin(folders::dashboard(visit))),
    App::new("packaged", |visit| Box::pin(folders::packaged(visit))),
    App::new("extended", |visit| Box::pin(extensions::extended(visit))).alone(),
    App::new("notebook.ipynb", |visit| Box::pin(folders::notebook(visit))),
    App::new("notebook_folder", |visit| Box::pin(folders::notebook_folder(visit))),
    App::new("options.py", |visit| Box::pin(context::options(visit))),
    App::new("request.py", |visit| Box::pin(context::request(visit))),
    App::new("neighbours.py", |visit| Box::pin(context::neighbours(visit))).shared(),
    App::new("hooked", |visit| Box::pin(context::hooked(visit))).shared(),
    App::new("lifecycle", |visit| Box::pin(context::lifecycle(visit))).moving().shared(),
    App::new("threads.py", |visit| Box::pin(callbacks::threads(visit))).moving(),
    App::new("timers.py", |visit| Box::pin(callbacks::timers(visit))).moving(),
    App::new("faults.py", |visit| Box::pin(callbacks::faults(visit))).complains("Unhandled ERROR reply"),
    App::new("broken.py", |visit| Box::pin(callbacks::broken(visit))),
];
