use bokeh_protocol::Secret;

use super::*;
use crate::auth::SignedCookies;
use crate::{HttpRequest, HttpResponse};

#[test]
fn only_forms_of_this_server_count() {
    let (cookie, field) = form(&request("", "", None));
    let (other_cookie, other_field) = form(&request("", "", None));
    let forged = AuthRequest::new(HttpRequest::default(), SignedCookies::new(Secret::new("other")));
    let (forged_cookie, forged_field) = form(&forged);
    let mut cut = field.clone();
    cut.truncate(30);
    for (cookie, field, site, expected) in [
        (&*cookie, &*field, None, Ok(())),
        (&cookie, &field, Some("same-origin"), Ok(())),
        (&cookie, &field, Some("none"), Ok(())),
        (&cookie, &field, Some("cross-site"), Err(XsrfError::OtherSite)),
        (&cookie, &field, Some("same-site"), Err(XsrfError::OtherSite)),
        ("", &field, None, Err(XsrfError::Cookie)),
        (&forged_cookie, &forged_field, None, Err(XsrfError::Cookie)),
        ("bokeh_xsrf=plain", &field, None, Err(XsrfError::Cookie)),
        (&cookie, "", None, Err(XsrfError::Field)),
        (&cookie, &cut, None, Err(XsrfError::Field)),
        (&cookie, &"0".repeat(64), None, Err(XsrfError::Field)),
        (&cookie, &"é".repeat(32), None, Err(XsrfError::Field)),
        (&cookie, &other_field, None, Err(XsrfError::Field)),
        (&other_cookie, &field, None, Err(XsrfError::Field)),
    ] {
        assert_eq!(XsrfField::check(&request(cookie, field, site)), expected, "{cookie} {field} {site:?}");
    }
}

#[test]
fn a_browser_that_has_the_cookie_keeps_it_and_gets_another_field() {
    let (cookie, field) = form(&request("", "", None));
    let again = XsrfField::new(&request(&cookie, "", None)).unwrap();
    assert_eq!(again.cookie, None);
    assert_ne!(again.value, field);
    for field in [field, again.value] {
        assert_eq!(XsrfField::check(&request(&cookie, &field, None)), Ok(()));
    }
}

/// The cookie that a browser keeps of a form, and the form's field.
fn form(request: &AuthRequest) -> (String, String) {
    let field = XsrfField::new(request).unwrap();
    let response = field.add_to(HttpResponse::new(200));
    let cookie = response.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    (cookie, field.value)
}

fn request(cookie: &str, field: &str, site: Option<&str>) -> AuthRequest {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![header("Content-Type", "application/x-www-form-urlencoded"), header("Cookie", cookie)];
    headers.extend(site.map(|site| header("Sec-Fetch-Site", site)));
    let http = HttpRequest { headers, body: format!("a=b&_xsrf={field}").into_bytes(), ..HttpRequest::default() };
    AuthRequest::new(http, SignedCookies::new(Secret::new("crumbs")))
}
