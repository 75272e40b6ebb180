//! The language of Tornado's templates, in which templates for Bokeh's index are written.

/// A template in the language of Jinja: blocks say what they end, and what is not to be escaped says so by a filter.
///
/// What is different beyond that stays as it is, and is an error of the template or not.
pub(super) fn to_jinja(source: &str) -> String {
    let mut open: Vec<&str> = Vec::new();
    let mut jinja = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, (tag, after))) = next_tag(rest) {
        jinja.push_str(before);
        rest = after;
        let (word, expression) =
            tag.trim_matches('-').trim().split_once(char::is_whitespace).unwrap_or((tag.trim(), ""));
        match word {
            "end" => jinja.push_str(&format!("{{% end{} %}}", open.pop().unwrap_or_default())),
            // Its lines still count.
            "comment" => jinja.extend(tag.chars().filter(|c| *c == '\n')),
            "raw" if !expression.is_empty() => jinja.push_str(&format!("{{{{ ({expression}) | safe }}}}")),
            _ => {
                if OPENING.contains(&word) {
                    open.push(word);
                } else if word.strip_prefix("end").is_some_and(|word| OPENING.contains(&word)) {
                    open.pop();
                }
                jinja.push_str("{%");
                jinja.push_str(tag);
                jinja.push_str("%}");
            }
        }
    }
    jinja.push_str(rest);
    jinja
}

/// What stands before the next tag, what is in it, and what comes after.
fn next_tag(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, tag) = text.split_once("{%")?;
    Some((before, tag.split_once("%}")?))
}

const OPENING: [&str; 3] = ["for", "if", "block"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_those_of_jinja() {
        for (tornado, expected) in [
            ("plain {{ prefix }} % }", "plain {{ prefix }} % }"),
            ("{% for a in b %}{{ a }}{% end %}", "{% for a in b %}{{ a }}{% endfor %}"),
            (
                "{% for a in b %}{% if a %}x{% else %}y{% end %}{% end %}",
                "{% for a in b %}{% if a %}x{% else %}y{% endif %}{% endfor %}",
            ),
            ("{% block x %}{%end%}", "{% block x %}{% endblock %}"),
            ("{% comment a\nb %}c", "\nc"),
            ("{% raw a + b %}", "{{ (a + b) | safe }}"),
            ("{% set x = 1 %}", "{% set x = 1 %}"),
            ("{% for a in b %}{% endfor %}{% if c %}{% end %}", "{% for a in b %}{% endfor %}{% if c %}{% endif %}"),
            ("{% end %}", "{% end %}"),
            ("{% for", "{% for"),
        ] {
            assert_eq!(to_jinja(tornado), expected);
        }
    }
}
