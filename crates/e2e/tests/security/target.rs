//! The server that is attacked.

use std::fs;
use std::net::SocketAddr;

use bokeh_application::{Application, DirectoryHandler};
use bokeh_document::Document;
use bokeh_server::{BokehJs, RunningServer, Server, Settings};
use tempfile::TempDir;

use crate::door::Door;

/// An application with files and one without, behind a login that lets everybody in.
pub(crate) struct Target {
    pub(crate) server: RunningServer,
    pub(crate) folder: TempDir,
}

impl Target {
    pub(crate) async fn start(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("app/static/style.css", "a file for everybody"),
            ("app/static/.hidden", "a file for everybody"),
            ("app/secret.txt", SECRET),
            ("secret.txt", SECRET),
            ("bokehjs/js/bokeh.min.js", "// a script for everybody"),
            ("bokehjs/js/bokeh-gl.min.js", ""),
            ("bokehjs/js/bokeh-widgets.min.js", ""),
            ("bokehjs/js/bokeh-tables.min.js", ""),
            ("bokehjs/js/bokeh-mathjax.min.js", ""),
            ("bokehjs/secret.txt", SECRET),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let files = DirectoryHandler::open(folder.path().join("app")).unwrap();
        let app = Application::new(|_: &mut Document| {}).handler(files);
        let bokehjs = BokehJs::Folder(folder.path().join("bokehjs"));
        let builder = Server::builder().settings(Settings { bokehjs, ..settings }).auth(Door);
        let server = builder.app("/app", app).app("/other", |_: &mut Document| {}).start().await.unwrap();
        Self { server, folder }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.addresses()[0]
    }
}

pub(crate) fn settings() -> Settings {
    Settings { address: Some("127.0.0.1".to_owned()), port: 0, session_threads: 2, ..Settings::default() }
}

/// What no request may bring to light.
pub(crate) const SECRET: &str = "nobody is to see this";
