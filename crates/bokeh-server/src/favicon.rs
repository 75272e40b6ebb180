//! The icon in the browser's tab.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::hosted::Common;
use crate::refusal::Refusal;
use crate::settings::Icon;

/// The icon. Browsers ask for it unbidden, and complain when there is none.
pub(crate) async fn favicon(State(common): State<Arc<Common>>) -> Response {
    let Some(icon) = common.icon.clone() else { return Refusal::NOT_FOUND.into_response() };
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("image/x-icon"));
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400"));
    ([content_type, cache], icon).into_response()
}

/// There is no icon in the file that was named.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the icon {}; --ico-path names a file, or none", path.display())]
pub struct IconError {
    path: PathBuf,
    source: io::Error,
}

/// What is sent. None if there is to be no icon.
pub(crate) fn read(icon: &Icon) -> Result<Option<Bytes>, IconError> {
    match icon {
        Icon::Default => Ok(Some(Bytes::from_static(ICON))),
        Icon::None => Ok(None),
        Icon::File(path) => match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(source) => Err(IconError { path: path.clone(), source }),
        },
    }
}

const ICON: &[u8] = include_bytes!("../assets/favicon.ico");
