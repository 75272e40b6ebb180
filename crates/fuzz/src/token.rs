//! Tokens.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bokeh_protocol::{PayloadValue, Secret, Signing, Token};
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Whoever opens a connection can show any text as a token. What is read can be written and read again, and a server that
/// signs takes none that it has not signed.
///
/// The first byte says what the others are: the token itself, the JSON within the token, or that of the compressed part.
pub fn token(data: &[u8]) {
    let Some((layer, rest)) = data.split_first() else { return };
    let text = match layer % 3 {
        0 => match str::from_utf8(rest) {
            Ok(text) => text.to_owned(),
            Err(_) => return,
        },
        1 => URL_SAFE_NO_PAD.encode(rest),
        _ => {
            let extra = URL_SAFE_NO_PAD.encode(compress(rest));
            URL_SAFE_NO_PAD.encode(format!(r#"{{"session_id":"s","session_expiry":1,"__bk__zlib_":"{extra}"}}"#))
        }
    };
    let signing = Signing::Signed(Secret::new("a secret that nobody guesses by chance"));
    assert!(signing.open_token(&text).is_err(), "{text} has no signature of ours");
    signing.check_session_id(&text);

    let token = match Token::decode(&text) {
        Ok(token) => token,
        Err(error) => return drop(error.to_string()),
    };
    assert_eq!(Signing::Unsigned.open_token(&text).is_ok(), !token.session_id().is_empty());
    let text = token.encode(&Signing::Unsigned).expect("what was read names one session");
    // The format has one form for a byte string and for a map with the key `bytes`.
    if !token.payload().values().any(is_ambiguous) {
        assert_eq!(Token::decode(&text).expect("what was written can be read"), token);
    }
    let signed = token.encode(&signing).expect("what was read names one session");
    assert_eq!(signing.open_token(&signed).is_ok(), signing.check_session_id(token.session_id()));
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory cannot fail")
}

fn is_ambiguous(value: &PayloadValue) -> bool {
    match value {
        PayloadValue::Map(entries) => {
            (entries.len() == 1 && entries.contains_key("bytes")) || entries.values().any(is_ambiguous)
        }
        PayloadValue::List(items) => items.iter().any(is_ambiguous),
        _ => false,
    }
}
