//! The addresses of a server.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, get};

use crate::arrival::{Base, arrive};
use crate::autoload::{autoload, preflight};
use crate::dev;
use crate::favicon::favicon;
use crate::gate::{doors, guarded};
use crate::handshake;
use crate::hosted::{Common, Hosted, url_path};
use crate::index::Index;
use crate::metadata::metadata;
use crate::page::page;
use crate::refusal::Refusal;
use crate::static_files;

/// All routes. What is none of them is left to whom the router is merged into.
pub(crate) fn router(common: &Arc<Common>, apps: &[Arc<Hosted>], index: Option<Index>) -> Router {
    let prefix = url_path(&common.prefix);
    let everyones: Arc<[Arc<Hosted>]> = apps.into();
    let extension = get(static_files::of_extension).fallback(method_not_allowed).with_state(everyones);
    let mut router = Router::new()
        .route("/favicon.ico", only_get(get(favicon)).with_state(common.clone()))
        .route(&format!("{prefix}/static/extensions/{{name}}/{{*path}}"), extension);
    if let Some(dev) = &common.dev {
        router = router.route(&format!("{prefix}{}", dev::PATH), get(dev::generations).with_state(dev.clone()));
    }
    // The files of an application at the root stand there, beside BokehJS.
    if apps.iter().all(|app| !app.route.is_empty()) {
        let file = get(static_files::of_server).fallback(method_not_allowed);
        router = router.route(&format!("{prefix}{STATIC}"), file.with_state(common.clone()));
    }
    for app in apps {
        router = router.merge(app_routes(&prefix, app));
    }
    if let Some(index) = index {
        let answer = move |parts: Parts| {
            let response = index.response(Base::of(&parts).as_str());
            async { response }
        };
        let paths = with_and_without_slash(&prefix).into_iter();
        let routes = paths.fold(Router::new(), |routes, path| routes.route(&path, only_get(get(answer.clone()))));
        router = router.merge(guarded(routes, common.auth.as_ref()));
    }
    if let Some(auth) = &common.auth {
        router = router.merge(doors(&prefix, auth));
    }
    router.route_layer(from_fn_with_state(common.clone(), arrive))
}

/// The addresses that a route takes up, as they stand in URLs.
pub(crate) fn paths(prefix: &str, route: &str) -> Vec<String> {
    let base = format!("{}{}", url_path(prefix), url_path(route));
    let mut paths = with_and_without_slash(&base);
    paths.extend(["/ws", "/metadata", "/autoload.js", STATIC].map(|path| format!("{base}{path}")));
    paths
}

fn app_routes(prefix: &str, app: &Arc<Hosted>) -> Router {
    let base = format!("{prefix}{}", app.url_path());
    let mut router = Router::new();
    for path in with_and_without_slash(&base) {
        router = router.route(&path, only_get(get(page)));
    }
    router = router
        .route(&format!("{base}/ws"), any(handshake::open))
        .route(&format!("{base}/metadata"), only_get(get(metadata)))
        .route(&format!("{base}/autoload.js"), only_get(get(autoload).options(preflight)));
    let file = get(static_files::of_app).fallback(method_not_allowed).with_state(app.clone());
    guarded(router.with_state(app.clone()), app.common.auth.as_ref()).route(&format!("{base}{STATIC}"), file)
}

/// Of an address that begins below the host, one slash at the end does not matter.
fn with_and_without_slash(base: &str) -> Vec<String> {
    let mut paths = vec![format!("{base}/")];
    if !base.is_empty() {
        paths.push(base.to_owned());
    }
    paths
}

/// Answers nothing but GET, not even HEAD: asking for a page makes a session.
fn only_get<S: Clone + Send + Sync + 'static>(method_router: MethodRouter<S>) -> MethodRouter<S> {
    method_router.head(method_not_allowed).fallback(method_not_allowed)
}

async fn method_not_allowed() -> Refusal {
    Refusal::METHOD_NOT_ALLOWED
}

/// Answers requests for what is not there.
pub(crate) async fn not_found() -> Refusal {
    Refusal::NOT_FOUND
}

/// A route as users write it, in the form that it is kept in: empty for `/`, without a slash at the end.
pub(crate) fn normal_route(route: &str) -> Option<String> {
    let path = route.strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let is_clean = path.is_empty() || path.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
    is_clean.then(|| if path.is_empty() { String::new() } else { format!("/{path}") })
}

const STATIC: &str = "/static/{*path}";
