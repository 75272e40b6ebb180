use super::*;

#[test]
fn base64_is_url_safe_and_unpadded() {
    for case in list("base64") {
        let bytes = hex(text(&case["bytes_hex"]));
        let encoded = text(&case["encoded"]);
        assert_eq!(base64url::encode(&bytes), encoded);
        assert_eq!(base64url::decode(encoded), Some(bytes));
    }
    for (tolerated, bytes) in [("YQ==", "a"), ("YQ=", "a"), ("YR", "a")] {
        assert_eq!(base64url::decode(tolerated).unwrap(), bytes.as_bytes(), "{tolerated}");
    }
    for bad in ["Y", "+/", "Y Q", "é"] {
        assert_eq!(base64url::decode(bad), None, "{bad}");
    }
}

#[test]
fn signatures_are_those_of_bokeh() {
    for case in list("signatures") {
        let secret = Secret::new(text(&case["key"]));
        assert_eq!(secret.signature(text(&case["text"])), text(&case["signature"]));
    }
}

#[test]
fn signed_ids_are_those_of_bokeh() {
    for case in list("session_ids") {
        let signing = Signing::Signed(Secret::new(text(&case["key"])));
        assert_eq!(signing.sign(text(&case["base"]).to_owned()), text(&case["signed_id"]));
    }
}

#[test]
fn json_is_written_as_python_writes_it() {
    let value = serde_json::json!({"a": [1, 2.5, null, true], "b": {}, "é😀\u{7f}\"\\\n\u{1}": "/"});
    let json = r#"{"a": [1, 2.5, null, true], "b": {}, "\u00e9\ud83d\ude00\u007f\"\\\n\u0001": "/"}"#;
    assert_eq!(String::from_utf8(python_json::to_vec(&value)).unwrap(), json);
}

#[test]
fn a_payload_that_decompresses_to_too_much_is_refused() {
    for (n_bytes, is_fine) in [(MAX_PAYLOAD_BYTES, true), (MAX_PAYLOAD_BYTES + 1, false), (64 << 20, false)] {
        let compressed = zlib::compress(&vec![b' '; n_bytes]);
        assert_eq!(zlib::decompress(&compressed, MAX_PAYLOAD_BYTES).is_ok(), is_fine, "{n_bytes}");
    }
    let bomb = base64url::encode(&zlib::compress(&vec![b' '; MAX_PAYLOAD_BYTES + 1]));
    let token = base64url::encode(format!(r#"{{"session_id":"a","__bk__zlib_":"{bomb}"}}"#).as_bytes());
    assert!(matches!(Token::decode(&token), Err(DecodeTokenError::TooBig)));
}

#[test]
fn a_layer_that_cannot_be_undone_is_named() {
    let zlib = |json: &str| base64url::encode(&zlib::compress(json.as_bytes()));
    for (json, expected) in [
        ("[]".to_owned(), "the token is not a JSON object"),
        (r#"{"session_id":null}"#.to_owned(), "the token has no session id"),
        (r#"{"session_id":"a","__bk__zlib_":1}"#.to_owned(), "the token's payload is not compressed as it should be"),
        (
            r#"{"session_id":"a","__bk__zlib_":"YQ"}"#.to_owned(),
            "the token's payload is not compressed as it should be",
        ),
        (format!(r#"{{"session_id":"a","__bk__zlib_":"{}"}}"#, zlib("[]")), "the token's payload is not a JSON object"),
        (
            format!(r#"{{"session_id":"a","__bk__zlib_":"{}"}}"#, zlib(r#"{"a":{"bytes":1}}"#)),
            "a byte string in the token's payload is not base64",
        ),
        (
            format!(r#"{{"session_id":"a","__bk__zlib_":"{}"}}"#, zlib(r#"{"a":[{"bytes":"+"}]}"#)),
            "a byte string in the token's payload is not base64",
        ),
    ] {
        let error = Token::decode(&base64url::encode(json.as_bytes())).unwrap_err();
        assert_eq!(error.to_string(), expected, "{json}");
    }
    assert_eq!(Token::decode("=.=").unwrap_err().to_string(), "the token is not base64");
}

#[test]
fn an_expiry_in_the_payload_counts_and_fractions_are_rounded_up() {
    for (expiry, secs) in [("7", Some(7)), ("7.5", Some(8)), ("1e300", Some(i64::MAX)), ("\"7\"", None), ("null", None)]
    {
        let extra = base64url::encode(&zlib::compress(format!(r#"{{"session_expiry":{expiry}}}"#).as_bytes()));
        let json = format!(r#"{{"session_id":"a","session_expiry":1,"__bk__zlib_":"{extra}"}}"#);
        let token = Token::decode(&base64url::encode(json.as_bytes())).unwrap();
        assert_eq!(token.expiry(), secs, "{expiry}");
        assert_eq!(token.payload(), &Payload::default());
    }
}

fn list(key: &str) -> Vec<Value> {
    let mut vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/tokens.json")).unwrap();
    let Value::Array(cases) = vectors[key].take() else { panic!("{key} is no list") };
    assert!(!cases.is_empty(), "{key} has lost its cases");
    cases
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hex(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}
