//! Sessions belong to users.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use bokeh_application::SessionContext;
use bokeh_application::auth::{Access, Auth, AuthRequest, User};
use bokeh_application::{HandlerFuture, HttpResponse};
use bokeh_document::Document;
use bokeh_server::{RunningServer, Server};
use tower::ServiceExt;

use crate::operations::get;
use crate::sockets::{Client, good_token, settings, status};

#[tokio::test]
async fn a_session_is_nobody_elses() {
    let server = serve(Names { are_friends: false }).await;
    assert!(
        get(&server, "/app?bokeh-session-id=x", "X-Name: ann\r\n")
            .await
            .body
            .contains("<title>sessions of ann</title>")
    );
    let token = good_token("x");
    for (name, page, websocket) in [("ann", 200, 101), ("bob", 403, 403), ("nobody", 403, 403), ("", 302, 403)] {
        let header = if name.is_empty() { String::new() } else { format!("X-Name: {name}\r\n") };
        let answer = get(&server, "/app?bokeh-session-id=x", &header).await;
        assert_eq!(answer.status, page, "{name}");
        assert_eq!(get(&server, &format!("/app?bokeh-token={token}"), &header).await.status, page, "{name}");
        let autoload = format!("/app/autoload.js?bokeh-autoload-element=e&bokeh-token={token}");
        assert_eq!(get(&server, &autoload, &header).await.status, page, "{name}");
        assert_eq!(open(&server, &token, name).await, websocket, "{name}");
    }
    let answer = get(&server, "/app?bokeh-session-id=x", "X-Name: bob\r\n").await;
    assert!(answer.body.contains("The session is another user's"), "{}", answer.body);
    assert_eq!(server.sessions("/app").unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_that_a_websocket_makes_is_its_users() {
    let server = serve(Names { are_friends: false }).await;
    let token = good_token("y");
    let _bob = Client::open_with(&server, &headers(&token, "bob")).await.unwrap();
    assert_eq!(server.session("/app", "y").unwrap().user(), Some(&User::new("bob")));
    assert_eq!(open(&server, &token, "ann").await, 403);
}

#[tokio::test]
async fn a_program_can_let_users_share_sessions() {
    let server = serve(Names { are_friends: true }).await;
    assert_eq!(get(&server, "/app?bokeh-session-id=x", "X-Name: ann\r\n").await.status, 200);
    for (name, expected) in [("bob", 101), ("nobody", 101), ("", 403)] {
        assert_eq!(open(&server, &good_token("x"), name).await, expected, "{name}");
    }
    assert_eq!(server.session("/app", "x").unwrap().user(), Some(&User::new("ann")));
}

#[tokio::test]
async fn a_host_can_say_who_the_user_is() {
    let app = |_: &mut Document| {};
    let server = Server::builder().settings(settings()).app("/app", app).build().unwrap();
    let router = server.router().layer(from_fn(|mut request: Request, next: Next| {
        let name = request.headers().get("x-name").map(|name| User::new(name.to_str().unwrap()));
        if let Some(user) = name {
            request.extensions_mut().insert(user);
        }
        next.run(request)
    }));
    for (name, expected) in [("ann", 200), ("bob", 403), ("", 403), ("ann", 200)] {
        let mut request = axum::http::Request::get("/app?bokeh-session-id=x");
        if !name.is_empty() {
            request = request.header("x-name", name);
        }
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), expected, "{name:?}");
    }
    assert_eq!(server.session("/app", "x").unwrap().user(), Some(&User::new("ann")));
}

async fn serve(auth: Names) -> RunningServer {
    let app = |doc: &mut Document, session: &SessionContext| {
        doc.set_title(format!("sessions of {}", session.user().map_or("nobody", User::name)));
    };
    Server::builder().settings(settings()).auth(auth).app("/app", app).start().await.unwrap()
}

/// The status of an attempt to open a WebSocket.
async fn open(server: &RunningServer, token: &str, name: &str) -> u16 {
    let opened = Client::open_with(server, &headers(token, name)).await;
    if opened.is_ok() { 101 } else { status(&opened) }
}

fn headers<'a>(token: &str, name: &'a str) -> Vec<(&'static str, &'a str)> {
    let protocols: &'static str = Box::leak(format!("bokeh, {token}").into_boxed_str());
    let mut headers = vec![("sec-websocket-protocol", protocols)];
    headers.extend((!name.is_empty()).then_some(("x-name", name)));
    headers
}

/// Believes everybody.
struct Names {
    are_friends: bool,
}

impl Auth for Names {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        let access = match request.http().header("x-name") {
            Some("nobody") => Access::Granted { user: None, headers: Vec::new() },
            Some(name) => Access::granted(User::new(name)),
            None => Access::Refused(HttpResponse::redirect("/login")),
        };
        let access = match access {
            Access::Refused(answer) => Access::Refused(HttpResponse { status: 302, ..answer }),
            granted => granted,
        };
        Box::pin(async { Ok(access) })
    }

    fn may_join(&self, owner: Option<&User>, user: Option<&User>) -> bool {
        self.are_friends || owner == user
    }
}
