//! A script of BokehJS.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha512};

use super::coding::Coding;
use super::compressed::Compressed;
use super::part::{Unsatisfiable, part};
use super::tag::{date, is_known, is_unmodified, tag, wants_part};
use super::{MIN_COMPRESSED_BYTES, cache_control, is_versioned};

/// A script, and what it is when it is compressed.
#[derive(Debug)]
pub(super) struct Asset {
    bytes: Bytes,
    /// SHA-512 in hexadecimal.
    pub(super) hash: String,
    /// Its date as it travels.
    modified: HeaderValue,
    compressed: Arc<Compressed>,
}

impl Asset {
    /// Reads a script, and what stands beside it compressed.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let beside = |coding: Coding| {
            let mut path = path.as_os_str().to_owned();
            path.push(".");
            path.push(coding.extension());
            std::fs::read(path).ok().map(Bytes::from)
        };
        let compressed = Compressed::ready(beside(Coding::Brotli), beside(Coding::Gzip));
        let modified = std::fs::metadata(path)?.modified()?;
        Ok(Self::new(std::fs::read(path)?.into(), modified, compressed))
    }

    pub(super) fn new(bytes: Bytes, modified: SystemTime, compressed: Compressed) -> Self {
        let hash = Sha512::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { bytes, hash, modified: date(modified), compressed: Arc::new(compressed) }
    }

    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Answers a request: with all of it, a part, or that it is known.
    pub(super) async fn response(&self, request: &Parts) -> Response {
        let coding = self.coding(&request.headers);
        let tag = tag(&self.hash, coding);
        let is_known = is_known(&request.headers, &tag) || is_unmodified(&request.headers, &self.modified);
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.content(coding, &request.headers).await
        };
        let has_content = response.status() != StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        if has_content {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
        }
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(header::ETAG, tag);
        headers.insert(header::LAST_MODIFIED, self.modified.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(is_versioned(&request.uri))));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        response
    }

    /// How it is to be compressed. Parts are not.
    fn coding(&self, request: &HeaderMap) -> Option<Coding> {
        let is_worth_it = self.bytes.len() >= MIN_COMPRESSED_BYTES && !wants_part(request, &tag(&self.hash, None));
        Coding::wanted_by(request).filter(|_| is_worth_it)
    }

    async fn content(&self, coding: Option<Coding>, request: &HeaderMap) -> Response {
        if let Some(coding) = coding
            && let Ok(body) = self.compressed.get(coding, async || Ok(self.bytes.clone())).await
        {
            return ([(header::CONTENT_ENCODING, coding.name())], body).into_response();
        }
        let range = request.get(header::RANGE).filter(|_| wants_part(request, &tag(&self.hash, None)));
        let len = self.bytes.len();
        let range = range.and_then(|range| range.to_str().ok()).and_then(|range| part(range, len));
        match range {
            None => self.bytes.clone().into_response(),
            Some(Ok(range)) => {
                let place = format!("bytes {}-{}/{len}", range.start, range.end - 1);
                (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, place)], self.bytes.slice(range)).into_response()
            }
            Some(Err(Unsatisfiable)) => {
                (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{len}"))]).into_response()
            }
        }
    }
}
