//! nginx with the configuration of the book, at a port of its own.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use anyhow::{Context, Result, bail};
use e2e::{Browser, Process};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;
use tokio::process::Command;

use crate::authority::{Authority, HOST};

/// A running nginx, until it is dropped.
pub(crate) struct Nginx {
    pub(crate) authority: Authority,
    folder: TempDir,
    port: u16,
    /// None while it is stopped.
    process: Option<Process>,
}

impl Nginx {
    /// Starts nginx before `upstream`: an address, or `unix:PATH`. `changes` replace further parts of the configuration.
    pub(crate) async fn start(upstream: &str, changes: &[(&str, &str)]) -> Result<Self> {
        let mut this = Self { authority: Authority::new(), folder: tempfile::tempdir()?, port: 0, process: None };
        for (name, content) in [("cert.pem", &this.authority.certificate), ("key.pem", &this.authority.key)] {
            fs::write(this.folder.path().join(name), content)?;
        }
        for _attempt in 0..20 {
            this.port = free_port()?;
            this.configure(upstream, changes)?;
            if this.try_start().await? {
                return Ok(this);
            }
        }
        bail!("nginx found no free port")
    }

    /// A browser for which `example.com` is this nginx.
    pub(crate) async fn browser(&self) -> Result<Browser> {
        Browser::start_with(&self.authority.switches()).await
    }

    /// The address of a path in a browser.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{HOST}:{}{path}", self.port)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Lets it read its configuration anew, as `nginx -s reload` does, and waits until new processes serve.
    pub(crate) async fn reload(&mut self) -> Result<()> {
        let process = self.process.as_mut().context("nginx runs")?;
        let pid = Pid::from_raw(process.id()?.cast_signed()).context("a process has a number")?;
        kill_process(pid, Signal::HUP)?;
        process.wait_for_line(|line| line.contains("gracefully shutting down").then_some(())).await
    }

    /// Ends it, and with it all connections.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let (status, log) = self.process.take().context("nginx runs")?.stop().await?;
        if !status.success() {
            bail!("nginx ended with {status}:\n{log}");
        }
        Ok(())
    }

    /// Starts it once more at the same port.
    pub(crate) async fn start_again(&mut self) -> Result<()> {
        for _attempt in 0..20 {
            if self.try_start().await? {
                return Ok(());
            }
        }
        bail!("somebody has taken port {}", self.port)
    }

    /// Whether it has got its port.
    async fn try_start(&mut self) -> Result<bool> {
        let mut command = Command::new(e2e::nginx()?);
        command.arg("-p").arg(self.folder.path()).args(["-e", "stderr", "-c", "nginx.conf"]);
        let mut process = Process::start("nginx", command)?;
        let outcome = |line: &str| {
            let has_started = line.contains("start worker process ");
            (has_started || line.contains("Address already in use")).then_some(has_started)
        };
        let has_started = process.wait_for_line(outcome).await?;
        if has_started {
            self.process = Some(process);
        }
        Ok(has_started)
    }

    fn configure(&self, upstream: &str, changes: &[(&str, &str)]) -> Result<()> {
        let listen = format!("listen 127.0.0.1:{} ssl;", self.port);
        let mut config = include_str!("../../../../docs/src/nginx.conf").to_owned();
        let own = [
            ("listen 443 ssl;", &*listen),
            ("server 127.0.0.1:5006;", &format!("server {upstream};")),
            ("/etc/ssl/certs/example.com.pem", "cert.pem"),
            ("/etc/ssl/private/example.com.key", "key.pem"),
        ];
        for (from, to) in own.iter().chain(changes) {
            if config.matches(from).count() != 1 {
                bail!("the book's configuration has no single {from:?}");
            }
            config = config.replace(from, to);
        }
        fs::write(self.folder.path().join("bokeh.conf"), config)?;
        fs::write(self.folder.path().join("nginx.conf"), main_config(self.folder.path()))?;
        Ok(())
    }
}

impl Drop for Nginx {
    /// Ends what nginx has started before nginx itself is killed: it would go on without it.
    fn drop(&mut self) {
        let Some(process) = &self.process else { return };
        let workers = process.children().unwrap_or_default();
        // First of all the one that would start others in their place.
        for id in process.id().into_iter().chain(workers) {
            if let Some(id) = Pid::from_raw(id.cast_signed()) {
                // Whoever has ended already needs no end.
                kill_process(id, Signal::KILL).ok();
            }
        }
    }
}

/// What a distribution has in its own file, and without any of the places that belong to the system.
fn main_config(folder: &Path) -> String {
    // Else root's processes become somebody who may not reach a Unix socket of root.
    let user = if geteuid().is_root() { "user root;" } else { "" };
    let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
        .collect();
    format!(
        "{user} daemon off; worker_processes 1; pid nginx.pid; error_log stderr notice;\n\
         events {{}}\nhttp {{\naccess_log access.log;\n{folders}include bokeh.conf;\n}}\n"
    )
}

/// A port that nobody listens at now. The system gives none below 32768 to those who do not choose, so most likely nobody
/// takes it before nginx does.
fn free_port() -> Result<u16> {
    loop {
        let random = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let port = 10_000 + random % 20_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
}
