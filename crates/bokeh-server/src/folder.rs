//! Files of applications' own folders.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeFile;

use crate::assets::{cache_control, is_versioned};
use crate::refusal::Refusal;

/// Answers a request with a file of a folder, whole or in parts. None if the folder has no such file.
pub(crate) async fn file_in(folder: &Path, path: &str, parts: &Parts) -> Option<Response> {
    let file = inside(folder, path)?;
    // What is no file, such as a folder, is not served. Whether it can be read shows in a moment.
    let metadata = fs::metadata(&file).ok().filter(Metadata::is_file)?;
    let etag = HeaderValue::try_from(etag(&metadata)).ok()?;
    let mut response = if is_known(parts, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        serve(&file, parts, &etag).await.unwrap_or_else(|error| {
            tracing::error!("cannot read {}: {error}", file.display());
            Refusal::INTERNAL.into_response()
        })
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(is_versioned(&parts.uri))));
    Some(response)
}

async fn serve(file: &Path, parts: &Parts, etag: &HeaderValue) -> io::Result<Response> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = parts.method.clone();
    *request.headers_mut() = parts.headers.clone();
    let headers = request.headers_mut();
    // A tag counts more than a date, and has been looked at.
    if headers.remove(header::IF_NONE_MATCH).is_some() {
        headers.remove(header::IF_MODIFIED_SINCE);
    }
    // The rest of a file that was another one is of no use.
    if headers.remove(header::IF_RANGE).is_some_and(|range| range != etag) {
        headers.remove(header::RANGE);
    }
    let response = ServeFile::new(file).try_call(request).await?;
    Ok(response.map(Body::new))
}

/// The file that a path leads to, unless it leads out of the folder.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let is_clean = relative.components().all(|part| match part {
        // On Windows, a colon or a backslash can lead elsewhere.
        Component::Normal(name) => !contains_any(name, b":\\\0"),
        _ => false,
    });
    (is_clean && !path.is_empty()).then(|| folder.join(relative))
}

fn contains_any(name: &OsStr, bytes: &[u8]) -> bool {
    name.as_encoded_bytes().iter().any(|byte| bytes.contains(byte))
}

/// Changes whenever the file does.
fn etag(metadata: &Metadata) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("\"{:x}-{:x}\"", modified.as_nanos(), metadata.len())
}

fn is_known(parts: &Parts, etag: &HeaderValue) -> bool {
    let lines = parts.headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.trim_start_matches("W/") == etag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for (path, expected) in [
            ("a.css", Some("/app/static/a.css")),
            ("images/a b.png", Some("/app/static/images/a b.png")),
            ("", None),
            ("../main.py", None),
            ("images/../../main.py", None),
            ("/etc/passwd", None),
            ("a\0.css", None),
            ("C:a.css", None),
            ("..\\main.py", None),
        ] {
            assert_eq!(inside(Path::new("/app/static"), path), expected.map(PathBuf::from), "{path:?}");
        }
    }
}
