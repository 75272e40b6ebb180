//! Who may see the applications of a server, and how users log in and out.
//!
//! A server asks an [`Auth`] about each request for a page, a script or a WebSocket. Two are ready to use:
//!
//! - [`LoginForm`]: users type a name and a password, and a signed cookie remembers them;
//! - [`ProxyHeader`]: a proxy in front of the server has made sure who asks, and says so in a header.
//!
//! For everything else, such as OpenID Connect, write an [`Auth`] of your own. It is made of the same parts: a
//! [`UserCookie`], [signed cookies](SignedCookies), an [`XsrfField`] for each form, and [`AuthRequest::next_url`], which leads
//! nowhere but back to this server.
//!
//! ```
//! use bokeh_application::SessionContext;
//! use bokeh_application::auth::{LoginForm, User};
//! use bokeh_document::Document;
//!
//! // `Server::builder().auth(auth)`
//! let auth = LoginForm::new(|name, password| {
//!     // Of a real program's passwords nobody knows more than their hashes.
//!     (name == "ann" && password == "secret").then(|| User::new(name))
//! });
//!
//! fn app(doc: &mut Document, session: &SessionContext) {
//!     let name = session.user().map_or("stranger", User::name).to_owned();
//!     doc.set_title(format!("The plots of {name}"));
//! }
//! # let _ = (auth, app as fn(&mut Document, &SessionContext));
//! ```

mod cookie;
mod html;
mod local_url;
mod login_form;
mod proxy_header;
mod request;
mod signed_cookies;
mod user;
mod user_cookie;
mod xsrf;

use std::future::ready;
use std::sync::Arc;

use crate::handler::HandlerFuture;
use crate::http_response::HttpResponse;

pub use cookie::{Cookie, SameSite};
pub use html::escape;
pub use local_url::is_local_url;
pub use login_form::{LoginForm, LoginPage, LoginProblem};
pub use proxy_header::ProxyHeader;
pub use request::AuthRequest;
pub use signed_cookies::{OpenCookieError, SignedCookies};
pub use user::User;
pub use user_cookie::UserCookie;
pub use xsrf::{XsrfError, XsrfField};

/// Decides who may see the applications of a server, and answers the requests by which users log in and out.
///
/// A server runs [`authorize`](Self::authorize) and [`respond`](Self::respond) where code that takes its time, or blocks, stops
/// nobody else. All other methods are to answer at once.
pub trait Auth: Send + Sync + 'static {
    /// Whether whoever asks may see an application, or open a WebSocket, and who that is.
    ///
    /// A WebSocket brings the cookies of its own request, and is asked about like any other.
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access>;

    /// The paths that [`respond`](Self::respond) answers, without the server's prefix, such as `/login`.
    fn paths(&self) -> Vec<String> {
        Vec::new()
    }

    /// Answers a request for one of the [paths](Self::paths), by any method.
    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        let _ = request;
        Box::pin(ready(Ok(HttpResponse::text(404, "Not found"))))
    }

    /// Where users log out: one of the [paths](Self::paths), or an address elsewhere as it stands in links. Applications find
    /// it in [`SessionContext::logout_url`](crate::SessionContext::logout_url).
    fn logout_url(&self) -> Option<String> {
        None
    }

    /// Whether `user` may see a session that `owner` has begun, given its id or its token. By default nobody but the owner
    /// may: each user has sessions of their own.
    fn may_join(&self, owner: Option<&User>, user: Option<&User>) -> bool {
        owner.map(User::name) == user.map(User::name)
    }

    /// The names of cookies that let users in. They are kept out of the tokens of pages, which scripts can read.
    fn secret_cookies(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether the word of a proxy decides. A server that trusts no proxy does not start then.
    fn needs_trusted_proxy(&self) -> bool {
        false
    }
}

/// Whether somebody may see an application.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// They may.
    Granted {
        /// Who they are, for the application. The user of a request that makes a session is the session's.
        user: Option<User>,
        /// What goes into the answer's head, such as a cookie that was renewed.
        headers: Vec<(String, String)>,
    },
    /// They get this instead, most often a way to the login. A request for a WebSocket is answered with status 403.
    Refused(HttpResponse),
}

impl Access {
    /// They may, and are known.
    pub fn granted(user: User) -> Self {
        Self::Granted { user: Some(user), headers: Vec::new() }
    }
}

impl<A: Auth + ?Sized> Auth for Arc<A> {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        (**self).authorize(request)
    }

    fn paths(&self) -> Vec<String> {
        (**self).paths()
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        (**self).respond(request)
    }

    fn logout_url(&self) -> Option<String> {
        (**self).logout_url()
    }

    fn may_join(&self, owner: Option<&User>, user: Option<&User>) -> bool {
        (**self).may_join(owner, user)
    }

    fn secret_cookies(&self) -> Vec<String> {
        (**self).secret_cookies()
    }

    fn needs_trusted_proxy(&self) -> bool {
        (**self).needs_trusted_proxy()
    }
}
