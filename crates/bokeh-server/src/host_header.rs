//! The name by which a browser knows the server.

use axum::http::{HeaderMap, StatusCode, header};

use crate::refusal::Refusal;

/// Whether a request names its host in a way that can be relied upon: once at most, and by nothing but what hosts and ports
/// consist of. The name decides whose pages may connect.
///
/// # Errors
/// The answer to a request that does not.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let is_clean = hosts.next().is_none_or(|host| host.as_bytes().iter().all(is_of_host));
    if is_clean && hosts.next().is_none() { Ok(()) } else { Err(MALFORMED) }
}

/// Names, addresses, brackets around those of IPv6, and the colon before a port. RFC 3986, section 3.2.
fn is_of_host(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]%".contains(byte)
}

const MALFORMED: Refusal = Refusal::reason(StatusCode::BAD_REQUEST, "The header Host is malformed");

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_host_is_named_once_and_cleanly() {
        for (hosts, expected) in [
            (&[][..], true),
            (&[""], true),
            (&["example.com"], true),
            (&["my_host.internal:5006"], true),
            (&["[::1]:80"], true),
            (&["xn--bcher-kva.example"], true),
            (&["a b"], false),
            (&["a/b"], false),
            (&["user@a"], false),
            (&["a\"><script>"], false),
            (&["bücher.example"], false),
            (&["a", "b"], false),
            (&["a", "a"], false),
        ] {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
            }
            assert_eq!(check(&headers).is_ok(), expected, "{hosts:?}");
        }
    }
}
