//! Session ids and tokens, against those that Bokeh made and the verdicts it gave.

use std::collections::HashSet;

use bokeh_protocol::{
    DecodeTokenError, EncodeTokenError, OpenTokenError, Payload, PayloadValue, Secret, Signing, Token,
};
use serde_json::Value;

#[test]
fn tokens_of_bokeh_are_read_and_made_again() {
    let vectors = Vectors::load();
    let cases = vectors.list("generate");
    assert_eq!(cases.len(), 24);
    for case in cases {
        let text = string(&case["token"]);
        let read = Token::decode(text).unwrap();
        assert_eq!(read.session_id(), string(&case["get_session_id"]));
        assert_eq!(whole_payload(&read), payload(&case["payload"]), "{case}");
        for (signing, verdict) in [
            (vectors.signing("key"), "signed=True,key"),
            (vectors.signing("key2"), "signed=True,key2"),
            (Signing::Unsigned, "signed=False"),
        ] {
            let is_valid = case["check_token_signature"][verdict].as_bool().unwrap();
            assert_eq!(signing.open_token(text).is_ok(), is_valid, "{verdict} {case}");
        }

        let signing = match case["signed"].as_bool().unwrap() {
            true => vectors.signing("key"),
            false => Signing::Unsigned,
        };
        let expiry = vectors.0["now"].as_i64().unwrap() + case["expiration"].as_i64().unwrap();
        let token = Token::new(read.session_id()).expires_at(expiry).with_payload(read.payload().clone());
        let made = token.encode(&signing).unwrap();
        // What zlib makes of a payload differs between its implementations.
        if read.payload().is_empty() {
            assert_eq!(made, text);
        }
        assert_eq!(Token::decode(&made).unwrap(), read);
        assert_eq!(made.split('.').count(), text.split('.').count());
    }
}

#[test]
fn a_payload_cannot_name_another_session() {
    let payload = Payload::from([("session_id".to_owned(), "other".into())]);
    let token = Token::new("mine").with_payload(payload);
    assert_eq!(token.encode(&Signing::Unsigned), Err(EncodeTokenError::SessionIdInPayload));
}

#[test]
fn every_kind_of_value_travels_in_a_payload() {
    let inner = Payload::from([
        ("null".to_owned(), PayloadValue::Null),
        ("bool".to_owned(), true.into()),
        ("number".to_owned(), (-3).into()),
        ("text".to_owned(), "é😀".into()),
        ("bytes".to_owned(), b"\xff\0".to_vec().into()),
        ("list".to_owned(), vec![PayloadValue::from(b"x".to_vec()), Payload::new().into()].into()),
    ]);
    let payload = Payload::from([("inner".to_owned(), inner.into())]);
    let token = Token::new("é").expires_at(-1).with_payload(payload);
    let text = token.encode(&Signing::Unsigned).unwrap();
    assert_eq!(Token::decode(&text).unwrap(), token);
}

#[test]
fn a_tampered_token_is_refused() {
    let vectors = Vectors::load();
    let signing = vectors.signing("key");
    let cases = vectors.list("check_token");
    assert_eq!(cases.len(), 13);
    for case in cases {
        // Python raises where the signature is not ASCII; it is just as wrong as any other.
        let is_valid = case["result"].as_bool().unwrap_or(false);
        assert_eq!(signing.open_token(string(&case["token"])).is_ok(), is_valid, "{case}");
    }
}

#[test]
fn a_session_id_is_checked_as_bokeh_checks_it() {
    let vectors = Vectors::load();
    for case in vectors.list("check_session_id") {
        let secret = Secret::new(string(&case["key"]));
        let is_valid = case["result"].as_bool().unwrap();
        for signing in [Signing::Signed(secret.clone()), Signing::ExternalSigned(secret)] {
            assert_eq!(signing.check_session_id(string(&case["id"])), is_valid, "{case}");
        }
    }
    for (id, is_valid) in [("anything", true), ("a.b", true), ("", false)] {
        assert_eq!(Signing::Unsigned.check_session_id(id), is_valid, "{id}");
    }
}

#[test]
fn the_session_of_a_token_is_the_one_that_bokeh_reads() {
    for case in Vectors::load().list("get_session_id") {
        let read = Token::decode(string(&case["token"]));
        match &case["result"] {
            Value::String(id) => assert_eq!(read.unwrap().session_id(), id),
            // Bokeh also reads an id that is a number, and fails when it uses it.
            Value::Number(_) => assert!(matches!(read, Err(DecodeTokenError::NoSessionId))),
            _ => assert!(read.is_err(), "{case}"),
        }
    }
}

#[test]
fn the_payload_of_a_token_is_the_one_that_bokeh_reads() {
    for case in Vectors::load().list("get_token_payload") {
        let read = Token::decode(string(&case["token"]));
        match case.get("result") {
            Some(expected) => assert_eq!(whole_payload(&read.unwrap()), payload(expected)),
            None => assert!(matches!(read, Err(DecodeTokenError::NoSessionId)), "{case}"),
        }
    }
}

#[test]
fn the_token_that_bokehjs_makes_up_opens_no_connection() {
    let vectors = Vectors::load();
    let text = string(&vectors.0["constant_client_token"]["token"]);
    let token = Signing::Unsigned.open_token(text).unwrap();
    assert_eq!(token.session_id(), "default");
    assert_eq!(token.encode(&Signing::Unsigned).unwrap(), text);
    assert!(token.is_expired(i64::MIN));
}

#[test]
fn a_token_expires_at_its_second() {
    let token = Token::new("a").expires_at(1_700_000_300);
    for (now, is_expired) in [(0, false), (1_700_000_299, false), (1_700_000_300, true), (i64::MAX, true)] {
        assert_eq!(token.is_expired(now), is_expired, "{now}");
    }
}

#[test]
fn an_unsigned_server_ignores_a_signature_but_not_an_empty_id() {
    let text = Token::new("a").encode(&Signing::Signed(Secret::new("other"))).unwrap();
    assert_eq!(Signing::Unsigned.open_token(&text).unwrap(), Token::new("a"));
    let text = Token::new("").encode(&Signing::Unsigned).unwrap();
    assert!(matches!(Signing::Unsigned.open_token(&text), Err(OpenTokenError::SessionId)));
}

#[test]
fn generated_ids_are_random_and_valid_where_they_were_made() {
    let secret = Secret::generate().unwrap();
    for (signing, n_chars) in
        [(Signing::Unsigned, 44), (Signing::Signed(secret.clone()), 88), (Signing::ExternalSigned(secret), 88)]
    {
        let ids: HashSet<String> = (0..200).map(|_| signing.generate_session_id().unwrap()).collect();
        assert_eq!(ids.len(), 200);
        let mut seen = HashSet::new();
        for id in ids {
            assert!(signing.check_session_id(&id));
            assert_eq!(id.len(), n_chars);
            seen.extend(id[..44].chars());
        }
        assert_eq!(seen.len(), 62, "8800 letters and digits use the whole alphabet");
        assert!(seen.iter().all(char::is_ascii_alphanumeric));
    }
}

#[test]
fn only_a_server_with_ids_from_elsewhere_makes_none() {
    let secret = || Secret::new("s");
    assert!(Signing::Unsigned.makes_session_ids());
    assert!(Signing::Signed(secret()).makes_session_ids());
    assert!(!Signing::ExternalSigned(secret()).makes_session_ids());
}

#[test]
fn a_secret_is_not_printed() {
    let secret = Secret::new("hunter2");
    assert!(secret.is_weak());
    assert!(!Secret::generate().unwrap().is_weak());
    assert_eq!(secret.reveal(), "hunter2");
    assert_eq!(format!("{:?}", Signing::Signed(secret)), "Signed(Secret(..))");
}

struct Vectors(Value);

impl Vectors {
    fn load() -> Self {
        Self(serde_json::from_str(include_str!("../vectors/tokens.json")).unwrap())
    }

    fn list(&self, key: &str) -> Vec<Value> {
        let cases = self.0[key].as_array().unwrap();
        assert!(!cases.is_empty(), "{key} has lost its cases");
        cases.clone()
    }

    fn signing(&self, key: &str) -> Signing {
        Signing::Signed(Secret::new(string(&self.0[key])))
    }
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The payload with the expiry in it, as Bokeh returns it.
fn whole_payload(token: &Token) -> Payload {
    let mut payload = token.payload().clone();
    payload.extend(token.expiry().map(|expiry| ("session_expiry".to_owned(), expiry.into())));
    payload
}

/// What a vector means: `{"$bytes_hex": "…"}` stands for a byte string.
fn payload(value: &Value) -> Payload {
    let fields = value.as_object().unwrap();
    fields.iter().map(|(key, value)| (key.clone(), payload_value(value))).collect()
}

fn payload_value(value: &Value) -> PayloadValue {
    match value {
        Value::Null => PayloadValue::Null,
        Value::Bool(value) => PayloadValue::Bool(*value),
        Value::Number(number) => PayloadValue::Number(number.clone()),
        Value::String(text) => PayloadValue::String(text.clone()),
        Value::Array(items) => PayloadValue::List(items.iter().map(payload_value).collect()),
        Value::Object(fields) => match fields.get("$bytes_hex") {
            Some(digits) => PayloadValue::Bytes(hex(string(digits))),
            None => PayloadValue::Map(payload(value)),
        },
    }
}

fn hex(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}
