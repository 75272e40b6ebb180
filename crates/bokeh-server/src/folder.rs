//! Files of applications' own folders.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tower_http::services::ServeFile;

use crate::assets::{
    Coding, MIN_COMPRESSED_BYTES, Shelf, Unsatisfiable, cache_control, date, is_known, is_unmodified, is_versioned,
    part, tag, wants_part,
};
use crate::refusal::Refusal;

/// Answers a request with a file of a folder: whole, compressed if that pays, or in parts. None if the folder has no such file.
pub(crate) async fn file_in(folder: &Path, path: &str, parts: &Parts, shelf: &Shelf) -> Option<Response> {
    let path = inside(folder, path)?;
    // What is no file, such as a folder, is not served. Whether it can be read shows in a moment.
    let metadata = fs::metadata(&path).ok().filter(Metadata::is_file)?;
    if leads_out(folder, &path) {
        tracing::warn!("{} is a link that leads out of its folder, and is not served", path.display());
        return None;
    }
    let len = metadata.len();
    let modified = date(metadata.modified().unwrap_or(UNIX_EPOCH));
    let file = File { version: version(&metadata), is_compressible: is_compressible(&path, len), len, path };
    let coding = file.coding(&parts.headers);
    let tag = tag(&file.version, coding);
    let mut response = if is_known(&parts.headers, &tag) || is_unmodified(&parts.headers, &modified) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.content(coding, parts, shelf).await.unwrap_or_else(|error| {
            tracing::error!("cannot read {}: {error}", file.path.display());
            Refusal::INTERNAL.into_response()
        })
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::LAST_MODIFIED, modified);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Browsers run modules only if they are called so.
    if file.path.extension().is_some_and(|extension| extension == "mjs") && headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript"));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(is_versioned(&parts.uri))));
    if file.is_compressible {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    Some(response)
}

/// A file as it is now.
struct File {
    path: PathBuf,
    len: u64,
    version: String,
    is_compressible: bool,
}

impl File {
    /// How it is to be compressed. Parts are not.
    fn coding(&self, request: &HeaderMap) -> Option<Coding> {
        let is_worth_it = self.is_compressible && !wants_part(request, &tag(&self.version, None));
        Coding::wanted_by(request).filter(|_| is_worth_it)
    }

    async fn content(&self, coding: Option<Coding>, parts: &Parts, shelf: &Shelf) -> io::Result<Response> {
        let response = self.plain(parts).await?;
        let Some(coding) = coding.filter(|_| response.status() == StatusCode::OK) else { return Ok(response) };
        let read = async || tokio::fs::read(&self.path).await.map(Bytes::from);
        let body = shelf.compressed(&self.path, &self.version).get(coding, read).await?;
        let (mut head, _plain) = response.into_parts();
        head.headers.insert(header::CONTENT_LENGTH, body.len().into());
        head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        Ok(Response::from_parts(head, body.into()))
    }

    /// Which part of it is wanted, if not all. The rest of a file that was another one is of no use.
    fn part(&self, request: &HeaderMap) -> Option<Result<Range<usize>, Unsatisfiable>> {
        let range = request.get(header::RANGE).filter(|_| wants_part(request, &tag(&self.version, None)))?;
        part(range.to_str().ok()?, usize::try_from(self.len).unwrap_or(usize::MAX))
    }

    /// As it is, whole or in parts.
    async fn plain(&self, parts: &Parts) -> io::Result<Response> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = parts.method.clone();
        *request.headers_mut() = parts.headers.clone();
        let headers = request.headers_mut();
        // They have been looked at.
        for condition in CONDITIONS {
            headers.remove(condition);
        }
        match self.part(&parts.headers) {
            None => {}
            Some(Ok(range)) => {
                let range = HeaderValue::try_from(format!("bytes={}-{}", range.start, range.end - 1));
                headers.insert(header::RANGE, range.expect("numbers are good in a header"));
            }
            Some(Err(Unsatisfiable)) => {
                let place = [(header::CONTENT_RANGE, format!("bytes */{}", self.len))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, place).into_response());
            }
        }
        let response = ServeFile::new(&self.path).try_call(request).await?;
        Ok(response.map(Body::new))
    }
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

/// Whether links lead to a place outside of the folder.
fn leads_out(folder: &Path, path: &Path) -> bool {
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => true,
    }
}

fn contains_any(name: &OsStr, bytes: &[u8]) -> bool {
    name.as_encoded_bytes().iter().any(|byte| bytes.contains(byte))
}

/// Changes whenever the file does.
fn version(metadata: &Metadata) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{:x}-{:x}", modified.as_nanos(), metadata.len())
}

/// Whether compressing makes it notably smaller. Pictures and the like are compressed already.
fn is_compressible(path: &Path, len: u64) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    COMPRESSIBLE.contains(&extension.as_str()) && (MIN_COMPRESSED_BYTES as u64..=MAX_COMPRESSED_BYTES).contains(&len)
}

const COMPRESSIBLE: [&str; 18] = [
    "bmp", "css", "csv", "geojson", "htm", "html", "ico", "js", "json", "map", "md", "mjs", "otf", "svg", "ttf", "txt",
    "wasm", "xml",
];
const CONDITIONS: [HeaderName; 5] =
    [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE, header::IF_RANGE, header::RANGE];
/// Compressing needs the file in memory.
const MAX_COMPRESSED_BYTES: u64 = 16 << 20;

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
