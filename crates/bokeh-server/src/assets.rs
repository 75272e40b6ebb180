//! BokehJS, read once and served from memory.

mod asset;
mod coding;
mod compressed;
pub(crate) mod embedded;
mod installed;
mod part;
mod shelf;
mod tag;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs, io};

use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bokeh_embed::{BOKEHJS_VERSION, Bundle, Resources};
use bytes::Bytes;

use crate::refusal::Refusal;
use crate::settings::BokehJs;

use asset::Asset;
use compressed::Compressed;

pub(crate) use coding::Coding;
pub(crate) use part::{Unsatisfiable, part};
pub(crate) use shelf::Shelf;
pub(crate) use tag::{date, is_known, is_unmodified, tag, wants_part};

/// The files below `static/`. What is not among them cannot be asked for, whatever the path looks like.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    files: BTreeMap<String, Asset>,
}

impl Assets {
    /// Reads BokehJS. None if pages are to get it from Bokeh's public host. `given` is where an application has its own.
    pub(crate) fn find(bokehjs: &BokehJs, given: Option<PathBuf>) -> Result<Option<Self>, BokehJsError> {
        match folder_of_bokehjs(bokehjs, given) {
            Some(folder) => Self::read(&folder).map(Some),
            None if *bokehjs == BokehJs::Find => Ok(Self::embedded()),
            None => Ok(None),
        }
    }

    /// Answers a request for a file.
    pub(crate) async fn response(&self, path: &str, parts: &Parts) -> Response {
        match self.files.get(path) {
            Some(asset) => asset.response(parts).await,
            None => Refusal::NOT_FOUND.into_response(),
        }
    }

    /// The links of pages to these files.
    pub(crate) fn resources(&self, prefix: &str) -> Resources {
        Resources::server(prefix, |bundle| {
            self.files.get(&format!("js/{}", bundle.file_name())).map(|asset| asset.hash.clone())
        })
    }

    /// What a script says. None of one that is not there.
    pub(crate) fn text(&self, bundle: Bundle) -> Option<&str> {
        self.files.get(&format!("js/{}", bundle.file_name())).and_then(Asset::text)
    }

    /// The BokehJS inside of the program, if there is one.
    fn embedded() -> Option<Self> {
        let scripts = embedded::SCRIPTS?.into_iter();
        let modified = date_of_program();
        let asset = |script| Asset::new(Bytes::from_static(script), modified, Compressed::default());
        Some(Self { files: scripts.map(|(name, script)| (format!("js/{name}"), asset(script))).collect() })
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
                files.insert(format!("js/{name}"), Asset::read(&path).map_err(unreadable(&path))?);
            }
        }
        Ok(Self { files })
    }
}

/// The folder in which BokehJS is, if it is in one. `given` is where an application has its own.
pub(crate) fn folder_of_bokehjs(bokehjs: &BokehJs, given: Option<PathBuf>) -> Option<PathBuf> {
    match bokehjs {
        BokehJs::Cdn => None,
        BokehJs::Folder(folder) => Some(folder.clone()),
        BokehJs::Find => {
            let named = given.or_else(|| env::var_os(FOLDER_VARIABLE).map(PathBuf::from));
            named.or_else(|| if embedded::SCRIPTS.is_some() { None } else { installed::find() })
        }
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

/// How long a browser may keep a file. The version is the content's hash, so what stands under it never changes.
pub(crate) fn cache_control(is_versioned: bool) -> &'static str {
    if is_versioned { "max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether the address says which version of the file is meant.
pub(crate) fn is_versioned(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "v" || pair.starts_with("v=")))
}

/// Scripts inside of it are as old as the program is.
fn date_of_program() -> SystemTime {
    let program = env::current_exe().and_then(fs::metadata).and_then(|metadata| metadata.modified());
    program.unwrap_or_else(|_| SystemTime::now())
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

/// What is smaller goes into one packet anyway.
pub(crate) const MIN_COMPRESSED_BYTES: usize = 1024;

const FOLDER_VARIABLE: &str = "BOKEHJS_DIR";
