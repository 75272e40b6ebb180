//! The page of an application.

mod overlay;
mod template;

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bokeh_application::{HandlerError, PageRequest};
use bytes::Bytes;
use futures_util::stream;

use crate::arrival::Base;
use crate::dev::with_reloading;
use crate::entry::{Entry, failed};
use crate::hosted::Hosted;

use overlay::with_overlay;

/// Makes the session, unless it is there, and a page that connects to it. HEAD only asks whether there would be one.
pub(crate) async fn page(State(hosted): State<Arc<Hosted>>, parts: Parts) -> Response {
    if parts.method == Method::HEAD {
        return match Entry::check(&hosted, &parts) {
            Ok(()) => with_headers(Body::from_stream(stream::empty::<Result<Bytes, Infallible>>())),
            Err(refusal) => refusal.into_response(),
        };
    }
    let Some(dev) = &hosted.common.dev else { return answer(html(&hosted, &parts).await) };
    let html = match dev.trouble() {
        Some(trouble) => Ok(trouble),
        None => html(&hosted, &parts).await,
    };
    let prefix = Base::of(&parts).prefix(&hosted.common);
    answer(html.map(|html| with_reloading(html, &prefix)))
}

fn answer(html: Result<String, Response>) -> Response {
    match html {
        Ok(html) => with_headers(html),
        Err(response) => response,
    }
}

fn with_headers(body: impl IntoResponse) -> Response {
    // A page belongs to one visitor: nobody may keep it for the next.
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
    (StatusCode::OK, [content_type, no_store], body).into_response()
}

async fn html(hosted: &Hosted, parts: &Parts) -> Result<String, Response> {
    let entry = Entry::find(hosted, parts).await?;
    let context = &entry.session.context;
    let html = made_by_handler(hosted, &entry).await.map_err(|error| failed(hosted, context.id(), &*error))?;
    let html = match html {
        Some(html) => html,
        None => template::render(hosted, &entry).await.map_err(|error| failed(hosted, context.id(), &error))?,
    };
    // The page is there all the same, as far as the script came: visitors see no more than that.
    let failure = context.failure().filter(|_| hosted.common.settings.dev);
    Ok(with_overlay(html, failure.as_deref()))
}

async fn made_by_handler(hosted: &Hosted, entry: &Entry) -> Result<Option<String>, HandlerError> {
    let mut page = PageRequest::new(entry.token.as_str(), entry.base.prefix(&hosted.common));
    let resources = entry.resources(hosted);
    page.later_script = resources.later_script();
    if page.later_script.is_some() {
        page.bundles = Some(resources.scripts().iter().map(|script| script.bundle.name().to_owned()).collect());
    }
    let context = entry.session.context.clone();
    hosted.run(|app| async move { app.page(&page, &context).await }).await
}
