/// Makes the names of the messages that one peer sends: a prefix and a number.
///
/// ```
/// let mut ids = bokeh_protocol::MessageIds::new("s");
/// assert_eq!(ids.mint(), "s1");
/// assert_eq!(ids.mint(), "s2");
/// ```
#[derive(Clone, Debug)]
pub struct MessageIds {
    prefix: String,
    n_minted: u64,
}

impl MessageIds {
    /// Starts at 1. The receiver of the messages never interprets the names.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), n_minted: 0 }
    }

    /// The next name.
    pub fn mint(&mut self) -> String {
        self.n_minted += 1;
        format!("{}{}", self.prefix, self.n_minted)
    }
}
