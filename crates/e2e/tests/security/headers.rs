//! Words of strangers that want to become headers, requests or scripts.

use crate::peer::Peer;
use crate::target::{Target, settings};

#[tokio::test]
async fn what_a_request_says_becomes_no_header_of_the_answer() {
    let target = Target::start(settings()).await;
    let evil = "x%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0aevil";
    for (request, headers) in [
        (format!("GET /app?bokeh-session-id={evil}"), String::new()),
        (format!("GET /app?bokeh-token={evil}"), String::new()),
        (format!("GET /app/autoload.js?bokeh-autoload-element={evil}"), String::new()),
        (format!("GET /app/autoload.js?bokeh-autoload-element=e&bokeh-app-path={evil}"), String::new()),
        (format!("GET /login?next={evil}"), String::new()),
        (format!("GET /login?next={}", evil.replace("%0d", "")), String::new()),
        (format!("GET /{evil}"), String::new()),
        ("OPTIONS /app/autoload.js".to_owned(), format!("Access-Control-Request-Headers: {evil}\r\n")),
        ("GET /app/autoload.js?bokeh-autoload-element=e".to_owned(), format!("Origin: {evil}\r\n")),
        ("GET /app".to_owned(), format!("Host: {evil}\r\n")),
    ] {
        let mut peer = Peer::asking(target.address(), &request, &format!("{headers}Connection: close\r\n")).await;
        let head = peer.head().await;
        assert!(!head.text.contains("\nset-cookie"), "{request} {headers}: {}", head.text);
        assert!(!head.text.contains("\nevil"), "{request} {headers}: {}", head.text);
    }
    target.server.stop().await;
}

/// Two servers that disagree on where a request ends can be made to take a part of one for another.
#[tokio::test]
async fn a_request_that_can_be_read_in_two_ways_is_refused() {
    let target = Target::start(settings()).await;
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    for head in [
        format!("Content-Length: 5\r\nContent-Length: {}\r\n", smuggled.len()),
        "Content-Length: +5\r\n".to_owned(),
        "Content-Length: 5, 6\r\n".to_owned(),
        "Transfer-Encoding: chunked, identity\r\n".to_owned(),
        "Transfer-Encoding : chunked\r\n".to_owned(),
        "Transfer-Encoding:\u{b}chunked\r\n".to_owned(),
        "X: a\r\n Content-Length: 5\r\n".to_owned(),
        "X: a\0b\r\n".to_owned(),
        "X: a\rb\r\n".to_owned(),
    ] {
        let mut peer = Peer::connect(target.address()).await;
        let request = format!("POST /login HTTP/1.1\r\nHost: localhost\r\n{head}\r\n{smuggled}");
        peer.send(request.as_bytes()).await.unwrap();
        let answers = peer.rest().await;
        assert!(answers.starts_with("HTTP/1.1 400"), "{head:?}: {answers}");
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{head:?}: {answers}");
    }
    target.server.stop().await;
}

#[tokio::test]
async fn what_a_request_says_becomes_no_script_of_a_page() {
    let target = Target::start(settings()).await;
    let evil = "%3C/script%3E%3Cscript%3Eevil()%3C/script%3E%22%3E";
    for path in [
        format!("/app?bokeh-session-id={evil}"),
        format!("/app?a={evil}"),
        format!("/{evil}"),
        format!("/app/static/{evil}"),
        format!("/login?next={evil}"),
        format!("/app/autoload.js?bokeh-autoload-element={evil}"),
        format!("/app/autoload.js?bokeh-autoload-element=e&bokeh-absolute-url={evil}"),
    ] {
        let headers = "Connection: close\r\nCookie: a=</script><script>evil()\r\nX: </script><script>evil()\r\n";
        let mut peer = Peer::asking(target.address(), &format!("GET {path}"), headers).await;
        let answer = peer.rest().await;
        assert!(!answer.contains("<script>evil()"), "{path}: {answer}");
    }
    target.server.stop().await;
}
