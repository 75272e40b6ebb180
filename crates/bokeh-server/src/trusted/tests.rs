use axum::http::{HeaderName, HeaderValue};

use super::*;

/// The address and scheme of a request, after `peer` has passed it on with these headers.
fn origin(proxies: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> String {
    let names: Vec<String> = proxies.iter().map(|name| (*name).to_owned()).collect();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    let peer = Peer { ip: peer.parse().ok(), is_secure: false, is_from_trusted_proxy: false };
    let origin = TrustedProxies::new(&names).unwrap().origin_of(&map, peer);
    format!("{} {}", origin.protocol(), origin.ip.map(|ip| ip.to_string()).unwrap_or_default())
}

#[test]
fn the_word_of_a_trusted_proxy_counts_and_no_other() {
    let (real, via, scheme, proto) = ("x-real-ip", "x-forwarded-for", "x-scheme", "x-forwarded-proto");
    for (proxies, peer, headers, expected) in [
        (&[][..], "127.0.0.1", &[][..], "http 127.0.0.1"),
        (&[], "127.0.0.1", &[(real, "192.0.2.1"), (scheme, "https")], "https 192.0.2.1"),
        (&[], "::1", &[(via, "192.0.2.1"), (proto, "https")], "https 192.0.2.1"),
        (&[], "a unix socket", &[(real, "192.0.2.1")], "http 192.0.2.1"),
        (&[], "198.51.100.1", &[(real, "192.0.2.1"), (scheme, "https")], "http 198.51.100.1"),
        (&["10.0.0.0/8"], "10.1.2.3", &[(real, "192.0.2.1")], "http 192.0.2.1"),
        (&["10.0.0.0/8"], "11.1.2.3", &[(real, "192.0.2.1")], "http 11.1.2.3"),
        (&["10.0.0.0/8"], "127.0.0.1", &[(real, "192.0.2.1")], "http 127.0.0.1"),
        (&["2001:db8::/32"], "2001:db8::7", &[(real, "2001:db9::1")], "http 2001:db9::1"),
        (&["*"], "198.51.100.1", &[(real, "192.0.2.1")], "http 192.0.2.1"),
        (&["10.0.0.1"], "10.0.0.1", &[(via, "6.6.6.6, 192.0.2.1, 10.0.0.1")], "http 192.0.2.1"),
        (&["10.0.0.1"], "10.0.0.1", &[(via, "6.6.6.6"), (via, "192.0.2.1")], "http 192.0.2.1"),
        (&["10.0.0.1"], "10.0.0.1", &[(via, "192.0.2.1, nonsense")], "http 10.0.0.1"),
        (&[], "127.0.0.1", &[(real, "nonsense"), (via, "192.0.2.1"), (scheme, "ftp")], "http 192.0.2.1"),
        (&[], "127.0.0.1", &[(proto, "http, https")], "https 127.0.0.1"),
    ] {
        assert_eq!(origin(proxies, peer, headers), expected, "{proxies:?} {peer} {headers:?}");
    }
}

#[test]
fn what_is_no_proxy_is_named() {
    for name in ["proxy", "10.0.0.0/33", "10.0.0.0/", "::/129", ""] {
        let error = TrustedProxies::new(&[name.to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with(&format!("{name:?} is no proxy")), "{error}");
    }
}
