use std::{env, fs, path::PathBuf, process};

use super::broken;

#[test]
fn a_link_that_leads_nowhere_is_named() {
    for (page, expected) in [
        (r#"<a href="b.html">b</a>"#, None),
        (r#"<a href="./sub/../b.html#there">b</a>"#, None),
        (r##"<h1 id="here"><a href="#here">here</a>"##, None),
        (r#"<a href="https://example.org/nothing">out</a>"#, None),
        (r#"&lt;a href="shown.html"&gt; <code>x</code>"#, None),
        (r#"<a href="sub">index</a>"#, None),
        (r#"<img src="picture.png">"#, Some("a.html: picture.png")),
        (r#"<a href="c.html">c</a>"#, Some("a.html: c.html")),
        (r#"<a class="x" href="b.html#nowhere">b</a>"#, Some("a.html: b.html#nowhere")),
        (r#"<a href="sub/moved.html#there">moved</a>"#, None),
        (r#"<a href="sub/moved.html#nowhere">moved</a>"#, Some("a.html: sub/moved.html#nowhere")),
        (r#"<div id="blanket-implementations-list"><a href="foreign.html">foreign</a></div>"#, None),
    ] {
        let moved = r#"<meta http-equiv="refresh" content="0;URL=../b.html">"#;
        let folder = Folder::with(&[
            ("a.html", page),
            ("b.html", r#"<p id="there">"#),
            ("sub/index.html", ""),
            ("sub/moved.html", moved),
        ]);
        let found: Vec<_> = broken(&folder.0).unwrap().into_iter().collect();
        assert_eq!(found, Vec::from_iter(expected.map(str::to_owned)), "{page}");
    }
}

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = env::temp_dir().join(format!("xtask-links-{}", process::id()));
        for (name, text) in files {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}
