//! Servers of both kinds with the same applications.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context, Result};
use e2e::{Python, Server};
use tempfile::TempDir;
use tokio::process::Command;

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `bokeh serve`, the judge.
    Python,
    /// `bokeh-rs serve`.
    Ours,
}

/// A folder with applications.
pub(crate) struct Site(TempDir);

impl Site {
    pub(crate) fn new() -> Result<Self> {
        let site = Self(TempDir::new()?);
        for (name, content) in FILES {
            let path = site.path().join(name);
            fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
            fs::write(path, content)?;
        }
        symlink(site.path().join("one.py"), site.path().join("dirapp/static/outside.txt"))?;
        symlink("x.txt", site.path().join("dirapp/static/inside.txt"))?;
        Ok(site)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs `serve` in the folder, which `<dir>` stands for.
    pub(crate) async fn serve(&self, kind: Kind, args: &[String], env: &[(String, String)]) -> Result<Running> {
        let mut command = match kind {
            Kind::Python => {
                let mut command = Python::find()?.command();
                command.args(["-m", "bokeh", "serve"]);
                command
            }
            Kind::Ours => {
                let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
                command.arg("serve").arg("--python").arg(e2e::python()?).args(["--num-procs", "1"]);
                command.env("BOKEHJS_DIR", e2e::bokehjs()?);
                command
            }
        };
        let folder = self.path().to_str().context("the folder's name is text")?;
        // What follows `--args` is all for the applications.
        command
            .args(["--address", "127.0.0.1", "--port", "0"])
            .args(args.iter().map(|arg| arg.replace("<dir>", folder)));
        for (name, value) in env {
            command.env(name, value);
        }
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUNBUFFERED", "1").current_dir(self.path());
        let server = Server::start_command(&format!("the server of {kind:?} with {args:?}"), command).await?;
        // With a prefix or without.
        let host = server.url().trim_start_matches("http://").split('/').next().unwrap_or_default();
        let port = host.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).context("a server has a port")?;
        Ok(Running { address: (Ipv4Addr::LOCALHOST, port).into(), _server: server })
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    _server: Server,
}

const FILES: &[(&str, &str)] = &[
    (
        "one.py",
        "from bokeh.io import curdoc\nfrom bokeh.models import Div\ncurdoc().add_root(Div(name='a'))\n\
         curdoc().add_root(Div(name='b'))\ncurdoc().title = 'One <b>&</b>'\n",
    ),
    ("two.py", "from bokeh.io import curdoc\n"),
    (
        "broken.py",
        "from bokeh.io import curdoc\nfrom bokeh.models import Div\ncurdoc().add_root(Div())\nraise RuntimeError('no')\n",
    ),
    ("argv.py", "import sys\nfrom bokeh.io import curdoc\ncurdoc().title = ' '.join(sys.argv)\n"),
    (
        "dirapp/main.py",
        "from bokeh.io import curdoc\nfrom bokeh.models import Div, Slider\ncurdoc().add_root(Div(name='first'))\n\
         curdoc().add_root(Slider(name='second', start=0, end=1, value=0))\ncurdoc().template_variables['who'] = 'world'\n",
    ),
    (
        "dirapp/templates/index.html",
        "{% extends base %}{% block title %}Custom {{ who }}{% endblock %}\
         {% block contents %}{{ embed(roots.second) }}{{ embed(roots.first) }}{% endblock %}",
    ),
    ("dirapp/theme.yaml", "attrs: {Slider: {title: themed}}\n"),
    ("dirapp/app_hooks.py", "def process_request(request): return {'extra': request.path}\n"),
    ("dirapp/static/x.txt", "hi\n"),
    ("dirapp/static/ten.txt", "0123456789"),
    ("dirapp/static/empty.txt", ""),
    ("dirapp/static/é.txt", "accent"),
    ("dirapp/static/sp ace.txt", "space"),
    ("dirapp/static/.hidden", "hidden"),
    ("dirapp/static/noext", "plain"),
    ("dirapp/static/x.css", "a {}"),
    ("dirapp/static/x.csv", "a,b"),
    ("dirapp/static/x.html", "<p>page"),
    ("dirapp/static/x.js", "1"),
    ("dirapp/static/x.mjs", "1"),
    ("dirapp/static/x.json", "{}"),
    ("dirapp/static/x.png", "picture"),
    ("dirapp/static/x.svg", "<svg/>"),
    ("dirapp/static/x.tar.gz", "archive"),
    ("dirapp/static/x.wasm", "code"),
    ("dirapp/static/x.woff2", "font"),
    ("dirapp/static/x.unknown", "what"),
    ("dirapp/static/sub/y.txt", "below"),
    (
        "told.py",
        "from bokeh.io import curdoc\nrequest = curdoc().session_context.request\n\
         told = [request.arguments, request.cookies, request.headers.get('X-Foo')]\n\
         told += [curdoc().session_context.token_payload.get('extra')]\ncurdoc().title = ascii(told).replace(\"'\", '')\n",
    ),
    (
        "auth.py",
        "from tornado.web import RequestHandler\nlogin_url = '/login'\nlogout_url = '/logout'\n\
         def get_user(h): return h.get_cookie('user')\n\
         class LoginHandler(RequestHandler):\n    def get(self): self.write('login page')\n\
         class LogoutHandler(RequestHandler):\n    def get(self): self.clear_cookie('user'); self.redirect('/')\n",
    ),
    ("idx.html", "{{prefix}}|{% for i in items %}{{i}};{% end %}"),
];
