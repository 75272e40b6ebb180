//! How headers are spelled.

/// The spelling that Python programs know: `accept-language` becomes `Accept-Language`. HTTP libraries in Rust use lower
/// case.
pub(crate) fn canonical(name: &str) -> String {
    let mut at_start = true;
    name.chars()
        .map(|c| {
            let c = if at_start { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            at_start = c == '-';
            c
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capitalised_after_hyphens() {
        for (name, expected) in [("host", "Host"), ("x-real-IP", "X-Real-Ip"), ("a--b-", "A--B-")] {
            assert_eq!(canonical(name), expected);
        }
    }
}
