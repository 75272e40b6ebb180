//! BokehJS, read once and served from memory.

mod installed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::{env, fs};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bokeh_embed::{BOKEHJS_VERSION, Bundle, Resources};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha512};

use crate::refusal::Refusal;
use crate::settings::BokehJs;

/// The files below `static/`. What is not among them cannot be asked for, whatever the path looks like.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    files: BTreeMap<String, Arc<Asset>>,
}

impl Assets {
    /// Reads BokehJS. None if pages are to get it from Bokeh's public host. `given` is where an application has its own.
    pub(crate) fn find(bokehjs: &BokehJs, given: Option<PathBuf>) -> Result<Option<Self>, BokehJsError> {
        let Some(folder) = folder_of_bokehjs(bokehjs, given) else { return Ok(None) };
        Self::read(&folder).map(Some)
    }

    /// Answers a request for a file.
    pub(crate) fn response(&self, path: &str, parts: &Parts) -> Response {
        match self.files.get(path) {
            Some(asset) => asset.response(&parts.headers, is_versioned(&parts.uri)),
            None => Refusal::NOT_FOUND.into_response(),
        }
    }

    /// The links of pages to these files.
    pub(crate) fn resources(&self, prefix: &str) -> Resources {
        Resources::server(prefix, |bundle| {
            self.files.get(&format!("js/{}", bundle.file_name())).map(|asset| asset.hash.clone())
        })
    }

    fn read(folder: &Path) -> Result<Self, BokehJsError> {
        let scripts = folder.join("js");
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| BokehJsError::Unreadable { path, source }
        };
        if let Some(missing) = Bundle::ALL.into_iter().find(|bundle| !scripts.join(bundle.file_name()).is_file()) {
            return Err(BokehJsError::Missing { folder: folder.to_owned(), file: missing.file_name() });
        }
        warn_of_other_version(folder);
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&scripts).map_err(unreadable(&scripts))? {
            let path = entry.map_err(unreadable(&scripts))?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            if let Some(name) = name.filter(|name| name.ends_with(".js")) {
                let bytes = fs::read(&path).map_err(unreadable(&path))?;
                files.insert(format!("js/{name}"), Arc::new(Asset::new(bytes.into())));
            }
        }
        Ok(Self { files })
    }
}

/// Where BokehJS is. `given` is where an application has its own.
pub(crate) fn folder_of_bokehjs(bokehjs: &BokehJs, given: Option<PathBuf>) -> Option<PathBuf> {
    match bokehjs {
        BokehJs::Cdn => None,
        BokehJs::Folder(folder) => Some(folder.clone()),
        BokehJs::Find => given.or_else(|| env::var_os(FOLDER_VARIABLE).map(PathBuf::from)).or_else(installed::find),
    }
}

/// Why there is no BokehJS in the folder that was named.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BokehJsError {
    /// A script is not there.
    #[error(
        "there is no js/{file} in the BokehJS folder {}; name the folder `build` of the npm package @bokeh/bokehjs, \
         in the settings or in BOKEHJS_DIR",
        folder.display()
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The script.
        file: String,
    },
    /// Pages are to hold it, and it is nowhere.
    #[error("there is no BokehJS to write into pages; BOKEHJS_DIR can name its folder, or BOKEH_RESOURCES be cdn")]
    NothingToInline,
    /// Something is there that cannot be read.
    #[error("cannot read {} of BokehJS", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A script.
#[derive(Debug)]
struct Asset {
    bytes: Bytes,
    /// SHA-512 in hexadecimal.
    hash: String,
    gzip: OnceLock<Bytes>,
    compression: OnceLock<()>,
}

impl Asset {
    fn new(bytes: Bytes) -> Self {
        let hash = Sha512::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { bytes, hash, gzip: OnceLock::new(), compression: OnceLock::new() }
    }

    fn response(self: &Arc<Self>, request: &HeaderMap, is_versioned: bool) -> Response {
        let gzip = if accepts_gzip(request) { self.gzipped() } else { None };
        let (body, etag) = match gzip {
            Some(gzip) => (gzip, format!("\"{}-gzip\"", self.hash)),
            None => (self.bytes.clone(), format!("\"{}\"", self.hash)),
        };
        let is_gzip = body.len() != self.bytes.len();
        let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let is_known = known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
        let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(header::ETAG, HeaderValue::try_from(etag).expect("a hash is good in a header"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(is_versioned)));
        if is_gzip && !is_known {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    /// The compressed script, if it is there. The first to ask sets it going and does not wait.
    fn gzipped(self: &Arc<Self>) -> Option<Bytes> {
        let ready = self.gzip.get().cloned();
        self.compression.get_or_init(|| {
            let asset = self.clone();
            tokio::task::spawn_blocking(move || {
                let gzip = gzip(&asset.bytes);
                asset.gzip.get_or_init(|| gzip);
            });
        });
        ready
    }
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail").into()
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = quality.split_once('=').is_some_and(|(_, q)| q.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

/// How long a browser may keep a file. The version is the content's hash, so what stands under it never changes.
pub(crate) fn cache_control(is_versioned: bool) -> &'static str {
    if is_versioned { "max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether the address says which version of the file is meant.
pub(crate) fn is_versioned(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("v=")))
}

/// The npm package says in the folder above what it is.
fn warn_of_other_version(folder: &Path) {
    let Ok(manifest) = fs::read(folder.join("../package.json")) else { return };
    let Ok(manifest) = serde_json::from_slice::<serde_json::Value>(&manifest) else { return };
    if let Some(version) = manifest["version"].as_str().filter(|version| *version != BOKEHJS_VERSION) {
        let folder = folder.display();
        tracing::warn!("BokehJS in {folder} is {version}, but this server is made for {BOKEHJS_VERSION}");
    }
}

const FOLDER_VARIABLE: &str = "BOKEHJS_DIR";
