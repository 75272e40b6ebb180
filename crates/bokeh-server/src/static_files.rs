//! What is served below `static/`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::folder::file_in;
use crate::hosted::{Common, Hosted};
use crate::refusal::Refusal;

/// Answers a request for a file of BokehJS.
pub(crate) async fn of_server(State(common): State<Arc<Common>>, Path(path): Path<String>, parts: Parts) -> Response {
    common.assets.response(&path, &parts).await
}

/// Answers a request for a file of an application, or else of BokehJS.
pub(crate) async fn of_app(State(hosted): State<Arc<Hosted>>, Path(path): Path<String>, parts: Parts) -> Response {
    if let Some(folder) = hosted.sessions.host().application.static_path()
        && let Some(response) = file_in(folder, &path, &parts, &hosted.common.shelf).await
    {
        return response;
    }
    hosted.common.assets.response(&path, &parts).await
}

/// Answers a request for a file of a BokehJS extension that some application has.
pub(crate) async fn of_extension(
    State(apps): State<Arc<[Arc<Hosted>]>>,
    Path((name, path)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    for app in &*apps {
        if let Some(folder) = app.sessions.host().application.extension_dir(&name)
            && let Some(response) = file_in(&folder, &path, &parts, &app.common.shelf).await
        {
            return response;
        }
    }
    Refusal::NOT_FOUND.into_response()
}
