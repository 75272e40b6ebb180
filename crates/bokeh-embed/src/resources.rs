//! Where a page gets BokehJS from.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::bundle::{BOKEHJS_VERSION, Bundle};
use crate::later::later;
use crate::page::script;
use crate::script_json::escape as escape_json;

/// Where a page gets BokehJS from.
///
/// ```
/// use bokeh_embed::{Bundle, Resources};
///
/// let own = Resources::server("/prefix", |bundle| (bundle == Bundle::Bokeh).then(|| "6acf7f".to_owned()));
/// assert_eq!(own.scripts()[0].url, "/prefix/static/js/bokeh.min.js?v=6acf7f");
/// assert_eq!(own.scripts()[1].url, "/prefix/static/js/bokeh-gl.min.js");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    scripts: Vec<ScriptLink>,
    /// What the page loads when it has drawn its documents.
    later: Vec<ScriptLink>,
    /// What stands in the page itself.
    code: Vec<(Bundle, Arc<str>)>,
    log_level: String,
    is_for_developers: bool,
}

/// A script that a page loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptLink {
    /// What it holds.
    pub bundle: Bundle,
    /// Its address.
    pub url: String,
    /// What a browser is to check it against; only for files from foreign hosts.
    pub integrity: Option<String>,
}

impl Resources {
    /// The server that serves the page also serves BokehJS, below `<prefix>/static/js/`.
    ///
    /// `version` names what each file holds, such as its hash, so that a browser may keep the file for ever.
    pub fn server(prefix: &str, version: impl Fn(Bundle) -> Option<String>) -> Self {
        Self::from_scripts(Bundle::ALL.map(|bundle| {
            let query = version(bundle).map(|version| format!("?v={version}")).unwrap_or_default();
            let url = format!("{prefix}/static/js/{}{query}", bundle.file_name());
            ScriptLink { bundle, url, integrity: None }
        }))
    }

    /// BokehJS from Bokeh's own public host, checked by hash.
    pub fn cdn() -> Self {
        Self::from_scripts(Bundle::ALL.map(|bundle| ScriptLink {
            bundle,
            url: format!("{CDN}/{}-{BOKEHJS_VERSION}.min.js", bundle.name()),
            integrity: Some(bundle.integrity().to_owned()),
        }))
    }

    /// BokehJS of another version than [`BOKEHJS_VERSION`] from Bokeh's own public host. What it sends cannot be checked.
    pub fn cdn_version(version: &str) -> Self {
        let is_preview = version.contains(".dev") || version.contains("rc");
        let folder = if is_preview { CDN_PREVIEWS } else { CDN };
        Self::from_scripts(Bundle::ALL.map(|bundle| ScriptLink {
            bundle,
            url: format!("{folder}/{}-{version}.min.js", bundle.name()),
            integrity: None,
        }))
    }

    /// BokehJS in the page itself, which then needs nobody else: what `code` has of each bundle, such as what its
    /// [file](Bundle::file_name) holds.
    ///
    /// # Errors
    /// The first of `code`.
    ///
    /// ```no_run
    /// use bokeh_embed::Resources;
    ///
    /// let folder = std::path::Path::new("node_modules/@bokeh/bokehjs/build/js");
    /// let resources = Resources::inline(|bundle| std::fs::read_to_string(folder.join(bundle.file_name())))?;
    /// # let _ = resources;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn inline<E>(code: impl Fn(Bundle) -> Result<String, E>) -> Result<Self, E> {
        let mut resources = Self::from_scripts([]);
        for bundle in Bundle::ALL {
            // JavaScript reads both as before, HTML neither.
            let code = code(bundle)?.replace("</script", "<\\/script").replace("<!--", "<\\!--");
            resources.code.push((bundle, code.into()));
        }
        Ok(resources)
    }

    /// Nothing: whoever uses it has loaded BokehJS already.
    pub fn none() -> Self {
        Self::from_scripts([])
    }

    /// Loads what has no host from this one, such as `https://example.org`, whatever page the scripts are loaded by.
    ///
    /// ```
    /// use bokeh_embed::Resources;
    ///
    /// let elsewhere = Resources::server("", |_| None).at_origin("https://example.org");
    /// assert_eq!(elsewhere.scripts()[0].url, "https://example.org/static/js/bokeh.min.js");
    /// ```
    #[must_use]
    pub fn at_origin(mut self, origin: &str) -> Self {
        let scripts = self.scripts.iter_mut().chain(&mut self.later);
        for script in scripts.filter(|script| script.url.starts_with('/')) {
            script.url.insert_str(0, origin);
        }
        self
    }

    /// Loads scripts that people can read, which are several times as long.
    ///
    /// ```
    /// use bokeh_embed::Resources;
    ///
    /// let readable = Resources::server("", |_| Some("6acf7f".to_owned())).unminified();
    /// assert_eq!(readable.scripts()[0].url, "/static/js/bokeh.js");
    /// ```
    #[must_use]
    pub fn unminified(mut self) -> Self {
        for script in self.scripts.iter_mut().chain(&mut self.later) {
            // Versions and hashes are those of the short ones.
            let url = script.url.split_once('?').map_or(script.url.as_str(), |(url, _version)| url);
            script.url = url.replace(".min.js", ".js");
            script.integrity = None;
        }
        self
    }

    /// Lets BokehJS run in the mode for its own developers, which checks more.
    #[must_use]
    pub fn for_developers(mut self) -> Self {
        self.is_for_developers = true;
        self
    }

    /// Leaves out all bundles but these and the first, which the others need.
    ///
    /// A page whose document has a model from a bundle that it has not loaded fails to draw it.
    ///
    /// ```
    /// use bokeh_embed::{Bundle, Resources};
    ///
    /// let small = Resources::cdn().only(&[Bundle::Widgets]);
    /// assert_eq!(small.scripts().len(), 2);
    /// ```
    #[must_use]
    pub fn only(mut self, bundles: &[Bundle]) -> Self {
        let is_wanted = |bundle| bundle == Bundle::Bokeh || bundles.contains(&bundle);
        self.scripts.retain(|script| is_wanted(script.bundle));
        self.later.retain(|script| is_wanted(script.bundle));
        self.code.retain(|(bundle, _)| is_wanted(*bundle));
        self
    }

    /// Lets a page load these bundles and the first at once, and the others when it has drawn its documents. For pages of a
    /// server: what a document may need later is not known when the page is made.
    ///
    /// Until the others are there, messages of the server that need them wait in the page, and with them all that come after.
    /// What the page itself makes does not wait: scripts of yours that use models of other bundles need these at once.
    /// [`Bundle::needed_by`] tells what a document needs.
    ///
    /// ```
    /// use bokeh_embed::{Bundle, Resources};
    ///
    /// let resources = Resources::cdn().at_first(&[Bundle::Widgets]);
    /// assert_eq!(resources.scripts().len(), 2);
    /// assert!(resources.to_html().contains("bokeh-tables-3.9.2.min.js"));
    /// ```
    #[must_use]
    pub fn at_first(mut self, bundles: &[Bundle]) -> Self {
        let is_first = |script: &mut ScriptLink| script.bundle == Bundle::Bokeh || bundles.contains(&script.bundle);
        let mut all = std::mem::take(&mut self.scripts);
        all.append(&mut self.later);
        all.sort_by_key(|script| script.bundle);
        self.scripts = all.extract_if(.., is_first).collect();
        self.later = all;
        self
    }

    /// Sets what BokehJS writes to the browser's console: `trace`, `debug`, `info` (the default), `warn`, `error`,
    /// `fatal` or `off`.
    #[must_use]
    pub fn log_level(mut self, level: impl Into<String>) -> Self {
        self.log_level = level.into();
        self
    }

    /// The elements that load BokehJS, for the head of a page of one's own.
    ///
    /// ```
    /// use bokeh_embed::Resources;
    ///
    /// assert!(Resources::cdn().to_html().starts_with(r#"<script src="https://cdn.bokeh.org/"#));
    /// ```
    pub fn to_html(&self) -> String {
        let code = self.code.iter().map(|(_, code)| format!("<script>{code}</script>"));
        let settings = format!("<script>{}</script>", self.js_settings());
        let links = self.scripts.iter().map(script);
        let later = self.later_script().map(|script| format!("<script>{script}</script>"));
        links.chain(code).chain([settings]).chain(later).collect::<Vec<_>>().join("\n    ")
    }

    /// The script that loads what is not needed [at first](Self::at_first), for a page of one's own. It is to stand behind the
    /// elements that load the others. None if there is nothing of the kind.
    pub fn later_script(&self) -> Option<String> {
        (!self.later.is_empty()).then(|| later(&self.later))
    }

    /// The scripts in the order in which they are to be loaded, without those that come later.
    pub fn scripts(&self) -> &[ScriptLink] {
        &self.scripts
    }

    /// JavaScript that is BokehJS itself, for a script that is loaded into pages. Empty if BokehJS is linked.
    pub(crate) fn js_code(&self) -> String {
        self.code.iter().map(|(_, code)| format!("{code}\n")).collect()
    }

    /// JavaScript that sets BokehJS up.
    pub(crate) fn js_settings(&self) -> String {
        let level = escape_json(&serde_json::Value::from(self.log_level.as_str()).to_string());
        let dev = if self.is_for_developers { SET_DEV } else { "" };
        format!("Bokeh.set_log_level({level});{dev}")
    }

    fn from_scripts(scripts: impl IntoIterator<Item = ScriptLink>) -> Self {
        Self {
            scripts: scripts.into_iter().collect(),
            later: Vec::new(),
            code: Vec::new(),
            log_level: "info".to_owned(),
            is_for_developers: false,
        }
    }
}

const SET_DEV: &str = " Bokeh.settings.dev = true;";
const CDN_PREVIEWS: &str = "https://cdn.bokeh.org/bokeh/dev";
const CDN: &str = "https://cdn.bokeh.org/bokeh/release";
