use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{DecodeTokenError, Token, base64url};

/// Whether a server vouches for session ids and tokens, and who makes the ids.
///
/// ```
/// use bokeh_protocol::{Secret, Signing};
///
/// let signing = Signing::Signed(Secret::generate()?);
/// let id = signing.generate_session_id()?;
/// assert!(signing.check_session_id(&id));
/// assert!(!signing.check_session_id("made-up"));
/// # Ok::<(), bokeh_protocol::RandomError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub enum Signing {
    /// Any id that is not empty is good, and no signature is looked at.
    #[default]
    Unsigned,
    /// Ids and tokens must be signed. The server makes an id for a request that brings none.
    Signed(Secret),
    /// Ids and tokens must be signed, and somebody else who knows the secret makes the ids.
    ExternalSigned(Secret),
}

impl Signing {
    /// A fresh session id, signed unless nothing is signed.
    ///
    /// In the mode [`ExternalSigned`](Self::ExternalSigned) this is for the one who makes the ids; a server there
    /// refuses a request without an id instead.
    ///
    /// # Errors
    /// When the system has no random bytes to give.
    pub fn generate_session_id(&self) -> Result<String, RandomError> {
        random_id().map(|id| self.sign(id))
    }

    /// Whether a server makes ids for requests that bring none.
    pub fn makes_session_ids(&self) -> bool {
        !matches!(self, Self::ExternalSigned(_))
    }

    /// Whether a session id that a client brought may be used.
    pub fn check_session_id(&self, id: &str) -> bool {
        match self.secret() {
            None => !id.is_empty(),
            Some(secret) => has_signature(id, secret),
        }
    }

    /// Reads a token after it has checked its signature and its session id. It does not ask whether the token
    /// [has expired](Token::is_expired).
    ///
    /// # Errors
    /// When the signature of the token or of its session id is wrong, or the text is not a token.
    pub fn open_token(&self, text: &str) -> Result<Token, OpenTokenError> {
        if self.secret().is_some_and(|secret| !has_signature(text, secret)) {
            return Err(OpenTokenError::Signature);
        }
        let token = Token::decode(text)?;
        if !self.check_session_id(token.session_id()) {
            return Err(OpenTokenError::SessionId);
        }
        Ok(token)
    }

    /// Appends a dot and the signature, unless nothing is signed.
    pub(super) fn sign(&self, mut text: String) -> String {
        if let Some(secret) = self.secret() {
            let signature = secret.signature(&text);
            text.push('.');
            text.push_str(&signature);
        }
        text
    }

    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Unsigned => None,
            Self::Signed(secret) | Self::ExternalSigned(secret) => Some(secret),
        }
    }
}

/// The key of a server that signs. It never shows itself in a log.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Shorter secrets deserve a warning.
    pub const MIN_GOOD_CHARS: usize = 32;

    /// Takes a secret from the user, such as the value of `BOKEH_SECRET_KEY`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A fresh random secret of 44 characters.
    ///
    /// # Errors
    /// When the system has no random bytes to give.
    pub fn generate() -> Result<Self, RandomError> {
        random_id().map(Self)
    }

    /// Whether it is shorter than [`MIN_GOOD_CHARS`](Self::MIN_GOOD_CHARS).
    pub fn is_weak(&self) -> bool {
        self.0.chars().count() < Self::MIN_GOOD_CHARS
    }

    /// The secret itself, for the one place that hands it to the user.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The HMAC-SHA256 of `text` in URL-safe base64: 43 characters.
    pub(super) fn signature(&self, text: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(text.as_bytes());
        base64url::encode(&mac.finalize().into_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a server does not accept a token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenTokenError {
    /// The token's signature is missing or wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// The session id is empty, or the server signs and the id's signature is missing or wrong.
    #[error("the token's session id is not valid here")]
    SessionId,
    /// The text is not a token.
    #[error("the token cannot be read")]
    Decode(#[from] DecodeTokenError),
}

/// The system has no random bytes to give.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no random bytes from the system")]
pub struct RandomError(#[source] getrandom::Error);

/// 44 random letters and digits: an unsigned session id, or a secret.
///
/// # Errors
/// When the system has no random bytes to give.
pub fn random_id() -> Result<String, RandomError> {
    let mut id = String::with_capacity(ID_CHARS);
    let mut bytes = [0; 64];
    while id.len() < ID_CHARS {
        getrandom::fill(&mut bytes).map_err(RandomError)?;
        // 256 is no multiple of 62: the last bytes would make the first eight letters likelier than the others.
        let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 / ALPHABET.len() * ALPHABET.len());
        let chars = fair.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        id.extend(chars.take(ID_CHARS - id.len()));
    }
    Ok(id)
}

/// Bytes that nobody can guess.
///
/// # Errors
/// When the system has no random bytes to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(RandomError)?;
    Ok(bytes)
}

const ID_CHARS: usize = 44;
const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Whether what follows the first dot signs what precedes it. Takes the same time wherever they differ.
fn has_signature(text: &str, secret: &Secret) -> bool {
    text.split_once('.')
        .is_some_and(|(signed, signature)| secret.signature(signed).as_bytes().ct_eq(signature.as_bytes()).into())
}
