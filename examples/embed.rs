//! An axum application that shows a Bokeh application in a page of its own.
//!
//! For each visitor it makes a session through the client, changes something in it, and puts it into the page. The Bokeh server
//! listens at another port, so it is told which pages may connect.

#[path = "sliders.rs"]
#[expect(dead_code, reason = "the main function is that of another program")]
mod sliders;

use std::error::Error;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use bokeh::Server;
use bokeh::client::pull_session;
use bokeh::embed::server_session;
use bokeh::prelude::*;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let host = listener.local_addr()?.to_string();
    let bokeh = Server::builder().port(0).allow_websocket_origin(&host).app("/sliders", sliders::app).start().await?;
    println!("The page is at http://{host}/");

    let router = Router::new().route("/", get(page)).with_state(bokeh.url("/sliders"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(bokeh.run_until_shutdown().await?)
}

/// A page around a session that is this visitor's.
async fn page(State(url): State<String>) -> Result<Html<String>, (StatusCode, String)> {
    let script = customized(&url).await.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
    Ok(Html(format!(
        r#"<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><title>A page of axum's</title></head>
  <body><h1>Sliders, embedded</h1>{script}</body>
</html>"#
    )))
}

/// The element that shows a new session, after this program has had its say in it.
async fn customized(url: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let session = pull_session(url).await?;
    session
        .update(|doc| {
            if let Some(plot) = Plot::named(doc, "plot") {
                plot.set_title(doc, "made for you");
            }
        })
        .await?;
    // The page must not come before the change.
    session.force_roundtrip().await?;
    let script = server_session(session.id(), url).to_string();
    // The session waits for the page.
    session.close().await;
    Ok(script)
}
