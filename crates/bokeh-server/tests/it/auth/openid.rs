//! The trait carries OpenID Connect: users log in at a provider, which sends them back with a code.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bokeh_application::auth::{Access, Auth, AuthRequest, User, UserCookie, is_local_url};
use bokeh_application::{HandlerError, HandlerFuture, HttpResponse, SessionContext};
use bokeh_document::Document;
use bokeh_protocol::random_id;
use bokeh_server::{RunningServer, Server, Settings};
use serde_json::{Value, json};

use crate::sockets::settings;

use super::browser::Browser;

#[tokio::test]
async fn a_user_logs_in_at_a_provider() {
    let (server, provider) = serve().await;
    let mut browser = Browser::new(&server);
    assert_eq!(browser.get("/pp/app?n=1").await, "302 /pp/login?next=%2Fpp%2Fapp%3Fn%3D1");
    let sent = browser.get("/pp/login?next=%2Fpp%2Fapp%3Fn%3D1").await;
    let back = provider.log_in(&sent, "ann");
    assert_eq!(browser.get(&back).await, "303 /pp/app?n=1");
    assert_eq!(browser.get("/pp/app?n=1").await, "200");
    assert!(browser.html.contains("<title>ann@example.org</title>"), "{}", browser.html);
    // A code counts once, and so does the state.
    assert_eq!(browser.get(&back).await, "403");
    assert!(browser.get("/pp/logout").await.starts_with("303 https://provider.example/logout"));
    assert_eq!(browser.get("/pp/app").await, "302 /pp/login?next=%2Fpp%2Fapp");
}

#[tokio::test]
async fn a_code_for_somebody_else_lets_nobody_in() {
    let (server, provider) = serve().await;
    let (mut ann, mut eve) = (Browser::new(&server), Browser::new(&server));
    let sent = ann.get("/pp/login").await;
    // Eve's code, in Ann's browser: Ann would work in Eve's name.
    let of_eve = provider.log_in(&eve.get("/pp/login").await, "eve");
    assert_eq!(ann.get(&of_eve).await, "403");
    // Eve's code with Ann's state.
    let state = parameter(&sent, "state");
    assert_eq!(ann.get(&format!("/pp/callback?state={state}&code={}", parameter(&of_eve, "code"))).await, "403");
    assert_eq!(ann.get(&format!("/pp/callback?state={state}")).await, "403");
    assert_eq!(ann.get("/pp/app").await, "302 /pp/login?next=%2Fpp%2Fapp");
}

async fn serve() -> (RunningServer, Provider) {
    let provider = Provider::default();
    let auth = OpenId { provider: provider.clone(), cookie: UserCookie::default() };
    let app = |doc: &mut Document, session: &SessionContext| {
        let email = session.user().and_then(|user| user.claim("email")).and_then(Value::as_str);
        doc.set_title(email.unwrap_or("nobody").to_owned());
    };
    let settings = Settings { prefix: "/pp".to_owned(), ..settings() };
    let server = Server::builder().settings(settings).auth(auth).app("/app", app).start().await.unwrap();
    (server, provider)
}

/// The authorization code flow. A real one checks the signature of the provider's answer, too.
struct OpenId {
    provider: Provider,
    cookie: UserCookie,
}

impl OpenId {
    /// Keeps what is known of the attempt in the browser, signed, and sends it to the provider.
    fn send_to_provider(request: &AuthRequest) -> Result<HttpResponse, HandlerError> {
        let [state, nonce, verifier] = [random_id()?, random_id()?, random_id()?];
        let url = format!("https://provider.example/authorize?state={state}&nonce={nonce}&challenge={verifier}");
        let attempt = json!({ "state": state, "nonce": nonce, "verifier": verifier, "next": request.next_url() });
        let cookie = request.new_signed_cookie(ATTEMPT, attempt.to_string().as_bytes()).max_age(TEN_MINUTES);
        Ok(HttpResponse::redirect(url).with_cookie(&cookie))
    }

    /// The user comes back with a code, for which the provider tells who that is.
    async fn welcome(&self, request: &AuthRequest) -> Option<HttpResponse> {
        let attempt: Value = serde_json::from_slice(&request.signed_cookie(ATTEMPT, TEN_MINUTES)?).ok()?;
        if attempt["state"] != *request.argument("state")? {
            return None;
        }
        let claims = self.provider.exchange(&request.argument("code")?, attempt["verifier"].as_str()?).await?;
        if claims["nonce"] != attempt["nonce"] {
            return None;
        }
        let user = User::new(claims["sub"].as_str()?).with_claim("email", claims["email"].clone());
        let next = attempt["next"].as_str().filter(|next| is_local_url(next))?;
        let forget = request.forget_cookie(ATTEMPT);
        Some(HttpResponse::redirect(next).with_cookie(&self.cookie.set(request, &user)).with_cookie(&forget))
    }
}

impl Auth for OpenId {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        let access = match self.cookie.user(request) {
            Some(user) => Access::granted(user),
            None => Access::Refused(request.redirect_to_login("/login")),
        };
        Box::pin(async { Ok(access) })
    }

    fn paths(&self) -> Vec<String> {
        ["/login", "/callback", "/logout"].map(str::to_owned).to_vec()
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        Box::pin(async {
            match request.path() {
                "/login" => Self::send_to_provider(request),
                "/callback" => {
                    let answer = self.welcome(request).await;
                    Ok(answer.unwrap_or_else(|| HttpResponse::text(403, "This login was not begun here")))
                }
                _ => {
                    Ok(HttpResponse::redirect("https://provider.example/logout")
                        .with_cookie(&self.cookie.forget(request)))
                }
            }
        })
    }

    fn logout_url(&self) -> Option<String> {
        Some("/logout".to_owned())
    }

    fn secret_cookies(&self) -> Vec<String> {
        vec![self.cookie.name.clone(), ATTEMPT.to_owned()]
    }
}

/// Knows everybody, and who has which code.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<HashMap<String, (String, Value)>>>);

impl Provider {
    /// What the provider does with a user who was sent there: lets them log in, and sends them back.
    fn log_in(&self, sent: &str, name: &str) -> String {
        assert!(sent.starts_with("303 https://provider.example/authorize?"), "{sent}");
        let code = random_id().unwrap();
        let email = format!("{name}@example.org");
        let claims = json!({ "sub": name, "email": email, "nonce": parameter(sent, "nonce") });
        self.0.lock().unwrap().insert(code.clone(), (parameter(sent, "challenge"), claims));
        format!("/pp/callback?state={}&code={code}", parameter(sent, "state"))
    }

    /// What the provider answers to the server.
    async fn exchange(&self, code: &str, verifier: &str) -> Option<Value> {
        tokio::task::yield_now().await;
        let (challenge, claims) = self.0.lock().unwrap().remove(code)?;
        (challenge == verifier).then_some(claims)
    }
}

fn parameter(url: &str, name: &str) -> String {
    let rest = url.split(&format!("{name}=")).nth(1).unwrap();
    rest.split('&').next().unwrap().to_owned()
}

const ATTEMPT: &str = "attempt";
const TEN_MINUTES: Duration = Duration::from_secs(600);
