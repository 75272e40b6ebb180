//! Where pages get their scripts from.

use std::fs;
use std::path::{Path, PathBuf};

use bokeh_embed::{Bundle, Resources};

use crate::assets::{Assets, BokehJsError, folder_of_bokehjs};
use crate::settings::{PageScripts, Settings};

/// The scripts of pages. `given` is where an application has BokehJS, and `assets` what the server has read.
pub(crate) fn resources(
    settings: &Settings,
    prefix: &str,
    given: Option<PathBuf>,
    assets: Option<&Assets>,
) -> Result<Resources, BokehJsError> {
    let folder = folder_of_bokehjs(&settings.bokehjs, given);
    let has_readable = || folder.as_deref().is_some_and(|folder| path(folder, Bundle::Bokeh, false).is_file());
    let is_of_cdn = settings.page_scripts == PageScripts::Cdn || assets.is_none();
    let is_minified = settings.minified || !(is_of_cdn || has_readable());
    if is_minified != settings.minified {
        tracing::warn!("the BokehJS that is here has only minified scripts, so pages load these");
    }
    let resources = match (settings.page_scripts, assets, &folder) {
        (PageScripts::Server, Some(assets), _) => assets.resources(prefix),
        (PageScripts::Inline, _, Some(folder)) => inline(folder, is_minified)?,
        (PageScripts::Inline, Some(assets), None) => {
            Resources::inline(|bundle| assets.text(bundle).map(str::to_owned).ok_or(BokehJsError::NothingToInline))?
        }
        (PageScripts::Inline, None, None) => return Err(BokehJsError::NothingToInline),
        (PageScripts::Server | PageScripts::Cdn, ..) => {
            settings.cdn_version.as_deref().map_or_else(Resources::cdn, Resources::cdn_version)
        }
    };
    let resources = if is_minified { resources } else { resources.unminified() };
    let resources = if settings.js_dev { resources.for_developers() } else { resources };
    Ok(resources.log_level(settings.js_log_level.name()).only(&settings.bundles))
}

fn inline(folder: &Path, is_minified: bool) -> Result<Resources, BokehJsError> {
    Resources::inline(|bundle| {
        let path = path(folder, bundle, is_minified);
        fs::read_to_string(&path).map_err(|source| BokehJsError::Unreadable { path, source })
    })
}

fn path(folder: &Path, bundle: Bundle, is_minified: bool) -> PathBuf {
    let extension = if is_minified { "min.js" } else { "js" };
    folder.join(format!("js/{}.{extension}", bundle.name()))
}
