#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bokeh_protocol::Secret;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Makes cookies that nobody else can make, and knows them again. Everybody can read what they say.
///
/// They are those of Tornado's `set_signed_cookie`: programs in Python that know the secret read them, and the other way
/// round.
///
/// ```
/// use std::time::Duration;
///
/// use bokeh_application::auth::SignedCookies;
/// use bokeh_protocol::Secret;
///
/// let cookies = SignedCookies::new(Secret::generate()?);
/// let signed = cookies.sign("user", b"ann");
/// let day = Duration::from_secs(86_400);
/// assert_eq!(cookies.open("user", &signed, day)?, b"ann");
/// assert!(cookies.open("admin", &signed, day).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedCookies {
    /// The first signs.
    secrets: Arc<[Secret]>,
}

/// Why a signed cookie does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenCookieError {
    /// The text is not in the form of signed cookies.
    #[error("the text is no signed cookie")]
    Malformed,
    /// It was not signed with any of the secrets.
    #[error("the cookie's signature is wrong")]
    Signature,
    /// It was signed under another name.
    #[error("the cookie was signed under another name")]
    Name,
    /// It was signed too long ago.
    #[error("the cookie has expired")]
    Expired,
}

impl SignedCookies {
    /// Signs with this secret.
    pub fn new(secret: Secret) -> Self {
        Self { secrets: [secret].into() }
    }

    /// Also knows cookies again that were signed with this one, which is about to go out of use.
    #[must_use]
    pub fn with_old_secret(self, secret: Secret) -> Self {
        Self { secrets: self.secrets.iter().cloned().chain([secret]).collect() }
    }

    /// What a cookie called `name` is to say, with a signature of it, of the name and of the time.
    pub fn sign(&self, name: &str, value: &[u8]) -> String {
        self.sign_at(name, value, unix_now())
    }

    /// What a cookie called `name` says, if it was signed here and within the last `max_age`.
    ///
    /// # Errors
    /// When it was not.
    pub fn open(&self, name: &str, signed: &str, max_age: Duration) -> Result<Vec<u8>, OpenCookieError> {
        self.open_at(name, signed, max_age, unix_now())
    }

    fn sign_at(&self, name: &str, value: &[u8], now: u64) -> String {
        let (now, value) = (now.to_string(), STANDARD.encode(value));
        let mut text = "2|".to_owned();
        // The first field is the number of the key, where keys have numbers.
        for field in ["0", &now, name, &value] {
            text.push_str(&format!("{}:{field}|", field.len()));
        }
        // There is always a first secret.
        if let Some(secret) = self.secrets.first() {
            let signature = mac(secret, &text).finalize().into_bytes();
            text.extend(signature.iter().map(|byte| format!("{byte:02x}")));
        }
        text
    }

    fn open_at(&self, name: &str, signed: &str, max_age: Duration, now: u64) -> Result<Vec<u8>, OpenCookieError> {
        let (text, signature) = signed.rsplit_once('|').ok_or(OpenCookieError::Malformed)?;
        let text = &signed[..=text.len()];
        let signature = from_hex(signature).ok_or(OpenCookieError::Malformed)?;
        // Takes the same time wherever they differ.
        if !self.secrets.iter().any(|secret| mac(secret, text).verify_slice(&signature).is_ok()) {
            return Err(OpenCookieError::Signature);
        }
        let [_key, time, signed_name, value] = fields(text).ok_or(OpenCookieError::Malformed)?;
        if signed_name != name {
            return Err(OpenCookieError::Name);
        }
        let time: u64 = time.parse().map_err(|_no_number| OpenCookieError::Malformed)?;
        if now.saturating_sub(time) > max_age.as_secs() {
            return Err(OpenCookieError::Expired);
        }
        STANDARD.decode(value).map_err(|_no_base64| OpenCookieError::Malformed)
    }
}

/// The fields of `2|1:a|2:bc|`, each with its length before it.
fn fields(text: &str) -> Option<[&str; 4]> {
    let mut rest = text.strip_prefix("2|")?;
    let mut fields = [""; 4];
    for field in &mut fields {
        let (length, after) = rest.split_once(':')?;
        let length = length.parse().ok()?;
        *field = after.get(..length)?;
        rest = after.get(length..)?.strip_prefix('|')?;
    }
    rest.is_empty().then_some(fields)
}

fn mac(secret: &Secret, text: &str) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).expect("HMAC takes a key of any length");
    mac.chain_update(text.as_bytes())
}

pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair.first()?)? << 4 | digit(pair.get(1)?)?)).collect()
}

fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
