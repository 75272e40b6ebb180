use super::*;

#[test]
fn a_pattern_matches_the_hosts_that_bokeh_matches() {
    for key in ["match_host", "match_host_documented"] {
        let vectors = vectors();
        let cases = vectors[key].as_array().unwrap();
        assert!(cases.len() >= 14, "{key} has lost its cases");
        for case in cases {
            let [host, pattern] = [0, 1].map(|at| case[at].as_str().unwrap());
            assert_eq!(match_host(host, pattern), case[2].as_bool().unwrap(), "{host} {pattern}");
        }
    }
}

#[test]
fn the_host_of_an_origin_lies_between_the_slashes() {
    let vectors = vectors();
    let cases = vectors["origin_header"].as_array().unwrap();
    assert_eq!(cases.len(), 190);
    for case in cases {
        let origin = case["origin"].as_str().unwrap();
        assert_eq!(origin_host(origin), case["host_tested"].as_str().unwrap(), "{origin}");
    }
}

#[test]
fn a_path_or_query_is_not_part_of_an_origins_host() {
    for origin in ["http://a.b:1/c//d", "http://A.b:1?c", "//a.b:1#c", "x+y-z.1://a.b:1"] {
        assert_eq!(origin_host(origin), "a.b:1", "{origin}");
    }
}

fn vectors() -> serde_json::Value {
    serde_json::from_str(include_str!("../../tests/vectors/origins.json")).unwrap()
}
