use bokeh_protocol::Secret;
use futures_lite::future::block_on;

use super::*;
use crate::HttpRequest;
use crate::auth::SignedCookies;

#[test]
fn a_user_logs_in_and_is_known_until_they_log_out() {
    let mut browser = Browser::new(form());
    assert_eq!(browser.user("/pp/app?x=1"), Err("/pp/login?next=%2Fpp%2Fapp%3Fx%3D1".to_owned()));
    let page = browser.get("/pp/login?next=%2Fpp%2Fapp%3Fx%3D1");
    assert_eq!(page.status, 200);
    assert!(browser.html.contains(r#"action="/pp/login""#), "{}", browser.html);

    assert_eq!(browser.send("/pp/login", "name=ann&password=guessed").status, 403);
    assert!(browser.html.contains("The name or the password is wrong."), "{}", browser.html);
    assert!(browser.html.contains(r#"value="ann""#), "{}", browser.html);
    let answer = browser.send("/pp/login", "name=ann&password=secret");
    assert_eq!((answer.status, answer.header("Location")), (303, Some("/pp/app?x=1")));
    assert_eq!(browser.user("/pp/app?x=1"), Ok(User::new("ann").with_claim("role", "crew")));

    let answer = browser.get("/pp/logout");
    assert_eq!((answer.status, answer.header("Location")), (303, Some("/pp/login")));
    assert!(browser.user("/pp/app").is_err());
}

#[test]
fn forms_of_others_log_nobody_in_or_out() {
    let mut browser = Browser::new(form());
    // Without the hidden field.
    let answer = browser.ask("POST", "/pp/login", "name=ann&password=secret");
    assert_eq!((answer.status, answer.header("Location")), (403, None));
    assert!(browser.html.contains("Try again"), "{}", browser.html);
    browser.site = Some("cross-site");
    assert_eq!(browser.send("/pp/login", "name=ann&password=secret").status, 403);

    browser.site = Some("same-origin");
    browser.get("/pp/login");
    assert_eq!(browser.send("/pp/login", "name=ann&password=secret").status, 303);
    for site in [Some("cross-site"), Some("same-site"), None] {
        browser.site = site;
        assert_eq!(browser.get("/pp/logout").status, 200, "asks first");
        assert_eq!(browser.ask("POST", "/pp/logout", "").status, 200, "asks first");
        assert!(browser.user("/pp/app").is_ok());
    }
    assert_eq!(browser.send("/pp/logout", "").status, 303);
    assert!(browser.user("/pp/app").is_err());
}

#[test]
fn a_login_leads_nowhere_else() {
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/a\r\nX: y"] {
        let mut browser = Browser::new(form());
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        browser.get(&format!("/pp/login?next={next}"));
        assert!(!browser.html.contains("evil"), "{}", browser.html);
        let answer = browser.send("/pp/login", &format!("name=ann&password=secret&next={next}"));
        assert_eq!((answer.status, answer.header("Location")), (303, Some("/pp/")), "{next}");
    }
}

#[test]
fn what_was_typed_is_no_html() {
    let mut browser = Browser::new(form().title("<Acme>"));
    browser.get("/pp/login?next=%2F%3C%3E%22'");
    assert!(browser.html.contains(r#"value="/&lt;&gt;&quot;&#39;""#), "{}", browser.html);
    browser.send("/pp/login", "password=x&name=%22%3E%3Cscript%3E");
    assert!(browser.html.contains(r#"value="&quot;&gt;&lt;script&gt;""#), "{}", browser.html);
    assert!(browser.html.contains("<title>&lt;Acme&gt;</title>"), "{}", browser.html);
}

#[test]
fn who_guesses_has_to_wait() {
    let mut browser = Browser::new(form());
    browser.get("/pp/login");
    for _ in 0..5 {
        assert_eq!(browser.send("/pp/login", "name=ann&password=guessed").status, 403);
    }
    let answer = browser.send("/pp/login", "name=ann&password=secret");
    assert_eq!((answer.status, answer.header("Retry-After")), (429, Some("1")));
    assert!(browser.html.contains("Too many attempts"), "{}", browser.html);
    assert_eq!(browser.send("/pp/login", "name=bob&password=secret").status, 303, "others need not wait");
}

#[test]
fn a_user_can_lose_what_the_cookie_says() {
    let mut browser = Browser::new(form().still_valid(|user| user.name() != "bob"));
    for (name, is_known) in [("ann", true), ("bob", false)] {
        browser.get("/pp/login");
        assert_eq!(browser.send("/pp/login", &format!("name={name}&password=secret")).status, 303);
        assert_eq!(browser.user("/pp/app").is_ok(), is_known, "{name}");
    }
}

#[test]
fn a_check_that_fails_lets_nobody_in() {
    let mut browser = Browser::new(LoginForm::with_future(|_name, _password| ready(Err("no database".into()))));
    browser.get("/pp/login");
    let request = browser.request("POST", "/pp/login", &format!("name=ann&password=secret&{}", browser.hidden));
    assert_eq!(block_on(browser.auth.respond(&request)).unwrap_err().to_string(), "no database");
}

#[test]
fn other_methods_are_refused() {
    let mut browser = Browser::new(form());
    for method in ["PUT", "DELETE", "HEAD"] {
        assert_eq!(browser.ask(method, "/pp/login", "").status, 405, "{method}");
    }
}

fn form() -> LoginForm {
    LoginForm::new(|name, password| {
        let is_known = ["ann", "bob"].contains(&name) && password == "secret";
        is_known.then(|| User::new(name).with_claim("role", "crew"))
    })
}

/// Keeps cookies and the hidden fields of the last form.
struct Browser {
    auth: LoginForm,
    cookies: Vec<(String, String)>,
    hidden: String,
    html: String,
    site: Option<&'static str>,
}

impl Browser {
    fn new(auth: LoginForm) -> Self {
        let (cookies, hidden, html) = (Vec::new(), String::new(), String::new());
        Self { auth, cookies, hidden, html, site: Some("same-origin") }
    }

    /// Who the browser's user is, or else where they are sent.
    fn user(&self, uri: &str) -> Result<User, String> {
        match block_on(self.auth.authorize(&self.request("GET", uri, ""))).unwrap() {
            Access::Granted { user, .. } => Ok(user.unwrap()),
            Access::Refused(answer) => Err(answer.header("Location").unwrap().to_owned()),
        }
    }

    fn get(&mut self, uri: &str) -> HttpResponse {
        self.ask("GET", uri, "")
    }

    /// Sends the form that is shown. Fields that are given here count first.
    fn send(&mut self, uri: &str, fields: &str) -> HttpResponse {
        let body = format!("{fields}&{}", self.hidden);
        self.ask("POST", uri, &body)
    }

    fn ask(&mut self, method: &str, uri: &str, body: &str) -> HttpResponse {
        let answer = block_on(self.auth.respond(&self.request(method, uri, body))).unwrap();
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "Set-Cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !cookie.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
            }
        }
        self.html = String::from_utf8(answer.body.clone()).unwrap();
        let fields = self.html.split("<input type=\"hidden\" name=\"").skip(1).map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            format!("{name}={}", rest.split('"').next().unwrap())
        });
        self.hidden = fields.collect::<Vec<_>>().join("&");
        answer
    }

    fn request(&self, method: &str, uri: &str, body: &str) -> AuthRequest {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = vec![header("Cookie", &cookies.join("; "))];
        headers.push(header("Content-Type", "application/x-www-form-urlencoded"));
        headers.extend(self.site.map(|site| header("Sec-Fetch-Site", site)));
        let http = HttpRequest {
            method: method.to_owned(),
            uri: uri.to_owned(),
            headers,
            body: body.into(),
            remote_ip: "1.2.3.4".to_owned(),
            ..HttpRequest::default()
        };
        AuthRequest::new(http, SignedCookies::new(Secret::new("crumbs"))).with_prefix("/pp")
    }
}
