//! What a client and a server agree on.

/// What a client and a server have agreed on.
///
/// ```
/// use bokeh_protocol::DeflateTerms;
///
/// // What browsers offer in `Sec-WebSocket-Extensions`.
/// let terms = DeflateTerms::accept(["permessage-deflate; client_max_window_bits"]).expect("it is a good offer");
/// let answer = "permessage-deflate; server_no_context_takeover; client_max_window_bits=10";
/// assert_eq!(terms.answer(), answer);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeflateTerms {
    /// How far back the server may refer, as a power of two, if the client has set a limit.
    server_max_window_bits: Option<u8>,
    client: Client,
}

/// What the client may refer to in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    /// Only that message.
    NoContextTakeover,
    /// Also earlier ones, this far back, as a power of two.
    MaxWindowBits(u8),
}

impl DeflateTerms {
    /// Takes the first of a client's offers that is good, from the lines of the header `Sec-WebSocket-Extensions`.
    pub fn accept<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        lines.into_iter().flat_map(|line| split(line, ',')).find_map(Self::accept_offer)
    }

    /// The value of the header `Sec-WebSocket-Extensions` in the answer.
    ///
    /// A client that lets its window be limited is asked for a small one. Others are asked for no context takeover, with which
    /// they must comply. Not all are, since Tornado 6 does not understand parameters without a value.
    pub fn answer(self) -> String {
        let mut answer = format!("{NAME}; server_no_context_takeover");
        match self.client {
            Client::NoContextTakeover => answer.push_str("; client_no_context_takeover"),
            Client::MaxWindowBits(bits) => answer.push_str(&format!("; client_max_window_bits={bits}")),
        }
        if let Some(bits) = self.server_max_window_bits {
            answer.push_str(&format!("; server_max_window_bits={bits}"));
        }
        answer
    }

    /// How much of what the client has sent is to be kept for what it sends next, in bytes.
    pub(super) fn history_bytes(self) -> usize {
        match self.client {
            Client::NoContextTakeover => 0,
            // Less than this many bits zlib does not keep to.
            Client::MaxWindowBits(bits) => 1 << bits.max(9),
        }
    }

    /// How many bytes back the server may refer.
    pub(super) fn window_bytes(self) -> usize {
        1 << self.server_max_window_bits.unwrap_or(MAX_WINDOW_BITS)
    }

    /// Whether the server may refer as far back as the format can.
    pub fn has_full_window(self) -> bool {
        self.window_bytes() == 1 << MAX_WINDOW_BITS
    }

    /// RFC 7692, section 7: an offer with anything in it that is unknown, wrong or said twice is declined.
    fn accept_offer(offer: &str) -> Option<Self> {
        let mut parts = split(offer, ';');
        if parts.next()?.trim() != NAME {
            return None;
        }
        let mut terms = Self { server_max_window_bits: None, client: Client::NoContextTakeover };
        let mut seen = Vec::new();
        for part in parts {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name.trim(), Some(unquoted(value.trim()))),
                None => (part.trim(), None),
            };
            match (name, value) {
                // What the server does anyway.
                ("server_no_context_takeover", None) => {}
                ("client_no_context_takeover", None) => {}
                ("client_max_window_bits", None) => terms.client = Client::MaxWindowBits(CLIENT_WINDOW_BITS),
                ("client_max_window_bits", Some(value)) => {
                    terms.client = Client::MaxWindowBits(window_bits(value)?.min(CLIENT_WINDOW_BITS));
                }
                ("server_max_window_bits", Some(value)) => terms.server_max_window_bits = Some(window_bits(value)?),
                _ => return None,
            }
            if seen.contains(&name) {
                return None;
            }
            seen.push(name);
        }
        if seen.contains(&"client_no_context_takeover") {
            terms.client = Client::NoContextTakeover;
        }
        Some(terms)
    }
}

fn window_bits(text: &str) -> Option<u8> {
    (MIN_WINDOW_BITS..=MAX_WINDOW_BITS).find(|bits| bits.to_string() == text)
}

/// The pieces between separators that are not in quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |character| {
        is_quoted ^= character == '"';
        character == separator && !is_quoted
    })
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

const NAME: &str = "permessage-deflate";
/// Enough for messages like the last few.
const CLIENT_WINDOW_BITS: u8 = 10;
const MIN_WINDOW_BITS: u8 = 8;
const MAX_WINDOW_BITS: u8 = 15;
