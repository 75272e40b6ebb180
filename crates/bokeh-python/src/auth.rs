//! Who may see the applications, as an auth module decides.

use std::sync::Arc;

use bokeh_application::{Access, Auth, HandlerFuture, HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::error::CallError;
use crate::message::{Http, RequestHead, body};
use crate::pool::PoolOwner;
use crate::worker::{AuthInfo, read};

/// Asks the auth module in a worker.
pub(crate) struct PythonAuth {
    owner: Arc<PoolOwner>,
    info: AuthInfo,
}

impl PythonAuth {
    pub(crate) fn new(owner: Arc<PoolOwner>, info: AuthInfo) -> Self {
        Self { owner, info }
    }

    fn below_prefix(&self, path: &str) -> String {
        let prefix = self.owner.pool().settings().prefix.trim_matches('/');
        path.trim_start_matches('/')
            .strip_prefix(prefix)
            .map_or(path, |rest| if prefix.is_empty() { path } else { rest })
            .to_owned()
    }

    async fn ask(&self, request: &HttpRequest, gate: bool) -> Result<HttpResponse, CallError> {
        #[derive(Deserialize)]
        struct Head {
            status: u16,
            #[serde(default)]
            headers: Vec<(String, String)>,
        }
        let desk = self.owner.pool().desk().await?;
        let question = Http { request: RequestHead(request), gate };
        let mut reply = desk.worker().call("http", &question, &body(request), None).await?;
        let body = reply.buffers.pop().map(|body| body.to_vec()).unwrap_or_default();
        let Head { status, headers } = read("http", Ok(reply))?;
        Ok(HttpResponse { status, headers, body })
    }
}

impl Auth for PythonAuth {
    fn authorize<'a>(&'a self, request: &'a HttpRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async {
            let answer = self.ask(request, true).await?;
            // The gate has nothing to show but the way to the login.
            Ok(if answer.status == 200 { Access::Granted(answer.headers) } else { Access::Refused(answer) })
        })
    }

    fn paths(&self) -> Vec<String> {
        self.info.endpoints.iter().map(|path| self.below_prefix(path)).collect()
    }

    fn respond<'a>(&'a self, request: &'a HttpRequest) -> HandlerFuture<'a, HttpResponse> {
        Box::pin(async { Ok(self.ask(request, false).await?) })
    }

    fn logout_url(&self) -> Option<String> {
        self.info.logout_url.as_deref().map(|path| self.below_prefix(path))
    }
}
