//! Words of peers in the log.

/// What a peer may have worded, as a part of a line in the log: it can neither begin a line of its own nor fill the disk.
pub(crate) fn log_line(text: &str) -> String {
    text.chars().take(MAX_CHARS).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

const MAX_CHARS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_writes_no_line_of_its_own() {
        for (text, expected) in [
            ("can't resolve reference 'p1'", "can't resolve reference 'p1'"),
            ("'x\r\n2026 ERROR \u{1b}[31mfake'", "'x\u{fffd}\u{fffd}2026 ERROR \u{fffd}[31mfake'"),
        ] {
            assert_eq!(log_line(text), expected);
        }
        assert_eq!(log_line(&"é".repeat(5000)).chars().count(), MAX_CHARS);
    }
}
