use super::*;

#[test]
fn names_of_strangers_are_told_from_those_of_this_machine() {
    let list = AllowList::new(["plots.example.com:5006"], 5006).unwrap();
    for (host, other, expected) in [
        ("localhost:5006", None, false),
        ("LOCALHOST", None, false),
        ("app.localhost:5006", None, false),
        ("127.0.0.1:5006", None, false),
        ("192.168.1.7", None, false),
        ("[::1]:5006", None, false),
        ("plots.example.com:5006", None, false),
        ("plots.example.com:80", None, true),
        ("evil.example:5006", None, true),
        ("localhost.evil.example:5006", None, true),
        ("127.0.0.1.evil.example", None, true),
        ("evil-localhost", None, true),
        ("", None, true),
        ("public.example.com", Some("x-forwarded-for"), false),
        ("public.example.com", Some("x-real-ip"), false),
        ("public.example.com", Some("sec-fetch-site"), true),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(name) = other {
            headers.insert(name, "same-origin".parse().unwrap());
        }
        assert!(!is_rebound(&headers, &list), "no page: {host}");
        headers.insert(header::ORIGIN, "http://page".parse().unwrap());
        assert_eq!(is_rebound(&headers, &list), expected, "{host} {other:?}");
    }
}
