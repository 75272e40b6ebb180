//! Who may see the applications, as an auth module decides.

use std::sync::Arc;

use bokeh_application::auth::{Access, Auth, AuthRequest, User};
use bokeh_application::{HandlerFuture, HttpRequest, HttpResponse};
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

    async fn ask(&self, request: &HttpRequest, gate: bool) -> Result<Answer, CallError> {
        #[derive(Deserialize)]
        struct Head {
            status: u16,
            #[serde(default)]
            headers: Vec<(String, String)>,
            user: Option<String>,
        }
        let desk = self.owner.pool().desk().await?;
        let question = Http { request: RequestHead(request), gate };
        let mut reply = desk.worker().call("http", &question, &body(request), None).await?;
        let body = reply.buffers.pop().map(|body| body.to_vec()).unwrap_or_default();
        let Head { status, headers, user } = read("http", Ok(reply))?;
        Ok(Answer { response: HttpResponse { status, headers, body }, user: user.map(User::new) })
    }
}

struct Answer {
    response: HttpResponse,
    /// Whom the auth module knows by a name.
    user: Option<User>,
}

impl Auth for PythonAuth {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async {
            let Answer { response, user } = self.ask(request.http(), true).await?;
            // The gate has nothing to show but the way to the login.
            Ok(match response.status {
                200 => Access::Granted { user, headers: response.headers },
                _ => Access::Refused(response),
            })
        })
    }

    fn paths(&self) -> Vec<String> {
        self.info.endpoints.iter().map(|path| self.below_prefix(path)).collect()
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        Box::pin(async { Ok(self.ask(request.http(), false).await?.response) })
    }

    fn logout_url(&self) -> Option<String> {
        let url = self.info.logout_url.as_deref()?;
        Some(if self.info.endpoints.iter().any(|path| path == url) { self.below_prefix(url) } else { url.to_owned() })
    }

    fn may_join(&self, owner: Option<&User>, user: Option<&User>) -> bool {
        self.info.share_sessions || owner.map(User::name) == user.map(User::name)
    }
}
