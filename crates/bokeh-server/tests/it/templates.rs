//! Pages that are made by templates of applications, or by handlers.

use axum::body::Body;
use axum::http::{Request, Response};
use bokeh_application::{Application, FunctionHandler, Handler, HandlerFuture, PageRequest, SessionContext, Template};
use bokeh_document::Document;
use bokeh_protocol::{Object, Payload};
use bokeh_server::{BokehJs, Server, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn a_template_places_roots_by_name_and_shows_variables() {
    let template = Template::new(
        "{% extends base %}{% block contents %}{% include 'menu.html' %}\
         <main>{{ embed(roots.second) }}</main>{{ roots.second.tags[0] }}{% endblock %}",
    )
    .with_other("menu.html", "<nav>{{ user }}</nav>");
    let app = Application::new(|doc: &mut Document, session: &SessionContext| {
        for name in ["first", "second"] {
            let attributes = vec![
                ("name".into(), name.into()),
                ("tags".into(), [format!("tag of {name}")].into_iter().map(Into::into).collect()),
            ];
            doc.add_root(Object { name: "Div".into(), id: None, attributes });
        }
        session.set_template_variable("user", "<Ann>");
    });
    let html = page(app.template(template)).await;
    assert!(html.contains("<nav>&lt;Ann&gt;</nav>"), "{html}");
    assert!(html.contains("tag of second"), "{html}");
    assert_eq!(html.matches("data-root-id=").count(), 1, "{html}");
    assert!(html.contains("embed_items"), "{html}");
}

#[tokio::test]
async fn a_session_can_have_a_template_of_its_own() {
    for (own, expected) in [(None, "common"), (Some("own"), "own")] {
        let app = Application::empty().template(Template::new("common")).handler(FunctionHandler::new(
            move |_: &mut Document, session: &SessionContext| {
                if let Some(own) = own {
                    session.set_template(Template::new(own));
                }
            },
        ));
        assert_eq!(page(app).await, expected);
    }
}

#[tokio::test]
async fn a_template_that_fails_is_a_failure_of_its_page() {
    let response = ask(&server(Application::empty().template(Template::new("{{ embed(roots.nope) }}"))), "/app").await;
    assert_eq!(response.status(), 500);
    assert!(text(response).await.contains("the page's template failed\nundefined value"));
}

#[tokio::test]
async fn the_first_handler_that_makes_a_page_makes_it() {
    let app = Application::empty().handler(Page("")).handler(Page("one")).handler(Page("two"));
    assert_eq!(page(app).await, "one /pp <b>");
}

#[tokio::test]
async fn what_went_wrong_while_a_document_was_filled_is_shown_to_its_author() {
    for (dev, n_shown) in [(true, 1), (false, 0)] {
        let app = Application::new(|_: &mut Document, session: &SessionContext| session.report_failure("line 5 <x>"));
        let settings = Settings { dev, ..settings() };
        let server = Server::builder().settings(settings).app("/app", app).build().unwrap();
        let html = text(ask(&server, "/app").await).await;
        assert_eq!(html.matches("line 5 &lt;x&gt;").count(), n_shown);
    }
}

#[tokio::test]
async fn a_hook_that_refuses_a_request_fails_its_page() {
    let response = ask(&server(Application::empty().handler(Refuses)), "/app").await;
    assert_eq!(response.status(), 500);
    assert!(text(response).await.contains("not today"));
}

/// Makes a page of a text, its prefix and whether there is a token; or none.
struct Page(&'static str);

impl Handler for Page {
    fn modify_document<'a>(&'a self, _: &'a mut Document, _: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(()) })
    }

    fn page<'a>(&'a self, page: &'a PageRequest, _: &'a SessionContext) -> HandlerFuture<'a, Option<String>> {
        let html = format!("{} {} {}", self.0, page.prefix, if page.token.is_empty() { "" } else { "<b>" });
        Box::pin(async { Ok((!self.0.is_empty()).then_some(html)) })
    }
}

/// Fails requests.
struct Refuses;

impl Handler for Refuses {
    fn modify_document<'a>(&'a self, _: &'a mut Document, _: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(()) })
    }

    fn process_request<'a>(&'a self, _: &'a bokeh_application::Request) -> HandlerFuture<'a, Payload> {
        Box::pin(async { Err("not today".into()) })
    }
}

async fn page(app: Application) -> String {
    let response = ask(&server(app), "/app").await;
    assert_eq!(response.status(), 200);
    text(response).await
}

fn server(app: Application) -> Server {
    Server::builder().settings(settings()).app("/app", app).build().unwrap()
}

fn settings() -> Settings {
    Settings {
        bokehjs: BokehJs::Cdn,
        prefix: "/pp".to_owned(),
        session_threads: 2,
        show_errors: true,
        ..Settings::default()
    }
}

async fn ask(server: &Server, path: &str) -> Response<Body> {
    let request = Request::get(format!("/pp{path}")).body(Body::empty()).unwrap();
    server.router().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}
