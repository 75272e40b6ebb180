//! Plots for those whom a proxy lets through, such as `oauth2-proxy` or Authelia, which says in headers who they are.
//!
//! Start it with `--use-xheaders`, and with `--trusted-proxy` unless the proxy is on the same machine. Without a proxy nobody
//! gets in:
//!
//! ```sh
//! cargo run --bin behind_proxy -- --use-xheaders
//! curl http://localhost:5006/plots                               # refused
//! curl http://localhost:5006/plots -H 'X-Forwarded-User: ada'    # as a proxy would ask
//! ```

use std::process::ExitCode;

use bokeh::auth::{ProxyHeader, User, escape};
use bokeh::cli::Program;
use bokeh::prelude::*;

/// Builds the document of one session.
pub(crate) fn app(doc: &mut Document, session: &SessionContext) {
    let name = session.user().map_or("stranger", User::name);
    let email = session.user().and_then(|user| user.claim("email")).and_then(|email| email.as_str());
    let html = format!("{}, {}", escape(name), escape(email.unwrap_or("who has no address")));
    let who = doc.add(Div::new().name("who").text(html));
    let plot = doc.add(figure().name("plot").width(400).height(300));
    plot.line(doc, vec![1.0, 2.0, 3.0], vec![2.0, 1.0, 3.0]).draw();
    doc.add_root(column((who, plot)));
    doc.set_title(format!("The plots of {name}"));
}

fn main() -> ExitCode {
    let auth = ProxyHeader::new("X-Forwarded-User").claim("email", "X-Forwarded-Email").logout_url("/oauth2/sign_out");
    Program::new().app("/plots", app).auth(auth).run()
}
