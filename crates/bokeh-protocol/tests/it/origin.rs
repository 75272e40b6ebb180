//! Which pages may connect, against the answers of Bokeh.

use bokeh_protocol::{AllowList, AllowListError, UpgradeHeaders};
use serde_json::Value;

#[test]
fn the_list_is_built_as_bokeh_builds_it() {
    let mut n_checked = 0;
    for case in list("create_hosts_allowlist") {
        // Only Python can lack a port.
        let Some(port) = case["port"].as_u64() else { continue };
        let hosts = case["hosts"].as_array().map(Vec::as_slice).unwrap_or_default();
        let hosts: Vec<&str> = hosts.iter().map(|host| host.as_str().unwrap()).collect();
        let built = AllowList::new(&hosts, u16::try_from(port).unwrap());
        match case["result"].as_array() {
            Some(entries) => assert_eq!(built.unwrap().entries(), entries.as_slice()),
            None => {
                let host = || hosts[0].to_owned();
                let expected = match case["message"].as_str().unwrap() {
                    "Empty host value" => AllowListError::EmptyHost,
                    text if text.starts_with("Invalid port") => AllowListError::InvalidPort(host()),
                    _ => AllowListError::InvalidHost(host()),
                };
                assert_eq!(built.unwrap_err(), expected, "{hosts:?}");
            }
        }
        n_checked += 1;
    }
    assert_eq!(n_checked, 19);
}

#[test]
fn an_origin_is_allowed_when_bokeh_allows_it() {
    let cases = list("origin_header");
    assert_eq!(cases.len(), 190);
    for case in cases {
        let entries: Vec<&str> =
            case["allowlist"].as_array().unwrap().iter().map(|entry| entry.as_str().unwrap()).collect();
        let headers = UpgradeHeaders { origin: case["origin"].as_str(), ..UpgradeHeaders::default() };
        let list = AllowList::from_env(&entries.join(","));
        let allowed = list.is_some_and(|list| list.allows(headers));
        assert_eq!(allowed, case["allowed"].as_bool().unwrap(), "{case}");
    }
}

#[test]
fn what_the_browser_says_of_a_request_comes_before_the_list() {
    let list = AllowList::new(["good.com"], 5006).unwrap();
    for (sec_fetch_site, origin, host, allowed) in [
        (Some("same-origin"), Some("http://evil.com"), None, true),
        (Some("none"), Some("http://evil.com"), None, true),
        (Some("none"), None, None, true),
        (Some("same-site"), Some("http://evil.com"), None, false),
        (Some("cross-site"), Some("http://same.host:9"), Some("same.host:9"), false),
        (Some("cross-site"), None, None, false),
        (Some(""), None, None, false),
        (Some("cross-site"), Some("http://good.com"), None, true),
        (None, None, Some("any"), true),
        (None, Some("http://Same.Host:9"), Some("same.hosT:9"), true),
        (None, Some("http://same.host:9"), Some("same.host:8"), false),
        (None, Some("http://same.host:9"), None, false),
        (None, Some("https://good.com"), Some("other"), true),
        (None, Some("https://good.com:443"), Some("other"), false),
        (None, Some("http://good.com.evil.net"), Some("other"), false),
        (None, Some("http://evilgood.com"), Some("other"), false),
        (None, Some("null"), Some("other"), false),
    ] {
        let headers = UpgradeHeaders { origin, host, sec_fetch_site };
        assert_eq!(list.allows(headers), allowed, "{headers:?}");
    }
}

#[test]
fn entries_of_the_environment_are_taken_as_they_are_and_empty_ones_left_out() {
    for (text, entries) in [("a", Some(vec!["a"])), ("a:1,*.B:*,", Some(vec!["a:1", "*.B:*"])), ("", None), (",", None)]
    {
        let list = AllowList::from_env(text);
        assert_eq!(list.as_ref().map(|list| list.entries().to_vec()), entries.map(strings), "{text}");
        let null = UpgradeHeaders { origin: Some("null"), ..UpgradeHeaders::default() };
        assert!(!list.is_some_and(|list| list.allows(null)), "{text}");
    }
}

fn strings(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn list(key: &str) -> Vec<Value> {
    let mut vectors: Value = serde_json::from_str(include_str!("../vectors/origins.json")).unwrap();
    let Value::Array(cases) = vectors[key].take() else { panic!("{key} is no list") };
    cases
}
