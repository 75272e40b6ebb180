//! What is served below `static/`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::Response;

use crate::folder::file_in;
use crate::hosted::{Common, Hosted};
use crate::refusal::Refusal;

/// Answers a request for a file of BokehJS.
pub(crate) async fn of_server(State(common): State<Arc<Common>>, path: PathIn<String>, parts: Parts) -> Answer {
    let Path(path) = path.map_err(not_text)?;
    Ok(common.assets.response(&path, &parts).await)
}

/// Answers a request for a file of an application, or else of BokehJS.
pub(crate) async fn of_app(State(hosted): State<Arc<Hosted>>, path: PathIn<String>, parts: Parts) -> Answer {
    let Path(path) = path.map_err(not_text)?;
    if let Some(folder) = hosted.sessions.host().application.static_path()
        && let Some(response) = file_in(folder, &path, &parts, &hosted.common.shelf).await
    {
        return Ok(response);
    }
    Ok(hosted.common.assets.response(&path, &parts).await)
}

/// Answers a request for a file of a BokehJS extension that some application has.
pub(crate) async fn of_extension(
    State(apps): State<Arc<[Arc<Hosted>]>>,
    path: PathIn<(String, String)>,
    parts: Parts,
) -> Answer {
    let Path((name, path)) = path.map_err(not_text)?;
    for app in &*apps {
        if let Some(folder) = app.sessions.host().application.extension_dir(&name)
            && let Some(response) = file_in(&folder, &path, &parts, &app.common.shelf).await
        {
            return Ok(response);
        }
    }
    Err(Refusal::NOT_FOUND)
}

type PathIn<T> = Result<Path<T>, PathRejection>;
type Answer = Result<Response, Refusal>;

fn not_text(_why: PathRejection) -> Refusal {
    Refusal::BAD_REQUEST
}
