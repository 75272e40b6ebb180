mod attempts;
mod page;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::{Future, ready};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::xsrf::is_from_other_site;
use super::{Access, Auth, AuthRequest, SameSite, User, UserCookie, XsrfField};
use crate::handler::{HandlerError, HandlerFuture};
use crate::http_response::HttpResponse;

use attempts::Attempts;

pub use page::{LoginPage, LoginProblem};

/// Users type a name and a password into a form at `/login`, and a signed cookie remembers them. They log out at `/logout`.
///
/// The form and the cookie are safe against pages of others, and whoever guesses has to wait. The cookie is signed with the
/// server's `--cookie-secret`; without one users have to log in again when the server is started anew.
///
/// ```
/// use bokeh_application::auth::{LoginForm, User};
///
/// // `Server::builder().auth(auth)`
/// let auth = LoginForm::new(|name, password| check(name, password).then(|| User::new(name))).title("Acme");
///
/// fn check(name: &str, password: &str) -> bool {
///     // Compare the password with a hash of it, such as those of argon2.
/// #   let _ = (name, password); false
/// }
/// # let _ = auth;
/// ```
///
/// What a cookie says holds until it expires, also when the user's password has changed meanwhile.
/// [`still_valid`](Self::still_valid) can look again.
pub struct LoginForm {
    verify: Verify,
    still_valid: Box<dyn Fn(&User) -> bool + Send + Sync>,
    cookie: UserCookie,
    title: String,
    page: Box<dyn Fn(&LoginPage) -> String + Send + Sync>,
    attempts: Mutex<Attempts>,
}

impl LoginForm {
    /// Lets those in for whose name and password `verify` answers a user. It may take its time and block.
    ///
    /// It should take as long for names that do not exist as for those that do, lest others find out which do.
    pub fn new(verify: impl Fn(&str, &str) -> Option<User> + Send + Sync + 'static) -> Self {
        Self::with_future(move |name, password| ready(Ok(verify(&name, &password))))
    }

    /// The same with a future, which asks a database, say. When it fails, the user gets status 500, and the log says why.
    pub fn with_future<F>(verify: impl Fn(String, String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Option<User>, HandlerError>> + Send + 'static,
    {
        Self {
            verify: Box::new(move |name, password| Box::pin(verify(name, password))),
            still_valid: Box::new(|_| true),
            cookie: UserCookie::default(),
            title: "Log in".to_owned(),
            page: Box::new(LoginPage::to_html),
            attempts: Mutex::default(),
        }
    }

    /// Sets the title of the page.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Makes the page with the form. What is to be in it says [`LoginPage`].
    #[must_use]
    pub fn page(mut self, page: impl Fn(&LoginPage) -> String + Send + Sync + 'static) -> Self {
        self.page = Box::new(page);
        self
    }

    /// Sets for how long users are remembered. The default is two weeks.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.cookie.max_age = max_age;
        self
    }

    /// Sets what the cookie is called: letters, digits, `-` and `_`. The default is `user`.
    #[must_use]
    pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
        self.cookie.name = name.into();
        self
    }

    /// Sets with which requests browsers send the cookie. [`SameSite::None`] is for applications inside of pages of other sites.
    #[must_use]
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.cookie.same_site = same_site;
        self
    }

    /// Asks for each request whether a user who has logged in before still may.
    #[must_use]
    pub fn still_valid(mut self, still_valid: impl Fn(&User) -> bool + Send + Sync + 'static) -> Self {
        self.still_valid = Box::new(still_valid);
        self
    }

    fn user(&self, request: &AuthRequest) -> Option<User> {
        self.cookie.user(request).filter(|user| (self.still_valid)(user))
    }

    async fn log_in(&self, request: &AuthRequest) -> Result<HttpResponse, HandlerError> {
        if request.http().method != "POST" {
            return self.form(request, 200, None);
        }
        if XsrfField::check(request).is_err() {
            return self.form(request, 403, Some(LoginProblem::Stale));
        }
        let name = request.field("name").unwrap_or_default().into_owned();
        let password = request.field("password").unwrap_or_default().into_owned();
        let address = request.http().remote_ip.clone();
        // It counts before it is known to have failed: attempts that are made at the same time count, too.
        let began = self.attempts.lock().begin(&address, &name, Instant::now());
        if let Err(wait) = began {
            let answer = self.form(request, 429, Some(LoginProblem::TooMany(wait)))?;
            return Ok(answer.with_header("Retry-After", wait.as_secs().max(1).to_string()));
        }
        let Some(user) = (self.verify)(name.clone(), password).await? else {
            return self.form(request, 403, Some(LoginProblem::Wrong));
        };
        self.attempts.lock().succeed(&address, &name);
        Ok(HttpResponse::redirect(request.next_url()).with_cookie(&self.cookie.set(request, &user)))
    }

    fn form(
        &self,
        request: &AuthRequest,
        status: u16,
        problem: Option<LoginProblem>,
    ) -> Result<HttpResponse, HandlerError> {
        let xsrf = XsrfField::new(request)?;
        let page = LoginPage {
            title: self.title.clone(),
            action: request.url(LOGIN),
            name: request.field("name").unwrap_or_default().into_owned(),
            problem,
            hidden_fields: page::hidden_fields(&xsrf, &request.next_url()),
        };
        Ok(xsrf.add_to(HttpResponse::html(status, (self.page)(&page))))
    }

    /// A link of another site must not log anybody out, nor may one that cannot be told from it.
    fn log_out(&self, request: &AuthRequest) -> Result<HttpResponse, HandlerError> {
        let is_meant = match &*request.http().method {
            "POST" => XsrfField::check(request).is_ok(),
            _ => request.http().header("sec-fetch-site").is_some() && !is_from_other_site(request),
        };
        if is_meant {
            return Ok(HttpResponse::redirect(request.url(LOGIN)).with_cookie(&self.cookie.forget(request)));
        }
        let xsrf = XsrfField::new(request)?;
        let html = page::question(&self.title, &request.url(LOGOUT), &xsrf);
        Ok(xsrf.add_to(HttpResponse::html(200, html)))
    }
}

impl Auth for LoginForm {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        let access = match self.user(request) {
            Some(user) => Access::granted(user),
            None => Access::Refused(request.redirect_to_login(LOGIN)),
        };
        Box::pin(ready(Ok(access)))
    }

    fn paths(&self) -> Vec<String> {
        vec![LOGIN.to_owned(), LOGOUT.to_owned()]
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        Box::pin(async {
            match (&*request.http().method, request.path()) {
                ("GET" | "POST", LOGIN) => self.log_in(request).await,
                ("GET" | "POST", LOGOUT) => self.log_out(request),
                _ => Ok(HttpResponse::text(405, "Method not allowed").with_header("Allow", "GET, POST")),
            }
        })
    }

    fn logout_url(&self) -> Option<String> {
        Some(LOGOUT.to_owned())
    }

    fn secret_cookies(&self) -> Vec<String> {
        vec![self.cookie.name.clone(), XsrfField::COOKIE.to_owned()]
    }
}

impl fmt::Debug for LoginForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginForm").field("cookie", &self.cookie).field("title", &self.title).finish_non_exhaustive()
    }
}

type Verify = Box<dyn Fn(String, String) -> HandlerFuture<'static, Option<User>> + Send + Sync>;

const LOGIN: &str = "/login";
const LOGOUT: &str = "/logout";
