//! The script that loads what a page does not need at first.

use std::sync::LazyLock;

use bokeh_schema::{classes, models};
use serde_json::{Value, json};

use crate::resources::ScriptLink;
use crate::script_json::escape;

/// JavaScript that loads these scripts once the page has drawn its documents. It is to stand behind those that load BokehJS.
pub(crate) fn later(scripts: &[ScriptLink]) -> String {
    let links = scripts.iter().map(|script| json!({ "url": script.url, "integrity": script.integrity }));
    SCRIPT.replace("{{ scripts }}", &escape(&Value::from_iter(links).to_string()))
}

/// Without indents and comments, which browsers need not load.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("../templates/later.js").lines().map(str::trim);
    let script: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
    script.join("\n").replace("{{ math }}", &math().to_string())
});

/// The classes that need MathJax without any text that says so.
fn math() -> Value {
    let is_math = [&classes::MATH_TEXT, &classes::MATH_TEXT_GLYPH];
    let classes = models().iter().filter(|class| !class.is_abstract() && is_math.iter().any(|math| class.is_a(math)));
    classes.map(|class| class.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::resources::Resources;

    #[test]
    fn the_script_names_what_it_is_to_load_and_no_comments() {
        let all = Resources::cdn();
        let script = later(&all.scripts()[3..]);
        assert!(script.contains(r#"const scripts = [{"url":"https://cdn.bokeh.org/"#), "{script}");
        assert_eq!(script.matches("https://").count(), 2);
        assert!(script.contains(Bundle::MathJax.integrity()));
        assert!(!script.contains("{{ ") && !script.contains("// "), "{script}");
    }

    #[test]
    fn an_address_cannot_end_the_script() {
        let resources = Resources::server("", |_| Some("</script><script>".to_owned()));
        assert!(!later(resources.scripts()).contains("</script"));
    }

    #[test]
    fn texts_of_mathjax_and_their_glyphs_are_math() {
        let classes = math();
        for class in ["TeX", "MathML", "Ascii", "TeXGlyph", "MathMLGlyph"] {
            assert!(classes.as_array().unwrap().contains(&class.into()), "{class} {classes}");
        }
    }
}
