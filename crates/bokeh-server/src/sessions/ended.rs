use std::sync::{Arc, OnceLock};

use bokeh_document::Document;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::newest::Newest;

/// What a token is known by; its text may be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TokenId([u8; 16]);

/// A session that has ended, as far as a page that still shows its document has to know it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ended {
    config_id: Arc<OnceLock<String>>,
}

/// The tokens whose pages show a document that is gone. They outlive their sessions, up to a number: then the oldest are
/// forgotten.
///
/// It is the token that tells a page which has something to lose from one that opens its session for the first time: each
/// page has its own, BokehJS keeps it when it reconnects, and whoever loads the page again gets another one.
#[derive(Debug)]
pub(super) struct EndedTokens(Mutex<Newest<TokenId, Ended>>);

impl TokenId {
    /// Of a token as text.
    pub(crate) fn of(token: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(token).into();
        Self(std::array::from_fn(|n| hash[n]))
    }
}

impl Ended {
    /// The id of the document's configuration in the page. It is known a moment after the session's end.
    pub(crate) fn config_id(&self) -> Option<&str> {
        self.config_id.get().map(String::as_str)
    }

    /// Only the first call counts.
    pub(super) fn set_config_id(&self, id: String) {
        self.config_id.get_or_init(|| id);
    }
}

impl EndedTokens {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Newest::new(MAX_TOKENS)))
    }

    /// Remembers a session by the tokens that were used with it.
    pub(super) fn insert(&self, tokens: impl IntoIterator<Item = TokenId>, ended: &Ended) {
        let mut known = self.0.lock();
        for token in tokens {
            known.insert(token, ended.clone());
        }
    }

    pub(super) fn find(&self, token: TokenId) -> Option<Ended> {
        self.0.lock().get(&token).cloned()
    }
}

/// The id on the wire of a document's configuration.
pub(super) fn config_id(document: &Document) -> Option<String> {
    document.wire_id(document.config()?).map(str::to_owned)
}

/// About ten megabytes at the most.
const MAX_TOKENS: usize = 100_000;
