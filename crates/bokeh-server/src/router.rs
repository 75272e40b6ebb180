//! The addresses of a server.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::arrival::{Base, arrive};
use crate::autoload::{autoload, preflight, readable_elsewhere};
use crate::dev;
use crate::favicon::favicon;
use crate::gate::{doors, guarded};
use crate::handshake;
use crate::hosted::{Common, Hosted, url_path};
use crate::index::Index;
use crate::metadata::metadata;
use crate::methods::{read_only, refuse_others};
use crate::page::page;
use crate::static_files;

/// All routes. What is none of them is left to whom the router is merged into.
pub(crate) fn router(common: &Arc<Common>, apps: &[Arc<Hosted>], index: Option<Index>) -> Router {
    let prefix = url_path(&common.prefix);
    let everyones: Arc<[Arc<Hosted>]> = apps.into();
    let extension = read_only(get(static_files::of_extension)).with_state(everyones);
    let mut router = Router::new()
        .route("/favicon.ico", read_only(get(favicon)).with_state(common.clone()))
        .route(&format!("{prefix}/static/extensions/{{name}}/{{*path}}"), extension);
    if let Some(dev) = &common.dev {
        router = router.route(&format!("{prefix}{}", dev::PATH), get(dev::generations).with_state(dev.clone()));
    }
    // The files of an application at the root stand there, beside BokehJS.
    if apps.iter().all(|app| !app.route.is_empty()) {
        let file = read_only(get(static_files::of_server)).with_state(common.clone());
        router = router.route(&format!("{prefix}{STATIC}"), file);
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
        let routes = paths.fold(Router::new(), |routes, path| routes.route(&path, read_only(get(answer.clone()))));
        router = router.merge(guarded(routes, common.gate.as_ref()));
    }
    if let Some(gate) = &common.gate {
        router = router.merge(doors(gate));
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
        router = router.route(&path, read_only(get(page)));
    }
    router = router
        .route(&format!("{base}/ws"), read_only(get(handshake::open)))
        .route(&format!("{base}/metadata"), read_only(get(metadata)));
    let script = refuse_others(get(autoload).options(preflight));
    let script = Router::new().route(&format!("{base}/autoload.js"), script);
    let file = read_only(get(static_files::of_app)).with_state(app.clone());
    let auth = app.common.gate.as_ref();
    // Whoever is not let in is to learn it from the answer.
    guarded(script.with_state(app.clone()), auth)
        .route_layer(from_fn_with_state(app.clone(), readable_elsewhere))
        .merge(guarded(router.with_state(app.clone()), auth))
        .route(&format!("{base}{STATIC}"), file)
}

/// Of an address that begins below the host, one slash at the end does not matter.
fn with_and_without_slash(base: &str) -> Vec<String> {
    let mut paths = vec![format!("{base}/")];
    if !base.is_empty() {
        paths.push(base.to_owned());
    }
    paths
}

/// A route as users write it, in the form that it is kept in: empty for `/`, without a slash at the end.
pub(crate) fn normal_route(route: &str) -> Option<String> {
    let path = route.strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let is_clean = path.is_empty() || path.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
    is_clean.then(|| if path.is_empty() { String::new() } else { format!("/{path}") })
}

const STATIC: &str = "/static/{*path}";
