//! Session ids and the tokens that carry them.

mod base64url;
mod payload;
mod python_json;
mod signing;
#[cfg(test)]
mod tests;
mod zlib;

use serde::Serialize;
use serde_json::{Map, Value};

pub use payload::{Payload, PayloadValue, payload_from_json, payload_to_json};
pub use signing::{OpenTokenError, RandomError, Secret, Signing, random_bytes, random_id};

/// What a page shows when it opens its WebSocket: which session it wants, until when, and the request that made the page.
///
/// A token is text in three layers: JSON in URL-safe base64, and after a dot the signature if the server signs.
///
/// ```
/// use bokeh_protocol::{Signing, Token};
///
/// let now = 1_700_000_000;
/// let token = Token::new("my-session").expires_at(now + 300);
/// let text = token.encode(&Signing::Unsigned)?;
/// let read = Signing::Unsigned.open_token(&text)?;
/// assert_eq!(read.session_id(), "my-session");
/// assert!(!read.is_expired(now));
/// assert!(read.is_expired(now + 300));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    session_id: String,
    expiry: Option<i64>,
    payload: Payload,
}

impl Token {
    /// A token without expiry and payload. A server refuses it; BokehJS makes such a one when a page has none.
    pub fn new(session_id: impl Into<String>) -> Self {
        Self { session_id: session_id.into(), expiry: None, payload: Payload::default() }
    }

    /// Sets the moment from which the token opens no connection, in seconds since 1970 UTC.
    #[must_use]
    pub fn expires_at(mut self, unix_secs: i64) -> Self {
        self.expiry = Some(unix_secs);
        self
    }

    /// Sets what travels along; the server puts `headers`, `cookies` and `arguments` there.
    #[must_use]
    pub fn with_payload(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }

    /// Which session the token is for.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// When the token expires, in seconds since 1970 UTC.
    pub fn expiry(&self) -> Option<i64> {
        self.expiry
    }

    /// What travels along.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// Whether the token opens no connection at `now`, in seconds since 1970 UTC. Without expiry it never does.
    pub fn is_expired(&self, now: i64) -> bool {
        self.expiry.is_none_or(|expiry| now >= expiry)
    }

    /// The token as text, signed if `signing` says so.
    ///
    /// # Errors
    /// When the payload contains `session_id`, which would contradict the token's own.
    pub fn encode(&self, signing: &Signing) -> Result<String, EncodeTokenError> {
        if self.payload.contains_key(SESSION_ID) {
            return Err(EncodeTokenError::SessionIdInPayload);
        }
        let extra = (!self.payload.is_empty()).then(|| {
            let json = python_json::to_vec(&payload_to_json(&self.payload));
            base64url::encode(&zlib::compress(&json))
        });
        let wire = Wire { session_id: &self.session_id, session_expiry: self.expiry, extra: extra.as_deref() };
        let text = base64url::encode(&python_json::to_vec(&wire));
        Ok(signing.sign(text))
    }

    /// Reads a token without looking at its signature; [`Signing::open_token`] also does that.
    ///
    /// A `session_expiry` in the payload counts more than the token's own, as in Bokeh.
    ///
    /// # Errors
    /// When a layer cannot be undone, the payload is too large, or the session id is missing or no text.
    pub fn decode(text: &str) -> Result<Self, DecodeTokenError> {
        let encoded = text.split_once('.').map_or(text, |(encoded, _signature)| encoded);
        let json = base64url::decode(encoded).ok_or(DecodeTokenError::Base64)?;
        let mut fields: Map<String, Value> = serde_json::from_slice(&json).map_err(DecodeTokenError::Json)?;
        let Some(Value::String(session_id)) = fields.remove(SESSION_ID) else {
            return Err(DecodeTokenError::NoSessionId);
        };
        let extra = fields.remove(EXTRA).map(|extra| decompress(&extra)).transpose()?;
        // Only the compressed part writes bytes as objects; elsewhere such an object is what it looks like.
        let mut payload = payload::from_json(fields);
        payload.extend(extra.unwrap_or_default());
        payload.shift_remove(SESSION_ID);
        let expiry = payload.shift_remove(SESSION_EXPIRY).and_then(|value| whole_secs(&value));
        Ok(Self { session_id, expiry, payload })
    }
}

/// Why a token cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeTokenError {
    /// The payload has an entry `session_id`.
    #[error("the payload of a token must not contain \"session_id\"")]
    SessionIdInPayload,
}

/// Why a text is not a token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeTokenError {
    /// The text is not URL-safe base64.
    #[error("the token is not base64")]
    Base64,
    /// What the base64 holds is not a JSON object.
    #[error("the token is not a JSON object")]
    Json(#[source] serde_json::Error),
    /// There is no `session_id`, or it is not a string.
    #[error("the token has no session id")]
    NoSessionId,
    /// The payload is not base64 of a zlib stream.
    #[error("the token's payload is not compressed as it should be")]
    Compression,
    /// The payload is larger than 8 MiB once it is decompressed.
    #[error("the token's payload is too large")]
    TooBig,
    /// The payload is not a JSON object.
    #[error("the token's payload is not a JSON object")]
    PayloadJson(#[source] serde_json::Error),
    /// A byte string in the payload is not base64.
    #[error("a byte string in the token's payload is not base64")]
    PayloadBytes,
}

/// The JSON of a token. Python writes the fields in this order.
#[derive(Serialize)]
struct Wire<'a> {
    session_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_expiry: Option<i64>,
    #[serde(rename = "__bk__zlib_", skip_serializing_if = "Option::is_none")]
    extra: Option<&'a str>,
}

const SESSION_ID: &str = "session_id";
const SESSION_EXPIRY: &str = "session_expiry";
const EXTRA: &str = "__bk__zlib_";
const MAX_PAYLOAD_BYTES: usize = 8 << 20;

fn decompress(extra: &Value) -> Result<Payload, DecodeTokenError> {
    let compressed = extra.as_str().and_then(base64url::decode).ok_or(DecodeTokenError::Compression)?;
    let json = zlib::decompress(&compressed, MAX_PAYLOAD_BYTES)?;
    let fields = serde_json::from_slice(&json).map_err(DecodeTokenError::PayloadJson)?;
    payload_from_json(fields).ok_or(DecodeTokenError::PayloadBytes)
}

/// A fraction of a second counts as the whole of it, so that comparing with whole seconds gives the same.
fn whole_secs(expiry: &PayloadValue) -> Option<i64> {
    match expiry {
        PayloadValue::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|secs| secs.ceil() as i64)),
        _ => None,
    }
}
