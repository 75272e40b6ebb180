/// Whether `pattern` matches the whole of `host`, part by part.
///
/// A pattern without a port, or with port `*`, matches any port. Letters' case matters, and `*` stands for a whole part
/// of a name, never for a piece of one.
pub(super) fn match_host(host: &str, pattern: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let (host, host_port) = split_port(host);
    let (pattern, port) = split_port(pattern);
    if port.is_some_and(|port| port != "*" && host_port != Some(port)) {
        return false;
    }
    pattern == "*" || match_names(host, pattern)
}

fn match_names(host: &str, pattern: &str) -> bool {
    host.split('.').count() == pattern.split('.').count()
        && host.split('.').zip(pattern.split('.')).all(|(part, wanted)| wanted == "*" || part == wanted)
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    }
}
