use bokeh_protocol::Secret;

use super::*;

#[test]
fn the_login_leads_back_to_where_the_user_came_from() {
    for (prefix, uri, location) in [
        ("", "/app", "/login?next=%2Fapp"),
        ("/pp", "/pp/app?x=1&y=a%20b", "/pp/login?next=%2Fpp%2Fapp%3Fx%3D1%26y%3Da%2520b"),
    ] {
        let answer = request(prefix, uri, "").redirect_to_login("/login");
        assert_eq!((answer.status, answer.header("Location")), (302, Some(location)));
        assert_eq!(request(prefix, location, "").next_url(), uri);
    }
}

#[test]
fn nothing_leads_to_a_server_of_somebody_else() {
    for (uri, body, expected) in [
        ("/pp/login?next=%2Fpp%2Fapp", "", "/pp/app"),
        ("/pp/login?next=%2Fpp%2Fapp", "next=/pp/other", "/pp/other"),
        ("/pp/login", "", "/pp/"),
        ("/pp/login?next=", "", "/pp/"),
        ("/pp/login?next=//evil.example", "", "/pp/"),
        ("/pp/login?next=https%3A%2F%2Fevil.example", "", "/pp/"),
        ("/pp/login?next=/%5Cevil.example", "", "/pp/"),
        ("/pp/login?next=/%09/evil.example", "", "/pp/"),
        ("/pp/login?next=/%0D%0ASet-Cookie:%20user=eve", "", "/pp/"),
        ("/pp/login?next=/app&next=//evil.example", "", "/app"),
        ("/pp/login?next=/app", "next=%2F%2Fevil.example", "/pp/"),
    ] {
        assert_eq!(request("/pp", uri, body).next_url(), expected, "{uri} {body}");
    }
}

#[test]
fn fields_are_read_from_forms_alone() {
    let mut request = request("", "/login?name=query", "name=J%C3%BCrgen+K&password=a%26b&name=2");
    assert_eq!(request.field("name").as_deref(), Some("Jürgen K"));
    assert_eq!(request.field("password").as_deref(), Some("a&b"));
    assert_eq!(request.field("other"), None);
    assert_eq!(request.argument("name").as_deref(), Some("query"));
    request.http.headers.clear();
    assert_eq!(request.field("name"), None);
}

#[test]
fn only_signed_cookies_count_whatever_else_is_there() {
    let mut request = request("/pp", "/pp/app", "");
    let cookie = request.new_signed_cookie("user", b"ann");
    assert!(cookie.to_string().ends_with("; Path=/pp; HttpOnly; SameSite=Lax"), "{cookie}");
    let header = format!("user=eve; user={}; x=y", cookie.value());
    request.http.headers.push(("Cookie".to_owned(), header));
    assert_eq!(request.cookie("user"), Some("eve"));
    assert_eq!(request.signed_cookie("user", Duration::from_secs(60)), Some(b"ann".to_vec()));
    assert_eq!(request.signed_cookie("x", Duration::from_secs(60)), None);
}

#[test]
fn cookies_of_a_secure_request_are_secure() {
    let mut request = request("", "/", "");
    request.http.protocol = "https".to_owned();
    let cookie = request.forget_cookie("user").to_string();
    assert_eq!(cookie, "user=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

fn request(prefix: &str, uri: &str, body: &str) -> AuthRequest {
    let headers = vec![("Content-Type".to_owned(), format!("{FORM}; charset=UTF-8"))];
    let http = HttpRequest { uri: uri.to_owned(), body: body.into(), headers, ..HttpRequest::default() };
    AuthRequest::new(http, SignedCookies::new(Secret::new("crumbs"))).with_prefix(prefix)
}
