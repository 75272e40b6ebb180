use serde_json::Value;

use super::*;

#[test]
fn the_address_of_a_session_is_that_of_bokeh() {
    for case in vectors("session_url") {
        let parsed = ServerUrl::parse(text(&case["url"]));
        match &case["result"] {
            Value::Null => assert!(matches!(parsed, Err(UrlError::WebSocket(_))), "{case}"),
            result => {
                let parsed = parsed.unwrap();
                assert_eq!([parsed.as_str(), &parsed.websocket_url()], [text(&result[0]), text(&result[1])]);
            }
        }
    }
}

#[test]
fn the_address_of_the_websocket_is_that_of_bokeh() {
    for case in vectors("websocket_url_for_server_url") {
        let parsed = ServerUrl::parse(text(&case["url"]));
        match &case["result"] {
            Value::Null => assert!(parsed.is_err(), "{case}"),
            result => assert_eq!(parsed.unwrap().websocket_url(), text(result), "{case}"),
        }
    }
}

#[test]
fn the_address_of_the_page_is_found_from_that_of_the_websocket() {
    for case in vectors("server_url_for_websocket_url") {
        let parsed = ServerUrl::from_websocket_url(text(&case["url"]));
        match &case["result"] {
            Value::Null if text(&case["message"]).starts_with("websocket URL") => {
                assert!(matches!(parsed, Err(UrlError::NoWebSocketPath(_))), "{case}");
            }
            Value::Null => assert!(matches!(parsed, Err(UrlError::NotWebSocket(_))), "{case}"),
            // Bokeh keeps the slash here, and drops it where it parses a page's address.
            result => assert_eq!(parsed.unwrap().as_str(), text(result).trim_end_matches('/'), "{case}"),
        }
    }
}

#[test]
fn the_environment_says_what_the_default_is() {
    for (host, port, expected) in [
        (None, None, ServerUrl::DEFAULT),
        (Some("example.com"), None, "http://example.com:5006"),
        (None, Some("80"), "http://localhost:80"),
        (Some("example.com"), Some("80"), "http://example.com:80"),
    ] {
        let environment = |name: &str| match name {
            "BOKEH_DEFAULT_SERVER_HOST" => host.map(str::to_owned),
            "BOKEH_DEFAULT_SERVER_PORT" => port.map(str::to_owned),
            other => panic!("{other} is no variable of Bokeh's"),
        };
        assert_eq!(ServerUrl::default_of(environment).as_str(), expected);
    }
}

#[test]
fn arguments_are_encoded_as_bokeh_does() {
    for case in vectors("query_arguments") {
        let arguments: Vec<(String, String)> = case["args"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), text(value).to_owned()))
            .collect();
        // Bokeh tells no arguments from an empty dict of them, which makes a lonely question mark.
        let expected = text(&case["result"]).trim_end_matches('?');
        assert_eq!(with_arguments(text(&case["url"]), &arguments), expected);
    }
}

#[test]
fn a_bad_address_is_named() {
    for (result, expected) in [
        (
            ServerUrl::parse("ws://h/ws"),
            r#""ws://h/ws" is a WebSocket's address; give the http or https address of the page"#,
        ),
        (ServerUrl::parse("ftp://h"), r#"the address "ftp://h" begins neither with http: nor with https:"#),
        (ServerUrl::from_websocket_url("http://h"), r#"the address "http://h" begins neither with ws: nor with wss:"#),
        (ServerUrl::from_websocket_url("ws://h"), r#"the WebSocket's address "ws://h" does not end in /ws"#),
    ] {
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
}

fn vectors(name: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/urls.json")).unwrap();
    let vectors = vectors[name].as_array().unwrap().clone();
    assert!(vectors.len() > 3, "{name}");
    vectors
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
