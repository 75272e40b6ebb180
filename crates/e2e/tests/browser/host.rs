//! A web server of somebody else's, at an origin of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// Serves one page until it is dropped.
pub(crate) struct Host {
    address: SocketAddr,
    page: Arc<Mutex<String>>,
    script: Arc<Mutex<String>>,
    server: AbortHandle,
}

impl Host {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let page = Arc::new(Mutex::new(String::new()));
        let script = Arc::new(Mutex::new(String::new()));
        let router = Router::new()
            .route("/", get(answer).with_state(page.clone()))
            .route("/plot.js", get(answer_script).with_state(script.clone()));
        let server = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Ok(Self { address, page, script, server })
    }

    /// Replaces the page by one with this in its body.
    pub(crate) fn set_body(&self, body: &str) {
        let icon = r#"<link rel="icon" href="data:,">"#;
        self.set_page(&format!("<!DOCTYPE html><title>the host's own</title>{icon}<body>{body}</body>"));
    }

    /// Replaces the page.
    pub(crate) fn set_page(&self, html: &str) {
        html.clone_into(&mut self.page.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Replaces the script that is at `/plot.js`.
    pub(crate) fn set_script(&self, script: &str) {
        script.clone_into(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The page's address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Host and port, as `allow_websocket_origin` wants them.
    pub(crate) fn origin(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(page): State<Arc<Mutex<String>>>) -> Html<String> {
    Html(page.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

async fn answer_script(State(script): State<Arc<Mutex<String>>>) -> impl IntoResponse {
    let script = script.lock().unwrap_or_else(PoisonError::into_inner).clone();
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], script)
}
