//! A form for names and passwords, from the page to the WebSocket.

use bokeh_application::SessionContext;
use bokeh_application::auth::{LoginForm, User};
use bokeh_document::Document;
use bokeh_protocol::{Secret, Signing};
use bokeh_server::{RunningServer, Server, Settings};

use crate::sockets::{Client, good_token, settings, status};

use super::browser::Browser;

#[tokio::test]
async fn a_user_logs_in_works_and_logs_out() {
    let server = serve(settings()).await;
    let mut browser = Browser::new(&server);
    assert_eq!(browser.get("/pp/app?n=1").await, "302 /pp/login?next=%2Fpp%2Fapp%3Fn%3D1");
    assert_eq!(browser.get("/pp/login?next=%2Fpp%2Fapp%3Fn%3D1").await, "200");
    assert_eq!(browser.send("/pp/login", "name=ann&password=no").await, "403");
    assert_eq!(websocket(&server, &browser).await, 403);
    assert_eq!(browser.send("/pp/login", "name=ann&password=secret").await, "303 /pp/app?n=1");
    assert_eq!(browser.get("/pp/app?n=1").await, "200");
    assert!(browser.html.contains("<title>ann</title>"), "{}", browser.html);
    assert_eq!(server.sessions("/app").unwrap()[0].logout_url(), Some("/pp/logout"));
    assert_eq!(websocket(&server, &browser).await, 101);
    assert_eq!(browser.get("/pp/logout").await, "303 /pp/login");
    assert_eq!(browser.get("/pp/app").await, "302 /pp/login?next=%2Fpp%2Fapp");
    assert_eq!(websocket(&server, &browser).await, 403);
}

#[tokio::test]
async fn cookies_that_let_users_in_are_in_no_token() {
    let server = serve(settings()).await;
    let mut browser = Browser::new(&server);
    browser.log_in("/pp/login", "name=ann&password=secret").await;
    let secret = browser.cookies.clone();
    browser.cookies.push(("theme".to_owned(), "dark".to_owned()));
    for (path, has_theme) in [("/pp/app?bokeh-session-id=a", true), ("/pp/app?bokeh-session-id=b", false)] {
        browser.cookies.retain(|(name, _)| has_theme || name != "theme");
        assert_eq!(browser.get(path).await, "200");
        let token = browser.html.split("\"token\":").nth(1).unwrap().split('"').nth(1).unwrap();
        let token = Signing::Unsigned.open_token(token).unwrap();
        let payload = format!("{:?}", token.payload());
        assert_eq!(payload.contains("dark"), has_theme, "{payload}");
        for (name, value) in &secret {
            assert!(!payload.contains(value) && !payload.contains(name), "{name} is in {payload}");
        }
    }
    // The program itself may look.
    let session = server.session("/app", "a").unwrap();
    assert_eq!(session.request().cookies().keys().collect::<Vec<_>>(), ["theme"]);
    assert!(session.request().http().header("cookie").unwrap().contains("user="));
}

#[tokio::test]
async fn a_cookie_outlives_the_server_if_the_secret_does() {
    let secret = |text: &str| Secret::new(text);
    let first = serve(Settings { cookie_secret: Some(secret("first")), ..settings() }).await;
    let mut browser = Browser::new(&first);
    browser.log_in("/pp/login", "name=ann&password=secret").await;
    for (cookie_secret, old_cookie_secrets, expected) in [
        (Some("first"), vec![], "200"),
        (Some("second"), vec![secret("first")], "200"),
        (Some("second"), vec![], "302 /pp/login?next=%2Fpp%2Fapp"),
        (None, vec![], "302 /pp/login?next=%2Fpp%2Fapp"),
    ] {
        let settings = Settings { cookie_secret: cookie_secret.map(secret), old_cookie_secrets, ..settings() };
        let next = serve(settings).await;
        assert_eq!(browser.at(&next).get("/pp/app").await, expected, "{cookie_secret:?}");
    }
}

async fn serve(settings: Settings) -> RunningServer {
    let auth = LoginForm::new(|name, password| (password == "secret").then(|| User::new(name)));
    let app = |doc: &mut Document, session: &SessionContext| {
        doc.set_title(session.user().map_or("nobody", User::name).to_owned());
    };
    let settings = Settings { prefix: "/pp".to_owned(), ..settings };
    Server::builder().settings(settings).auth(auth).app("/app", app).start().await.unwrap()
}

/// The status of a browser's attempt to open a WebSocket.
async fn websocket(server: &RunningServer, browser: &Browser<'_>) -> u16 {
    let protocols = format!("bokeh, {}", good_token("a session of its own"));
    let headers = [("sec-websocket-protocol", &*protocols), ("cookie", &browser.cookie_header())];
    let opened = Client::open_with(server, &headers).await;
    if opened.is_ok() { 101 } else { status(&opened) }
}
